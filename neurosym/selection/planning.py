"""Which further samples a problem is worth, by how its first ones came out.

Compute-optimal scaling (Snell et al. 2024, arXiv:2408.03314, section 3) spends a budget, and
chooses between samples side by side and rounds of revisions, by how hard a problem is for the
model. How hard it is shows in a cheap first pass: whether the samples agree, and whether checks
speak against what they agree on. What further samples of either way bring is counted on labelled
problems of the same model and kind whose first pass came out alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector
from neurosym.selection.labelled import LabelledVote, stacked
from neurosym.selection.sound import SoundVote
from neurosym.selection.stopping import round_totals

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Numbers

__all__ = ["FIRST_PASS", "Course", "Plan", "fit_plan", "signs"]

FIRST_PASS = 2
"""Samples of the first pass."""
_ORDERS = 16
_FEWEST = 10
"""Problems that a plan is counted on at least."""
_PRIOR = 10.0
"""Problems that the curve of all problems counts for in that of a sign."""


@dataclass(frozen=True, slots=True)
class Course:
    """One way to go on after a first pass, and what it brings.

    Attributes:
        samples: Fresh samples in all, those of the first pass among them.
        rounds: Rounds in which the model is told what is wrong with those, and writes them again.
        right: Accuracy of the vote of all of them.
        cost: Samples drawn in all on average, those written again among them: where nothing is
            known to be wrong, nothing is.
    """

    samples: int
    rounds: int
    right: float
    cost: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What further samples bring, by the sign of the first pass.

    Attributes:
        numbers: Numbers of samples, rising, the first of them that of the first pass.
        curves: Accuracy of the vote at each of these numbers, by sign; under ``""`` that of all
            problems, for signs that were not seen.
        refined: The same of rounds in which the first pass is written again, each with the samples
            drawn by then on average; none where the labelled runs had no such rounds.
    """

    numbers: tuple[int, ...]
    curves: Mapping[str, tuple[float, ...]]
    refined: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The plan whose fields were written as JSON.

        Raises:
            KeyError: A field is missing.
            ValueError: A round is no pair.
        """
        curves = {sign: tuple(curve) for sign, curve in data["curves"].items()}
        refined = {
            sign: tuple((float(right), float(cost)) for right, cost in rounds)
            for sign, rounds in data.get("refined", {}).items()  # older ones know of none
        }
        return cls(tuple(data["numbers"]), curves, refined)

    def courses(self, sign: str) -> list[Course]:
        """The ways to go on from a first pass of some sign: the first of them draws no more."""
        sign = sign if sign in self.curves else ""
        fresh = zip(self.numbers, self.curves[sign], strict=True)
        refined = enumerate(self.refined.get(sign, ()), start=1)
        return [Course(number, 0, right, number) for number, right in fresh] + [
            Course(self.numbers[0], rounds, right, cost) for rounds, (right, cost) in refined
        ]

    def course(self, sign: str, price: float, *, may_refine: bool = True) -> Course:
        """The way to go on that a problem is worth.

        Args:
            sign: The sign of its first pass.
            price: What a sample costs, where a right answer is worth 1.
            may_refine: Whether the first pass can be written again.
        """
        courses = [item for item in self.courses(sign) if may_refine or not item.rounds]
        return max(courses, key=lambda item: item.right - price * item.cost)


def signs(ballots: Ballots, choices: Choices) -> list[str]:
    """How each problem's samples came out: how many agree with the answer chosen, and its checks.

    Args:
        ballots: The samples.
        choices: What was chosen among them.
    """
    chosen = choices.labels[:, None]
    inside = (ballots.labels == chosen) & (chosen >= 0)
    sound = (inside & (SoundVote().weights(ballots) > 0)).any(axis=1)
    return [
        f"{count} agree, {'sound' if is_sound else 'not sound'}"
        for count, is_sound in zip(inside.sum(axis=1), sound, strict=True)
    ]


def fit_plan(votes: Sequence[LabelledVote], selector: Selector) -> Plan | None:
    """Count what further samples bring on labelled problems.

    Rounds of refinement are known where enough of the problems had some, of which each wrote again
    all that something was wrong with.

    Args:
        votes: The problems.
        selector: The vote.

    Returns:
        The plan, up to the number of samples that half of the problems reach, counted on those;
        ``None`` if that leaves nothing to choose from after a first pass, or there are too few.
    """
    import numpy as np

    lines = _lines(votes)
    counts = (lines[:, :, 0] >= 0).sum(axis=1)
    # Problems of few samples say nothing of many, and those that alone have many are the hard ones.
    most = int(np.sort(counts)[len(counts) // 2]) if len(counts) else 0
    numbers = tuple(round_totals(FIRST_PASS, most))
    is_whole = counts >= most
    is_refined = (lines[is_whole, :, 1:] >= 0).any(axis=(1, 2))
    rounds = lines.shape[2] - 1 if is_refined.sum() >= _FEWEST else 0
    if most < FIRST_PASS or len(numbers) + rounds < 2 or is_whole.sum() < _FEWEST:
        return None
    met: dict[str, list[Array]] = {}
    for told, rows in _tries(votes, lines[:, :, : rounds + 1], numbers, selector):
        for sign, row, whole in zip(told, rows, is_whole, strict=True):
            if whole:
                met.setdefault(sign, []).append(row)
    pooled = np.mean([row for rows in met.values() for row in rows], axis=0)
    prior = _PRIOR * _ORDERS
    means = {"": pooled} | {
        sign: (np.sum(rows, axis=0) + prior * pooled) / (len(rows) + prior)
        for sign, rows in sorted(met.items())
    }
    brought = {sign: mean.round(4).tolist() for sign, mean in means.items()}
    first = len(numbers)
    return Plan(
        numbers,
        {sign: tuple(mean[:first]) for sign, mean in brought.items()},
        {
            sign: tuple(zip(mean[first : first + rounds], mean[first + rounds :], strict=True))
            for sign, mean in brought.items()
            if rounds
        },
    )


def _lines(votes: Sequence[LabelledVote]) -> Numbers:
    """Places of each sample and of what it was written again as, in round after round.

    Problems × samples × rounds, -1 where there is none.
    """
    import numpy as np

    lines = [vote.lines for vote in votes]
    samples = max(map(len, lines), default=0)
    length = max((len(line) for part in lines for line in part), default=1)
    places = np.full((len(votes), samples, length), -1, dtype=np.intp)
    for row, part in enumerate(lines):
        for column, line in enumerate(part):
            places[row, column, : len(line)] = line
    return places


def _tries(
    votes: Sequence[LabelledVote], lines: Numbers, numbers: Sequence[int], selector: Selector
) -> Iterator[tuple[list[str], Array]]:
    """What comes of each problem's samples, in some orders of them.

    Yields:
        The sign of each problem's first pass; and whether the vote is right at each number of
        samples, and after each round of refining the first pass, and how many samples there are
        after each round. Problems × all of these.
    """
    import numpy as np

    ballots, right = stacked(votes)
    samples = lines[:, :, 0]
    random = np.random.default_rng(0)
    for _ in range(_ORDERS):
        order = np.argsort(np.where(samples >= 0, random.random(samples.shape), 2.0), axis=1)
        fresh = [np.take_along_axis(samples, order[:, :number], axis=1) for number in numbers]
        of_first = np.take_along_axis(lines, order[:, : numbers[0], None], axis=1).swapaxes(1, 2)
        refined = [
            of_first[:, : rounds + 1].reshape(len(lines), -1) for rounds in range(1, lines.shape[2])
        ]
        taken = [ballots.take(columns) for columns in (*fresh, *refined)]
        found = [selector.choose(part) for part in taken]
        marks = [choices.are_right(right) for choices in found]
        drawn = [(columns >= 0).sum(axis=1) for columns in refined]
        yield signs(taken[0], found[0]), np.array([*marks, *drawn], dtype=float).T
