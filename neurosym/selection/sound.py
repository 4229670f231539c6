"""Which samples no check speaks against, for whoever would rather abstain than trust another.

Sampling until one is found is what verifiers are used for (Brown et al. 2024, arXiv:2407.21787);
what that can reach is in :mod:`neurosym.selection.resampling`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neurosym.candidate import Candidate
from neurosym.selection.ballots import Ballots, features
from neurosym.selection.base import Choices, WeightedVote
from neurosym.selection.weighted import CAUTIOUS_FACTORS

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = ["SoundVote", "is_sound"]


def is_sound(candidate: Candidate) -> bool:
    """Whether a candidate has an answer, and neither its checks nor its proof speak against it."""
    return candidate.answer is not None and _nothing_against(features(candidate))


def _nothing_against(states: tuple[str, ...]) -> bool:
    return all(CAUTIOUS_FACTORS.get(name, 1.0) >= 1 for name in states)


@dataclass(frozen=True, slots=True)
class SoundVote(WeightedVote):
    """A vote of the sound candidates alone; where there is none, no answer has support."""

    def weights(self, ballots: Ballots) -> Array:
        """1 for each sound candidate, 0 for the others."""
        import numpy as np

        sound = np.array([_nothing_against(names) for names in ballots.features])
        is_voter = sound[ballots.states] & (ballots.labels >= 0) & ballots.is_there
        return is_voter.astype(float)

    def choose(self, ballots: Ballots) -> Choices:
        """Choose by the vote; what is told of it is of all candidates, that none is hidden."""
        import numpy as np

        choices = WeightedVote.choose(self, ballots)
        won = choices.shares * choices.votes.sum(axis=1)
        votes = ballots.once(choices.votes).astype(float)
        return replace(choices, shares=won / np.maximum(votes.sum(axis=1), 1), votes=votes)
