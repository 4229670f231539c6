"""Solving problems whose answers are known: one greedy sample, and ways to vote."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy import FITTED, Choice, Row
from neurosym import SampleAndVote, Solution, Solver
from neurosym.backends.pool import Pool
from neurosym.cli.progress import Progress
from neurosym.engines.base import Engine
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.errors import InputError
from neurosym.problem_file import LabelledProblem, read_problems
from neurosym.runtime.comparisons import comparisons
from neurosym.runtime.labelled import label_vote
from neurosym.selection.calibration import Calibration, cross_validate
from neurosym.selection.labelled import LabelledVote
from neurosym.selection.majority import Majority
from neurosym.selection.proofs import is_pooled
from neurosym.solution import Usage
from neurosym.strategies.spec import write_strategy
from neurosym.strategies.vote import Voting
from neurosym.translators.base import Translator

__all__ = ["by_id", "choose", "measure", "opened"]


def choose(
    path: Path, items: int, seed: int, skip: int = 0, take: int | None = None
) -> list[LabelledProblem]:
    """A seeded choice of the problems of a file that have an answer, the same for every method.

    Args:
        path: The file.
        items: Problems to choose.
        seed: Of the choice; another one takes another part of the file.
        skip: Of these, how many to leave out, since they were measured before.
        take: How many of the rest to measure now; ``None`` is all.

    Raises:
        InputError: None is left.
    """
    labelled = _labelled(path)
    chosen = random.Random(seed).sample(labelled, min(items, len(labelled)))[skip:][:take]
    if not chosen:
        raise InputError("no problem is left to measure", hint="Skip fewer, or take more.")
    return chosen


def by_id(path: Path, ids: Sequence[str]) -> list[LabelledProblem]:
    """The problems of a file that were measured before, in the order of the ids.

    Raises:
        InputError: One of them is not there, or has no answer.
    """
    found = {item.problem.id: item for item in _labelled(path)}
    if missing := [name for name in ids if name not in found]:
        raise InputError(
            f"{missing[0]} is not in {path}", hint="Give the file that the result was made from."
        )
    return [found[name] for name in ids]


def _labelled(path: Path) -> list[LabelledProblem]:
    return [
        item
        for item in read_problems(path)
        if isinstance(item, LabelledProblem) and item.answer is not None
    ]


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
    strategy: Voting,
    translator: Translator[Any] | tuple[()] = (),
    *,
    greedy: bool = True,
    greedy_translator: Translator[Any] | None = None,
) -> tuple[list[Row], dict[str, Any]]:
    """Solve by a vote and by one greedy sample, both resumable under ``run``.

    Args:
        problems: The problems.
        engine: Runs the model.
        run: Where finished work is kept.
        strategy: The vote; it may draw another number of samples for each problem.
        translator: Translates for the vote; nothing takes the default.
        greedy: Whether to draw the greedy sample.
        greedy_translator: Translates for it; ``None`` takes the same.

    Returns:
        A row for each problem, and what is said of the measurement as a whole.
    """
    alone = SampleAndVote(samples=1, temperature=0.0, seed=strategy.seed)
    ways: dict[str, tuple[Voting, Any]] = {"vote": (strategy, translator)}
    if greedy:
        ways = {"greedy": (alone, greedy_translator or translator), **ways}
    runs: dict[str, dict[str, Solution]] = {}
    seconds: dict[str, float] = {}
    for name, (method, translates) in ways.items():
        with (
            Solver(method, engine=engine, translator=translates, run=run / name) as solver,
            Progress(total=len(problems)) as progress,
        ):
            begin = time.perf_counter()
            runs[name] = {}
            for solution in solver.solve_many(item.problem for item in problems):
                runs[name][solution.problem_id] = solution
                progress.solved(solution)
            seconds[name] = round(time.perf_counter() - begin, 1)
    whole = {
        "engine": {**engine.info.identity, "parallel": engine.info.parallel},
        "settings": {"strategy": write_strategy(strategy), "vote": asdict(strategy)},
        "sessions": [{"problems": len(problems), "seconds": seconds}],
    }
    return asyncio.run(_rows(problems, runs)), whole


@dataclass(frozen=True, slots=True)
class _Marked:
    """A solution, and which of its answers are right."""

    solution: Solution
    vote: LabelledVote

    @property
    def right(self) -> list[bool]:
        """Whether each of its candidates is right."""
        return [label in self.vote.right for label in self.vote.labels]

    @property
    def right_samples(self) -> list[bool]:
        """Whether each of its samples is right, without what was put together of them."""
        candidates = self.solution.candidates
        return [is_right for is_right, item in zip(self.right, candidates, strict=True)
                if not is_pooled(item)]  # fmt: skip

    def is_right(self, chosen: int | None) -> bool:
        return chosen is not None and self.right[chosen]


async def _rows(
    problems: Sequence[LabelledProblem], runs: Mapping[str, dict[str, Solution]]
) -> list[Row]:
    marked = await _mark(problems, runs)
    ways = _ways(marked["vote"])
    greedy = marked.get("greedy")
    return [
        Row(
            id=item.problem.id,
            samples=tuple(marked["vote"][k].right_samples),
            ways={name: way[k] for name, way in ways.items()},
            ended=_causes(marked["vote"][k]),
            tokens={
                name: found[k].solution.usage.completion_tokens for name, found in marked.items()
            },
            others={}
            if greedy is None
            else {"greedy": greedy[k].is_right(greedy[k].solution.selection.candidate)},
            facts=_drawn(marked["vote"][k].solution.usage),
        )
        for k, item in enumerate(problems)
    ]


def _drawn(usage: Usage) -> dict[str, float]:
    """What the vote on a problem took, which may be another number for each."""
    return {
        "samples drawn": usage.samples,
        "prompt tokens": usage.prompt_tokens,
        "completion tokens": usage.completion_tokens,
    }


def _ways(marked: Sequence[_Marked]) -> dict[str, list[Choice]]:
    """Ways of choosing among the same samples."""
    majority = []
    for item in marked:
        selection = Majority().select(item.solution.candidates, item.solution.labels)
        confidence = Calibration().confidence(selection)
        majority.append(Choice(confidence, item.is_right(selection.candidate)))
    ways = {
        "majority": majority,
        "weighted vote": [
            Choice(item.solution.confidence, item.is_right(item.solution.selection.candidate))
            for item in marked
        ],
    }
    try:
        held_out = cross_validate([item.vote for item in marked])
    except InputError:
        return ways  # too few problems, or all alike: nothing can be fitted
    ways[FITTED] = [
        Choice(confidence, item.is_right(selection.candidate))
        for item, (selection, confidence) in zip(marked, held_out, strict=True)
    ]
    return ways


async def _mark(
    problems: Sequence[LabelledProblem], runs: Mapping[str, dict[str, Solution]]
) -> dict[str, list[_Marked]]:
    pool = Pool(workers=1)
    compare = comparisons(pool)

    async def one(item: LabelledProblem, solution: Solution) -> _Marked:
        problem = item.problem
        comparison = compare[problem.kind]
        vote = await label_vote(solution, item.answer, problem.choices, comparison)
        return _Marked(solution, vote)

    try:
        return {
            name: [await one(item, run[item.problem.id]) for item in problems]
            for name, run in runs.items()
        }
    finally:
        await pool.aclose()


def _causes(item: _Marked) -> dict[str, int]:
    """How each sample ended; those with an answer by whether it is right."""
    causes: Counter[str] = Counter()
    for candidate, right in zip(item.solution.candidates, item.right, strict=True):
        status = candidate.verdict.outcome.status.value
        if candidate.answer is not None:
            status += ", right" if right else ", wrong"
        if candidate.completion.finish_reason == "length":
            status += " (cut at the token limit)"
        causes[status] += 1
    return dict(causes)
