"""Samples of one prompt as they end: of requests of their own, or of one for all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeAlias, TypeGuard

from neurosym.candidate import Completion, Prompt
from neurosym.engines.base import Capability, Dropped, Engine, SamplingParams, Streaming
from neurosym.runtime.together import mapped, merged

__all__ = [
    "Draw",
    "all_of",
    "can_drop",
    "charged_once",
    "handed_over",
    "led",
    "lost_in_wrapping",
    "stream_of",
    "unfetched",
]

Draw: TypeAlias = Callable[[int, Callable[[int], None]], Coroutine[Any, Any, Completion]]
"""Draws the sample of a seed, and tells how many tokens more there are of it, again and again."""


async def led(
    params: SamplingParams, draw: Draw, dropped: Dropped, prompt_tokens: int
) -> AsyncGenerator[Completion]:
    """Samples as they end, for :meth:`neurosym.engines.base.Streaming.stream`.

    The others begin when the first has its first token: then it has evaluated the prompt, and they
    find it in the cache.

    Args:
        params: How many, and from which seed on.
        draw: Draws one of them. It may tell of tokens from another thread.
        dropped: Told what those dropped have cost.
        prompt_tokens: Tokens of the prompt, as far as they are known beforehand.
    """
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    counts = dict.fromkeys(range(params.seed, params.seed + params.n), 0)

    async def one(seed: int) -> Completion:
        def count(tokens: int) -> None:
            counts[seed] += tokens
            loop.call_soon_threadsafe(begun.set)

        if seed > params.seed:
            await begun.wait()
        try:
            return await draw(seed, count)
        finally:
            begun.set()

    async def seeds() -> AsyncGenerator[int]:
        for seed in counts:
            yield seed

    charged = charged_once(mapped(seeds(), one), counts, prompt_tokens, dropped)
    async with aclosing(charged) as items:
        async for item in items:
            yield item


async def handed_over(
    follow: Callable[[Callable[[Completion], object]], Awaitable[None]],
) -> AsyncGenerator[Completion]:
    """Samples as another thread hands them over.

    Args:
        follow: Waits for all of them, and hands each over when it ends. It is cancelled where this
            is closed before.
    """
    loop, ended = asyncio.get_running_loop(), asyncio.Queue[Completion | None]()

    async def work() -> None:
        try:
            await follow(lambda item: loop.call_soon_threadsafe(ended.put_nowait, item))
        finally:
            ended.put_nowait(None)

    working = asyncio.ensure_future(work())
    try:
        while (item := await ended.get()) is not None:
            yield item
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def charged_once(
    ended: AsyncGenerator[Completion],
    counts: dict[int, int],
    prompt_tokens: int,
    dropped: Dropped,
) -> AsyncGenerator[Completion]:
    """Samples of one prompt as they end, of which the first is charged for it.

    Args:
        ended: The samples, each with its own charge.
        counts: For each seed the tokens that there are of its sample, which are taken out here
            when it is fetched.
        prompt_tokens: What dropping the others costs besides, where none was fetched.
        dropped: Told what those dropped have cost.
    """
    charged = False
    try:
        async with aclosing(ended) as items:
            async for item in items:
                counts[item.seed] = 0
                given = replace(item, prompt_tokens=0) if charged else item
                charged = True  # before it is given, for this may be closed then
                yield given
    finally:
        sampled = sum(counts.values())
        dropped(0 if charged or not sampled else prompt_tokens, sampled)


def unfetched(dropped: Dropped) -> Callable[[Completion], None]:
    """What tells of samples that have ended, and that nobody fetched.

    Args:
        dropped: Told what they have cost.
    """
    return lambda item: dropped(item.prompt_tokens, item.completion_tokens)


def can_drop(engine: Engine) -> TypeGuard[Streaming]:
    """Whether samples that nobody waits for leave their places to others."""
    return isinstance(engine, Streaming) and Capability.ABORT in engine.info.can


def lost_in_wrapping(engine: Engine) -> frozenset[Capability]:
    """What an engine cannot do through one that asks it by :func:`stream_of` alone."""
    lost = set() if can_drop(engine) else {Capability.ABORT}
    return frozenset({Capability.EMBEDDINGS, *lost})


async def stream_of(
    engine: Engine, prompt: Prompt, params: SamplingParams, dropped: Dropped
) -> AsyncGenerator[Completion]:
    """Samples of any engine as they end; all at once of one request that cannot be followed.

    Args:
        engine: Draws them.
        prompt: What to continue.
        params: How to sample.
        dropped: Told what those dropped have cost.

    Raises:
        ContextOverflowError: Prompt and answer do not fit the context window.
        EngineError: The model could not be run.
    """
    drop = unfetched(dropped)

    async def at_once(part: SamplingParams) -> AsyncGenerator[Completion]:
        drawn = deque(await engine.sample(prompt, part))
        try:
            while drawn:
                yield drawn.popleft()
        finally:
            for item in drawn:
                drop(item)

    if can_drop(engine):
        source = engine.stream(prompt, params, dropped)
    elif engine.info.charges_each:
        each = (replace(params, n=1, seed=params.seed + i) for i in range(params.n))
        source = merged(map(at_once, each), left=drop)
    else:
        source = at_once(params)
    async with aclosing(source) as ended:
        async for item in ended:
            yield item


async def all_of(
    stream: AsyncGenerator[Completion], *, charges_each: bool = False
) -> list[Completion]:
    """All samples of a stream in the order of their seeds.

    Args:
        stream: The samples of one request.
        charges_each: Whether each is charged for the prompt, and not the first for all.
    """
    async with aclosing(stream) as ended:
        drawn = sorted([item async for item in ended], key=lambda item: item.seed)
    if charges_each:
        return drawn
    asked = sum(item.prompt_tokens for item in drawn)
    return [replace(item, prompt_tokens=asked if i == 0 else 0) for i, item in enumerate(drawn)]
