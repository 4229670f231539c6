"""Reads MPS, in free and in fixed form.

::

    NAME          farm
    OBJSENSE
        MAX
    ROWS
     N  profit
     L  labour
    COLUMNS
        wheat     profit    2.0   labour    1.0
        rye       profit    3.0   labour    2.0
    RHS
        RHS       labour    40    profit    -10
    BOUNDS
     UP BND       rye       12
    ENDATA

Of several ``N`` rows the first is the objective, and the others count for nothing; its right-hand
side is minus its constant. A row with a range is two constraints. A bound or side of 10^20 or more
is none, as CPLEX and HiGHS have it. Products of the objective stand in QUADOBJ or QMATRIX, those of
a row in its QCMATRIX. A bound ``SC`` says that a column is 0 or between its bounds, which have to
be finite, and INDICATORS that a row holds where a binary column is 0 or 1.

Where readers differ: a column between ``INTORG`` and ``INTEND`` markers that the section ``BOUNDS``
does not mention is 0 or 1, as HiGHS has it (others have it unbounded above), and one with a bound
``SC`` stays whole, as SCIP has it (HiGHS makes it continuous). An upper bound below 0 of a column
that has been given no lower bound removes the lower bound of 0, as CPLEX has it (HiGHS keeps 0, so
that there is no solution).

A text is read in free form, and if it does not follow that but keeps to the fields of fixed form,
in fixed form, where names may hold spaces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from neurosym.errors import FormulaError
from neurosym.formal.optimization.formats.gathering import (
    BINARY_HINT,
    ColumnEntry,
    Condition,
    Gathering,
)
from neurosym.formal.optimization.formats.mps_bounds import BoundLines
from neurosym.formal.optimization.formats.mps_lines import (
    SECTIONS,
    UNSUPPORTED,
    Lines,
    Spot,
    check_columns,
    has_fields,
)
from neurosym.formal.optimization.formats.mps_products import ProductLines
from neurosym.formal.optimization.formats.numerals import Limit, as_limit, check_length
from neurosym.formal.optimization.formats.texts import BYTE_ORDER_MARK
from neurosym.formal.optimization.model import Model, Sense
from neurosym.formal.optimization.polynomial import Polynomial

__all__ = ["read_mps"]

_ZERO, _ONE = Fraction(0), Fraction(1)
_SENSES = {
    "MAX": Sense.MAXIMIZE,
    "MAXIMIZE": Sense.MAXIMIZE,
    "MIN": Sense.MINIMIZE,
    "MINIMIZE": Sense.MINIMIZE,
}
_BEFORE = {
    "COLUMNS": "ROWS",
    "RHS": "ROWS",
    "RANGES": "ROWS",
    "BOUNDS": "COLUMNS",
    "QUADOBJ": "COLUMNS",
    "QMATRIX": "COLUMNS",
    "QCMATRIX": "COLUMNS",
    "INDICATORS": "COLUMNS",
}
"""What must stand before a section."""


def read_mps(text: str, *, name: str = "") -> Model:
    """Read a model in MPS.

    Args:
        text: The file's text.
        name: What to call the model; empty is what the file calls it.

    Raises:
        FormulaError: The text does not follow the format, or uses a part of it that is not read:
            special ordered sets, piecewise linear objectives, lazy constraints.
        InputError: It has more than :data:`~neurosym.formal.optimization.rows.MAX_COLUMNS` columns.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    check_length(text)
    check_columns(text)
    try:
        return _Reader(Lines(text, fixed=False)).read(name)
    except FormulaError as error:
        if not has_fields(text):
            raise
        first = error
    try:
        return _Reader(Lines(text, fixed=True)).read(name)
    except FormulaError as error:
        # The form in which more could be read is the one that is meant.
        raise (error if error.line > first.line else first) from None


@dataclass(slots=True)
class _Row:
    name: str
    kind: str
    content: Polynomial = field(default_factory=Polynomial)
    side: Limit | None = None
    span: Limit | None = None
    condition: Condition | None = None


