"""Points near a solution, or between the bounds, that show what a solver said to be false.

That none is found proves nothing; but one that is feasible and better needs no further argument.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

from neurosym.formal.optimization.certificates import objective_value, violations
from neurosym.formal.optimization.expression import walk
from neurosym.formal.optimization.instance import Instance, exact
from neurosym.formal.optimization.model import Sense

__all__ = ["counterexample"]

_MAX_POINTS = 400
"""Most points that are tried."""
_MAX_STEPS = 200_000
"""Most terms that are worked out for them; about a second."""
_FAR = 1000
"""How many times as far as a solution, or as 1, is looked where there is no bound."""

_Point = tuple[Fraction, ...]


def counterexample(
    instance: Instance, solution: Sequence[Fraction], objective: Fraction | None, margin: Fraction
) -> _Point | None:
    """A point that keeps to everything, exactly, and is better than an optimum that was claimed.

    Args:
        instance: The model.
        solution: The point that is said to be best, or nothing if there is said to be no point.
        objective: Its objective; ``None`` if there is said to be no point.
        margin: By how much a point must be better, relative to the objective.
    """
    size = 1 + instance.columns + len(instance.values)
    size += sum(1 for tree in instance.trees for _ in walk(tree))
    if not instance.columns:
        return None
    starts = [tuple(solution)] if objective is not None else _starts(instance)
    points = (point for start in starts for point in (start, *_moves(instance, start)))
    sign = 1 if instance.sense is Sense.MAXIMIZE else -1
    for point in islice(points, min(_MAX_POINTS, _MAX_STEPS // size)):
        try:
            value = objective_value(instance, point)
            if objective is not None:
                least = margin * max(Fraction(1), abs(objective))
                if sign * (value - objective) <= least:
                    continue
            if next(violations(instance, point), None) is None:
                return point
        except (ValueError, ArithmeticError):
            continue  # nothing has a value there
    return None


def _starts(instance: Instance) -> list[_Point]:
    """Corners and the middle of the bounds; what has none is near 0."""
    places = [_places(instance, column, Fraction(0)) for column in range(instance.columns)]
    return [
        tuple(item[0] for item in places),
        tuple(item[len(item) // 2] for item in places),
        tuple(item[-1] for item in places),
    ]


def _moves(instance: Instance, start: _Point) -> Iterator[_Point]:
    """Points that differ from one in a single column."""
    for column in range(instance.columns):
        for value in _places(instance, column, start[column]):
            yield (*start[:column], value, *start[column + 1 :])


def _places(instance: Instance, column: int, value: Fraction) -> list[Fraction]:
    """Values of a column from its least to its greatest."""
    lower, upper = instance.lower[column], instance.upper[column]
    away = _FAR * max(Fraction(1), abs(value))
    least = value - away if math.isinf(lower) else exact(lower)
    greatest = value + away if math.isinf(upper) else exact(upper)
    if math.isinf(lower):
        least = min(least, greatest)
    if math.isinf(upper):
        greatest = max(least, greatest)
    middle = (least + greatest) / 2
    zero = min(max(Fraction(0), least), greatest)
    places = sorted({least, (least + middle) / 2, middle, zero, (middle + greatest) / 2, greatest})
    if instance.integer[column]:
        inside = [Fraction(round(place)) for place in places]
        return [place for place in inside if least <= place <= greatest] or [least]
    return places
