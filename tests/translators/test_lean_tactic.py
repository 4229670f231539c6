"""Tactics and proofs in what a model writes."""

from __future__ import annotations

import pytest

from neurosym.formal.lean.theorem import read_theorem
from neurosym.translators.base import Malformed
from neurosym.translators.lean_proof import proof_prompt, read_proof
from neurosym.translators.lean_tactic import read_tactic, tactic_prompt

GOAL = "p : Prop\nh : p\n⊢ p"


def test_the_first_goal_is_shown_and_one_line_is_asked_for() -> None:
    prompt = tactic_prompt([GOAL, "⊢ True"])
    assert prompt.messages[-1].content == GOAL
    assert prompt.stop == ("\n",)
    assert all("\n" not in turn.content for turn in prompt.messages if turn.role == "assistant")


def test_of_a_very_long_goal_the_target_is_shown() -> None:
    shown = tactic_prompt([f"h : {'x' * 10_000}\n⊢ p"]).messages[-1].content
    assert shown.endswith("⊢ p")
    assert len(shown) < 5000


@pytest.mark.parametrize("text", ["exact h", " exact h \n", "`exact h`", "```lean exact h```"])
def test_a_tactic_is_read_out_of_what_stands_around_it(text: str) -> None:
    assert read_tactic(text) == "exact h"


@pytest.mark.parametrize(
    "text", ["", "``", "sorry", "exact (sorry)", "admit", "intro h\nexact h", "stop"]
)
def test_what_is_no_tactic_is_told(text: str) -> None:
    assert isinstance(read_tactic(text), Malformed)


def test_a_whole_proof_is_asked_for_what_is_stated() -> None:
    theorem = read_theorem("theorem t (p : Prop) (h : p) : p := by sorry")
    assert proof_prompt(theorem).messages[-1].content == "theorem t (p : Prop) (h : p) : p := by"


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("intro h\nexact h", "by\n  intro h\n  exact h"),
        ("```lean\n  by\n  constructor\n  · exact h.1\n  · exact h.2\n```",
         "by\n  constructor\n  · exact h.1\n  · exact h.2"),
        (":= by\n    have k : p := by\n      exact h\n    exact k\n",
         "by\n  have k : p := by\n    exact h\n  exact k"),
        ("by exact h", "by\n  exact h"),
        ("Here it is:\n```lean4\ntheorem t (p : Prop) (h : p) : p := h\n```\nDone.", "h"),
    ],
)  # fmt: skip
def test_a_proof_is_read_as_it_was_meant(text: str, proof: str) -> None:
    assert read_proof(text) == proof


@pytest.mark.parametrize("text", ["", "by", "by\n\n", "theorem t : True := sorry"])
def test_what_is_no_proof_is_told(text: str) -> None:
    assert isinstance(read_proof(text), Malformed)


def test_a_proof_in_words_brings_the_steps_as_comments() -> None:
    theorem = read_theorem("def d := 1\ntheorem t (p : Prop) (h : p) : p := by sorry")
    plain, told = proof_prompt(theorem), proof_prompt(theorem, "That is assumed.")
    assert not any("--" in turn.content for turn in plain.messages)
    answers = [turn.content for turn in told.messages if turn.role == "assistant"]
    assert answers
    assert all(answer.startswith("-- ") for answer in answers)
    asked = told.messages[-1].content
    assert asked.startswith("/- That is assumed. -/\n")
    assert "def d := 1" in asked, "what the theorem may speak of is shown"
