"""How far the wording of a description goes by itself: models that no language model has a part in.

A text that names its variables by letters is taken as far as the grammar of its model leaves no
choice: every claim that has to be made is one only, claims that may be left out are, and every
variable has one factor in the objective. What that model gives is held against the answer.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.statistics import share
from neurosym.answers.optimum import OptimumComparison
from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.formal.optimization.model import Model
from neurosym.problem import Problem
from neurosym.problem_file import LabelledProblem
from neurosym.translators.five_elements import (
    FiveElementsTranslator,
    description,
    read_sentences,
)
from neurosym.translators.tables import read_data

__all__ = ["forced_model", "measure"]

_LETTER = re.compile(r"(?<![^\W_])([A-Zx-z]_?\d{1,2}|[XYZx-z])(?![^\W_])")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FACTOR = re.compile(r'\((?P<of>"[^"]*"(?: \| "[^"]*")*)\) " \* " "(?P<name>\w+)"')
_SENSE = re.compile(r'objective ::= \("(\w+) "\) sum')


def measure(problems: Sequence[LabelledProblem]) -> dict[str, Any]:
    """Count the problems that are decided by their words, and those of them that come out right.

    Args:
        problems: Descriptions of decisions with their optima.
    """
    return asyncio.run(_measure(problems))


async def _measure(problems: Sequence[LabelledProblem]) -> dict[str, Any]:
    backend, comparison = OptimizationBackend(), OptimumComparison()
    why: Counter[str] = Counter()
    wrong = []
    decided = 0
    try:
        for item in problems:
            model = forced_model(item.problem)
            if isinstance(model, str):
                why[model] += 1
                continue
            decided += 1
            outcome = await backend.run(model, Limits())
            if not await comparison.matches(outcome.answer, item.answer):
                wrong.append({"id": item.problem.id, "found": str(outcome.answer)})
    finally:
        await backend.aclose()
    return {
        "problems": len(problems),
        "not decided by their words": dict(why),
        "right": share(decided - len(wrong), decided) if decided else None,
        "wrong": wrong,
    }


def forced_model(problem: Problem) -> Model | str:
    """The one model that the words of a problem leave; or what they leave open."""
    translator = FiveElementsTranslator()
    if read_data(description(problem)).sets:
        return "it has tables"
    told = read_sentences(problem)
    letters = [*dict.fromkeys(map(_spelled, _LETTER.findall(" ".join(told))))]
    if len(letters) < 2:
        return "no letters"
    declared = "".join(f"var {letter} integer >= 0\n" for letter in letters) + "#"
    asked = translator.continuation(problem, 0, translator.prompt(problem), declared)
    assert asked is not None
    assert asked.grammar is not None
    rules = dict(line.split(" ::= ", 1) for line in asked.grammar.splitlines())
    factors = {
        match["name"]: _LITERAL.findall(match["of"]) for match in _FACTOR.finditer(rules["product"])
    }
    sense = _SENSE.search(asked.grammar)
    if sense is None or any(len(factors.get(letter, ())) != 1 for letter in letters):
        return "the objective is open"
    lines = [declared.removesuffix("#")]
    for number, sentence in enumerate(told, start=1):
        lines.append(f"# {number}: {sentence}\n")
        for claim in _claims(rules.get(f"claims{number}", "")):
            if claim is None:
                return "a claim is open"
            lines.append(claim)
    terms = " + ".join(f"{factors[letter][0]} * {letter}" for letter in letters)
    model = translator.parse("".join([*lines, f"{sense[1]} {terms}\n"]), problem)
    return model if isinstance(model, Model) else "it cannot be read"


def _spelled(letter: str) -> str:
    return letter.replace("_", "").upper()


def _claims(rule: str) -> Iterator[str | None]:
    """The claims that a rule demands, each as written; ``None`` where there is a choice."""
    for text, mark in _groups(rule):
        if mark in ("?", "*") or mark.startswith("{0"):
            continue
        has_choice = bool(mark) or _LITERAL.sub("", text).strip("() ") != ""
        pieces = (piece.replace("\\n", "\n") for piece in _LITERAL.findall(text))
        yield None if has_choice else "".join(pieces)


def _groups(rule: str) -> Iterator[tuple[str, str]]:
    """The outermost groups of a rule up to the end of a line each, and how often each may stand."""
    depth, text = 0, ""
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[()]|\{\d+,\d*\}|[?*]|[^\s()"{?*]+|\s+', rule):
        token = match[0]
        if (depth == 0 and token in ("?", "*")) or (depth == 0 and token.startswith("{")):
            yield text, token
            text = ""
            continue
        if depth == 0 and token == "(" and text.rstrip().endswith('"\\n"'):
            yield text, ""
            text = ""
        depth += (token == "(") - (token == ")")
        text += token
    if text.strip():
        yield text, ""
