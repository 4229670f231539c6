"""Prose as numbers, signs and words, for reading the calculations that are written out in it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction

from neurosym.answers.cleaning import plain_characters
from neurosym.answers.numerals import UNSIGNED, parse_number
from neurosym.answers.units import parse_unit

__all__ = ["Mark", "Numeral", "Token", "plain_signs", "read_tokens"]

_MAX_NUMERAL = 30
"""Characters of the longest number; longer ones are no quantities."""
_MOST_UNIT_WORDS = 4
_MAX_DEPTH = 20
"""Brackets within brackets."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is written.

    Attributes:
        value: What it is; a percent sign makes hundredths.
        places: Digits behind its point; a percent sign counts for two more.
        is_percent: Whether it has a percent sign.
        unit: The words or the sign of what it counts; empty if none are there.
    """

    value: Fraction
    places: int = 0
    is_percent: bool = False
    unit: str = ""


class Mark(Enum):
    """What a part of a text is."""

    NUMBER = auto()
    SIGN = auto()
    """Of an operation."""
    OPEN = auto()
    CLOSE = auto()
    EQUAL = auto()
    WORD = auto()
    """Of a sentence, or the name of a number that is not known."""
    BREAK = auto()
    """Anything that no calculation goes on over."""


_OPERANDS = (Mark.NUMBER, Mark.CLOSE)
"""What an operand ends in."""


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a text.

    Attributes:
        mark: What it is.
        text: The sign of its operation (``+ - * / **``), or how it is written.
        start: Where it begins.
        end: Where it ends.
        number: The number that it is.
        is_doubtful: Whether it may mean something else than it is taken for.
    """

    mark: Mark
    text: str
    start: int
    end: int
    number: Numeral | None = None
    is_doubtful: bool = False


_WORD = r"[^\W\d_]\w*(?:['’]\w+)*(?:-[^\W\d_]\w*)*"
_PARTS = re.compile(
    rf"""
      (?P<time>[0-9]+:[0-9]+)
    | (?P<list>(?![0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9]))[0-9]+(?:,[0-9]+)+)
    | (?P<number>(?P<money>[$€£¥₹]\s?)?
        (?:(?P<whole>[0-9]{{1,6}})\s(?P<over>[0-9]{{1,4}})/(?P<under>[0-9]{{1,4}})(?![0-9/.])
        | (?P<decimal>{UNSIGNED}))
        (?P<percent>\s?%|\s?percent\b)?(?:[$€£¥₹¢](?![0-9]))?)
    | (?P<by>[xX](?=\s*\(?\s*[$€£¥₹]?\.?[0-9]))
    | (?P<word>{_WORD}(?:\^[23](?![0-9]))?|_\w*)
    | (?P<per>/\s?{_WORD})
    | (?P<break>[<>!≤≥≠]=|[=-]+>|→)
    | (?P<equal>==?|≈)
    | (?P<sign>\*\*|[-+*/^÷×·⋅∗])
    | (?P<open>[(\[{{]) | (?P<close>[)\]}}])
    | (?P<other>\S)
    """,
    re.VERBOSE,
)
_SIGNS = {"^": "**", "÷": "/", "×": "*", "·": "*", "⋅": "*", "∗": "*"}
_SPELLED = {"plus": "+", "minus": "-", "times": "*"}
_SPELLED_BY = {"divided": "/", "multiplied": "*"}
_ARE = frozenset({"is", "are", "equals"})
_SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3"})
_LATEX = (
    (re.compile(r"\\(?:times|cdot)(?![A-Za-z])"), "*"),
    (re.compile(r"\\div(?![A-Za-z])"), "/"),
    (re.compile(r"\\approx(?![A-Za-z])"), "≈"),
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"((\1)/(\2))"),
    (re.compile(r"\\(?:text|textbf|mathrm)\s*\{([^{}]*)\}"), r" \1 "),
    (re.compile(r"\\[()\[\]]"), " "),
    (re.compile(r"\\([$%])"), r"\1"),
    # Two stars are a power between numbers, and bold print elsewhere.
    (re.compile(r"(?<![0-9)] )(?<![0-9)])\*\*|\*\*(?!\s?[0-9(])"), ""),
    (re.compile(r"\(([^()0-9=+*/]*)\)"), r" \1 "),  # "12 (eggs)"
)


def plain_signs(text: str) -> str:
    """A line of prose without LaTeX and bold print, whose signs are plain characters."""
    text = plain_characters(text).translate(_SUPERSCRIPTS)
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    return text


def read_tokens(line: str) -> list[Token]:
    """The parts of a line of prose, in which numbers hold the words of what they count.

    Args:
        line: What :func:`plain_signs` gave.
    """
    found = [_token(match) for match in _PARTS.finditer(line)]
    return _without_broken_brackets(_with_units(list(_with_spelled(found))))


def _token(match: re.Match[str]) -> Token:
    at = match.start(), match.end()
    kind, text = match.lastgroup or "", match[0]
    if match["number"]:
        number = _numeral(match)
        return Token(Mark.WORD if number is None else Mark.NUMBER, text, *at, number)
    match kind:
        case "sign":
            return Token(Mark.SIGN, _SIGNS.get(text, text), *at)
        case "equal":
            return Token(Mark.EQUAL, text, *at, is_doubtful=text == "≈")
        case "open" | "close":
            return Token(Mark.OPEN if kind == "open" else Mark.CLOSE, text, *at)
        case "time" | "list" | "word" | "by" | "per":
            return Token(Mark.WORD, text, *at)
    return Token(Mark.BREAK, text, *at)


