"""Solutions set against known answers, for calibration and benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from neurosym.backends.pool import Pool
from neurosym.candidate import Candidate
from neurosym.problem import Kind, Problem
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.runtime.comparisons import comparisons
from neurosym.runtime.domain import Comparison
from neurosym.selection.labelled import LabelledVote
from neurosym.solution import Solution
from neurosym.translators.argument import read_argument
from neurosym.values import Value

__all__ = ["LabelledSolution", "label_problem", "label_solutions", "label_vote"]


async def label_vote(
    solution: Solution, gold: Value, choices: tuple[str, ...], comparison: Comparison
) -> LabelledVote:
    """Say which classes of a solution's answers are right."""
    first: dict[int, Candidate] = {}
    for label, candidate in zip(solution.labels, solution.candidates, strict=True):
        if label >= 0:
            first.setdefault(label, candidate)
    right = [
        label
        for label, candidate in first.items()
        if await comparison.matches(candidate.answer, gold, choices)
    ]
    return LabelledVote(solution.candidates, solution.labels, frozenset(right))


async def label_problem(
    item: LabelledProblem, solution: Solution, compare: Mapping[Kind, Comparison]
) -> LabelledVote:
    """The same of a problem from a file, with what it shares with others.

    Args:
        item: The problem and its answer.
        solution: Its solution.
        compare: Says which answers are right, by kind of problem.
    """
    problem = item.problem
    vote = await label_vote(solution, item.answer, problem.choices, compare[problem.kind])
    return replace(vote, group=_group(problem))


@dataclass(frozen=True, slots=True)
class LabelledSolution:
    """A solution whose right answer is known.

    Attributes:
        kind: The kind of problem.
        solution: The solution.
        vote: Which of its candidates' answers are right.
    """

    kind: Kind
    solution: Solution
    vote: LabelledVote

    @property
    def is_right(self) -> bool:
        """Whether what it chose is right, were it to be answered."""
        return self.solution.selection.label in self.vote.right


async def label_solutions(
    solutions: Mapping[str, Solution], problems: Path, *, unsafe: bool = False
) -> list[LabelledSolution]:
    """Label the solutions whose problem stands in the file with an answer.

    Args:
        solutions: The solutions, under the digests of their problems.
        problems: A JSONL file. Ids play no role: files often number their lines alike.
        unsafe: Compare answers even where this machine offers no isolation for that.

    Returns:
        Those with candidates, in an order of their own, so that one run gives one calibration: the
        folds of cross-validation follow it, and problems are finished in any order.

    Raises:
        ProblemError: The file, or the answer of one of its problems, cannot be read.
    """
    gold = {
        item.problem.digest: item
        for item in read_problems(problems)
        if isinstance(item, LabelledProblem) and item.data is not None
    }
    found = []
    pool = Pool(unsafe=unsafe)
    try:
        compare = comparisons(pool)
        for digest in sorted(solutions.keys() & gold.keys()):
            solution, item = solutions[digest], gold[digest]
            if solution.candidates:
                vote = await label_problem(item, solution, compare)
                found.append(LabelledSolution(item.problem.kind, solution, vote))
    finally:
        await pool.aclose()
    return found


def _group(problem: Problem) -> str:
    """What a problem shares with others: claims about the same premises are not independent.

    Empty for a problem that stands alone.
    """
    if problem.kind is not Kind.LOGIC:
        return ""
    return "\n".join(read_argument(problem).premises)
