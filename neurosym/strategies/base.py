"""The contract of every strategy."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.solution import Solution

__all__ = ["Strategy"]


@runtime_checkable
class Strategy(Protocol):
    """Solves one problem with what a session offers."""

    async def solve(self, problem: Problem, session: Session) -> Solution:
        """Solve, or abstain with the reason.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        ...
