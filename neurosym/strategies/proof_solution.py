"""What candidates for a proof come to. There is no vote: a proof that Lean accepts holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurosym.candidate import Candidate
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.solution import Abstention, Selection, Solution
from neurosym.status import Status

__all__ = ["holds", "proof_solution"]


def holds(candidate: Candidate) -> bool:
    """Whether a candidate is a proof that Lean accepts."""
    return candidate.verdict.outcome.status is Status.PROVED


def proof_solution(
    problem: Problem,
    session: Session,
    candidates: Sequence[Candidate],
    why_none: Callable[[], Abstention],
) -> Solution:
    """The first proof that holds, or why there is none.

    Args:
        problem: What was to be proved.
        session: Where, which knows what it cost.
        candidates: The proofs, in order.
        why_none: Says why none holds, if none does.
    """
    proved = [i for i, item in enumerate(candidates) if holds(item)]
    chosen = Selection(candidate=None, label=None)
    if proved:
        votes = tuple(float(holds(item)) for item in candidates)
        chosen = Selection(proved[0], 0, (sum(votes),), sum(votes) / len(votes), votes)
    return Solution(
        problem_id=problem.id,
        answer=candidates[proved[0]].answer if proved else None,
        abstention=None if proved else why_none(),
        # Lean's kernel has checked it, so there is nothing to estimate.
        confidence=1.0 if proved else 0.0,
        selection=chosen,
        labels=tuple(0 if holds(item) else -1 for item in candidates),
        candidates=tuple(candidates),
        usage=session.meter.total(),
    )
