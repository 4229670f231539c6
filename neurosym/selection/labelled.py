"""Votes on problems whose right answers are known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neurosym.candidate import Candidate
from neurosym.errors import InputError
from neurosym.selection.ballots import Ballots
from neurosym.selection.proofs import is_pooled
from neurosym.selection.resampling import Judged
from neurosym.selection.sound import is_sound

if TYPE_CHECKING:
    from neurosym.selection.arrays import Marks

__all__ = ["FOLDS", "LabelledVote", "fold_places", "stacked"]

FOLDS = 5
"""Parts of the problems in a cross-validation."""


@dataclass(frozen=True, slots=True)
class LabelledVote:
    """The candidates of one problem whose right answer is known.

    Attributes:
        candidates: All candidates.
        labels: Class of equal answers of each, -1 without an answer.
        right: The classes that are right, none if no candidate is. There may be several: an answer
            is set against the right one more generously than answers against each other.
        group: What problems that share something have in common, such as the story that several
            claims are about. Cross-validation never learns from one of a group to judge another.
            Empty for a problem that stands alone.
    """

    candidates: Sequence[Candidate]
    labels: Sequence[int]
    right: frozenset[int]
    group: str = ""

    @property
    def lines(self) -> list[list[int]]:
        """The place of each sample, then of what it was written again as, round by round."""
        again: dict[int, int] = {}
        for place, candidate in enumerate(self.candidates):
            parent = None if is_pooled(candidate) else candidate.parent
            if parent is not None and parent < candidate.index:
                again.setdefault(parent, place)
        found = []
        for place, candidate in enumerate(self.candidates):
            if candidate.parent is None and not is_pooled(candidate):
                line, last = [place], candidate.index
                while last in again:
                    line.append(again[last])
                    last = self.candidates[line[-1]].index
                found.append(line)
        return found

    @property
    def drawn(self) -> LabelledVote:
        """The samples alone, without what was put together of them or written again."""
        kept = [(self.candidates[place], self.labels[place]) for place, *_ in self.lines]
        met = list(dict.fromkeys(label for _, label in kept if label >= 0))
        return replace(
            self,
            candidates=[candidate for candidate, _ in kept],
            labels=[met.index(label) if label >= 0 else -1 for _, label in kept],
            right=frozenset(i for i, label in enumerate(met) if label in self.right),
        )

    @property
    def judged(self) -> Judged:
        """How many of the samples are right, and how many of these and others are sound."""
        counts = [0, 0, 0, 0]
        samples = self.drawn
        for candidate, label in zip(samples.candidates, samples.labels, strict=True):
            counts[2 * (label not in samples.right) + (not is_sound(candidate))] += 1
        return Judged(*counts)


def stacked(votes: Sequence[LabelledVote]) -> tuple[Ballots, Marks]:
    """The candidates as arrays, and whether each class of equal answers is right.

    Returns:
        The ballots, and marks of problems × classes.
    """
    import numpy as np

    ballots = Ballots.of([(vote.candidates, vote.labels) for vote in votes])
    right = np.zeros((len(votes), ballots.classes), dtype=bool)
    for row, vote in enumerate(votes):
        right[row, sorted(vote.right)] = True
    return ballots, right


def fold_places(votes: Sequence[LabelledVote], seed: int | None = None) -> list[list[int]]:
    """Places of the votes in five folds, or fewer, of which none shares a group with another.

    Group by group goes into the fold that is smallest by then, so votes without groups go into each
    in turn.

    Args:
        votes: The votes.
        seed: Deals them out at random; ``None`` deals them out in turn.

    Raises:
        InputError: They are all of one group.
    """
    groups: dict[object, list[int]] = {}
    for i, vote in enumerate(votes):
        groups.setdefault(vote.group or i, []).append(i)
    dealt = list(groups.values())
    if len(dealt) < 2:
        raise InputError(
            "the labelled problems are all of one group, so that nothing is left to test on",
            hint="Give problems of several groups.",
        )
    if seed is not None:
        random.Random(seed).shuffle(dealt)
    folds: list[list[int]] = [[] for _ in range(min(FOLDS, len(dealt)))]
    for members in dealt:
        min(folds, key=len).extend(members)
    return folds
