"""What the wording of a description tells: directions, limits, numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.formal.optimization.model import Sense
from neurosym.translators.cues import (
    asked_sense,
    compares,
    denies,
    exact_numbers,
    limits,
    numbers_of,
)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("Maximize the profit.", Sense.MAXIMIZE),
        ("How should costs be minimised?", Sense.MINIMIZE),
        ("He wants at most 5. What is the lowest cost?", Sense.MINIMIZE),
        ("Which plan gets as many people as possible across?", Sense.MAXIMIZE),
        ("Use as few boxes as possible.", Sense.MINIMIZE),
        ("At least 5 boxes are needed.", None),
        ("There are two boxes.", None),
        ("Ship all goods at least cost.", Sense.MINIMIZE),
        ("Each market gets its goods at least total cost.", Sense.MINIMIZE),
        ("The price is at least the cost.", None),
        ("At least two hours of time are needed.", None),
    ],
)
def test_a_text_asks_for_the_most_or_the_least(text: str, sense: Sense | None) -> None:
    assert asked_sense(text) is sense


@pytest.mark.parametrize(
    ("sentence", "upper", "lower"),
    [
        ("There can be at most 20 trips.", True, False),
        ("At least 40 kg are promised.", False, True),
        ("The cost must not exceed $500.", True, False),
        ("The sky is blue.", False, False),
        ("Ship all goods at least total cost.", False, False),
        ("Ship at most 40 at least cost.", True, False),
        ("The price is at least the cost.", False, True),
        ("At least two hours of time are planned.", False, True),
        ("They cannot make more than 40.", True, False),
        ("They must never make fewer than 40.", False, True),
    ],
)
def test_limits_are_told_by_their_words(sentence: str, upper: bool, lower: bool) -> None:
    assert limits(sentence) == (upper, lower)
    assert compares(sentence) is (upper or lower)


def test_numbers_come_in_the_forms_that_models_need() -> None:
    found = set(numbers_of("At least 30% of 1,200 hours; twice as many, and a third of the rest."))
    assert {Fraction(3, 10), Fraction(7, 10), Fraction(1200), Fraction(2)} <= found
    assert Fraction(1, 3) in found
    assert Fraction(60) not in found
    assert Fraction(60) in numbers_of("It takes 30 minutes; there are 8 hours.")
    assert Fraction(6) in numbers_of("A pie takes half a dozen eggs.")


@pytest.mark.parametrize(
    ("sentence", "is_denied"),
    [
        ("At least 30% must not be chairs.", True),
        ("Twice as many chairs as tables can't be sold.", True),
        ("No more than 30 are chairs.", False),
        ("Chairs cannot exceed 30%.", False),
        ("The number of chairs mustn't be less than 30.", False),
        ("At least 30 are chairs.", False),
        ("Boats need not exceed canoes.", True),
        ("Boats needn't exceed canoes.", True),
    ],
)
def test_a_limit_is_no_denial(sentence: str, is_denied: bool) -> None:
    assert denies(sentence) is is_denied


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Exactly 1,200 chairs and precisely $40.", {1200, 40}),
        ("The chairs equal 7.5 tons.", {Fraction(15, 2)}),
        ("At most 7, that is less than or equal to 7.", set()),
        ("Exactly 1/3 of them.", set()),
    ],
)
def test_exact_numbers_are_told_by_their_words(text: str, expected: set[Fraction]) -> None:
    assert exact_numbers(text) == expected
