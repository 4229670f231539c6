"""The answer of the least expected loss, for answers that may be right in part.

Minimum Bayes risk (Kumar and Byrne 2004, N04-1022): under the votes for all answers, the one that
is on average nearest to them. Where answers are only right or wrong that is the heaviest one.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector, WeightedVote, by_weight
from neurosym.selection.weighted import VerifierWeighted
from neurosym.values import Value

__all__ = ["MinimumRisk", "part_that_differs"]


def part_that_differs(one: Value, other: Value) -> float:
    """How much of two answers differs, in [0, 1].

    Of sets, the members that only one has (Jaccard distance); of tuples of one length, and of named
    values, such as the decisions of a plan, the mean over places and names. Other answers are the
    same or not: a number that is nearly right is wrong.
    """
    match one, other:
        case Set(), Set():
            return len(one ^ other) / len(one | other) if one or other else 0.0
        case tuple(), tuple() if len(one) == len(other):
            return _mean([part_that_differs(a, b) for a, b in zip(one, other, strict=True)])
        case dict(), dict():
            names = one.keys() | other.keys()
            return _mean(
                [
                    part_that_differs(one[name], other[name])
                    if name in one and name in other
                    else 1.0
                    for name in names
                ]
            )
    return float(isinstance(one, bool) is not isinstance(other, bool) or one != other)


def _mean(losses: list[float]) -> float:
    return sum(losses) / len(losses) if losses else 0.0


@dataclass(frozen=True, slots=True)
class MinimumRisk(Selector):
    """The answer whose expected loss is least under a vote.

    Attributes:
        scorer: Weighs the samples.
        loss: Of giving the first answer where the second is right, in [0, 1], 0 for equal ones.
    """

    scorer: WeightedVote = field(default_factory=VerifierWeighted)
    loss: Callable[[Value, Value], float] = part_that_differs

    def choose(self, ballots: Ballots) -> Choices:
        """Choose the answers of least risk; their share is what is expected to be right."""
        import numpy as np

        weights = self.scorer.weights(ballots)
        heaviest = by_weight(ballots, weights)
        labels, candidates = heaviest.labels.copy(), heaviest.candidates.copy()
        shares = heaviest.shares.copy()
        for row, answers in enumerate(ballots.answers):
            if heaviest.labels[row] < 0 or not any(map(_has_parts, answers)):
                continue
            gains = 1 - np.array([[self.loss(a, b) for b in answers] for a in answers])
            expected = gains @ heaviest.totals[row, : len(answers)]
            expected[heaviest.totals[row, : len(answers)] == 0] = -1.0  # nobody supports it
            best = expected.round(9) == expected.round(9).max()
            if not best[heaviest.labels[row]]:
                labels[row] = int(best.argmax())
                inside = ballots.labels[row] == labels[row]
                candidates[row] = int(np.where(inside, weights[row], -1.0).argmax())
            shares[row] = expected[labels[row]] / weights[row].sum()
        return replace(heaviest, labels=labels, candidates=candidates, shares=shares)


def _has_parts(answer: Value) -> bool:
    return isinstance(answer, tuple | Set | dict)
