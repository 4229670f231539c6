"""What tolerant reading of Python-like lines changes: operators, names and brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.scopes import Numbered
from neurosym.formal.fol.dialects.sections import Line, Program, balance, placed, respell
from neurosym.formal.fol.spelling import plain_name, stem, words

__all__ = ["follows", "joined", "mended", "read_line", "renamed", "spelled", "variant"]

T = TypeVar("T")

_OPERATORS = (
    (re.compile(r"≤|=<"), "<="),
    (re.compile(r"≥"), ">="),
    (re.compile(r"<->|<=>|⇔|↔|≡"), "<->"),
    (re.compile(r"→|⇒|==+>|--+>|\bimplies\b"), "=>"),
    (re.compile(r"≠|<>|=/="), "!="),
    (re.compile(r"===+"), "=="),
    (re.compile(r"(?<![=!<>])=(?![=>])"), "=="),
    (re.compile(r"\s*(?:&&?|∧|\bAND\b|\bAnd\b(?!\s*\())\s*"), " and "),
    (re.compile(r"\s*(?:\|\|?|∨|\bOR\b|\bOr\b(?!\s*\())\s*"), " or "),
    (re.compile(r"(?:¬|~|!(?!=)|\bNOT\b)\s*"), "not "),
    (re.compile(r"[×·]"), "*"),
    (re.compile(r"∈"), " in "),
)
_COMMA_AT_END = re.compile(r"(?:,\s*(?=[)\]])|[,;.]\s*$)")
_PRIME = re.compile(r"(?<=\w)['’](?=[\s:,)\]<>=!+*-])")
_BRACES = (re.compile(r"\{([^{}]*)\}"), r"[\1]")


def follows(read: Callable[[str], object], text: str) -> bool:
    """Whether a text can be read as it is."""
    try:
        read(text)
    except FormulaError:
        return False
    return True


def read_line(
    program: Program,
    line: Line,
    read: Callable[[str], T],
    *,
    tolerant: bool = False,
    mend: Callable[[Program, Line], Line] | None = None,
) -> T:
    """What a line is read as; in tolerant reading mended first, if it has to be.

    Raises:
        FormulaError: It cannot be read; the place is that in the program.
        Numbered: In tolerant reading, numbers stand beside members of a list.
    """
    try:
        with placed(program, line):
            try:
                return read(line.text)
            except Numbered as found:
                if tolerant:
                    raise
                raise found.error from None
    except FormulaError:
        if not tolerant:
            raise
    changed = (mend or mended)(program, line)
    with placed(program, line, changed.text):
        return read(changed.text)


def mended(program: Program, line: Line) -> Line:
    """A line that does not follow the grammar, as it was probably meant."""
    for pattern, operator in _OPERATORS:
        line = respell(program, line, "operator spelling", pattern, operator)
    line = respell(program, line, "brackets", *_BRACES)
    line = respell(program, line, "punctuation", _COMMA_AT_END, "")
    line = respell(program, line, "name spelling", _PRIME, "_prime")
    text = balance(line.text)
    if text != line.text:
        program.note("brackets", f"line {line.number}: {line.text} read as {text}")
        line = Line(text, line.sentence, line.number, line.column)
    return line


def joined(program: Program, line: Line) -> Line:
    """A line of several formulas, with commas between them, as their conjunction."""
    level, commas = 0, 0
    for char in line.text:
        level += (char in "([") - (char in ")]")
        commas += char == "," and level == 0
    if not commas:
        return line
    program.note("several formulas", f"line {line.number}: {line.text} read as a conjunction")
    return Line(f"And({line.text})", line.sentence, line.number, line.column)


def spelled(program: Program, text: str, taken: Iterable[str] = ()) -> str:
    """An identifier for a name as it is declared, different from those taken."""
    text = text.strip()
    if text.isidentifier():
        return text
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[1:-1].isidentifier():
        name = text[1:-1]
    else:
        name = plain_name(text)
    taken = set(taken)
    while name in taken:
        name += "_"
    program.note("name spelling", f"{text} is called {name}")
    return name


def renamed(line: Line, spellings: Mapping[str, str]) -> Line:
    """The line with names that are no identifiers in their new spelling."""
    odd = [text for text in spellings if text != spellings[text]]
    if not odd:
        return line
    # The longest first, so that of "bald eagle's" and "bald eagle" each is found.
    alternatives = "|".join(re.escape(text) for text in sorted(odd, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.]){'(?:'}{alternatives})(?!\w)")
    text = pattern.sub(lambda match: spellings[match[0]], line.text)
    return Line(text, line.sentence, line.number, line.column)


def variant(name: str, known: Iterable[str], *, inflected: bool = True) -> str | None:
    """The one known name that differs from a name in spelling or inflection alone."""
    known = list(known)
    same = [other for other in known if words(other) and words(other) == words(name)]
    same = same or [o for o in known if "".join(words(o)) == "".join(words(name)) != ""]
    if not same and inflected:
        same = [other for other in known if stem(other) == stem(name)]
    return same[0] if len(same) == 1 else None
