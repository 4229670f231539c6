"""Intervals of rational numbers that hold all values of something; never too narrow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

__all__ = ["EVERYTHING", "Interval", "Limit", "rising"]

Limit: TypeAlias = Fraction | float
"""An end: a fraction, or an infinity."""

_ROUNDING = Fraction(1, 10**12)
"""By how much, relative to its size, a function that is computed by rounding may be off."""
_MAX_BITS = 20_000
"""Most binary digits of a power that is worked out."""
_GREATEST = Fraction(10**300)
"""Greatest end that is kept; beyond, an interval is taken as without end."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``lower`` to ``upper``."""

    lower: Limit
    upper: Limit

    def __contains__(self, value: int) -> bool:
        return self.lower <= value <= self.upper

    def __add__(self, other: Interval) -> Interval:
        return _kept(self.lower + other.lower, self.upper + other.upper)

    def __mul__(self, other: Interval) -> Interval:
        ends = [
            _product(a, b) for a in (self.lower, self.upper) for b in (other.lower, other.upper)
        ]
        return _kept(min(ends), max(ends))

    def meet(self, other: Interval) -> Interval:
        """What both hold; this one if that is nothing, since nothing has no ends."""
        lower, upper = max(self.lower, other.lower), min(self.upper, other.upper)
        return Interval(lower, upper) if lower <= upper else self

    def inverse(self) -> Interval:
        """One divided by each of its numbers but 0."""
        if self.lower < 0 < self.upper or not (self.lower or self.upper):
            return EVERYTHING
        return _kept(
            _inverse(self.upper) if self.upper else -math.inf,
            _inverse(self.lower) if self.lower else math.inf,
        )

    def power(self, exponent: int) -> Interval:
        """Its numbers to a whole power; one below 0 is of the inverse."""
        if exponent == 1:
            return self
        if exponent < 0:
            return self.power(-exponent).inverse()
        is_even = exponent % 2 == 0
        if any(_digits(end) * exponent > _MAX_BITS for end in (self.lower, self.upper)):
            return Interval(Fraction(0) if is_even or self.lower >= 0 else -math.inf, math.inf)
        ends = [_power(self.lower, exponent), _power(self.upper, exponent)]
        if is_even and 0 in self:
            ends.append(Fraction(0 if exponent else 1))
        return _kept(min(ends), max(ends))


EVERYTHING = Interval(-math.inf, math.inf)


def rising(function: Callable[[float], float], inside: Interval) -> Interval:
    """The values of a function that rises and is computed by rounding."""

    def end(value: Limit, outward: int, otherwise: float) -> Limit:
        try:
            found = function(float(value))
        except (OverflowError, ValueError):
            return otherwise
        if math.isinf(found):
            return found
        exact = Fraction(found)
        return exact + outward * abs(exact) * _ROUNDING

    return Interval(end(inside.lower, -1, -math.inf), end(inside.upper, 1, math.inf))


def _kept(lower: Limit, upper: Limit) -> Interval:
    # Fractions of thousands of digits would tell no more, and take for ever.
    return Interval(
        min(lower, _GREATEST) if lower >= -_GREATEST else -math.inf,
        max(upper, -_GREATEST) if upper <= _GREATEST else math.inf,
    )


def _product(one: Limit, other: Limit) -> Limit:
    if not one or not other:
        return Fraction(0)  # also of an infinite end, which no number reaches
    if math.isinf(one) or math.isinf(other):
        return math.inf if (one > 0) is (other > 0) else -math.inf
    return one * other


def _inverse(value: Limit) -> Limit:
    return Fraction(0) if math.isinf(value) else 1 / Fraction(value)


def _power(value: Limit, exponent: int) -> Limit:
    if exponent == 0:
        return Fraction(1)
    if math.isinf(value):
        return -math.inf if value < 0 and exponent % 2 else math.inf
    return value**exponent


def _digits(value: Limit) -> int:
    if math.isinf(value):
        return 0
    return max(map(int.bit_length, Fraction(value).as_integer_ratio()))
