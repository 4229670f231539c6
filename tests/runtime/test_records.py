"""Nouns survive their way through JSON."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict
from fractions import Fraction

import pytest

from neurosym.candidate import Candidate, Check, CheckState, Completion, Outcome, Verdict
from neurosym.formal.program import Program
from neurosym.runtime.records import (
    candidate_from_json,
    candidate_to_json,
    solution_from_json,
    solution_to_json,
)
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution, Usage
from neurosym.status import Status
from neurosym.values import Value

COMPLETION = Completion("text\u2028", (-0.25, -1.5), 100, 2, "length", 7)


def candidate(answer: Value, program: Program | None) -> Candidate:
    outcome = Outcome(Status.SOLVED, answer, {"stdout": "12\n"}, 0.25, 1024)
    checks = (Check("units", CheckState.UNDECIDED, "why"),)
    return Candidate(3, COMPLETION, program, Verdict(outcome, checks, 0.5), 1, variant=3, route=1)


@pytest.mark.parametrize("logprobs", [None, (), (-0.5, 0.0)])
def test_completions(logprobs: tuple[float, ...] | None) -> None:
    completion = Completion("a", logprobs, 1, 2, "stop", 3)
    assert Completion.from_json(json.loads(json.dumps(asdict(completion)))) == completion


@pytest.mark.parametrize(
    "answer",
    [
        None,
        True,
        10**30,
        0.1,
        Fraction(1, 3),
        "text",
        datetime.date(2024, 2, 29),
        (1, ("a", None)),
        frozenset({1, 2}),
        {"x": Fraction(1, 2)},
    ],
)
@pytest.mark.parametrize("program", [None, Program("def solution():\n    return 1\n")])
def test_candidates(answer: Value, program: Program | None) -> None:
    before = candidate(answer, program)
    after = candidate_from_json(json.loads(json.dumps(candidate_to_json(before))))
    assert after == before
    assert type(after.answer) is type(answer)


def test_solutions() -> None:
    solution = Solution(
        problem_id="p",
        answer=12,
        abstention=None,
        confidence=0.75,
        selection=Selection(0, 0, (2.0, 1.0), 0.5, (2.0, 1.0, 1.0)),
        labels=(0, -1),
        candidates=(candidate(12, Program("def solution():\n    return 12\n")),) * 2,
        usage=Usage(2, 100, 20, 1.5),
    )
    assert solution_from_json(json.loads(json.dumps(solution_to_json(solution)))) == solution


def test_abstentions() -> None:
    solution = Solution(
        problem_id="p",
        answer=None,
        abstention=Abstention(AbstentionReason.LOW_CONFIDENCE, "why"),
        confidence=0.25,
        selection=Selection(None, None),
    )
    assert solution_from_json(json.loads(json.dumps(solution_to_json(solution)))) == solution
