"""Tactics that put something else in the place of what is the same."""

from __future__ import annotations

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.closing import close_by_rfl
from tests.backends.lean.small_prover.expressions import (
    PROP,
    App,
    Binder,
    BVar,
    Const,
    Expr,
    FVar,
    Lam,
    Lit,
    MVar,
    Pi,
    apply,
    free_variable,
    instantiate,
    spine,
)
from tests.backends.lean.small_prover.limits import Failure, LimitFailure
from tests.backends.lean.small_prover.running import Run
from tests.backends.lean.small_prover.state import Local, State
from tests.backends.lean.small_prover.work import Work

__all__ = ["rewrite", "rw", "symm"]


def rewrite(state: State, run: Run) -> State:
    """``rewrite [h, ← k] at a ⊢``."""
    run.tokens.expect("[")
    rules: list[tuple[bool, syntax.Term]] = []
    while not run.tokens.at_sign("]"):
        backwards = run.tokens.skip("←")
        rules.append((backwards, run.term()))
        if not run.tokens.skip(","):
            break
    run.tokens.expect("]")
    places = _places(run)
    for backwards, rule in rules:
        for place in places:
            state = _rewritten(run.work(state), rule, place, backwards=backwards)
    return state


def _places(run: Run) -> list[str | None]:
    """Names of hypotheses, and ``None`` for the target."""
    if not run.tokens.skip("at"):
        return [None]
    found: list[str | None] = []
    while not run.tokens.is_done:
        found.append(None if run.tokens.skip("⊢") else run.tokens.name())
    if not found:
        raise run.tokens.unexpected("location")
    return found


def rw(state: State, run: Run) -> State:
    """``rw [h, ← k] at a ⊢``, which also closes goals whose sides are alike."""
    state = rewrite(state, run)
    try:
        return close_by_rfl(run.work(state), unfold=False)
    except LimitFailure:
        raise
    except Failure:
        return state


def _rewritten(work: Work, rule: syntax.Term, place: str | None, *, backwards: bool) -> State:
    local = None if place is None else work.named(place)
    subject = work.target if local is None else work.type_of(local)
    kind, one, other, proof = _equation(work, rule)
    if backwards:
        one, other = other, one
    one = work.unifier.resolved(one)
    if isinstance(spine(one)[0], MVar):
        raise work.failure(
            "Tactic `rewrite` failed: pattern is a metavariable\n"
            f"  {work.shown(one)}\nfrom equation"
        )
    variable = free_variable("x", kind)
    body = _Search(work, one, variable).replaced(subject)
    if body == subject:
        raise work.failure(
            "Tactic `rewrite` failed: Did not find an occurrence of the pattern\n"
            f"  {work.shown(one)}\nin the target expression\n  {work.shown(subject)}"
        )
    motive = work.unifier.bind(Lam, variable, body)
    assert isinstance(motive, Lam)
    one, other = work.unifier.resolved(one), work.unifier.resolved(other)
    result = work.unifier.head(instantiate(motive.body, other))
    turned = apply("Eq.symm", kind, other, one, proof) if backwards else proof
    if local is None:
        hole = work.hole(result)
        back = proof if backwards else apply("Eq.symm", kind, one, other, proof)
        whole = apply("Eq.subst", kind, motive, other, one, back, hole)
        return work.finish(whole, leftover=True)
    added = Local(local.naming, free_variable(local.name, result))
    hole = work.hole(work.target, [added], {local.number})
    value = apply("Eq.subst", kind, motive, one, other, turned, local.variable)
    return work.finish(App(hole, value), leftover=True)


def _equation(work: Work, rule: syntax.Term) -> tuple[Expr, Expr, Expr, Expr]:
    """The type, both sides and the proof of the equation that a rule is for some arguments."""
    elaborator = work.elaborator()
    proof = elaborator.term(rule)
    type = work.unifier.head(work.unifier.infer(proof))
    while isinstance(type, Pi):
        arg = elaborator.unknown(type.name, type.domain)
        proof, type = App(proof, arg), work.unifier.head(instantiate(type.body, arg))
    head, args = spine(type)
    name = head.name if isinstance(head, Const) else ""
    match name, args:
        case "Eq", [kind, one, other]:
            return work.unifier.resolved(kind), one, other, proof
        case "Iff", [one, other]:
            return PROP, one, other, apply("propext", one, other, proof)
    raise work.failure(
        "Tactic `rewrite` failed: Expected an equality or iff proof or definition name, but\n"
        f"  {work.shown(proof)}\nis a proof of\n  {work.shown(type)}"
    )


class _Search:
    """Puts a variable in the place of all that a pattern is once it has been found."""

    def __init__(self, work: Work, pattern: Expr, variable: FVar) -> None:
        self._work = work
        self._pattern = pattern
        self._variable = variable
        self._key = _key(pattern)

    def replaced(self, e: Expr) -> Expr:
        """A term with the variable in it."""
        unifier = self._work.unifier
        unifier.budget.tick()
        if not e.loose and _key(e) == self._key and unifier.unify(e, self._pattern, unfold=False):
            return self._variable
        if isinstance(e, App):
            fn = self.replaced(e.fn)
            return self._unless_same(e, App(fn, self.replaced(e.arg)))
        if isinstance(e, Binder):
            domain = self.replaced(e.domain)
            body = self.replaced(e.body)
            return self._unless_same(e, type(e)(e.name, domain, body, implicit=e.implicit))
        return e

    @staticmethod
    def _unless_same(before: Expr, after: Expr) -> Expr:
        return before if before == after else after


def _key(e: Expr) -> tuple[object, int]:
    """What two terms have in common that can be the same without any computation."""
    head, args = spine(e)
    match head:
        case Const():
            return head.name, len(args)
        case FVar() | MVar():
            return head.number, len(args)
        case Lit() | BVar():
            return type(head), len(args)
    return type(head), len(args)


def symm(state: State, run: Run) -> State:
    """``symm``."""
    work = run.work(state)
    head, args = spine(work.unifier.head(work.target))
    name = head.name if isinstance(head, Const) else ""
    if name not in ("Eq", "Iff", "Ne"):
        raise work.failure("Tactic `symm` failed: the target is no symmetric relation")
    one, other = args[-2:]
    hole = work.hole(apply(name, *args[:-2], other, one))
    return work.finish(apply(f"{name}.symm", *args[:-2], other, one, hole))
