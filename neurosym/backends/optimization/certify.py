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
from neurosym.backends.optimization.stationary import optimum_near, tangent_around
from neurosym.backends.optimization.task import Answer, Ending, Task, task_of
from neurosym.backends.optimization.vertex import Vertex, vertex
from neurosym.formal.optimization.certificates import (
    TOLERANCE,
    dual_bound,
    improves,
    objective_value,
    recession_violations,
    violations,
)
from neurosym.formal.optimization.convexity import multiplied_out
from neurosym.formal.optimization.domains import edge_of_domain
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Sense
from neurosym.formal.optimization.probing import counterexample
from neurosym.formal.optimization.relaxing import moved_off_edges

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
    _is_tight: bool = False  # whether an exact vertex broke what its solver takes as kept
    _off_edges: Answer | None = None

    async def run(self) -> Findings:
        """Solve the model, and certify what is said of it."""
        found = await self._second(await self._solved_off_edges() or await self._solved())
        if found.ending is Ending.INFEASIBLE:
            found = await self._conflict(found)
        return replace(found, seconds=time.monotonic() - self._begin)

    async def _solved(self) -> Findings:
        answer = await self._solve(self.choice.first, self.instance)
        found = await self._gathered(answer)
        if found.ending is Ending.FAILED and self.choice.spare is not None:
            found = await self._spare(found, self.choice.spare)
        if self.choice.second is not None and self._is_broken(found):
            other = await self._gathered(await self._solve(self.choice.second, self.instance))
            if other.ending is Ending.OPTIMAL and not self._is_broken(other):
                said = "its point breaks constraints once its numbers are whole"
                opinion = SecondOpinion(found.solver, Ending.FAILED, None, said)
                found = replace(other, second=opinion)
        if found.ending not in _CERTAIN or not (doubt := self._doubt(found)):
            return found
        return replace(found, ending=Ending.UNSURE, doubt=doubt, claimed=None)

    async def _solved_off_edges(self) -> Findings | None:
        """What is certain of a model with edges by one without them, if anything is."""
        moved = moved_off_edges(self.instance)
        if moved is None:
            return None
        # The other half of the time is for the model as it is.
        answer = await self._solve(self.choice.first, moved, self.left / 2)
        self._off_edges = answer
        found = await self._gathered(answer)
        return found if found.ending in _CERTAIN and not self._doubt(found) else None

    async def _gathered(self, answer: Answer) -> Findings:
        """An answer with what proves it."""
        found = Findings(
            ending=answer.ending,
            solver=answer.solver,
            reason=self.choice.reason,
            message=answer.message,
            bound=answer.bound if math.isfinite(answer.bound) else None,
            gap=self.gap,
            nodes=answer.nodes,
            notes=self.instance.notes,
        )
        if len(answer.x) == self.instance.columns and answer.ending in _WITH_POINT:
            found = await self._with_point(found, answer)
        if found.ending is Ending.UNBOUNDED and self._is_straight:
            found = await self._unbounded(found)
            if self._is_convex and found.ending is Ending.UNBOUNDED and not found.direction:
                message = f"{found.message}, though there is an end along each line"
                found = replace(found, ending=Ending.FAILED, message=message)
        elif found.ending in _IN_DOUBT and self._is_convex and not self._is_proved(found):
            found = await self._convex(found, answer)
        if self._is_tight and found.ending in (Ending.OPTIMAL, Ending.UNBOUNDED):
            found = await self._no_point(found)
        elif found.ending is Ending.INFEASIBLE:
            proof = await self._farkas() or await self._farkas(_FINE)
            found = replace(found, multipliers=proof)
        return found

    def _is_broken(self, found: Findings) -> bool:
        """Whether an optimum with whole numbers is none: what was rounded to them made it fit."""
        if found.ending is not Ending.OPTIMAL or not self.instance.integer.any():
            return False
        return not self._nearly_keeps_all(found.values)

    def _doubt(self, found: Findings) -> str:
        """Why what a solver said at its end is not to be trusted, in words."""
        if self.instance.is_linear or self._is_proved(found):
            return ""
        edge = edge_of_domain(self.instance)
        return edge if edge and not self._is_no_worse(found) else self._refuted(found)

    def _is_no_worse(self, found: Findings) -> bool:
        """Whether the model moved off its edges has no better optimum, or no point either."""
        answer = self._off_edges
        if answer is None or answer.ending is not found.ending:
            return False
        if found.ending is Ending.INFEASIBLE:
            return True
        if found.objective is None or not math.isfinite(answer.bound):
            return False
        sign = 1 if self.instance.sense is Sense.MAXIMIZE else -1
        margin = Fraction(_OFF_EDGE + self.gap) * max(Fraction(1), abs(found.objective))
        if sign * (Fraction(answer.bound) - found.objective) > margin:
            return False
        try:
            return self._nearly_keeps_all(found.values)
        except (ValueError, ArithmeticError):
            return False

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

    async def _spare(self, failed: Findings, spare: SolverName) -> Findings:
        """What the spare solver says, unless it fails as well."""
        answer = await self._solve(spare, self.instance)
        if answer.ending is Ending.FAILED:
            return failed
        reason = f"{self.choice.reason}, but {failed.solver} failed: {failed.message}"
        takes_it = spare is SolverName.HIGHS and self.instance.is_linear
        second = SolverName.CBC if takes_it else None
        self.choice = Choice(spare, second, reason)
        return await self._gathered(answer)

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._begin + self.seconds - time.monotonic())

    async def _solve(
        self, solver: SolverName, instance: Instance, seconds: float = math.inf
    ) -> Answer:
        seconds = min(seconds, self.left)
        if seconds <= 0:
            return Answer(Ending.LIMIT, solver.value, "there was no time left for it")
        if solver is SolverName.HIGHS and not instance.is_linear:
            instance = multiplied_out(instance)
        return await self.solve(
            solver, task_of(instance, seconds=seconds, gap=self.gap, nodes=self.nodes)
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
        corner = None
        if instance.is_linear or (found.ending is Ending.UNBOUNDED and self._is_straight):
            corner = await self._corner(answer, values)
        elif found.ending is Ending.OPTIMAL and self._is_convex:
            tangent = await self._solve(SolverName.HIGHS, tangent_around(instance, values))
            corner = optimum_near(instance, values, tangent)
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
        compares = not instance.is_linear and found.ending is Ending.OPTIMAL
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
        if found is not None and next(violations(instance, found.x), None) is not None:
            self._is_tight, found = True, None
        return rounded_vertex(instance, answer) if found is None else found

    async def _no_point(self, found: Findings) -> Findings:
        """Whether there is no point, though a solver takes one for one within its tolerance."""
        multipliers = await self._farkas(_FINE)
        if not multipliers:
            return found
        message = f"{found.message}, by a point that only rounding makes one"
        return Findings(
            Ending.INFEASIBLE, found.solver, found.reason, message, notes=found.notes,
            multipliers=multipliers,
        )  # fmt: skip

    # ------------------------------------------------------------ no point

    async def _farkas(self, scale: int = 1) -> tuple[Fraction, ...]:
        """Multipliers of the rows that prove that there is no point, or nothing."""
        # What the linear rows alone cannot keep, no further rows make good.
        instance = self.instance
        nothing = (Fraction(0),) * instance.rows
        if dual_bound(instance, nothing, cost=False):
            return nothing  # bounds are in conflict by themselves
        relaxed = elastic(instance, scale)
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
            instance = feasibility(instance)
            solver = SolverName.HIGHS if instance.is_linear else SolverName.SCIP
            task = task_of(instance, seconds=seconds, vertex=False)
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
            conflict_needs_whole=conflict.needs_whole,
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
        if self._keeps_all(reached.values):
            return reached
        self._is_tight = True
        return found

    async def _convex(self, found: Findings, answer: Answer) -> Findings:
        """What can be proved of a convex model though its solver did not find it."""
        other = await self._unbounded(replace(found, ending=Ending.UNBOUNDED, claimed=None))
        if other.direction and other.values:
            return replace(other, message=f"{found.message}; but the objective has no end")
        if found.ending is Ending.FAILED and len(answer.x) == self.instance.columns:
            other = await self._with_point(replace(found, ending=Ending.OPTIMAL), answer)
            if self._is_proved(other):
                return replace(other, message=f"{found.message}; but what is near it is proved")
        return found

    @property
    def _is_straight(self) -> bool:
        """Whether it has linear rows, and an objective that may be straight along a line."""
        instance = self.instance
        return instance.is_linear or (
            not instance.nonlinear and instance.quadratic_cost is not None
        )

    @property
    def _is_convex(self) -> bool:
        return not self.instance.integer.any() and self.instance.is_convex

    def _keeps_all(self, values: tuple[Fraction, ...]) -> bool:
        return next(violations(self.instance, values), None) is None

    def _nearly_keeps_all(self, values: tuple[Fraction, ...]) -> bool:
        """Whether a point keeps to all but for rounding."""
        return all(item.relative <= TOLERANCE for item in violations(self.instance, values))

    # ------------------------------------------------------------ another solver

    async def _second(self, found: Findings) -> Findings:
        is_needless = found.second is not None or self._is_proved(found)
        if self.choice.second is None or is_needless:
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
        if found.ending is Ending.OPTIMAL:
            return found.prove_optimum(instance)
        if found.ending is Ending.INFEASIBLE:
            # Without rows there is nothing to multiply, and bounds may prove it by themselves.
            has_multipliers = len(found.multipliers) == instance.rows
            bound = dual_bound(instance, found.multipliers, cost=False) if has_multipliers else None
            return bound is not None and bound > 0
        return found.ending is Ending.UNBOUNDED and bool(found.direction and found.values)


_BETTER = 1e-4
"""By how much, relative to the optimum, a point is better that shows it to be none."""
_FINE = 1 << 20
"""What makes a millionth of what solvers take for nothing something that they see."""
_OFF_EDGE = 1e-5
"""How much better, relatively, the optimum of a model moved off its edges may be than the found."""
_MAX_NAMED = 5
_CONFLICT_SHARE = 0.5
"""Of the time that is left, how much the search for a small conflict may take."""
_TRIAL_SECONDS = 1.0
"""Time for one trial of that search."""
_IN_DOUBT = frozenset({Ending.OPTIMAL, Ending.FAILED})
"""How solvers end on convex models without end, or go astray on others, beside the right way."""
_CERTAIN = frozenset({Ending.OPTIMAL, Ending.INFEASIBLE, Ending.UNBOUNDED})
_WITH_POINT = frozenset({Ending.OPTIMAL, Ending.LIMIT, Ending.UNBOUNDED})
