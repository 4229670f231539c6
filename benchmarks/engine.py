"""Speed and memory of the embedded engine, against llama.cpp's bare server on the same prompts."""

from __future__ import annotations

import asyncio
import resource
import statistics
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.questions import QUESTIONS
from neurosym import Problem, SampleAndVote, Solver
from neurosym.candidate import Completion, Message, Prompt
from neurosym.engines.base import SamplingParams
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.engines.loopback import Line, Port
from neurosym.engines.models import resolve
from neurosym.runtime.feed import problems_in_flight
from neurosym.testing import Request, ScriptedEngine
from neurosym.translators.base import Translator

__all__ = ["measure", "requests_of"]

_SLOTS = 16
_CONTEXT = 20_480
_STORY = Prompt((Message("user", "Tell a very long story about a lighthouse and its keeper."),))
"""A prompt whose answers reach any token limit."""


def measure(
    model: str,
    *,
    problems: int = 24,
    samples: int = 8,
    rounds: int = 3,
    threads: int | None = None,
) -> dict[str, Any]:
    """Measure memory, single requests, and three ways to sample the same problems, in turns.

    The ways are ``Solver.solve_many`` with sandbox and checks, ``LlamaCppEngine.sample`` alone,
    and a second llama.cpp server asked directly, all with the same requests, slots, context,
    threads and problems in flight. Each is warmed up, and the turns change their order.

    Args:
        model: A known model, or the path of a GGUF file.
        problems: Problems for each way, at most as many as there are questions.
        samples: Samples of each problem.
        rounds: Turns of each way; the problems are dealt out to them.
        threads: Threads of the model; ``None`` takes the CPUs really available.
    """
    chosen = [Problem(f"p{i}", text) for i, text in enumerate(QUESTIONS[:problems])]
    strategy = SampleAndVote(samples=samples)
    begin = time.perf_counter()
    engine = LlamaCppEngine(model, threads=threads, slots=_SLOTS, context=_CONTEXT)
    loaded = time.perf_counter() - begin
    try:
        memory = _memory(engine, chosen[:2], strategy)
        single = asyncio.run(_single_requests(engine))
        with Solver(strategy, engine=engine) as solver:
            ways = _Ways(engine, strategy, solver, _bare_server(model, engine.threads))
            turns = ways.take_turns(chosen, rounds)
    finally:
        asyncio.run(engine.aclose())
    return {
        "engine": {**engine.info.identity, "parallel": engine.info.parallel},
        "threads": engine.threads,
        "seconds to load": round(loaded, 1),
        "memory": memory,
        "requests": single,
        "solving": _report(turns, ways.in_flight),
    }


# ------------------------------------------------------------------- three ways to sample


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one way took for its share of the problems."""

    way: str
    samples: int
    tokens: int
    seconds: float


class _Ways:
    def __init__(
        self, engine: LlamaCppEngine, strategy: SampleAndVote, solver: Solver, bare: Any
    ) -> None:
        self._engine = engine
        self._strategy = strategy
        self._solver = solver
        self._bare = bare  # or it would be closed
        self._port = Port(bare.listening_address, "")
        self._requests: dict[str, list[Request]] = {}
        self.in_flight = problems_in_flight(engine.info.parallel, strategy.samples)

    def take_turns(self, problems: Sequence[Problem], rounds: int) -> list[_Turn]:
        asked = requests_of(problems, self._strategy)
        self._requests = {item.id: some for item, some in zip(problems, asked, strict=True)}
        ways: list[tuple[str, Callable[[Sequence[Problem]], tuple[int, int]]]] = [
            ("solve_many", self._solve_many),
            ("engine", self._sample),
            ("bare server", self._ask_bare),
        ]
        for _, way in ways:
            way(problems[: self.in_flight])
        turns = []
        for i in range(rounds):
            for name, way in ways[i % 3 :] + ways[: i % 3]:
                begin = time.perf_counter()
                drawn, tokens = way(problems[i::rounds])
                turns.append(_Turn(name, drawn, tokens, time.perf_counter() - begin))
        return turns

    def _solve_many(self, problems: Sequence[Problem]) -> tuple[int, int]:
        usages = [solution.usage for solution in self._solver.solve_many(problems)]
        return (
            sum(usage.samples for usage in usages),
            sum(usage.completion_tokens for usage in usages),
        )

    def _sample(self, problems: Sequence[Problem]) -> tuple[int, int]:
        async def ask(request: Request) -> list[int]:
            drawn = await self._engine.sample(request.prompt, request.params)
            return [completion.completion_tokens for completion in drawn]

        return asyncio.run(self._all_of_them(problems, ask))

    def _ask_bare(self, problems: Sequence[Problem]) -> tuple[int, int]:
        async def ask(request: Request) -> list[int]:
            return await asyncio.to_thread(_ask_directly, Line(self._port), request)

        return asyncio.run(self._all_of_them(problems, ask))

    async def _all_of_them(
        self, problems: Sequence[Problem], ask: Callable[[Request], Awaitable[list[int]]]
    ) -> tuple[int, int]:
        """Samples and tokens of the problems' requests, with as many in flight as a solver has."""
        room = asyncio.Semaphore(self.in_flight)

        async def one(problem: Problem) -> list[list[int]]:
            async with room:
                return await asyncio.gather(*map(ask, self._requests[problem.id]))

        found = await asyncio.gather(*map(one, problems))
        tokens = [count for requests in found for some in requests for count in some]
        return len(tokens), sum(tokens)


