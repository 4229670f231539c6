"""A model as a printer takes it: legal names, exact numbers, polynomials."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from neurosym.errors import InexpressibleError
from neurosym.formal.optimization.expression import Comparison, Expression
from neurosym.formal.optimization.formats.naming import legal_names
from neurosym.formal.optimization.formats.numerals import (
    ROUNDED_DIGITS,
    Figures,
    Limit,
    ending_decimal,
)
from neurosym.formal.optimization.instance import Instance, NonlinearRow
from neurosym.formal.optimization.model import Model, Relation, Sense
from neurosym.formal.optimization.polynomial import NotQuadraticError, Polynomial, polynomial_of

__all__ = ["Sheet", "SheetColumn", "SheetRow", "sheet_of"]

_ROUNDED = f"numbers whose decimals do not end are rounded to {ROUNDED_DIGITS} digits"
_FLOATING = "numbers are those of floating point, as the model is large"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its legal name, its bounds, and whether it is whole."""

    name: str
    lower: Limit
    upper: Limit
    whole: bool

    @property
    def is_binary(self) -> bool:
        """Whether it is 0 or 1."""
        return self.whole and self.lower == 0 and self.upper == 1


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``lower <= left <= upper``; the constant of ``left`` is 0."""

    name: str
    left: Polynomial
    lower: Limit
    upper: Limit


@dataclass(frozen=True, slots=True)
class Sheet:
    """A model to print.

    Attributes:
        sense: Which way is better.
        objective_name: Its legal name, which no row has.
        objective: Of columns.
        columns: In order.
        rows: In order, those that are not linear last.
        naming: Lines that tell which name stands for what.
        is_exact: Whether the numbers are those that the model says.
    """

    sense: Sense
    objective_name: str
    objective: Polynomial
    columns: list[SheetColumn]
    rows: list[SheetRow]
    naming: list[str]
    is_exact: bool

    def comments(self, figures: Figures) -> list[str]:
        """Lines to go before the model; after the numbers are printed."""
        lines = [*self.naming]
        if not self.is_exact:
            lines.append(_FLOATING)
        if figures.rounded:
            lines.append(_ROUNDED)
        return lines


def sheet_of(model: Model, is_legal: Callable[[str], bool], illegal: re.Pattern[str]) -> Sheet:
    """What to print of a model.

    Args:
        model: It is written out.
        is_legal: Whether the format holds a name.
        illegal: Matches the characters of which it holds none.

    Raises:
        FormulationError: The elements do not hold together.
        InexpressibleError: Something is neither linear nor quadratic.
    """
    instance = model.instance
    rows = sorted(_rows(model), key=lambda row: bool(row.left.products))
    columns = legal_names(instance.column_names, is_legal, illegal, "x")
    asked = [model.objective.name, *(row.name for row in rows)]
    # The formats would allow it, but nobody wants a row that is called like a column.
    labels = legal_names(asked, is_legal, illegal, "c", avoid=columns.names)
    kinds = zip(
        columns.names,
        instance.lower.tolist(),
        instance.upper.tolist(),
        instance.integer.tolist(),
        strict=True,
    )
    return Sheet(
        model.objective.sense,
        labels.names[0],
        _objective(instance),
        [SheetColumn(name, _limit(low), _limit(high), whole) for name, low, high, whole in kinds],
        [
            SheetRow(name, row.left, row.lower, row.upper)
            for name, row in zip(labels.names[1:], rows, strict=True)
        ],
        [*columns.comments("variable"), *labels.comments("row")],
        instance.is_exact,
    )


def _limit(value: Limit) -> Limit:
    return float(value) if math.isinf(value) else ending_decimal(value)


def _objective(instance: Instance) -> Polynomial:
    linear = {
        column: ending_decimal(value)
        for column, value in enumerate(instance.cost.tolist())
        if value
    }
    found = Polynomial(ending_decimal(instance.offset), linear)
    if instance.nonlinear_cost is not None:
        found.add_scaled(_quadratic(instance.nonlinear_cost, "the objective"), Fraction(1))
    return found.cleared()


def _quadratic(expression: Expression, name: str) -> Polynomial:
    """An expression multiplied out; what is beyond the second degree cannot be said."""
    try:
        return polynomial_of(expression)
    except NotQuadraticError:
        raise InexpressibleError(
            f"{name} is neither linear nor quadratic, and the format holds nothing else",
            hint="Print the model in the modelling language.",
        ) from None


def _rows(model: Model) -> Iterator[SheetRow]:
    instance = model.instance
    sides = zip(instance.row_lower.tolist(), instance.row_upper.tolist(), strict=True)
    for number, (lower, upper) in enumerate(sides):
        left = Polynomial(
            linear={column: ending_decimal(value) for column, value in instance.entries(number)}
        )
        yield SheetRow(instance.row_names[number], left, _limit(lower), _limit(upper))
    at_least = {
        item.name
        for item in model.constraints
        if isinstance(item.claim, Relation)
        and item.claim.comparison in (Comparison.AT_LEAST, Comparison.GREATER)
    }
    for item in instance.nonlinear:
        # What is written out may be turned round; it is printed as it was said.
        is_turned = math.isinf(item.lower) and (
            item.name in at_least or item.name.partition("[")[0] in at_least
        )
        yield _row(item, Fraction(-1 if is_turned else 1))


def _row(item: NonlinearRow, factor: Fraction) -> SheetRow:
    left = Polynomial()
    left.add_scaled(_quadratic(item.expression, f"constraint {item.name}"), factor)
    left = left.cleared()
    limits = [factor * _limit(limit) - left.constant for limit in (item.lower, item.upper)]
    left.constant = Fraction(0)
    return SheetRow(item.name, left, min(limits), max(limits))
