"""Tactics that take hypotheses, and take them apart."""

from __future__ import annotations

from collections.abc import Sequence

from tests.backends.lean.small_prover.closing import clash
from tests.backends.lean.small_prover.expressions import (
    App,
    Const,
    Expr,
    FVar,
    Lam,
    Pi,
    apply,
    beta,
    free_variable,
    instantiate,
    leaves,
    spine,
)
from tests.backends.lean.small_prover.limits import Budget
from tests.backends.lean.small_prover.reduction import NAT, successor
from tests.backends.lean.small_prover.state import Local, Naming, State
from tests.backends.lean.small_prover.work import Work

__all__ = ["Parts", "induct", "introduce", "split", "substitute"]

Parts = tuple[tuple[int, ...], ...]
"""The numbers of the hypotheses that each new goal has more."""


def introduce(state: State, budget: Budget, naming: Naming | None) -> tuple[State, int]:
    """The state once the goal has a variable or hypothesis more, and its number.

    Args:
        state: The state before.
        budget: What it may take.
        naming: What it is called; without it, what its binder says, which no text can mean.
    """
    work = Work(state, budget)
    target = work.unifier.head(work.target)
    if not isinstance(target, Pi):
        target = work.unifier.whnf(target)
    if not isinstance(target, Pi):
        raise work.failure(
            "Tactic `introN` failed: There are no additional binders or `let` bindings in the "
            "goal to introduce"
        )
    name = naming or Naming(target.name, hidden=True, automatic=True)
    local = Local(name, free_variable(name.text, target.domain))
    hole = work.hole(instantiate(target.body, local.variable), [local])
    return work.finish(hole), local.number


def split(state: State, budget: Budget, number: int) -> tuple[State, Parts]:
    """The state once a hypothesis has been taken apart, and what came of it.

    Raises:
        Failure: It cannot be.
    """
    work = Work(state, budget)
    local = work.local(number)
    head, args = spine(work.unifier.whnf(work.type_of(local)))
    name = head.name if isinstance(head, Const) else ""
    match name, args:
        case "And", [a, b]:
            return _pair(work, local, ("And.left", "And.right"), args, (a, b))
        case "Iff", [a, b]:
            return _pair(work, local, ("Iff.mp", "Iff.mpr"), args, (Pi("a", a, b), Pi("a", b, a)))
        case "Or", [_, _]:
            return _either(work, local, args)
        case "Exists", [_, _]:
            return _witness(work, local, args)
        case "False", []:
            return work.finish(apply("False.elim", work.target, local.variable)), ()
        case "True", []:
            return work.finish(work.hole(work.target, without={number})), ((),)
        case "Eq", [_, _, _]:
            return _equation(work, local, args)
        case "Nat", []:
            return _induct(work, local, with_hypothesis=False)
    raise work.failure(
        "Tactic `cases` failed: the major premise type is not an inductive type\n"
        f"  {work.shown(work.type_of(local))}"
    )


def _added(work: Work, name: str, type: Expr) -> Local:
    naming = work.fresh(name)
    return Local(naming, free_variable(naming.text, type))


def _pair(
    work: Work,
    local: Local,
    projections: tuple[str, str],
    args: Sequence[Expr],
    types: tuple[Expr, Expr],
) -> tuple[State, Parts]:
    added = [
        _added(work, projection.split(".")[1], type)
        for projection, type in zip(projections, types, strict=True)
    ]
    hole = work.hole(work.target, added, {local.number})
    parts = [apply(projection, *args, local.variable) for projection in projections]
    return work.finish(apply(hole, *parts)), (tuple(each.number for each in added),)


def _either(work: Work, local: Local, args: Sequence[Expr]) -> tuple[State, Parts]:
    added = [_added(work, "h", type) for type in args]
    holes = [work.hole(work.target, [each], {local.number}) for each in added]
    proof = apply("Or.elim", *args, work.target, local.variable, *holes)
    return work.finish(proof), tuple((each.number,) for each in added)


def _witness(work: Work, local: Local, args: Sequence[Expr]) -> tuple[State, Parts]:
    kind, p = args
    witness = _added(work, "w", kind)
    property = work.unifier.head(p)
    is_open = isinstance(property, Lam)
    type = beta(property, [witness.variable]) if is_open else App(p, witness.variable)
    added = [witness, _added(work, "h", type)]
    hole = work.hole(work.target, added, {local.number})
    proof = apply("Exists.elim", kind, p, work.target, local.variable, hole)
    return work.finish(proof), (tuple(each.number for each in added),)


def _equation(work: Work, local: Local, args: Sequence[Expr]) -> tuple[State, Parts]:
    kind, one, other = args
    if work.unifier.whnf(kind) == NAT:
        if (absurdity := clash(work, local.variable, one, other)) is not None:
            return work.finish(apply("False.elim", work.target, absurdity)), ()
        base, count = work.unifier.offset(one, unfold=True)
        other_base, other_count = work.unifier.offset(other, unfold=True)
        common = min(count, other_count)
        if common and not (base is None and other_base is None):
            return _injected(work, local, (base, count), (other_base, other_count))
    if work.unifier.unify(one, other):
        return work.finish(work.hole(work.target, without={local.number})), ((),)
    return substitute(work.state, work.unifier.budget, local.number), ((),)