def requests_of(
    problems: Sequence[Problem], strategy: SampleAndVote, *translators: Translator[Any]
) -> list[list[Request]]:
    """What a solver asks of its engine, problem by problem."""
    found = []
    engine = ScriptedEngine(["    return 1\n"])
    with Solver(strategy, engine=engine, translator=translators) as solver:
        for problem in problems:
            solver.solve(problem)
            found.append(engine.requests[:])
            engine.requests.clear()
    return found


def _ask_directly(line: Line, request: Request) -> list[int]:
    """Tokens of each sample."""
    body = {
        "prompt": line.tokenize(request.prompt),
        "n_cmpl": request.params.n,
        "n_predict": request.params.max_tokens,
        "seed": request.params.seed,
        "temperature": request.params.temperature,
        "top_p": request.params.top_p,
        "top_k": 1000,
        "samplers": ["top_k", "temperature", "top_p"],
        "stop": list(request.prompt.stop),
    }
    found = line.post("/completion", body)
    results = found if isinstance(found, list) else [found]
    return [result["tokens_predicted"] for result in results]


def _bare_server(model: str, threads: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(resolve(model))
    params.n_parallel = _SLOTS
    params.n_ctx = _CONTEXT
    params.kv_unified = True
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    return xllamacpp.Server(params)


def _report(turns: Sequence[_Turn], in_flight: int) -> dict[str, Any]:
    found: dict[str, Any] = {"problems in flight": in_flight}
    for way in dict.fromkeys(turn.way for turn in turns):
        own = [turn for turn in turns if turn.way == way]
        tokens, seconds = sum(turn.tokens for turn in own), sum(turn.seconds for turn in own)
        found[way] = {
            "samples": sum(turn.samples for turn in own),
            "tokens": tokens,
            "seconds": round(seconds, 1),
            "tokens per second": round(tokens / seconds, 2),
            "of each turn": [round(turn.tokens / turn.seconds, 2) for turn in own],
        }
    solving, engine, bare = (found[way] for way in ("solve_many", "engine", "bare server"))
    speed = "tokens per second"
    found["share of the bare server's speed"] = round(solving[speed] / bare[speed], 3)
    # By speed, for rounding tips a token now and then and a text goes on otherwise.
    found["verification's share of the time"] = round(1 - solving[speed] / engine[speed], 3)
    return found


# ------------------------------------------------------------------- single requests


async def _single_requests(engine: LlamaCppEngine, repeats: int = 3) -> dict[str, Any]:
    """Tokens per second of a request alone, of eight samples, and of these with logprobs."""
    shapes = {
        "one sample": SamplingParams(max_tokens=64),
        "eight samples": SamplingParams(n=8, max_tokens=64),
        "eight samples with logprobs": SamplingParams(n=8, max_tokens=64, logprobs=True),
    }
    await engine.sample(_STORY, SamplingParams(max_tokens=1))
    speeds: dict[str, list[float]] = {name: [] for name in shapes}
    for _ in range(repeats):
        for name, params in shapes.items():
            speeds[name].append(await _speed(engine.sample(_STORY, params)))
    return {
        name: {"tokens per second": round(statistics.median(found), 2), "each": found}
        for name, found in speeds.items()
    }


async def _speed(drawing: Awaitable[Sequence[Completion]]) -> float:
    begin = time.perf_counter()
    drawn = await drawing
    seconds = time.perf_counter() - begin
    return round(sum(completion.completion_tokens for completion in drawn) / seconds, 2)


# ------------------------------------------------------------------- memory


def _memory(
    engine: LlamaCppEngine, problems: Sequence[Problem], strategy: SampleAndVote
) -> dict[str, float]:
    """Peak resident memory in GB while one problem's samples are in flight, one after the other."""
    after_loading = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with _watch() as peaks, Solver(strategy, engine=engine, concurrency=1) as solver:
        for _ in solver.solve_many(problems):
            pass
    return {
        "peak after loading, GB": round(after_loading / 1e9, 2),
        "peak while solving, GB": round(max(own for own, _ in peaks) / 1e9, 2),
        "the same with sandbox workers, GB": round(max(map(sum, peaks)) / 1e9, 2),
    }


@contextmanager
def _watch() -> Iterator[list[tuple[int, int]]]:
    """Collect resident bytes of this process, and of those below it as far as not shared."""
    found: list[tuple[int, int]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            found.append((_resident("Rss"), sum(_resident("Pss", pid) for pid in _descendants())))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found.append((_resident("Rss"), 0))


def _resident(kind: str, pid: str = "self") -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended in this moment
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:")), 0)


def _descendants() -> list[str]:
    found, queue = [], ["self"]
    while queue:
        for listing in Path(f"/proc/{queue.pop()}/task").glob("*/children"):
            try:
                children = listing.read_text().split()
            except OSError:
                continue
            found += children
            queue += children
    return found
