"""Best of n, and votes by score: how good each sample is comes from outside of the vote.

Best of n takes the sample of the highest score (Cobbe et al. 2021, arXiv:2110.14168, section 4.2);
weighted best of n adds up the scores of equal answers (Li et al. 2023, arXiv:2206.02336). A score
is a number of 0 or more: a verifier's probability, a fitted weight, a sample's own probability.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector, WeightedVote, by_rating
from neurosym.selection.weighted import VerifierWeighted

__all__ = ["BestOfN"]


@dataclass(frozen=True, slots=True)
class BestOfN(Selector):
    """The sample with an answer that weighs most under another rule, whatever the others say.

    Adding the weights of equal answers up instead is what a :class:`WeightedVote` does, so that
    each rule of that kind is a scorer here, and weighted best of n there.

    Attributes:
        scorer: Weighs the samples; by what the checks said if none is given.
    """

    scorer: WeightedVote = field(default_factory=VerifierWeighted)

    def standing(self, ballots: Ballots) -> Choices:
        """See :meth:`Selector.standing`: a sample of a better score may come, or a likelier one."""
        import numpy as np

        scores = self.scorer.weights(ballots)
        choices = by_rating(ballots, scores)
        won = scores[np.arange(len(scores)), choices.candidates]
        is_best = won >= self.scorer.full_votes(ballots)
        return choices.only(is_best & np.isnan(ballots.logprobs).all(axis=1))

    def choose(self, ballots: Ballots) -> Choices:
        """Choose the candidates of the greatest score."""
        return by_rating(ballots, self.scorer.weights(ballots))
