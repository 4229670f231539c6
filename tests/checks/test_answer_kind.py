"""What kind of answer a question asks for, and whether an answer is of it."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import CheckState, Outcome
from neurosym.checks import AnswerKind, check_answer_kind, infer_kind
from neurosym.problem import Kind, Problem
from neurosym.status import Status
from neurosym.values import Value
from tests.answers.values import values
from tests.checks.states import FAILED, NOT_APPLICABLE, PASSED, UNDECIDED
from tests.checks.texts import questions


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many apples does she have?", AnswerKind.COUNT),
        ("She sells 3. If she buys 5 more, how many are left?", AnswerKind.COUNT),
        ("How many times did he jump?", AnswerKind.COUNT),
        ("What is the total number of beads?", AnswerKind.COUNT),
        ("How many are there? Ann wants to know.", AnswerKind.COUNT),
        ("How much does the coat cost?", AnswerKind.MONEY),
        ("A pen is $3. How much does she have left?", AnswerKind.MONEY),
        ("How many cents are in it?", AnswerKind.MONEY),
        ("What is the price of a pen?", AnswerKind.MONEY),
        ("Find the profit in dollars.", AnswerKind.MONEY),
        ("What percentage of the pupils walk?", AnswerKind.PERCENT),
        ("How many percent is it?", AnswerKind.PERCENT),
        ("How old is Ann?", AnswerKind.MEASURE),
        ("How many hours does it take?", AnswerKind.MEASURE),
        ("How much water is left? It cost $5.", AnswerKind.MEASURE),
        ("How many times as many books has she?", AnswerKind.MEASURE),
        ("What is the average number of beads?", AnswerKind.MEASURE),
        ("How many dollars does she spend per day on average?", AnswerKind.MEASURE),
        ("What is the perimeter of the field?", AnswerKind.MEASURE),
        ("What fraction of the cake is left?", AnswerKind.MEASURE),
        ("Is 91 a prime number?", AnswerKind.YES_NO),
        ("Tom's bag is heavy. Does it hold more than Ann's?", AnswerKind.YES_NO),
        ("Is it heavier or lighter?", AnswerKind.FREE),
        ("Can you solve x + 1 = 2?", AnswerKind.FREE),
        ("What is x?", AnswerKind.FREE),
        ("Which of them is the tallest?", AnswerKind.FREE),
        ("Solve it.", AnswerKind.FREE),
        ("How?", AnswerKind.FREE),
        ("?", AnswerKind.FREE),
    ],
)
def test_the_kind_is_inferred_from_the_sentence_that_asks(question: str, kind: AnswerKind) -> None:
    assert infer_kind(Problem("p", question)) is kind


def test_options_make_it_a_choice_and_other_problems_are_free() -> None:
    assert infer_kind(Problem("p", "How many?", choices=("1", "2"))) is AnswerKind.CHOICE
    assert infer_kind(Problem("p", "How many?", kind=Kind.LOGIC)) is AnswerKind.FREE


APPLES, COST, SHARE, AGE, PRIME, FREE = (
    "How many apples are left?",
    "How much does it cost?",
    "What percentage of the pupils walk?",
    "How old is Ann?",
    "Is 91 a prime number?",
    "What is x?",
)


@pytest.mark.parametrize(
    ("question", "answer", "state", "detail"),
    [
        (APPLES, 12, PASSED, ""),
        (APPLES, 0, PASSED, ""),
        (APPLES, 12.0, PASSED, ""),
        (APPLES, 11.999999999999998, PASSED, ""),  # rounding noise
        (APPLES, "12 apples", PASSED, ""),
        (APPLES, "twelve", PASSED, ""),
        (APPLES, 10**400, PASSED, ""),
        (APPLES, 2.5, FAILED, "a count has to be a whole number"),
        (APPLES, Fraction(5, 2), FAILED, "a count has to be a whole number"),
        (APPLES, -3, FAILED, "a count can't be negative"),
        (APPLES, "$12", FAILED, "a count was asked for; the answer is in dollar"),
        (APPLES, True, FAILED, "a count was asked for; this is no number"),
        (APPLES, "many", FAILED, "this is no number"),
        (APPLES, (1, 2), FAILED, "this is no number"),
        (APPLES, {"a": 1}, FAILED, "this is no number"),
        (APPLES, datetime.date(2024, 3, 1), FAILED, "this is no number"),
        (APPLES, float("inf"), FAILED, "infinite"),
        (APPLES, "2*x + 1", UNDECIDED, "this is an expression"),
        (APPLES, None, NOT_APPLICABLE, "there is no answer"),
        (APPLES, float("nan"), NOT_APPLICABLE, "there is no answer"),
        ("How many degrees did the temperature change?", -3, UNDECIDED, "negative, for a measure"),
        (COST, 12, PASSED, ""),
        (COST, 12.5, PASSED, ""),
        (COST, "$12.50", PASSED, ""),
        (COST, 0.1 + 0.2, PASSED, ""),
        (COST, 12.345, FAILED, "an amount of money has no fractions of a cent"),
        (COST, Fraction(10, 3), FAILED, "no fractions of a cent"),
        (COST, -5, FAILED, "an amount of money can't be negative"),
        (COST, "5 km", FAILED, "an amount of money was asked for; the answer is in kilometer"),
        (SHARE, 45, PASSED, ""),
        (SHARE, "45%", PASSED, ""),
        (SHARE, 0.45, UNDECIDED, "less than one percent"),
        (SHARE, "$45", FAILED, "the answer is in dollar"),
        (AGE, 12.5, PASSED, ""),
        (AGE, "12 years", PASSED, ""),
        (AGE, -1, FAILED, "a measure can't be negative"),
        (PRIME, False, PASSED, ""),
        (PRIME, "No.", PASSED, ""),
        (PRIME, 0, FAILED, "not a yes or no"),
        (PRIME, "7 * 13", FAILED, "not a yes or no"),
        (FREE, -2.5, NOT_APPLICABLE, "doesn't say what kind"),
    ],
)
def test_an_answer_is_of_the_kind_that_was_asked_for(
    question: str, answer: Value, state: CheckState, detail: str
) -> None:
    check = check_answer_kind(Problem("p", question), Outcome(Status.SOLVED, answer))
    assert check.name == "answer kind"
    assert check.state is state, check.detail
    assert detail in check.detail


@pytest.mark.parametrize(
    ("answer", "choices", "state", "detail"),
    [
        ("B", ("A) 12 km", "B) 13 km"), PASSED, ""),
        ("(b)", ("A) 12 km", "B) 13 km"), PASSED, ""),
        (13, ("A) 12 km", "B) 13 km"), PASSED, ""),
        ("13 km", ("A) 12 km", "B) 13 km"), PASSED, ""),
        ("B) 13 km", ("A) 12 km", "B) 13 km"), PASSED, ""),
        ("B", ("12", "13"), PASSED, ""),
        ("b", ("12", "13"), PASSED, ""),
        ("Oslo", ("D.C.", "Oslo"), PASSED, ""),
        ("D.C.", ("D.C.", "Oslo"), PASSED, ""),
        ("C", ("Rome", "Oslo"), FAILED, "none of the options"),
        ("none", ("12", "13"), FAILED, "none of the options"),
        (12.6, ("12", "13"), UNDECIDED, "equals no option as it stands"),
        ("x + x", ("2x", "3x"), UNDECIDED, "equals no option as it stands"),
        ("x + x", ("2x", "x + x"), PASSED, ""),
    ],
)
def test_an_answer_is_one_of_the_options(
    answer: Value, choices: tuple[str, ...], state: CheckState, detail: str
) -> None:
    problem = Problem("p", "Which?", choices=choices)
    check = check_answer_kind(problem, Outcome(Status.SOLVED, answer))
    assert check.state is state, check.detail
    assert detail in check.detail


@given(questions, values, st.lists(st.text(max_size=10), max_size=3))
def test_any_answer_to_any_question_can_be_looked_at(
    question: str, answer: Value, choices: list[str]
) -> None:
    if question.strip() and "\0" not in question:
        problem = Problem("p", question, choices=tuple(choices))
        check = check_answer_kind(problem, Outcome(Status.SOLVED, answer))
        assert check.detail or check.state is PASSED
