"""The contract of every strategy, and how they say that there is no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol, Self, runtime_checkable

from neurosym.candidate import Candidate
from neurosym.engines.base import Capability, EngineInfo
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.solution import Solution

__all__ = ["NOT_ONE_SAMPLE", "Strategy", "check_needs", "what_went_wrong"]

NOT_ONE_SAMPLE = "the budget was spent before there was a single sample"
"""Why there is no answer where nothing was drawn."""


@runtime_checkable
class Strategy(Protocol):
    """Solves one problem with what a session offers."""

    @property
    def samples(self) -> int:
        """Samples that it asks for at once, by which problems are worked on side by side."""
        ...

    @property
    def seed(self) -> int:
        """Seed of all sampling."""
        ...

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer."""
        ...

    @property
    def settings(self) -> dict[str, Any]:
        """All that its solutions depend on, as JSON data, for run logs."""
        ...

    def with_seed(self, seed: int) -> Self:
        """The same with another seed."""
        ...

    async def solve(self, problem: Problem, session: Session) -> Solution:
        """Solve, or abstain with the reason.

        Raises:
            ContextOverflowError: The problem is too long for the model.
            EngineError: The model could not be run.
            BackendError: The backend broke.
        """
        ...


def check_needs(strategy: Strategy, info: EngineInfo) -> None:
    """Refuse an engine that does not offer what a strategy needs.

    Raises:
        OptionError: It does not.
    """
    if lacking := sorted(strategy.needs - info.can):
        without = {
            Capability.FURTHER: "refine, self_verify, steps and ignore, which ask the model again",
            Capability.ABORT: "early, which drops samples in flight",
        }
        left_out = " and ".join(without[need] for need in lacking if need in without)
        otherwise = f", or leave out {left_out}" if left_out else ""
        needed = " and ".join(filter(None, (", ".join(lacking[:-1]), lacking[-1])))
        raise OptionError(
            f"the strategy needs {needed}, which the engine {info.name} "
            f"({info.version}) does not offer",
            hint=f"Take another strategy or engine{otherwise}.",
        )


def what_went_wrong(candidates: Sequence[Candidate]) -> str:
    """Why no candidate can be chosen: how many ended in which way."""
    found = sum(candidate.answer is not None for candidate in candidates)
    if found:
        return f"of {len(candidates)} samples {found} have an answer, and checks speak against each"
    counts = Counter(candidate.verdict.outcome.status.value for candidate in candidates)
    parts = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    return f"none of {len(candidates)} samples gave an answer: {parts}"
