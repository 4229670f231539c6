"""A small set of constraints that cannot hold together.

By deletion: a constraint goes if the others conflict without it, and stays if they do not; what
stays is irreducible (Chinneck 2008, Feasibility and Infeasibility in Optimization, chapter 6).
Starting from the rows of a Farkas proof leaves few to try.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from neurosym.backends.optimization.auxiliary import without
from neurosym.formal.optimization.instance import Instance

__all__ = ["Conflict", "find_conflict"]

_MAX_TRIALS = 200
"""Most constraints that are tried one by one."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Constraints, by their numbers, and columns, whose bounds are meant.

    Attributes:
        constraints: Numbers of constraints.
        columns: Numbers of columns.
        names: What they are called.
        is_minimal: Whether the rest can hold whichever of them is left out.
    """

    constraints: tuple[int, ...]
    columns: tuple[int, ...]
    names: tuple[str, ...]
    is_minimal: bool


async def find_conflict(
    instance: Instance,
    multipliers: Sequence[Fraction],
    is_infeasible: Callable[[Instance], Awaitable[bool | None]],
) -> Conflict:
    """Constraints and bounds that cannot hold together, as few as time allows.

    Args:
        instance: A model without any point.
        multipliers: A Farkas proof of that, or nothing.
        is_infeasible: Says whether a model has no point, or ``None`` if that is not known.
    """
    empty = _column_without_range(instance)
    if empty is not None:
        return Conflict((), (empty,), _names(instance, (), (empty,)), is_minimal=True)
    every = set(np.unique(instance.row_origin).tolist())
    involved = every
    if multipliers:
        rows = [row for row, value in enumerate(multipliers) if value]
        involved = set(np.unique(instance.row_origin[rows]).tolist())
    # Whatever the proof does not use is not part of the conflict.
    gone = every - involved
    bounded = _bounded_columns(instance, gone)
    gone_columns: set[int] = set()
    is_minimal = len(involved) + len(bounded) <= _MAX_TRIALS
    for constraint in sorted(involved)[:_MAX_TRIALS]:
        verdict = await is_infeasible(without(instance, gone | {constraint}, gone_columns))
        if verdict is None:
            is_minimal = False
        elif verdict:
            gone.add(constraint)
    for column in bounded[: max(0, _MAX_TRIALS - len(involved))]:
        verdict = await is_infeasible(without(instance, gone, gone_columns | {column}))
        if verdict is None:
            is_minimal = False
        elif verdict:
            gone_columns.add(column)
    constraints = tuple(sorted(every - gone))
    columns = tuple(column for column in bounded if column not in gone_columns)
    return Conflict(constraints, columns, _names(instance, constraints, columns), is_minimal)


def _column_without_range(instance: Instance) -> int | None:
    """A column whose bounds leave it no value; nothing else is needed for a conflict then."""
    bounds = zip(
        instance.lower.tolist(), instance.upper.tolist(), instance.integer.tolist(), strict=True
    )
    for column, (lower, upper, whole) in enumerate(bounds):
        if whole and math.isfinite(lower) and math.isfinite(upper):
            lower, upper = math.ceil(lower), math.floor(upper)
        if lower > upper:
            return column
    return None


def _bounded_columns(instance: Instance, gone: set[int]) -> list[int]:
    """Columns of the rows that are left whose bounds were chosen; 0 goes without saying."""
    rows = np.flatnonzero(~np.isin(instance.row_origin, list(gone)))
    used = {column for row in rows.tolist() for column, _ in instance.entries(row)}
    return [
        column
        for column in sorted(used)
        if column < instance.auxiliary
        and (
            math.isfinite(instance.upper[column])
            or (math.isfinite(instance.lower[column]) and instance.lower[column] != 0)
        )
    ]


def _names(
    instance: Instance, constraints: Sequence[int], columns: Sequence[int]
) -> tuple[str, ...]:
    first = instance.first_rows
    # A constraint for all elements of a set is named once, without its indices.
    rows = [instance.row_names[first[number]].split("[")[0] for number in constraints]
    return (*rows, *(instance.column_names[column] for column in columns))
