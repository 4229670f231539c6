"""The exact solution at a vertex that a simplex method ended in.

A solver's numbers are floating-point, but which rows and bounds hold with equality is not. From
that, the solution follows by linear equations in fractions (Applegate et al. 2007, Exact solutions
to linear programming problems). Whether it is feasible and optimal is for the certificates to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from neurosym.backends.optimization.task import Answer
from neurosym.formal.optimization.instance import Instance, exact, exact_limit

__all__ = ["MAX_EQUATIONS", "Vertex", "vertex"]

MAX_EQUATIONS = 400
"""Most equations that are solved exactly; where none of their numbers is 0, in about a second."""
_MAX_BITS = 10_000
"""Longest number of a solution, in binary digits; Python writes down no longer ones."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex and its dual.

    Attributes:
        x: The columns, shape (n,).
        multipliers: Of the rows, shape (m,).
    """

    x: tuple[Fraction, ...]
    multipliers: tuple[Fraction, ...]


def vertex(instance: Instance, answer: Answer) -> Vertex | None:
    """The vertex at which a solver ended, exactly; ``None`` if it named none that can be solved."""
    held = np.flatnonzero(answer.at)
    basic = np.flatnonzero(answer.column_at == 0)
    if len(answer.column_at) != instance.columns or len(answer.at) != instance.rows:
        return None
    if len(held) != len(basic) or len(held) > MAX_EQUATIONS:
        return None
    x: list[Fraction] = []
    for column in range(instance.columns):
        value = _held_at(instance, column, answer)
        if value is None:
            return None
        x.append(value)
    place = {int(column): k for k, column in enumerate(basic)}
    size = len(held)
    matrix = [[Fraction(0)] * size for _ in range(size)]
    right = []
    for k, row in enumerate(held.tolist()):
        limit = instance.row_lower[row] if answer.at[row] < 0 else instance.row_upper[row]
        total = exact(limit) if answer.at[row] != 2 else Fraction(0)
        for column, value in instance.entries(row):
            if column in place:
                matrix[k][place[column]] = exact(value)
            else:
                total -= exact(value) * x[column]
        right.append(total)
    cost = [exact(instance.cost[column]) for column in basic.tolist()]
    solved = _solve(matrix, right, cost)
    if solved is None:
        return None
    if any(
        max(map(int.bit_length, v.as_integer_ratio())) > _MAX_BITS for v in (*solved[0], *solved[1])
    ):
        return None
    for column, value in zip(basic.tolist(), solved[0], strict=True):
        x[column] = value
    multipliers = [Fraction(0)] * instance.rows
    for row, value in zip(held.tolist(), solved[1], strict=True):
        multipliers[row] = value
    return Vertex(tuple(x), tuple(multipliers))


def _held_at(instance: Instance, column: int, answer: Answer) -> Fraction | None:
    """The bound a column is held at, 0 if it is basic or free; ``None`` if it has no such one."""
    where = answer.column_at[column]
    if where in (0, 2):
        return Fraction(0)
    limit = exact_limit(instance.lower[column] if where < 0 else instance.upper[column])
    return limit if isinstance(limit, Fraction) else None


def _solve(
    matrix: list[list[Fraction]], right: list[Any], cost: list[Fraction]
) -> tuple[list[Fraction], list[Fraction]] | None:
    """``matrix x = right`` and ``transpose(matrix) y = cost``; ``None`` if it is singular."""
    if not matrix:
        return [], []
    import flint

    def rational(value: Fraction) -> Any:
        return flint.fmpq(value.numerator, value.denominator)

    def column(values: list[Any]) -> Any:
        return flint.fmpq_mat(len(values), 1, [rational(Fraction(value)) for value in values])

    def fractions(found: Any) -> list[Fraction]:
        return [Fraction(int(value.p), int(value.q)) for value in found.entries()]

    size = len(matrix)
    square = flint.fmpq_mat(size, size, [rational(value) for line in matrix for value in line])
    try:
        return fractions(square.solve(column(right))), fractions(
            square.transpose().solve(column(cost))
        )
    except ZeroDivisionError:
        return None
