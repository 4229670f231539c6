"""Recorded samples, run and checked again by today's code."""

from __future__ import annotations

import asyncio
from pathlib import Path

from neurosym import SampleAndVote, Solution, Solver
from neurosym.backends.pool import Pool
from neurosym.engines.replay import ReplayEngine
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.runtime.comparisons import comparisons
from neurosym.runtime.labelled import label_problem
from neurosym.selection.calibration import LabelledVote
from neurosym.translators.fol import FolTranslator

__all__ = ["replay"]


def replay(
    path: Path, samples: int, *, pool: bool = True
) -> tuple[list[Solution], list[LabelledVote]]:
    """Solve problems from their recorded samples, and say which answers are right.

    Args:
        path: Problems with their answers and samples.
        samples: Samples of each problem to take.
        pool: Whether what several samples say is put together.

    Returns:
        Both in the order of the file.
    """
    items = [item for item in read_problems(path) if isinstance(item, LabelledProblem)]
    strategy = SampleAndVote(samples=samples, pool=pool)
    with Solver(strategy, translator=FolTranslator(), engine=ReplayEngine(path)) as solver:
        found = {s.problem_id: s for s in solver.solve_many(item.problem for item in items)}

    async def label() -> list[LabelledVote]:
        workers = Pool()
        try:
            compare = comparisons(workers)
            return [await label_problem(item, found[item.problem.id], compare) for item in items]
        finally:
            await workers.aclose()

    return [found[item.problem.id] for item in items], asyncio.run(label())
