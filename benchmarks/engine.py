"""Any engine through a solver, against what it is made of, asked directly, in one run."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.bare_engines import Bare, bare_of
from benchmarks.engine_task import Requests, Task, Verified
from benchmarks.memory import peaks_during
from neurosym import Problem, SampleAndVote
from neurosym.backends.base import Backend, Limits
from neurosym.candidate import Message, Outcome, Prompt
from neurosym.engines.base import Capability, Engine, SamplingParams
from neurosym.engines.named import read_engine
from neurosym.problem import Kind
from neurosym.solver import Solver
from neurosym.testing import Request
from neurosym.translators.formats import WordProblemRoute
from neurosym.translators.word_problem import word_problem_translator
from neurosym.workshop import Workshop

__all__ = ["measure", "naive", "overlap", "speed"]

_CONCURRENCY = (1, 8, 32)
_VERIFYING = 0.2
_LENGTHS = range(0, 32, 4)
"""Words more than the shortest long prompt has, over what engines cache as one block."""
_STORY = Prompt((Message("user", "Tell a very long story about a lighthouse and its keeper."),))
"""A prompt whose answers reach any token limit."""

Ask: TypeAlias = Callable[[Request], Awaitable[list[int]]]


def measure(
    text: str,
    model: str | None,
    *,
    problems: int,
    samples: int,
    max_tokens: int,
    shots: int,
    turns: int,
) -> dict[str, Any]:
    """Measure an engine: alone and through a solver, while verification takes time, and its cache.

    Args:
        text: The engine, as ``--engine`` takes it.
        model: Its model.
        problems: Problems of each measurement.
        samples: Samples of each problem.
        max_tokens: Most tokens of a sample.
        shots: Worked examples in each prompt, which without a cache are most of the work.
        turns: Turns of each way; on a machine that is shared, each takes another time.
    """
    engine = read_engine(text, model=model).start()
    # Prose goes on to the limit, so that all ways have as many tokens to sample.
    prose = word_problem_translator(WordProblemRoute.REASONING, shots=shots)
    voting = SampleAndVote(samples=samples, max_tokens=max_tokens)
    task = Task(engine, voting, Verified(prose))
    try:
        bare = bare_of(engine, model)
        found = {
            "engine": {
                **engine.info.identity,
                "model": Path(engine.info.model).name,
                "can": sorted(engine.info.can),
            },
            "problems": problems,
            "samples of each": samples,
            "most tokens of each": max_tokens,
            "worked examples": shots,
            "turns of each way": turns,
            "memory": _shown(peaks_during(partial(_solve_one_by_one, task))),
            "requests": asyncio.run(_requests_alone(engine)),
            "speed": _speeds(task, bare, problems, turns),
            "verification of 0.2 s beside it": overlap(task, problems),
            "8 samples of long prompts": asyncio.run(_sharing(engine)),
        }
        if bare is not None:
            found["one request after the other"] = naive(task, bare)
    finally:
        asyncio.run(engine.aclose())
    return found


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """A part of the result, shown to whoever waits for the rest."""
    print(json.dumps(found), file=sys.stderr, flush=True)
    return found


# --------------------------------------------------------------------------------- alone


def _solve_one_by_one(task: Task, count: int = 2) -> None:
    with Solver(concurrency=1, **task.options) as solver:
        _solve(solver, task.problems(count))


async def _requests_alone(engine: Engine, repeats: int = 3) -> dict[str, Any]:
    """Tokens per second of a request alone, of eight samples, and of these with logprobs."""
    shapes = {
        "one sample": SamplingParams(max_tokens=64),
        "eight samples": SamplingParams(n=8, max_tokens=64),
    }
    if Capability.LOGPROBS in engine.info.can:
        shapes["eight samples with logprobs"] = SamplingParams(n=8, max_tokens=64, logprobs=True)
    await engine.sample(_STORY, SamplingParams(max_tokens=1))
    speeds: dict[str, list[float]] = {name: [] for name in shapes}
    for _ in range(repeats):
        for name, params in shapes.items():
            speeds[name].append(await _speed_of(engine, params))
    return _shown(
        {
            name: {"tokens per second": round(statistics.median(found), 2), "each": found}
            for name, found in speeds.items()
        }
    )


async def _speed_of(engine: Engine, params: SamplingParams) -> float:
    begin = time.perf_counter()
    drawn = await engine.sample(_STORY, params)
    seconds = time.perf_counter() - begin
    return round(sum(completion.completion_tokens for completion in drawn) / seconds, 2)


# --------------------------------------------------------------------------------- speed


def _speeds(task: Task, bare: Bare | None, most: int, turns: int) -> list[dict[str, Any]]:
    """Samples and tokens a second of each way in turns, with so many problems in flight."""
    asked = {concurrency: min(most, max(8, 2 * concurrency)) for concurrency in _CONCURRENCY}
    return [_shown(speed(task, bare, asked[number], number, turns)) for number in _CONCURRENCY]


def speed(
    task: Task, bare: Bare | None, count: int, concurrency: int, turns: int
) -> dict[str, Any]:
    """Samples and tokens a second of each way, in turns that change their order.

    Args:
        task: What is solved, and with what.
        bare: What the engine is made of; ``None`` compares with the engine alone.
        count: Problems of a turn.
        concurrency: Problems in flight.
        turns: Turns of each way.
    """
    direct = _of(task.engine)
    with Solver(concurrency=concurrency, **task.options) as solver:
        # What all prompts share is in the cache then, and the solver's workers have started.
        _solve(solver, task.problems(1))
        ways: dict[str, Callable[[], Callable[[], tuple[int, int]]]] = {
            "solve_many": lambda: partial(_solve, solver, task.problems(count)),
            "engine": lambda: partial(_ask, direct, task.requests(count), concurrency),
        }
        if bare is not None:
            ways["bare"] = lambda: partial(_ask, bare.ask, task.requests(count), concurrency)
        orders = itertools.islice(itertools.cycle([[*ways], [*reversed(ways)]]), turns)
        taken = [(name, _timed(ways[name]())) for order in orders for name in order]
    row: dict[str, Any] = {"problems at once": concurrency, "problems of a turn": count}
    for way in ways:
        parts = [found for name, found in taken if name == way]
        drawn, tokens, seconds = map(sum, zip(*parts, strict=True))
        row[way] = {
            "samples per second": round(drawn / seconds, 2),
            "tokens per second": round(tokens / seconds, 2),
        }
    reference = row["bare" if bare is not None else "engine"]["samples per second"]
    share = row["solve_many"]["samples per second"] / reference
    return {**row, "share of the bare speed": round(share, 3)}


def _timed(way: Callable[[], tuple[int, int]]) -> tuple[int, int, float]:
    begin = time.perf_counter()
    drawn, tokens = way()
    return drawn, tokens, time.perf_counter() - begin


def _solve(solver: Solver, problems: Sequence[Problem]) -> tuple[int, int]:
    usages = [solution.usage for solution in solver.solve_many(problems)]
    return sum(item.samples for item in usages), sum(item.completion_tokens for item in usages)


def _of(engine: Engine) -> Ask:
    async def ask(request: Request) -> list[int]:
        drawn = await engine.sample(request.prompt, request.params)
        return [item.completion_tokens for item in drawn]

    return ask


def _ask(ask: Ask, requests: Requests, concurrency: int) -> tuple[int, int]:
    async def everything() -> list[int]:
        room = asyncio.Semaphore(concurrency)

        async def one(some: Sequence[Request]) -> list[list[int]]:
            async with room:
                return await asyncio.gather(*map(ask, some))

        found = await asyncio.gather(*map(one, requests))
        return [count for lists in found for counts in lists for count in counts]

    counts = asyncio.run(everything())
    return len(counts), sum(counts)


# --------------------------------------------------------------------------------- overlap


class _Sleeping:
    """A backend that takes its time with each candidate, beside what it takes by itself."""

    def __init__(self, backend: Backend[Any], solver: _SlowSolver) -> None:
        self._backend, self._solver = backend, solver

    async def run(self, formalization: Any, limits: Limits) -> Outcome:
        self._solver.verified += 1
        await asyncio.sleep(self._solver.seconds)
        return await self._backend.run(formalization, limits)

    async def aclose(self) -> None:
        """The backend is closed by who opened it."""


class _SlowSolver(Solver):
    """A solver whose verification takes so many seconds for each candidate."""

    seconds = 0.0
    verified = 0

    def _open_blocking(self) -> Workshop:
        workshop = super()._open_blocking()
        domain_of = workshop.domains.of

        def slowed(kind: Kind) -> Any:
            domain = domain_of(kind)
            return replace(domain, backend=_Sleeping(domain.backend, self))

        workshop.machinery = replace(workshop.machinery, domain=slowed)
        return workshop


def overlap(task: Task, count: int) -> dict[str, float]:
    """Wall time of solving with verification that sleeps, against the same without, in turns.

    Args:
        task: What is solved, and with what.
        count: Problems of a turn.
    """
    found = dict.fromkeys((0.0, _VERIFYING), 0.0)
    with _SlowSolver(**task.options) as solver:
        _solve(solver, task.problems(1))
        solver.verified = 0
        for solver.seconds in (*found, *reversed(found)):
            *_, seconds = _timed(partial(_solve, solver, task.problems(count)))
            found[solver.seconds] += seconds
    alone, beside = found.values()
    return _shown(
        {
            "seconds of generation alone": round(alone, 2),
            "seconds with it": round(beside, 2),
            "ratio": round(beside / alone, 3),
            "candidates verified": solver.verified,
        }
    )


# --------------------------------------------------------------------------------- cache


async def _sharing(engine: Engine) -> dict[str, Any]:
    """Prompt tokens that were evaluated for 8 samples, as the engine counts them.

    What is cached in blocks is evaluated again from where the last whole block ends, so prompts of
    several lengths are measured.
    """
    if _evaluated(engine) is None:
        return {"evaluated": None}
    lengths, times = [], []
    for words in _LENGTHS:
        prompt = _long_prompt(words)
        lengths.append(await engine.count_tokens(prompt))
        before = _evaluated(engine)
        await engine.sample(prompt, SamplingParams(n=8, max_tokens=8))
        times.append((_evaluated(engine) - before) / lengths[-1])
    return _shown(
        {
            "prompt tokens": [min(lengths), max(lengths)],
            "times one prompt": {
                "mean": round(sum(times) / len(times), 3),
                "least": round(min(times), 3),
                "most": round(max(times), 3),
            },
        }
    )


def _evaluated(engine: Engine) -> Any:
    """Prompt tokens that it has evaluated so far; ``None`` where it does not tell."""
    told = getattr(engine, "prompt_tokens", None)
    return None if told is None else told[1]


def _long_prompt(words: int) -> Prompt:
    """A prompt of some 1,000 tokens and some words, whose beginning is of no other."""
    text = f"Part {words}. " + "The sea is deep, wide, wet and full of fish, whales and salt. " * 58
    return Prompt(
        (Message("system", text + "sea " * words), Message("user", "Tell a long story of it."))
    )


# --------------------------------------------------------------------------------- naive loops


def naive(task: Task, bare: Bare) -> dict[str, float]:
    """The loop that people write, one request and one sample after the other, and the engine.

    Args:
        task: What is solved, and with what.
        bare: Is asked by the loop.
    """

    async def loop(requests: Sequence[Request]) -> tuple[int, int]:
        counts: list[int] = []
        for request in requests:
            for params in request.params.in_parts(1):
                counts += await bare.ask(Request(request.prompt, params))
        return len(counts), sum(counts)

    few = [request for some in task.requests(4) for request in some]
    slow, slow_tokens, slow_seconds = _timed(lambda: asyncio.run(loop(few)))
    drawn, tokens, seconds = _timed(partial(_ask, _of(task.engine), task.requests(4), 4))
    return _shown(
        {
            "samples per second": round(slow / slow_seconds, 2),
            "tokens per second": round(slow_tokens / slow_seconds, 2),
            "samples per second of the engine": round(drawn / seconds, 2),
            "tokens per second of the engine": round(tokens / seconds, 2),
            "ratio": round(drawn / seconds * slow_seconds / slow, 2),
        }
    )
