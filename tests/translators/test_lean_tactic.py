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
    ("text", "tactics"),
    [
        ("intro h\nexact h", ("intro h", "exact h")),
        ("```lean\n  by\n  constructor\n  · exact h.1\n  · exact h.2\n```",
         ("constructor", "exact h.1", "exact h.2")),
        ("by exact h", ("exact h",)),
    ],
)  # fmt: skip
def test_a_proof_is_its_lines(text: str, tactics: tuple[str, ...]) -> None:
    assert read_proof(text) == tactics


@pytest.mark.parametrize("text", ["", "by", "intro h\nsorry"])
def test_what_is_no_proof_is_told(text: str) -> None:
    assert isinstance(read_proof(text), Malformed)
