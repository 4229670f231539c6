"""Reasoning in prose: what is asked, and the program that it becomes."""

from __future__ import annotations

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool
from neurosym.backends.python import PythonBackend
from neurosym.candidate import CheckState, Outcome
from neurosym.checks import CheckName, run_checks
from neurosym.errors import OptionError
from neurosym.formal.program import PROSE_ENTRY, Program
from neurosym.problem import Problem
from neurosym.status import Status
from neurosym.translators.base import Malformed, Translator
from neurosym.translators.chain_of_thought import ChainOfThoughtTranslator
from neurosym.translators.few_shot import ask
from neurosym.values import Value

PROBLEM = Problem("p", "Ann has 6 bags of 7 apples and 15 pears. How many fruits has she?")
REASONING = "1. She has 6 * 7 = 42 apples.\n2. So 42 + 15 = 57 fruits.\nThe answer is 57."
ANSWERS = [56, 150, 20, 65]
VARIANTS = (0, 1)


def exemplars(variant: int) -> list[tuple[str, str]]:
    turns = ChainOfThoughtTranslator().prompt(PROBLEM, variant).messages[1:-1]
    return [(q.content, a.content) for q, a in zip(turns[::2], turns[1::2], strict=True)]


def parsed(text: str, problem: Problem = PROBLEM) -> Program:
    program = ChainOfThoughtTranslator().parse(text, problem)
    assert isinstance(program, Program)
    return program


def run(program: Program) -> Value:
    """What a program of a test's own prose gives."""
    names: dict[str, object] = {}
    exec(program.source, names)
    result: Value = names[program.entry]()  # type: ignore[operator]
    return result


def answered(text: str, problem: Problem = PROBLEM) -> Value:
    return run(parsed(text, problem))


def failed_checks(text: str, problem: Problem = PROBLEM) -> list[str]:
    program = parsed(text, problem)
    checks = run_checks(problem, program, Outcome(Status.SOLVED, run(program)))
    return [check.name for check in checks if check.state is CheckState.FAILED]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("shots", [0, 1, 4])
def test_the_prompt_is_an_instruction_exemplars_and_the_question(shots: int, variant: int) -> None:
    prompt = ChainOfThoughtTranslator(shots).prompt(PROBLEM, variant)
    roles = [message.role for message in prompt.messages]
    assert roles == ["system", *["user", "assistant"] * shots, "user"]
    asked = prompt.messages[-1].content
    assert asked.count(PROBLEM.question) == variant + 1
    assert prompt.prefix == ""


def test_the_second_wording_has_the_exemplars_the_other_way_round() -> None:
    assert [reply for _, reply in exemplars(1)] == [reply for _, reply in reversed(exemplars(0))]


def test_options_are_shown_and_a_letter_is_asked_for() -> None:
    problem = Problem("p", "Which is it?", choices=("A) 41", "B) 42"), context="Ann has 6 of 7.")
    asked = ChainOfThoughtTranslator(0).prompt(problem).messages[-1].content
    assert asked == ask(problem, "reasoning_choices.txt")
    assert asked.startswith("Ann has 6 of 7.\n\nWhich is it?\n\nOptions:\nA) 41\nB) 42\n\n")
    assert "letter" in asked


def test_it_is_a_translator_with_values_in_a_range() -> None:
    assert isinstance(ChainOfThoughtTranslator(), Translator)
    assert ChainOfThoughtTranslator().name == "reasoning"
    with pytest.raises(OptionError, match="shots is 5"):
        ChainOfThoughtTranslator(5)
    with pytest.raises(OptionError, match="variants is 3"):
        ChainOfThoughtTranslator(variants=3)


@pytest.mark.parametrize(("index", "answer"), list(enumerate(ANSWERS)))
def test_each_exemplar_comes_to_its_answer_and_fails_no_check(index: int, answer: int) -> None:
    question, reasoning = exemplars(0)[index]
    problem = Problem("p", question)
    assert answered(reasoning, problem) == answer
    assert failed_checks(reasoning, problem) == []
    assert len(exemplars(0)) == len(ANSWERS)


def test_steps_are_comments_and_results_are_taken_from_where_they_were_made() -> None:
    assert parsed(REASONING).source == (
        f"def {PROSE_ENTRY}():\n"
        "    # 1. She has 6 * 7 = 42 apples.\n"
        "    step1 = 6 * 7\n"
        "    assert step1 == 42\n"
        "    # 2. So 42 + 15 = 57 fruits.\n"
        "    step2 = step1 + 15\n"
        "    assert step2 == 57\n"
        "    # The answer is 57.\n"
        "    return step2\n"
    )


