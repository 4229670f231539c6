"""Whether a formula has each thing where its sentence has it."""

from __future__ import annotations

import pytest

from neurosym.checks.structure import misplaced
from neurosym.formal.fol.dialects.infix import UNICODE


@pytest.mark.parametrize(
    ("sentence", "formula", "why"),
    [
        ("All men are mortal.", "∀x (Mortal(x) → Man(x))", "turned round"),
        ("Every wolf that howls is grey.", "∀x (Grey(x) → Wolf(x) ∧ Howls(x))", "turned round"),
        ("If the cat is young then the dog barks.", "Bark(dog) → Young(cat)", "turned round"),
        ("All men are mortal.", "∃x (Man(x) ∧ Mortal(x))", "of something only"),
        ("Some men are kind.", "∀x (Man(x) → Kind(x))", "said of all"),
        ("There is a man in town.", "∀x (Man(x) → Town(x))", "said of all"),
        ("Bob likes Ann.", "Likes(ann, bob)", "another order"),
        ("The bear chases the old cat.", "Chases(cat, bear)", "another order"),
    ],
)
def test_what_is_in_another_place_is_told(sentence: str, formula: str, why: str) -> None:
    assert why in misplaced(sentence, UNICODE.parse_formula(formula))


@pytest.mark.parametrize(
    ("sentence", "formula"),
    [
        ("All men are mortal.", "∀x (Man(x) → Mortal(x))"),
        ("All men are mortal.", "¬∃x (Man(x) ∧ ¬Mortal(x))"),
        ("All things are kind or all are cold.", "∀x Kind(x) ∨ ∀x Cold(x)"),
        ("Only men are mortal.", "∀x (Mortal(x) → Man(x))"),
        ("All but the old are not kind.", "∀x (Kind(x) → Old(x))"),
        ("The dog barks if the cat is young.", "Young(cat) → Bark(dog)"),
        ("If the cat is young then the dog barks.", "Young(cat) → Bark(dog)"),
        ("Every man has a friend.", "∀x (Man(x) → ∃y Friend(y, x))"),
        ("Some men are kind.", "∃x (Man(x) ∧ Kind(x))"),
        ("Someone is not kind.", "¬∀x Kind(x)"),
        ("Bob likes Ann.", "Likes(bob, ann)"),
        ("Bob is liked by Ann.", "Likes(ann, bob)"),
        ("Bob likes Bob.", "Likes(bob, bob)"),
        ("Bob gives the book to Ann.", "Gives(bob, book, ann)"),
        ("There are two dogs.", "∀x (Dog(x) → Two(x))"),
        ("", "P(a)"),
    ],
)
def test_what_may_be_meant_is_left_alone(sentence: str, formula: str) -> None:
    assert misplaced(sentence, UNICODE.parse_formula(formula)) == ""
