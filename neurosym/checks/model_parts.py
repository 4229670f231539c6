"""What several checks of optimization models look at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from neurosym.formal.optimization.expression import Constant, Piecewise, walk
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Constraint, Model

__all__ = ["Bend", "bends", "limits_of_row", "literals", "stated_rows", "words_for"]


@dataclass(frozen=True, slots=True)
class Bend:
    """One piece of a piecewise linear function, without the signs of its numbers.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        slope: How steep it is.
        rise: What the function comes to at its end.
    """

    start: Fraction
    end: Fraction
    slope: Fraction
    rise: Fraction


def bends(model: Model) -> Iterator[Bend]:
    """The pieces of the piecewise linear functions in a model."""
    for expression in model.expressions():
        for node in walk(expression):
            if isinstance(node, Piecewise):
                for (x, y), (end, rise) in zip(node.points, node.points[1:], strict=False):
                    yield Bend(abs(x), abs(end), abs((rise - y) / (end - x)), abs(rise))


def literals(model: Model) -> frozenset[Fraction]:
    """The numbers written in a model's expressions, without their signs."""
    return frozenset(
        abs(node.value)
        for expression in model.expressions()
        for node in walk(expression)
        if isinstance(node, Constant)
    )


def stated_rows(model: Model) -> Iterator[tuple[int, Constraint]]:
    """The linear rows of a model, each with the constraint that it is of.

    Those that its objective needs, such as for its pieces, are of none.
    """
    for row, origin in enumerate(model.instance.row_origin):
        if origin >= 0:
            yield row, model.constraints[int(origin)]


def limits_of_row(instance: Instance, row: int) -> tuple[Fraction | None, Fraction | None]:
    """The lower and upper limit of a sum with coefficients of one sign, as if it were positive.

    ``None`` where there is none, and twice for a sum with coefficients of both signs.
    """
    values = [value for _, value in instance.entries(row)]
    sides = [instance.row_lower[row], instance.row_upper[row]]
    if all(value < 0 for value in values):
        sides = [-side for side in reversed(sides)]
    elif not all(value > 0 for value in values):
        return None, None
    lower, upper = (None if math.isinf(side) else Fraction(side) for side in sides)
    return lower, upper


def words_for(model: Model) -> dict[str, str]:
    """The words for each variable without indices: its name and its meaning."""
    return {item.name: f"{item.name} {item.meaning}" for item in model.variables if not item.over}
