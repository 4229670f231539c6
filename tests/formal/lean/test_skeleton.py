"""Proofs with holes."""

from __future__ import annotations

import pytest

from neurosym.errors import FormulaError
from neurosym.formal.lean.skeleton import Skeleton, read_skeleton
from neurosym.formal.lean.theorem import read_theorem

ASKED = read_theorem("import Lean\n\ntheorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry\n")


def skeleton(proof: str) -> Skeleton:
    return read_skeleton(ASKED.with_proof(proof))


def filled(proof: str, *blocks: str) -> str | None:
    found = skeleton(proof)
    assert len(found.holes) == len(blocks)
    return found.filled(dict(enumerate(blocks))).proof


BLOCK = "by\n  a\n  b"


def test_steps_are_filled_at_the_column_where_they_stand() -> None:
    proof = """by
  have hq : q := by sorry
  have hp : p := by
    sorry
  have hr : p := sorry
  exact ⟨hq, hp⟩"""
    assert filled(proof, BLOCK, "by\n  c", BLOCK) == """by
  have hq : q := by
    a
    b
  have hp : p := by
    c
  have hr : p := by
    a
    b
  exact ⟨hq, hp⟩"""  # fmt: skip


def test_a_goal_that_is_left_open_is_a_hole() -> None:
    assert filled("by\n  constructor\n  sorry\n  exact sorry", BLOCK, "by\n  c") == (
        "by\n  constructor\n  exact by\n    a\n    b\n  exact by\n    c"
    )


def test_some_may_stay_open() -> None:
    found = skeleton("by\n  have hq : q := by sorry\n  sorry")
    assert found.filled({1: "by\n  a"}).proof == "by\n  have hq : q := by sorry\n  exact by\n    a"
    assert found.filled({}) == found.theorem


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("  · sorry", "  · exact by\n      a"),
        ("  · have k : q := by sorry", "  · have k : q := by\n      a"),
        ("  . sorry", "  . exact by\n      a"),
        ("  | inl k => sorry", "  | inl k => exact by\n               a"),
        ("  case inl k => sorry", "  case inl k => exact by\n                  a"),
        ("  exact fun k => sorry", "  exact fun k => by\n                   a"),
        ("  next =>\n    sorry", "  next =>\n    exact by\n      a"),
        ("  left; sorry", "  left; exact by\n          a"),
        ("  _ = q := by sorry -- so\n  rfl", "  _ = q := by\n    a -- so\n  rfl"),
        ("  · intro k; have : q := by sorry", "  · intro k; have : q := by\n               a"),
    ],
)
def test_its_lines_stand_right_of_all_tactics_around_it(line: str, wanted: str) -> None:
    """Or Lean would take those that follow around it for more of its own."""
    assert filled(f"by\n  simp\n{line}", "by\n  a") == f"by\n  simp\n{wanted}"


def test_the_first_line_of_a_proof_stands_behind_the_statement() -> None:
    found = skeleton("fun k => sorry")
    text = found.filled({0: "by\n  exact k"}).text
    assert text.endswith(" := fun k => by\n" + " " * (len(ASKED.opening) + 15) + "exact k\n")


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        ("by\n  exact ⟨sorry, h.left⟩", "follows it on its line"),
        ("by\n  all_goals sorry", "behind `all_goals`"),
        ("by\n  constructor <;> sorry", "behind `<;>`"),
        ("by\n  exact id sorry", "behind `id`"),
    ],
)
def test_a_hole_that_no_proof_can_be_put_for_is_named(proof: str, why: str) -> None:
    with pytest.raises(FormulaError, match=why):
        skeleton(proof)


def test_what_only_looks_like_a_hole_is_none() -> None:
    proof = '-- sorry\nby\n  exact ⟨h.right, h.left⟩ /- sorry -/ -- "sorry"'
    assert skeleton(proof.removeprefix("-- sorry\n")).holes == ()


def test_without_a_proof_there_is_no_skeleton() -> None:
    with pytest.raises(FormulaError, match="no proof"):
        read_skeleton(ASKED)


def test_what_ends_the_proof_cannot_be_filled_in() -> None:
    found = skeleton("by\n  have hq : q := by sorry\n  exact ⟨hq, h.left⟩")
    with pytest.raises(FormulaError):
        found.filled({0: "by\n  exact h\ntheorem u : True := by\n  trivial"})
