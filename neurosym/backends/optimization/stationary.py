"""The exact optimum of a convex model near a solver's, and what proves it.

Which rows and bounds hold a point follows from the multipliers of the tangent there. Held by these,
the point at which the objective no longer changes solves linear equations, in fractions (Nocedal
and Wright 2006, Numerical Optimization, section 16.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from neurosym.backends.optimization.equations import MAX_KERNEL, solve_both
from neurosym.backends.optimization.rounding import nearby, rounded_multipliers
from neurosym.backends.optimization.task import Answer
from neurosym.backends.optimization.vertex import Vertex
from neurosym.formal.optimization.certificates import objective_value, violations
from neurosym.formal.optimization.instance import Instance, exact, exact_limit
from neurosym.formal.optimization.model import Sense
from neurosym.formal.optimization.tangents import best_possible, tangent_at

__all__ = ["optimum_near", "tangent_around"]

_NOTHING = 1e-6
"""Slopes and distances, relative to the greatest, that are rounding."""
_SIMPLE = 10**6
"""Greatest denominator of what may be chosen freely."""

_Rows: TypeAlias = dict[int, Fraction]
"""Rows that hold a point, each with the limit that it is at."""
_Columns: TypeAlias = list[Fraction | None]
"""Of each column the value that it is held at, if it is."""


def tangent_around(instance: Instance, x: Sequence[Fraction]) -> Instance:
    """The tangent at a point with columns at most 1 away from it, which has an optimum.

    Without an end the least slope that rounding leaves would have none.
    """
    tangent = tangent_at(instance, x)
    lower, upper = tangent.lower.copy(), tangent.upper.copy()
    for column, value in enumerate(x):
        lower[column] = max(exact_limit(lower[column]), value - 1)
        upper[column] = min(exact_limit(upper[column]), value + 1)
    return replace(
        tangent, lower=lower, upper=upper, integer=np.zeros(instance.columns, dtype=np.bool_)
    )


def optimum_near(instance: Instance, x: Sequence[Fraction], answer: Answer) -> Vertex | None:
    """A point near one and multipliers that prove it to be the best one.

    Where there is no such point, the multipliers that bound the objective best, if any do.

    Args:
        instance: A convex model.
        x: A solver's optimum, shape (n,).
        answer: That of :func:`tangent_around` there, with its multipliers.
    """
    if len(answer.duals) != instance.rows:
        return None
    tangent = tangent_at(instance, x)
    held = _held(tangent, x, answer)
    for point, multipliers in _attempts(instance, x, answer, *held):
        is_best = best_possible(instance, point, multipliers) == objective_value(instance, point)
        if is_best and next(violations(instance, point), None) is None:
            return Vertex(point, multipliers)
    multipliers = rounded_multipliers(tangent, answer.duals)
    return Vertex((), multipliers) if multipliers else None


def _attempts(
    instance: Instance, x: Sequence[Fraction], answer: Answer, rows: _Rows, columns: _Columns
) -> Iterator[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]]:
    solved = _solved(instance, rows, columns)
    if solved is None:
        # Where some direction changes nothing, any point along it is as good as another.
        for column in _loose(instance, rows, columns):
            columns[column] = x[column].limit_denominator(_SIMPLE)
        solved = _solved(instance, rows, columns)
    if solved is not None:
        yield solved
    for point in nearby(x):
        yield point, rounded_multipliers(tangent_at(instance, point), answer.duals)


def _solved(
    instance: Instance, rows: _Rows, columns: _Columns
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]] | None:
    """Where the objective no longer changes but against rows and bounds, and the rows' share."""
    cost = instance.quadratic_cost
    assert cost is not None
    point = list(columns)
    unknown = {column: k for k, column in enumerate(k for k, at in enumerate(point) if at is None)}
    row_place = {row: k for k, row in enumerate(rows, len(unknown))}
    equations: list[dict[int, Fraction]] = [{} for _ in range(len(unknown) + len(row_place))]
    right = [Fraction(0)] * len(equations)

    def add(equation: int, column: int, value: Fraction) -> None:
        """Add a number times a column to the left side of an equation."""
        at = point[column]
        if at is not None:
            right[equation] -= value * at
        else:
            line, place = equations[equation], unknown[column]
            line[place] = line.get(place, Fraction(0)) + value

    for column, k in unknown.items():
        right[k] -= exact(instance.cost[column]) + cost.linear.get(column, Fraction(0))
    for column, line in cost.curvature().items():
        for other, value in line.items() if column in unknown else ():
            add(unknown[column], other, value)
    for row, k in row_place.items():
        right[k] += rows[row]
        for column, value in instance.entries(row):
            add(k, column, exact(value))
            if column in unknown:
                equations[unknown[column]][k] = -exact(value)
    # Squares that cancel leave a 0, which is none of a matrix's numbers.
    equations = [{place: v for place, v in line.items() if v} for line in equations]
    solved = solve_both(equations, right, [Fraction(0)] * len(equations))
    if solved is None:
        return None
    found = solved[0]
    multipliers = [Fraction(0)] * instance.rows
    for row, k in row_place.items():
        multipliers[row] = found[k]
    for column, k in unknown.items():
        point[column] = found[k]
    return tuple(at for at in point if at is not None), tuple(multipliers)


def _loose(instance: Instance, rows: _Rows, columns: _Columns) -> Iterator[int]:
    """Columns that hold a point, once they are held, along all directions that change nothing."""
    cost = instance.quadratic_cost
    assert cost is not None
    free = [column for column, at in enumerate(columns) if at is None]
    if not 0 < len(free) <= MAX_KERNEL:
        return
    curvature = cost.curvature()
    lines = [curvature.get(column, {}) for column in free]
    lines += [dict(instance.entries(row)) for row in rows]
    matrix = np.array([[float(line.get(column, 0)) for column in free] for line in lines])
    _, sizes, directions = np.linalg.svd(matrix)
    rank = int((sizes > _NOTHING * sizes.max(initial=1.0)).sum())
    left = directions[rank:].T
    for _ in range(len(free) - rank):
        column = int(np.argmax((left**2).sum(axis=1)))
        yield free[column]
        along = left[column] / np.linalg.norm(left[column])
        left = left - np.outer(left @ along, along)


def _held(tangent: Instance, x: Sequence[Fraction], answer: Answer) -> tuple[_Rows, _Columns]:
    """The rows that hold a point, with their limits, and the columns that are held at a bound."""
    sign = 1.0 if tangent.sense is Sense.MINIMIZE else -1.0
    slopes = tangent.cost.astype(np.float64)
    least = _NOTHING * max(1.0, float(np.abs(slopes).max(initial=0.0)))
    shares = tangent.values.astype(np.float64) * answer.duals[tangent.entry_rows]
    rest = sign * (slopes - np.bincount(tangent.indices, shares, minlength=tangent.columns))
    rows: _Rows = {}
    for row in np.flatnonzero(np.abs(answer.duals) > least).tolist():
        sides = (tangent.row_lower, tangent.row_upper)
        limit = exact_limit(sides[0 if sign * answer.duals[row] > 0 else 1][row])
        if isinstance(limit, Fraction):
            rows[row] = limit
    columns: _Columns = []
    for column, value in enumerate(x):
        lower, upper = exact_limit(tangent.lower[column]), exact_limit(tangent.upper[column])
        bound = lower if rest[column] > 0 else upper
        is_held = lower == upper or abs(rest[column]) > least
        if isinstance(bound, Fraction) and is_held and _is_near(value, bound):
            columns.append(bound)
        else:
            columns.append(None)
    return rows, columns


def _is_near(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= _NOTHING * max(Fraction(1), abs(one))
