"""Prints models in free-form MPS; :func:`read_mps` reads them back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from neurosym.formal.optimization.formats.mps_lines import ILLEGAL, is_legal
from neurosym.formal.optimization.formats.numerals import Figures
from neurosym.formal.optimization.formats.sheet import Sheet, SheetColumn, SheetRow, sheet_of
from neurosym.formal.optimization.model import Model, Sense
from neurosym.formal.optimization.polynomial import Polynomial

__all__ = ["print_mps"]


def print_mps(model: Model) -> str:
    """A model in MPS, written out row by row.

    Names that the format does not hold are changed, and comments at the top tell which stands for
    what. Numbers are exact where their decimals end; else a comment says that they are rounded.

    Raises:
        FormulationError: The elements of the model do not hold together.
        InexpressibleError: Something is neither linear nor quadratic, or a number is beyond those
            that solvers hold.
    """
    sheet = sheet_of(model, is_legal, ILLEGAL)
    sheet = replace(sheet, rows=[*_paired(sheet.rows)])
    figures = Figures()
    lines = [*_Printer(sheet, figures).lines(" ".join(model.name.split()))]
    return "\n".join([*(f"* {line}" for line in sheet.comments(figures)), *lines]) + "\n"


class _Printer:
    def __init__(self, sheet: Sheet, figures: Figures) -> None:
        self._sheet = sheet
        self._figures = figures

    def lines(self, name: str) -> Iterator[str]:
        """The file, line by line."""
        sheet = self._sheet
        yield f"NAME {name}".rstrip()
        if sheet.sense is Sense.MAXIMIZE:
            # Behind OBJSENSE on its line, HiGHS reads MAX but not MAXIMIZE.
            yield from ("OBJSENSE", "    MAX")
        yield from ("ROWS", f" N  {sheet.objective_name}")
        yield from (f" {_kind(row)}  {row.name}" for row in sheet.rows)
        yield from ("COLUMNS", *self._columns())
        yield from ("RHS", *self._sides())
        spans = [*self._spans()]
        if spans:
            yield from ("RANGES", *spans)
        bounds = [line for column in sheet.columns for line in self._bounds(column)]
        if bounds:
            yield from ("BOUNDS", *bounds)
        if sheet.objective.products:
            yield from ("QUADOBJ", *self._products(sheet.objective, is_row=False))
        for row in sheet.rows:
            if row.left.products:
                yield from (f"QCMATRIX {row.name}", *self._products(row.left, is_row=True))
        yield "ENDATA"

    def _columns(self) -> Iterator[str]:
        sheet = self._sheet
        cells: list[list[tuple[str, Fraction]]] = [[] for _ in sheet.columns]
        for name, content in [
            (sheet.objective_name, sheet.objective),
            *((row.name, row.left) for row in sheet.rows),
        ]:
            for column, value in content.linear.items():
                cells[column].append((name, value))
        in_integers = False
        for column_of, entries in zip(sheet.columns, cells, strict=True):
            if column_of.whole is not in_integers:
                yield _marker(column_of.whole)
                in_integers = column_of.whole
            for name, value in entries or [(sheet.objective_name, Fraction(0))]:
                yield f"    {column_of.name}  {name}  {self._figures(value)}"
        if in_integers:
            yield _marker(False)

    def _sides(self) -> Iterator[str]:
        sheet = self._sheet
        if sheet.objective.constant:
            # The right-hand side of the objective is taken away from it.
            yield f"    RHS  {sheet.objective_name}  {self._figures(-sheet.objective.constant)}"
        for row in sheet.rows:
            side = row.upper if row.lower == -math.inf else row.lower
            if side:
                yield f"    RHS  {row.name}  {self._limit(side)}"

    def _spans(self) -> Iterator[str]:
        """The lines of rows between two sides: from the lower one, how far it is to the upper."""
        for row in self._sheet.rows:
            if row.lower != row.upper and -math.inf < row.lower and row.upper < math.inf:
                yield f"    RNG  {row.name}  {self._limit(row.upper - row.lower)}"

    def _limit(self, value: Fraction | float) -> str:
        return self._figures.limit(Fraction(value))

    def _bounds(self, column: SheetColumn) -> list[str]:
        """The lines of a column's bounds; of a whole one always, as readers differ without."""
        name, lower, upper = column.name, column.lower, column.upper
        if column.is_binary:
            return [f" BV BND  {name}"]
        if lower == -math.inf and upper == math.inf:
            return [f" FR BND  {name}"]
        if lower == upper:
            return [f" FX BND  {name}  {self._limit(lower)}"]
        lines = []
        if lower == -math.inf:
            lines.append(f" MI BND  {name}")
        elif lower or upper < 0:
            lines.append(f" LO BND  {name}  {self._limit(lower)}")
        if upper != math.inf:
            lines.append(f" UP BND  {name}  {self._limit(upper)}")
        elif column.whole:
            lines.append(f" PL BND  {name}")
        return lines

    def _products(self, content: Polynomial, *, is_row: bool) -> Iterator[str]:
        """The entries of Q: half of ``x Q x`` is in the objective, all of it in a row.

        QCMATRIX holds both of two entries that are alike, QUADOBJ one of them.
        """
        columns = self._sheet.columns
        for (one, other), value in content.products.items():
            pairs = [(one, other), (other, one)] if is_row and one != other else [(one, other)]
            factor = 2 * value if one == other and not is_row else value / len(pairs)
            for pair in pairs:
                first, second = (columns[k].name for k in pair)
                yield f"    {first}  {second}  {self._figures(factor)}"


def _paired(rows: Sequence[SheetRow]) -> Iterator[SheetRow]:
    """Rows, of which two that were read from one between two sides are one again."""
    last: SheetRow | None = None
    for row in rows:
        if last is not None and _is_upper_side_of(last, row):
            last = replace(last, upper=row.upper)
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _is_upper_side_of(lower: SheetRow, upper: SheetRow) -> bool:
    return (
        upper.name == f"{lower.name}_2"
        and upper.left == lower.left
        and lower.upper == math.inf
        and upper.lower == -math.inf
        and lower.lower < upper.upper
    )


def _kind(row: SheetRow) -> str:
    if row.lower == row.upper:
        return "E"
    return "L" if row.lower == -math.inf else "G"


def _marker(is_integer: bool) -> str:
    return f"    MARKER  'MARKER'  '{'INTORG' if is_integer else 'INTEND'}'"
