"""What a problem may cost, and what it has cost."""

from __future__ import annotations

import asyncio
import threading

import pytest

from neurosym.budget import Budget, Cost, Meter, Prices
from neurosym.errors import OptionError
from neurosym.solution import Usage


async def affordable(meter: Meter, wanted: int, cost: Cost, *, counts: bool = True) -> int:
    async with meter.holding(wanted, cost, counts=counts) as held:
        return held.n


@pytest.mark.parametrize(
    "limits", [{"tokens": 0}, {"tokens": -5}, {"seconds": 0.0}, {"samples": 0}]
)
def test_a_budget_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(OptionError, match="budget of"):
        Budget(**limits)


async def test_without_a_budget_all_that_is_wanted_is_affordable() -> None:
    assert await affordable(Meter(Budget()), 8, Cost(10**9, 10**9)) == 8


async def test_only_samples_that_surely_fit_are_affordable() -> None:
    meter = Meter(Budget(tokens=1000))
    assert await affordable(meter, 8, Cost(300, 0)) == 3
    assert await affordable(meter, 8, Cost(300, 150)) == 2
    meter.add(Usage(samples=1, prompt_tokens=100, completion_tokens=250))
    assert await affordable(meter, 8, Cost(300, 0)) == 2
    meter.add(Usage(samples=1, prompt_tokens=0, completion_tokens=900))
    assert await affordable(meter, 8, Cost(300, 0)) == 0


async def test_a_prompt_that_each_is_charged_for_counts_with_each() -> None:
    meter = Meter(Budget(tokens=1000))
    assert await affordable(meter, 8, Cost(100, asked_each=150)) == 4
    assert await affordable(meter, 8, Cost(100, asked=100, asked_each=150)) == 3
    meter = Meter(Budget(prompt_tokens=400, completion_tokens=500))
    assert await affordable(meter, 8, Cost(100, asked_each=150)) == 2
    assert await affordable(meter, 8, Cost(100)) == 5


async def test_what_a_problem_may_cost_by_itself_is_no_cut_of_all() -> None:
    meter = Meter(Budget(samples=4), Meter(Budget(samples=6)))
    assert await affordable(meter, 8, Cost(1)) == 4
    assert not meter.was_cut
    assert Meter(Budget(), Meter(Budget(seconds=1e-9))).was_cut
    assert not Meter(Budget(seconds=1e-9), Meter(Budget())).was_cut


async def test_after_its_seconds_nothing_is_affordable() -> None:
    meter = Meter(Budget(seconds=1e-9))
    assert await affordable(meter, 8, Cost(1, 0)) == 0


async def test_prompts_and_completions_may_have_limits_of_their_own() -> None:
    meter = Meter(Budget(samples=5, completion_tokens=1000, prompt_tokens=300))
    assert await affordable(meter, 8, Cost(100, 300)) == 5
    assert await affordable(meter, 8, Cost(300, 300)) == 3
    assert await affordable(meter, 8, Cost(100, 301)) == 0
    meter.add(Usage(samples=4, prompt_tokens=300, completion_tokens=100))
    assert await affordable(meter, 8, Cost(100, 0)) == 1
    assert await affordable(meter, 8, Cost(100, 1)) == 0


async def test_what_is_shared_counts_for_all() -> None:
    total = Meter(Budget(tokens=1000))
    one, other = Meter(Budget(tokens=600), total), Meter(Budget(), total)
    assert await affordable(one, 8, Cost(100, 0)) == 6
    assert await affordable(other, 8, Cost(100, 0)) == 8
    other.add(Usage(samples=1, completion_tokens=700))
    assert await affordable(one, 8, Cost(100, 0)) == 3
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


async def test_money_is_tokens_by_their_prices() -> None:
    prices = Prices(prompt=1.0, completion=10.0)
    meter = Meter(Budget(money=0.01, prices=prices))
    assert meter.minds_tokens
    assert await affordable(meter, 8, Cost(100, 1000)) == 8
    assert await affordable(meter, 8, Cost(300, 1000)) == 3
    meter.add(Usage(samples=1, prompt_tokens=1000, completion_tokens=700))
    assert meter.total().money == pytest.approx(0.008)
    assert await affordable(meter, 8, Cost(100, 0)) == 2
    assert await affordable(meter, 8, Cost(100, 3000)) == 0
    assert Meter(Budget()).total().money is None


