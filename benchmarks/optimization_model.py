"""Descriptions of decisions with a model: two routes and a vote against one greedy program."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks import wordproblems
from benchmarks.accuracy import report
from neurosym import Solution
from neurosym.answers.optimum import OptimumComparison
from neurosym.backends.optimization.findings import FINDINGS
from neurosym.candidate import Candidate
from neurosym.engines.base import Engine
from neurosym.problem_file import LabelledProblem
from neurosym.runtime.records import read_solutions
from neurosym.strategies.vote import Voting
from neurosym.translators.optimization import OptimizationTranslator
from neurosym.translators.pulp_program import PulpTranslator
from neurosym.values import Value

__all__ = ["measure"]


def measure(
    problems: Sequence[LabelledProblem],
    engine: Engine,
    run: Path,
    strategy: Voting,
    translator: OptimizationTranslator,
    *,
    greedy: bool,
    holdout: Path | None = None,
) -> dict[str, Any]:
    """Solve by the routes and a vote, and by one greedy PuLP program; resumable under ``run``.

    With the state of a holdout only what that may tell is told; see
    :func:`benchmarks.accuracy.report`.
    """
    rows, whole = wordproblems.measure(
        problems,
        engine,
        run,
        strategy,
        translator,
        greedy=greedy,
        greedy_translator=PulpTranslator(),
    )
    whole["settings"] |= {"translator": translator.name, **asdict(translator)}
    _, solutions = read_solutions(run / "vote")
    facts = asyncio.run(_facts(problems, solutions, [route.name for route in translator.routes]))
    rows = [replace(row, facts={**row.facts, **facts[row.id]}) for row in rows]
    return {**whole, **report(rows, holdout)}


async def _facts(
    problems: Sequence[LabelledProblem],
    solutions: Mapping[str, Solution],
    routes: Sequence[str],
) -> dict[str, dict[str, float]]:
    """What is counted of each problem, by its id.

    Execution: the share of samples that gave a model which a solver ran, and whether any did.
    Routes: what each route's own majority gets right, whether the two agree, and, where they do,
    whether they are right. Self-correction: over chains of samples, each a sample and what it was
    revised to, round after round (LLMOPT, section 3.4).
    """
    comparison = OptimumComparison()
    found = {}
    for item in problems:
        solution, gold = solutions[item.problem.digest], item.answer
        executed = [_is_executed(candidate) for candidate in solution.candidates]
        facts = {
            "execution rate of samples": sum(executed) / max(1, len(executed)),
            "execution rate": float(any(executed)),
            **await _routes(solution, gold, comparison, routes),
            **await _corrections(solution, gold, comparison),
        }
        found[item.problem.id] = facts
    return found


def _is_executed(candidate: Candidate) -> bool:
    """Whether a sample gave a model that reached a solver."""
    return FINDINGS in candidate.verdict.outcome.evidence


async def _routes(
    solution: Solution, gold: Value, comparison: OptimumComparison, routes: Sequence[str]
) -> dict[str, float]:
    answers: dict[str, Value] = {}
    for name in routes:
        own = [
            item.answer
            for item in solution.candidates
            if item.parent is None and routes[item.way] == name
        ]
        if own:
            answers[name] = await _majority(own, comparison)
    facts = {
        f"majority of {name} right": float(await comparison.matches(answer, gold))
        for name, answer in answers.items()
    }
    if len(answers) == 2:
        one, other = answers.values()
        agree = one is not None and await comparison.matches(one, other)
        facts["routes agree"] = float(agree)
        if agree:
            facts["right where routes agree"] = float(await comparison.matches(one, gold))
    return facts


async def _majority(answers: Sequence[Value], comparison: OptimumComparison) -> Value:
    labels = await comparison.group(answers)
    counts = Counter(label for label in labels if label >= 0)
    return answers[labels.index(counts.most_common(1)[0][0])] if counts else None


async def _corrections(
    solution: Solution, gold: Value, comparison: OptimumComparison
) -> dict[str, float]:
    revised = {item.parent: item for item in solution.candidates if item.parent is not None}
    firsts = [item for item in solution.candidates if item.parent is None]
    lasts: list[Candidate] = []
    rounds = 0
    for first in firsts:
        last = first
        while last.index in revised:
            last, rounds = revised[last.index], rounds + 1
        lasts.append(last)
    if not rounds:
        return {}
    facts = {"rounds of correction": rounds / len(firsts)}
    for when, items in (("before", firsts), ("after", lasts)):
        right = [await comparison.matches(item.answer, gold) for item in items]
        facts[f"solving accuracy {when} correction"] = sum(right) / len(right)
        executed = [_is_executed(item) for item in items]
        facts[f"execution rate {when} correction"] = sum(executed) / len(executed)
    return facts
