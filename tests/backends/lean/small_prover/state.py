"""Goals, and what has been proved of a theorem so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.backends.lean.small_prover.expressions import Expr, FVar, MVar

__all__ = ["Goal", "Local", "Naming", "Proof", "State"]


@dataclass(frozen=True, slots=True)
class Naming:
    """What a hypothesis is called, and how it came by that name.

    Attributes:
        text: The name.
        hidden: Whether no text can mean it; it is shown with a dagger then.
        automatic: Whether the prover chose it, so that ``rename_i`` may choose another.
    """

    text: str
    hidden: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A variable or hypothesis of a goal."""

    naming: Naming
    variable: FVar

    @property
    def name(self) -> str:
        """Its name."""
        return self.naming.text

    @property
    def number(self) -> int:
        """The number of its variable."""
        return self.variable.number

    def renamed(self, text: str, *, hidden: bool = False) -> Local:
        """It by another name."""
        return replace(self, naming=Naming(text, hidden, automatic=hidden))


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """What is to be proved, or found.

    Attributes:
        hole: What stands for it in other terms: for a proof a variable, whose type is the target
            for all that the goal has more than the one it came from; else a metavariable.
        locals: Its variables and hypotheses.
        added: Those that it has more.
        target: The proposition to prove, or the type of what is to be found.
    """

    hole: FVar | MVar
    locals: tuple[Local, ...]
    added: tuple[FVar, ...]
    target: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """What proves a goal, with the holes of those that are left, and what the goal added."""

    added: tuple[FVar, ...]
    term: Expr


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A proof on its way.

    Attributes:
        goals: What is left; the next tactic works on the first.
        assigned: What metavariables stand for.
        proofs: The proof of each hole that has one.
        root: The hole of the theorem.
    """

    goals: tuple[Goal, ...]
    assigned: Mapping[int, Expr]
    proofs: Mapping[int, Proof]
    root: FVar

    def with_goals(self, *goals: Goal) -> State:
        """It with other goals, without those that have been met."""
        left = tuple(
            goal
            for goal in goals
            if not (isinstance(goal.hole, MVar) and goal.hole.number in self.assigned)
        )
        return replace(self, goals=left)
