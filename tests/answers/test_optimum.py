"""Optimal values are one answer if they differ by rounding alone."""

from __future__ import annotations

from fractions import Fraction

from neurosym.answers.optimum import OptimumComparison


async def test_rounding_makes_no_other_answer() -> None:
    values = [12, Fraction(12), 12.0000000001, 12.5, None, "12", True]
    assert await OptimumComparison().group(values) == (0, 0, 0, 1, -1, 0, -1)


async def test_the_right_answer_is_met_within_a_ten_thousandth() -> None:
    comparison = OptimumComparison()
    assert await comparison.matches(Fraction(100), 100.009)
    assert not await comparison.matches(Fraction(100), 100.02)
    assert await comparison.matches(1200, "1,200")
    assert not await comparison.matches(None, 3)
    assert not await comparison.matches(3, None)
    assert not await comparison.matches(float("nan"), 3)
