"""A canonical plain form for each answer that needs no symbolic engine."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction

from neurosym.answers.reading import Choice, Interval, Quantity, Reading, read
from neurosym.values import Value

__all__ = ["normalize", "plain"]


def normalize(value: Value) -> Value:
    """Bring an answer into its canonical plain form: pure, total and idempotent.

    ``"$1,234.50"`` becomes ``"2469/2 dollar"``, ``"(B)"`` becomes ``"B"``, ``2.0`` becomes ``2``,
    ``"{3, 1/2}"`` becomes ``frozenset({3, Fraction(1, 2)})``. Quantities keep the unit they were
    written in, as a bare number is compared with the number written (see :mod:`.compare`), so equal
    answers may still have different forms. NaN and blank text, which answer nothing, become
    ``None``.
    """
    return plain(read(value))


def plain(reading: Reading) -> Value:
    """Write a reading as plain data, from which it can be read again."""
    if isinstance(reading, Quantity):
        return f"{_number(reading.number)} {reading.unit.name}"
    if isinstance(reading, Choice):
        return f"{reading.letter}) {reading.text}"
    if isinstance(reading, Interval):
        low, high = (_number(end) for end in reading.ends)
        return f"{reading.brackets[0]}{low}, {high}{reading.brackets[1]}"
    if isinstance(reading, datetime.time):
        return reading.isoformat("auto" if reading.second else "minutes")
    if isinstance(reading, tuple):
        return tuple(plain(item) for item in reading)
    if isinstance(reading, frozenset):
        return frozenset(plain(item) for item in reading)
    if isinstance(reading, dict):
        return {key: plain(item) for key, item in reading.items()}
    return reading


def _number(number: int | float | Fraction) -> str:
    if isinstance(number, float) and math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return str(number)
