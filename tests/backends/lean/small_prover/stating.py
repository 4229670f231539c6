"""Tactics that say what is to be proved, or what is known."""

from __future__ import annotations

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.expressions import App, Pi, apply, free_variable
from tests.backends.lean.small_prover.lexer import Kind
from tests.backends.lean.small_prover.limits import Failure
from tests.backends.lean.small_prover.patterns import Named, Pattern, destruct, read_pattern
from tests.backends.lean.small_prover.running import Run
from tests.backends.lean.small_prover.state import Local, Naming, State
from tests.backends.lean.small_prover.work import Work

__all__ = ["have", "revert", "show", "specialize"]


def have(state: State, run: Run) -> State:
    """``have h : T := t``, ``have h : T := by …``, and patterns for ``h``."""
    pattern: Pattern = Named("this")
    if not run.tokens.at_sign(":", ":="):
        pattern = read_pattern(run.tokens, sides=False)
    type = run.term() if run.tokens.skip(":") else None
    run.tokens.expect(":=")
    name = pattern.name if isinstance(pattern, Named) else "this"
    naming = Naming("x", True, True) if name == "_" else Naming(name)
    if run.tokens.skip("by"):
        state = _by(state, run, naming, type)
    else:
        state = _given(run.work(state), run.term(), naming, type)
    if isinstance(pattern, Named):
        return state
    return destruct(state, run.budget, state.goals[0].locals[-1].number, pattern)


def _given(work: Work, term: syntax.Term, naming: Naming, type: syntax.Term | None) -> State:
    elaborator = work.elaborator()
    expected = elaborator.type(type) if type else None
    value = elaborator.whole(term, expected)
    found = expected if expected is not None else work.unifier.infer(value)
    added = Local(naming, free_variable(naming.text, work.unifier.resolved(found)))
    return work.finish(App(work.hole(work.target, [added]), value))


def _by(state: State, run: Run, naming: Naming, type: syntax.Term | None) -> State:
    work = run.work(state)
    if type is None:
        raise work.failure("failed to infer `have` declaration type")
    target = work.elaborator().closed_type(type)
    if not work.unifier.is_proposition(target):
        raise work.failure("`have` by tactics is for propositions")
    added = Local(naming, free_variable(naming.text, target))
    proof = work.hole(target)
    state = work.finish(App(work.hole(work.target, [added]), proof))
    first, rest = state.goals[0], state.goals[1:]
    state = run.block(state.with_goals(first), run.tokens.rest())
    if state.goals:
        raise Failure(f"unsolved goals\n{work.shown(state.goals[0].target)}")
    return state.with_goals(*rest)


def show(state: State, run: Run) -> State:
    """``show T`` and ``change T``: the goal in other words."""
    work = run.work(state)
    target = work.elaborator().type(run.term())
    if not work.unifier.unify(target, work.target):
        raise work.failure(
            f"Tactic `show` failed: pattern\n  {work.shown(target)}\n"
            f"is not definitionally equal to target\n  {work.shown(work.target)}"
        )
    return work.finish(work.hole(work.unifier.resolved(target)))


def specialize(state: State, run: Run) -> State:
    """``specialize h a b``."""
    work = run.work(state)
    term = run.term()
    fn = term.fn if isinstance(term, syntax.Application) else term
    if not isinstance(fn, syntax.Name):
        raise work.failure("Tactic `specialize` failed: a hypothesis of arguments is expected")
    local = work.named(fn.text)
    value = work.elaborator().whole(term)
    type = work.unifier.resolved(work.unifier.infer(value))
    added = Local(Naming(local.name), free_variable(local.name, type))
    hole = work.hole(work.target, [added], {local.number})
    return work.finish(App(hole, value))


def revert(state: State, run: Run) -> State:
    """``revert h k``, with all that depends on them."""
    names = [run.tokens.name()]
    while run.tokens.token.kind is Kind.NAME:
        names.append(run.tokens.name())
    work = run.work(state)
    numbers: set[int] = set()
    for name in names:
        number = work.named(name).number
        numbers |= {number, *(other.number for other in work.dependents(number))}
    moved = [local for local in work.locals if local.number in numbers]
    whole = work.target
    for local in reversed(moved):
        whole = work.unifier.bind(Pi, local.variable, whole)
    hole = work.hole(whole, without=numbers)
    return work.finish(apply(hole, *(local.variable for local in moved)))
