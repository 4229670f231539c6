"""Problems that share something are never parted among folds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.candidate import CheckState
from neurosym.errors import InputError
from neurosym.selection.calibration import calibrate, cross_validate
from neurosym.selection.labelled import LabelledVote
from tests.builders import candidate, labels


def story(name: str) -> list[LabelledVote]:
    """Five problems with two answers, which a check of this story tells apart, once wrongly."""
    candidates = [
        candidate(i, answer, checks={f"check of {name}": state})
        for i, (answer, state) in enumerate(
            [(0, CheckState.PASSED)] * 2 + [(1, CheckState.FAILED)] * 2
        )
    ]
    return [
        LabelledVote(candidates, labels(candidates), frozenset({int(i == 0)}), group=name)
        for i in range(5)
    ]


STORIES = [vote for name in "abcdefgh" for vote in story(name)]


@pytest.mark.parametrize("seed", [None, 0, 1])
def test_nothing_is_learned_from_the_story_that_is_judged(seed: int | None) -> None:
    for selection, _ in cross_validate(STORIES, seed=seed):
        assert selection.weights[0] == selection.weights[1]  # its check was never seen


@pytest.mark.parametrize("seed", [0, 1])
def test_problems_without_a_group_are_parted(seed: int) -> None:
    alone = [replace(vote, group="") for vote in STORIES]
    found = [selection.weights for selection, _ in cross_validate(alone, seed=seed)]
    assert sum(first > second for first, second in found) >= 0.9 * len(found)


def test_a_seed_deals_the_same_folds_each_time() -> None:
    alone = [replace(vote, group="") for vote in STORIES]
    assert cross_validate(alone, seed=1) == cross_validate(alone, seed=1)
    assert cross_validate(alone, seed=1) != cross_validate(alone, seed=2)


def test_problems_of_one_story_alone_cannot_be_tested() -> None:
    with pytest.raises(InputError, match="one group"):
        calibrate(story("a") * 3, model="m", task="logic")
