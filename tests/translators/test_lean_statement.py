"""What is asked for a statement, and what is read out of what a model writes."""

from __future__ import annotations

import pytest

from neurosym.formal.lean.statement import Statement, read_statement
from neurosym.problem import Kind, Problem
from neurosym.translators.base import Malformed, Translator
from neurosym.translators.lean_statement import LeanStatementTranslator

PLAIN = LeanStatementTranslator()
WITH_MATHLIB = LeanStatementTranslator(imports=("Mathlib",))
PROBLEM = Problem("p", "Every natural number equals itself.", Kind.THEOREM, context="Of numbers.")


def test_the_text_is_asked_for_behind_worked_statements() -> None:
    translator: Translator[Statement] = PLAIN
    prompt = translator.prompt(PROBLEM)
    assert prompt.messages[-1].content == "Of numbers.\n\nEvery natural number equals itself."
    assert {turn.role for turn in prompt.messages} == {"system", "user", "assistant"}
    assert (translator.name, translator.kind) == ("lean-statement", Kind.THEOREM)


def test_what_may_be_used_is_told() -> None:
    assert "import" not in PLAIN.prompt(PROBLEM).messages[0].content
    assert "import Mathlib" in WITH_MATHLIB.prompt(PROBLEM).messages[0].content


def test_the_worked_statements_are_what_is_read() -> None:
    prompt = PLAIN.prompt(PROBLEM)
    answers = [turn.content for turn in prompt.messages if turn.role == "assistant"]
    assert 6 <= len(answers) <= 8
    for answer in answers:
        found = PLAIN.parse(answer, PROBLEM)
        assert isinstance(found, Statement)
        # A model that stops where it is told to says as much.
        cut = min(answer.find(stop) for stop in prompt.stop if stop in answer)
        assert PLAIN.parse(answer[:cut], PROBLEM) == found


@pytest.mark.parametrize(
    "text",
    [
        "theorem self (n : Nat) : n = n ",
        "theorem self (n : Nat) : n = n := by\n  rfl",
        "theorem self (n : Nat) : n = n := by\nrfl\n",
        "Here it is:\n\n```lean\ntheorem self (n : Nat) : n = n := sorry\n```\nIt says so.",
        "```lean4\ntheorem self (n : Nat) : n = n ",
        "theorem zero : 0 = 0 := rfl\n\ntheorem self (n : Nat) : n = n := zero",
    ],
)
def test_a_statement_is_read_without_its_proof(text: str) -> None:
    assert PLAIN.parse(text, PROBLEM) == read_statement("theorem self (n : Nat) : n = n")


def test_it_gets_the_header_that_was_asked_for_once() -> None:
    text = "theorem self (n : ℕ) : n = n := sorry"
    for written in (text, f"import Mathlib\n\n{text}"):
        found = WITH_MATHLIB.parse(written, PROBLEM)
        assert isinstance(found, Statement)
        assert found.text.startswith("import Mathlib\n\ntheorem stated (n : ℕ)")
        assert found.text.count("import") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no theorem"),
        ("It is true for all n.", "no theorem"),
        ("def two := 2", "no theorem"),
        ("import Mathlib\ntheorem t : 1 = 1 := rfl", "imports Mathlib"),
        ("```lean\ntheorem t := rfl\n```", "states nothing"),
        ("axiom a : False\ntheorem t : 1 = 2 := a.elim", "an axiom of its own"),
        ("#eval 1\ntheorem t : 1 = 1 := rfl", "#eval"),
    ],
)
def test_what_is_no_statement_is_told(text: str, reason: str) -> None:
    found = PLAIN.parse(text, PROBLEM)
    assert isinstance(found, Malformed)
    assert reason in found.reason
