"""Tactics that give a proof, or the outermost part of one."""

from __future__ import annotations

from collections.abc import Callable

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.expressions import (
    App,
    Const,
    Expr,
    Lam,
    MVar,
    Pi,
    apply,
    beta,
    instantiate,
    spine,
)
from tests.backends.lean.small_prover.limits import Failure, LimitFailure
from tests.backends.lean.small_prover.reduction import NAT, successor
from tests.backends.lean.small_prover.running import Run
from tests.backends.lean.small_prover.state import Local, State
from tests.backends.lean.small_prover.work import Work

__all__ = [
    "apply_term",
    "assumption",
    "close_by_rfl",
    "constructor",
    "contradiction",
    "exact",
    "exfalso",
    "exists",
    "left",
    "refine",
    "rfl",
    "right",
    "trivial",
]

_MOST_SUCCESSORS = 100


def exact(state: State, run: Run) -> State:
    """``exact t``."""
    work = run.work(state)
    return work.finish(work.elaborator().whole(run.term(), work.target))


def refine(state: State, run: Run) -> State:
    """``refine t``, where ``?_`` in the term becomes a goal."""
    return _refined(run.work(state), run.term())


def _refined(work: Work, term: syntax.Term) -> State:
    return work.finish(work.elaborator(new_goals=True).term(term, work.target))


def exists(state: State, run: Run) -> State:
    """``exists t, u`` and ``use t, u``."""
    terms = [run.term()]
    while run.tokens.skip(","):
        terms.append(run.term())
    term = syntax.Anonymous((*terms, syntax.NewGoal()))
    state = _refined(run.work(state), term)
    return _first(state, run, [trivial, lambda state, _: state])


def _first(state: State, run: Run, tactics: list[Callable[[State, Run], State]]) -> State:
    """The state behind the first tactic that applies; the last one must."""
    for tactic in tactics[:-1]:
        try:
            return tactic(state, run)
        except LimitFailure:
            raise
        except Failure:
            continue
    return tactics[-1](state, run)


# ---------------------------------------------------------------- apply


def apply_term(state: State, run: Run) -> State:
    """``apply t``: what the term takes becomes goals."""
    work = run.work(state)
    elaborator = work.elaborator(new_goals=True)
    fn = elaborator.term(run.term())
    target = work.target
    type = work.unifier.resolved(work.unifier.infer(fn))
    wanted = _arity(work, type)
    first = max(0, wanted - _arity(work, target))
    args: list[MVar] = []
    rest = type
    for count in range(wanted + 1):
        if count >= first and work.unifier.unify(rest, target):
            break
        if count < wanted:
            function = work.unifier.function_type(rest)
            args.append(elaborator.unknown(function.name, function.domain))
            rest = instantiate(function.body, args[-1])
    else:
        raise work.failure(
            f"Tactic `apply` failed: could not unify the type of `{work.shown(fn)}`\n"
            f"  {work.shown(type)}\nwith the goal\n  {work.shown(target)}"
        )
    for arg in args:
        kind = work.unifier.resolved(arg.type)
        if arg.number not in work.unifier.values and work.unifier.is_proposition(kind):
            work.unifier.assign(arg, work.hole(kind))
    return work.finish(apply(fn, *args), leftover=True)


def _arity(work: Work, type: Expr) -> int:
    """How many arguments something of a type takes."""
    count = 0
    while isinstance(type := work.unifier.whnf(type), Pi):
        type = instantiate(type.body, work.sought(type.name, type.domain))
        count += 1
    return count


# ---------------------------------------------------------------- constructors


def constructor(state: State, run: Run) -> State:
    """``constructor``."""
    work = run.work(state)
    target = work.unifier.whnf(work.target)
    head, args = spine(target)
    name = head.name if isinstance(head, Const) else ""
    match name, args:
        case "True", []:
            return work.finish(Const("True.intro"))
        case "And", [a, b]:
            return work.finish(apply("And.intro", a, b, work.hole(a), work.hole(b)))
        case "Iff", [a, b]:
            forth, back = work.hole(Pi("a", a, b)), work.hole(Pi("a", b, a))
            return work.finish(apply("Iff.intro", a, b, forth, back))
        case "Or", [a, b]:
            return work.finish(apply("Or.inl", a, b, work.hole(a)))
        case "Eq", [kind, one, other] if work.unifier.unify(one, other):
            return work.finish(apply("Eq.refl", kind, one))
        case "Exists", [kind, p]:
            witness = work.sought("w", kind)
            hole = work.hole(_applied(work, p, witness))
            proof = apply("Exists.intro", kind, p, witness, hole)
            return work.finish(proof, leftover=True)
    raise work.failure("Tactic `constructor` failed: no applicable constructors found")


def _applied(work: Work, p: Expr, arg: Expr) -> Expr:
    p = work.unifier.head(p)
    return beta(p, [arg]) if isinstance(p, Lam) else App(p, arg)


def left(state: State, run: Run) -> State:
    """``left``."""
    return _side(run.work(state), "left")