def _injected(
    work: Work, local: Local, one: tuple[Expr | None, int], other: tuple[Expr | None, int]
) -> tuple[State, Parts]:
    """From an equation of successors to one of what is before them, which is taken apart."""
    common = min(one[1], other[1])
    proof: Expr = local.variable
    for done in range(1, common + 1):
        smaller = successor(one[0], one[1] - done), successor(other[0], other[1] - done)
        proof = apply("Nat.succ.inj", *smaller, proof)
    left, right = successor(one[0], one[1] - common), successor(other[0], other[1] - common)
    added = Local(local.naming, free_variable(local.name, apply("Eq", NAT, left, right)))
    hole = work.hole(work.target, [added], {local.number})
    state = work.finish(App(hole, proof))
    return split(state, work.unifier.budget, added.number)


# ---------------------------------------------------------------- variables that are something


def substitute(state: State, budget: Budget, number: int) -> State:
    """The state once an equation has put one of its sides, a variable, out of the goal.

    Raises:
        Failure: Neither side is a variable that does not occur in the other.
    """
    work = Work(state, budget)
    local = work.local(number)
    head, args = spine(work.unifier.whnf(work.type_of(local)))
    if isinstance(head, Const) and head.name == "Eq" and len(args) == 3:
        kind, one, other = (work.unifier.resolved(arg) for arg in args)
        own = {local.number for local in work.locals}
        for variable, e, forward in ((other, one, True), (one, other, False)):
            if not isinstance(variable, FVar) or variable.number not in own:
                continue
            moved = [each for each in work.dependents(variable.number) if each is not local]
            banned = {variable.number, number, *(each.number for each in moved)}
            if any(isinstance(leaf, FVar) and leaf.number in banned for leaf in leaves(e)):
                continue
            proof: Expr = local.variable
            if not forward:
                proof = apply("Eq.symm", kind, variable, e, proof)
            return _substituted(work, variable, e, proof, moved, banned)
    raise work.failure(
        "Tactic `subst` failed: invalid equality proof, it is not of the form (x = t) or (t = x)\n"
        f"  {work.shown(work.type_of(local))}"
    )


def _substituted(
    work: Work, variable: FVar, e: Expr, proof: Expr, moved: list[Local], banned: set[int]
) -> State:
    motive = _motive(work, variable, moved)
    added, target = work.reopened(instantiate(motive.body, e), moved)
    hole = work.hole(target, added, banned)
    kind = variable.type
    whole = apply("Eq.subst", kind, motive, e, variable, proof, hole)
    return work.finish(apply(whole, *(each.variable for each in moved)))


def _motive(work: Work, variable: FVar, moved: Sequence[Local]) -> Lam:
    """The target with the hypotheses that depend on a variable, as a function of it."""
    whole = work.target
    for each in reversed(moved):
        whole = work.unifier.bind(Pi, each.variable, whole)
    found = work.unifier.bind(Lam, variable, whole)
    assert isinstance(found, Lam)
    return found


# ---------------------------------------------------------------- induction


def induct(state: State, budget: Budget, number: int) -> tuple[State, Parts]:
    """The goals for zero and for a successor, the latter with the induction hypothesis.

    Raises:
        Failure: It is no natural number.
    """
    work = Work(state, budget)
    local = work.local(number)
    if work.unifier.whnf(work.type_of(local)) != NAT:
        raise work.failure(
            "Tactic `induction` failed: major premise type is not a natural number\n"
            f"  {work.shown(work.type_of(local))}"
        )
    return _induct(work, local, with_hypothesis=True)


def _induct(work: Work, local: Local, *, with_hypothesis: bool) -> tuple[State, Parts]:
    moved = work.dependents(local.number)
    motive = _motive(work, local.variable, moved)
    without = {local.number, *(each.number for each in moved)}

    added, target = work.reopened(instantiate(motive.body, successor(None, 0)), moved)
    base = work.hole(target, added, without)

    before = Local(Naming(local.name, automatic=True), free_variable(local.name, NAT))
    assumed = instantiate(motive.body, before.variable)
    hypothesis = Local(work.fresh("ih"), free_variable("ih", assumed))
    new = [before, hypothesis] if with_hypothesis else [before]
    added, target = work.reopened(instantiate(motive.body, successor(before.variable, 1)), moved)
    step: Expr = work.hole(target, [*new, *added], without)
    if not with_hypothesis:
        inner = Lam("ih", assumed, App(step, before.variable))
        step = work.unifier.bind(Lam, before.variable, inner)
    proof = apply("Nat.rec", motive, base, step, local.variable)
    proof = apply(proof, *(each.variable for each in moved))
    return work.finish(proof), ((), tuple(each.number for each in new))
