"""All tactics by their names, and texts of several of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tests.backends.lean.small_prover import (
    closing,
    patterns,
    rewriting,
    stating,
)
from tests.backends.lean.small_prover.lexer import Kind, Token, Tokens, tokenize
from tests.backends.lean.small_prover.limits import MOST_NESTING, TOO_DEEP, Budget, Failure
from tests.backends.lean.small_prover.running import Run, Tactic
from tests.backends.lean.small_prover.state import State
from tests.backends.lean.small_prover.work import Work

__all__ = ["TACTICS", "run_text"]

TACTICS: Mapping[str, Tactic] = MappingProxyType(
    {
        "apply": closing.apply_term,
        "assumption": closing.assumption,
        "cases": patterns.cases,
        "change": stating.show,
        "clear": patterns.clear,
        "constructor": closing.constructor,
        "contradiction": closing.contradiction,
        "exact": closing.exact,
        "exfalso": closing.exfalso,
        "exists": closing.exists,
        "have": stating.have,
        "induction": patterns.induction,
        "intro": patterns.intro,
        "intros": patterns.intros,
        "left": closing.left,
        "obtain": patterns.obtain,
        "rcases": patterns.rcases,
        "refine": closing.refine,
        "rename_i": patterns.rename_i,
        "revert": stating.revert,
        "rewrite": rewriting.rewrite,
        "rfl": closing.rfl,
        "right": closing.right,
        "rintro": patterns.intro,
        "rw": rewriting.rw,
        "show": stating.show,
        "specialize": stating.specialize,
        "subst": patterns.subst,
        "symm": rewriting.symm,
        "trivial": closing.trivial,
        "use": closing.exists,
    }
)


def run_text(state: State, text: str, budget: Budget) -> State:
    """The state behind a text of tactics, one or more of them on lines of their own.

    Raises:
        Failure: One of them does not apply.
    """
    tokens = tokenize(text)
    if tokens[0].kind is Kind.END:
        raise Failure("unexpected end of input; expected tactic")
    return _block(state, tokens, budget, 0)


def _block(state: State, tokens: list[Token], budget: Budget, depth: int) -> State:
    if depth > MOST_NESTING:
        raise Failure(TOO_DEEP)
    for item in _items(tokens):
        budget.tick()
        state = _one(state, item, budget, depth)
    return state


def _items(tokens: list[Token]) -> list[list[Token]]:
    """The tokens of each tactic: those of one begin where the others do, or behind ``;``."""
    end = tokens[-1]
    column = tokens[0].column
    found: list[list[Token]] = [[]]
    brackets, nested = 0, False
    for token in tokens[:-1]:
        starts = token.first and token.column <= column and not brackets
        if starts and token.column < column and token is not tokens[0]:
            raise Failure(f"unexpected token {token.text!r}; expected command")
        if starts and found[-1]:
            found.append([])
            nested = False
        if token.text == ";" and not brackets and not nested:
            found.append([])
            continue
        nested = nested or token.text == "by" or (token.text == "·" and not found[-1])
        brackets += (token.text in ("(", "⟨", "[", "{")) - (token.text in (")", "⟩", "]", "}"))
        found[-1].append(token)
    if found and not found[-1]:
        found.pop()
    if not all(found):
        raise Failure("unexpected token ';'; expected tactic")
    return [[*item, end] for item in found]


def _one(state: State, tokens: list[Token], budget: Budget, depth: int) -> State:
    if tokens[0].text in ("·", ".") and tokens[0].kind is Kind.SIGN:
        return _focused(state, tokens[1:], budget, depth)
    name = tokens[0].text
    tactic = TACTICS.get(name) if tokens[0].kind in (Kind.NAME, Kind.WORD) else None
    if tactic is None:
        raise Failure(f"<input>:1:1: unknown tactic `{name[:60]}`")
    rest = Tokens(tokens[1:])

    def block(state: State, tokens: list[Token]) -> State:
        return _block(state, tokens, budget, depth + 1)

    after = tactic(state, Run(rest, budget, block))
    if not rest.is_done:
        raise rest.unexpected("command")
    return after


def _focused(state: State, tokens: list[Token], budget: Budget, depth: int) -> State:
    """Prove the first goal by the tactics behind a dot."""
    work = Work(state, budget)
    if tokens[0].kind is Kind.END:
        raise work.failure("unsolved goals")
    first, rest = state.goals[0], state.goals[1:]
    state = _block(state.with_goals(first), tokens, budget, depth + 1)
    if state.goals:
        raise Work(state, budget).failure("unsolved goals")
    return state.with_goals(*rest)