def right(state: State, run: Run) -> State:
    """``right``."""
    return _side(run.work(state), "right")


def _side(work: Work, side: str) -> State:
    head, args = spine(work.unifier.whnf(work.target))
    if not isinstance(head, Const) or head.name != "Or" or len(args) != 2:
        raise work.failure(
            f"Tactic `{side}` failed: target is not an inductive datatype with two constructors"
        )
    a, b = args
    if side == "left":
        return work.finish(apply("Or.inl", a, b, work.hole(a)))
    return work.finish(apply("Or.inr", a, b, work.hole(b)))


# ---------------------------------------------------------------- what is there already


def assumption(state: State, run: Run) -> State:
    """``assumption``: the last hypothesis that is the target."""
    work = run.work(state)
    for local in reversed(work.locals):
        if work.unifier.unify(work.type_of(local), work.target):
            return work.finish(local.variable)
    raise work.failure("Tactic `assumption` failed")


def exfalso(state: State, run: Run) -> State:
    """``exfalso``."""
    work = run.work(state)
    if not work.unifier.is_proposition(work.target):
        raise work.failure("Tactic `exfalso` failed: target is not a proposition")
    return work.finish(apply("False.elim", work.target, work.hole(Const("False"))))


def rfl(state: State, run: Run) -> State:
    """``rfl``."""
    return close_by_rfl(run.work(state))


def close_by_rfl(work: Work, *, unfold: bool = True) -> State:
    """The state once the goal has been closed since both of its sides are the same.

    Args:
        work: The step.
        unfold: Whether to compute; else they have to be written alike.

    Raises:
        Failure: They are not.
    """
    target = work.unifier.whnf(work.target)
    head, args = spine(target)
    name = head.name if isinstance(head, Const) else ""
    if not (name == "Iff" or (name == "Eq" and len(args) == 3)):
        raise work.failure(
            "Tactic `rfl` failed: Expected the goal to be a binary relation that is reflexive"
        )
    one, other = args[-2:]
    if not work.unifier.unify(one, other, unfold=unfold):
        raise work.failure(
            f"Tactic `rfl` failed: The left-hand side\n  {work.shown(one)}\n"
            f"is not definitionally equal to the right-hand side\n  {work.shown(other)}"
        )
    return work.finish(apply(f"{name}.refl", *args[:-2], one))


def trivial(state: State, run: Run) -> State:
    """``trivial``."""

    def both(state: State, run: Run) -> State:
        work = run.work(state)
        head = spine(work.unifier.head(work.target))[0]
        if not isinstance(head, Const) or head.name not in ("And", "True"):
            raise work.failure("Tactic `trivial` failed")
        state = constructor(state, run)
        while len(state.goals) > count:
            state = trivial(state, run)
        return state

    count = len(state.goals) - 1
    return _first(state, run, [assumption, rfl, contradiction, both])


# ---------------------------------------------------------------- contradictions


def contradiction(state: State, run: Run) -> State:
    """``contradiction``: hypotheses that cannot be all true."""
    work = run.work(state)
    for local in work.locals:
        type = work.unifier.whnf(work.type_of(local))
        proof = _absurdity(work, local, type)
        if proof is not None:
            return work.finish(apply("False.elim", work.target, proof))
    raise work.failure("Tactic `contradiction` failed")


def _absurdity(work: Work, local: Local, type: Expr) -> Expr | None:
    """A proof of ``False`` from a hypothesis, maybe with another one."""
    if type == Const("False"):
        return local.variable
    head, args = spine(type)
    if isinstance(head, Const) and head.name == "Eq" and args[0] == NAT:
        return clash(work, local.variable, args[1], args[2])
    if not isinstance(type, Pi) or work.unifier.whnf(type.body) != Const("False"):
        return None
    for other in work.locals:
        if work.unifier.unify(work.type_of(other), type.domain):
            return App(local.variable, other.variable)
    head, args = spine(work.unifier.whnf(type.domain))
    is_equation = isinstance(head, Const) and head.name == "Eq"
    if is_equation and work.unifier.unify(args[1], args[2]):
        return App(local.variable, apply("Eq.refl", args[0], args[1]))
    return None


def clash(work: Work, proof: Expr, one: Expr, other: Expr) -> Expr | None:
    """A proof of ``False`` from an equation of numbers that cannot be the same."""
    base, count = work.unifier.offset(one, unfold=True)
    other_base, other_count = work.unifier.offset(other, unfold=True)
    if base is None and (other_base is not None or count < other_count):
        proof = apply("Eq.symm", NAT, one, other, proof)
        base, count, other_base, other_count = other_base, other_count, base, count
    if other_base is not None or other_count >= count or other_count > _MOST_SUCCESSORS:
        return None
    for done in range(1, other_count + 1):
        bigger, smaller = successor(base, count - done), successor(None, other_count - done)
        proof = apply("Nat.succ.inj", bigger, smaller, proof)
    rest = successor(base, count - other_count - 1)
    return apply("Nat.succ_ne_zero", rest, proof)
