"""Two routes that check each other.

Samples of one kind of reasoning are kept where samples of another come to the same answer (Liang et
al. 2024, arXiv:2410.05318, section 3.3: chains of thought and programs). Here the routes are prose
and programs, or the modelling language and programs; where there is one route alone, its wordings.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, WeightedVote
from neurosym.selection.weighted import VerifierWeighted

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks

__all__ = ["CrossChecked"]


@dataclass(frozen=True, slots=True)
class CrossChecked(WeightedVote):
    """Samples whose answer another route gives as well; where there are none, all samples.

    Attributes:
        scorer: Weighs the samples.
        alone: Factor of a sample that no other route confirms, where some are confirmed.
    """

    scorer: WeightedVote = field(default_factory=VerifierWeighted)
    alone: float = 0.0

    def standing(self, ballots: Ballots) -> Choices:
        """See :meth:`Selector.standing`: what no other route gives yet weighs there what it would.

        An answer that is not confirmed itself may lose to any that comes to be.
        """
        import numpy as np

        chosen = self.choose(ballots)
        confirmed = self._confirmed(ballots, self.scorer.weights(ballots))
        is_confirmed = confirmed[np.arange(len(confirmed)), chosen.labels]
        votes = self.scorer.choose(ballots)
        return replace(chosen, totals=votes.totals, votes=votes.votes).only(is_confirmed)

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate."""
        import numpy as np

        weights = self.scorer.weights(ballots)
        confirmed = self._confirmed(ballots, weights)
        is_confirmed = (ballots.labels >= 0) & np.take_along_axis(
            confirmed, np.maximum(ballots.labels, 0), axis=1
        )
        some = confirmed.any(axis=1, keepdims=True)
        # What has no answer stays in the vote, or ten failures would count for nothing.
        doubtful = some & ~is_confirmed & (ballots.labels >= 0)
        return np.where(doubtful, self.alone * weights, weights)

    def _confirmed(self, ballots: Ballots, weights: Array) -> Marks:
        """Which classes of equal answers several routes give; problems × classes."""
        import numpy as np

        classes = max(1, int(ballots.labels.max(initial=-1)) + 1)
        given = np.zeros((len(weights), classes, int(ballots.ways.max(initial=0)) + 1), bool)
        speaks = (ballots.labels >= 0) & ballots.is_drawn & (weights > 0)
        rows = np.broadcast_to(np.arange(len(weights))[:, None], weights.shape)
        given[rows[speaks], ballots.labels[speaks], ballots.ways[speaks]] = True
        confirmed: Marks = given.sum(axis=2) > 1
        return confirmed
