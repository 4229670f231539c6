"""What every tactic gets, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.backends.lean.small_prover.lexer import Token, Tokens
from tests.backends.lean.small_prover.limits import Budget
from tests.backends.lean.small_prover.parser import TermParser
from tests.backends.lean.small_prover.state import Goal, State
from tests.backends.lean.small_prover.syntax import Term
from tests.backends.lean.small_prover.work import Work

__all__ = ["Run", "Tactic", "each"]


@dataclass(frozen=True, slots=True)
class Run:
    """A tactic that is being run.

    Attributes:
        tokens: What stands behind its name.
        budget: What it may take.
        block: Runs other tactics that stand inside it.
    """

    tokens: Tokens
    budget: Budget
    block: Callable[[State, list[Token]], State]

    def work(self, state: State) -> Work:
        """A step on the first goal of a state."""
        return Work(state, self.budget)

    def term(self) -> Term:
        """The term that comes next."""
        return TermParser(self.tokens).term()


Tactic = Callable[[State, Run], State]
"""Raises ``Failure`` where it does not apply."""


def each(state: State, count: int, actions: Sequence[Callable[[State], State]]) -> State:
    """Do something with each of the first goals; what is left of them stays in their order."""
    front, rest = state.goals[:count], state.goals[count:]
    left: list[Goal] = []
    for goal, action in zip(front, actions, strict=True):
        state = state.with_goals(goal)
        if state.goals:
            state = action(state)
        left.extend(state.goals)
    return state.with_goals(*left, *rest)
