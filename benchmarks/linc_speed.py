"""Recorded samples of LINC decided a second: its own way, one after the other, and ours."""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.linc_stages import time_stages
from benchmarks.statistics import bootstrap_mean
from benchmarks.theories import read_items

__all__ = ["measure"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Turn:
    """One pass over all samples.

    Attributes:
        seconds: Wall time of the pass.
        ends: How many samples ended how.
        without_limit: Samples that did not run into the time limit, and the seconds they took; only
            where samples are taken one after the other.
    """

    seconds: float
    ends: dict[str, int]
    without_limit: tuple[int, float] = (0, 0.0)

    @property
    def speed(self) -> float:
        """Samples a second."""
        return sum(self.ends.values()) / self.seconds


def measure(path: Path, rounds: int = 3) -> dict[str, Any]:
    """Decide all samples in every way, in turns, each turn in a process of its own.

    Args:
        path: Problems with their samples.
        rounds: Turns of each way.
    """
    ways: dict[str, Callable[[str], _Turn]] = {
        "NLTK and Prover9": _by_prover9,
        "reading, Z3 and checks": _by_parts,
        "the solver": _by_solver,
    }
    turns: dict[str, list[_Turn]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            turns[name].append(_apart(way, str(path)))
    baseline, *ours = turns
    return {
        "samples": sum(turns[baseline][0].ends.values()),
        "rounds": rounds,
        "samples a second": {
            name: _summary([turn.speed for turn in found]) for name, found in turns.items()
        },
        "samples a second of the baseline, without those that run into its limit": _summary(
            [_speed_without_limit(turn) for turn in turns[baseline]]
        ),
        "times the baseline": {
            name: _ratios(turns[name], [turn.speed for turn in turns[baseline]]) for name in ours
        },
        "times the baseline, had it no samples that run into its limit": {
            name: _ratios(turns[name], [_speed_without_limit(turn) for turn in turns[baseline]])
            for name in ours
        },
        "ends": {name: found[-1].ends for name, found in turns.items()},
        "stages, one after the other": _apart(time_stages, str(path)),
    }


def _apart(work: Callable[[str], T], path: str) -> T:
    """What some work gives, done in a fresh process, so that nothing is kept from before."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, path).result()


def _speed_without_limit(turn: _Turn) -> float:
    samples, seconds = turn.without_limit
    return samples / seconds


def _summary(values: list[float]) -> dict[str, Any]:
    return {"median": statistics.median(values), "rounds": values}


def _ratios(turns: list[_Turn], speeds: list[float]) -> dict[str, Any]:
    ratios = [turn.speed / speed for turn, speed in zip(turns, speeds, strict=True)]
    return {**_summary(ratios), "interval of the mean": bootstrap_mean(ratios)}


# ---------------------------------------------------------------- one turn of each way


def _by_prover9(path: str) -> _Turn:
    from benchmarks.prover9 import prover9

    texts = [text for item in read_items(Path(path)) for text in item.extra["samples"]]
    ends: Counter[str] = Counter()
    within, within_seconds = 0, 0.0
    with prover9() as prover:
        begin = time.perf_counter()
        for text in texts:
            started = time.perf_counter()
            end = prover.decide(text)
            ends[end] += 1
            if end != "limit":
                within += 1
                within_seconds += time.perf_counter() - started
        seconds = time.perf_counter() - begin
    return _Turn(seconds, dict(ends.most_common()), (within, within_seconds))


def _by_parts(path: str) -> _Turn:
    """Reading, Z3 and every check, without the solver around them."""
    from neurosym.backends.base import Limits
    from neurosym.backends.z3.backend import Z3Backend
    from neurosym.checks.logic import run_logic_checks
    from neurosym.problem import Kind, Problem
    from neurosym.translators.base import Malformed
    from neurosym.translators.fol import read_pairs

    problem = Problem("-", "?", Kind.LOGIC)  # the checks of logic look at the theory alone
    texts = [text for item in read_items(Path(path)) for text in item.extra["samples"]]

    async def run() -> Counter[str]:
        backend = Z3Backend()
        turns = asyncio.Semaphore(32)

        async def one(text: str) -> str:
            async with turns:
                theory = read_pairs(text)
                if isinstance(theory, Malformed):
                    return "malformed"
                outcome = await backend.run(theory, Limits())
                run_logic_checks(problem, theory, outcome)
                return outcome.status.value

        try:
            return Counter(await asyncio.gather(*map(one, texts)))
        finally:
            await backend.aclose()

    begin = time.perf_counter()
    ends = asyncio.run(run())
    return _Turn(time.perf_counter() - begin, dict(ends.most_common()))


def _by_solver(path: str) -> _Turn:
    """The whole of it: prompts, replayed samples, verdicts, checks and the vote."""
    from neurosym import SampleAndVote, Solver
    from neurosym.engines.replay import ReplayEngine
    from neurosym.problem_file import LabelledProblem, read_problems
    from neurosym.translators.fol import FolTranslator

    samples = len(read_items(Path(path))[0].extra["samples"])
    begin = time.perf_counter()
    problems = [
        item.problem for item in read_problems(Path(path)) if isinstance(item, LabelledProblem)
    ]
    engine = ReplayEngine(path)
    with Solver(
        SampleAndVote(samples=samples), translator=FolTranslator(), engine=engine
    ) as solver:
        solutions = list(solver.solve_many(problems))
    seconds = time.perf_counter() - begin
    ends = Counter(
        candidate.verdict.outcome.status.value
        for solution in solutions
        for candidate in solution.candidates
    )
    return _Turn(seconds, dict(ends.most_common()))
