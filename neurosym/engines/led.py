"""Samples of one prompt that are requests of their own, of which the first goes ahead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeAlias

from neurosym.candidate import Completion
from neurosym.engines.base import Dropped, SamplingParams
from neurosym.runtime.together import mapped

__all__ = ["Draw", "all_of", "led"]

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
    counts = [0] * params.n

    async def one(i: int) -> Completion:
        def count(tokens: int) -> None:
            counts[i] += tokens
            loop.call_soon_threadsafe(begun.set)

        if i > 0:
            await begun.wait()
        try:
            return await draw(params.seed + i, count)
        finally:
            begun.set()

    async def places() -> AsyncGenerator[int]:
        for i in range(params.n):
            yield i

    charged = False
    try:
        async with aclosing(mapped(places(), one)) as ended:
            async for item in ended:
                counts[item.seed - params.seed] = 0
                yield replace(item, prompt_tokens=0) if charged else item
                charged = True
    finally:
        dropped(0 if charged or not any(counts) else prompt_tokens, sum(counts))


async def all_of(stream: AsyncGenerator[Completion]) -> list[Completion]:
    """All samples of a stream in the order of their seeds; the first is charged for the prompt."""
    async with aclosing(stream) as ended:
        drawn = sorted([item async for item in ended], key=lambda item: item.seed)
    asked = sum(item.prompt_tokens for item in drawn)
    return [replace(item, prompt_tokens=asked if i == 0 else 0) for i, item in enumerate(drawn)]
