"""Functions of numbers, of fractions as far as their values are fractions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from neurosym.formal.optimization.expression import Function

__all__ = ["FUNCTIONS", "power_of"]

_MAX_POWER = 1000
"""Greatest power that is taken exactly."""
_MAX_BITS = 10_000
"""Most binary digits of an exact power; powers of powers would fill the memory."""


def power_of(base: Fraction | float, exponent: Fraction | float) -> Fraction | float:
    """A power, exact if the exponent is a whole number.

    Raises:
        ValueError: It is no real number; ``OverflowError`` and ``ZeroDivisionError`` likewise.
    """
    if not (isinstance(base, Fraction) and isinstance(exponent, Fraction)):
        return math.pow(base, exponent)
    if exponent.denominator == 1 and abs(exponent) <= _MAX_POWER:
        if max(map(int.bit_length, base.as_integer_ratio())) * abs(exponent) > _MAX_BITS:
            raise OverflowError("a power is too large")
        return base ** int(exponent)
    return Fraction(math.pow(base, exponent))


def _floating(function: Callable[[float], float]) -> Callable[[Any], Any]:
    def of(value: Fraction | float) -> Fraction | float:
        found = function(float(value))
        return Fraction(found) if isinstance(value, Fraction) else found

    return of


FUNCTIONS: Mapping[Function, Callable[..., Any]] = {
    Function.EXP: _floating(math.exp),
    Function.LOG: _floating(math.log),
    Function.SQRT: _floating(math.sqrt),
    Function.SIN: _floating(math.sin),
    Function.COS: _floating(math.cos),
    Function.ABS: abs,
    Function.MIN: lambda *values: min(values),
    Function.MAX: lambda *values: max(values),
}
"""What each function computes; they raise ``ValueError`` or ``OverflowError`` where undefined."""
