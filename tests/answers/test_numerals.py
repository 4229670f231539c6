"""Numbers in figures and in words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.answers.numerals import MAX_DIGITS, parse_number, words_to_number


@given(st.integers(-(10**20), 10**20))
def test_grouped_integers_read_back(number: int) -> None:
    assert parse_number(f"{number:,}") == number


@given(st.fractions())
def test_fractions_read_back(number: Fraction) -> None:
    assert parse_number(str(number)) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9)))
def test_decimals_are_read_exactly(number: object) -> None:
    assert parse_number(f"{number:f}") == Fraction(str(number))


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert isinstance(parse_number(text), int | Fraction | None)


def test_long_numerals_are_not_read() -> None:
    assert parse_number("9" * MAX_DIGITS) is not None
    assert parse_number("9" * (MAX_DIGITS + 1)) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("five", 5),
        ("twenty five", 25),
        ("one hundred", 100),
        ("hundred", 100),
        ("three hundred and two", 302),
        ("two thousand five hundred", 2500),
        ("three hundred thousand four hundred two", 300402),
        ("two million", 2000000),
        ("two three", None),
        ("and five", None),
        ("twenty and", None),
        ("apples", None),
        ("", None),
    ],
)
def test_number_words(words: str, number: int | None) -> None:
    assert words_to_number(words.split()) == number
