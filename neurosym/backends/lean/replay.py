"""Provers whose processes hold states of proofs, and may end at any time.

A process that hangs has to be killed, and every state in it is gone. So a state is named by the
tactics that lead to it from the theorem's beginning; whatever process is asked for it goes on from
the longest part of that way which it has gone already.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from neurosym.backends.lean.tactics import ProofState, TacticFailure
from neurosym.backends.lean.verdict import statement_error
from neurosym.errors import BackendError
from neurosym.formal.lean.theorem import Theorem

__all__ = ["Point", "ReplayProver", "Tactics", "Walk"]

F = TypeVar("F")
Tactics = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A state that a process holds.

    Attributes:
        handle: What that process calls it.
        goals: Those that are left.
    """

    handle: Any
    goals: tuple[str, ...]


class Walk(Generic[F]):
    """The states of one theorem's proofs that one process holds. For one thread at a time.

    Args:
        begin: Makes the state before the first tactic, in that many seconds, or says why not.
        step: Makes the state behind a tactic, given the handle of the one before, likewise.
        seconds: Time for each tactic that was run before and has to be run again.
    """

    def __init__(
        self,
        begin: Callable[[float], Point | F],
        step: Callable[[Any, str, float], Point | F],
        seconds: float,
    ) -> None:
        self._begin = begin
        self._step = step
        self._seconds = seconds
        self._points: dict[Tactics, Point] = {}

    def known(self, tactics: Tactics) -> int:
        """How many states on a way it holds, the one before the first tactic included."""
        counts = range(len(tactics), -1, -1)
        return next((count + 1 for count in counts if tactics[:count] in self._points), 0)

    def reach(self, tactics: Tactics, seconds: float) -> Point | F:
        """Go a way to its end.

        Args:
            tactics: The way.
            seconds: Time for its last tactic.

        Returns:
            The state there, or what came in its place at the first tactic that has none.
        """
        for count in range(self.known(tactics), len(tactics) + 1):
            given = seconds if count == len(tactics) else self._seconds
            if count == 0:
                found = self._begin(given)
            else:
                before = self._points[tactics[: count - 1]]
                found = self._step(before.handle, tactics[count - 1], given)
            if not isinstance(found, Point):
                return found
            self._points[tactics[:count]] = found
        return self._points[tactics]


class ReplayProver(ABC):
    """See :class:`neurosym.backends.lean.tactics.TacticProver`.

    Args:
        seconds: Time for a theorem's first state.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._theorems: dict[str, Theorem] = {}

    async def start(self, theorem: Theorem) -> ProofState:
        """The state before the first tactic.

        Raises:
            FormulaError: Lean rejects the statement, or does not come to an end with it.
            BackendError: The machinery broke.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        found = await self._state(theorem, (), self._seconds)
        if isinstance(found, TacticFailure):
            raise statement_error(theorem, found.message)
        return found

    async def run(
        self, state: ProofState, tactic: str, seconds: float
    ) -> ProofState | TacticFailure:
        """The state after one more tactic.

        Raises:
            BackendError: The machinery broke, or the state is not this prover's.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        # The way is in the key, so that no state takes room here once nobody has it.
        digest, _, way = state.key.partition(" ")
        if digest not in self._theorems:
            raise BackendError(
                "this state of a proof is another prover's", hint="Start the theorem here."
            )
        tactics = (*json.loads(way), tactic)
        return await self._state(self._theorems[digest], tactics, seconds)

    async def _state(
        self, theorem: Theorem, tactics: Tactics, seconds: float
    ) -> ProofState | TacticFailure:
        goals = await self._goals(theorem, tactics, seconds)
        if isinstance(goals, TacticFailure):
            return goals
        digest = self._theorems.setdefault(theorem.digest, theorem).digest
        return ProofState(f"{digest} {json.dumps(tactics)}", goals)

    @abstractmethod
    async def _goals(
        self, theorem: Theorem, tactics: Tactics, seconds: float
    ) -> tuple[str, ...] | TacticFailure:
        """The goals that some tactics leave, or what is wrong with the last one."""

    @abstractmethod
    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
