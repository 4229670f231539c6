"""Accuracy where answers are known: greedy, samples, votes, oracle, what abstaining buys."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.statistics import accuracy_at_coverage, bootstrap_mean, wilson
from neurosym import SampleAndVote, Solution, Solver
from neurosym.backends.pool import Pool
from neurosym.cli.progress import Progress
from neurosym.engines.base import Engine
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.errors import InputError
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.runtime.comparisons import comparisons
from neurosym.runtime.labelled import label_vote
from neurosym.selection.calibration import (
    Calibration,
    LabelledVote,
    brier_score,
    cross_validate,
    expected_calibration_error,
    reliability_table,
)
from neurosym.selection.majority import Majority
from neurosym.translators.base import Translator

__all__ = ["choose", "measure", "opened"]

_COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def choose(path: Path, items: int, seed: int) -> list[LabelledProblem]:
    """A seeded choice of the problems of a file that have an answer, the same for every method.

    Take another part of the file with another seed.
    """
    labelled = [
        item
        for item in read_problems(path)
        if isinstance(item, LabelledProblem) and item.answer is not None
    ]
    return random.Random(seed).sample(labelled, min(items, len(labelled)))


@contextmanager
def opened(model: str, threads: int | None) -> Iterator[LlamaCppEngine]:
    """The embedded engine, closed at the end whatever happens."""
    engine = LlamaCppEngine(model, threads=threads)
    try:
        yield engine
    finally:
        asyncio.run(engine.aclose())


def measure(
    problems: Sequence[LabelledProblem],
    engine: Engine,
    run: Path,
    strategy: SampleAndVote,
    translator: Translator[Any] | tuple[()] = (),
    *,
    greedy_translator: Translator[Any] | None = None,
) -> dict[str, Any]:
    """Solve greedily and by a vote, both resumable under ``run``, and report on it.

    Args:
        problems: The problems.
        engine: Runs the model.
        run: Where finished work is kept.
        strategy: The vote.
        translator: Translates for the vote; nothing takes the default.
        greedy_translator: Translates for the one greedy sample; ``None`` takes the same.
    """
    greedy = SampleAndVote(samples=1, temperature=0.0, seed=strategy.seed)
    found = {}
    ways = (("greedy", greedy, greedy_translator or translator), ("vote", strategy, translator))
    for name, method, translates in ways:
        with (
            Solver(method, engine=engine, translator=translates, run=run / name) as solver,
            Progress(total=len(problems)) as progress,
        ):
            begin = time.perf_counter()
            solutions = {}
            for solution in solver.solve_many(item.problem for item in problems):
                solutions[solution.problem_id] = solution
                progress.solved(solution)
            found[name] = solutions, time.perf_counter() - begin
    return _report(problems, found["greedy"], found["vote"], engine)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A solution, and which of its answers are right."""

    solution: Solution
    vote: LabelledVote

    @property
    def right(self) -> list[bool]:
        """Whether each of its candidates is right."""
        return [label in self.vote.right for label in self.vote.labels]

    def is_right(self, chosen: int | None) -> bool:
        return chosen is not None and self.right[chosen]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What one way of choosing makes of a problem: its answer's confidence, and whether right."""

    confidence: float
    right: bool


def _report(
    problems: Sequence[LabelledProblem],
    greedy: tuple[dict[str, Solution], float],
    vote: tuple[dict[str, Solution], float],
    engine: Engine,
) -> dict[str, Any]:
    marked_greedy, marked = asyncio.run(_mark(problems, [greedy[0], vote[0]]))
    ways = _ways(marked)
    greedy_right = [item.is_right(item.solution.selection.candidate) for item in marked_greedy]
    means = [sum(item.right) / len(item.right) for item in marked]
    voted = [choice.right for choice in ways["weighted vote"]]
    gains = [float(v) - float(g) for v, g in zip(voted, greedy_right, strict=True)]
    return {
        "problems": len(problems),
        "engine": asdict(engine.info),
        "accuracy": {
            "greedy": _share(greedy_right),
            "mean of samples": {
                "value": sum(means) / len(means),
                "interval": bootstrap_mean(means),
            },
            **{name: _share([choice.right for choice in way]) for name, way in ways.items()},
            "oracle": _share([any(item.right) for item in marked]),
        },
        "vote over greedy": {"value": sum(gains) / len(gains), "interval": bootstrap_mean(gains)},
        "abstention": [
            {
                "coverage": coverage,
                **{
                    name: accuracy_at_coverage(
                        [choice.confidence for choice in way],
                        [choice.right for choice in way],
                        coverage,
                    )
                    for name, way in ways.items()
                },
            }
            for coverage in _COVERAGES
        ],
        "confidence": {name: _trust(way) for name, way in ways.items()},
        "where samples ended": _causes(marked),
        "where problems ended": _endings(marked, voted),
        "cost": {name: _cost(*part) for name, part in (("greedy", greedy), ("vote", vote))},
    }


