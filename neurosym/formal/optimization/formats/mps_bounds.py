"""The section BOUNDS of MPS."""

from __future__ import annotations

import math
from fractions import Fraction

from neurosym.formal.optimization.formats.gathering import FINITE_HINT, ColumnEntry, Gathering
from neurosym.formal.optimization.formats.mps_lines import Lines, Spot
from neurosym.formal.optimization.formats.numerals import Limit, as_limit

__all__ = ["BoundLines"]

_WITH_VALUE = frozenset({"UP", "LO", "FX", "LI", "UI", "SC", "SI"})
_WITHOUT_VALUE = frozenset({"FR", "MI", "PL", "BV"})
_SEMI = frozenset({"SC", "SI"})


class BoundLines:
    """Reads lines of bounds.

    Args:
        lines: What is read.
        gathered: The columns, which get the bounds.

    Attributes:
        mentioned: The columns of which some line has been read.
    """

    def __init__(self, lines: Lines, gathered: Gathering) -> None:
        self._lines = lines
        self._gathered = gathered
        self.mentioned: set[int] = set()
        self._semis: list[tuple[ColumnEntry, Spot]] = []

    def read(self) -> None:
        """The current line.

        Raises:
            FormulaError: It is no bound of a column, or not one that is read.
        """
        lines, words = self._lines, self._lines.words
        kind = words[0].upper()
        if kind not in _WITH_VALUE and kind not in _WITHOUT_VALUE:
            wanted = tuple(sorted(_WITH_VALUE | _WITHOUT_VALUE))
            raise lines.fault(f"{words[0]} is no type of bound", expected=wanted)
        index = self._word_of_column(kind in _WITH_VALUE)
        number = lines.column(index, self._gathered.numbers)
        self.mentioned.add(number)
        entry = self._gathered.columns[number]
        if kind in _WITH_VALUE:
            value = lines.value(index + 1)
            limit = as_limit(value)
            if kind in _SEMI:
                entry.semi = True
                self._semis.append((entry, lines.spot(index + 1)))
            elif isinstance(limit, float) and kind[0] != ("U" if limit > 0 else "L"):
                raise lines.fault("no finite number keeps to this", index + 1)
            _set_limits(entry, kind, value)
        else:
            _set_kind(entry, kind)

    def check(self) -> None:
        """That the columns can be semi-continuous that are, when all bounds are read.

        Raises:
            FormulaError: One cannot.
        """
        for entry, spot in self._semis:
            if entry.semi_fault:
                raise self._lines.fault_at(spot, entry.semi_fault, hint=FINITE_HINT)

    def _word_of_column(self, has_value: bool) -> int:
        """Which word of a line of bounds names the column."""
        words = self._lines.words
        self._lines.check_count(*((3, 4) if has_value else (2, 3, 4)))
        columns = self._gathered.numbers
        # The name of the set may be left out, and a number that says nothing may be there.
        if len(words) == 4 or (len(words) == 3 and not has_value and words[2] in columns):
            self._lines.check_set("bounds", 1)
            return 2
        if len(words) == 3 and not has_value and words[1] not in columns:
            return 2
        return 1


def _set_limits(entry: ColumnEntry, kind: str, value: Limit) -> None:
    if kind in ("LI", "UI", "SI"):
        entry.whole = True
    if kind in ("LO", "LI", "FX"):
        entry.lower, entry.has_lower = value, True
    if kind in ("UP", "UI", "FX", *_SEMI):
        entry.upper = value
        if kind not in _SEMI and not entry.has_lower and value < 0:
            entry.lower = -math.inf


def _set_kind(entry: ColumnEntry, kind: str) -> None:
    match kind:
        case "FR":
            entry.lower, entry.upper = -math.inf, math.inf
        case "MI":
            entry.lower = -math.inf
        case "PL":
            entry.upper = math.inf
        case "BV":
            entry.lower, entry.upper, entry.whole = Fraction(0), Fraction(1), True
    if kind != "PL":
        entry.has_lower = True
