"""Short ways to build nouns in tests."""

from __future__ import annotations

from neurosym.candidate import Candidate, Check, CheckState, Completion, Outcome, Verdict
from neurosym.formal.program import Program
from neurosym.status import Status
from neurosym.values import Value


def candidate(
    index: int = 0,
    answer: Value = 1,
    *,
    text: str | None = None,
    logprobs: tuple[float, ...] | None = None,
    checks: dict[str, CheckState] | None = None,
    variant: int = 0,
    route: int | None = None,
    tokens: int = 10,
) -> Candidate:
    """A candidate whose program gave ``answer``; with ``None`` it failed.

    Without a ``text`` the model wrote one that no candidate of another index has.
    """
    status = Status.FAILED if answer is None else Status.SOLVED
    return Candidate(
        index=index,
        completion=Completion(text or f"sample {index}", logprobs, 0, tokens, "stop", index),
        formalization=Program(f"def solution():\n    return {answer!r}\n"),
        verdict=Verdict(
            Outcome(status, answer),
            tuple(Check(name, state) for name, state in (checks or {}).items()),
        ),
        variant=variant,
        route=route,
    )


def labels(candidates: list[Candidate]) -> tuple[int, ...]:
    """Classes of equal answers by plain equality."""
    seen: dict[Value, int] = {}
    return tuple(
        -1 if item.answer is None else seen.setdefault(item.answer, len(seen))
        for item in candidates
    )