async def test_it_runs_in_the_sandbox_and_a_wrong_calculation_is_a_failure_that_says_so() -> None:
    backend = PythonBackend(Pool(workers=1))
    limits = Limits(seconds=60, cpu_seconds=60)
    try:
        right = await backend.run(parsed(REASONING), limits)
        wrong = await backend.run(parsed(REASONING.replace("6 * 7 = 42", "6 * 7 = 41")), limits)
    finally:
        await backend.aclose()
    assert (right.status, right.answer) == (Status.SOLVED, 57)
    assert wrong.status is Status.FAILED
    assert '"6 * 7 = 41" is wrong: 6 * 7 comes to 42' in wrong.evidence["error"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The answer is 57.", 57),
        ("the final answer is **57** fruits", 57),
        ("**Answer:** $57", 57),
        (r"The answer is \(\boxed{57}\).", 57),
        ("The answer is:\n\n57 fruits in all, since 42 is not enough", 57),
        ("The answer is 42 + 15 = 57.", 57),
        ("The answer is 5. No, the answer is 57.", 57),
        ("The answer is 3.50.", 3.5),
        ("The answer is -3.", -3),
        ("The answer is $1,234.50", 1234.5),
        ("The answer is 3/4.", Fraction(3, 4)),
        ("The answer is 25%.", "25%"),
        ("The answer is yes.", True),
        ("The answer is Tuesday.", "Tuesday"),
        ("The answer is 12 or 13.", "12 or 13"),
        ("The answer is 2 million.", 2_000_000),
    ],
)
def test_the_stated_answer_is_returned(text: str, answer: Value) -> None:
    assert answered(text) == answer


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("84 / 8 = 10.5, so 11.\nThe answer is 11.", "ceil(step1)"),
        ("85 / 8 = 10.625, so 10.\nThe answer is 10.", "floor(step1)"),
        ("84 / 8 = 10.5\nThe answer is 10.5.", "float(step1)"),
        ("84 / 4 = 21\nThe answer is 21.", "int(step1)"),
        ("10 / 3 = 3.33\nThe answer is 3.33.", "float(round(step1, 2))"),
        ("45 / 60 = 75%\nThe answer is 75%.", 'f"{int(step1 * 100)}%"'),
        ("45 / 60 * 100 = 75\nThe answer is 75%.", 'f"{int(step1)}%"'),
        ("9 * 9 = 81\nThe answer is 80.", "80"),
    ],
)
def test_an_answer_that_was_worked_out_is_taken_from_there(text: str, expression: str) -> None:
    assert parsed(text).source.endswith(f"    return {expression}\n")


@pytest.mark.parametrize("said", ["B", "(B)", "B) 42", "B, since 42 is right", "option B"])
def test_an_option_is_its_letter(said: str) -> None:
    problem = Problem("p", "Which is it?", choices=("A) 41", "B) 42"))
    assert answered(f"6 * 7 = 42\nThe answer is {said}.", problem) == "B"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("She has 6 * 7 = 42.", 'does not say "The answer is"'),
        ("The answer is", "no answer follows"),
        ("x" * 10_001, "10001 characters"),
        ("1 + 1 = 2\n" * 101 + "The answer is 2.", "more than 100 calculations"),
        ("", 'does not say "The answer is"'),
    ],
)
def test_what_states_no_answer_is_malformed_and_says_why(text: str, said: str) -> None:
    found = ChainOfThoughtTranslator().parse(text, PROBLEM)
    assert isinstance(found, Malformed)
    assert said in found.reason


def test_checks_see_the_numbers_of_the_prose() -> None:
    assert failed_checks(REASONING) == []
    assert failed_checks("6 * 7 = 42\nThe answer is 42.") == [CheckName.NUMBERS]
    assert failed_checks(f"{REASONING[:-3]}61.") == [CheckName.CONSTANTS]
    assert failed_checks("6 * 7 = 42\n42 + 15 + 33 = 90\nThe answer is 90.") == [
        CheckName.CONSTANTS
    ]


def test_numbers_of_an_equation_with_an_unknown_are_used() -> None:
    problem = Problem("p", "Three times a number less 8 is 19. What is the number?")
    text = "3x - 8 = 19, so 3x = 27 and x = 9, since 27 / 3 = 9.\nThe answer is 9."
    assert CheckName.NUMBERS not in failed_checks(text, problem)


def test_a_stated_letter_is_no_number_that_was_made_up() -> None:
    problem = Problem("p", "Ann has 6 bags of 7. How many?", choices=("A) 41", "B) 42"))
    assert failed_checks("6 * 7 = 42\nThe answer is B.", problem) == []


HOSTILE = st.lists(
    st.sampled_from(
        ["\n", "\r", "\x0c", "\u2028", "\x00", "\ud800", '"', "'", "\\", "#", "{", "}", "=", "1",
         "6 * 7 = 42", "5 + 5 = 11", "import os", "    return 5", '"""', "The answer is ", "57"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(HOSTILE | st.text(max_size=60), HOSTILE)
def test_nothing_of_a_text_becomes_code(text: str, answer: str) -> None:
    found = ChainOfThoughtTranslator().parse(f"{text}\nThe answer is {answer}", PROBLEM)
    if isinstance(found, Malformed):
        return
    assert found.digest
    *imports, function = ast.parse(found.source).body
    assert {ast.unparse(node) for node in imports} <= {
        "from fractions import Fraction", "from math import ceil", "from math import floor"
    }  # fmt: skip
    assert isinstance(function, ast.FunctionDef)
    assert {type(node) for node in function.body} <= {ast.Assign, ast.Assert, ast.Return}
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    known = {"Fraction", "abs", "ceil", "float", "floor", "int", "round"}
    assert all(name in known or name.startswith(("step", "formula")) for name in names)
    assert all(line.isprintable() for line in found.source.splitlines())