async def test_what_all_problems_cost_in_money_counts_for_each() -> None:
    total = Meter(Budget(money=1e-3, prices=Prices(0.0, 1.0)))
    one = Meter(Budget(), total)
    assert await affordable(one, 8, Cost(400, 10**6)) == 2
    one.add(Usage(samples=1, completion_tokens=600))
    assert one.total().money == pytest.approx(6e-4)
    assert await affordable(one, 8, Cost(400, 0)) == 1
    free = Meter(Budget(money=1.0, prices=Prices(1.0, 0.0)))
    assert await affordable(free, 8, Cost(10**6, 0)) == 8


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


async def test_what_is_no_sample_is_counted_apart() -> None:
    meter = Meter(Budget(samples=2, completion_tokens=100))
    assert await affordable(meter, 8, Cost(10)) == 2
    assert await affordable(meter, 8, Cost(10), counts=False) == 8
    meter.add(Usage(samples=2))
    assert await affordable(meter, 8, Cost(10)) == 0
    assert await affordable(meter, 8, Cost(10), counts=False) == 8


async def test_what_is_held_for_some_is_not_there_for_others_until_they_are_charged() -> None:
    total = Meter(Budget(completion_tokens=100))
    one, other = Meter(Budget(), total), Meter(Budget(), total)
    async with one.holding(8, Cost(40)) as held:
        assert held.n == 2
        waiting = asyncio.ensure_future(affordable(other, 1, Cost(50)))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        held.add(Usage(samples=1, completion_tokens=10))
        assert await waiting == 1, "40 for the one in flight, 10 spent, and 50 are left"
    assert await affordable(other, 9, Cost(10)) == 9
    assert not other.was_cut


async def test_who_waits_in_vain_is_told_when_nothing_is_held_any_more() -> None:
    total = Meter(Budget(samples=3))
    one, other = Meter(Budget(), total), Meter(Budget(), total)
    async with one.holding(3, Cost(1)) as held:
        waiting = [asyncio.ensure_future(affordable(other, n, Cost(1))) for n in (2, 1)]
        for _ in range(2):
            held.add(Usage(samples=1))
        await asyncio.sleep(0.01)
        assert not any(item.done() for item in waiting)
        held.settle(1)  # it failed
        assert await asyncio.gather(*waiting) == [1, 1]
    assert other.was_cut


async def test_who_gives_up_waiting_stands_in_nobodys_way() -> None:
    total = Meter(Budget(samples=2))
    async with total.holding(1, Cost(1)):
        first = asyncio.ensure_future(affordable(total, 2, Cost(1)))
        second = asyncio.ensure_future(affordable(total, 1, Cost(1)))
        await asyncio.sleep(0.01)
        assert not second.done(), "it is not its turn"
        first.cancel()
        assert await second == 1


async def test_nothing_is_held_for_what_failed() -> None:
    total = Meter(Budget(tokens=100))
    with pytest.raises(ZeroDivisionError):
        async with Meter(Budget(), total).holding(1, Cost(100)) as held:
            waiting = asyncio.ensure_future(affordable(total, 1, Cost(100)))
            await asyncio.sleep(0.01)
            assert held.n == 1
            raise ZeroDivisionError
    assert await waiting == 1


async def test_nobody_waits_longer_than_the_time_there_is() -> None:
    total = Meter(Budget(samples=1))
    async with total.holding(1, Cost(1)):
        assert await affordable(Meter(Budget(seconds=0.05), total), 1, Cost(1)) == 0


def test_event_loops_wait_for_each_other() -> None:
    total = Meter(Budget(samples=1))
    is_held, found = threading.Event(), []

    async def hold() -> None:
        async with total.holding(1, Cost(1)):
            is_held.set()
            await asyncio.sleep(0.05)

    async def wait() -> None:
        found.append(await affordable(total, 1, Cost(1)))

    holding = threading.Thread(target=asyncio.run, args=(hold(),))
    holding.start()
    is_held.wait()
    asyncio.run(wait())
    holding.join()
    assert found == [1]
