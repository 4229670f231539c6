"""Patterns that name what a hypothesis is made of, and the tactics that take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.backends.lean.small_prover import syntax
from tests.backends.lean.small_prover.expressions import App, Pi, free_variable
from tests.backends.lean.small_prover.lexer import Kind, Tokens
from tests.backends.lean.small_prover.limits import MOST_NESTING, TOO_DEEP, Budget, Failure
from tests.backends.lean.small_prover.parser import TermParser
from tests.backends.lean.small_prover.running import Run, each
from tests.backends.lean.small_prover.splitting import (
    induct,
    introduce,
    split,
    substitute,
)
from tests.backends.lean.small_prover.state import Goal, Local, Naming, State
from tests.backends.lean.small_prover.work import Work

__all__ = [
    "Pattern",
    "cases",
    "clear",
    "destruct",
    "induction",
    "intro",
    "intros",
    "obtain",
    "rcases",
    "read_pattern",
    "rename",
    "rename_i",
    "subst",
]


@dataclass(frozen=True, slots=True)
class Named:
    """``h``, and ``_``, which means nothing later."""

    name: str
    type: syntax.Term | None = None


@dataclass(frozen=True, slots=True)
class Same:
    """``rfl``: an equation that puts a variable out of the goal."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """``-``: nothing is kept."""


@dataclass(frozen=True, slots=True)
class Tuple:
    """``⟨a, b⟩``."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``a | b``."""

    sides: tuple[Pattern, ...]


Pattern = Named | Same | Cleared | Tuple | Either


def read_pattern(tokens: Tokens, *, sides: bool = True, depth: int = 0) -> Pattern:
    """The pattern that comes next.

    Args:
        tokens: Where it is read from.
        sides: Whether it can have several sides without brackets around them.
        depth: How deep it stands inside another.
    """
    if depth > MOST_NESTING:
        raise Failure(TOO_DEEP)
    found = [_read_one(tokens, depth)]
    while sides and tokens.skip("|"):
        found.append(_read_one(tokens, depth))
    return found[0] if len(found) == 1 else Either(tuple(found))


def _read_one(tokens: Tokens, depth: int) -> Pattern:
    if tokens.skip("-"):
        return Cleared()
    if tokens.skip("⟨"):
        parts: list[Pattern] = []
        while not tokens.at_sign("⟩"):
            parts.append(read_pattern(tokens, depth=depth + 1))
            if not tokens.skip(","):
                break
        tokens.expect("⟩")
        return Tuple(tuple(parts))
    if tokens.skip("("):
        inner = read_pattern(tokens, depth=depth + 1)
        if tokens.skip(":"):
            type = TermParser(tokens).term()
            if not isinstance(inner, Named):
                raise Failure("a pattern with a type has to be a name")
            inner = Named(inner.name, type)
        tokens.expect(")")
        return inner
    name = tokens.name()
    return Same() if name == "rfl" else Named(name)


# ---------------------------------------------------------------- what they do


def destruct(state: State, budget: Budget, number: int, pattern: Pattern) -> State:
    """Take a hypothesis of the first goal apart as a pattern says."""
    match pattern:
        case Named():
            return _named(state, budget, number, pattern)
        case Same():
            return substitute(state, budget, number)
        case Cleared():
            return clear_number(state, budget, number)
        case Tuple(parts=(only,)):
            return destruct(state, budget, number, only)
    sides = pattern.sides if isinstance(pattern, Either) else (pattern,)
    after, found = split(state, budget, number)
    if len(found) > len(sides) and isinstance(pattern, Tuple):
        raise Work(state, budget).failure(
            "rcases tactic failed: the pattern has one side, but there are several cases"
        )
    actions: list[Callable[[State], State]] = []
    for index, numbers in enumerate(found):
        # The last side takes all cases that are left, and is taken apart further then.
        rest = sides[index:] if index == len(found) - 1 else sides[index : index + 1]
        side = rest[0] if len(rest) == 1 else Either(rest)
        actions.append(partial(_fields, budget=budget, numbers=numbers, pattern=side))
    return each(after, len(actions), actions)


def _fields(state: State, *, budget: Budget, numbers: tuple[int, ...], pattern: Pattern) -> State:
    """Take apart what one case has."""
    if not numbers:
        return state
    if len(numbers) == 1 and not isinstance(pattern, Tuple):
        return destruct(state, budget, numbers[0], pattern)
    parts = pattern.parts if isinstance(pattern, Tuple) else (pattern,)
    if len(parts) > len(numbers):
        parts = (*parts[: len(numbers) - 1], Tuple(parts[len(numbers) - 1 :]))
    state = _all_named(state, budget, numbers[len(parts) :])
    return _in_turn(state, budget, list(zip(numbers, parts, strict=False)))


def _all_named(state: State, budget: Budget, numbers: tuple[int, ...]) -> State:
    for number in numbers:
        state = _named(state, budget, number, Named("_"))
    return state


def _in_turn(state: State, budget: Budget, pairs: list[tuple[int, Pattern]]) -> State:
    """Take hypotheses apart one after another, in every goal that comes of it."""
    if not pairs:
        return state
    (number, pattern), rest = pairs[0], pairs[1:]
    before = len(state.goals) - 1
    state = destruct(state, budget, number, pattern)
    count = len(state.goals) - before
    return each(state, count, [partial(_in_turn, budget=budget, pairs=rest)] * count)


