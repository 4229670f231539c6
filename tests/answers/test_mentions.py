"""Which numbers a question mentions, and as what a program may hold them."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.answers.mentions import Mention, Weight, find_mentions
from tests.checks.texts import questions


def only(text: str) -> Mention:
    [mention] = find_mentions(text)
    return mention


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 pens", {"12"}),
        ("1,234.50 km", {"1234.5"}),
        (".5 of it", {"0.5", "2", "50"}),
        ("15% off", {"15", "0.15", "0.85", "1.15", "85", "115"}),
        ("3/4 of it", {"3/4", "1/4", "75"}),
        ("1/3 of it", {"1/3", "2/3", "3"}),
        ("2 1/4 cups", {"9/4"}),
        ("$0.60 each", {"0.6", "60"}),
        ("50 cents", {"50", "0.5"}),
        ("90 minutes", {"90", "1.5", "5400"}),
        ("2 feet", {"2", "24"}),
        ("3 years", {"3", "36"}),
        ("5 million people", {"5", "5000000"}),
        ("$5k a month", {"5", "5000"}),
        ("3 dozen eggs", {"3", "36"}),
        ("twenty-five pens", {"25"}),
        ("two hundred and five pens", {"205"}),
        ("half of it", {"1/2", "2"}),
        ("half an hour", {"1/2", "30"}),
        ("a third of it", {"1/3", "3", "2/3"}),
        ("two thirds of it", {"2/3", "1/3"}),
        ("a quarter of a mile", {"1/4", "1320"}),
        ("twice as many", {"2"}),
        ("a dozen eggs", {"12"}),
        ("30 per cent of it", {"0.3", "30"}),
        ("thirty per cent of it", {"0.3", "30"}),
        ("at 9:40", {"580", "1300"}),
        ("in 1995", {"1995"}),
    ],
)
def test_a_number_may_be_used_in_any_of_its_forms(text: str, numbers: set[str]) -> None:
    mention = only(text)
    for number in numbers:
        assert mention.used_in(frozenset({Fraction(number)})), number
    assert not mention.used_in(frozenset({Fraction(7919)}))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3/4 of it", {3, 4}),
        ("2 1/4 cups", {2, 4}),
        ("at 9:40", {9, 40}),
        ("two thirds of it", {2, 3}),
        ("on 2024-03-15", {2024, 3, 15}),
        ("on 3/15/2024", {2024, 3, 15}),
        ("on 15.3.2024", {2024, 3, 15}),
    ],
)
def test_a_number_may_be_used_in_its_parts(text: str, parts: set[int]) -> None:
    mention = only(text)
    assert mention.used_in(frozenset(map(Fraction, parts)))
    if len(mention.parts) > 1:
        assert not mention.used_in(frozenset({max(mention.parts)}))


def test_amounts_that_belong_together_may_be_added_up() -> None:
    for mention in find_mentions("It takes 2 hours and 20 minutes."):
        assert mention.used_in(frozenset({Fraction(140)}))
        assert mention.used_in(frozenset({Fraction(7, 3)}))
    two, _, pens = find_mentions("2 hours and 20 minutes, 5 pens")
    assert not pens.used_in(frozenset({Fraction(140)}))
    assert two.used_in(frozenset({Fraction(120)}))


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("12 pens", Weight.FIRM),
        ("1995 apples", Weight.FIRM),
        ("$2,000", Weight.FIRM),
        ("a 5-year-old", Weight.FIRM),
        ("twelve pens", Weight.LOOSE),
        ("in 1995,", Weight.LOOSE),
        ("on May 5", Weight.LOOSE),
        ("at 9:40", Weight.LOOSE),
        ("on 2024-03-15", Weight.LOOSE),
        ("twice", Weight.LOOSE),
        ("half", Weight.LOOSE),
        ("100% sure", Weight.LOOSE),
        ("0 pens", Weight.LOOSE),
        ("1 pen", Weight.INCIDENTAL),
        ("the 3rd day", Weight.INCIDENTAL),
        ("Grade 4", Weight.INCIDENTAL),
        ("room #12", Weight.INCIDENTAL),
        ("a T-34", Weight.INCIDENTAL),
    ],
)
def test_how_surely_a_number_is_needed(text: str, weight: Weight) -> None:
    assert only(text).weight is weight


@pytest.mark.parametrize(
    "text",
    [
        "no numbers",
        "B2 and x5",
        "the third day",
        "one pen",
        "1/0",
        "9" * 31,
        "hundreds of pens",
        "",
    ],
)
def test_what_is_no_number_is_not_mentioned(text: str) -> None:
    assert find_mentions(text) == ()


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12 km", "kilometer"),
        ("5m long", "meter"),
        ("60 mph", "mile/hour"),
        ("12 square feet", "foot^2"),
        ("$5", "dollar"),
        ("5 ¢", "cent"),
        ("15%", "%"),
        ("5 a day", None),
        ("5 in a box", None),
        ("12 pens", None),
    ],
)
def test_the_unit_written_with_a_number(text: str, unit: str | None) -> None:
    found = only(text).unit
    assert (found and found.name) == unit


def test_a_part_of_nothing_is_read() -> None:
    assert only("0/5 of it").used_in(frozenset({Fraction(0)}))


@given(questions)
def test_any_text_can_be_searched(text: str) -> None:
    for mention in find_mentions(text):
        assert mention.values or mention.parts


@given(st.integers(2, 1000), st.sampled_from(["pens", "km", "dollars", "years"]))
def test_every_written_number_is_found(number: int, things: str) -> None:
    [mention] = find_mentions(f"Ann has {number:,} {things}.")
    assert mention.amount == number
    assert mention.weight is Weight.FIRM


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1/2 ",
        "1,111",
        "5 hours 6 minutes ",
        "one hundred ",
        "1-",
        "9",
        "a",
        "2024-01-01 ",
        "$",
    ],
)
def test_a_long_question_is_searched_in_bounded_time(piece: str) -> None:
    start = time.process_time()
    find_mentions(piece * (1_000_000 // len(piece)))
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("half a dozen eggs", "6"),
        ("two dozen eggs", "24"),
        ("half a million people", "500000"),
        ("three quarters of a million", "750000"),
    ],
)
def test_what_is_counted_in_dozens_may_be_multiplied_out(text: str, number: str) -> None:
    used = frozenset({Fraction(number)})
    assert all(mention.used_in(used) for mention in find_mentions(text))


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("A Model 3000 earns $90.", [Weight.INCIDENTAL, Weight.FIRM]),
        ("Drill Aleph 3 costs 9. Each Aleph 3 sells.", [Weight.INCIDENTAL, Weight.FIRM,
                                                        Weight.INCIDENTAL]),
        # Who gets something once has no number in the name.
        ("He gave Tom 5 apples and Ann 3.", [Weight.FIRM, Weight.FIRM]),
        ("Each 5 boxes weigh 3. Each 5 boxes sell.", [Weight.FIRM, Weight.FIRM, Weight.FIRM]),
        ("Take 2 hours. Take 2 hours.", [Weight.FIRM, Weight.FIRM]),
    ],
)  # fmt: skip
def test_a_number_that_is_part_of_a_name_is_not_asked_for(text: str, weights: list[Weight]) -> None:
    assert [mention.weight for mention in find_mentions(text)] == weights
