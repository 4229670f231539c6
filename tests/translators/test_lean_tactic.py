"""Tactics and proofs in what a model writes."""

from __future__ import annotations

import pytest

from neurosym.formal.lean.theorem import read_theorem
from neurosym.retrieval.premises import Premise
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


def premise(name: str, statement: str) -> Premise:
    return Premise(name, statement, "Lib.lean", None, None)


def test_premises_stand_before_the_goal_the_best_next_to_it() -> None:
    premises = [
        premise("Lib.swap", "p ∧ q →\n  q ∧ p"),
        premise(
            "Lib.Nat.le_of", "@[simp]\nprotected theorem Nat.le_of {n : ℕ}\n    (h : n = 0) : n ≤ 0"
        ),
    ]
    prompt = tactic_prompt([GOAL], premises)
    assert prompt.messages[-1].content == (
        "Known:\nLib.Nat.le_of {n : ℕ} (h : n = 0) : n ≤ 0\nLib.swap : p ∧ q → q ∧ p\n\n" + GOAL
    )


def test_worked_examples_show_how_premises_are_used_only_where_there_are_some() -> None:
    without, plain = tactic_prompt([GOAL]), tactic_prompt([GOAL], [])
    assert without == plain
    assert not any("Known:" in turn.content for turn in plain.messages)
    known = tactic_prompt([GOAL], [premise("Lib.swap", "p ∧ q → q ∧ p")])
    assert known.messages[1 : len(plain.messages) - 1] == plain.messages[1:-1]
    assert known.messages[0].content.startswith(plain.messages[0].content)
    more = known.messages[len(plain.messages) - 1 : -1]
    assert [turn.role for turn in more] == ["user", "assistant"] * 3
    assert all(turn.content.startswith("Known:\n") for turn in more[::2])
    used = [turn.content for turn in more[1::2]]
    assert not any("\n" in text for text in used)
    # Some use a premise that is shown with them, and one does without.
    assert [text.split()[0] for text in used] == ["exact", "rw", "intro"]


def test_premises_get_no_more_room_than_there_is() -> None:
    long = premise("Lib.long", "p → " * 1000 + "p")
    asked = tactic_prompt([GOAL], [long] * 100).messages[-1].content
    assert asked.endswith(f"\n\n{GOAL}")
    assert 1000 < len(asked) < 3000
    assert all(len(line) <= 300 for line in asked.split("\n"))


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
