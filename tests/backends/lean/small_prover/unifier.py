"""Metavariables, and what they have to be for two terms to be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tests.backends.lean.small_prover.expressions import (
    App,
    Binder,
    Const,
    Expr,
    FVar,
    Lam,
    MVar,
    Pi,
    abstract,
    apply,
    beta,
    binder,
    free_variable,
    instantiate,
    leaves,
    metavariable,
    spine,
)
from tests.backends.lean.small_prover.limits import Budget, Failure, LimitFailure
from tests.backends.lean.small_prover.reduction import Reducer, is_number, successor

__all__ = ["Unifier"]


class Unifier(Reducer):
    """What metavariables stand for, and how to find out.

    Args:
        constants: The types of all constants.
        assigned: What is known of metavariables; it is copied.
        budget: What it may take.
    """

    def __init__(
        self, constants: Mapping[str, Expr], assigned: Mapping[int, Expr], budget: Budget
    ) -> None:
        self.values = dict(assigned)
        self._trail: list[int] = []
        self._unfold = True
        super().__init__(constants, self.values.get, budget)

    # ------------------------------------------------------------ metavariables

    def assign(self, meta: MVar, value: Expr) -> None:
        """Let a metavariable stand for a term, which must be one that it can be."""
        assert meta.number not in self.values
        self.values[meta.number] = value
        self._trail.append(meta.number)

    def attempt(self, action: Callable[[], bool]) -> bool:
        """Do something that may fail; if it does, nothing was assigned."""
        mark = len(self._trail)
        done = False
        try:
            done = action()
        except LimitFailure:
            raise
        except Failure:
            done = False
        finally:
            if not done:
                while len(self._trail) > mark:
                    del self.values[self._trail.pop()]
        return done

    def resolved(self, e: Expr) -> Expr:
        """A term in which no metavariable that is known is left."""
        if not e.has_metas:
            return e
        done: dict[Expr, Expr] = {}

        def go(e: Expr) -> Expr:
            if not e.has_metas:
                return e
            self.budget.tick()
            if (found := done.get(e)) is None:
                found = done[e] = step(e)
            return found

        def step(e: Expr) -> Expr:
            fn, args = spine(e)
            if isinstance(fn, MVar):
                value = self.values.get(fn.number)
                if value is not None:
                    return go(beta(value, args)) if args else go(value)
                return apply(fn, *map(go, args))
            if isinstance(e, Binder):
                return type(e)(e.name, go(e.domain), go(e.body), implicit=e.implicit)
            return apply(go(fn) if args else fn, *map(go, args))

        return go(e)

    def unknown(self, e: Expr) -> list[MVar]:
        """The metavariables in a term that are not known, each once, and those of their types."""
        found: dict[int, MVar] = {}
        stack = [self.resolved(e)]
        while stack:
            for leaf in leaves(stack.pop()):
                if isinstance(leaf, MVar) and leaf.number not in found:
                    found[leaf.number] = leaf
                    stack.append(self.resolved(leaf.type))
        return list(found.values())

    def bind(
        self, kind: type[Lam] | type[Pi], variable: FVar, body: Expr, *, implicit: bool = False
    ) -> Expr:
        """``∀`` or ``fun`` over a free variable, which no unknown metavariable may contain then."""
        self._restrict(body, frozenset({variable.number}))
        inner = abstract(self.resolved(body), variable)
        return kind(variable.name, self.resolved(variable.type), inner, implicit=implicit)

    def keep_out(self, variables: Iterable[FVar], e: Expr) -> None:
        """Let no unknown metavariable of a term contain some variables.

        Raises:
            Failure: One has to.
        """
        self._restrict(e, frozenset(variable.number for variable in variables))

    def _restrict(self, e: Expr, numbers: frozenset[int]) -> None:
        """Keep some variables out of all that is still to be found in a term."""
        for meta in self.unknown(e):
            if meta.scope & numbers and meta.number not in self.values:
                self._restrict(meta.type, numbers)
                type = self.resolved(meta.type)
                scope = meta.scope - numbers
                if not _variables(type) <= scope:
                    raise Failure("don't know how to synthesize placeholder")
                self.assign(meta, metavariable(meta.name, type, scope))

    # ------------------------------------------------------------ unification

    def unify(self, one: Expr, other: Expr, *, unfold: bool = True) -> bool:
        """Whether two terms can be made the same; what that takes is assigned.

        Args:
            one: A term.
            other: A term.
            unfold: Whether to compute; else only functions meet their arguments.
        """
        before, self._unfold = self._unfold, self._unfold and unfold
        try:
            return self.attempt(lambda: self._unify(one, other))
        finally:
            self._unfold = before

    def _unify(self, one: Expr, other: Expr) -> bool:
        self.budget.tick()
        one, other = self.head(one), self.head(other)
        if one == other:
            return True
        if self._unify_unknown(one, other) or self._unify_unknown(other, one):
            return True
        if isinstance(one, Binder) and isinstance(other, Binder) and type(one) is type(other):
            return self._unify_binders(one, other)
        if (found := self._unify_numbers(one, other)) is not None:
            return found
        if self.attempt(lambda: self._unify_arguments(one, other)):
            return True
        return self._unify_reduced(one, other)

    def _unify_unknown(self, left: Expr, right: Expr) -> bool:
        fn, args = spine(left)
        return isinstance(fn, MVar) and self.attempt(lambda: self._solve(fn, args, right))

    def _unify_reduced(self, one: Expr, other: Expr) -> bool:
        if self._unfold:
            reduced, reduced_other = self.whnf(one), self.whnf(other)
            if reduced is not one or reduced_other is not other:
                return self._unify(reduced, reduced_other)
        if isinstance(other, Lam):
            one, other = other, one
        if isinstance(one, Lam) and not isinstance(other, Lam):
            type = self.whnf(self.infer(other))
            if isinstance(type, Pi) and self._unify(type.domain, one.domain):
                variable = free_variable(one.name, one.domain)
                return self._unify(instantiate(one.body, variable), App(other, variable))
        return False

    def _unify_binders(self, one: Binder, other: Binder) -> bool:
        if not self._unify(one.domain, other.domain):
            return False
        variable = free_variable(one.name, one.domain)
        return self._unify(instantiate(one.body, variable), instantiate(other.body, variable))

    def _unify_arguments(self, one: Expr, other: Expr) -> bool:
        (head, args), (other_head, others) = spine(one), spine(other)
        return (
            isinstance(head, FVar | MVar | Const)
            and head == other_head
            and len(args) == len(others)
            and all(map(self._unify, args, others))
        )

    def _unify_numbers(self, one: Expr, other: Expr) -> bool | None:
        if not (is_number(one) or is_number(other)):
            return None
        base, count = self.offset(one, unfold=self._unfold)
        other_base, other_count = self.offset(other, unfold=self._unfold)
        if base is None and other_base is None:
            return count == other_count
        common = min(count, other_count)
        if not common:
            return None
        return self._unify(
            successor(base, count - common), successor(other_base, other_count - common)
        )

    def _solve(self, meta: MVar, args: list[Expr], value: Expr) -> bool:
        """Let an unknown function of arguments be a term."""
        variables = [arg for arg in map(self.head, args) if isinstance(arg, FVar)]
        numbers = {variable.number for variable in variables}
        if len(numbers) == len(args):
            return self._solve_pattern(meta, variables, value)
        fn, others = spine(value)
        if not others or len(others) < len(args):
            return False
        split = len(others) - len(args)
        return self._unify(meta, apply(fn, *others[:split])) and all(
            map(self._unify, args, others[split:])
        )

    def _solve_pattern(self, meta: MVar, variables: list[FVar], value: Expr) -> bool:
        value = self.resolved(value)
        numbers = frozenset(variable.number for variable in variables)
        if not _variables(value) <= meta.scope | numbers:
            return False
        for inner in self.unknown(value):
            if inner.number == meta.number:
                return False
            outside = inner.scope - meta.scope
            if outside and inner.number not in self.values:
                self._restrict(inner, outside)
        value = self.resolved(value)
        solution = binder(Lam, variables, value)
        if not _variables(solution) <= meta.scope:
            return False
        if not self._unify(self.infer(solution), meta.type):
            return False
        # What the types had to be may have told more.
        if meta.number in self.values:
            return self._unify(self.values[meta.number], solution)
        if any(inner.number == meta.number for inner in self.unknown(solution)):
            return False
        self.assign(meta, self.resolved(solution))
        return True


def _variables(e: Expr) -> frozenset[int]:
    if not e.has_free:
        return frozenset()
    return frozenset(leaf.number for leaf in leaves(e) if isinstance(leaf, FVar))
