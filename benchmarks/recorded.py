"""Recorded samples, run and checked again by today's code, and as arrays."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from neurosym import SampleAndVote, Solution, Solver
from neurosym.backends.pool import Pool
from neurosym.engines.base import Capability
from neurosym.engines.replay import ReplayEngine
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.runtime.comparisons import comparisons
from neurosym.runtime.labelled import label_problem
from neurosym.selection.arrays import Array, Marks, Numbers
from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices
from neurosym.selection.labelled import LabelledVote, stacked
from neurosym.solution import Selection
from neurosym.translators.fol import FolTranslator
from neurosym.translators.formats import WordProblemRoute
from neurosym.translators.word_problem import word_problem_translator

__all__ = ["Recorded", "orders_of", "replay", "sample_is_right", "selections"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Samples of many problems, and which of their answers are right.

    Attributes:
        ballots: The samples.
        right: Whether each class of equal answers is right; problems × classes.
        tokens: Completion tokens of each sample; problems × samples.
        groups: What each problem shares with others; one that stands alone has a group of its own.
    """

    ballots: Ballots
    right: Marks
    tokens: Array
    groups: tuple[str, ...]

    @classmethod
    def of(cls, votes: Sequence[LabelledVote]) -> Recorded:
        """The labelled votes, as arrays."""
        ballots, right = stacked(votes)
        tokens = np.zeros(ballots.labels.shape)
        for row, vote in enumerate(votes):
            tokens[row, : len(vote.candidates)] = [
                item.completion.completion_tokens for item in vote.candidates
            ]
        groups = tuple(vote.group or str(place) for place, vote in enumerate(votes))
        return cls(ballots, right, tokens, groups)

    def only(self, rows: Sequence[int]) -> Recorded:
        """Some of the problems."""
        at = list(rows)
        groups = tuple(self.groups[row] for row in at)
        return Recorded(self.ballots.only(at), self.right[at], self.tokens[at], groups)

    def is_right(self, choices: Choices) -> Marks:
        """Whether each problem's chosen answer is."""
        return choices.are_right(self.right)


def replay(
    path: Path,
    samples: int,
    *,
    pool: bool = True,
    routes: WordProblemRoute = WordProblemRoute.PROGRAM,
) -> tuple[list[Solution], list[LabelledVote]]:
    """Solve problems from their recorded samples, and say which answers are right.

    Args:
        path: Problems with their answers and samples.
        samples: Samples of each problem to take.
        pool: Whether what several samples say is put together.
        routes: How samples of word problems are read.

    Returns:
        Both in the order of the file.
    """
    items = [item for item in read_problems(path) if isinstance(item, LabelledProblem)]
    engine = ReplayEngine(path)
    strategy = SampleAndVote(
        samples=samples, pool=pool, logprobs=Capability.LOGPROBS in engine.info.can
    )
    translators = FolTranslator(), word_problem_translator(routes, shots=4)
    with Solver(strategy, translator=translators, engine=engine) as solver:
        found = {s.problem_id: s for s in solver.solve_many(item.problem for item in items)}

    async def label() -> list[LabelledVote]:
        workers = Pool()
        try:
            compare = comparisons(workers)
            return [await label_problem(item, found[item.problem.id], compare) for item in items]
        finally:
            await workers.aclose()

    return [found[item.problem.id] for item in items], asyncio.run(label())


def sample_is_right(recorded: Recorded) -> Marks:
    """Whether each sample's answer is right; problems × samples."""
    labels = recorded.ballots.labels
    found = np.take_along_axis(recorded.right, np.maximum(labels, 0), axis=1)
    return np.asarray(found & (labels >= 0))


def selections(choices: Choices) -> list[Selection]:
    """What was chosen for each problem."""
    problems, candidates = choices.votes.shape
    classes = choices.totals.shape[1]
    return [choices.selection(row, candidates, classes) for row in range(problems)]


def orders_of(recorded: Recorded, draws: int, seed: int) -> list[Numbers]:
    """Random orders of each problem's samples, padding last."""
    random = np.random.default_rng(seed)
    lots = random.random((draws, *recorded.ballots.labels.shape))
    lots = np.where(recorded.ballots.is_there, lots, 2.0)
    return list(np.argsort(lots, axis=2))
