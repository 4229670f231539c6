"""Which calculations are read in prose, and which of them are called wrong."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from neurosym.translators.calculations import amount, find_calculations, rounds_to
from neurosym.translators.prose_tokens import Numeral


def read(line: str) -> list[tuple[str, bool]]:
    return [(item.text, item.is_right) for item in find_calculations(line)[0]]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("She plants 6 rows of 14, which is 6 * 14 = 84 tulips.", "6 * 14 = 84"),
        ("2 × 84 − 20 = 148", "2 × 84 - 20 = 148"),
        ("(11 + 19) × $5 = $150", "(11 + 19) × $5 = $150"),
        ("12 eggs x 5 crates = 60 eggs", "12 eggs x 5 crates = 60"),
        ("6x14=84", "6x14=84"),
        ("210 km ÷ 60 km/h = 3.5 hours", "210 km ÷ 60 km/h = 3.5"),
        ("$3/bag * 4 bags = $12", "$3/bag * 4 bags = $12"),
        ("So $1,200 - $350.50 = $849.50 are left.", "$1,200 - $350.50 = $849.50"),
        ("15% of 130 is 19.5, about 20.", "15% of 130 is 19.5"),
        ("20% of the 50 = 10", "20% of the 50 = 10"),
        ("3/4 of 120 = 90", "3/4 of 120 = 90"),
        ("1 1/2 * 4 = 6", "1 1/2 * 4 = 6"),
        ("3½ + 1 = 4.5", "3 1/2 + 1 = 4.5"),
        ("45/60 = 75%", "45/60 = 75%"),
        ("45 / 60 * 100 = 75%", "45 / 60 * 100 = 75%"),
        ("100% - 20% = 80", "100% - 20% = 80"),
        ("3*4 + 2 = 12 + 2 = 14", "3*4 + 2 = 12 + 2 = 14"),
        ("70 = 30 + 40", "70 = 30 + 40"),
        ("6 times 7 equals 42", "6 times 7 equals 42"),
        ("20 divided by 5 is 4", "20 divided by 5 is 4"),
        ("(5 + 3) apples * 2 = 16", "(5 + 3) apples * 2 = 16"),
        ("- 5 + 3 = 8", "5 + 3 = 8"),
        ("-5 + 3 = -2", "-5 + 3 = -2"),
        ("2. 2 * 7 = 14", "2 * 7 = 14"),
        ("5² = 25", "5^2 = 25"),
        ("3 (4 + 5) = 27", "3 (4 + 5) = 27"),
        (r"\(6 \times 14 = 84\)", "6 * 14 = 84"),
        (r"\[\frac{84}{8} = 10.5\]", "((84)/(8)) = 10.5"),
        ("**6 * 14 = 84** tulips", "6 * 14 = 84"),
        ("x = 10 - 4 = 6", "10 - 4 = 6"),
        ("The rest (84 - 4 = 80) is sold.", "84 - 4 = 80"),
        ("2 * 84 = 168 - so she has them", "2 * 84 = 168"),
        ("2 million * 3 = 6 million", "2 million * 3 = 6"),
        ("4 cm^2 * 5 = 20 cm²", "4 cm^2 * 5 = 20"),
        ("2 hours 30 minutes = 2 * 60 + 30 = 150 minutes", "2 * 60 + 30 = 150"),
        ("3 dozen = 3 * 12 = 36", "3 * 12 = 36"),
        ("60 cm - 15 cm = 45 cm = 0.45 m", "60 cm - 15 cm = 45 cm"),
    ],
)
def test_calculations_are_read_as_people_write_them(line: str, text: str) -> None:
    assert read(line) == [(text, True)]


@pytest.mark.parametrize(
    ("line", "comes_to"),
    [
        ("48 / 2 = 25 clips", 24),
        ("6 times 7 equals 43", 42),
        ("5 + 3 + 2 = 11 apples", 10),
        ("2 * 84 - 20 = 149", 148),
        ("10 / 3 = 3.34", Fraction(10, 3)),
        ("2 + 2 = 4 = 5", 4),
        ("15% of 130 = 20.5", Fraction(39, 2)),
        ("84 tulips + 148 tulips = 231 tulips", 232),
        ("3 * 4 + 2 = 13 + 2 = 15", 14),
    ],
)
def test_wrong_ones_are_told_with_what_they_come_to(line: str, comes_to: Fraction) -> None:
    [found], _ = find_calculations(line)
    assert not found.is_right
    assert amount(found.made) == comes_to


@pytest.mark.parametrize(
    "line",
    [
        "2x + 3 = 11, so x = 4.",
        "2 L + 15 = 3 L",
        "x - 5 + 2 = 10",
        "x1 + 3 = 5",
        "two + 3 = 6",
        "9:40 + 25 minutes = 10:05",
        "2 pens + 3 = 13",
        "1 hour + 25 minutes = 85 minutes",
        "25 cents * 4 = $1",
        "50 - 20% = 40",
        "2 million / 4 = 500,000",
        "sqrt(16) = 4",
        "5! = 120",
        "5 + 3 > 7",
        "1,2 + 3 = 6",
        "100 / 0 = 0",
        "2 ** 1000 * 2 = 3",
        "Tom, who has 5 + 3 apples, is 7.",
        "84 = 84",
        "3 + 4 =",
        "5 * 3 g = 16",
        "60 minutes - 15 minutes = 0.75 hours",
        "x^2 + 3 = 12",
    ],
)
def test_what_may_mean_something_else_is_not_called_wrong(line: str) -> None:
    assert read(line) == []


def test_several_stand_in_a_line_each_by_itself() -> None:
    line = "6 * 14 = 84 tulips, 2 * 84 = 169; 84 / 8 = 10.5 and 148 / 8 = 18.5."
    assert [right for _, right in read(line)] == [True, False, True, True]
    assert read("16 - 3 = 13 - 4 = 9") == [("16 - 3 = 13", True), ("13 - 4 = 9", True)]
    assert read("If 5 pens are 3 + 4 = 7 dollars") == [("3 + 4 = 7", True)]


def test_the_numbers_of_formulas_that_are_not_read_are_known() -> None:
    found, others = find_calculations("Take 9 of them: 2x + 16 = 3x, and 6 + 4 = 10.")
    assert len(found) == 1
    assert [item.value for item in others] == [2, 16, 3]


@pytest.mark.parametrize(
    ("value", "written", "places", "fits"),
    [
        ("10/3", "3.33", 2, True),
        ("2/3", "0.67", 2, True),
        ("2/3", "0.66", 2, True),
        ("2/3", "0.68", 2, False),
        ("21/2", "11", 0, True),
        ("21/2", "10", 0, True),
        ("-2/3", "-0.66", 2, True),
        ("81/8", "11", 0, False),
        ("84", "85", 0, False),
        ("1789/100", "17.88", 2, False),
    ],
)
def test_a_number_may_be_rounded_or_cut_off_behind_its_last_digit(
    value: str, written: str, places: int, fits: bool
) -> None:
    assert rounds_to(Fraction(value), Numeral(Fraction(written), places)) is fits


@pytest.mark.parametrize(
    "line",
    ["(" * 9000, "(" * 4000 + "1" + ")" * 4000, "1+" * 4500, "1=" * 4500, "1+1=2 " * 1500,
     "111," * 2000, "1+1 = 2+1 = " * 700, "9^9^9^9 = 3", "-" * 9000, "\\frac{" * 1500],
    ids=lambda line: line[:12],
)  # fmt: skip
def test_any_line_is_read_in_bounded_time(line: str) -> None:
    start = time.process_time()
    find_calculations(line)
    assert time.process_time() - start < 10
