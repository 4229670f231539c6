"""A model's own answers, without any solver: directly, and after a chain of thought.

Both vote over as many samples as fit the tokens that the solver's way spent on the same problem
(self-consistency, Wang et al. 2023, arXiv:2203.11171), so that they are compared at one budget.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from benchmarks.accuracy import Measured, Row, report
from neurosym.answers.verdicts import VerdictComparison
from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.problem import Problem
from neurosym.problem_file import LabelledProblem

__all__ = ["BASELINES", "Baseline", "compare"]

_VERDICTS = "True, False or Uncertain"
_ANSWER = re.compile(r"\b(true|false|uncertain|unknown)\b", re.IGNORECASE)
_LETTER = re.compile(r"\b([A-J])\b")


@dataclass(frozen=True, slots=True)
class Baseline:
    """A way of asking the model itself.

    Attributes:
        name: Its name.
        instruction: What the model is told to do.
        max_tokens: Most tokens of one answer.
        most: Most samples of one problem; more would not change a vote.
    """

    name: str
    instruction: str
    max_tokens: int
    most: int


BASELINES = {
    "direct": Baseline(
        "direct",
        "Decide whether the statement follows from the premises. Answer with one word: {answers}.",
        6,
        40,
    ),
    "chain of thought": Baseline(
        "chain of thought",
        "Decide whether the statement follows from the premises. Think step by step, then end with "
        "a line 'Answer: ' and one of {answers}.",
        400,
        40,
    ),
}


def compare(
    problems: Sequence[LabelledProblem], measured: Measured, engine: Engine, run: Path, seed: int
) -> dict[str, Any]:
    """Ask the model itself, for as many tokens of each problem as the vote took.

    Args:
        problems: The problems of the measurement, in the order of its rows.
        measured: What came of them by translation and vote.
        engine: Runs the same model.
        run: Where finished answers are kept, from which an interrupted run goes on.
        seed: Seed of the sampling.

    Returns:
        The measurement with the baselines beside what it had.
    """
    rows = measured.rows
    seconds = {}
    for name, baseline in BASELINES.items():
        begin = time.perf_counter()
        rows = asyncio.run(_answer(baseline, problems, rows, engine, run / f"{name}.jsonl", seed))
        seconds[name] = round(time.perf_counter() - begin, 1)
    settings = {**measured.about["settings"], "baselines": {"seed": seed}}
    session = {"problems": len(rows), "seconds": seconds}
    return {
        **measured.about,
        "settings": settings,
        **report(rows),
        "sessions": [*measured.sessions, session],
    }


async def _answer(
    baseline: Baseline,
    problems: Sequence[LabelledProblem],
    rows: Sequence[Row],
    engine: Engine,
    log: Path,
    seed: int,
) -> list[Row]:
    """The rows with what the vote over a baseline's samples makes of each problem."""
    done = _read(log)
    budgets = [row.tokens["vote"] for row in rows]
    limit = asyncio.Semaphore(8)

    async def one(problem: Problem, budget: int) -> None:
        asked = {"problem": problem.digest, "budget": budget, "seed": seed,
                 "model": engine.info.model_digest}  # fmt: skip
        record = done.get(problem.digest, {})
        if not asked.items() <= record.items():  # nobody asked that, or asked it otherwise
            async with limit:
                texts, tokens = await _draw(baseline, problem, engine, budget, seed)
            done[problem.digest] = record = {**asked, "texts": texts, "tokens": tokens}
            keep(record)
        progress.advance(task)

    def keep(record: Mapping[str, Any]) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    log.parent.mkdir(parents=True, exist_ok=True)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(baseline.name, total=len(rows))
        each = zip(problems, budgets, strict=True)
        await asyncio.gather(*(one(item.problem, budget) for item, budget in each))
    comparison = VerdictComparison()
    found = []
    for item, row in zip(problems, rows, strict=True):
        record = done[item.problem.digest]
        answer = _vote(item.problem, record["texts"])
        right = await comparison.matches(answer, item.answer, item.problem.choices)
        found.append(_with(row, baseline.name, right, len(record["texts"]), record["tokens"]))
    return found


def _with(row: Row, name: str, right: bool, samples: int, tokens: int) -> Row:
    return replace(
        row,
        others={**row.others, name: right},
        tokens={**row.tokens, name: tokens},
        facts={**row.facts, f"samples, {name}": samples},
    )


async def _draw(
    baseline: Baseline, problem: Problem, engine: Engine, budget: int, seed: int
) -> tuple[list[str], int]:
    answers = _answers(problem)
    prompt = Prompt(
        (
            Message("system", baseline.instruction.format(answers=answers)),
            Message("user", "\n".join([problem.question, *_missing(problem)])),
        )
    )
    texts: list[str] = []
    spent = 0
    while spent < budget and len(texts) < baseline.most:
        mean = max(1, spent // len(texts)) if texts else baseline.max_tokens
        n = max(1, min(baseline.most - len(texts), (budget - spent) // mean, 8))
        params = SamplingParams(
            n=n,
            seed=seed + len(texts),
            temperature=0.7,
            top_p=0.95,
            max_tokens=baseline.max_tokens,
        )
        drawn = await engine.sample(prompt, params)
        texts += [completion.text for completion in drawn]
        spent += sum(completion.completion_tokens for completion in drawn)
    return texts, spent


def _answers(problem: Problem) -> str:
    if _has_options(problem):
        return f"the letters of the {len(problem.choices)} options"
    return _VERDICTS


def _has_options(problem: Problem) -> bool:
    from neurosym.translators.argument import is_verdict_choice

    return not is_verdict_choice(problem)


def _missing(problem: Problem) -> list[str]:
    return [choice for choice in problem.choices if choice not in problem.question]


def _vote(problem: Problem, texts: Sequence[str]) -> str | None:
    """The most frequent of the answers, the first of equals; the last one in a text counts."""
    pattern = _LETTER if _has_options(problem) else _ANSWER
    found = [match[-1].capitalize() for text in texts if (match := pattern.findall(text))]
    return Counter(found).most_common(1)[0][0] if found else None


def _read(log: Path) -> dict[str, Any]:
    if not log.exists():
        return {}
    whole, _, torn = log.read_bytes().rpartition(b"\n")
    if torn:  # the run was stopped while it wrote; the next record must not follow on that line
        with log.open("rb+") as file:
            file.truncate(len(whole) + 1 if whole else 0)
    records = [json.loads(line) for line in whole.splitlines()]
    return {record["problem"]: record for record in records}
