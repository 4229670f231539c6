"""The answer of the least expected loss, for answers that may be right in part.

Minimum Bayes risk (Kumar and Byrne 2004, N04-1022): under the votes for all answers, the one that
is on average nearest to them. Where answers are only right or wrong that is the heaviest one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector, WeightedVote, by_weight
from neurosym.selection.spans import span_of, spans_differ
from neurosym.selection.weighted import VerifierWeighted
from neurosym.values import Value

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Numbers

__all__ = ["MinimumRisk", "part_that_differs"]


def part_that_differs(one: Value, other: Value) -> float:
    """How much of two answers differs, in [0, 1].

    Of sets, the members that only one has (Jaccard distance); of intervals, written as texts such
    as ``"[2, 5)"``, the part of their union that only one has (see :func:`spans_differ`); of tuples
    of one length, and of named values, such as the decisions of a plan, the mean over places and
    names. Other answers are the same or not: a number that is nearly right is wrong.
    """
    match one, other:
        case str(), str() if span_of(one) and span_of(other):
            return float(_overlaps([one, other])[0, 1])
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

    def full_votes(self, ballots: Ballots) -> Array:
        """Most that a candidate of each problem would weigh if it failed no check; problems."""
        return self.scorer.full_votes(ballots)

    def choose(self, ballots: Ballots) -> Choices:
        """Choose the answers of least risk; their share is what is expected to be right.

        Among answers of equal risk the vote decides; see :func:`by_weight`.
        """
        import numpy as np

        weights = self.scorer.weights(ballots)
        heaviest = by_weight(ballots, weights)
        best = np.ones(heaviest.totals.shape, dtype=bool)
        shares = heaviest.shares.copy()
        for row, answers in enumerate(ballots.answers):
            supported = np.flatnonzero(heaviest.totals[row] > 0)
            if len(supported) < 2 or not any(_has_parts(answers[k]) for k in supported):
                continue
            totals = heaviest.totals[row, supported]
            expected = (1 - self._losses([answers[k] for k in supported])) @ totals
            nearness = (expected / expected.max()).round(9)
            best[row, supported] = nearness == nearness.max()
            shares[row] = expected.max() / heaviest.votes[row].sum()
        return replace(by_weight(ballots, weights, best), shares=shares)

    def _losses(self, answers: Sequence[Value]) -> Array:
        """The loss of each answer where each other one is right; answers × answers."""
        import numpy as np

        if self.loss is not part_that_differs:
            return _each_two(answers, self.loss)
        alike: dict[Callable[[Sequence[Value]], Array], list[int]] = {}
        for place, answer in enumerate(answers):
            alike.setdefault(_compared_by(answer), []).append(place)
        losses = np.ones((len(answers), len(answers)))  # of those that are not alike
        for compared, places in alike.items():
            losses[np.ix_(places, places)] = compared([answers[place] for place in places])
        return losses


def _compared_by(answer: Value) -> Callable[[Sequence[Value]], Array]:
    """What tells how much of answers like this one differs; answers × answers.

    Each does what :func:`part_that_differs` does of two. One by one, many answers of many problems
    would take minutes.
    """
    if isinstance(answer, Set):
        return _jaccard
    if isinstance(answer, dict):
        return _plans
    return _overlaps if isinstance(answer, str) and span_of(answer) else _each_two


def _each_two(
    answers: Sequence[Value], loss: Callable[[Value, Value], float] = part_that_differs
) -> Array:
    import numpy as np

    return np.array([[loss(one, other) for other in answers] for one in answers])


def _plans(answers: Sequence[Value]) -> Array:
    import numpy as np

    named = _as_columns(answers)
    if named is None:
        return _each_two(answers)
    return np.asarray((named[:, None, :] != named[None, :, :]).mean(axis=2))


def _as_columns(answers: Sequence[Value]) -> Numbers | None:
    """Plans that name the same decisions, as numbers that stand for their values.

    Answers × decisions; ``None`` if they are no such plans.
    """
    import numpy as np

    first = answers[0]
    if not isinstance(first, dict) or not first:
        return None
    known: dict[tuple[bool, Value], int] = {}
    rows = []
    for answer in answers:
        if not isinstance(answer, dict) or answer.keys() != first.keys():
            return None
        values = [answer[name] for name in first]
        if any(_has_parts(value) for value in values):
            return None
        keys = [(isinstance(value, bool), value) for value in values]
        rows.append([known.setdefault(key, len(known)) for key in keys])
    return np.array(rows, dtype=np.intp)


def _jaccard(answers: Sequence[Value]) -> Array:
    """Of sets: the part of their members that only one of two has; answers × answers."""
    import numpy as np

    column: dict[Value, int] = {}
    places = [
        [column.setdefault(member, len(column)) for member in answer]
        for answer in answers
        if isinstance(answer, Set)
    ]
    has = np.zeros((len(answers), len(column)))
    for row, found in enumerate(places):
        has[row, found] = 1.0
    shared, sizes = has @ has.T, has.sum(axis=1)
    either = sizes[:, None] + sizes[None, :] - shared
    alike: Array = np.divide(shared, either, out=np.ones_like(shared), where=either > 0)
    return 1 - alike


def _overlaps(answers: Sequence[Value]) -> Array:
    """Of intervals: the part of the union of two that only one has; answers × answers."""
    import numpy as np

    spans = np.array([span_of(answer) for answer in answers if isinstance(answer, str)])
    return spans_differ(spans[:, None], spans[None, :])


def _has_parts(answer: Value) -> bool:
    if isinstance(answer, str):
        return span_of(answer) is not None
    return isinstance(answer, tuple | Set | dict)