def _numeral(match: re.Match[str]) -> Numeral | None:
    if len(match[0]) > _MAX_NUMERAL:
        return None
    if match["under"]:
        if not int(match["under"]):
            return None
        value = Fraction(int(match["over"]), int(match["under"])) + int(match["whole"])
        places = _MAX_NUMERAL  # it is not rounded
    else:
        number = parse_number(match["decimal"])
        assert number is not None
        value, places = Fraction(number), len(match["decimal"].partition(".")[2])
    unit = (match["money"] or "").strip() or match[0][-1:].strip("0123456789.% ")
    if not match["percent"]:
        return Numeral(value, places, unit=unit if len(unit) == 1 else "")
    return Numeral(value / 100, places + 2, True, "%")


def _with_spelled(tokens: Sequence[Token]) -> Iterator[Token]:
    """Words that are operations between numbers, or say that they are equal, become signs."""
    skip = 0
    last: Token | None = None
    for i, token in enumerate(tokens):
        if i < skip:
            continue
        before, after = tokens[max(0, i - 2) : i], tokens[i + 1 : i + 5]
        word = token.text.lower()
        sign = None
        if token.mark is Mark.WORD and _may_begin(after):
            sign = _SPELLED.get(word) or ("*" if word == "x" and _may_end(before) else None)
            if word == "of" and _is_share(before):
                sign = "*"
        if word in _SPELLED_BY and _may_begin(after[1:]) and after[0].text.lower() == "by":
            sign, skip = _SPELLED_BY[word], i + 2
        if sign is not None:
            last = replace(token, mark=Mark.SIGN, text=sign)
        elif word in _ARE and token.mark is Mark.WORD and _may_begin(after, "-"):
            last = replace(token, mark=Mark.EQUAL, is_doubtful=word != "equals")
        elif token.number and last and last.mark is Mark.WORD and last.end == token.start:
            last = replace(token, mark=Mark.WORD, number=None)  # "x2" is a name
        else:
            last = token
        yield last


def _may_begin(tokens: Sequence[Token], before: str = "the") -> bool:
    if tokens and tokens[0].text == before:
        tokens = tokens[1:]
    return bool(tokens) and tokens[0].mark in (Mark.NUMBER, Mark.OPEN)


def _may_end(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[-1].mark in (Mark.NUMBER, Mark.CLOSE, Mark.WORD)


def _is_share(tokens: Sequence[Token]) -> bool:
    """Whether a text ends in a percentage or a fraction, of which something is taken."""
    if not tokens or (number := tokens[-1].number) is None:
        return False
    is_quotient = len(tokens) > 1 and tokens[-2].text == "/"
    return number.is_percent or number.value.denominator > 1 or is_quotient


def _with_units(tokens: Sequence[Token]) -> list[Token]:
    """Numbers with the words behind them, where a calculation goes on behind these."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        i += 1
        if token.mark is Mark.SIGN and token.text == "*" and tokens[i : i + 1]:
            i += tokens[i].text == "the"  # "15% of the 60"
        end = i
        while token.mark in _OPERANDS and end < len(tokens) and tokens[end].mark is Mark.WORD:
            end += 1
        unit = " ".join(word.text for word in tokens[i:end]).lower()
        # One letter is an unknown, or perhaps one of the few units that have no more.
        is_unit = len(unit) > 1 or parse_unit(unit) is not None
        if is_unit and end - i <= _MOST_UNIT_WORDS and _goes_on(tokens[end : end + 1]):
            if token.number is not None:
                number = replace(token.number, unit=f"{token.number.unit} {unit}".strip())
                token = replace(token, number=number, is_doubtful=len(unit) == 1)
            token, i = replace(token, end=tokens[end - 1].end), end
        elif token.number is not None and i < end and parse_unit(word := tokens[i].text):
            # What comes next is no more of the calculation, but tells what it came to.
            number = replace(token.number, unit=token.number.unit or word.lower())
            token = replace(token, number=number)
        found.append(token)
    return found


def _goes_on(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[0].mark in (Mark.SIGN, Mark.EQUAL, Mark.CLOSE)


def _without_broken_brackets(tokens: list[Token]) -> list[Token]:
    """Brackets that hold no calculation end what stands on either side of them."""
    opened: list[int] = []
    kept: set[int] = set()
    for i, token in enumerate(tokens):
        if token.mark is Mark.OPEN:
            opened.append(i)
        elif token.mark is Mark.CLOSE and opened:
            begin = opened.pop()
            if len(opened) < _MAX_DEPTH and _holds_calculation(tokens, begin, i, kept):
                kept |= {begin, i}
    return [
        replace(token, mark=Mark.WORD)
        if token.mark in (Mark.OPEN, Mark.CLOSE) and i not in kept
        else token
        for i, token in enumerate(tokens)
    ]


def _holds_calculation(tokens: Sequence[Token], begin: int, end: int, kept: Container[int]) -> bool:
    """Whether brackets at two places hold a calculation, and not the arguments of a function."""
    marks = {tokens[i].mark for i in range(begin + 1, end) if i not in kept}
    before = tokens[begin - 1] if begin else None
    is_call = before and before.mark is Mark.WORD and before.end == tokens[begin].start
    return not is_call and bool(marks) and marks <= {Mark.NUMBER, Mark.SIGN}
