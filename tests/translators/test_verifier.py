"""What the model is asked for a check, and what its verdict is read as."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given

from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool
from neurosym.backends.python import PythonBackend
from neurosym.candidate import CheckState, Outcome
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.status import Status
from neurosym.translators.base import Malformed, Translator
from neurosym.translators.verifier import SELF_VERIFICATION, VerifierTranslator, read_verdict
from neurosym.values import Value
from tests.answers.values import values

PROBLEM = Problem("p", "Ann has 6 bags of 7 apples. How many apples has she?")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(workers=1)
    yield pool
    pool.close()


@pytest.mark.parametrize("shots", [0, 1, 2])
def test_the_prompt_shows_question_and_proposed_answer(shots: int) -> None:
    prompt = VerifierTranslator(42, shots).prompt(PROBLEM)
    roles = [message.role for message in prompt.messages]
    assert roles == ["system", *["user", "assistant"] * shots, "user"]
    assert "check()" in prompt.messages[0].content
    assert prompt.messages[-1].content == f"{PROBLEM.question}\n\nProposed answer: 42"
    assert prompt.prefix == "```python\ndef check():\n    answer = 42\n"


def test_it_is_a_translator() -> None:
    assert isinstance(VerifierTranslator(42), Translator)
    assert VerifierTranslator(42).name == "verifier"


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        (42, "42"),
        (-4.5, "-4.5"),
        (Fraction(1, 3), "1 / 3"),
        ("12 km", "'12 km'"),
        ("it's\nso", '"it\'s\\nso"'),
        (True, "True"),
        (None, "None"),
        (float("inf"), "float('inf')"),
        (datetime.date(2024, 3, 1), "'2024-03-01'"),
        ((1, "x"), "[1, 'x']"),
        (frozenset({2, 1}), "{1, 2}"),
        (frozenset(), "set()"),
        ({"x": Fraction(1, 2)}, "{'x': 1 / 2}"),
        ("```", "'```'"),
    ],
)
def test_the_answer_is_written_into_the_program(answer: Value, written: str) -> None:
    translator = VerifierTranslator(answer)
    assert translator.prompt(PROBLEM).prefix == f"```python\ndef check():\n    answer = {written}\n"
    program = translator.parse("    return answer == 42\n", PROBLEM)
    assert program == Program(
        f"def check():\n    answer = {written}\n    return answer == 42\n", "check"
    )


@given(values)
def test_any_answer_can_be_checked(answer: Value) -> None:
    translator = VerifierTranslator(answer)
    translator.prompt(PROBLEM)
    program = translator.parse("    return answer == 42\n", PROBLEM)
    assert isinstance(program, Program)
    assert program.entry == "check"
    ast.parse(program.source)


@pytest.mark.parametrize(("index", "proposed", "right"), [(0, 20, 20), (1, 36, 29)])
async def test_the_exemplars_confirm_the_right_answer_and_refute_others(
    index: int, proposed: int, right: int, pool: Pool
) -> None:
    """One of them shows the model an answer that is wrong."""
    turns = VerifierTranslator(42).prompt(PROBLEM).messages[1:-1]
    assert len(turns) == 4
    question, reply = turns[2 * index : 2 * index + 2]
    assert question.content.endswith(f"Proposed answer: {proposed}")
    _, given_answer, body = reply.content.partition(f"answer = {proposed}\n")
    assert given_answer
    for answer in (right, right + 1, right - 1):
        program = VerifierTranslator(answer).parse(body, PROBLEM)
        assert isinstance(program, Program)
        outcome = await PythonBackend(pool).run(program, Limits(seconds=60, cpu_seconds=60))
        expected = CheckState.PASSED if answer == right else CheckState.FAILED
        assert read_verdict(outcome).state is expected


@pytest.mark.parametrize(
    ("outcome", "state", "detail"),
    [
        (Outcome(Status.SOLVED, True), CheckState.PASSED, "a second program checked the answer"),
        (Outcome(Status.SOLVED, False), CheckState.FAILED, "a second program checked the answer"),
        (Outcome(Status.SOLVED, None), CheckState.UNDECIDED, "it returned None"),
        (Outcome(Status.SOLVED, 1), CheckState.UNDECIDED, "it returned 1"),
        (Outcome(Status.SOLVED, "True"), CheckState.UNDECIDED, "it returned 'True'"),
        (
            Outcome(Status.FAILED, None, {"error": "line 2: NameError: x"}),
            CheckState.UNDECIDED,
            "line 2: NameError: x",
        ),
        (Outcome(Status.TIMEOUT, True, {"error": "too slow"}), CheckState.UNDECIDED, "too slow"),
    ],
)
def test_only_true_and_false_are_verdicts(outcome: Outcome, state: CheckState, detail: str) -> None:
    check = read_verdict(outcome)
    assert check.name == SELF_VERIFICATION
    assert check.state is state
    assert detail in check.detail


def test_a_checking_program_of_another_name_or_none_at_all() -> None:
    translator = VerifierTranslator(42)
    text = "```python\ndef verify():\n    answer = 42\n    return 6 * 7 == answer\n```"
    program = translator.parse(text, PROBLEM)
    assert isinstance(program, Program)
    assert program.entry == "verify"
    assert isinstance(translator.parse("It is right.", PROBLEM), Malformed)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("    return True\n", "does not look at the proposed answer"),
        ("    answer = 6 * 7\n    return answer == 42\n", "puts another answer in place"),
        ("    answer += 1\n    return answer == 42\n", "puts another answer in place"),
        ("    for answer in [1]:\n        return answer == 1\n", "puts another answer in place"),
        ("```python\ndef check():\n    answer = 41\n    return answer == 41\n```", "puts another"),
    ],
)
def test_a_program_that_checks_something_else_is_none(text: str, reason: str) -> None:
    found = VerifierTranslator(42).parse(text, PROBLEM)
    assert isinstance(found, Malformed)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("answer", "other"),
    [(42, 85), (-7, 1), (2.5, 6.0), (1e300, 2e300), (Fraction(1, 2), 2), (True, False),
     ("Ann", None), (float("inf"), None), (float("nan"), None)],
)  # fmt: skip
def test_the_contrast_is_surely_another_answer(answer: Value, other: Value) -> None:
    contrast = VerifierTranslator(answer, shots=1).contrast
    assert contrast == (None if other is None else VerifierTranslator(other, shots=1))


def test_what_holds_for_another_answer_as_well_shows_nothing() -> None:
    passed, failed = Outcome(Status.SOLVED, True), Outcome(Status.SOLVED, False)
    assert read_verdict(passed, failed).state is CheckState.PASSED
    assert read_verdict(passed, Outcome(Status.FAILED)).state is CheckState.PASSED
    assert read_verdict(passed, passed).state is CheckState.UNDECIDED
