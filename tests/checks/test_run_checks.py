"""All checks together: what a right solution gets, and that nothing makes them raise."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import CheckState, Outcome
from neurosym.checks import CheckName, run_checks
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.status import Status
from neurosym.values import Value
from tests.answers.values import values
from tests.checks.texts import questions, sources


@pytest.mark.parametrize(
    ("question", "body", "answer"),
    [
        (
            "A tank holds 2.5 gallons. Lea pours out 3 quarts. How many quarts are left?",
            "tank = 2.5 * 4\n    return tank - 3",
            7,
        ),
        (
            "Max earns $18 an hour and works 7.5 hours a day, 5 days a week. How much does he earn "
            "in 3 weeks?",
            "per_week = 18 * 7.5 * 5\n    return per_week * 3",
            2025,
        ),
        (
            "Of 240 pupils, 35% walk and a quarter of the others cycle. How many cycle?",
            "others = 240 * (1 - 0.35)\n    return others / 4",
            39,
        ),
        (
            "Lea is twice as old as Max, who is 17. In how many years will she be 50?",
            "lea = 2 * 17\n    return 50 - lea",
            16,
        ),
    ],
)
def test_a_right_solution_fails_no_check(question: str, body: str, answer: Value) -> None:
    program = Program(f"def solution():\n    {body}\n")
    checks = run_checks(Problem("p", question), program, Outcome(Status.SOLVED, answer))
    assert [check.name for check in checks] == list(CheckName)
    assert [check for check in checks if check.state is CheckState.FAILED] == []


def test_a_wrong_solution_is_told_what_is_wrong() -> None:
    problem = Problem("p", "A film of 95 minutes is shown 4 times. How many hours is that?")
    program = Program("def solution():\n    return 95 * 3.7\n")
    checks = run_checks(problem, program, Outcome(Status.SOLVED, 351.5))
    assert {check.name: check.detail for check in checks if check.state is CheckState.FAILED} == {
        "numbers": "not used: 4",
        "constants": "neither in the question nor a known conversion: 3.7",
        "units": "no factor for minute to hour",
    }


@given(
    questions.filter(lambda text: bool(text.strip()) and "\0" not in text),
    questions,
    sources,
    values,
    st.lists(questions, max_size=2),
)
def test_nothing_makes_the_checks_raise(
    question: str, context: str, source: str, answer: Value, choices: list[str]
) -> None:
    problem = Problem("p", question, context=context, choices=tuple(choices))
    checks = run_checks(problem, Program(source), Outcome(Status.SOLVED, answer))
    assert [check.name for check in checks] == list(CheckName)


@pytest.mark.parametrize(
    "piece", ["5 hours 6 minutes ", "1/2 ", "how many ", "? ", "one ", "$5 a "]
)
def test_very_long_questions_and_programs_take_bounded_time(piece: str) -> None:
    problem = Problem("p", piece * 50_000 + " How many hours?", choices=("A) " * 3000,) * 5)
    program = Program("def solution():\n    return " + "+".join(map(str, range(1000, 1900))))
    start = time.process_time()
    run_checks(problem, program, Outcome(Status.SOLVED, "A)" * 450))
    assert time.process_time() - start < 20
