"""One step of a proof: from the first goal to those that are left instead of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from tests.backends.lean.small_prover.elaborator import Elaborator
from tests.backends.lean.small_prover.expressions import (
    Expr,
    FVar,
    Lam,
    MVar,
    Pi,
    apply,
    free_variable,
    instantiate,
    leaves,
    metavariable,
    replace_leaves,
)
from tests.backends.lean.small_prover.kernel import Kernel
from tests.backends.lean.small_prover.library import constants
from tests.backends.lean.small_prover.limits import Budget, Failure
from tests.backends.lean.small_prover.printer import shown, shown_goal
from tests.backends.lean.small_prover.state import Goal, Local, Naming, Proof, State
from tests.backends.lean.small_prover.unifier import Unifier

__all__ = ["Work", "checked_proof", "show_goals"]

_NO_PLACEHOLDER = "don't know how to synthesize placeholder"


class Work:
    """A step that is made on the first goal of a state.

    Raises:
        Failure: There is no goal.

    Attributes:
        state: The state before.
        goal: Its first goal.
        unifier: Finds what is left out; it changes nothing in the state before.
    """

    def __init__(self, state: State, budget: Budget) -> None:
        if not state.goals:
            raise Failure("No goals to be solved")
        self.state = state
        self.goal = state.goals[0]
        self.unifier = Unifier(constants(), state.assigned, budget)
        self._new: list[Goal] = []

    # ------------------------------------------------------------ what there is

    @property
    def target(self) -> Expr:
        """What is to be proved."""
        return self.unifier.resolved(self.goal.target)

    @property
    def locals(self) -> tuple[Local, ...]:
        """The variables and hypotheses."""
        return self.goal.locals

    def local(self, number: int) -> Local:
        """The variable or hypothesis of a number."""
        return next(local for local in self.locals if local.number == number)

    def type_of(self, local: Local) -> Expr:
        """The type of a hypothesis."""
        return self.unifier.resolved(local.variable.type)

    def named(self, name: str) -> Local:
        """The hypothesis of a name.

        Raises:
            Failure: There is none.
        """
        for local in reversed(self.locals):
            if local.name == name and not local.naming.hidden:
                return local
        raise Failure(f"Unknown identifier `{name}`")

    def fresh(self, name: str) -> Naming:
        """A name that no hypothesis has."""
        taken = {local.name for local in self.locals}
        text, count = name, 0
        while text in taken:
            count += 1
            text = f"{name}_{count}"
        return Naming(text, automatic=True)

    def dependents(self, number: int) -> list[Local]:
        """The hypotheses whose types a variable occurs in, or one of these, in order."""
        numbers = {number}
        found: list[Local] = []
        for local in self.locals:
            if not numbers.isdisjoint(_variables(self.type_of(local))):
                numbers.add(local.number)
                found.append(local)
        return found

    def depends(self, e: Expr, number: int) -> bool:
        """Whether a variable occurs in a term."""
        return number in _variables(self.unifier.resolved(e))

    def shown(self, e: Expr) -> str:
        """A term as its user reads it."""
        return shown(self.unifier.resolved(e), self.locals, self.unifier)

    def failure(self, message: str) -> Failure:
        """What to say if the step cannot be made, with the goal that it is for."""
        return Failure(f"{message}\n\n{shown_goal(self.goal, self.unifier.resolved, self.unifier)}")

    # ------------------------------------------------------------ what is made

    def elaborator(self, *, new_goals: bool = False) -> Elaborator:
        """Reads terms in the goal."""
        return Elaborator(self.unifier, self.locals, self._asked if new_goals else None)

    def hole(
        self, target: Expr, added: Sequence[Local] = (), without: Collection[int] = ()
    ) -> FVar:
        """A new goal.

        Args:
            target: What is to be proved.
            added: The variables and hypotheses that it has more.
            without: Numbers of those that it has no more.

        Returns:
            What proves the target for all that is added.
        """
        variables = [local.variable for local in added]
        for e in (target, *(variable.type for variable in variables)):
            self.unifier.keep_out(variables, e)
        type = target
        for variable in reversed(variables):
            type = self.unifier.bind(Pi, variable, type)
        hole = free_variable("goal", self.unifier.resolved(type))
        kept = [local for local in self.locals if local.number not in without]
        self._new.append(Goal(hole, (*kept, *added), tuple(variables), target))
        return hole

    def sought(self, name: str, type: Expr) -> MVar:
        """A new goal to find something of a type, behind all others."""
        scope = frozenset(local.number for local in self.locals)
        return metavariable(name, self.unifier.resolved(type), scope)

    def _asked(self, target: Expr, added: Sequence[Local]) -> Expr:
        """What stands for ``?_``."""
        target = self.unifier.resolved(target)
        if self.unifier.is_proposition(target):
            return apply(self.hole(target, added), *(local.variable for local in added))
        locals = (*self.locals, *added)
        scope = frozenset(local.number for local in locals)
        meta = metavariable("m", target, scope)
        self._new.append(Goal(meta, locals, (), target))
        return meta

    def finish(self, proof: Expr, *, leftover: bool = False) -> State:
        """The state behind the step.

        Args:
            proof: What proves the goal, with the holes of the new ones.
            leftover: Whether what is still to be found in it becomes goals; else it may not be.

        Raises:
            Failure: It proves something else, or something is still to be found.
        """
        proof = self._with_leftover(proof, leftover=leftover)
        self._check(proof)
        goal, rest = self.goal, self.state.goals[1:]
        proofs = dict(self.state.proofs)
        if isinstance(goal.hole, MVar):
            if goal.hole.number not in self.unifier.values:
                self.unifier.assign(goal.hole, proof)
        else:
            proofs[goal.hole.number] = Proof(goal.added, proof)
        state = replace(self.state, assigned=self.unifier.values, proofs=proofs)
        return state.with_goals(*self._new, *rest)

    def _with_leftover(self, proof: Expr, *, leftover: bool) -> Expr:
        """The proof, once all that is to be found has a goal."""
        known = {goal.hole.number for goal in (*self.state.goals, *self._new)}
        # What was to be found before may have become something with less in it.
        inherited = {
            meta.number
            for goal in self.state.goals
            if isinstance(goal.hole, MVar)
            for meta in self.unifier.unknown(goal.hole)
        }
        parts = [proof, *(goal.hole.type for goal in self._new)]
        for meta in [meta for part in parts for meta in self.unifier.unknown(part)]:
            if meta.number in known:
                continue
            known.add(meta.number)
            if not leftover and meta.number not in inherited:
                raise self.failure(_NO_PLACEHOLDER)
            if leftover and self.unifier.is_proposition(meta.type):
                self.unifier.assign(meta, self.hole(self.unifier.resolved(meta.type)))
                continue
            locals = tuple(local for local in self.locals if local.number in meta.scope)
            self._new.append(Goal(meta, locals, (), meta.type))
        return self.unifier.resolved(proof)

    def _check(self, proof: Expr) -> None:
        holes = {goal.hole.number for goal in self._new}
        own = {local.number for local in self.locals}
        if isinstance(meta := self.goal.hole, MVar):
            known = self.unifier.resolved(meta)
            inside = {inner.number for inner in self.unifier.unknown(proof)}
            if not _variables(proof) <= meta.scope or (known == meta and meta.number in inside):
                raise self.failure("the goal can be met by a term of its own variables only")
            if known not in (meta, proof):
                raise self.failure("the goal has been met by another term")
        if not _variables(proof) <= own | holes:
            raise self.failure("(kernel) declaration has free variables")
        for goal in self._new:
            if not _variables(self.unifier.resolved(goal.hole.type)) <= own:
                raise self.failure("a goal may not be about the proof of another")
        kernel = Kernel(constants(), self.unifier.assigned, self.unifier.budget)
        kernel.check(proof, self.target)

    def reopened(self, type: Expr, before: Sequence[Local]) -> tuple[list[Local], Expr]:
        """The hypotheses that a type takes, named like others, and what it says behind them."""
        found: list[Local] = []
        for local in before:
            assert isinstance(type, Pi)
            variable = free_variable(local.name, type.domain)
            found.append(Local(local.naming, variable))
            type = instantiate(type.body, variable)
        return found, type


def _variables(e: Expr) -> set[int]:
    if not e.has_free:
        return set()
    return {leaf.number for leaf in leaves(e) if isinstance(leaf, FVar)}


def show_goals(state: State, budget: Budget) -> tuple[str, ...]:
    """The goals of a state as Lean shows them."""
    unifier = Unifier(constants(), state.assigned, budget)
    return tuple(shown_goal(goal, unifier.resolved, unifier) for goal in state.goals)


def checked_proof(state: State, budget: Budget) -> Expr:
    """The whole proof of a theorem with no goals left, as the kernel has checked it.

    Raises:
        Failure: It proves something else.
    """
    unifier = Unifier(constants(), state.assigned, budget)
    done: dict[int, Expr] = {}

    def leaf(e: Expr, _: int) -> Expr:
        return done.get(e.number, e) if isinstance(e, FVar) else e

    # What is left of a goal is younger than it.
    for number in sorted(state.proofs, reverse=True):
        proof = state.proofs[number]
        body = replace_leaves(unifier.resolved(proof.term), lambda e, _: e.has_free, leaf)
        done[number] = _closed(unifier, proof.added, body)
    found = done[state.root.number]
    if found.has_free or found.has_metas:
        raise Failure("(kernel) declaration has free variables")
    Kernel(constants(), unifier.assigned, budget).check(found, state.root.type)
    return found


def _closed(unifier: Unifier, added: Iterable[FVar], body: Expr) -> Expr:
    for variable in reversed(list(added)):
        body = unifier.bind(Lam, variable, body)
    return body
