"""The parts of goals, and that those which differ in names alone are one."""

from __future__ import annotations

import pytest

from neurosym.formal.lean.goals import (
    Goal,
    Hypothesis,
    canonical_goals,
    conclusion,
    outermost,
    read_goal,
    split_proposition,
)

GOAL = "p q : Prop\nh : p ∧ q\n⊢ q"


@pytest.mark.parametrize(
    "same",
    [
        "a b : Prop\nk : a ∧ b\n⊢ b",
        "case left\np q : Prop\nh : p ∧ q\n⊢ q",
        "p q : Prop\nh✝ : p ∧ q\n⊢ q",
        "p✝¹ q✝ : Prop\nh : p✝¹ ∧ q✝\n⊢ q✝",
        "«p x» q : Prop\nh : «p x»  ∧ q\n⊢ q",
    ],
)
def test_names_do_not_count(same: str) -> None:
    assert canonical_goals([same]) == canonical_goals([GOAL])


@pytest.mark.parametrize(
    "other",
    [
        "p q : Prop\nh : p ∧ q\n⊢ p",
        "p q : Prop\nh : q ∧ p\n⊢ q",
        "p q : Prop\nh : p ∨ q\n⊢ q",
        "p q : Prop\nh : p ∧ q\nq : Prop\n⊢ q",
        "p q : Type\nh : p ∧ q\n⊢ q",
        "p q : Prop\n⊢ q",
        "q : Prop\nh : p ∧ q\n⊢ q",
    ],
)
def test_all_else_counts(other: str) -> None:
    assert canonical_goals([other]) != canonical_goals([GOAL])


def test_fields_of_hypotheses_and_lines_that_go_on() -> None:
    first = "h : a ∧ b\nk : ∀ x,\n  x = x\n⊢ h.left = k x ∧ y = h"
    other = "m : a ∧ b\nl : ∀ x,\n    x = x\n⊢ m.left = l x ∧ y = m"
    assert canonical_goals([first]) == canonical_goals([other])
    assert canonical_goals([first]) != canonical_goals([first.replace("h.left", "h.right")])


def test_goals_are_counted_and_ordered() -> None:
    assert canonical_goals([]) == ""
    assert canonical_goals(["⊢ p", "⊢ q"]) != canonical_goals(["⊢ q", "⊢ p"])
    assert canonical_goals(["⊢ p"]) != canonical_goals(["⊢ p", "⊢ p"])


@pytest.mark.parametrize(
    ("proposition", "sign", "parts"),
    [
        ("p → q → r", "→", ("p", "q → r")),
        ("(∀ x, P x) ∧ q", "∧", ("∀ x, P x", "q")),
        ("∀ x, P x ∧ q", "∀", ("P x ∧ q",)),
        ("p ∨ ∃ x, P x ∧ q", "∨", ("p", "∃ x, P x ∧ q")),
        ("¬p ∨ q", "∨", ("¬p", "q")),
        ("¬(p ∧ q)", "¬", ()),
        ("(p ∧ q) ∧ (r)", "∧", ("p ∧ q", "r")),
        ("n + 1 ≠ m", "≠", ("n + 1", "m")),
        ("Even n", "", ()),
        ("", "", ()),
    ],
)
def test_a_proposition_is_held_together_by_its_loosest_sign(
    proposition: str, sign: str, parts: tuple[str, ...]
) -> None:
    assert outermost(proposition) == sign
    assert split_proposition(proposition) == parts


def test_premises_and_binders_are_left_out_of_a_conclusion() -> None:
    assert conclusion("∀ (x : α), P x → (∀ y, Q y) → ∃ z, R x z") == "∃ z, R x z"
    assert conclusion("p") == "p"


def test_a_goal_is_read_with_its_lines_joined() -> None:
    goal = read_goal("case inl\np q : Prop\nh : p ∧\n  q\nn : Nat := 3\nk✝ : p\n⊢ q ∨\n  p")
    assert goal == Goal(
        (
            Hypothesis("p", "Prop"),
            Hypothesis("q", "Prop"),
            Hypothesis("h", "p ∧ q"),
            Hypothesis("n", "Nat"),
            Hypothesis("k✝", "p"),
        ),
        "q ∨ p",
    )
    assert read_goal("no goals") is None
