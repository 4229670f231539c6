"""What tolerant reading of puzzles changes: lines, names, and relations used as functions."""

from __future__ import annotations

import re

from neurosym.formal.fol.dialects.expressions_repair import follows, joined, spelled
from neurosym.formal.fol.dialects.expressions_repair import mended as mended_expression
from neurosym.formal.fol.dialects.puzzle_reader import line_tree
from neurosym.formal.fol.dialects.sections import Line, Program, respell

__all__ = ["Corrections", "mended", "mended_option", "says_nothing"]

_ENUMERATES = re.compile(
    r"^(?P<name>[^=]+?)\s*=\s*(?P<maker>Enum(?:eration)?(?:Sort)?)\s*\(\s*\[(?P<items>.*)\]\s*\)$"
)
_DECLARES_FUNCTION = re.compile(r"^(?P<name>[^=(]+?)\s*=\s*(?P<rest>Function\s*\(.*)$")
_ITEM = re.compile(r"\s*(\"[^\"]*\"|[^,]+?)\s*(?:,|$)")
_SORT_WORDS = (
    (re.compile(r"\b(?:Bool|boolean|Boolean|BoolSort\(\))(?=\s*\])"), "bool"),
    (re.compile(r"\b(?:Int|integer|Integer|IntSort\(\))(?=\s*[\],])"), "int"),
    (re.compile(r"→|(?<!-)>(?=\s*\[)|=>(?=\s*\[)"), "->"),
)
_LABEL = re.compile(r"^\(?\b(?P<label>[A-Z])\b[).:]?\s*(?P<sentence>.*)$")
_LABEL_FIRST = re.compile(r"\(?(?P<label>[A-Z])[).:]\s*(?P<rest>is_\w+\(.*)$")
_BINDER = re.compile(r"[\[,]\s*(\w+)\s*:\s*\w+")
_CALL = re.compile(r"\w\(")
_NOTHING = re.compile(r"(?:#.*|[\s(\[]*(?:none|n/a|nothing|empty|-*)[\s)\].]*)$", re.IGNORECASE)


def says_nothing(program: Program, line: Line) -> bool:
    """Whether a line holds no formula, but a comment or ``None``."""
    if not _NOTHING.match(line.text):
        return False
    program.note("commentary", f"line {line.number} was left out: {line.text}")
    return True


def mended(program: Program, line: Line) -> Line:
    """A line that does not follow the grammar, as it was probably meant."""
    if _DECLARES_FUNCTION.match(line.text) or _ENUMERATES.match(line.text):
        return line
    return joined(program, mended_expression(program, line))


def mended_option(
    program: Program, line: Line, label: re.Match[str] | None, count: int
) -> Line | None:
    """The line of an option with its letter after ``:::``; ``None`` for one without an option."""
    if label is not None:
        return line
    first = _LABEL_FIRST.match(line.text)
    if first is not None:
        text, sentence = first["rest"], f"({first['label']}) {line.sentence}"
    elif not _CALL.search(line.text):
        program.note("commentary", f"line {line.number} was left out: {line.text}")
        return None
    else:
        found = _LABEL.match(line.sentence)
        letter = found["label"] if found else chr(ord("A") + count)
        rest = found["sentence"] if found else line.sentence
        text, sentence = line.text, f"({letter}) {rest}"
    program.note("option label", f"line {line.number} read as option {sentence}")
    return Line(text, sentence, line.number, line.column)


class Corrections:
    """What was found out about the names of a program.

    Attributes:
        program: Where changes are recorded.
        numbered: The lists that are taken for numbers.
        spellings: Names as they are written, with the identifiers they are given.
        bound: Names that are bound as variables somewhere.
    """

    def __init__(self, program: Program, numbered: set[str]) -> None:
        self.program = program
        self.numbered = numbered
        self.spellings: dict[str, str] = {}
        self.bound = set(_BINDER.findall(program.source))

    def declaration(self, line: Line) -> Line:
        """A declaration whose names are identifiers, if it cannot be read as it is."""
        if follows(line_tree, line.text):
            return line
        match = _ENUMERATES.match(line.text)
        if match is not None:
            items = [self._spelled(item) for item in _ITEM.findall(match["items"]) if item.strip()]
            unique = list(dict.fromkeys(items))
            if len(unique) < len(items):
                self.program.note("declared twice", f"a member, line {line.number}: {line.text}")
            text = f"{self._spelled(match['name'])} = EnumSort([{', '.join(unique)}])"
            return Line(text, line.sentence, line.number, line.column)
        match = _DECLARES_FUNCTION.match(line.text)
        if match is None:
            return line
        line = Line(
            f"{self._spelled(match['name'])} = {match['rest']}",
            line.sentence, line.number, line.column,
        )  # fmt: skip
        for pattern, word in _SORT_WORDS:
            line = respell(self.program, line, "declaration", pattern, word)
        return line

    def _spelled(self, text: str) -> str:
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return text
        if text not in self.spellings:
            self.spellings[text] = spelled(self.program, text, self.spellings.values())
        return self.spellings[text]
