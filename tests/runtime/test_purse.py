"""Samples that problems leave to each other."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from neurosym.runtime.purse import Purse


async def test_what_one_leaves_another_takes_and_no_more() -> None:
    purse = Purse()
    with purse.share(3) as first:
        assert await first.take(0.0)
        waiting = asyncio.ensure_future(purse.ask(1.0))
        await asyncio.sleep(0)
        assert not waiting.done(), "the first may still leave something"
    assert await waiting
    assert not await purse.ask(0.0), "nobody is left who might leave something"


async def test_what_is_left_over_stays_as_long_as_somebody_is_at_work() -> None:
    purse = Purse()
    with purse.share(0):
        with purse.share(2):
            pass
        assert purse.spare == 2
        assert await purse.ask(0.0)
    assert purse.spare == 0


async def test_who_asks_most_is_served_first() -> None:
    purse = Purse()
    served = []

    async def ask(name: str, index: float) -> None:
        if await purse.ask(index):
            served.append(name)

    with purse.share(2):
        tasks = [asyncio.ensure_future(ask(*item)) for item in (("a", 0.1), ("b", 0.9), ("c", 0.5))]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert served == ["b", "c"]


async def test_its_own_are_taken_without_waiting() -> None:
    purse = Purse()
    with purse.share(2) as share, purse.share(5):
        assert await share.take(0.0)
        assert await share.take(0.0)
        assert share.own == 0
        assert purse.owned == 5
        more = asyncio.ensure_future(share.take(0.0))
        await asyncio.sleep(0)
        assert not more.done()
        more.cancel()
        with pytest.raises(asyncio.CancelledError):
            await more
    assert (purse.spare, purse.owned) == (0, 0)


async def test_what_was_granted_to_one_that_is_cancelled_goes_to_the_next() -> None:
    purse = Purse()
    with purse.share(1):
        with purse.share(1):
            first = asyncio.ensure_future(purse.ask(2.0))
            second = asyncio.ensure_future(purse.ask(1.0))
            await asyncio.sleep(0)
        # The first has its grant, and has not run since.
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await second


async def test_what_an_earlier_run_has_drawn_is_taken_and_made_up_for() -> None:
    purse = Purse()
    with purse.share(0) as share:
        assert await share.take(0.0, is_drawn=True)
        with purse.share(1):
            pass
        assert purse.spare == 0
        assert not await share.take(0.0)


async def test_a_problem_that_fails_leaves_its_samples() -> None:
    purse = Purse()
    with purse.share(0):
        with pytest.raises(ValueError, match="broken"), purse.share(4):
            raise ValueError("broken")
        assert purse.spare == 4


def test_one_loop_may_leave_what_another_waits_for() -> None:
    purse = Purse()
    is_waiting = threading.Event()

    async def wait() -> bool:
        with purse.share(0):
            asking = asyncio.ensure_future(purse.ask(1.0))
            await asyncio.sleep(0)
            is_waiting.set()
            return await asyncio.wait_for(asking, 10)

    with ThreadPoolExecutor() as threads, purse.share(1):
        waiter = threads.submit(lambda: asyncio.run(wait()))
        assert is_waiting.wait(10)
        with purse.share(1):
            pass
        assert waiter.result(10)