def _named(state: State, budget: Budget, number: int, pattern: Named) -> State:
    if pattern.type is not None:
        work = Work(state, budget)
        type = work.elaborator().type(pattern.type)
        own = work.type_of(work.local(number))
        if not work.unifier.unify(type, own) or work.unifier.unknown(type):
            raise work.failure(
                f"Type mismatch: `{pattern.name}` has type\n  {work.shown(own)}\n"
                f"but is expected to have type\n  {work.shown(type)}"
            )
    hidden = pattern.name == "_"
    return rename(state, number, Naming("x" if hidden else pattern.name, hidden, hidden))


def rename(state: State, number: int, naming: Naming) -> State:
    """The state in which a hypothesis of the first goal is called something else."""
    goal = state.goals[0]
    locals = tuple(
        Local(naming, local.variable) if local.number == number else local for local in goal.locals
    )
    return state.with_goals(Goal(goal.hole, locals, goal.added, goal.target), *state.goals[1:])


def clear_number(state: State, budget: Budget, number: int) -> State:
    """The state in which the first goal lacks a hypothesis on which nothing depends."""
    work = Work(state, budget)
    local = work.local(number)
    needed = [f"`{other.name}`" for other in work.dependents(number)]
    if work.depends(work.target, number):
        needed.append("the target")
    if needed:
        raise work.failure(
            f"Tactic `clear` failed: variable `{local.name}` is needed by {needed[0]}"
        )
    return work.finish(work.hole(work.target, without={number}))


# ---------------------------------------------------------------- tactics


def intro(state: State, run: Run) -> State:
    """``intro x ⟨a, b⟩ (c | d)``, and ``rintro``."""
    patterns: list[Pattern] = []
    while not run.tokens.is_done:
        patterns.append(read_pattern(run.tokens, sides=False))
    if not patterns:
        return introduce(state, run.budget, None)[0]
    return _next_introduced(state, run.budget, patterns)


def _next_introduced(state: State, budget: Budget, patterns: list[Pattern]) -> State:
    if not patterns:
        return state
    pattern = patterns[0]
    is_name = isinstance(pattern, Named) and pattern.name != "_"
    naming = Naming(pattern.name) if isinstance(pattern, Named) and is_name else None
    before = len(state.goals) - 1
    state, number = introduce(state, budget, naming)
    if not isinstance(pattern, Named) or pattern.type is not None:
        state = destruct(state, budget, number, pattern)
    count = len(state.goals) - before
    following = partial(_next_introduced, budget=budget, patterns=patterns[1:])
    return each(state, count, [following] * count)


def intros(state: State, run: Run) -> State:
    """``intros``, which takes all there is, and ``intros x y``."""
    if not run.tokens.is_done:
        return intro(state, run)
    work = run.work(state)
    while isinstance(work.unifier.head(work.target), Pi):
        state, _ = introduce(state, run.budget, None)
        work = run.work(state)
    return state


def cases(state: State, run: Run) -> State:
    """``cases h``."""
    state, number = _subject(state, run)
    return split(state, run.budget, number)[0]


def induction(state: State, run: Run) -> State:
    """``induction n``."""
    name = run.tokens.name()
    return induct(state, run.budget, run.work(state).named(name).number)[0]


def rcases(state: State, run: Run) -> State:
    """``rcases h with ⟨a, b⟩ | c``."""
    state, number = _subject(state, run)
    pattern: Pattern = Named("_")
    if run.tokens.skip("with"):
        pattern = read_pattern(run.tokens)
    return destruct(state, run.budget, number, pattern)


def obtain(state: State, run: Run) -> State:
    """``obtain ⟨a, b⟩ := h`` and ``obtain ⟨a, b⟩ : T := h``."""
    pattern = read_pattern(run.tokens)
    type = run.term() if run.tokens.skip(":") else None
    run.tokens.expect(":=")
    state, number = _subject(state, run, type)
    return destruct(state, run.budget, number, pattern)


def _subject(state: State, run: Run, type: syntax.Term | None = None) -> tuple[State, int]:
    """A hypothesis that is named, or that a term becomes."""
    work = run.work(state)
    term = run.term()
    if type is None and isinstance(term, syntax.Name) and "." not in term.text:
        for local in reversed(work.locals):
            if local.name == term.text and not local.naming.hidden:
                return state, local.number
    elaborator = work.elaborator()
    expected = elaborator.type(type) if type else None
    value = elaborator.whole(term, expected)
    found = expected if expected is not None else work.unifier.infer(value)
    added = Local(Naming("this", True, True), free_variable("this", work.unifier.resolved(found)))
    return work.finish(App(work.hole(work.target, [added]), value)), added.number


def subst(state: State, run: Run) -> State:
    """``subst h``."""
    name = run.tokens.name()
    return substitute(state, run.budget, run.work(state).named(name).number)


def clear(state: State, run: Run) -> State:
    """``clear h k``."""
    names = [run.tokens.name()]
    while run.tokens.token.kind is Kind.NAME:
        names.append(run.tokens.name())
    for name in reversed(names):
        state = clear_number(state, run.budget, run.work(state).named(name).number)
    return state


def rename_i(state: State, run: Run) -> State:
    """``rename_i a b``: names for the last hypotheses that the prover has named."""
    names = [run.tokens.name()]
    while run.tokens.token.kind is Kind.NAME:
        names.append(run.tokens.name())
    work = run.work(state)
    meant = {local.name: local.number for local in work.locals if not local.naming.hidden}
    free = [
        local.number
        for local in work.locals
        if local.naming.hidden or local.naming.automatic or meant[local.name] != local.number
    ]
    if len(names) > len(free):
        raise work.failure("Tactic `rename_i` failed: Too many variable names")
    for name, number in zip(names, free[len(free) - len(names) :], strict=True):
        if name != "_":
            state = rename(state, number, Naming(name))
    return state
