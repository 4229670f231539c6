"""A holdout that may be asked again and again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from neurosym.errors import InputError, OptionError
from neurosym.selection.holdout import Thresholdout


def test_where_both_parts_agree_the_open_one_is_told_for_nothing() -> None:
    holdout = Thresholdout(threshold=0.1, noise=0.0, budget=1)
    for _ in range(50):
        assert holdout.ask([0.0, 1.0], [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]) == 0.5
    assert holdout.budget == 1


def test_where_they_differ_the_holdout_is_told_until_the_budget_is_spent() -> None:
    holdout = Thresholdout(threshold=0.1, noise=0.0, budget=2)
    assert holdout.ask([1.0], [0.0, 1.0]) == 0.5
    assert holdout.ask([1.0], [0.0]) == 0.0
    with pytest.raises(InputError, match="as often as it may"):
        holdout.ask([1.0], [0.0])


def tuned(*, reusable: bool) -> float:
    """What one believes of the best of many features that know nothing, chosen by asking often.

    Labels are coins, and so are the features; each is kept if it seems to help on the holdout, and
    what the kept ones say together is judged there. The truth is one half.
    """
    random = np.random.default_rng(5)
    opened, held = random.integers(0, 2, (2, 1000)), random.integers(0, 2, (2, 1000))
    features = random.integers(0, 2, (2, 500, 1000))
    holdout = Thresholdout(threshold=0.05, noise=0.01, budget=10_000, seed=1)

    def told(on_opened: np.ndarray, on_held: np.ndarray) -> float:
        if reusable:
            return holdout.ask(on_opened.tolist(), on_held.tolist())
        return float(on_held.mean())

    kept = []
    for k in range(500):
        both = features[0, k] == opened[0], features[1, k] == held[0]
        if both[0].mean() > 0.51 and told(*both) > 0.51:
            kept.append(k)
    votes = [part[kept].mean(axis=0) > 0.5 for part in features]
    return told(votes[0] == opened[0], votes[1] == held[0])


def test_tuning_against_it_does_not_fool_its_user() -> None:
    assert tuned(reusable=False) > 0.57
    assert tuned(reusable=True) < 0.55


def test_bad_input() -> None:
    with pytest.raises(OptionError, match="noise is -1"):
        Thresholdout(noise=-1)
    with pytest.raises(InputError, match="nothing to take the mean"):
        Thresholdout().ask([], [1.0])


def test_it_goes_on_another_day_where_it_was() -> None:
    whole, parts = Thresholdout(seed=3), Thresholdout(seed=3)
    asked = [([1.0, 0.0], [1.0, 1.0, float(i % 2)]) for i in range(6)]
    told = []
    for opened, held_out in asked:
        parts = Thresholdout.from_state(json.loads(json.dumps(parts.state)))
        told.append(parts.ask(opened, held_out))
    assert told == [whole.ask(opened, held_out) for opened, held_out in asked]
    assert parts.budget == whole.budget < 100
    with pytest.raises(InputError, match="no state of a holdout"):
        Thresholdout.from_state({"budget": 3})
