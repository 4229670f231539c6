"""The contract of every selector, and the vote that most of them share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neurosym.candidate import Candidate
from neurosym.selection.ballots import Ballots
from neurosym.solution import Selection

if TYPE_CHECKING:
    import numpy as np

    from neurosym.selection.arrays import Array, Marks, Numbers

__all__ = ["Choices", "Selector", "WeightedVote", "by_rating", "by_weight"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a selector chose for each of several problems.

    Attributes:
        candidates: Place of the candidate chosen, -1 if none has support; problems.
        labels: Class of equal answers it belongs to, -1 likewise; problems.
        shares: How much of what was weighed stands behind it, in [0, 1]; problems.
        totals: What stands behind each class of equal answers; problems × classes.
        votes: What each candidate weighs; problems × candidates.
        by_place: Whether another answer is as good in all that the rule goes by, so that the order
            of the candidates alone decided; problems.
    """

    candidates: Numbers
    labels: Numbers
    shares: Array
    totals: Array
    votes: Array
    by_place: Marks

    def only(self, kept: Marks) -> Choices:
        """The same with no answer for some problems.

        Args:
            kept: Problems that keep theirs.
        """
        import numpy as np

        return replace(
            self,
            candidates=np.where(kept, self.candidates, -1),
            labels=np.where(kept, self.labels, -1),
        )

    def are_right(self, right: Marks) -> Marks:
        """Whether the answer chosen for each problem is right.

        Args:
            right: Whether each class of equal answers is; problems × classes.
        """
        import numpy as np

        rows = np.arange(len(right))
        found: Marks = (self.labels >= 0) & right[rows, np.maximum(self.labels, 0)]
        return found

    def selection(self, problem: int, candidates: int, classes: int) -> Selection:
        """What was chosen for one problem, without padding.

        Args:
            problem: Its place.
            candidates: How many candidates it has.
            classes: How many classes of equal answers.
        """
        chosen, label = int(self.candidates[problem]), int(self.labels[problem])
        return Selection(
            candidate=None if chosen < 0 else chosen,
            label=None if label < 0 else label,
            weights=tuple(self.totals[problem, :classes].tolist()),
            share=float(self.shares[problem]),
            votes=tuple(self.votes[problem, :candidates].tolist()),
            by_place=bool(self.by_place[problem]),
        )


class Selector(ABC):
    """Chooses one candidate of each problem, or none. Pure."""

    __slots__ = ()

    @abstractmethod
    def choose(self, ballots: Ballots) -> Choices:
        """Choose for many problems at once."""

    def standing(self, ballots: Ballots) -> Choices:
        """What was chosen so far, as a vote in which every further sample adds to its answer.

        How far its leader is ahead says whether more samples would change the choice, which is not
        so of what every rule goes by. No answer is told where they may change it however far ahead
        it is.
        """
        return self.choose(ballots)

    def full_votes(self, ballots: Ballots) -> Array:
        """Most that a candidate of each problem would add there if it failed no check; problems.

        That is 1 where all weigh the same.
        """
        import numpy as np

        return np.ones(len(ballots.labels))

    def select(self, candidates: Sequence[Candidate], labels: Sequence[int]) -> Selection:
        """Choose for one problem.

        Args:
            candidates: All candidates of the problem, in order.
            labels: Class of equal answers of each, from 0 in order of first appearance; -1 for a
                candidate without an answer, which can never be chosen.
        """
        if not candidates:
            return Selection(candidate=None, label=None)
        chosen = self.choose(Ballots.of([(candidates, labels)]))
        return chosen.selection(0, len(candidates), max(labels) + 1)


