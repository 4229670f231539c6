"""The words of the LP format, one after the other, each with its place.

Written by hand: a file of a hundred thousand variables has a million words, for which a parser made
from a grammar takes minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from neurosym.errors import FormulaError
from neurosym.formal import grammar
from neurosym.formal.optimization.formats.gathering import too_many_columns
from neurosym.formal.optimization.rows import MAX_COLUMNS

__all__ = [
    "ILLEGAL",
    "SECTIONS",
    "UNSUPPORTED",
    "Kind",
    "Section",
    "Tokens",
    "check_columns",
    "is_legal",
]


class Section(StrEnum):
    """What a word that begins a section begins."""

    MINIMIZE = "Minimize"
    MAXIMIZE = "Maximize"
    ROWS = "Subject To"
    BOUNDS = "Bounds"
    GENERALS = "Generals"
    BINARIES = "Binaries"
    SEMI_CONTINUOUS = "Semi-Continuous"
    END = "End"
    UNSUPPORTED = "unsupported"


UNSUPPORTED: Mapping[str, str] = {
    "sos": "special ordered sets",
    "sos1": "special ordered sets",
    "sos2": "special ordered sets",
    "pwlobj": "piecewise linear objectives",
    "lazy constraints": "lazy constraints",
    "user cuts": "user cuts",
    "multi-objectives": "several objectives",
}
"""Sections that are not read, and what they are about."""

_WORDS = {
    Section.MINIMIZE: ("minimize", "minimise", "minimum", "min"),
    Section.MAXIMIZE: ("maximize", "maximise", "maximum", "max"),
    Section.ROWS: ("subject to", "such that", "s.t.", "st.", "st"),
    Section.BOUNDS: ("bounds", "bound"),
    Section.GENERALS: ("generals", "general", "gens", "gen", "integers", "integer", "int"),
    Section.BINARIES: ("binaries", "binary", "bin"),
    Section.SEMI_CONTINUOUS: ("semi-continuous", "semis", "semi"),
    Section.END: ("end",),
    Section.UNSUPPORTED: tuple(UNSUPPORTED),
}
SECTIONS: Mapping[str, Section] = {
    word: section for section, words in _WORDS.items() for word in words
}
"""Sections by the words that begin them, in small letters."""

_RESERVED = frozenset(
    [*SECTIONS, "free", "inf", "infinity", "nan", "subject", "such", "to", "that", "lazy", "user"]
)
_PLAIN = r"A-Za-z_!\"#$%&@`'{}|~?"
_LEGAL = re.compile(rf"(?![eE](?:[eE0-9]|$))[{_PLAIN}][{_PLAIN}0-9().,;]{{0,254}}")
ILLEGAL = re.compile(rf"[^{_PLAIN}0-9().,;]")
"""Characters of which no name is made that all solvers read."""
# All other letters and signs, but for spaces, dashes and what stands for arithmetic: ×, ÷, ≤.
_FOREIGN = (
    "\u00a1-\u00d6\u00d8-\u00f6\u00f8-\u167f\u1681-\u1fff\u200c\u200d\u2018-\u201f\u2070-\u21ff"
    "\u2300-\u2fff\u3001-\ufefe\uff00-\U0010ffff"
)
_FIRST = rf"{_PLAIN}{_FOREIGN}"
_LATER = rf"{_FIRST}0-9().,;"
# Like a slash, a bracket or comma at the beginning is more often a mistake than a name. Square
# brackets close within a name, x[1,2], so that what begins a product does not begin with one.
_NAME = rf"[{_FIRST}][{_LATER}/]*+(?:\[[^\[\]\s:<>=\\]*+\][{_LATER}/]*+)*+"
_NUMBER = r"(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
_TWO_WORDS = r"subject\s+to|such\s+that|lazy\s+constraints|user\s+cuts|semi-continuous"
_SECTION = rf"(?i:{_TWO_WORDS}|multi-objectives)(?![{_LATER}])"
_TOKEN = re.compile(
    rf"""(?P<newline>\n)
    | (?P<comment>\\[^\n]*+)
    | (?P<number>{_NUMBER})
    | (?P<sign>[+-](?!>))
    | (?P<section>{_SECTION})
    | (?P<label>{_NAME}(?=\s*+:))
    | (?P<name>{_NAME})
    | (?P<comparison>[<>]=?|=[<>]?)
    | (?P<arrow>->)
    | (?P<mark>[*/^:\[\]])
    | (?P<other>\S)""",
    re.VERBOSE,
)
_ANY_NAME = re.compile(_NAME)
# Matches nothing where no term is, so that it is not looked for further on.
_TERM = re.compile(
    rf"\s*+([+-])\s*+(?:({_NUMBER})\s*+(?:\*\s*+)?+)?+(?!{_SECTION})({_NAME})(?!\s*+:)|"
)


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    """Also an infinite one, and the word for none."""
    SIGN = "sign"
    SECTION = "section"
    LABEL = "label"
    NAME = "name"
    COMPARISON = "comparison"
    ARROW = "arrow"
    MARK = "mark"
    OTHER = "other"
    LAST = "last"
    """The end of the text."""


_KINDS: Mapping[str | None, Kind] = {kind.value: kind for kind in Kind}
_SPECIAL = {
    **dict.fromkeys(SECTIONS, Kind.SECTION),
    **dict.fromkeys(("inf", "infinity", "nan"), Kind.NUMBER),
}
"""Words that are no names."""


def is_legal(name: str) -> bool:
    """Whether CPLEX and HiGHS both read a name as one."""
    return _LEGAL.fullmatch(name) is not None and name.lower() not in _RESERVED


def check_columns(text: str) -> None:
    """Refuse a text that has far too many names, before it is read.

    Raises:
        InputError: It has more names of variables than a model may have.
    """
    if len(text) < 2 * MAX_COLUMNS:
        return
    words = set(_ANY_NAME.findall(re.sub(r"\\[^\n]*", "", text)))
    if len(words) <= MAX_COLUMNS:
        return
    # A name before a colon may be a row's alone; the others are variables' or the format's own.
    words -= set(re.findall(rf"({_NAME})\s*:", text))
    if len(words) > MAX_COLUMNS + len(_RESERVED):
        raise too_many_columns(f"more than {MAX_COLUMNS:,}")


class Tokens:
    """A text, token by token. The first is current from the beginning.

    Attributes:
        kind: Of the current token.
        word: The current token; empty at the end of the text.
        offset: Where it begins.
        fresh: Whether it is the first of its line.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._matches = _TOKEN.finditer(text)
        self.kind = Kind.LAST
        self.word = ""
        self.offset = 0
        self.fresh = True
        self._at_start = True
        self.advance()

    def advance(self) -> str:
        """Go on to the next token; the one that was current."""
        passed = self.word
        self.fresh = self._at_start
        self._at_start = False
        for match in self._matches:
            kind = _KINDS.get(match.lastgroup)
            if kind is None:  # a comment, or the end of a line
                self.fresh = self.fresh or match.lastgroup == "newline"
                continue
            self.word = word = match.group()
            self.offset = match.start()
            self.kind = _SPECIAL.get(word.lower(), kind) if kind is Kind.NAME else kind
            return passed
        self.kind, self.word, self.fresh = Kind.LAST, "", True
        self.offset = len(self.text.rstrip())
        return passed

    def terms(self) -> Iterator[tuple[str, str | None, str, int]]:
        """The plain terms from the current token on: sign, number, name, and where each ends.

        They are not gone over; most of a large file is such terms, and is read faster this way.
        """
        for match in _TERM.finditer(self.text, self.offset):
            sign, number, name = match.groups()
            if name is None or name.lower() in _SPECIAL:
                return
            yield sign, number, name, match.end()

    def go_on_from(self, offset: int) -> None:
        """Go on to the first token from an offset on."""
        self._matches = _TOKEN.finditer(self.text, offset)
        self.advance()

    @property
    def section(self) -> Section | None:
        """The section that the current token begins, if it does."""
        if self.kind is not Kind.SECTION:
            return None
        return SECTIONS[" ".join(self.word.lower().split())]

    def at(self, kind: Kind) -> bool:
        """Whether the current token is of a kind; asked anew each time, unlike an attribute."""
        return self.kind is kind

    def take(self, word: str) -> bool:
        """Go on if this is the current token; whether it was."""
        if self.word != word:
            return False
        self.advance()
        return True

    def fault(
        self,
        problem: str,
        *,
        offset: int | None = None,
        expected: tuple[str, ...] = (),
        hint: str = "Mend the line at the caret.",
    ) -> FormulaError:
        """The error that something is wrong at the current token, or at an offset."""
        line, column = grammar.place(self.text, self.offset if offset is None else offset)
        return FormulaError(
            problem, text=self.text, line=line, column=column, expected=expected, hint=hint
        )

    def unexpected(self, *expected: str) -> FormulaError:
        """The error that the current token should have been something else."""
        if self.kind is Kind.LAST:
            return self.fault("the text ends too early", expected=expected)
        if self.kind is Kind.OTHER:
            return self.fault(f"unexpected character {self.word!r}", expected=expected)
        return self.fault(f"unexpected {self.word!r}", expected=expected)
