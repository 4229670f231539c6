"""A small set of constraints that cannot hold together.

By deletion: a constraint goes if the others conflict without it, and stays if they do not; what
stays is irreducible (Chinneck 2008, Feasibility and Infeasibility in Optimization, chapter 6).
Starting from the rows of a Farkas proof leaves few to try. Any solver that can say that there is no
point will do. Of a constraint for all elements of a set, it is then found for which elements.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from neurosym.backends.optimization.auxiliary import with_fractions, without
from neurosym.formal.optimization.expression import Column, walk
from neurosym.formal.optimization.instance import Instance

__all__ = ["Conflict", "find_conflict"]

_MAX_TRIALS = 200
"""Most trials of constraints and bounds one by one, and most of their elements."""
_OBJECTIVE = "objective"
"""What rows that come from no constraint are told by."""

_IsInfeasible: TypeAlias = Callable[[Instance], Awaitable[bool | None]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Constraints and columns, whose bounds are meant.

    Attributes:
        rows: Numbers of their rows, those that are not linear after the linear ones.
        columns: Numbers of columns.
        names: What the constraints and columns are called.
        is_minimal: Whether the rest can hold whichever of ``names`` is left out.
        needs_signs: Whether it needs bounds at 0 as well, which go without saying.
        needs_whole: Whether it needs columns to be whole: with fractions they could hold.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    names: tuple[str, ...]
    is_minimal: bool
    needs_signs: bool = False
    needs_whole: bool = False


async def find_conflict(
    instance: Instance, multipliers: Sequence[Fraction], is_infeasible: _IsInfeasible
) -> Conflict:
    """Constraints and bounds that cannot hold together, as few as time allows.

    Args:
        instance: A model without any point.
        multipliers: A Farkas proof of that, of the linear rows, or nothing.
        is_infeasible: Says whether a model has no point, or ``None`` if that is not known.
    """
    # Nothing else is needed for a conflict then.
    empty = next(instance.columns_without_value(), None)
    if empty is not None:
        return Conflict((), (empty,), (instance.column_names[empty],), is_minimal=True)
    constraints = _rows_by(instance, instance.origin_of)
    proof = {row for row, value in enumerate(multipliers) if value}
    search = _Search(instance, is_infeasible)
    if proof:
        # Whatever the proof does not use is not part of the conflict.
        search.gone = {row for rows in constraints if proof.isdisjoint(rows) for row in rows}
    tried = [rows for rows in constraints if search.gone.isdisjoint(rows)]
    if proof and len(tried) > _MAX_TRIALS:
        # Most of them are needed, since a proof at a vertex uses little else: no trials would do.
        search.is_minimal = False
    else:
        for rows in tried:
            await search.drop(rows)
    bounded = _bounded_columns(instance, search.gone)
    for column in bounded:
        await search.drop((), column)
    kept = [rows for rows in constraints if search.gone.isdisjoint(rows)]
    origins = [instance.origin_of(rows[0]) for rows in kept]
    columns = [column for column in bounded if column not in search.gone_columns]
    names = [
        instance.constraint_names[origin] if origin >= 0 else _OBJECTIVE for origin in origins
    ] + [instance.column_names[column] for column in columns]
    is_minimal = search.is_minimal
    signed = _signed_columns(instance, search.gone)
    needs_signs = bool(signed) and await search.holds(search.rest(signed))
    left = await search.elements([row for rows in kept for row in rows], proof)
    used = _columns_of(instance, left)
    # A proof of the linear rows speaks of fractions as well.
    has_whole = not proof and bool(instance.integer[: instance.auxiliary].any())
    needs_whole = has_whole and await search.holds(with_fractions(search.rest()))
    return Conflict(
        tuple(left), tuple(k for k in columns if k in used), tuple(names), is_minimal,
        needs_signs, needs_whole,
    )  # fmt: skip


@dataclass(slots=True)
class _Search:
    """Takes away what a conflict does not need.

    Attributes:
        instance: A model without any point.
        is_infeasible: Says whether one has no point.
        gone: Rows that are taken away.
        gone_columns: Columns whose bounds are taken away.
        is_minimal: Whether everything that was tried was known to be needed or not.
        trials: How many are left.
    """

    instance: Instance
    is_infeasible: _IsInfeasible
    gone: set[int] = field(default_factory=set)
    gone_columns: set[int] = field(default_factory=set)
    is_minimal: bool = True
    trials: int = _MAX_TRIALS

    async def drop(self, rows: Iterable[int], *columns: int) -> bool:
        """Take away rows, and bounds of columns, if the rest has no point all the same."""
        verdict = None
        gone, gone_columns = self.gone | {*rows}, self.gone_columns | {*columns}
        if self.trials > 0:
            self.trials -= 1
            verdict = await self.is_infeasible(without(self.instance, gone, gone_columns))
        if verdict is None:
            self.is_minimal = False
        if verdict:
            self.gone, self.gone_columns = gone, gone_columns
        return bool(verdict)

    def rest(self, columns: Sequence[int] = ()) -> Instance:
        """What is left, without the bounds of some further columns."""
        return without(self.instance, self.gone, self.gone_columns | {*columns})

    async def holds(self, instance: Instance) -> bool:
        """Whether a part of the model is known to have a point."""
        if self.trials <= 0:
            return False
        self.trials -= 1
        return await self.is_infeasible(instance) is False

    async def elements(self, rows: list[int], proof: set[int]) -> list[int]:
        """Of rows that conflict, those of elements for which they do."""
        self.trials = _MAX_TRIALS
        named = self.instance.name_of_row
        groups = _rows_by(self.instance, lambda row: (self.instance.origin_of(row), named(row)))
        wanted = {*rows}
        groups = [group for group in groups if group[0] in wanted]
        if len(groups) > len({self.instance.origin_of(row) for row in rows}):
            unused = [row for group in groups if proof.isdisjoint(group) for row in group]
            if proof and unused:
                await self.drop(unused)
            await self._halve([group for group in groups if group[0] not in self.gone])
        return [row for row in rows if row not in self.gone]

    async def _halve(self, groups: list[tuple[int, ...]]) -> None:
        """Take away groups, many at once where none of them is needed."""
        waiting = [groups]
        while waiting:
            part = waiting.pop()
            if await self.drop(row for group in part for row in group) or len(part) < 2:
                continue
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]


def _rows_by(instance: Instance, key: Callable[[int], object]) -> list[tuple[int, ...]]:
    """All rows, those not linear after the others, gathered by what they have in common."""
    found: dict[object, list[int]] = {}
    for row in range(instance.rows + len(instance.nonlinear)):
        found.setdefault(key(row), []).append(row)
    return [tuple(rows) for rows in found.values()]


def _bounded_columns(instance: Instance, gone: set[int]) -> list[int]:
    """Columns of the rows that are left whose bounds were chosen; 0 goes without saying."""
    rows = [row for row in range(instance.rows + len(instance.nonlinear)) if row not in gone]
    return [
        column
        for column in sorted(_columns_of(instance, rows))
        if column < instance.auxiliary
        and (
            math.isfinite(instance.upper[column])
            or (math.isfinite(instance.lower[column]) and instance.lower[column] != 0)
        )
    ]


def _signed_columns(instance: Instance, gone: set[int]) -> list[int]:
    """Columns of the rows that are left that have no bound but that they are not below 0."""
    rows = [row for row in range(instance.rows + len(instance.nonlinear)) if row not in gone]
    return [
        column
        for column in sorted(_columns_of(instance, rows))
        if column < instance.auxiliary
        and instance.lower[column] == 0
        and math.isinf(instance.upper[column])
    ]


def _columns_of(instance: Instance, rows: Iterable[int]) -> set[int]:
    """The columns that some row holds."""
    found: set[int] = set()
    for row in rows:
        if row < instance.rows:
            found |= {column for column, _ in instance.entries(row)}
        else:
            tree = instance.nonlinear[row - instance.rows].expression
            found |= {node.number for node in walk(tree) if isinstance(node, Column)}
    return found
