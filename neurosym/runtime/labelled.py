"""Solutions set against known answers, for calibration and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from neurosym.answers.equivalence import Equivalence
from neurosym.backends.pool import Pool
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.selection.calibration import LabelledVote
from neurosym.solution import Solution

__all__ = ["label_vote", "label_votes"]


async def label_vote(
    solution: Solution, gold: Any, choices: tuple[str, ...], equivalence: Equivalence
) -> LabelledVote:
    """Say which class of a solution's answers is the right one."""
    right = None
    seen: set[int] = set()
    for label, candidate in zip(solution.labels, solution.candidates, strict=True):
        if label < 0 or label in seen:
            continue
        seen.add(label)
        if await equivalence.matches(candidate.answer, gold, choices):
            right = label
            break
    return LabelledVote(solution.candidates, solution.labels, right)


async def label_votes(solutions: Iterable[Solution], problems: Path) -> list[LabelledVote]:
    """Label the solutions whose problem stands in the file with an answer.

    Raises:
        ProblemError: The file cannot be read.
    """
    gold = {
        item.problem.id: item
        for item in read_problems(problems)
        if isinstance(item, LabelledProblem) and item.answer is not None
    }
    pool = Pool()
    try:
        equivalence = Equivalence(pool)
        return [
            await label_vote(
                solution,
                gold[solution.problem_id].answer,
                gold[solution.problem_id].problem.choices,
                equivalence,
            )
            for solution in solutions
            if solution.problem_id in gold and solution.candidates
        ]
    finally:
        await pool.aclose()
