"""Formulas in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given

from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.english import in_english
from neurosym.formal.fol.syntax import Formula
from tests.formal.fol.strategies import ALL, formulas


@pytest.mark.parametrize(
    ("formula", "english"),
    [
        ("Rain", "rain"),
        ("Tall(LenaHolm)", "lena holm is tall"),
        ("¬Tall(bob)", "bob is not tall"),
        ("LivesIn(bob, new_york)", "bob lives in new york"),
        ("¬LiveIn(bob, oslo)", "bob does not live in oslo"),
        ("Between(a, b, c)", "a between b c"),
        ("a = father(bob)", "a is the father of bob"),
        ("a ≠ b", "a is not b"),
        ("¬Rain", "it is not so that rain"),
        ("¬Rain ∧ Wind", "(it is not so that rain) and wind"),
        ("¬(Rain ∧ Wind)", "it is not so that (rain and wind)"),
        ("¬Tall(bob) ∨ Wind", "bob is not tall or wind"),
        ("P ∧ Q ∧ R", "p and q and r"),
        ("P ∧ (Q ∨ R)", "p and (q or r)"),
        ("P ⊕ Q", "either p or q, but not both"),
        ("P ↔ Q", "p if and only if q"),
        ("P → Q → R", "if p then (if q then r)"),
        ("(P → Q) → R", "if (if p then q) then r"),
        ("∀x (Tall(x) → Need(x, Wolf))", "for every x, if x is tall then x need wolf"),
        ("∀d:Day ∃x P(x, d)", "for every day d, for some x, x p d"),
        ("(∃x P(x)) ∧ Q", "(for some x, x is p) and q"),
        ("a < 3", "a is less than 3"),
        ("a ≤ 1/2", "a is at most 1/2"),
        ("a + b = 3", "a plus b is 3"),
        ("(a + b) · 2 = a - (b - c)", "(a plus b) times 2 is a minus (b minus c)"),
        ("distinct(a, b, c)", "a, b, c are all different"),
        ("#{d:Day | Busy(d)} = 2", "the number of day d for which (d is busy) is 2"),
        ("⊤ ∧ ⊥", "true and false"),
    ],
)
def test_what_a_formula_says(formula: str, english: str) -> None:
    assert in_english(UNICODE.parse_formula(formula)) == english


@given(formulas(ALL))
def test_every_formula_can_be_said_with_brackets_that_match(formula: Formula) -> None:
    said = in_english(formula)
    assert said
    assert said.count("(") == said.count(")")
    assert "Variable" not in said
