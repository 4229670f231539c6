"""What a problem may cost, and what it has cost."""

from __future__ import annotations

import pytest

from neurosym.budget import Budget, Cost, Meter, Prices
from neurosym.errors import OptionError
from neurosym.solution import Usage


@pytest.mark.parametrize(
    "limits", [{"tokens": 0}, {"tokens": -5}, {"seconds": 0.0}, {"samples": 0}]
)
def test_a_budget_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(OptionError, match="budget of"):
        Budget(**limits)


def test_without_a_budget_all_that_is_wanted_is_affordable() -> None:
    assert Meter(Budget()).affordable(8, Cost(10**9, 10**9)) == 8


def test_only_samples_that_surely_fit_are_affordable() -> None:
    meter = Meter(Budget(tokens=1000))
    assert meter.affordable(8, Cost(300, 0)) == 3
    assert meter.affordable(8, Cost(300, 150)) == 2
    meter.add(Usage(samples=1, prompt_tokens=100, completion_tokens=250))
    assert meter.affordable(8, Cost(300, 0)) == 2
    meter.add(Usage(samples=1, prompt_tokens=0, completion_tokens=900))
    assert meter.affordable(8, Cost(300, 0)) == 0


def test_a_prompt_that_each_is_charged_for_counts_with_each() -> None:
    meter = Meter(Budget(tokens=1000))
    assert meter.affordable(8, Cost(100, asked_each=150)) == 4
    assert meter.affordable(8, Cost(100, asked=100, asked_each=150)) == 3
    assert meter.affordable(8, Cost(100, asked_each=150), promised=Cost(100, 0, 150).of(2)) == 2
    meter = Meter(Budget(prompt_tokens=400, completion_tokens=500))
    assert meter.affordable(8, Cost(100, asked_each=150)) == 2
    assert meter.affordable(8, Cost(100)) == 5


def test_what_a_problem_may_cost_by_itself_is_no_cut_of_all() -> None:
    meter = Meter(Budget(samples=4), Meter(Budget(samples=6)))
    assert meter.affordable(8, Cost(1)) == 4
    assert not meter.was_cut
    assert Meter(Budget(), Meter(Budget(seconds=1e-9))).was_cut
    assert not Meter(Budget(seconds=1e-9), Meter(Budget())).was_cut


def test_after_its_seconds_nothing_is_affordable() -> None:
    meter = Meter(Budget(seconds=1e-9))
    assert meter.affordable(8, Cost(1, 0)) == 0


def test_prompts_and_completions_may_have_limits_of_their_own() -> None:
    meter = Meter(Budget(samples=5, completion_tokens=1000, prompt_tokens=300))
    assert meter.affordable(8, Cost(100, 300)) == 5
    assert meter.affordable(8, Cost(300, 300)) == 3
    assert meter.affordable(8, Cost(100, 301)) == 0
    meter.add(Usage(samples=4, prompt_tokens=300, completion_tokens=100))
    assert meter.affordable(8, Cost(100, 0)) == 1
    assert meter.affordable(8, Cost(100, 1)) == 0


def test_what_is_shared_counts_for_all() -> None:
    total = Meter(Budget(tokens=1000))
    one, other = Meter(Budget(tokens=600), total), Meter(Budget(), total)
    assert one.affordable(8, Cost(100, 0)) == 6
    assert other.affordable(8, Cost(100, 0)) == 8
    other.add(Usage(samples=1, completion_tokens=700))
    assert one.affordable(8, Cost(100, 0)) == 3
    assert (one.usage.tokens, total.usage.tokens) == (0, 700)
    assert one.was_cut, "it wanted 8"
    assert not Meter(Budget(tokens=100), total).was_cut


def test_the_nearer_end_of_two_clocks_counts() -> None:
    total = Meter(Budget(seconds=100))
    left = Meter(Budget(seconds=5), total).seconds_left()
    assert left is not None
    assert left <= 5
    left = Meter(Budget(), total).seconds_left()
    assert left is not None
    assert 5 < left <= 100
    assert Meter(Budget(), Meter(Budget())).seconds_left() is None


@pytest.mark.parametrize("limit", ["tokens", "prompt_tokens", "completion_tokens"])
def test_whether_tokens_have_to_be_counted(limit: str) -> None:
    assert Meter(Budget(**{limit: 5})).minds_tokens
    assert Meter(Budget(), Meter(Budget(**{limit: 5}))).minds_tokens
    assert not Meter(Budget(samples=5, seconds=5), Meter(Budget(samples=1))).minds_tokens


def test_usage_adds_up() -> None:
    meter = Meter(Budget())
    meter.add(Usage(2, 100, 20))
    meter.add(Usage(1, 50, 5))
    total = meter.total()
    assert (total.samples, total.prompt_tokens, total.completion_tokens) == (3, 150, 25)
    assert total.tokens == 175
    assert total.seconds > 0


def test_money_is_tokens_by_their_prices() -> None:
    prices = Prices(prompt=1.0, completion=10.0)
    meter = Meter(Budget(money=0.01, prices=prices))
    assert meter.minds_tokens
    assert meter.affordable(8, Cost(100, 1000)) == 8
    assert meter.affordable(8, Cost(300, 1000)) == 3
    meter.add(Usage(samples=1, prompt_tokens=1000, completion_tokens=700))
    assert meter.total().money == pytest.approx(0.008)
    assert meter.affordable(8, Cost(100, 0)) == 2
    assert meter.affordable(8, Cost(100, 3000)) == 0
    assert Meter(Budget()).total().money is None


def test_what_all_problems_cost_in_money_counts_for_each() -> None:
    total = Meter(Budget(money=1e-3, prices=Prices(0.0, 1.0)))
    one = Meter(Budget(), total)
    assert one.affordable(8, Cost(400, 10**6)) == 2
    one.add(Usage(samples=1, completion_tokens=600))
    assert one.total().money == pytest.approx(6e-4)
    assert one.affordable(8, Cost(400, 0)) == 1
    assert Meter(Budget(money=1.0, prices=Prices(1.0, 0.0))).affordable(8, Cost(10**6, 0)) == 8


def test_a_budget_of_money_needs_prices_that_can_be() -> None:
    with pytest.raises(OptionError, match="no prices"):
        Budget(money=1.0)
    with pytest.raises(OptionError, match="price of completions is -1"):
        Prices(1.0, -1.0)
    with pytest.raises(OptionError, match="budget of money is 0"):
        Budget(money=0.0, prices=Prices(1.0, 1.0))


def test_costs_add_up_where_they_are_known() -> None:
    assert (Usage(money=0.5) + Usage(money=0.25)).money == 0.75
    assert (Usage(money=0.5) + Usage()).money == 0.5
    assert (Usage() + Usage()).money is None


def test_what_is_promised_and_what_is_no_sample_are_counted_apart() -> None:
    meter = Meter(Budget(samples=2, completion_tokens=100, money=1.0, prices=Prices(0.0, 1e4)))
    assert meter.affordable(8, Cost(10, 10**6)) == 2
    assert meter.affordable(8, Cost(10, 10**6), counts=False) == 8
    assert (
        meter.affordable(8, Cost(10, 10**6), counts=False, promised=Usage(completion_tokens=70))
        == 3
    )
    meter.add(Usage(samples=2))
    assert meter.affordable(8, Cost(10, 0)) == 0
    assert meter.affordable(8, Cost(10, 0), counts=False, promised=Usage(completion_tokens=95)) == 0
