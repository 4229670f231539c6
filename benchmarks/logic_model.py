"""Problems of logic with a model: the solver's way against the model's own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import wordproblems
from benchmarks.baselines import BASELINES, measure_baseline
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
) -> dict[str, Any]:
    """Solve by translation and vote, then ask the model itself at the same token budget.

    Everything is resumable under ``run``. Prompt tokens are those of this session: sent with every
    sample, and evaluated, since what samples and problems share is evaluated once.
    """
    result = wordproblems.measure(problems, engine, run, strategy, translator)
    sent, evaluated = engine.prompt_tokens
    _, records = read_run(run / "vote")
    budgets = {
        digest: solution_from_json(record).usage.completion_tokens
        for digest, record in records.items()
    }

    async def baselines() -> dict[str, Any]:
        return {
            name: await measure_baseline(
                baseline, problems, engine, budgets, run / f"{name}.jsonl", strategy.seed
            )
            for name, baseline in BASELINES.items()
        }

    return {
        **result,
        "the model itself, at the same budget": asyncio.run(baselines()),
        "prompt tokens": {"sent": sent, "evaluated": evaluated},
    }
