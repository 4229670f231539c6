"""Simple fractions near a solver's numbers: what proves something proves it wherever it is from.

For models whose vertex is too large to be computed. Where a solution is of simple fractions, as in
many models of whole numbers, they are found; where it is not, its multipliers may yet bound the
objective.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from neurosym.backends.optimization.task import Answer, Floats
from neurosym.backends.optimization.vertex import Vertex
from neurosym.formal.optimization.certificates import dual_bound, objective_value, violations
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Sense

__all__ = ["nearby", "rounded_multipliers", "rounded_vertex"]

_DENOMINATORS = (1, 12, 1000, 10**6, 10**9)
"""Greatest denominators that are tried."""


def rounded_vertex(instance: Instance, answer: Answer) -> Vertex | None:
    """A point and multipliers near a solver's that prove each other to be the best ones.

    Where no such point is found, the multipliers that bound the objective best, if any do.
    """
    multipliers = rounded_multipliers(instance, answer.duals)
    if not multipliers:
        return None
    bound = dual_bound(instance, multipliers)
    for x in nearby(answer.x.tolist()):
        if objective_value(instance, x) == bound and next(violations(instance, x), None) is None:
            return Vertex(x, multipliers)
    return Vertex((), multipliers)


def rounded_multipliers(
    instance: Instance, duals: Floats, *, cost: bool = True
) -> tuple[Fraction, ...]:
    """Of fractions near these multipliers those that prove most; empty if none proves anything.

    Args:
        instance: A linear model.
        duals: Multipliers of its rows, or nothing.
        cost: As in :func:`~neurosym.formal.optimization.certificates.dual_bound`.
    """
    if len(duals) != instance.rows:
        return ()
    sign = -1 if cost and instance.sense is Sense.MAXIMIZE else 1
    best: Fraction | None = None
    found: tuple[Fraction, ...] = ()
    for multipliers in nearby(duals.tolist()):
        bound = dual_bound(instance, multipliers, cost=cost)
        if bound is not None and (best is None or sign * bound > best):
            best, found = sign * bound, multipliers
    return found


def nearby(numbers: Sequence[Fraction | float]) -> Iterator[tuple[Fraction, ...]]:
    """Fractions near these numbers, from simple ones to near ones."""
    exact = [Fraction(number) for number in numbers]
    for most in _DENOMINATORS:
        yield tuple(number.limit_denominator(most) for number in exact)
