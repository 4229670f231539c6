"""Solutions set against known answers, for calibration and benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from neurosym.answers.equivalence import Equivalence
from neurosym.backends.pool import Pool
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.selection.calibration import LabelledVote
from neurosym.solution import Solution
from neurosym.values import Value

__all__ = ["label_vote", "label_votes"]


async def label_vote(
    solution: Solution, gold: Value, choices: tuple[str, ...], equivalence: Equivalence
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


async def label_votes(solutions: Mapping[str, Solution], problems: Path) -> list[LabelledVote]:
    """Label the solutions whose problem stands in the file with an answer.

    Args:
        solutions: The solutions, under the digests of their problems.
        problems: A JSONL file. Ids play no role: files often number their lines alike.

    Raises:
        ProblemError: The file cannot be read.
    """
    gold = {
        item.problem.digest: item
        for item in read_problems(problems)
        if isinstance(item, LabelledProblem) and item.answer is not None
    }
    pool = Pool()
    try:
        equivalence = Equivalence(pool)
        return [
            await label_vote(
                solution, gold[digest].answer, gold[digest].problem.choices, equivalence
            )
            for digest, solution in solutions.items()
            if digest in gold and solution.candidates
        ]
    finally:
        await pool.aclose()