class _Reader:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._gathered = Gathering()
        self._bounds = BoundLines(lines, self._gathered)
        self._products = ProductLines(lines, self._gathered)
        self._rows: dict[str, _Row] = {}
        self._objective: _Row | None = None
        self._sense = Sense.MINIMIZE
        self._name = ""
        self._sections: list[str] = []
        self._column = ""
        self._number = -1
        self._in_integers = False
        self._indicators: list[tuple[ColumnEntry, Spot]] = []

    def read(self, name: str) -> Model:
        """The whole text."""
        lines = self._lines
        read = {
            "OBJSENSE": self._objsense,
            "ROWS": self._row,
            "COLUMNS": self._cells,
            "RHS": self._rhs,
            "RANGES": self._range,
            "BOUNDS": self._bounds.read,
            **dict.fromkeys(("QUADOBJ", "QMATRIX", "QCMATRIX"), self._products.read),
            "INDICATORS": self._indicator,
        }
        section = ""
        handle = self._nowhere
        for heads, _ in lines:
            if section == "ENDATA":
                raise lines.fault("there is something after ENDATA", hint="Take it away.")
            if heads:
                section = self._open()
                handle = read.get(section, self._nowhere)
            else:
                handle()
        if section != "ENDATA":
            raise self._ends_early()
        return self._model(name)

    def _open(self) -> str:
        """Begin a section; its name."""
        lines = self._lines
        section = lines.words[0].upper()
        if section in UNSUPPORTED:
            raise lines.fault(
                f"{UNSUPPORTED[section]} are not supported", hint="Say the same by rows."
            )
        if section not in SECTIONS:
            raise lines.unknown(0, "section", iter(SECTIONS))
        # Each row has its own QCMATRIX.
        told = " ".join(lines.words) if section == "QCMATRIX" else section
        if told in self._sections:
            raise lines.fault(f"{told} stands twice", hint="Put its lines together.")
        needed = _BEFORE.get(section)
        if section == "ENDATA":
            needed = next((it for it in ("ROWS", "COLUMNS") if it not in self._sections), None)
        if needed and needed not in self._sections:
            raise lines.fault(
                f"there is no section {needed} before {section}", hint=f"Add {needed} above."
            )
        if section in ("ENDATA", "QUADOBJ", "QMATRIX") and self._objective is None:
            raise lines.fault(
                "there is no objective", hint="Add a row of type N, empty if any solution will do."
            )
        self._sections.append(told)
        self._on_head(section)
        return section

    def _on_head(self, section: str) -> None:
        """What stands behind the name of a section on its line."""
        lines = self._lines
        if section == "NAME":
            self._name = lines.line[4:].strip()
        elif section == "OBJSENSE" and len(lines.words) > 1:
            self._set_sense(1)
        elif section == "QCMATRIX":
            self._on_products()
        elif len(lines.words) > 1:
            raise lines.fault(f"unexpected {lines.words[1]!r} after {section}", 1)
        if section in ("QUADOBJ", "QMATRIX"):
            assert self._objective is not None
            self._products.begin(section, self._objective.name, self._objective.content)

    def _on_products(self) -> None:
        """The row that stands behind QCMATRIX on its line."""
        lines = self._lines
        # In fixed form there may be spaces in it.
        name = lines.line.split(None, 1)[1:]
        lines.words[1:] = [part.rstrip() for part in name]
        if not name:
            raise lines.fault("QCMATRIX names no row", 1, hint="Put the name of a row behind it.")
        row = self._constraint(1, "Give the products of the objective in QUADOBJ.")
        self._products.begin("QCMATRIX", row.name, row.content)

    def _constraint(self, index: int, hint: str) -> _Row:
        """The row that a word names, if it is a constraint."""
        lines = self._lines
        row = self._rows.get(lines.words[index])
        if row is None:
            raise lines.unknown(index, "row", iter(self._rows))
        if row.kind == "N":
            raise lines.fault(f"{row.name} is no constraint", index, hint=hint)
        return row

    def _ends_early(self) -> FormulaError:
        text = self._lines.text.rstrip()
        last = text.rsplit("\n", 1)[-1]
        return FormulaError(
            "the text ends too early", text=text, line=text.count("\n") + 1,
            column=len(last) + 1, expected=("ENDATA",),
            hint="See whether the file is complete.",
        )  # fmt: skip

    def _nowhere(self) -> None:
        raise self._lines.fault(
            "this line belongs to no section", hint="Begin names of sections at a line's beginning."
        )

    # ------------------------------------------------------------ rows and columns

    def _objsense(self) -> None:
        # A word may stand in any field.
        self._lines.words = self._lines.line.split()
        self._set_sense(0)

    def _set_sense(self, index: int) -> None:
        lines = self._lines
        sense = _SENSES.get(lines.words[index].upper())
        if sense is None or len(lines.words) > index + 1:
            raise lines.fault("this is no sense", index, expected=("MAX", "MIN"))
        self._sense = sense

    def _row(self) -> None:
        lines = self._lines
        self._lines.check_count(2)
        kind, name = lines.words
        if kind.upper() not in ("N", "L", "G", "E"):
            raise lines.fault(f"{kind} is no type of row", expected=("N", "L", "G", "E"))
        if name in self._rows:
            raise lines.fault(f"two rows are called {name}", 1, hint="Give each its own name.")
        row = self._rows[name] = _Row(name, kind.upper())
        if row.kind == "N" and self._objective is None:
            self._objective = row

    def _cells(self) -> None:
        """A line of a column: its name, and one entry or two."""
        lines, words = self._lines, self._lines.words
        if len(words) > 1 and words[1] == "'MARKER'":
            self._marker()
            return
        if len(words) != 3:
            self._lines.check_count(3, 5)
        if words[0] != self._column or self._number < 0:
            self._begin(words[0])
        number = self._number
        for index in range(1, len(words), 2):
            row = self._rows.get(words[index])
            if row is None:
                raise lines.unknown(index, "row", iter(self._rows))
            value = lines.value(index + 1)
            if not isinstance(value, Fraction):
                raise lines.fault("a coefficient is infinite", index + 1)
            linear = row.content.linear
            if number in linear:
                raise lines.fault(f"{words[0]} has two entries in {row.name}", index)
            linear[number] = value

    def _begin(self, name: str) -> None:
        gathered = self._gathered
        if name in SECTIONS:
            # Where the header RHS is missing, the set that is called so would be a column.
            raise self._lines.fault(
                f"{name} is no name of a column, but of a section",
                hint="Begin the section at the beginning of a line, or call the column otherwise.",
            )
        if name in gathered.numbers:
            raise self._lines.fault(
                f"the column {name} stands in two places", hint="Put its entries together."
            )
        self._column, self._number = name, gathered.column(name)
        gathered.columns[self._number].whole = self._in_integers

    def _marker(self) -> None:
        lines = self._lines
        words = [word for word in lines.words if word]
        if len(words) != 3 or words[2] not in ("'INTORG'", "'INTEND'"):
            raise lines.fault("this is no marker", 1, expected=("'INTORG'", "'INTEND'"))
        self._in_integers = words[2] == "'INTORG'"

    # ------------------------------------------------------------ sides

    def _targets(self, what: str) -> list[tuple[_Row, int]]:
        """The rows of a line of sides or ranges, each with the index of its number."""
        lines, words = self._lines, self._lines.words
        self._lines.check_count(2, 3, 4, 5)
        first = len(words) % 2
        if first:
            lines.check_set(what, 0)
        found = []
        for index in range(first, len(words), 2):
            row = self._rows.get(words[index])
            if row is None:
                raise lines.unknown(index, "row", iter(self._rows))
            found.append((row, index + 1))
        return found

    def _rhs(self) -> None:
        for row, index in self._targets("sides"):
            if row.side is not None:
                raise self._lines.fault(f"{row.name} has two sides", index - 1)
            row.side = self._lines.value(index)
            if row.kind == "N" and not isinstance(row.side, Fraction):
                raise self._lines.fault("the objective is infinite", index)
            side = as_limit(row.side)
            if isinstance(side, float) and row.kind != ("L" if side > 0 else "G"):
                raise self._lines.fault("no finite number keeps to this", index)

    def _range(self) -> None:
        for row, index in self._targets("ranges"):
            if row.span is not None:
                raise self._lines.fault(f"{row.name} has two ranges", index - 1)
            if row.kind == "N":
                raise self._lines.fault(f"{row.name} has no sides, so that it has no range", index)
            row.span = self._lines.value(index)

    # ------------------------------------------------------------ indicators

    def _indicator(self) -> None:
        lines = self._lines
        lines.check_count(4)
        if lines.words[0].upper() != "IF":
            raise lines.fault(f"{lines.words[0]} is no type of indicator", expected=("IF",))
        row = self._constraint(1, "Name a row of another type.")
        column = lines.column(2, self._gathered.numbers)
        if row.condition is not None:
            raise lines.fault(f"{row.name} depends on two columns", 1)
        value = lines.value(3)
        if value not in (0, 1):
            raise lines.fault("a binary column is 0 or 1", 3, expected=("0", "1"))
        row.condition = column, int(value)
        self._indicators.append((self._gathered.columns[column], lines.spot(2)))

    # ------------------------------------------------------------ the end

    def _model(self, name: str) -> Model:
        gathered = self._gathered
        for number, entry in enumerate(gathered.columns):
            if entry.whole and number not in self._bounds.mentioned:
                entry.upper = _ONE
        self._bounds.check()
        for entry, spot in self._indicators:
            if entry.indicator_fault:
                raise self._lines.fault_at(spot, entry.indicator_fault, hint=BINARY_HINT)
        objective = self._objective
        assert objective is not None
        for row in self._rows.values():
            if row.kind != "N":
                gathered.add_row(row.name, *_sides(row), row.condition)
        if isinstance(objective.side, Fraction):
            objective.content.constant = -objective.side
        return gathered.model(
            self._sense,
            objective.content,
            objective.name,
            self._lines.text,
            name or self._name or "model",
        )


def _sides(row: _Row) -> tuple[Polynomial, Limit, Limit]:
    """What a row holds, and between which sides."""
    side = _ZERO if row.side is None else row.side
    lower = side if row.kind in ("G", "E") else -math.inf
    upper = side if row.kind in ("L", "E") else math.inf
    if row.span is not None:
        if row.kind == "G" or (row.kind == "E" and row.span > 0):
            upper = side + max(row.span, -row.span)
        elif row.kind == "L" or row.span < 0:
            lower = side - max(row.span, -row.span)
    return row.content, lower, upper
