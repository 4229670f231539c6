"""Problems of logic with a model: the solver's way against the model's own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import wordproblems
from benchmarks.accuracy import Row, report
from benchmarks.baselines import BASELINES, Answered, measure_baseline
from neurosym import SampleAndVote
from neurosym.engines.llamacpp import LlamaCppEngine
from neurosym.problem_file import LabelledProblem
from neurosym.runtime.records import solution_from_json
from neurosym.runtime.runlog import read_run
from neurosym.translators.base import Translator

__all__ = ["measure"]


def measure(
    problems: Sequence[LabelledProblem],
    engine: LlamaCppEngine,
    run: Path,
    strategy: SampleAndVote,
    translator: Translator[Any],
    *,
    greedy: bool,
    baselines: bool,
) -> dict[str, Any]:
    """Solve by translation and vote, then ask the model itself at the same token budget.

    Everything is resumable under ``run``. Prompt tokens are those of this session: sent with every
    sample, and evaluated, since what samples and problems share is evaluated once.
    """
    rows, whole = wordproblems.measure(problems, engine, run, strategy, translator, greedy=greedy)
    sent, evaluated = engine.prompt_tokens
    whole["sessions"][0]["prompt tokens"] = {"sent": sent, "evaluated": evaluated}
    if not baselines:
        return {**whole, **report(rows)}
    _, records = read_run(run / "vote")
    budgets = {
        digest: solution_from_json(record).usage.completion_tokens
        for digest, record in records.items()
    }

    async def ask() -> dict[str, dict[str, Answered]]:
        return {
            name: await measure_baseline(
                baseline, problems, engine, budgets, run / f"{name}.jsonl", strategy.seed
            )
            for name, baseline in BASELINES.items()
        }

    found = asyncio.run(ask())
    return {**whole, **report([_with(row, found) for row in rows])}


def _with(row: Row, found: dict[str, dict[str, Answered]]) -> Row:
    """A row with what the model's own answers come to."""
    own = {name: answered[row.id] for name, answered in found.items()}
    return replace(
        row,
        others={**row.others, **{name: item.right for name, item in own.items()}},
        tokens={**row.tokens, **{name: item.tokens for name, item in own.items()}},
        facts={**row.facts, **{f"samples, {name}": item.samples for name, item in own.items()}},
    )
