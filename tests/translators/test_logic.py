"""Claims and puzzles each go to their translator, and Logic-LM's formats are read."""

from __future__ import annotations

import tomllib

import pytest

from neurosym.errors import OptionError, ProblemError
from neurosym.formal.fol.dialects.registry import DialectName, dialect_named
from neurosym.formal.fol.theory import Theory
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, Translator, load_prompt_text
from neurosym.translators.formats import ClaimFormat
from neurosym.translators.logic import LogicTranslator, logic_translator
from neurosym.translators.programs import ProgramTranslator

CLAIM = Problem("c", "All gorps are sour. Al is a gorp. Prove: Al is sour.", Kind.LOGIC)
VERDICTS = Problem(
    "v",
    "All gorps are sour. Al is a gorp. Is the following statement true or false? Al is sour.",
    Kind.LOGIC,
    ("A) True", "B) False"),
)
PUZZLE = Problem(
    "p",
    "Two books stand in a row: a red one and a blue one. The red one is left of the blue one.\n"
    "Which of the following is true?",
    Kind.LOGIC,
    ("A) The red book is first.", "B) The blue book is first."),
)
PROBLEM = Problem("p", "Al is sour. Prove: No.", Kind.LOGIC)
PROGRAM = """Domain:
1: leftmost
2: rightmost
Variables:
red [IN] [1, 2]
blue [IN] [1, 2]
Constraints:
red < blue ::: The red one is left of the blue one.
Query:
A) red == 1 ::: The red book is first.
B) blue == 1 ::: The blue book is first.
"""


def test_each_is_a_translator() -> None:
    for translator in (LogicTranslator(), ProgramTranslator(DialectName.RULES)):
        assert isinstance(translator, Translator)
        assert translator.kind is Kind.LOGIC


@pytest.mark.parametrize("problem", [CLAIM, VERDICTS])
def test_a_claim_is_asked_for_in_pairs(problem: Problem) -> None:
    prompt = LogicTranslator().prompt(problem)
    assert "TEXT:" in prompt.messages[-2].content
    assert prompt.grammar is not None
    assert "Al is sour" in prompt.messages[-1].content


def test_options_are_asked_for_as_constraints_and_shown_once() -> None:
    prompt = LogicTranslator().prompt(PUZZLE)
    assert "[IN]" in prompt.messages[-2].content
    assert prompt.messages[-1].content.count("A) The red book is first.") == 1
    shown = Problem("p", PUZZLE.question + "\n" + "\n".join(PUZZLE.choices), choices=PUZZLE.choices)
    again = LogicTranslator().prompt(shown)
    assert again.messages[-1].content.count("A) The red book is first.") == 1


def test_a_completion_is_read_by_the_part_that_asked_for_it() -> None:
    puzzle = LogicTranslator().parse(PROGRAM, PROBLEM)
    assert isinstance(puzzle, Theory)
    assert [option.label for option in puzzle.options] == ["A", "B"]
    claim = LogicTranslator().parse(
        "TEXT: Al is sour.\nFOL: Sour(Al)\nTEXT: No.\nFOL: -Sour(Al)\n", PROBLEM
    )
    assert isinstance(claim, Theory)
    assert claim.claim is not None


def test_rules_can_be_asked_for_in_place_of_formulas() -> None:
    translator = logic_translator(ClaimFormat.RULES, shots=0, organised=False)
    assert ">>>" in translator.prompt(CLAIM).messages[-2].content
    program = (
        "Predicates:\nSour($x, bool)\nGorp($x, bool)\nFacts:\nGorp(Al, True)\nRules:\n"
        "Gorp($x, True) >>> Sour($x, True)\nQuery:\nSour(Al, True)\n"
    )
    theory = translator.parse(program, PROBLEM)
    assert isinstance(theory, Theory)
    assert theory.claim is not None
    assert theory.repairs == ()
    with pytest.raises(OptionError, match="organised"):
        logic_translator(ClaimFormat.RULES, shots=0, organised=True)


def test_what_cannot_be_read_says_why() -> None:
    broken = LogicTranslator().parse(PROGRAM.replace("red < blue", "red < < blue"), PROBLEM)
    assert isinstance(broken, Malformed)
    assert "line 8" in broken.reason


@pytest.mark.parametrize("name", [DialectName.RULES, DialectName.CSP])
def test_the_worked_examples_follow_their_format_strictly(name: DialectName) -> None:
    data = tomllib.loads(load_prompt_text(f"{name.value}_exemplars.toml"))
    assert len(data["exemplar"]) >= 2
    for exemplar in data["exemplar"]:
        theory = dialect_named(name).parse_theory(exemplar["program"])
        assert theory.repairs == ()
        assert (theory.claim is None) == bool(theory.options)


@pytest.mark.parametrize(
    "choices",
    [("A) The bus is last.", "B) The van is last.", "C) the bus  is last"), ("A) x", "A) x")],
)
def test_options_that_are_the_same_are_refused(choices: tuple[str, ...]) -> None:
    problem = Problem("p", "Which of the following is true?", Kind.LOGIC, choices)
    with pytest.raises(ProblemError, match=r"options A and \w are the same"):
        LogicTranslator().prompt(problem)
