"""Accuracy on word problems: greedy, samples, votes, oracle, and what abstaining buys."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.statistics import accuracy_at_coverage, bootstrap_mean, wilson
from neurosym import Problem, SampleAndVote, Solution, Solver
from neurosym.answers import Equivalence
from neurosym.backends.pool import Pool
from neurosym.cli.progress import Progress
from neurosym.engines.base import Engine
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.selection.calibration import (
    Calibration,
    brier_score,
    expected_calibration_error,
    reliability_table,
)
from neurosym.selection.majority import Majority

__all__ = ["choose", "measure"]

_COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def choose(path: Path, items: int, seed: int) -> list[LabelledProblem]:
    """A seeded choice of problems of a file, the same for every method.

    The choice is made among all lines; take another part of the file with another seed.
    """
    labelled = [item for item in read_problems(path) if isinstance(item, LabelledProblem)]
    return random.Random(seed).sample(labelled, min(items, len(labelled)))


def measure(
    problems: Sequence[LabelledProblem],
    engine: Engine,
    run: Path,
    strategy: SampleAndVote,
) -> dict[str, Any]:
    """Solve greedily and by a vote, both resumable under ``run``, and report on it."""
    greedy = SampleAndVote(samples=1, temperature=0.0, seed=strategy.seed)
    found = {}
    for name, method in (("greedy", greedy), ("vote", strategy)):
        with (
            Solver(method, engine=engine, run=run / name) as solver,
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
    """A solution with, for each of its candidates, whether it is right."""

    solution: Solution
    right: tuple[bool, ...]

    def is_right(self, chosen: int | None) -> bool:
        return chosen is not None and self.right[chosen]


def _report(
    problems: Sequence[LabelledProblem],
    greedy: tuple[dict[str, Solution], float],
    vote: tuple[dict[str, Solution], float],
    engine: Engine,
) -> dict[str, Any]:
    import asyncio

    marked_greedy, marked = asyncio.run(_mark(problems, [greedy[0], vote[0]]))
    majority = [
        Majority().select(item.solution.candidates, item.solution.labels) for item in marked
    ]
    weighted = [item.solution.selection for item in marked]
    confidences = [item.solution.confidence for item in marked]
    weighted_right = [
        item.is_right(chosen.candidate) for item, chosen in zip(marked, weighted, strict=True)
    ]
    majority_right = [
        item.is_right(chosen.candidate) for item, chosen in zip(marked, majority, strict=True)
    ]
    greedy_right = [item.is_right(item.solution.selection.candidate) for item in marked_greedy]
    means = [sum(item.right) / len(item.right) for item in marked]
    table = reliability_table(confidences, weighted_right)
    agreement = [
        Calibration().confidence(chosen, len(item.right))
        for item, chosen in zip(marked, majority, strict=True)
    ]
    gains = [float(v) - float(g) for v, g in zip(weighted_right, greedy_right, strict=True)]
    return {
        "problems": len(problems),
        "engine": asdict(engine.info),
        "accuracy": {
            "greedy": _share(greedy_right),
            "mean of samples": {
                "value": sum(means) / len(means),
                "interval": bootstrap_mean(means),
            },
            "majority": _share(majority_right),
            "weighted vote": _share(weighted_right),
            "oracle": _share([any(item.right) for item in marked]),
        },
        "vote over greedy": {"value": sum(gains) / len(gains), "interval": bootstrap_mean(gains)},
        "abstention": [
            {
                "coverage": coverage,
                "weighted vote": accuracy_at_coverage(confidences, weighted_right, coverage),
                "majority": accuracy_at_coverage(agreement, majority_right, coverage),
            }
            for coverage in _COVERAGES
        ],
        "confidence": {
            "brier": brier_score(confidences, weighted_right),
            "expected calibration error": expected_calibration_error(table),
            "reliability": [asdict(row) for row in table],
        },
        "outcomes": _causes(marked),
        "cost": {name: _cost(*part) for name, part in (("greedy", greedy), ("vote", vote))},
    }


async def _mark(
    problems: Sequence[LabelledProblem], runs: Sequence[dict[str, Solution]]
) -> list[list[_Marked]]:
    pool = Pool(workers=1)
    equivalence = Equivalence(pool)

    async def one(item: LabelledProblem, problem: Problem, solution: Solution) -> _Marked:
        known: dict[int, bool] = {-1: False}
        for label, candidate in zip(solution.labels, solution.candidates, strict=True):
            if label not in known:
                known[label] = await equivalence.matches(
                    candidate.answer, item.answer, problem.choices
                )
        return _Marked(solution, tuple(known[label] for label in solution.labels))

    try:
        return [
            [await one(item, item.problem, run[item.problem.id]) for item in problems]
            for run in runs
        ]
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
            if status == "solved":
                status = "right" if right else "wrong answer"
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
