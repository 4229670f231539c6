"""Engines are measured in turns, on problems that no turn has had before."""

from __future__ import annotations

import asyncio
from collections import Counter

from benchmarks.bare_engines import Bare
from benchmarks.engines import Task, naive, overlap, speed
from neurosym import SampleAndVote
from neurosym.candidate import Prompt
from neurosym.testing import Request, ScriptedEngine
from neurosym.translators.python import PythonTranslator

PACE = 0.01


def say(prompt: Prompt, seed: int) -> str:
    return "    return 1\n```"


def task() -> Task:
    strategy = SampleAndVote(samples=2, max_tokens=8)
    return Task(ScriptedEngine(say), strategy, PythonTranslator(shots=0))


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


def test_the_naive_loop_waits_for_each_sample() -> None:
    found = naive(task(), Bare(slowly))
    assert found["samples per second"] < 1 / PACE
    assert abs(found["tokens per second"] - 3 * found["samples per second"]) < 1
