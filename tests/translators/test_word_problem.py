"""Word problems by two routes: who reads what, and the choice between them."""

from __future__ import annotations

import pytest

from neurosym.formal.program import PROSE_ENTRY, Program
from neurosym.problem import Problem
from neurosym.translators.chain_of_thought import ChainOfThoughtTranslator
from neurosym.translators.formats import WordProblemRoute
from neurosym.translators.python import PythonTranslator
from neurosym.translators.word_problem import WordProblemTranslator, word_problem_translator

PROBLEM = Problem("p", "Ann has 6 bags of 7 apples. How many apples has she?")
PROSE = "She has 6 * 7 = 42 apples.\nThe answer is 42."
PROGRAM = "    # 6 bags of 7; the answer is:\n    return 6 * 7\n"


def test_routes_and_wordings_take_turns() -> None:
    translator = WordProblemTranslator()
    prompts = [translator.prompt(PROBLEM, i) for i in range(translator.variants)]
    assert prompts == [
        PythonTranslator().prompt(PROBLEM, 0),
        ChainOfThoughtTranslator().prompt(PROBLEM, 0),
        PythonTranslator().prompt(PROBLEM, 1),
        ChainOfThoughtTranslator().prompt(PROBLEM, 1),
    ]
    assert translator.name == "python and reasoning"


@pytest.mark.parametrize(
    ("text", "route", "entry"),
    [
        (PROGRAM, 0, "solution"),
        (f"```python\ndef solution():\n{PROGRAM}```", 0, "solution"),
        ("\n    x = 6\n    return x\n", 0, "solution"),
        (PROSE, 1, PROSE_ENTRY),
        ("We return to 6 bags.\nreturn trips cost 6.\nThe answer is 42.", 1, PROSE_ENTRY),
        (f"```python\nprint(6 * 7)\n```\n{PROSE}", 1, PROSE_ENTRY),
    ],
)
def test_a_sample_is_read_by_the_route_that_it_took(text: str, route: int, entry: str) -> None:
    translator = WordProblemTranslator()
    assert translator.route(text) == route
    found = translator.parse(text, PROBLEM)
    assert isinstance(found, Program)
    assert found.entry == entry


def test_the_choice_of_routes_keeps_programs_alone_as_they_were() -> None:
    alone = word_problem_translator(WordProblemRoute.PROGRAM, shots=4)
    assert alone == PythonTranslator()
    assert word_problem_translator(WordProblemRoute.REASONING, shots=1) == (
        ChainOfThoughtTranslator(1)
    )
    assert word_problem_translator(WordProblemRoute.BOTH, shots=2) == WordProblemTranslator(
        (PythonTranslator(2), ChainOfThoughtTranslator(2))
    )
