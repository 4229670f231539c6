"""The table of units."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.answers.units import factors, parse_unit, singular


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("km", "meters", 1000),
        ("feet", "inches", 12),
        ("mile", "feet", 5280),
        ("lbs", "oz", 16),
        ("hours", "min", 60),
        ("weeks", "days", 7),
        ("decades", "years", 10),
        ("gallons", "quarts", 4),
        ("gallon", "cubic inches", 231),
        ("liter", "cm^3", 1000),
        ("square yards", "sq. ft.", 9),
        ("m²", "square centimeters", 10000),
        ("dollars", "cents", 100),
        ("km/h", "kilometers per hour", 1),
        ("miles per minute", "mph", 60),
        ("metric tons", "kg", 1000),
        ("in3", "in^3", 1),
    ],
)
def test_units_convert_exactly(one: str, other: str, ratio: int) -> None:
    a, b = parse_unit(one), parse_unit(other)
    assert a is not None and b is not None
    assert a.dims == b.dims
    assert a.size / b.size == ratio
    assert factors(a, b) == {Fraction(ratio), Fraction(1, ratio)}


@pytest.mark.parametrize(
    ("one", "other", "customary"),
    [("days", "year", 365), ("weeks", "year", 52), ("months", "weeks", 4), ("month", "days", 30)],
)
def test_calendar_units_have_customary_factors(one: str, other: str, customary: int) -> None:
    a, b = parse_unit(one), parse_unit(other)
    assert a is not None and b is not None
    assert a.dims != b.dims
    assert customary in factors(a, b)


@pytest.mark.parametrize("one", ["kg", "celsius", "euros", "%", "degrees"])
def test_units_of_different_dimensions_do_not_convert(one: str) -> None:
    a, hour = parse_unit(one), parse_unit("hour")
    assert a is not None and hour is not None
    assert factors(a, hour) == frozenset()


@pytest.mark.parametrize(
    "text", ["apples", "", "per", "km per", "dollars squared", "in 3", "x" * 10**6]
)
def test_other_words_are_no_units(text: str) -> None:
    assert parse_unit(text) is None


@pytest.mark.parametrize(
    "name", ["km", "miles per hour", "square feet", "cm^3", "%", "fluid ounces", "mph"]
)
def test_a_canonical_name_reads_back(name: str) -> None:
    unit = parse_unit(name)
    assert unit is not None
    assert parse_unit(unit.name) == unit


@given(st.text(alphabet="abcehisuxy", max_size=10))
def test_singular_is_idempotent(word: str) -> None:
    assert singular(singular(word)) == singular(word)
