"""Samples that problems leave to each other."""

from __future__ import annotations

import asyncio

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
    assert purse.spare == 1
    assert await purse.ask(0.0)
    assert not await purse.ask(0.0), "nobody is left who might leave something"


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
    assert (purse.spare, purse.owned) == (5, 0)


async def test_what_was_granted_to_one_that_is_cancelled_goes_to_the_next() -> None:
    purse = Purse()
    with purse.share(1):
        first = asyncio.ensure_future(purse.ask(2.0))
        second = asyncio.ensure_future(purse.ask(1.0))
        await asyncio.sleep(0)
    # The first has its grant, and has not run since.
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert purse.spare + await second == 1


async def test_a_problem_that_fails_leaves_its_samples() -> None:
    purse = Purse()
    with pytest.raises(ValueError, match="broken"), purse.share(4):
        raise ValueError("broken")
    assert purse.spare == 4
