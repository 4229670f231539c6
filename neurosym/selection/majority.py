"""Plain majority: self-consistency (Wang et al. 2023, arXiv:2203.11171)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import WeightedVote

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = ["Majority"]


@dataclass(frozen=True, slots=True)
class Majority(WeightedVote):
    """Every sample with an answer counts one; so does one without, for no answer.

    What was put together of several samples is none.
    """

    @property
    def heaviest(self) -> float:
        """Most that one candidate can weigh."""
        return 1.0

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate: all samples weigh the same."""
        return ballots.is_drawn.astype(float)
