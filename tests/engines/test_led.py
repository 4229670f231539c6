"""Samples that are requests of their own: what they cost, whoever fetches them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from neurosym.candidate import Completion
from neurosym.engines.base import SamplingParams
from neurosym.engines.led import led


async def draw(seed: int, count: Callable[[int], None]) -> Completion:
    count(6)
    await asyncio.sleep(60 if seed == 8 else 0.01)
    count(4)
    return Completion("said", None, 5, 10, "stop", seed)


async def test_what_ended_and_what_did_not_is_told_where_one_was_fetched() -> None:
    told: list[tuple[int, int]] = []
    params = SamplingParams(n=4, seed=5)
    async with aclosing(led(params, draw, lambda *cost: told.append(cost), 5)) as ended:
        first = await anext(ended)
        await asyncio.sleep(0.2)
    assert first.prompt_tokens == 5
    assert told == [(0, 10 + 10 + 6)], "the first was charged for the prompt"


async def test_the_prompt_is_told_where_none_was_fetched() -> None:
    told: list[tuple[int, int]] = []
    params = SamplingParams(n=1, seed=8)
    drawing = led(params, draw, lambda *cost: told.append(cost), 5)
    taking = asyncio.ensure_future(anext(drawing))
    await asyncio.sleep(0.05)
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    await drawing.aclose()
    assert told == [(5, 6)]


async def test_of_samples_that_were_all_fetched_nothing_is_told() -> None:
    told: list[tuple[int, int]] = []
    params = SamplingParams(n=3, seed=5)
    ended = [item async for item in led(params, draw, lambda *cost: told.append(cost), 5)]
    assert [item.prompt_tokens for item in ended] == [5, 0, 0]
    assert told == [(0, 0)]
