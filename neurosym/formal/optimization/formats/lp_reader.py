r"""Reads the CPLEX LP format.

::

    \ Words after a backslash are a comment.
    Maximize
     profit: 2 x + 3 y + 10
    Subject To
     labour: x + 2 y <= 40
     -5 <= x - y <= 10
    Bounds
     y <= 12
    Generals
     x
    End

A variable is at least 0 if no bound says otherwise, and ``<`` means ``<=``. A bound or side of
10^20 or more is none, as CPLEX and HiGHS have it. A row with two sides is two constraints, and one
that is open on both sides is none. Variables may stand on both sides; on the right a new line that
does not go on with a sign begins a new row. ``[ x ^ 2 + 2 x * y ] / 2`` is half of what is in the
brackets, in the objective and in rows; without ``/ 2`` it is all of it. ``c: b = 1 -> x + y <= 3``
is a row that holds where the binary ``b`` is 1. What the section ``Semi-Continuous`` lists is 0 or
between its bounds, which have to be finite. Words that begin a section are no names, wherever they
stand. A variable that occurs neither in the objective nor in a row is read, and the model says so.
One that is binary is 0 or 1 whatever its bounds, as CPLEX has it (HiGHS keeps an upper bound of 5).

Names are of all letters, as HiGHS has them, and may hold indices, ``x[1,2]``, as Gurobi has them. A
file without ``End`` is read, and the model says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from fractions import Fraction

from neurosym.errors import FormulaError
from neurosym.formal.optimization.formats.gathering import (
    BINARY_HINT,
    FINITE_HINT,
    ColumnEntry,
    Condition,
    Gathering,
)
from neurosym.formal.optimization.formats.lp_sums import COMPARISONS, Side, Sums
from neurosym.formal.optimization.formats.lp_tokens import (
    SECTIONS,
    UNSUPPORTED,
    Kind,
    Section,
    Tokens,
    check_columns,
)
from neurosym.formal.optimization.formats.numerals import (
    Limit,
    as_limit,
    check_length,
)
from neurosym.formal.optimization.formats.texts import BYTE_ORDER_MARK
from neurosym.formal.optimization.model import Model, Sense

__all__ = ["read_lp"]

_ZERO, _ONE = Fraction(0), Fraction(1)
_NO_END = "the file has no End: see whether it is complete"
_ALIKE = 0.8
"""How alike a word and one that begins a section are, of 1, for the section to be meant."""
_MOST_TOLD = 5
_MOST_COMPARED = 1000
_SENSES = {Section.MINIMIZE: Sense.MINIMIZE, Section.MAXIMIZE: Sense.MAXIMIZE}


def read_lp(text: str, *, name: str = "model") -> Model:
    """Read a model in the LP format.

    Args:
        text: The file's text.
        name: What to call the model.

    Raises:
        FormulaError: The text does not follow the format, or uses a part of it that is not read:
            special ordered sets, piecewise linear objectives, lazy constraints.
        InputError: It has more than :data:`~neurosym.formal.optimization.rows.MAX_COLUMNS`
            variables.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    check_length(text)
    check_columns(text)
    return _Reader(Tokens(text)).read(name)


