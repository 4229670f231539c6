"""What several checks of optimization models look at."""

from __future__ import annotations

import math
from fractions import Fraction

from neurosym.formal.optimization.expression import Constant, walk
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Model

__all__ = ["limits_of_row", "literals"]


def literals(model: Model) -> frozenset[Fraction]:
    """The numbers written in a model's expressions, without their signs."""
    return frozenset(
        abs(node.value)
        for expression in model.expressions()
        for node in walk(expression)
        if isinstance(node, Constant)
    )


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
