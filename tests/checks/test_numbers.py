"""Whether a program uses the numbers of the question, and no others."""

from __future__ import annotations

import pytest

from neurosym.candidate import CheckState
from neurosym.checks import check_constants, check_numbers
from neurosym.formal.program import Program
from neurosym.problem import Problem
from tests.checks.states import FAILED, NOT_APPLICABLE, PASSED, UNDECIDED

PENS = "Ann has 3 boxes of 12 pens and gives 8 away. How many pens are left?"
SALE = "A coat costs $80. It is sold at 15% off. What does it cost?"


def program(*lines: str) -> Program:
    return Program("def solution():\n" + "".join(f"    {line}\n" for line in lines))


@pytest.mark.parametrize(
    ("question", "lines", "state", "detail"),
    [
        (PENS, ["return 3 * 12 - 8"], PASSED, ""),
        (PENS, ["boxes = 3", "pens = boxes * 12", "pens -= 8", "return pens"], PASSED, ""),
        (PENS, ["return 36 - 8"], FAILED, "not used: 3, 12"),
        (PENS, ["given = 8", "return 3 * 12"], FAILED, "not used: 8"),
        (PENS, ["# 8 given away is irrelevant", "return 3 * 12"], PASSED, ""),
        (PENS, ["given = 8  # not needed", "return 3 * 12"], PASSED, ""),
        (PENS, ["given = 8  # given away", "return 3 * 12"], FAILED, "not used: 8"),
        (SALE, ["return 80 - 80 * 15 / 100"], PASSED, ""),
        (SALE, ["return 80 * 0.85"], PASSED, ""),
        (SALE, ["return 80 * (1 - 0.15)"], PASSED, ""),
        (SALE, ["return 80 * (17 / 20)"], PASSED, ""),
        (SALE, ["return 80 - 12"], FAILED, "not used: 15%"),
        (SALE, ["return 68"], FAILED, "not used: $80, 15%"),
        ("Ann reads for 1 1/2 hours. How many minutes?", ["return 90"], PASSED, ""),
        ("Ann reads for 2 hours and 20 minutes. How long?", ["return 140"], PASSED, ""),
        ("Ann has twelve pens. She buys 3. How many?", ["return 12 + 3"], PASSED, ""),
        (
            "Ann has twelve pens. She buys 3. How many does she buy?",
            ["return 3"],
            UNDECIDED,
            "perhaps not needed, and not used: twelve",
        ),
        (
            "In 1995 the 9:40 train had 3 cars of 20 seats. How many seats?",
            ["return 3 * 20"],
            UNDECIDED,
            "perhaps not needed, and not used: 1995, 9:40",
        ),
        (
            "From 2024-03-15 on she saves $3 a day for 5 days. How much?",
            ["return 15"],
            FAILED,
            "$3",
        ),
        ("The town has 5 million people. Half leave.", ["return 5_000_000 / 2"], PASSED, ""),
        ("Ann buys 3 dozen eggs. How many?", ["return 36"], PASSED, ""),
        ("She got 0/5 right. How many?", ["return 0"], PASSED, ""),
        # ones, ordinals and numbers in names are not asked for
        ("On the 3rd day, 1 pupil of Grade 4 is ill. How many?", ["x = 5"], NOT_APPLICABLE, ""),
        ("How many days are in a week?", ["return 7"], NOT_APPLICABLE, "holds no numbers"),
        (PENS, ["return (3"], UNDECIDED, "the program can't be analysed"),
        (
            "It has 11, 12, 13, 14, 15, 16, 17, 18, 19 and 21 pens. How many?",
            ["return 2"],
            FAILED,
            "not used: 11, 12, 13, 14, 15, 16, 17, 18, …",
        ),
    ],
)
def test_every_number_of_the_question_is_used(
    question: str, lines: list[str], state: CheckState, detail: str
) -> None:
    check = check_numbers(Problem("p", question), program(*lines))
    assert check.name == "numbers"
    assert check.state is state, check.detail
    assert detail in check.detail
    if state is PASSED:
        assert check.detail == ""


@pytest.mark.parametrize(
    ("question", "lines", "state", "detail"),
    [
        (PENS, ["return 3 * 12 - 8"], PASSED, ""),
        (PENS, ["return x"], NOT_APPLICABLE, "the program holds no numbers"),
        # known conversions
        ("Ann sleeps 9 hours. How many seconds?", ["return 9 * 3600"], PASSED, ""),
        ("Ann works all year. How many days?", ["return 365 / 7 * 24"], PASSED, ""),
        (SALE, ["return 80 * (100 - 15) / 100"], PASSED, ""),
        (SALE, ["return 80 * 0.85"], PASSED, ""),
        (SALE, ["return round(80 * 85 / 100, 2)"], PASSED, ""),
        # one operation on two numbers of the question
        (PENS, ["return 36 - 8"], PASSED, ""),
        (PENS, ["return 3 * (12 + 8) / 20"], PASSED, ""),
        # counted people
        (
            "Tom, Ann, Bob, Eve, Max and Lea share 90 pens. How many each?",
            ["return 90 / 6"],
            UNDECIDED,
            "not in the question, but small enough to be counted: 6",
        ),
        # made up, or worked out elsewhere
        (PENS, ["return 47"], FAILED, "neither in the question nor a known conversion: 47"),
        (PENS, ["return 12 * 6.85"], FAILED, "nor a known conversion: 6.85"),
        (PENS, ["return 47 + 6 + 1.37"], FAILED, "conversion: 1.37, 47"),
        (PENS, ["return -47"], FAILED, "conversion: 47"),
        (PENS, ["x = 47", "return 3 * 12 - 8"], FAILED, "conversion: 47"),
        (PENS, ["print(47)", "return 3 * 12 - 8"], PASSED, ""),
        ("It began on 2024-03-15. When?", ["return date(2024, 3, 15)"], PASSED, ""),
        (PENS, ["from sympy import symbols", "x47 = symbols('x47')", "return x47 - 8"], PASSED, ""),
        (PENS, ["return (3"], UNDECIDED, "the program can't be analysed"),
    ],
)
def test_every_number_of_the_program_has_a_source(
    question: str, lines: list[str], state: CheckState, detail: str
) -> None:
    check = check_constants(Problem("p", question), program(*lines))
    assert check.name == "constants"
    assert check.state is state, check.detail
    assert detail in check.detail
    if state is PASSED:
        assert check.detail == ""


def test_the_context_is_part_of_the_question() -> None:
    problem = Problem("p", "How many pens are left?", context="Ann has 47 pens and gives 19 away.")
    assert check_numbers(problem, program("return 47 - 19")).state is PASSED
    assert check_numbers(problem, program("return 47")).state is FAILED
    assert check_constants(problem, program("return 47 - 19")).state is PASSED
