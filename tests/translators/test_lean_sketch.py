"""What is asked for a skeleton, and what is read out of what a model writes."""

from __future__ import annotations

import pytest

from neurosym.backends.lean.holes import refusal
from neurosym.formal.lean.skeleton import Skeleton
from neurosym.formal.lean.theorem import read_theorem
from neurosym.translators.base import Malformed
from neurosym.translators.lean_sketch import read_sketch, sketch_prompt
from tests.backends.lean.small_lean import SmallLean

SWAP = read_theorem("theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry\n")
STEPS = "have hq : q := by sorry\nhave hp : p := by sorry\nexact ⟨hq, hp⟩"


async def test_the_worked_skeletons_are_what_is_read_and_lean_takes_them() -> None:
    turns = sketch_prompt(SWAP).messages[1:-1]
    assert len(turns) >= 6
    for asked, answer in zip(turns[::2], turns[1::2], strict=True):
        assert (asked.role, answer.role) == ("user", "assistant")
        theorem = read_theorem(f"{asked.content} sorry")
        found = read_sketch(answer.content, theorem)
        assert isinstance(found, Skeleton)
        assert found.holes
        assert await refusal(found, SmallLean()) is None


def test_the_theorem_is_asked_for_last() -> None:
    plain, told = sketch_prompt(SWAP), sketch_prompt(SWAP, "Take each half.")
    assert plain.messages[-1].content == "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by"
    assert told.messages[-1].content.startswith("/- Take each half. -/\n")
    assert not any("-- " in turn.content for turn in plain.messages)
    assert any(turn.content.startswith("-- ") for turn in told.messages)


@pytest.mark.parametrize(
    "text",
    [
        STEPS,
        f"```lean\nby\n  {STEPS}\n```".replace("\nhave hp", "\n  have hp").replace(
            "\nexact", "\n  exact"
        ),
        "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  "
        + STEPS.replace("\n", "\n  "),
    ],
)  # fmt: skip
def test_a_skeleton_is_read_as_it_was_meant(text: str) -> None:
    found = read_sketch(text, SWAP)
    assert isinstance(found, Skeleton)
    assert found.theorem.proof == "by\n  " + STEPS.replace("\n", "\n  ")
    assert len(found.holes) == 2


def test_a_whole_proof_has_no_holes() -> None:
    found = read_sketch("exact ⟨h.right, h.left⟩", SWAP)
    assert isinstance(found, Skeleton)
    assert found.holes == ()


@pytest.mark.parametrize("text", ["", "sorry", "by", "exact ⟨sorry, sorry⟩", "/- open"])
def test_what_is_no_skeleton_is_told(text: str) -> None:
    assert isinstance(read_sketch(text, SWAP), Malformed)
