"""What is particular to one kind of problem."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from neurosym.backends.base import Backend, Limits
from neurosym.backends.lean.elaboration import Elaborator
from neurosym.backends.lean.tactics import TacticProver
from neurosym.candidate import Candidate, Check, Outcome
from neurosym.checks.feedback import Feedback, Tell
from neurosym.problem import Problem
from neurosym.selection.calibration import Calibration
from neurosym.translators.base import Translator
from neurosym.values import Value

__all__ = ["Comparison", "Domain", "Pooling", "RunChecks"]

# The formal object is a program for one kind of problem and a theory for another; each domain's
# parts agree on theirs, and nothing outside them looks into it.
RunChecks = Callable[[Problem, Any, Outcome], tuple[Check, ...]]
"""Re-checks an outcome: of the problem, its formal object, and what the backend found."""


Pooling = Callable[
    [Sequence[Candidate], Callable[[Any], Awaitable[Outcome]]], Awaitable[list[Candidate]]
]
"""Makes further candidates of those of a problem."""


class Comparison(Protocol):
    """Says which answers are the same, and which are right."""

    async def group(self, values: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equal answers, from 0 in the order first seen; no answer gets -1."""
        ...

    async def matches(self, answer: Value, gold: Value, choices: Sequence[str] = ()) -> bool:
        """Whether an answer is right, for scoring."""
        ...


def _nothing_kept(_: Candidate) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Domain:
    """What solves problems of one kind, besides the engine and the strategy.

    Attributes:
        translator: Turns the problem into a prompt, and completions into formal objects.
        backend: Runs formal objects.
        run_checks: Checks what the backend found.
        comparison: Says which answers are equal.
        feedback: What is wrong with a candidate; ``None`` if nothing is known to be.
        calibration: How far votes are trusted.
        kept: What of a candidate's text stays when it is translated again: the new one begins
            with it.
        limits: What one formal object may use, if that is other than what programs may.
        pool: Makes further candidates of those of a problem, given what runs a formal object.
        tactics: Takes proofs tactic by tactic, where the problems are theorems.
        elaborator: Elaborates files there, for search and no verdict.
    """

    translator: Translator[Any]
    backend: Backend[Any]
    run_checks: RunChecks
    comparison: Comparison
    feedback: Callable[[Candidate], Feedback | None]
    calibration: Calibration
    kept: Callable[[Candidate], str] = _nothing_kept
    limits: Limits | None = None
    pool: Pooling | None = None
    tactics: TacticProver | None = None
    elaborator: Elaborator | None = None

    def told(self, candidate: Candidate, tell: Tell) -> str:
        """What a model is told of what is wrong with a candidate; empty if there is nothing."""
        found = self.feedback(candidate)
        return "" if found is None else found.told(tell)
