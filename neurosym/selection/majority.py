"""Plain majority: self-consistency (Wang et al. 2023, arXiv:2203.11171)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.candidate import Candidate
from neurosym.selection.base import weighted_vote
from neurosym.selection.proofs import is_pooled
from neurosym.solution import Selection

__all__ = ["Majority"]


@dataclass(frozen=True, slots=True)
class Majority:
    """Every sample with an answer counts one; so does one without, for no answer.

    What was put together of several samples is none.
    """

    def weight(self, candidate: Candidate) -> float:
        """The weight of one candidate: all samples weigh the same."""
        return 0.0 if is_pooled(candidate) else 1.0

    def select(self, candidates: Sequence[Candidate], labels: Sequence[int]) -> Selection:
        """Choose the most frequent answer."""
        return weighted_vote(candidates, labels, [self.weight(item) for item in candidates])
