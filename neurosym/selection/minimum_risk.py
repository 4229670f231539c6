"""The answer of the least expected loss, for answers that may be right in part.

Minimum Bayes risk (Kumar and Byrne 2004, N04-1022): under the votes for all answers, the one that
is on average nearest to them. Where answers are only right or wrong that is the heaviest one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector, WeightedVote, by_weight
from neurosym.selection.spans import span_of, spans_differ
from neurosym.selection.weighted import VerifierWeighted
from neurosym.values import Value

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = ["MinimumRisk", "part_that_differs"]

_Compared: TypeAlias = "Callable[[Sequence[Value]], Array]"


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

    def standing(self, ballots: Ballots) -> Choices:
        """See :meth:`Selector.standing`: what has parts may win by what others share with it."""
        import numpy as np

        whole = [not any(map(_has_parts, answers)) for answers in ballots.answers]
        return self.choose(ballots).only(np.array(whole, dtype=bool))

    def full_votes(self, ballots: Ballots) -> Array:
        """Most that a candidate would add; see :meth:`Selector.full_votes`."""
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

        if self.loss is part_that_differs:
            return _parts_that_differ(answers)
        return np.array([[self.loss(one, other) for other in answers] for one in answers])


def _parts_that_differ(answers: Sequence[Value]) -> Array:
    """What :func:`part_that_differs` is of each two; answers × answers.

    One by one, many answers of many problems would take minutes.
    """
    import numpy as np

    alike: dict[tuple[_Compared, int], list[int]] = {}
    for place, answer in enumerate(answers):
        alike.setdefault(_compared_by(answer), []).append(place)
    losses = np.ones((len(answers), len(answers)))  # of those that are not alike
    for (compared, _), places in alike.items():
        losses[np.ix_(places, places)] = compared([answers[place] for place in places])
    return losses


def _compared_by(answer: Value) -> tuple[_Compared, int]:
    """What tells how much of answers like this one differs, and how many parts all of them have."""
    if isinstance(answer, Set):
        return _jaccard, 0
    if isinstance(answer, dict):
        return _plans, 0
    if isinstance(answer, tuple):
        return _tuples, len(answer)
    return (_overlaps if isinstance(answer, str) and span_of(answer) else _same_or_not), 0


def _same_or_not(answers: Sequence[Value]) -> Array:
    import numpy as np

    known: dict[Hashable, int] = {}
    numbers = np.array([known.setdefault(_key(answer), len(known)) for answer in answers])
    return np.asarray(numbers[:, None] != numbers[None, :], dtype=float)


def _key(answer: Value) -> Hashable:
    """Something that is equal for answers of which nothing differs, written alike."""
    if isinstance(answer, tuple):
        return tuple(map(_key, answer))
    if isinstance(answer, dict):
        return frozenset((name, _key(value)) for name, value in answer.items())
    return isinstance(answer, bool), answer


def _tuples(answers: Sequence[Value]) -> Array:
    """Of tuples of one length."""
    return _by_members([dict(enumerate(a)) for a in answers if isinstance(a, tuple)])


def _plans(answers: Sequence[Value]) -> Array:
    return _by_members([answer for answer in answers if isinstance(answer, dict)])


def _by_members(answers: Sequence[Mapping[Any, Value]]) -> Array:
    """The mean over the places that either of two answers has; answers × answers."""
    import numpy as np

    columns: dict[Any, int] = {}
    for answer in answers:
        for place in answer:
            columns.setdefault(place, len(columns))
    if not columns:
        return np.zeros((len(answers), len(answers)))
    known: dict[Hashable, int] = {}
    members: list[Value] = []
    numbers = np.full((len(answers), len(columns)), -1)  # of their members; -1 where there is none
    for row, answer in enumerate(answers):
        for place, member in answer.items():
            number = known.setdefault(_key(member), len(known))
            if number == len(members):
                members.append(member)
            numbers[row, columns[place]] = number
    ones, others = numbers[:, None], numbers[None, :]
    differs: Array = ones != others
    if any(map(_has_parts, members)):
        # What only one of two has differs from whatever the other has, and is told by the last row.
        losses = 1.0 - np.eye(len(members) + 1)
        losses[:-1, :-1] = _parts_that_differ(members)
        differs = losses[ones, others]
    either = ((ones >= 0) | (others >= 0)).sum(axis=2)
    return np.asarray(differs.sum(axis=2) / np.maximum(either, 1))


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
