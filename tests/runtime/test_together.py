"""Several things at once: what one of them does to the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from neurosym.runtime.together import mapped, merged, together


class Source:
    """Gives numbers, each after a pause, and knows whether it was closed."""

    def __init__(self, *numbers: int, pause: float = 0.001, fails: bool = False) -> None:
        self.numbers, self.pause, self.fails = numbers, pause, fails
        self.closed = False

    async def give(self) -> AsyncGenerator[int]:
        try:
            for number in self.numbers:
                await asyncio.sleep(self.pause)
                yield number
            if self.fails:
                raise ValueError("it fails")
        finally:
            self.closed = True


async def test_what_several_give_comes_as_they_give_it() -> None:
    slow, fast = Source(1, 2, pause=0.05), Source(*range(10, 20))
    found = [number async for number in merged((slow.give(), fast.give()))]
    assert sorted(found) == [1, 2, *range(10, 20)]
    assert found[0] == 10
    assert found[-1] == 2
    assert [number async for number in merged(())] == []


async def test_where_one_fails_the_others_are_closed() -> None:
    failing, endless = Source(1, fails=True), Source(*range(1000), pause=0.01)
    with pytest.raises(ValueError, match="it fails"):
        async for _ in merged((failing.give(), endless.give())):
            pass
    assert failing.closed
    assert endless.closed


async def test_who_stops_listening_closes_them() -> None:
    sources = [Source(*range(1000)) for _ in range(3)]
    async with aclosing(merged(source.give() for source in sources)) as given:
        await anext(given)
    assert all(source.closed for source in sources)


async def test_what_nobody_fetched_is_told() -> None:
    left: list[int] = []
    async with aclosing(merged([Source(1, 2, 3).give()], left=left.append)) as given:
        first = await anext(given)
        await asyncio.sleep(0.1)
        assert left == []
    assert (first, left) == (1, [2, 3])


async def test_what_was_given_before_one_fails_comes_before_the_error() -> None:
    found: list[int] = []
    with pytest.raises(ValueError, match="it fails"):
        async for number in merged([Source(1, 2, fails=True).give()]):
            found.append(number)
            await asyncio.sleep(0.05)
    assert found == [1, 2]


async def test_after_some_time_it_ends() -> None:
    source = Source(*range(1000), pause=0.01)
    found = [number async for number in merged([source.give()], seconds=0.1)]
    assert 0 < len(found) < 20
    assert source.closed


async def test_work_goes_on_beside_what_gives_it() -> None:
    source = Source(*range(20))

    async def double(number: int) -> int:
        await asyncio.sleep(0.05)
        return 2 * number

    loop = asyncio.get_running_loop()
    began = loop.time()
    found = [number async for number in mapped(source.give(), double)]
    assert sorted(found) == [2 * number for number in range(20)]
    assert loop.time() - began < 0.6, "one after the other would take a second"


async def test_work_that_fails_closes_what_gives_it_and_ends_the_rest() -> None:
    source = Source(*range(1000))
    cancelled = 0

    async def work(number: int) -> int:
        nonlocal cancelled
        if number == 3:
            raise ValueError("no three")
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cancelled += 1
            raise
        return number

    with pytest.raises(ValueError, match="no three"):
        async for _ in mapped(source.give(), work):
            pass
    assert source.closed
    assert cancelled >= 3


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
