"""From what a solver said to findings that can be checked without it."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from neurosym.backends.optimization.auxiliary import elastic, feasibility, fixed, ray_model
from neurosym.backends.optimization.choice import Choice
from neurosym.backends.optimization.conflicts import find_conflict
from neurosym.backends.optimization.findings import Findings, SecondOpinion
from neurosym.backends.optimization.rounding import rounded_multipliers, rounded_vertex
from neurosym.backends.optimization.solvers import SolverName
from neurosym.backends.optimization.task import Answer, Ending, Task, task_of
from neurosym.backends.optimization.vertex import Vertex, vertex
from neurosym.formal.optimization.certificates import (
    dual_bound,
    improves,
    objective_value,
    recession_violations,
    violations,
)
from neurosym.formal.optimization.domains import edge_of_domain
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.probing import counterexample

__all__ = ["Certifier", "Solve"]

Solve = Callable[[SolverName, Task], Awaitable[Answer]]


@dataclass(slots=True)
class Certifier:
    """Solves one model and gathers what proves the result.

    Attributes:
        instance: The model.
        choice: Who solves it.
        solve: Runs a solver.
        seconds: Time for all of it.
        gap: Relative gap at which an optimum counts as found.
        nodes: Most nodes of a search tree; 0 is no limit.
    """

    instance: Instance
    choice: Choice
    solve: Solve
    seconds: float
    gap: float = 0.0
    nodes: int = 0
    _begin: float = field(default_factory=time.monotonic)

    async def run(self) -> Findings:
        """Solve the model, and certify what is said of it."""
        answer = await self._solve(self.choice.first, self.instance)
        if answer.ending is Ending.FAILED and self.choice.spare is not None:
            answer = await self._spare(answer, self.choice.spare)
        found = Findings(
            ending=answer.ending,
            solver=answer.solver,
            reason=self.choice.reason,
            message=answer.message,
            bound=answer.bound if math.isfinite(answer.bound) else None,
            nodes=answer.nodes,
            notes=self.instance.notes,
        )
        if len(answer.x) == self.instance.columns and answer.ending in _WITH_POINT:
            found = await self._with_point(found, answer)
        if self.instance.is_linear and found.ending is Ending.UNBOUNDED:
            found = await self._unbounded(found)
        if found.ending is Ending.INFEASIBLE:
            found = replace(found, multipliers=await self._farkas())
        if not self._is_proved(found):
            found = await self._second(self._doubted(found))
        if found.ending is Ending.INFEASIBLE:
            found = await self._conflict(found)
        return replace(found, seconds=time.monotonic() - self._begin)

    def _doubted(self, found: Findings) -> Findings:
        """Findings, not to be trusted where a solver ended on a model it cannot be certain of."""
        if found.ending not in _CERTAIN:
            return found
        doubt = edge_of_domain(self.instance) or self._refuted(found)
        if not doubt:
            return found
        return replace(found, ending=Ending.UNSURE, doubt=doubt, claimed=None)

    def _refuted(self, found: Findings) -> str:
        """What shows that a solver's word on a model that is not linear is false, in words."""
        instance = self.instance
        if instance.is_linear or found.ending is Ending.UNBOUNDED:
            return ""
        margin = Fraction(_BETTER + self.gap)
        point = counterexample(instance, found.values, found.objective, margin)
        if point is None:
            return ""
        names = zip(instance.column_names, point, strict=True)
        shown = ", ".join(f"{name} = {float(value):g}" for name, value in [*names][:_MAX_NAMED])
        if found.ending is Ending.INFEASIBLE:
            return f"{found.solver} finds no point, but {shown} keeps to every constraint"
        value = float(objective_value(instance, point))
        return (
            f"{found.solver} stops at {float(found.objective or 0):g}, but {shown} gives {value:g}"
        )

    async def _spare(self, failed: Answer, spare: SolverName) -> Answer:
        """What the spare solver says, unless it fails as well."""
        answer = await self._solve(spare, self.instance)
        if answer.ending is Ending.FAILED:
            return failed
        reason = f"{self.choice.reason}, but {failed.solver} failed: {failed.message}"
        second = SolverName.CBC if spare is SolverName.HIGHS else None
        self.choice = Choice(spare, second, reason)
        return answer

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._begin + self.seconds - time.monotonic())

    async def _solve(self, solver: SolverName, instance: Instance) -> Answer:
        if self.left <= 0:
            return Answer(Ending.LIMIT, solver.value, "there was no time left for it")
        return await self.solve(
            solver, task_of(instance, seconds=self.left, gap=self.gap, nodes=self.nodes)
        )

    # ------------------------------------------------------------ a point

    async def _with_point(self, found: Findings, answer: Answer) -> Findings:
        """The point that was found, exactly if it can be had."""
        instance = self.instance
        whole = bool(instance.integer.any())
        values = tuple(
            Fraction(round(value)) if is_whole else Fraction(value)
            for value, is_whole in zip(answer.x.tolist(), instance.integer.tolist(), strict=True)
        )
        multipliers: tuple[Fraction, ...] = ()
        is_exact = whole and bool(instance.integer.all()) and instance.is_exact
        corner = await self._corner(answer, values) if instance.is_linear else None
        if corner is not None:
            multipliers = () if whole else corner.multipliers
            if corner.x:
                values, is_exact = corner.x, True
        try:
            objective = objective_value(instance, values)
        except (ValueError, ArithmeticError) as error:
            if found.ending is not Ending.OPTIMAL:
                return found  # a function has no value there: no point at all
            # The point is kept, so that anybody can see that it is none.
            message = f"the objective has no value at its solution: {error}"
            return replace(found, ending=Ending.FAILED, message=message, values=values)
        compares = not instance.is_linear and found.ending is Ending.OPTIMAL and not self.gap
        return replace(
            found, values=values, is_exact=is_exact, objective=objective, multipliers=multipliers,
            claimed=answer.objective if compares and math.isfinite(answer.objective) else None,
        )  # fmt: skip

    async def _corner(self, answer: Answer, values: tuple[Fraction, ...]) -> Vertex | None:
        """The vertex of the linear model that is left once whole columns are held, or near it."""
        instance = self.instance
        if instance.integer.all():
            return None  # there is nothing left to solve
        if instance.integer.any() or not len(answer.column_at):
            instance = fixed(instance, values)
            answer = await self._solve(SolverName.HIGHS, instance)
        found = vertex(instance, answer)
        if found is None or next(violations(instance, found.x), None) is not None:
            return rounded_vertex(instance, answer)
        return found

    # ------------------------------------------------------------ no point

    async def _farkas(self) -> tuple[Fraction, ...]:
        """Multipliers of the rows that prove that there is no point, or nothing."""
        # What the linear rows alone cannot keep, no further rows make good.
        instance = self.instance
        nothing = (Fraction(0),) * instance.rows
        if dual_bound(instance, nothing, cost=False):
            return nothing  # bounds are in conflict by themselves
        relaxed = elastic(instance)
        answer = await self._solve(SolverName.HIGHS, relaxed)
        corner = vertex(relaxed, answer)
        for multipliers in (
            () if corner is None else corner.multipliers,
            rounded_multipliers(instance, answer.duals, cost=False),
        ):
            if multipliers and (dual_bound(instance, multipliers, cost=False) or 0) > 0:
                return multipliers
        return ()

    async def _conflict(self, found: Findings) -> Findings:
        """Which constraints and bounds cannot hold together, in a part of the time that is left."""
        end = time.monotonic() + _CONFLICT_SHARE * self.left

        async def is_infeasible(instance: Instance) -> bool | None:
            """Whether a model has no point; ``None`` if that is not known in time."""
            # Of whole numbers without bounds a solver may search for ever.
            seconds = min(_TRIAL_SECONDS, end - time.monotonic())
            if seconds <= 0:
                return None
            solver = SolverName.HIGHS if instance.is_linear else SolverName.SCIP
            task = task_of(feasibility(instance), seconds=seconds, vertex=False)
            answer = await self.solve(solver, task)
            if answer.ending is Ending.INFEASIBLE and edge_of_domain(instance):
                return None
            return {Ending.INFEASIBLE: True, Ending.OPTIMAL: False}.get(answer.ending)

        conflict = await find_conflict(self.instance, found.multipliers, is_infeasible)
        return replace(
            found,
            conflict=conflict.names,
            conflict_is_minimal=conflict.is_minimal,
            conflict_rows=conflict.rows,
            conflict_columns=conflict.columns,
            conflict_needs_signs=conflict.needs_signs,
        )

    async def _unbounded(self, found: Findings) -> Findings:
        instance = self.instance
        directions = ray_model(instance)
        answer = await self._solve(SolverName.HIGHS, directions)
        corner = vertex(directions, answer)
        direction = corner.x if corner is not None else tuple(map(Fraction, answer.x.tolist()))
        if not direction or improves(instance, direction) <= 0:
            return found
        if next(recession_violations(instance, direction), None) is not None:
            return found
        found = replace(found, direction=direction, multipliers=())
        if found.values and self._keeps_all(found.values):
            return found
        # What a solver holds when it sees that there is no end need not keep to the rows.
        found = replace(found, values=(), objective=None, is_exact=False)
        point = await self._solve(SolverName.HIGHS, feasibility(instance))
        if point.ending is Ending.INFEASIBLE:
            return replace(found, ending=Ending.INFEASIBLE, direction=())
        if len(point.x) != instance.columns:
            return found
        reached = replace(await self._with_point(found, point), multipliers=())
        return reached if self._keeps_all(reached.values) else found

    def _keeps_all(self, values: tuple[Fraction, ...]) -> bool:
        return next(violations(self.instance, values), None) is None

    # ------------------------------------------------------------ another solver

    async def _second(self, found: Findings) -> Findings:
        if self.choice.second is None:
            return found
        answer = await self._solve(self.choice.second, self.instance)
        has_value = not math.isnan(answer.objective)
        second = SecondOpinion(
            answer.solver, answer.ending, answer.objective if has_value else None, answer.message
        )
        return replace(found, second=second)

    def _is_proved(self, found: Findings) -> bool:
        """Whether a certificate makes a second solver needless."""
        instance = self.instance
        # Without rows there is nothing to multiply, and bounds may prove it by themselves.
        has_multipliers = len(found.multipliers) == instance.rows
        if found.ending is Ending.OPTIMAL:
            return (
                has_multipliers
                and found.is_exact
                and instance.is_linear
                and (dual_bound(instance, found.multipliers) == found.objective)
            )
        if found.ending is Ending.INFEASIBLE:
            bound = dual_bound(instance, found.multipliers, cost=False) if has_multipliers else None
            return bound is not None and bound > 0
        return found.ending is Ending.UNBOUNDED and bool(found.direction and found.values)


_BETTER = 1e-4
"""By how much, relative to the optimum, a point is better that shows it to be none."""
_MAX_NAMED = 5
_CONFLICT_SHARE = 0.5
"""Of the time that is left, how much the search for a small conflict may take."""
_TRIAL_SECONDS = 1.0
"""Time for one trial of that search."""
_CERTAIN = frozenset({Ending.OPTIMAL, Ending.INFEASIBLE, Ending.UNBOUNDED})
_WITH_POINT = frozenset({Ending.OPTIMAL, Ending.LIMIT, Ending.UNBOUNDED})
