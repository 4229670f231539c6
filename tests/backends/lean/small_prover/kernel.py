"""The judge of proofs: whether a term has a type. It knows nothing of tactics or unification."""

from __future__ import annotations

from tests.backends.lean.small_prover.expressions import (
    App,
    Binder,
    Const,
    Expr,
    FVar,
    Lam,
    Lit,
    MVar,
    Pi,
    Sort,
    free_variable,
    instantiate,
    spine,
)
from tests.backends.lean.small_prover.limits import Failure
from tests.backends.lean.small_prover.reduction import Reducer, is_number, successor

__all__ = ["Kernel"]


class Kernel(Reducer):
    """Checks terms. A metavariable that is not known is a constant to it."""

    def check(self, proof: Expr, type: Expr) -> None:
        """Raise if a term does not have a type.

        Raises:
            Failure: It does not.
        """
        self.level(type)
        if not self.equal(self.infer(proof), type):
            raise Failure("(kernel) declaration type mismatch")

    def check_argument(self, type: Pi, arg: Expr) -> None:
        """Raise if an argument does not have the type that a function asks for."""
        if not self.equal(self.infer(arg), type.domain):
            raise Failure("(kernel) application type mismatch")

    def infer(self, e: Expr) -> Expr:
        """The type of a term, all of whose parts are checked.

        Raises:
            Failure: A part has a wrong type.
        """
        if isinstance(e, Lam):
            self.level(e.domain)
        return super().infer(e)

    def equal(self, one: Expr, other: Expr) -> bool:
        """Whether two well-typed terms are the same by computation."""
        self.budget.tick()
        if one == other:
            return True
        one, other = self.head(one), self.head(other)
        if self._same_parts(one, other):
            return True
        if (found := self._numbers(one, other)) is not None:
            return found
        reduced, reduced_other = self.whnf(one), self.whnf(other)
        if reduced is one and reduced_other is other:
            return self._same_functions(one, other)
        return self.equal(reduced, reduced_other)

    def _same_parts(self, one: Expr, other: Expr) -> bool:
        if one == other:
            return True
        if isinstance(one, Binder) and isinstance(other, Binder) and type(one) is type(other):
            if not self.equal(one.domain, other.domain):
                return False
            variable = free_variable(one.name, one.domain)
            return self.equal(instantiate(one.body, variable), instantiate(other.body, variable))
        if isinstance(one, App) and isinstance(other, App):
            (head, args), (other_head, others) = spine(one), spine(other)
            return (
                isinstance(head, FVar | MVar | Const)
                and head == other_head
                and len(args) == len(others)
                and all(map(self.equal, args, others))
            )
        return False

    def _same_functions(self, one: Expr, other: Expr) -> bool:
        """Whether something and a ``fun`` do the same to each argument."""
        if isinstance(other, Lam) and not isinstance(one, Lam):
            one, other = other, one
        if not isinstance(one, Lam) or isinstance(other, Lam | Pi | Sort | Lit):
            return False
        type = self.whnf(self.infer(other))
        if not isinstance(type, Pi) or not self.equal(type.domain, one.domain):
            return False
        variable = free_variable(one.name, one.domain)
        return self.equal(instantiate(one.body, variable), App(other, variable))

    def _numbers(self, one: Expr, other: Expr) -> bool | None:
        """Whether two numbers are the same, where their last parts tell."""
        if not (is_number(one) or is_number(other)):
            return None
        (base, count), (other_base, other_count) = (
            self.offset(one, unfold=True), self.offset(other, unfold=True),
        )  # fmt: skip
        if base is None and other_base is None:
            return count == other_count
        common = min(count, other_count)
        if not common:
            return None
        return self.equal(
            successor(base, count - common), successor(other_base, other_count - common)
        )
