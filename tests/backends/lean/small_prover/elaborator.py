"""From what was written to terms: names, implicit arguments, and what is left to be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.applications import Applications
from tests.backends.lean.small_prover.expressions import (
    PROP,
    TYPE,
    Const,
    Expr,
    Lam,
    Lit,
    MVar,
    Pi,
    Sort,
    apply,
    arrow,
    free_variable,
    instantiate,
    spine,
)
from tests.backends.lean.small_prover.limits import Failure
from tests.backends.lean.small_prover.reduction import NAT
from tests.backends.lean.small_prover.state import Local, Naming
from tests.backends.lean.small_prover.syntax import BinderGroup, Term
from tests.backends.lean.small_prover.unifier import Unifier

__all__ = ["Elaborator", "NewGoal"]

NewGoal = Callable[[Expr, Sequence[Local]], Expr]
"""Makes the hole of a goal from its target and the variables that it has more."""
_STRUCTURES = {
    "And": "And.intro",
    "Iff": "Iff.intro",
    "Exists": "Exists.intro",
    "True": "True.intro",
}


class Elaborator(Applications):
    """Gives meaning to terms in a goal.

    Args:
        unifier: Finds what is left out.
        locals: The variables and hypotheses of the goal.
        new_goal: What to do at ``?_``; without it there may be none.
    """

    def __init__(
        self, unifier: Unifier, locals: Sequence[Local], new_goal: NewGoal | None = None
    ) -> None:
        super().__init__(unifier, locals)
        self._outer = len(self.locals)
        self._new_goal = new_goal

    # ------------------------------------------------------------ whole terms

    def whole(self, term: Term, expected: Expr | None = None) -> Expr:
        """A term in which nothing is left to be found.

        Raises:
            Failure: Something is, or the term is wrong.
        """
        found = self.unifier.resolved(self.term(term, expected))
        if self.unifier.unknown(found):
            raise Failure(f"don't know how to synthesize placeholder\n  {self.shown(found)}")
        return found

    def closed_type(self, term: Term) -> Expr:
        """A type in which nothing is left to be found."""
        found = self.whole(term)
        self.unifier.level(found)
        return found

    def type(self, term: Term) -> Expr:
        """A term that has to be a type."""
        found = self.term(term)
        kind = self.unifier.whnf(self.unifier.infer(found))
        if isinstance(kind, MVar) and self.unifier.unify(kind, PROP):
            return found
        if not isinstance(kind, Sort):
            raise Failure(f"type expected, got\n  ({self.shown(found)} : {self.shown(kind)})")
        return found

    def term(self, term: Term, expected: Expr | None = None) -> Expr:
        """A term, of the type that is expected of it.

        Raises:
            Failure: It is wrong.
        """
        self.unifier.budget.tick()
        if expected is not None and not isinstance(term, syntax.Function):
            wanted = self.unifier.head(expected)
            if isinstance(wanted, Pi) and wanted.implicit:
                return self._under_implicit(term, wanted)
        found = self._dispatch(term, expected)
        if expected is not None:
            self.fit(found, expected)
        return found

    def _under_implicit(self, term: Term, expected: Pi) -> Expr:
        local = self._enter(expected.name, expected.domain, hidden=True)
        body = self.term(term, instantiate(expected.body, local.variable))
        self.locals.pop()
        return self.unifier.bind(Lam, local.variable, body, implicit=True)

    def _dispatch(self, term: Term, expected: Expr | None) -> Expr:
        match term:
            case syntax.Elaborated():
                return term.expr
            case syntax.Number():
                return Lit(term.value)
            case syntax.SortWord():
                return Sort(term.level)
            case syntax.Negation():
                return apply("Not", self.term(term.term, PROP))
            case syntax.Infix():
                return self._infix(term)
            case syntax.Arrow():
                return arrow(self.type(term.left), self.type(term.right))
            case syntax.Forall():
                return self._forall(term)
            case syntax.Exists():
                return self._exists(term)
            case syntax.Ascription():
                return self.term(term.term, self.type(term.type))
            case syntax.Function():
                return self._function(term, expected)
            case syntax.Anonymous():
                return self._anonymous(term, expected)
            case syntax.Placeholder():
                return self.unknown("m", expected or self.unknown("α", TYPE))
            case syntax.NewGoal():
                return self._hole(expected)
            case syntax.Application():
                return self.application(term.fn, term.args, expected)
        return self.application(term, (), expected)

    # ------------------------------------------------------------ propositions

    def _infix(self, term: syntax.Infix) -> Expr:
        if term.constant in ("Eq", "Ne"):
            left = self.term(term.left)
            kind = self.unifier.resolved(self.unifier.infer(left))
            right = self.term(term.right, kind)
            if not self.unifier.unify(self.unifier.infer(kind), TYPE):
                raise Failure(
                    f"Application type mismatch: The argument\n  {self.shown(kind)}\n"
                    f"has type\n  {self.shown(self.unifier.infer(kind))}\n"
                    "but is expected to have type\n  Type"
                )
            return apply(term.constant, kind, left, right)
        expected = NAT if term.constant.startswith("Nat.") else PROP
        return apply(term.constant, self.term(term.left, expected), self.term(term.right, expected))

    def _forall(self, term: syntax.Forall) -> Expr:
        bound = self._enter_groups(term.groups)
        body = self.type(term.body)
        for local, implicit in reversed(bound):
            self.locals.pop()
            body = self.unifier.bind(Pi, local.variable, body, implicit=implicit)
        return body

    def _exists(self, term: syntax.Exists) -> Expr:
        bound = self._enter_groups(term.groups)
        body = self.term(term.body, PROP)
        for local, _ in reversed(bound):
            self.locals.pop()
            kind = local.variable.type
            if not self.unifier.unify(self.unifier.infer(kind), TYPE):
                raise Failure(f"type mismatch: `{self.shown(kind)}` is no `Type`")
            body = apply("Exists", kind, self.unifier.bind(Lam, local.variable, body))
        return body

    # ------------------------------------------------------------ binders

    def _enter(self, name: str, type: Expr, *, hidden: bool = False) -> Local:
        hidden = hidden or name == "_"
        text = "x" if name == "_" else name
        local = Local(Naming(text, hidden), free_variable(text, type))
        self.locals.append(local)
        return local

    def _enter_groups(self, groups: Sequence[BinderGroup]) -> list[tuple[Local, bool]]:
        found: list[tuple[Local, bool]] = []
        for group in groups:
            for name in group.names:
                self.unifier.budget.tick()
                # Lean reads the type anew for each name, too.
                kind = self.type(group.type) if group.type else self.unknown("α", TYPE)
                found.append((self._enter(name, kind), group.implicit))
        return found

    def _function(self, term: syntax.Function, expected: Expr | None) -> Expr:
        bound: list[tuple[Local, bool]] = []
        for group in term.groups:
            for name in group.names:
                wanted = self._function_type(expected)
                while wanted is not None and wanted.implicit and not group.implicit:
                    local = self._enter(wanted.name, wanted.domain, hidden=True)
                    bound.append((local, True))
                    wanted = self._function_type(instantiate(wanted.body, local.variable))
                local = self._enter(name, self._domain(group, wanted))
                bound.append((local, group.implicit))
                expected = wanted and instantiate(wanted.body, local.variable)
        body = self.term(term.body, expected)
        for local, implicit in reversed(bound):
            self.locals.pop()
            body = self.unifier.bind(Lam, local.variable, body, implicit=implicit)
        return body

    def _function_type(self, expected: Expr | None) -> Pi | None:
        if expected is None:
            return None
        wanted = self.unifier.whnf(expected)
        if isinstance(wanted, Pi):
            return wanted
        if isinstance(spine(wanted)[0], MVar):
            return None
        raise Failure(
            "Type mismatch\n  fun x => ?m\nhas type\n  (x : ?α) → ?β\n"
            f"but is expected to have type\n  {self.shown(expected)}"
        )

    def _domain(self, group: BinderGroup, wanted: Pi | None) -> Expr:
        if group.type is None:
            return wanted.domain if wanted else self.unknown("α", TYPE)
        written = self.type(group.type)
        if wanted and not self.unifier.unify(written, wanted.domain):
            raise Failure(
                f"Type mismatch: the binder has type\n  {self.shown(written)}\n"
                f"but is expected to have type\n  {self.shown(wanted.domain)}"
            )
        return written

    # ------------------------------------------------------------ constructors and holes

    def _anonymous(self, term: syntax.Anonymous, expected: Expr | None) -> Expr:
        kind = None if expected is None else self.unifier.whnf(expected)
        head = None if kind is None else spine(kind)[0]
        if kind is None or isinstance(head, MVar):
            raise Failure("Invalid `⟨...⟩` notation: The expected type could not be determined")
        name = head.name if isinstance(head, Const) else ""
        if name == "Or":
            raise Failure(
                "Invalid `⟨...⟩` notation: The expected type of this term\n"
                f"  {self.shown(kind)}\nhas more than one constructor"
            )
        if name not in _STRUCTURES:
            raise Failure(
                "Invalid `⟨...⟩` notation: The expected type of this term\n"
                f"  {self.shown(kind)}\nis not an inductive type"
            )
        parts = term.parts
        wanted = 0 if name == "True" else 2
        if len(parts) < wanted or (len(parts) and not wanted):
            raise Failure(
                f"Invalid `⟨...⟩` notation: The constructor `{_STRUCTURES[name]}` has {wanted} "
                f"explicit fields, but {len(parts)} arguments were provided"
            )
        if len(parts) > 2:
            parts = (parts[0], syntax.Anonymous(parts[1:]))
        return self.application(syntax.Name(_STRUCTURES[name]), parts, kind)

    def _hole(self, expected: Expr | None) -> Expr:
        if self._new_goal is None or expected is None:
            raise Failure("don't know how to synthesize placeholder")
        return self._new_goal(expected, self.locals[self._outer :])
