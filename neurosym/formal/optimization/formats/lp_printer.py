"""Prints models in the CPLEX LP format; :func:`read_lp` reads them back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from neurosym.formal.optimization.formats.lp_tokens import ILLEGAL, is_legal
from neurosym.formal.optimization.formats.numerals import Figures
from neurosym.formal.optimization.formats.sheet import Sheet, SheetColumn, SheetRow, sheet_of
from neurosym.formal.optimization.model import Model, Sense
from neurosym.formal.optimization.polynomial import Polynomial

__all__ = ["print_lp"]

_WIDTH = 100
_SENSES = {Sense.MINIMIZE: "Minimize", Sense.MAXIMIZE: "Maximize"}


def print_lp(model: Model) -> str:
    """A model in the LP format, written out row by row.

    Names that the format does not hold are changed, and comments at the top tell which stands for
    what. Numbers are exact where their decimals end; else a comment says that they are rounded.

    Raises:
        FormulationError: The elements of the model do not hold together.
        InexpressibleError: Something is neither linear nor quadratic, or a number is beyond those
            that solvers hold.
    """
    sheet = sheet_of(model, is_legal, ILLEGAL)
    figures = Figures()
    lines = [*_Printer(sheet, figures).lines()]
    return "\n".join([*(f"\\ {line}" for line in sheet.comments(figures)), *lines]) + "\n"


class _Printer:
    def __init__(self, sheet: Sheet, figures: Figures) -> None:
        self._sheet = sheet
        self._figures = figures
        self._names = [column.name for column in sheet.columns]

    def lines(self) -> Iterator[str]:
        """The file, line by line."""
        sheet = self._sheet
        yield _SENSES[sheet.sense]
        yield from _wrapped(f" {sheet.objective_name}:", self._objective())
        yield "Subject To"
        for row in sheet.rows:
            yield from _wrapped(f" {row.name}:", [*self._left(row.left), *self._sides(row)])
        bounds = [text for column in sheet.columns for text in self._bounds(column)]
        if bounds:
            yield "Bounds"
            yield from bounds
        for title, is_binary in (("Generals", False), ("Binaries", True)):
            names = [
                column.name
                for column in sheet.columns
                if column.whole and column.is_binary is is_binary
            ]
            if names:
                yield title
                yield from (f" {name}" for name in names)
        yield "End"

    # ------------------------------------------------------------ sums

    def _objective(self) -> list[str]:
        objective = self._sheet.objective
        linear = dict(objective.linear)
        if not self._is_in_order():
            # Columns are numbered as they first occur, so that all occur here.
            linear = {k: linear.get(k, Fraction(0)) for k in range(len(self._names))}
        parts = [*self._linear(linear)]
        if objective.constant or not (parts or objective.products):
            sign = "- " if objective.constant < 0 else "+ " if parts else ""
            parts.append(f"{sign}{self._figures(abs(objective.constant))}")
        if objective.products:
            doubled = {pair: 2 * value for pair, value in objective.products.items()}
            parts += self._bracket(doubled, bool(parts))
            parts[-1] += " / 2"
        return parts

    def _is_in_order(self) -> bool:
        """Whether columns first occur in their order, and all of them do."""
        seen: dict[int, None] = {}
        for content in (self._sheet.objective, *(row.left for row in self._sheet.rows)):
            seen.update(dict.fromkeys(content.linear))
            for pair in content.products:
                seen.update(dict.fromkeys(pair))
        return [*seen] == [*range(len(self._names))]

    def _left(self, left: Polynomial) -> list[str]:
        parts = [*self._linear(left.linear)]
        if left.products:
            parts += self._bracket(left.products, bool(parts))
        if not parts:
            # A row without variables is none, but a number compared with one.
            parts.append(f"0 {self._names[0]}" if self._names else "0")
        return parts

    def _linear(self, terms: dict[int, Fraction]) -> Iterator[str]:
        first = True
        for column, value in terms.items():
            yield f"{self._factor(value, first=first)}{self._names[column]}"
            first = False

    def _bracket(self, products: dict[tuple[int, int], Fraction], goes_on: bool) -> list[str]:
        parts = ["+ [" if goes_on else "["]
        for (one, other), value in products.items():
            factor = self._factor(value, first=len(parts) == 1)
            ending = "^ 2" if one == other else f"* {self._names[other]}"
            parts.append(f"{factor}{self._names[one]} {ending}")
        return [*parts, "]"]

    def _factor(self, value: Fraction, *, first: bool) -> str:
        """What goes before a variable."""
        sign = "- " if value < 0 else "" if first else "+ "
        return sign if abs(value) == 1 else f"{sign}{self._figures(abs(value))} "

    # ------------------------------------------------------------ sides and bounds

    def _sides(self, row: SheetRow) -> list[str]:
        """The comparison of a row; one that is open on one side only, or an equation."""
        if row.lower == row.upper:
            return [f"= {self._limit(row.lower)}"]
        if row.lower == -math.inf:
            return [f"<= {self._limit(row.upper)}"]
        return [f">= {self._limit(row.lower)}"]

    def _limit(self, value: Fraction | float) -> str:
        if isinstance(value, Fraction):
            return self._figures.limit(value)
        return "inf" if value > 0 else "-inf"

    def _bounds(self, column: SheetColumn) -> list[str]:
        """The line of a column's bounds, if they are not those that it has anyway."""
        name, lower, upper = column.name, column.lower, column.upper
        if column.is_binary or (lower == 0 and upper == math.inf):
            return []
        if lower == -math.inf and upper == math.inf:
            return [f" {name} free"]
        if lower == upper:
            return [f" {name} = {self._limit(lower)}"]
        if upper == math.inf:
            return [f" {name} >= {self._limit(lower)}"]
        return [f" {self._limit(lower)} <= {name} <= {self._limit(upper)}"]


def _wrapped(start: str, parts: Iterable[str]) -> Iterator[str]:
    """Parts one after the other, in lines that are not too long."""
    line = start
    for part in parts:
        if len(line) + len(part) > _WIDTH and line.strip():
            yield line
            line = "  "
        line = f"{line} {part}"
    yield line
