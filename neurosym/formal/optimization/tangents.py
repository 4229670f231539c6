"""How good an objective can be at best: by duality, and where it is not linear by its tangent.

A convex function lies nowhere below its tangent, and a concave one nowhere above. So what bounds
the tangent bounds the objective, and the tangent is linear (Boyd and Vandenberghe 2004, Convex
Optimization, sections 3.1.3 and 5.5). All of it is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.instance import Instance, exact

__all__ = ["best_possible", "tangent_at"]


def best_possible(
    instance: Instance, x: Sequence[Fraction], multipliers: Sequence[Fraction]
) -> Fraction | None:
    """What the objective can be at best, by multipliers of the rows.

    Args:
        instance: A model of linear rows.
        x: Where the tangent of an objective is taken that is not linear, shape (n,).
        multipliers: Of each row, shape (m,).

    Returns:
        The bound; ``None`` if these multipliers give none, or the objective curves both ways.
    """
    if instance.is_linear:
        return dual_bound(instance, multipliers)
    if len(x) != instance.columns or not instance.is_convex:
        return None
    return dual_bound(tangent_at(instance, x), multipliers)


def tangent_at(instance: Instance, x: Sequence[Fraction]) -> Instance:
    """The linear model whose objective touches a quadratic one at a point.

    Args:
        instance: A model in fractions, of linear rows and a quadratic objective.
        x: The point, shape (n,).
    """
    found = instance.quadratic_cost
    assert found is not None
    cost = [exact(value) for value in instance.cost.tolist()]
    offset = exact(instance.offset) + found.constant
    for column, value in found.linear.items():
        cost[column] += value
    for column, row in found.curvature().items():
        slope = sum((value * x[other] for other, value in row.items()), Fraction(0))
        cost[column] += slope
        offset -= slope * x[column] / 2
    numbers = np.empty(instance.columns, dtype=object)
    numbers[:] = cost
    return replace(instance, cost=numbers, offset=offset, nonlinear_cost=None)
