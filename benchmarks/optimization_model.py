"""Descriptions of decisions with a model: two routes and a vote against one greedy program."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from benchmarks import wordproblems
from benchmarks.statistics import bootstrap_mean, wilson
from neurosym import SampleAndVote, Solution
from neurosym.answers.optimum import OptimumComparison
from neurosym.candidate import Candidate
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.formal.optimization.model import Model
from neurosym.problem_file import LabelledProblem
from neurosym.runtime.records import solution_from_json
from neurosym.runtime.runlog import read_run
from neurosym.status import Status
from neurosym.translators.five_elements import FiveElementsTranslator
from neurosym.translators.optimization import OptimizationTranslator
from neurosym.translators.pulp_program import PulpTranslator
from neurosym.values import Value

__all__ = ["Routes", "measure"]


class Routes(StrEnum):
    """How descriptions are translated."""

    BOTH = "both"
    FIVE_ELEMENTS = "five-elements"
    PULP = "pulp"


_EXECUTED = frozenset({Status.SOLVED, Status.INFEASIBLE, Status.UNBOUNDED, Status.TIMEOUT})
"""Outcomes of models that reached a solver and ran in it."""


def measure(
    problems: Sequence[LabelledProblem],
    engine: LlamaCppEngine,
    run: Path,
    strategy: SampleAndVote,
    routes: Routes,
    *,
    staged: bool,
) -> dict[str, Any]:
    """Solve by the routes and a vote, and by one greedy PuLP program; resumable under ``run``."""
    elements = FiveElementsTranslator(staged=staged)
    chosen = {
        Routes.BOTH: (elements, PulpTranslator()),
        Routes.FIVE_ELEMENTS: (elements,),
        Routes.PULP: (PulpTranslator(),),
    }[routes]
    result = wordproblems.measure(
        problems,
        engine,
        run,
        strategy,
        OptimizationTranslator(chosen),
        greedy_translator=PulpTranslator(),
    )
    _, records = read_run(run / "vote")
    solutions = {digest: solution_from_json(record) for digest, record in records.items()}
    pairs = [(item, solutions[item.problem.digest]) for item in problems]
    return {
        **result,
        "execution rate": _execution(solutions.values()),
        "routes": asyncio.run(_routes(pairs)),
        "self-correction": asyncio.run(_corrections(pairs)),
    }


def _is_executed(candidate: Candidate) -> bool:
    return candidate.verdict.outcome.status in _EXECUTED


def _execution(solutions: Any) -> dict[str, Any]:
    """How many samples, and problems by at least one sample, gave a model that a solver ran."""
    found = [[_is_executed(item) for item in solution.candidates] for solution in solutions]
    samples = [item for part in found for item in part]
    return {
        "of samples": sum(samples) / len(samples),
        "of problems": sum(map(any, found)) / len(found),
    }


async def _routes(pairs: Sequence[tuple[LabelledProblem, Solution]]) -> dict[str, Any]:
    """What each route's own majority gets right, and how far their agreement can be trusted."""
    comparison = OptimumComparison()
    right: dict[str, list[bool]] = {"five elements": [], "pulp program": []}
    agreed: list[bool] = []
    for item, solution in pairs:
        answers = {
            name: await _majority(
                [c.answer for c in solution.candidates if _route(c) == name], comparison
            )
            for name in right
        }
        for name, answer in answers.items():
            right[name].append(await comparison.matches(answer, item.answer))
        one, other = answers.values()
        if one is not None and await comparison.matches(one, other):
            agreed.append(await comparison.matches(one, item.answer))
    return {
        "majority of each": {name: sum(found) / len(found) for name, found in right.items()},
        "agreement": {
            "coverage": len(agreed) / len(pairs),
            "right": sum(agreed),
            "of": len(agreed),
            "interval": wilson(sum(agreed), len(agreed)) if agreed else None,
        },
    }


def _route(candidate: Candidate) -> str:
    """The route that a candidate came by; what could not be read tells it by its text."""
    if isinstance(candidate.formalization, Model):
        return "five elements"
    is_program = candidate.formalization is not None or "Lp" in candidate.completion.text
    return "pulp program" if is_program else "five elements"


async def _majority(answers: Sequence[Value], comparison: OptimumComparison) -> Value:
    labels = await comparison.group(answers)
    counts = Counter(label for label in labels if label >= 0)
    return answers[labels.index(counts.most_common(1)[0][0])] if counts else None


async def _corrections(pairs: Sequence[tuple[LabelledProblem, Solution]]) -> dict[str, Any]:
    """What telling a model of its mistakes changes, over all chains of samples.

    A chain is a sample and what it was revised to, round after round (LLMOPT, section 3.4).
    """
    comparison = OptimumComparison()
    rounds: list[int] = []
    before: list[float] = []
    after: list[float] = []
    executed = {"before": 0, "after": 0}
    for item, solution in pairs:
        revised = {c.parent: c for c in solution.candidates if c.parent is not None}
        for first in (c for c in solution.candidates if c.parent is None):
            last, turns = _last(first, revised)
            rounds.append(turns)
            before.append(await comparison.matches(first.answer, item.answer))
            after.append(await comparison.matches(last.answer, item.answer))
            executed["before"] += _is_executed(first)
            executed["after"] += _is_executed(last)
    gains = [late - early for early, late in zip(before, after, strict=True)]
    return {
        "rounds": sum(rounds) / len(rounds),
        "solving accuracy before": sum(before) / len(before),
        "solving accuracy after": sum(after) / len(after),
        "gain": {"value": sum(gains) / len(gains), "interval": bootstrap_mean(gains)},
        "execution rate before": executed["before"] / len(rounds),
        "execution rate after": executed["after"] / len(rounds),
    }


def _last(first: Candidate, revised: Mapping[int, Candidate]) -> tuple[Candidate, int]:
    """The end of a sample's chain of revisions, and its length."""
    last, turns = first, 0
    while last.index in revised:
        last, turns = revised[last.index], turns + 1
    return last, turns
