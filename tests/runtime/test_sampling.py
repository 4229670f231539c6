"""Samples of a prompt: what was sampled is charged, whether or not anybody fetched it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from neurosym.backends.base import Limits
from neurosym.budget import Budget, Cost, Meter
from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.base import EngineInfo, SamplingParams
from neurosym.problem import Kind, Problem
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.sampling import sampled
from neurosym.testing import PacedEngine, ScriptedEngine

PROMPT = Prompt((Message("user", "How many eggs are 3 dozen?"),))
PARAMS = SamplingParams(n=4, max_tokens=10)


class Each(ScriptedEngine):
    """Charges each sample for the prompt."""

    @property
    def info(self) -> EngineInfo:
        return replace(super().info, charges_each=True)


@pytest.mark.parametrize(
    ("engine", "asked"),
    [(PacedEngine(["one two"]), 6), (ScriptedEngine(["one two"]), 6), (Each(["one two"]), 24)],
    ids=["as they end", "all at once", "charged each"],
)
async def test_what_ended_and_nobody_fetched_is_charged(engine: ScriptedEngine, asked: int) -> None:
    meter = Meter(Budget())
    problem = Problem("1", "How many eggs are 3 dozen?", Kind.MATH)
    machinery = Machinery(engine, lambda kind: pytest.fail("no domain"), Limits())
    async with meter.holding(PARAMS.n, Cost(PARAMS.max_tokens)) as held:
        drawing = sampled(machinery, held, problem, PROMPT, PARAMS, "judging", 0)
        async with aclosing(drawing) as ended:
            _, first = await anext(ended)
            assert isinstance(first, Completion)
            await asyncio.sleep(0.1)
    assert meter.usage.completion_tokens == 8
    assert meter.usage.prompt_tokens == asked
    assert meter.usage.samples == 1
