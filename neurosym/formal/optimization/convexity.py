"""Quadratic objectives: whether they curve one way only, so that a solver may just go downhill."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from neurosym.formal.optimization.curvature import as_matrix
from neurosym.formal.optimization.expression import Column, Constant, Multiply, add
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Sense
from neurosym.formal.optimization.polynomial import Polynomial

__all__ = ["has_convex_cost", "multiplied_out"]

_MAX_COLUMNS = 1000
"""Most columns with products of which it is found out; a second's work."""
_ROUNDING = 1e-9
"""How far below 0 the least curvature may come, of columns scaled to a curvature of 1."""


def has_convex_cost(instance: Instance) -> bool:
    """Whether only an objective is not linear, and it is quadratic and has no valleys but one.

    It is convex if it is minimized, concave if it is maximized, and all columns are continuous.
    """
    cost = instance.quadratic_cost
    if cost is None or instance.nonlinear or instance.integer.any():
        return False
    return _is_convex(cost, instance.sense)


def _is_convex(cost: Polynomial, sense: Sense) -> bool:
    """Whether the matrix of a polynomial has no eigenvalue below 0, or above where it is to be."""
    rows = cost.curvature()
    if not 0 < len(rows) <= _MAX_COLUMNS:
        return False
    matrix = as_matrix(rows) * (1 if sense is Sense.MINIMIZE else -1)
    curvature = matrix.diagonal()
    if np.any(curvature <= 0):
        # A column that stands in a product, but in no square, curves both ways with the other.
        return False
    scale = 1 / np.sqrt(curvature)
    return bool(np.linalg.eigvalsh(matrix * np.outer(scale, scale)).min(initial=0) >= -_ROUNDING)


def multiplied_out(instance: Instance) -> Instance:
    """The model whose objective is its cost and a sum of a number times two columns each.

    Args:
        instance: One whose objective is quadratic.
    """
    found = instance.quadratic_cost
    assert found is not None
    number = Fraction if instance.is_exact else float
    cost = instance.cost.copy()
    for column, value in found.linear.items():
        cost[column] += number(value)
    products = [
        Multiply((Constant(value), Column(first), Column(second)))
        for (first, second), value in found.products.items()
    ]
    return replace(
        instance, cost=cost, offset=instance.offset + number(found.constant),
        nonlinear_cost=add(*products),
    )  # fmt: skip
