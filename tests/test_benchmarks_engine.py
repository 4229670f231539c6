"""Engines are measured in turns, on problems that no turn has had before."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter

import pytest

from benchmarks.bare_engines import Bare, bare_of
from benchmarks.engine import naive, overlap, speed
from benchmarks.engine_task import Task, Verified
from benchmarks.memory import peaks_during
from neurosym import SampleAndVote
from neurosym.candidate import Message, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.testing import Request, ScriptedEngine
from neurosym.translators.formats import WordProblemRoute
from neurosym.translators.word_problem import word_problem_translator

PACE = 0.01


def say(prompt: Prompt, seed: int) -> str:
    return f"Each of the {seed} pens costs so much that"


def task() -> Task:
    strategy = SampleAndVote(samples=2, max_tokens=8)
    prose = word_problem_translator(WordProblemRoute.REASONING, shots=0)
    return Task(ScriptedEngine(say), strategy, Verified(prose))


async def slowly(request: Request) -> list[int]:
    await asyncio.sleep(PACE * request.params.n)
    return [3] * request.params.n


def test_each_way_gets_as_many_problems_that_are_its_own() -> None:
    measured = task()
    assert isinstance(measured.engine, ScriptedEngine)
    asked: list[str] = []

    async def ask(request: Request) -> list[int]:
        asked.append(str(request.prompt))
        return await slowly(request)

    row = speed(measured, Bare(ask), 4, 2, 2)
    drawn = [str(request.prompt) for request in measured.engine.requests]
    assert len(asked) == 2 * 4 * 2  # two turns of four problems in two wordings
    assert len(drawn) == 2 * (1 + 4 + 4 + 4 + 4)
    assert set(Counter(drawn + asked).values()) == {1}
    share = row["solve_many"]["samples per second"] / row["bare"]["samples per second"]
    assert abs(row["share of the bare speed"] - share) < 0.05 * share
    # Two problems at once, each of two requests of one sample, which sleep beside one another.
    assert 0.5 * 4 / PACE < row["bare"]["samples per second"] < 4 / PACE


def test_verification_that_takes_long_shows_where_nothing_else_takes_any() -> None:
    found = overlap(task(), 3)
    assert found["seconds with it"] >= 2 * 0.2
    assert found["ratio"] > 2
    assert found["candidates verified"] == 4 * 3 * 2, "prose that is cut off is verified as well"


def test_the_naive_loop_waits_for_each_sample() -> None:
    found = naive(task(), Bare(slowly))
    assert found["samples per second"] < 1 / PACE
    assert abs(found["tokens per second"] - 3 * found["samples per second"]) < 1


def test_what_work_holds_of_memory_shows_in_its_peak() -> None:
    held: list[bytearray] = []

    def work() -> None:
        held.append(bytearray(b"x") * 300_000_000)
        time.sleep(0.6)  # it is looked at four times a second

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found = peaks_during(work)
    assert found["peak before, GB"] == round(before / 1e9, 2)
    assert 0.3 < found["peak while solving, GB"] <= found["the same with sandbox workers, GB"]


@pytest.mark.real_model
def test_the_bare_server_of_llama_cpp_draws_what_is_asked() -> None:
    engine = LlamaCppEngine("smollm2-135m", slots=2, context=1024)
    try:
        bare = bare_of(engine, "smollm2-135m")
        assert bare is not None
        prompt = Prompt((Message("user", "Tell a very long story about a lighthouse."),))
        request = Request(prompt, SamplingParams(n=2, max_tokens=4))

        async def ask() -> list[int]:
            return await bare.ask(request)

        assert asyncio.run(ask()) == [4, 4]
        assert engine.prompt_tokens == (0, 0), "it is not the engine's own server"
    finally:
        asyncio.run(engine.aclose())
