"""A model's own answers, without any solver: directly, and after a chain of thought.

Both vote over as many samples as fit the tokens that the solver's way spent on the same problem
(self-consistency, Wang et al. 2023, arXiv:2203.11171), so that they are compared at one budget.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.answers.verdicts import VerdictComparison
from neurosym.candidate import Message, Prompt
from neurosym.engines.base import Engine, SamplingParams
from neurosym.problem import Problem
from neurosym.problem_file import LabelledProblem

__all__ = ["BASELINES", "Answered", "Baseline", "measure_baseline"]

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


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether a problem's vote is right, over how many samples, of how many tokens in all."""

    right: bool
    samples: int
    tokens: int


async def measure_baseline(
    baseline: Baseline,
    problems: Sequence[LabelledProblem],
    engine: Engine,
    budgets: Mapping[str, int],
    log: Path,
    seed: int,
) -> dict[str, Answered]:
    """What the vote over a baseline's samples makes of each problem, by the problem's id.

    Args:
        baseline: The way of asking.
        problems: The problems.
        engine: Runs the model.
        budgets: Completion tokens that each problem may take, by its digest.
        log: A JSONL file of finished problems, from which an interrupted run goes on.
        seed: Seed of the sampling.
    """
    done = _read(log)
    todo = [item for item in problems if item.problem.digest not in done]
    limit = asyncio.Semaphore(4)

    async def one(item: LabelledProblem) -> None:
        async with limit:
            texts, tokens = await _draw(
                baseline, item.problem, engine, budgets[item.problem.digest], seed
            )
        record = {"problem": item.problem.digest, "texts": texts, "tokens": tokens}
        done[item.problem.digest] = record
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    log.parent.mkdir(parents=True, exist_ok=True)
    await asyncio.gather(*map(one, todo))
    comparison = VerdictComparison()
    found = {}
    for item in problems:
        record = done[item.problem.digest]
        answer = _vote(item.problem, record["texts"])
        right = await comparison.matches(answer, item.answer, item.problem.choices)
        found[item.problem.id] = Answered(right, len(record["texts"]), record["tokens"])
    return found


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
    lines = log.read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines[:-1]]  # what follows the last break is torn
    return {record["problem"]: record for record in records}
