"""Several things at once: all of them, or none is left over."""

from __future__ import annotations

import asyncio

import pytest

from neurosym.runtime.together import together


async def test_results_come_in_order() -> None:
    async def slowest_first(i: int) -> int:
        await asyncio.sleep(0.02 * (3 - i))
        return i

    assert await together(map(slowest_first, range(3))) == [0, 1, 2]


async def test_where_one_fails_the_others_have_ended_before_the_error_goes_on() -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.02)
            ended.append("waiting")

    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await together([wait(), fail(), wait()])
    assert ended == ["waiting", "waiting"]


async def test_when_the_time_is_over_what_is_there_is_given() -> None:
    ended: list[int] = []

    async def sleep(i: int) -> int:
        try:
            await asyncio.sleep(60 if i == 1 else 0)
        finally:
            ended.append(i)
        return i

    assert await together(map(sleep, range(3)), seconds=0.1) == [0, 2]
    assert sorted(ended) == [0, 1, 2]


async def test_of_nothing_there_are_no_results() -> None:
    assert await together([]) == []


async def test_who_is_cancelled_leaves_nothing_running() -> None:
    begun = asyncio.Event()
    ended = asyncio.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    work = asyncio.ensure_future(together([wait()]))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert ended.is_set()
