"""The exact solution at a vertex that a simplex method ended in.

A solver's numbers are floating-point, but which rows and bounds hold with equality is not. From
that, the solution follows by linear equations in fractions (Applegate et al. 2007, Exact solutions
to linear programming problems). Whether it is feasible and optimal is for the certificates to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from neurosym.backends.optimization.equations import solve_both
from neurosym.backends.optimization.task import Answer
from neurosym.formal.optimization.instance import Instance, exact, exact_limit

__all__ = ["Vertex", "vertex"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex and its dual.

    Attributes:
        x: The columns, shape (n,); empty if only its dual is known.
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
    if len(held) != len(basic):
        return None
    x: list[Fraction] = []
    for column in range(instance.columns):
        value = _held_at(instance, column, answer)
        if value is None:
            return None
        x.append(value)
    place = {int(column): k for k, column in enumerate(basic)}
    equations: list[dict[int, Fraction]] = []
    right = []
    for row in held.tolist():
        limit = instance.row_lower[row] if answer.at[row] < 0 else instance.row_upper[row]
        total = exact(limit) if answer.at[row] != 2 else Fraction(0)
        equation = {}
        for column, value in instance.entries(row):
            if column in place:
                equation[place[column]] = exact(value)
            elif x[column]:
                total -= exact(value) * x[column]
        equations.append(equation)
        right.append(total)
    cost = [exact(instance.cost[column]) for column in basic.tolist()]
    solved = solve_both(equations, right, cost)
    if solved is None:
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
