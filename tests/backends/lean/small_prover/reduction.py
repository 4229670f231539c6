"""Computation: functions meet arguments, negations open, natural numbers are added."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.backends.lean.small_prover.expressions import (
    App,
    Const,
    Expr,
    FVar,
    Lam,
    Lit,
    MVar,
    Pi,
    Sort,
    apply,
    arrow,
    beta,
    binder,
    free_variable,
    instantiate,
    is_constant,
    spine,
)
from tests.backends.lean.small_prover.limits import Budget, Failure

__all__ = ["NAT", "Reducer", "is_number", "successor"]

NAT = Const("Nat")
_FALSE = Const("False")
_NUMBERS = {"Nat.zero": 0, "Nat.succ": 1, "Nat.add": 2, "Nat.mul": 2}


def successor(base: Expr | None, count: int) -> Expr:
    """A natural number so many after a term, or after zero."""
    if base is None:
        return Lit(count)
    return apply("Nat.add", base, Lit(count)) if count else base


def is_number(e: Expr) -> bool:
    """Whether a term is written as a natural number."""
    head, args = spine(e)
    if isinstance(head, Const):
        return _NUMBERS.get(head.name) == len(args)
    return isinstance(e, Lit)


class Reducer:
    """Brings terms into the form in which their outermost part is seen, and tells their types.

    Args:
        constants: The types of all constants.
        assigned: What a metavariable stands for, if that is known.
        budget: What it may take.
    """

    def __init__(
        self,
        constants: Mapping[str, Expr],
        assigned: Callable[[int], Expr | None],
        budget: Budget,
    ) -> None:
        self.constants = constants
        self.assigned = assigned
        self.budget = budget

    def head(self, e: Expr) -> Expr:
        """A term whose outermost function is neither a ``fun`` nor a metavariable that is known."""
        while True:
            self.budget.tick()
            fn, args = spine(e)
            if isinstance(fn, MVar) and (value := self.assigned(fn.number)) is not None:
                e = beta(value, args)
            elif isinstance(fn, Lam) and args:
                e = beta(fn, args)
            else:
                return e

    def whnf(self, e: Expr) -> Expr:
        """A term to whose outermost function no rule applies any more."""
        while True:
            e = self.head(e)
            reduced = self._unfolded(e)
            if reduced is None:
                return e
            e = reduced

    def _unfolded(self, e: Expr) -> Expr | None:
        """A term after one rule at its outermost constant."""
        fn, args = spine(e)
        if not isinstance(fn, Const):
            return None
        match fn.name, args:
            case "Not", [p]:
                return arrow(p, _FALSE)
            case "Ne", [kind, one, other]:
                return apply("Not", apply("Eq", kind, one, other))
            case "Nat.zero", []:
                return Lit(0)
            case "Nat.succ", [n]:
                n = self.head(n)
                return Lit(n.value + 1) if isinstance(n, Lit) else None
            case "Nat.add", [n, m]:
                return self._sum(n, self.whnf(m))
            case "Nat.mul", [n, m]:
                return self._product(n, self.whnf(m))
        return None

    def _sum(self, n: Expr, m: Expr) -> Expr | None:
        if isinstance(m, Lit):
            if m.value == 0:
                return n
            n = self.whnf(n)
            if isinstance(n, Lit):
                return Lit(n.value + m.value)
            return apply("Nat.succ", successor(n, m.value - 1))
        if is_constant(m, "Nat.succ", 1):
            assert isinstance(m, App)
            return apply("Nat.succ", apply("Nat.add", n, m.arg))
        return None

    def _product(self, n: Expr, m: Expr) -> Expr | None:
        if isinstance(m, Lit):
            if m.value == 0:
                return m
            known = self.whnf(n)
            if isinstance(known, Lit):
                return Lit(known.value * m.value)
            return apply("Nat.add", apply("Nat.mul", n, Lit(m.value - 1)), n)
        if is_constant(m, "Nat.succ", 1):
            assert isinstance(m, App)
            return apply("Nat.add", apply("Nat.mul", n, m.arg), n)
        return None

    def offset(self, e: Expr, *, unfold: bool) -> tuple[Expr | None, int]:
        """A natural number as so many successors of a term, or of zero.

        Args:
            e: The number.
            unfold: Whether to compute; else only what is written counts.
        """
        count = 0
        while True:
            e = self.head(e)
            fn, args = spine(e)
            name = fn.name if isinstance(fn, Const) else ""
            if isinstance(e, Lit):
                return None, count + e.value
            if name == "Nat.zero":
                return None, count
            if name == "Nat.succ" and len(args) == 1:
                count, e = count + 1, args[0]
                continue
            if name == "Nat.add" and len(args) == 2:
                more = self.whnf(args[1]) if unfold else self.head(args[1])
                if isinstance(more, Lit):
                    count, e = count + more.value, args[0]
                    continue
            reduced = self.whnf(e) if unfold else e
            if reduced == e:
                return e, count
            e = reduced

    # ------------------------------------------------------------ types

    def infer(self, e: Expr) -> Expr:
        """The type of a term that has one; nothing is checked."""
        self.budget.tick()
        match e:
            case FVar() | MVar():
                return e.type
            case Sort():
                return Sort(e.level + 1)
            case Lit():
                return NAT
            case Const():
                return self.constants[e.name]
            case App():
                return self._infer_application(e)
            case Lam():
                variable = free_variable(e.name, e.domain)
                body = self.infer(instantiate(e.body, variable))
                return binder(Pi, [variable], body)
            case Pi():
                variable = free_variable(e.name, e.domain)
                body_level = self.level(instantiate(e.body, variable))
                return Sort(max(self.level(e.domain), body_level) if body_level else 0)
        raise AssertionError(type(e))

    def _infer_application(self, e: App) -> Expr:
        fn, args = spine(e)
        type = self.infer(fn)
        for arg in args:
            self.check_argument(type := self.function_type(type), arg)
            type = instantiate(type.body, arg)
        return type

    def check_argument(self, type: Pi, arg: Expr) -> None:
        """Called for each argument of each function; nothing is checked here."""

    def function_type(self, type: Expr) -> Pi:
        """A type as that of a function.

        Raises:
            Failure: It is another.
        """
        found = self.whnf(type)
        if not isinstance(found, Pi):
            raise Failure("Function expected")
        return found

    def level(self, type: Expr) -> int:
        """The level of the sort that a type is in.

        Raises:
            Failure: It is no type.
        """
        found = self.whnf(self.infer(type))
        if not isinstance(found, Sort):
            raise Failure("type expected")
        return found.level

    def is_proposition(self, type: Expr) -> bool:
        """Whether a type is a proposition."""
        found = self.whnf(self.infer(type))
        return isinstance(found, Sort) and found.level == 0
