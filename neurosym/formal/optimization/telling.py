"""Parts of a model that is written out, in the signs of the modelling language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from neurosym.formal.optimization.expression import (
    Column,
    Constant,
    Expression,
    Reference,
    add,
    multiply,
    negate,
    rebuild,
)
from neurosym.formal.optimization.instance import Instance, as_written
from neurosym.formal.optimization.language.printer import print_expression, print_number
from neurosym.formal.optimization.notation import FEW_TERMS

__all__ = ["bounds_text", "expression_text", "row_text"]


def expression_text(expression: Expression, names: Sequence[str]) -> str:
    """An expression of columns, by their names."""
    # In quotes, as the language has them, names like x[Oslo] would be hard to read.
    return print_expression(_named(expression, names)).replace("'", "")


def _named(expression: Expression, names: Sequence[str]) -> Expression:
    if isinstance(expression, Column):
        return Reference(names[expression.number].replace("'", "’"))
    return rebuild(expression, lambda part: _named(part, names))


def row_text(
    instance: Instance, row: int, *, sign: int = 1, most_terms: int | None = FEW_TERMS
) -> str:
    """A row with its limits: ``x[Oslo] + x[Bergen] <= 70``; of a long one the first terms.

    Args:
        instance: The model.
        row: Its number; those that are not linear are numbered after the linear ones.
        sign: -1 turns it round, and says ``x <= 3`` of ``-x >= -3``.
        most_terms: Most terms of a linear row that are written; ``None`` is all.
    """
    names = instance.column_names
    if row >= instance.rows:
        item = instance.nonlinear[row - instance.rows]
        whole = item.expression if sign > 0 else negate(item.expression)
        return _between(expression_text(whole, names), *_turned(item.lower, item.upper, sign))
    entries = instance.entries(row)
    terms = [
        multiply(Constant(sign * _meant(value)), Column(column))
        for column, value in entries[:most_terms]
    ]
    shown = expression_text(add(*terms), names)
    more = len(entries) - len(terms)
    if more > 0:
        shown += f" + … ({more} more)"
    return _between(shown, *_turned(instance.row_lower[row], instance.row_upper[row], sign))


def _turned(lower: Any, upper: Any, sign: int) -> tuple[Any, Any]:
    return (lower, upper) if sign > 0 else (-upper, -lower)


def bounds_text(instance: Instance, column: int) -> str:
    """The bounds of a column: ``0 <= x <= 3``."""
    name = instance.column_names[column]
    text = _between(name, instance.lower[column], instance.upper[column])
    return f"{text} and whole" if instance.integer[column] else text


def _between(middle: str, lower: Any, upper: Any) -> str:
    if lower == upper:
        return f"{middle} = {_number(lower)}"
    if math.isinf(lower):
        return middle if math.isinf(upper) else f"{middle} <= {_number(upper)}"
    if math.isinf(upper):
        return f"{middle} >= {_number(lower)}"
    return f"{_number(lower)} <= {middle} <= {_number(upper)}"


def _number(value: Any) -> str:
    return print_number(_meant(value))


def _meant(value: Any) -> Fraction:
    return value if isinstance(value, Fraction) else as_written(value)
