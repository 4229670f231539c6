"""Votes weighted by how probable a model finds its own samples.

Perplexity consistency adds up, for each answer, the probabilities of the samples that gave it,
rather than counting them; its estimate converges faster. Reasoning pruning leaves out samples that
are improbable, which would let that estimate converge slowly (RPC: Zhou et al. 2025,
arXiv:2502.00511, sections 3.2 and 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, WeightedVote
from neurosym.selection.majority import Majority
from neurosym.selection.weibull import fit_mixtures

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks, Numbers

__all__ = ["PerplexityConsistency", "ReasoningPruning"]

_FEWEST = 4
"""Samples that differ below which no two components can be told apart."""


class _OfDistinctTexts(WeightedVote):
    """A vote in which the same text weighs once, however sure that makes its answer."""

    __slots__ = ()

    def standing(self, ballots: Ballots) -> Choices:
        """See :meth:`Selector.standing`: samples are counted, each as one."""
        return Majority().choose(ballots)

    def full_votes(self, ballots: Ballots) -> Array:
        """Most that a candidate would add; see :meth:`Selector.full_votes`."""
        return Majority().full_votes(ballots)


@dataclass(frozen=True, slots=True)
class PerplexityConsistency(_OfDistinctTexts):
    """Each sample weighs the geometric mean of its tokens' probabilities; identical texts, once.

    A problem with an answer whose probability is not known is voted on by plain majority, and so is
    one where all answers have probability 0.
    """

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate, in [0, 1]."""
        import numpy as np

        probabilities = np.exp(ballots.likelihoods)
        counted = np.where(ballots.distinct(), probabilities, 0.0)
        is_counted = _are_known(ballots, counted)[:, None]
        return np.where(is_counted, counted, ballots.is_drawn.astype(float))


@dataclass(frozen=True, slots=True)
class ReasoningPruning(_OfDistinctTexts):
    """The same without samples that are improbable among those of their problem (RPC).

    A mixture of two Weibull distributions is fitted to the probabilities; a sample is left out if
    it belongs to the component of the smaller mean and is less probable than all are on average.
    """

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate, in [0, 1]."""
        import numpy as np

        weights = PerplexityConsistency().weights(ballots)
        # What has no answer is left alone, or all that have one could be left out.
        compared = ballots.distinct() & (ballots.labels >= 0) & (weights > 0)
        differ = _different(np.where(compared, weights, np.nan))
        rows = np.flatnonzero(_are_known(ballots, weights) & (differ >= _FEWEST))
        if not len(rows):
            return weights
        values, there = weights[rows], compared[rows]
        mixture = fit_mixtures(values, there)
        low, high = mixture.means
        is_lower = mixture.posterior(np.log(np.where(there, values, 1.0))) < 0.5
        mean = np.where(there, values, 0).sum(axis=1) / there.sum(axis=1)
        pruned = there & is_lower & (values < mean[:, None]) & (low < high)[:, None]
        weights[rows] = np.where(pruned, 0.0, values)
        return weights


def _are_known(ballots: Ballots, weights: Array) -> Marks:
    """Problems whose samples' probabilities are known, and one of an answer is not 0."""
    import numpy as np

    has_answer = ballots.is_drawn & (ballots.labels >= 0)
    is_unknown = np.any(has_answer & np.isnan(ballots.logprobs), axis=1)
    is_possible = np.any(has_answer & (weights > 0), axis=1)
    known: Marks = ~is_unknown & is_possible
    return known


def _different(values: Array) -> Numbers:
    """How many values of each row differ, NaN apart."""
    import numpy as np

    ordered = np.sort(values, axis=1)  # NaN comes last
    rises: Marks = np.diff(ordered, axis=1) > 0
    return np.asarray(rises.sum(axis=1) + ~np.isnan(ordered[:, 0]), dtype=np.intp)
