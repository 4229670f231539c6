"""What the model is asked for a program, and that the exemplars keep what they promise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool
from neurosym.backends.python import PythonBackend
from neurosym.candidate import CheckState
from neurosym.checks import run_checks
from neurosym.formal.program import Program
from neurosym.problem import Problem
from neurosym.status import Status
from neurosym.translators.base import Malformed, Translator
from neurosym.translators.few_shot import ask
from neurosym.translators.python import PythonTranslator
from neurosym.values import Value

PROBLEM = Problem("p", "Ann has 6 bags of 7 apples. How many apples has she?")
ANSWERS: list[Value] = [60, 150, 20, 65]
VARIANTS = (0, 1)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(workers=1)
    yield pool
    pool.close()


OPENING = "```python\ndef solution():\n"


def exemplars(variant: int = 0) -> list[tuple[str, str]]:
    """Question and completion of each exemplar, as the prompt shows them."""
    prompt = PythonTranslator().prompt(PROBLEM, variant)
    turns = prompt.messages[1:-1]
    return [
        (question.content, reply.content.removeprefix(OPENING))
        for question, reply in zip(turns[::2], turns[1::2], strict=True)
    ]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("shots", [0, 1, 4])
def test_the_prompt_is_an_instruction_exemplars_and_the_question(shots: int, variant: int) -> None:
    prompt = PythonTranslator(shots).prompt(PROBLEM, variant)
    roles = [message.role for message in prompt.messages]
    assert roles == ["system", *["user", "assistant"] * shots, "user"]
    assert "solution()" in prompt.messages[0].content
    assert prompt.messages[-1].content == PROBLEM.question


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_reply_begins_as_the_exemplars_do_and_ends_before_the_fence(variant: int) -> None:
    prompt = PythonTranslator().prompt(PROBLEM, variant)
    assert prompt.prefix.startswith(OPENING)
    for message in prompt.messages:
        if message.role == "assistant":
            assert message.content.startswith(OPENING)
            body = message.content.removeprefix(OPENING)
            assert body.endswith("```")
            assert not any(stop in body.removesuffix("```") for stop in prompt.stop)


def test_the_second_wording_has_the_exemplars_the_other_way_round_and_reads_twice() -> None:
    assert [question for question, _ in exemplars(1)] == [q for q, _ in reversed(exemplars(0))]
    for question, reply in exemplars(1):
        assert reply.startswith(f'    """{question}\n')
    assert PROBLEM.question in PythonTranslator().prompt(PROBLEM, 1).prefix
    assert PROBLEM.question not in PythonTranslator().prompt(PROBLEM, 0).prefix


@pytest.mark.parametrize(
    "question", ["Say \"\"\"x\"\"\" or '''y'''?", "\\frac\\u12 \\", 'It ends in "']
)
def test_no_question_can_end_the_docstring_it_stands_in(question: str) -> None:
    prefix = PythonTranslator().prompt(Problem("p", question), 1).prefix
    source = prefix.removeprefix("```python\n") + "    return 1\n"
    [function] = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == 2


def test_context_and_options_are_shown() -> None:
    problem = Problem(
        "p", " Which is it? ", choices=("A) 41", "B) 42"), context="\nAnn has 6 bags of 7.\n"
    )
    text = PythonTranslator(0).prompt(problem).messages[-1].content
    assert text == ask(problem)
    assert text.startswith("Ann has 6 bags of 7.\n\nWhich is it?\n\nOptions:\nA) 41\nB) 42\n\n")
    assert "letter" in text


def test_what_is_asked_makes_the_digest() -> None:
    prompt = PythonTranslator().prompt(PROBLEM)
    assert prompt.digest == PythonTranslator().prompt(PROBLEM).digest
    assert prompt.digest != PythonTranslator(3).prompt(PROBLEM).digest
    assert prompt.digest != PythonTranslator().prompt(PROBLEM, 1).digest


def test_it_is_a_translator() -> None:
    assert isinstance(PythonTranslator(), Translator)
    assert PythonTranslator().name == "python"


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("index", "answer"), list(enumerate(ANSWERS)), ids=[str(answer) for answer in ANSWERS]
)
async def test_each_exemplar_runs_to_the_right_answer_and_fails_no_check(
    index: int, answer: Value, variant: int, pool: Pool
) -> None:
    question, reply = exemplars(variant)[-1 - index if variant else index]
    program = PythonTranslator().parse(reply, PROBLEM)
    assert isinstance(program, Program)
    outcome = await PythonBackend(pool).run(program, Limits(seconds=60, cpu_seconds=60))
    assert outcome.status is Status.SOLVED
    assert outcome.answer == answer
    checks = run_checks(Problem("p", question), program, outcome)
    assert [check for check in checks if check.state is CheckState.FAILED] == []


def test_all_exemplars_are_looked_at() -> None:
    assert len(exemplars()) == len(ANSWERS)


def test_a_completion_is_read_as_the_rest_of_the_function() -> None:
    program = PythonTranslator().parse("    # 6 bags of 7\n    return 6 * 7\n", PROBLEM)
    assert program == Program("def solution():\n    # 6 bags of 7\n    return 6 * 7\n")


def test_prose_is_malformed() -> None:
    assert isinstance(PythonTranslator().parse("Six times seven is 42.", PROBLEM), Malformed)
