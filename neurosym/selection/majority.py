"""Plain majority: self-consistency (Wang et al. 2023, arXiv:2203.11171)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.candidate import Candidate
from neurosym.selection.base import weighted_vote
from neurosym.solution import Selection

__all__ = ["Majority"]


@dataclass(frozen=True, slots=True)
class Majority:
    """Every candidate with an answer counts one; so does one without, for no answer."""

    def weight(self, candidate: Candidate) -> float:
        """The weight of one candidate: all weigh the same."""
        return 1.0

    def select(self, candidates: Sequence[Candidate], labels: Sequence[int]) -> Selection:
        """Choose the most frequent answer."""
        return weighted_vote(candidates, labels, [self.weight(item) for item in candidates])
