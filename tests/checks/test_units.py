"""Whether a program converts units where the question makes it."""

from __future__ import annotations

import pytest

from neurosym.candidate import CheckState, Outcome
from neurosym.checks import check_units
from neurosym.checks.units import asked_unit
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.status import Status
from neurosym.values import Value
from tests.checks.states import FAILED, NOT_APPLICABLE, PASSED, UNDECIDED


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("How many hours does it take?", "hour"),
        ("How many more square feet does he need?", "foot^2"),
        ("How many miles per hour is that?", "mile/hour"),
        ("What is its length in feet?", "foot"),
        ("How much is that in cents?", "cent"),
        ("How many percent is it?", "%"),
        ("How many apples are left?", None),
        ("What is x?", None),
        ("How many?", None),
    ],
)
def test_the_unit_that_is_asked_for(question: str, unit: str | None) -> None:
    found = asked_unit(Problem("p", question))
    assert (found and found.name) == unit


FILM = "A film takes 150 minutes. How many hours is that?"
LESSONS = "Ann has 3 lessons of 90 minutes. How many hours are they?"
PAGES = "Ann reads 20 pages an hour, for 30 minutes a day. How many hours does she take for 80?"
DAYS = "A machine ran for 2880 minutes. How many days is that?"
MONEY = "A pen costs 60 cents. How many dollars do 5 pens cost?"


@pytest.mark.parametrize(
    ("question", "expression", "answer", "state", "detail"),
    [
        (FILM, "150 / 60", 2.5, PASSED, ""),
        (FILM, "150 * (1 / 60)", 2.5, PASSED, ""),
        (FILM, "2.5", 2.5, PASSED, ""),  # the converted quantity itself
        (FILM, "150", 150, FAILED, "no factor for minute to hour"),
        (LESSONS, "3 * 1.5", 4.5, PASSED, ""),
        (LESSONS, "3 * 90", 270, FAILED, "no factor for minute to hour"),
        (DAYS, "2880 / 1440", 2, PASSED, ""),
        (DAYS, "2880 / (24 * 60)", 2, PASSED, ""),
        (DAYS, "2880 / 24 / 60", 2, PASSED, ""),
        (DAYS, "2880 / 60", 48, FAILED, "no factor for minute to day"),
        (MONEY, "60 * 5 / 100", 3, PASSED, ""),
        (MONEY, "0.6 * 5", 3, PASSED, ""),
        (MONEY, "60 * 5", 300, FAILED, "no factor for cent to dollar"),
        ("It lasts 3 weeks. How many days?", "3 * 7", 21, PASSED, ""),
        ("It lasts 2 years. How many months?", "2 * 12", 24, PASSED, ""),
        ("It lasts 2 years. How many days?", "2 * 365", 730, PASSED, ""),
        ("He drives 40 miles in 30 minutes. What is that in mph?", "40", 40, NOT_APPLICABLE, ""),
        # the unit asked for is also given, so perhaps nothing needs converting
        (PAGES, "80 / 20", 4, UNDECIDED, "which may not be needed"),
        (PAGES, "80 / 20 * 60 / 60", 4, PASSED, ""),
        # nothing to convert
        ("A film takes 2 hours. How many hours do 3 take?", "2 * 3", 6, NOT_APPLICABLE, ""),
        ("A rope is 5 feet. How many hours?", "5", 5, NOT_APPLICABLE, "nothing to convert"),
        ("How many pens?", "5", 5, NOT_APPLICABLE, "names no unit"),
        # an answer that states its unit
        (FILM, "'2.5 hours'", "2.5 hours", PASSED, "the answer is in hour"),
        (FILM, "'150 minutes'", "150 minutes", PASSED, "the answer is in minute"),
        (FILM, "'5 km'", "5 km", FAILED, "asked for hour, answered in kilometer"),
        (FILM, "'2.5 films'", "2.5 films", PASSED, ""),
        (FILM, "(150", None, UNDECIDED, "can't be analysed"),
    ],
)
def test_units_that_have_to_be_converted_are(
    question: str, expression: str, answer: Value, state: CheckState, detail: str
) -> None:
    program = Program(f"def solution():\n    return {expression}\n")
    check = check_units(Problem("p", question), program, Outcome(Status.SOLVED, answer))
    assert check.name == "units"
    assert check.state is state, check.detail
    assert detail in check.detail


PAGES_A_DAY = "Ann reads 20 pages a day. How many pages does she read in 3 weeks?"
TV = "Tom watches films for 2 hours a day. How much does he pay in 3 weeks at $1 a film?"
JOB = "Eva works 8 hours a day for 5 days, for $10 per hour. How much does she earn?"
TRAM = "A tram carries 900 people each day. How many does it carry over the next two weeks?"
AGE = "Ben saves $5 every month. How much has he got after 2 years?"


@pytest.mark.parametrize(
    ("question", "expression", "answer", "state"),
    [
        (PAGES_A_DAY, "20 * 3", 60, FAILED),
        (PAGES_A_DAY, "20 * 7 * 3", 420, PASSED),
        (PAGES_A_DAY, "20 * 21", 420, PASSED),
        (TRAM, "900 * 2", 1800, FAILED),
        (TRAM, "900 * 14", 12600, PASSED),
        (AGE, "5 * 2", 10, FAILED),
        (AGE, "5 * 12 * 2", 120, PASSED),
        # Every unit has its partner, so nothing is to be converted.
        (JOB, "8 * 5 * 10", 400, NOT_APPLICABLE),
        ("She runs 5 miles a day for 9 days. How far is that?", "5 * 9", 45, NOT_APPLICABLE),
        ("She runs for 30 minutes every day. Is she quick?", "True", True, NOT_APPLICABLE),
        (TV, "2 * 7 * 3", 42, PASSED),
    ],
)
def test_a_rate_a_day_and_weeks_of_it_need_a_factor(
    question: str, expression: str, answer: Value, state: CheckState
) -> None:
    program = Program(f"def solution():\n    return {expression}\n")
    check = check_units(Problem("p", question), program, Outcome(Status.SOLVED, answer))
    assert check.state is state, check.detail
