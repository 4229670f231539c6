"""The contract of every selector, and the vote they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from neurosym.candidate import Candidate
from neurosym.solution import Selection

__all__ = ["Selector", "weighted_vote"]


@runtime_checkable
class Selector(Protocol):
    """Chooses one candidate, or none. Pure."""

    def select(self, candidates: Sequence[Candidate], labels: Sequence[int]) -> Selection:
        """Choose.

        Args:
            candidates: All candidates of one problem, in order.
            labels: Class of equal answers of each, from 0 in order of first appearance; -1 for a
                candidate without an answer, which can never be chosen.
        """
        ...


def weighted_vote(
    candidates: Sequence[Candidate], labels: Sequence[int], weights: Sequence[float]
) -> Selection:
    """Sum the weights of each class of equal answers and take the heaviest class.

    Ties are broken by the heaviest candidate, as one proof says more than two searches without one;
    then by the best mean log-probability in the class (an unknown one is the worst), then by first
    appearance. Within the class the candidate of the highest weight is chosen, ties broken
    likewise. A class of weight zero has no support and is never chosen.
    """
    classes = max(labels, default=-1) + 1
    totals = [0.0] * classes
    for label, weight in zip(labels, weights, strict=True):
        if label >= 0:
            totals[label] += weight
    supported = [label for label in range(classes) if totals[label] > 0]
    if not supported:
        return Selection(candidate=None, label=None, weights=tuple(totals))

    def likelihood(i: int) -> float:
        logprob = candidates[i].completion.mean_logprob
        return float("-inf") if logprob is None else logprob

    members = {
        label: [i for i, other in enumerate(labels) if other == label] for label in supported
    }
    # Sums of the same weights in another order differ in their last digits; that is no preference.
    winner = max(
        supported,
        key=lambda label: (
            round(totals[label], 9),
            round(max(weights[i] for i in members[label]), 9),
            max(map(likelihood, members[label])),
            -label,
        ),
    )
    chosen = max(members[winner], key=lambda i: (weights[i], likelihood(i), -i))
    return Selection(
        candidate=chosen,
        label=winner,
        weights=tuple(totals),
        share=totals[winner] / sum(weights),
        weight=weights[chosen],
    )
