"""Linear models that are solved to prove something of another one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.formal.optimization.convexity import multiplied_out
from neurosym.formal.optimization.instance import Instance, Numbers
from neurosym.formal.optimization.model import Sense
from neurosym.formal.optimization.polynomial import Curvature

__all__ = ["elastic", "feasibility", "fixed", "ray_model", "with_fractions", "without"]


def _numbers(instance: Instance, values: Iterable[Any]) -> Numbers:
    listed = list(values)
    found = np.empty(len(listed), dtype=instance.cost.dtype)
    found[:] = listed
    return found


def _zero(instance: Instance) -> Fraction | float:
    return Fraction(0) if instance.is_exact else 0.0


def elastic(instance: Instance, scale: int = 1) -> Instance:
    """The least amount by which linear rows must give way so that all can hold, whole or not.

    Each row gets a column for falling short and one for going too far. An optimum above 0 shows
    that the rows cannot hold, and its dual values are the Farkas proof of it.

    Args:
        instance: The model.
        scale: What all limits and bounds are multiplied by, which changes no dual value, and shows
            a solver what is less than its tolerance.
    """
    zero = _zero(instance)
    short = np.flatnonzero(_finite(instance.row_lower))
    over = np.flatnonzero(_finite(instance.row_upper))
    rows = np.concatenate([instance.entry_rows, short, over])
    first = instance.columns
    columns = np.concatenate([instance.indices, np.arange(first, first + len(short) + len(over))])
    values = np.concatenate(
        [instance.values, _numbers(instance, [zero + 1] * len(short) + [zero - 1] * len(over))]
    )
    order = np.lexsort((columns, rows))
    starts = np.zeros(instance.rows + 1, dtype=np.int64)
    starts[1:] = np.cumsum(np.bincount(rows, minlength=instance.rows))
    added = len(short) + len(over)
    return replace(
        instance,
        sense=Sense.MINIMIZE,
        cost=_numbers(instance, [zero] * first + [zero + 1] * added),
        offset=zero,
        starts=starts,
        indices=columns[order],
        values=values[order],
        row_lower=instance.row_lower * scale,
        row_upper=instance.row_upper * scale,
        lower=np.concatenate([instance.lower * scale, _numbers(instance, [zero] * added)]),
        upper=np.concatenate([instance.upper * scale, _numbers(instance, [math.inf] * added)]),
        integer=np.zeros(first + added, dtype=np.bool_),
        column_names=[*instance.column_names, *(f"give[{k}]" for k in range(added))],
        nonlinear=(),
        nonlinear_cost=None,
    )


def _finite(bounds: Numbers) -> NDArray[np.bool_]:
    return np.isfinite(bounds.astype(np.float64))


def feasibility(instance: Instance) -> Instance:
    """Any point that keeps to the rows will do."""
    zero = _zero(instance)
    cost = _numbers(instance, [zero] * instance.columns)
    return replace(instance, cost=cost, offset=zero, nonlinear_cost=None)


def ray_model(instance: Instance) -> Instance:
    """The direction, at most 1 along each column, in which the objective gains most.

    Of a quadratic objective, one along which it is straight.

    Args:
        instance: A model of linear rows and a linear or quadratic objective.
    """
    if instance.quadratic_cost is not None:
        curvature = instance.quadratic_cost.curvature()
        instance = _along_lines(multiplied_out(instance), curvature)
    zero = _zero(instance)

    def sides(lower: Numbers, upper: Numbers, far: float | Fraction) -> tuple[Numbers, Numbers]:
        least = [zero if math.isfinite(bound) else -far for bound in lower.tolist()]
        greatest = [zero if math.isfinite(bound) else far for bound in upper.tolist()]
        return _numbers(instance, least), _numbers(instance, greatest)

    lower, upper = sides(instance.lower, instance.upper, zero + 1)
    row_lower, row_upper = sides(instance.row_lower, instance.row_upper, math.inf)
    return replace(
        instance, offset=zero, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper,
        integer=np.zeros(instance.columns, dtype=np.bool_),
    )  # fmt: skip


def _along_lines(instance: Instance, curvature: Curvature) -> Instance:
    """A linear model whose last rows hold the slopes of a quadratic objective as they are at 0.

    Args:
        instance: One with an objective of products only, beside its cost.
        curvature: Of these products.
    """
    slopes = [row.items() for row in curvature.values()]
    zero = _zero(instance)
    ends = np.cumsum([len(row) for row in slopes]) + instance.starts[-1]
    entries = [entry for row in slopes for entry in sorted(row)]
    number = Fraction if instance.is_exact else float
    nothing = _numbers(instance, [zero] * len(slopes))
    return replace(
        instance,
        nonlinear_cost=None,
        starts=np.concatenate([instance.starts, ends]),
        indices=np.concatenate([instance.indices, [column for column, _ in entries]]),
        values=np.concatenate(
            [instance.values, _numbers(instance, [number(value) for _, value in entries])]
        ),
        row_lower=np.concatenate([instance.row_lower, nothing]),
        row_upper=np.concatenate([instance.row_upper, nothing]),
        row_origin=np.concatenate([instance.row_origin, [-1] * len(slopes)]),
        row_names=[*instance.row_names, *(f"slope[{k}]" for k in range(len(slopes)))],
    )


def fixed(instance: Instance, values: Iterable[Fraction]) -> Instance:
    """The model with its whole columns held at these values, which leaves a linear one."""
    lower, upper = instance.lower.copy(), instance.upper.copy()
    for column, value in enumerate(values):
        if instance.integer[column]:
            lower[column] = upper[column] = value if instance.is_exact else float(value)
    return replace(
        instance, lower=lower, upper=upper, integer=np.zeros(instance.columns, dtype=np.bool_)
    )


def with_fractions(instance: Instance) -> Instance:
    """The model whose variables need not be whole; columns that write logic as rows stay so."""
    integer = instance.integer.copy()
    integer[: instance.auxiliary] = False
    return replace(instance, integer=integer)


def without(instance: Instance, rows: set[int], columns: set[int]) -> Instance:
    """The model without some rows, and without bounds of some columns.

    Rows that are not linear are numbered after the linear ones.
    """
    row_lower, row_upper = instance.row_lower.copy(), instance.row_upper.copy()
    gone = [row for row in rows if row < instance.rows]
    row_lower[gone], row_upper[gone] = -math.inf, math.inf
    lower, upper = instance.lower.copy(), instance.upper.copy()
    chosen = list(columns)
    lower[chosen], upper[chosen] = -math.inf, math.inf
    nonlinear = tuple(
        item for k, item in enumerate(instance.nonlinear, instance.rows) if k not in rows
    )
    return replace(
        instance, row_lower=row_lower, row_upper=row_upper, lower=lower, upper=upper,
        nonlinear=nonlinear,
    )  # fmt: skip
