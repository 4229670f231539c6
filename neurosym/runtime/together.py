"""Several things at once, of which none goes on alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing
from typing import Any, TypeVar

__all__ = ["mapped", "merged", "together"]

R = TypeVar("R")
T = TypeVar("T")


async def together(
    work: Iterable[Coroutine[Any, Any, T]], *, seconds: float | None = None
) -> list[T]:
    """Results of several coroutines in order.

    Where one fails, the time is over, or the caller is cancelled, the others are cancelled and have
    ended before this returns or raises.

    Args:
        work: The coroutines.
        seconds: After this time the results that are there are given, in order; ``None`` waits for
            all of them.
    """
    tasks = [asyncio.ensure_future(item) for item in work]
    if not tasks:
        return []
    try:
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        return [task.result() for task in tasks if task in done]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def merged(
    sources: Iterable[AsyncGenerator[T]],
    *,
    seconds: float | None = None,
    left: Callable[[T], object] = lambda item: None,
) -> AsyncGenerator[T]:
    """What several generators give, as they give it.

    Where one fails, the time is over, or this is closed, the others are closed before this raises
    or ends.

    Args:
        sources: The generators.
        seconds: After this time it ends; ``None`` follows all to their end.
        left: Told of each thing that was given and that nobody fetched until the end.
    """
    ends = None if seconds is None else asyncio.get_running_loop().time() + seconds
    given: asyncio.Queue[Any] = asyncio.Queue()
    end = object()

    async def follow(source: AsyncGenerator[T]) -> None:
        try:
            async with aclosing(source):
                async for item in source:
                    given.put_nowait(item)
        finally:
            given.put_nowait(end)

    following = [asyncio.ensure_future(follow(source)) for source in sources]
    going = len(following)
    try:
        while going:
            try:
                async with asyncio.timeout_at(ends):
                    item = await given.get()
            except TimeoutError:
                return
            if item is not end:
                yield item
                continue
            going -= 1
            for task in following:
                if task.done():
                    task.result()
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        while not given.empty():
            if (item := given.get_nowait()) is not end:
                left(item)


async def mapped(
    source: AsyncGenerator[T], work: Callable[[T], Coroutine[Any, Any, R]]
) -> AsyncGenerator[R]:
    """Results of some work on each thing that a generator gives, as they are ready.

    Where one fails, or this is closed, the generator is closed and the others are cancelled before
    this raises or ends.

    Args:
        source: The generator; the next thing is asked for while there is work on others.
        work: What is done.
    """
    end = object()
    taking: asyncio.Future[Any] | None = asyncio.ensure_future(anext(source, end))
    working: set[asyncio.Future[R]] = set()
    try:
        while taking is not None or working:
            waiting: set[asyncio.Future[Any]] = {*working}
            if taking is not None:
                waiting.add(taking)
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if taking is not None and taking in done:
                item = taking.result()
                taking = None
                if item is not end:
                    working.add(asyncio.ensure_future(work(item)))
                    taking = asyncio.ensure_future(anext(source, end))
            for task in done & working:
                working.discard(task)
                yield task.result()
    finally:
        left: set[asyncio.Future[Any]] = {*working}
        if taking is not None:
            left.add(taking)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await source.aclose()
