"""What a problem may cost, and what it has cost."""

from __future__ import annotations

import pytest

from neurosym.budget import Budget, Meter
from neurosym.errors import OptionError
from neurosym.solution import Usage


@pytest.mark.parametrize("limits", [{"tokens": 0}, {"tokens": -5}, {"seconds": 0.0}])
def test_a_budget_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(OptionError, match="budget of"):
        Budget(**limits)


def test_without_a_budget_all_that_is_wanted_is_affordable() -> None:
    assert Meter(Budget()).affordable(8, 10**9, 10**9) == 8


def test_only_samples_that_surely_fit_are_affordable() -> None:
    meter = Meter(Budget(tokens=1000))
    assert meter.affordable(8, 300, 0) == 3
    assert meter.affordable(8, 300, 150) == 2
    meter.add(Usage(samples=1, prompt_tokens=100, completion_tokens=250))
    assert meter.affordable(8, 300, 0) == 2
    meter.add(Usage(samples=1, prompt_tokens=0, completion_tokens=900))
    assert meter.affordable(8, 300, 0) == 0


def test_after_its_seconds_nothing_is_affordable() -> None:
    meter = Meter(Budget(seconds=1e-9))
    assert meter.affordable(8, 1, 0) == 0


def test_usage_adds_up() -> None:
    meter = Meter(Budget())
    meter.add(Usage(2, 100, 20))
    meter.add(Usage(1, 50, 5))
    total = meter.total()
    assert (total.samples, total.prompt_tokens, total.completion_tokens) == (3, 150, 25)
    assert total.tokens == 175
    assert total.seconds > 0