class _Reader:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._gathered = Gathering()
        self._labels: set[str] = set()
        self._sums = Sums(tokens, self._gathered)
        self._seen_rows = False
        self._unused: list[str] = []
        self._semis: list[tuple[ColumnEntry, int]] = []
        self._indicators: list[tuple[ColumnEntry, int]] = []

    def read(self, name: str) -> Model:
        """The whole text."""
        tokens = self._tokens
        sense = _SENSES.get(tokens.section or Section.END)
        if sense is None:
            raise tokens.unexpected("Minimize", "Maximize")
        tokens.advance()
        label = tokens.advance() if tokens.kind is Kind.LABEL else ""
        if label:
            tokens.take(":")
        objective = self._sums.side(right=False)
        if objective.infinite:
            raise tokens.fault("the objective is infinite", offset=objective.offset)
        while tokens.section is not Section.END and tokens.kind is not Kind.LAST:
            self._section()
        if not self._seen_rows:
            raise tokens.fault(
                "there is no section Subject To", hint="Add it, without rows if there are none."
            )
        notes = [] if tokens.section is Section.END else [_NO_END]
        notes += self._told_unused()
        tokens.advance()
        if tokens.kind is not Kind.LAST:
            raise tokens.fault(f"unexpected {tokens.word!r} after End")
        self._check_kinds()
        model = self._gathered.model(sense, objective.content, label, tokens.text, name)
        return replace(model, notes=tuple(notes))

    def _section(self) -> None:
        tokens = self._tokens
        section = tokens.section
        if section is None:
            raise self._strange()
        if section is Section.UNSUPPORTED:
            what = UNSUPPORTED[" ".join(tokens.word.lower().split())]
            raise tokens.fault(
                f"{what} are not supported",
                hint="Say the same by binary variables and rows.",
            )
        if section in _SENSES:
            raise tokens.fault("there are two objectives", hint="Keep one of them.")
        if section is not Section.ROWS and not self._seen_rows:
            raise tokens.fault(
                f"{section} stands before Subject To", hint="Put Subject To and the rows before it."
            )
        tokens.advance()
        read = {
            Section.ROWS: self._row,
            Section.BOUNDS: self._bound,
            Section.GENERALS: self._general,
            Section.BINARIES: self._binary,
            Section.SEMI_CONTINUOUS: self._semi,
        }[section]
        self._seen_rows = True
        while tokens.kind not in (Kind.SECTION, Kind.LAST):
            read()

    def _strange(self) -> FormulaError:
        """The error that something stands where a section should begin."""
        return self._tokens.unexpected("+", "-", "a section")

    # ------------------------------------------------------------ rows

    def _row(self) -> None:
        tokens = self._tokens
        label = ""
        if tokens.kind is Kind.LABEL:
            label = tokens.word
            if label in self._labels:
                raise tokens.fault(f"two rows are called {label}", hint="Give each its own name.")
            self._labels.add(label)
            tokens.advance()
            tokens.take(":")
        sides, signs = self._compared()
        condition = None
        if tokens.at(Kind.ARROW):
            condition = self._condition(sides, signs)
            tokens.advance()
            sides, signs = self._compared()
        if len(sides) == 2:
            self._compare(label, sides[0], signs[0], sides[1], condition)
        else:
            self._between(label, sides, signs, condition)

    def _compared(self) -> tuple[list[Side], list[tuple[str, int]]]:
        """Two sides or three, and between them each sign with its offset."""
        tokens = self._tokens
        sides = [self._sums.side(right=False)]
        if sides[0].is_empty:
            raise tokens.unexpected("a number", "a variable")
        signs: list[tuple[str, int]] = []
        while tokens.kind is Kind.COMPARISON and len(sides) < 3:
            signs.append((tokens.word, tokens.offset))
            tokens.advance()
            sides.append(self._sums.side(right=True))
        if not signs:
            raise tokens.unexpected(COMPARISONS)
        return sides, signs

    def _condition(self, sides: list[Side], signs: list[tuple[str, int]]) -> Condition:
        """What stands before an arrow: a variable that is 0 or 1."""
        left, right = sides[0], sides[-1]
        alone = left.content.linear
        if [*alone.values()] != [1] or left.names != 1 or left.limit:
            raise self._tokens.fault("a condition is of one variable alone", offset=left.offset)
        if signs[0][0] != "=" or len(sides) > 2:
            raise self._tokens.fault("a condition is an equation", offset=signs[-1][1])
        if right.names or right.limit not in (0, 1):
            raise self._tokens.fault("a condition is that of = 0 or = 1", offset=right.offset)
        [column] = alone
        self._indicators.append((self._gathered.columns[column], left.offset))
        return column, int(right.limit)

    def _compare(
        self,
        label: str,
        left: Side,
        sign: tuple[str, int],
        right: Side,
        condition: Condition | None,
    ) -> None:
        """A row of two sides; what is variable goes to the left."""
        for side, other in ((left, right), (right, left)):
            if side.infinite and (side.names or other.infinite):
                raise self._tokens.fault("a row is infinite", offset=side.offset)
        direction = _direction(sign[0])
        if not left.names:
            left, right, direction = right, left, -direction
        content = left.content
        limit: Limit = right.infinite or -left.infinite
        if not limit:
            limit = right.content.constant - content.constant
        if right.names:
            content.add_scaled(right.content, Fraction(-1))
        limit = as_limit(limit)
        if _is_beyond(limit, direction):
            raise self._never(sign[1])
        lower = limit if direction >= 0 else -math.inf
        upper = limit if direction <= 0 else math.inf
        self._gathered.add_row(label, content, lower, upper, condition)

    def _between(
        self,
        label: str,
        sides: list[Side],
        signs: list[tuple[str, int]],
        condition: Condition | None,
    ) -> None:
        """A row between two numbers."""
        first, middle, last = sides
        directions = [_direction(word) for word, _ in signs]
        if not directions[0] or directions[0] != directions[1]:
            raise self._tokens.fault(
                "the sides of a row are compared in two ways", offset=signs[1][1],
                hint="Write two rows.",
            )  # fmt: skip
        for side in (first, last):
            if side.names:
                raise self._tokens.fault(
                    "a row between two sides has a variable in one", offset=side.offset,
                    hint="Write two rows, and give the second one a name.",
                )  # fmt: skip
        if middle.infinite:
            raise self._tokens.fault("a row is infinite", offset=middle.offset)
        low, high = (first, last) if directions[0] < 0 else (last, first)
        shift = middle.content.constant
        lower, upper = low.limit - shift, high.limit - shift
        for side, limit, direction in ((low, lower, 1), (high, upper, -1)):
            if _is_beyond(as_limit(limit), direction):
                raise self._never(side.offset)
        self._gathered.add_row(label, middle.content, lower, upper, condition)

    def _never(self, offset: int) -> FormulaError:
        return self._tokens.fault("no finite number keeps to this", offset=offset)

    # ------------------------------------------------------------ the other sections

    def _entry(self) -> ColumnEntry:
        """The column that the current token names.

        Raises:
            FormulaError: It is new, and looks like the beginning of a section.
        """
        tokens = self._tokens
        if tokens.kind is not Kind.NAME:
            raise tokens.unexpected("a variable")
        number = self._gathered.numbers.get(tokens.word)
        if number is None:
            near = get_close_matches(tokens.word.lower(), [*SECTIONS], n=1, cutoff=_ALIKE)
            if near:
                raise tokens.fault(
                    f"{tokens.word} is neither in the objective nor in a row",
                    hint=f"Did you mean the section {near[0]}? Mend it, or add the variable to the "
                    "objective with a factor of 0.",
                )
            self._unused.append(tokens.word)
            number = self._gathered.column(tokens.word)
        tokens.advance()
        return self._gathered.columns[number]

    def _told_unused(self) -> Iterator[str]:
        """In words, which variables have bounds or a kind and are in nothing else, if any are."""
        if not self._unused:
            return
        known = [*self._gathered.numbers][: -len(self._unused)][:_MOST_COMPARED]
        for name in self._unused[:_MOST_TOLD]:
            near = get_close_matches(name, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            yield f"{name} is neither in the objective nor in a row, and changes nothing{meant}"
        more = len(self._unused) - _MOST_TOLD
        if more > 0:
            yield f"{more:,} more variables are neither in the objective nor in a row"

    def _bound(self) -> None:
        tokens = self._tokens
        if tokens.kind is Kind.SIGN or tokens.kind is Kind.NUMBER:
            offset = tokens.offset
            value = self._sums.signed()
            sign = self._comparison()
            entry = self._entry()
            self._limit(entry, -_direction(sign), value, offset)
            if not tokens.at(Kind.COMPARISON):
                return
        else:
            entry, sign = self._entry(), ""
            if tokens.kind is Kind.NAME and tokens.word.lower() == "free":
                tokens.advance()
                entry.lower, entry.upper = -math.inf, math.inf
                return
        if sign and (not _direction(sign) or _direction(sign) != _direction(tokens.word)):
            raise tokens.fault("the bounds are compared in two ways", hint="Write two bounds.")
        direction = _direction(self._comparison())
        offset = tokens.offset
        self._limit(entry, direction, self._sums.signed(), offset)

    def _comparison(self) -> str:
        if self._tokens.kind is not Kind.COMPARISON:
            raise self._tokens.unexpected(COMPARISONS, "free")
        return self._tokens.advance()

    def _limit(self, entry: ColumnEntry, direction: int, value: Limit, offset: int) -> None:
        """A bound of a column: the greatest value if ``direction`` is negative."""
        value = as_limit(value)
        if _is_beyond(value, direction):
            raise self._never(offset)
        if direction >= 0:
            entry.lower = value
        if direction <= 0:
            entry.upper = value

    def _general(self) -> None:
        self._entry().whole = True

    def _binary(self) -> None:
        entry = self._entry()
        entry.whole = True
        entry.lower, entry.upper = max(entry.lower, _ZERO), min(entry.upper, _ONE)

    def _semi(self) -> None:
        offset = self._tokens.offset
        entry = self._entry()
        entry.semi = True
        self._semis.append((entry, offset))

    def _check_kinds(self) -> None:
        """What can be told only when all bounds and kinds are read."""
        for entry, offset in self._semis:
            if entry.semi_fault:
                raise self._tokens.fault(entry.semi_fault, offset=offset, hint=FINITE_HINT)
        for entry, offset in self._indicators:
            if entry.indicator_fault:
                raise self._tokens.fault(entry.indicator_fault, offset=offset, hint=BINARY_HINT)


def _direction(sign: str) -> int:
    """-1 of ``<=``, 1 of ``>=``, 0 of ``=``."""
    return -1 if "<" in sign else 1 if ">" in sign else 0


def _is_beyond(limit: Limit, direction: int) -> bool:
    """Whether no finite number is on that side of a limit, or equal to it if it is 0."""
    return isinstance(limit, float) and (not direction or limit * direction > 0)