class WeightedVote(Selector):
    """A selector under which the weights of equal answers are added up."""

    __slots__ = ()

    @property
    def heaviest(self) -> float:
        """Most that one candidate can weigh; infinite where that is not known."""
        return math.inf

    @abstractmethod
    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate, 0 or more, 0 for padding; problems × candidates."""

    def full_votes(self, ballots: Ballots) -> Array:
        """Most that a candidate would add; see :meth:`Selector.full_votes`."""
        full: Array = self.weights(ballots.without_failures).max(axis=1, initial=0.0)
        return full

    def choose(self, ballots: Ballots) -> Choices:
        """Choose the answers with the greatest total weight; see :func:`by_weight`."""
        return by_weight(ballots, self.weights(ballots))


def by_weight(ballots: Ballots, weights: Array, among: Marks | None = None) -> Choices:
    """Sum the weights of each class of equal answers and take the heaviest class.

    A sample and what it was written again as count an answer once; see :meth:`Ballots.once`.

    Ties are broken by the heaviest candidate, as one proof says more than two searches without one;
    then by the best mean log-probability in the class (an unknown one is the worst), then by first
    appearance. Within the class the candidate of the highest weight is chosen, ties broken
    likewise. A class of weight zero has no support and is never chosen. The share is of the weight
    of all candidates, those without an answer included.

    Args:
        ballots: The candidates.
        weights: Of each candidate; problems × candidates.
        among: Which classes may be chosen; problems × classes. ``None`` is all.
    """
    import numpy as np

    weights = np.where(ballots.once(weights), weights, 0.0)
    totals = _totals(ballots, weights)
    likelihoods = ballots.likelihoods
    highest = weights.max(axis=1, initial=0.0, keepdims=True)
    scale = np.where(highest > 0, highest, 1.0)
    # Sums of the same weights in another order differ in their last digits; that is no preference.
    may_win = totals > 0 if among is None else (totals > 0) & among
    best = _greatest(may_win, (totals / scale).round(9))
    best = _greatest(best, _class_best(ballots, (weights / scale).round(9)))
    best = _greatest(best, _class_best(ballots, likelihoods))
    by_place = best.sum(axis=1) > 1
    places = np.broadcast_to(-np.arange(weights.shape[1], dtype=float), weights.shape)
    best = _greatest(best, _class_best(ballots, places))
    winners = np.where(best.any(axis=1), best.argmax(axis=1), -1)
    inside = (ballots.labels == winners[:, None]) & (winners >= 0)[:, None]
    chosen = _greatest(_greatest(inside, weights), likelihoods)
    won = np.where(winners >= 0, totals[np.arange(len(winners)), winners], 0.0)
    weighed = weights.sum(axis=1)
    return Choices(
        candidates=np.where(winners >= 0, chosen.argmax(axis=1), -1),
        labels=winners,
        shares=np.divide(won, weighed, out=np.zeros_like(won), where=weighed > 0),
        totals=totals,
        votes=weights,
        by_place=by_place,
    )


def by_rating(ballots: Ballots, ratings: Array) -> Choices:
    """Take the candidate with an answer that is rated highest, whatever the others say.

    Ties are broken by log-probability, then by place. What a candidate weighs is 1, and a sample
    counts an answer once, so that the share says how many of all agree with the one chosen, which a
    rating alone does not tell.

    Args:
        ballots: The candidates.
        ratings: Of each candidate; problems × candidates.
    """
    import numpy as np

    votes = ballots.once(ratings).astype(float)
    totals = _totals(ballots, votes)
    best = _greatest(_greatest(ballots.labels >= 0, ratings), ballots.likelihoods)
    is_chosen = best.any(axis=1)
    chosen = np.where(is_chosen, best.argmax(axis=1), -1)
    rows = np.arange(len(chosen))
    labels = np.where(is_chosen, ballots.labels[rows, chosen], -1)
    won = np.where(is_chosen, totals[rows, labels], 0.0)
    by_place: Marks = (best & (ballots.labels != labels[:, None])).any(axis=1)
    shares = won / np.maximum(votes.sum(axis=1), 1)
    return Choices(chosen, labels, shares, totals, votes, by_place)


def _totals(ballots: Ballots, weights: Array) -> Array:
    """The weight of each class of equal answers; problems × classes, of which there is one."""
    import numpy as np

    return _of_classes(ballots, weights, np.add, 0.0)


def _class_best(ballots: Ballots, values: Array) -> Array:
    """The greatest value of each class; problems × classes."""
    import numpy as np

    return _of_classes(ballots, values, np.maximum, -np.inf)


def _of_classes(ballots: Ballots, values: Array, together: np.ufunc, none: float) -> Array:
    """What the values of each class come to; problems × classes.

    Args:
        ballots: The candidates.
        values: Of each candidate; problems × candidates.
        together: Puts two values together.
        none: What a class without candidates comes to.
    """
    import numpy as np

    found = np.full((len(ballots.labels), ballots.classes), none)
    has_answer = ballots.labels >= 0
    rows = np.nonzero(has_answer)[0]
    together.at(found, (rows, ballots.labels[has_answer]), values[has_answer])
    return found


def _greatest(among: Marks, values: Array) -> Marks:
    """Those of the marked whose value is the greatest of their row's marked."""
    import numpy as np

    masked = np.where(among, values, -np.inf)
    greatest: Marks = masked == masked.max(axis=1, initial=-np.inf, keepdims=True)
    return among & greatest
