"""How many samples a problem is worth, by how its first ones came out.

Compute-optimal scaling (Snell et al. 2024, arXiv:2408.03314, section 3) spends a budget by how hard
a problem is for the model. How hard it is shows in a cheap first pass: whether the samples agree,
and whether checks speak against what they agree on. What further samples bring is counted on
labelled problems of the same model and kind whose first pass came out alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector
from neurosym.selection.sound import SoundVote
from neurosym.selection.stopping import doubled

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks

__all__ = ["FIRST_PASS", "Plan", "fit_plan", "signs"]

FIRST_PASS = 2
"""Samples of the first pass."""
_ORDERS = 16
_FEWEST = 10
"""Problems that a plan is counted on at least."""
_PRIOR = 10.0
"""Problems that the curve of all problems counts for in that of a sign."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What further samples bring, by the sign of the first pass.

    Attributes:
        numbers: Numbers of samples, rising, the first of them that of the first pass.
        curves: Accuracy of the vote at each of these numbers, by sign; under ``""`` that of all
            problems, for signs that were not seen.
    """

    numbers: tuple[int, ...]
    curves: Mapping[str, tuple[float, ...]]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The plan whose fields were written as JSON.

        Raises:
            KeyError: A field is missing.
        """
        curves = {sign: tuple(curve) for sign, curve in data["curves"].items()}
        return cls(tuple(data["numbers"]), curves)

    def samples(self, sign: str, price: float) -> int:
        """How many samples a problem is worth, those of the first pass among them.

        Args:
            sign: The sign of its first pass.
            price: What a sample costs, where a right answer is worth 1.
        """
        curve = self.curves.get(sign, self.curves[""])
        worth = [right - price * number for right, number in zip(curve, self.numbers, strict=True)]
        return self.numbers[worth.index(max(worth))]


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


def fit_plan(ballots: Ballots, right: Marks, selector: Selector) -> Plan | None:
    """Count what further samples bring on labelled problems.

    Args:
        ballots: Their samples, and no other candidates.
        right: Whether each class of equal answers is right; problems × classes.
        selector: The vote.

    Returns:
        The plan, up to the number of samples that half of the problems reach, counted on those;
        ``None`` if that is no more than a first pass takes, or there are too few.
    """
    import numpy as np

    counts = ballots.is_there.sum(axis=1)
    # Problems of few samples say nothing of many, and those that alone have many are the hard ones.
    most = int(np.sort(counts)[len(counts) // 2]) if len(counts) else 0
    numbers = tuple(doubled(FIRST_PASS, most))
    is_whole = counts >= most
    if len(numbers) < 2 or is_whole.sum() < _FEWEST:
        return None
    random = np.random.default_rng(0)
    met: dict[str, list[Array]] = {}
    for _ in range(_ORDERS):
        lots = np.where(ballots.is_there, random.random(ballots.labels.shape), 2.0)
        order = np.argsort(lots, axis=1)
        found = [selector.choose(ballots.take(order[:, :number])) for number in numbers]
        marks = np.array([choices.are_right(right) for choices in found], dtype=float).T
        first = signs(ballots.take(order[:, : numbers[0]]), found[0])
        for sign, row, whole in zip(first, marks, is_whole, strict=True):
            if whole:
                met.setdefault(sign, []).append(row)
    pooled = np.mean([row for rows in met.values() for row in rows], axis=0)
    prior = _PRIOR * _ORDERS
    curves = {
        sign: (np.sum(rows, axis=0) + prior * pooled) / (len(rows) + prior)
        for sign, rows in sorted(met.items())
    }
    return Plan(
        numbers,
        {sign: tuple(curve.round(4).tolist()) for sign, curve in {"": pooled, **curves}.items()},
    )