def _ways(marked: Sequence[_Marked]) -> dict[str, list[_Choice]]:
    """Ways of choosing among the same samples."""
    majority = []
    for item in marked:
        selection = Majority().select(item.solution.candidates, item.solution.labels)
        confidence = Calibration().confidence(selection, len(item.right))
        majority.append(_Choice(confidence, item.is_right(selection.candidate)))
    ways = {
        "majority": majority,
        "weighted vote": [
            _Choice(item.solution.confidence, item.is_right(item.solution.selection.candidate))
            for item in marked
        ],
    }
    try:
        held_out = cross_validate([item.vote for item in marked])
    except InputError:
        return ways  # too few problems, or all alike: nothing can be fitted
    ways["weighted vote, fitted on the other folds"] = [
        _Choice(confidence, item.is_right(selection.candidate))
        for item, (selection, confidence) in zip(marked, held_out, strict=True)
    ]
    return ways


def _trust(way: Sequence[_Choice]) -> dict[str, Any]:
    confidences, right = [choice.confidence for choice in way], [choice.right for choice in way]
    table = reliability_table(confidences, right)
    return {
        "brier": brier_score(confidences, right),
        "expected calibration error": expected_calibration_error(table),
        "reliability": [asdict(row) for row in table],
    }


def _endings(marked: Sequence[_Marked], voted: Sequence[bool]) -> dict[str, int]:
    """Where each problem was won or lost."""
    endings = Counter(
        "answered right"
        if won
        else "a right sample was outvoted"
        if any(item.right)
        else "no sample was right"
        for item, won in zip(marked, voted, strict=True)
    )
    return dict(endings.most_common())


async def _mark(
    problems: Sequence[LabelledProblem], runs: Sequence[dict[str, Solution]]
) -> list[list[_Marked]]:
    pool = Pool(workers=1)
    compare = comparisons(pool)

    async def one(item: LabelledProblem, solution: Solution) -> _Marked:
        problem = item.problem
        comparison = compare[problem.kind]
        vote = await label_vote(solution, item.answer, problem.choices, comparison)
        return _Marked(solution, vote)

    try:
        return [[await one(item, run[item.problem.id]) for item in problems] for run in runs]
    finally:
        await pool.aclose()


def _share(right: Sequence[bool]) -> dict[str, Any]:
    count = sum(right)
    return {
        "value": count / len(right),
        "right": count,
        "interval": wilson(count, len(right)),
    }


def _causes(marked: Sequence[_Marked]) -> dict[str, int]:
    """How each sample ended; those with an answer by whether it is right."""
    causes: Counter[str] = Counter()
    for item in marked:
        for candidate, right in zip(item.solution.candidates, item.right, strict=True):
            status = candidate.verdict.outcome.status.value
            if candidate.answer is not None:
                status += ", right" if right else ", wrong"
            if candidate.completion.finish_reason == "length":
                status += " (cut at the token limit)"
            causes[status] += 1
    return dict(causes.most_common())


def _cost(solutions: dict[str, Solution], seconds: float) -> dict[str, float]:
    tokens = sum(item.usage.completion_tokens for item in solutions.values())
    return {
        "samples": sum(item.usage.samples for item in solutions.values()),
        "prompt tokens": sum(item.usage.prompt_tokens for item in solutions.values()),
        "completion tokens": tokens,
        "seconds of this session": round(seconds, 1),
    }
