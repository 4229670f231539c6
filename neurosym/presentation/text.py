"""Texts that a terminal can show and a person can read."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from neurosym.values import Value, literal

__all__ = ["decimal_text", "format_answer", "printable"]

_MAX_SHOWN = 1000
_SMALL_PARTS = 10**9
"""Denominators from here on come from rounded numbers, and tell nobody anything."""


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters become escapes."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape", "replace").decode()
        for c in text
    )


def decimal_text(value: Fraction) -> str:
    """A number in ten digits at most, however large it is."""
    try:
        return f"{float(value):.10g}"
    except OverflowError:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.9e}"


def format_answer(answer: Value) -> str:
    """An answer as a person writes it: no quotes round a text, no ".0" after a whole number."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, float):
        return f"{answer:.15g}"  # all digits that a float holds for sure, without its noise
    if isinstance(answer, Fraction):
        if decimal := _decimal(answer):
            return f"{literal(answer)} = {decimal}"
        if rounded := _rounded(answer):
            return rounded
    if isinstance(answer, datetime.date):
        return answer.isoformat()
    text = printable(answer) if isinstance(answer, str) else literal(answer)
    if len(text) > _MAX_SHOWN:
        return f"{text[:_MAX_SHOWN]}… ({len(text)} characters; --json has them all)"
    return text


def _rounded(number: Fraction) -> str:
    """A fraction of parts too small for a person to read as a decimal, empty for all others."""
    if number.denominator < _SMALL_PARTS:
        return ""
    try:
        near = float(number)
    except OverflowError:
        return ""
    return f"{'' if Fraction(near) == number else '≈ '}{near:.12g}"


def _decimal(number: Fraction) -> str:
    """The digits of a fraction that ends within twelve decimals, empty for all others."""
    scaled = number * 10**12
    if scaled.denominator != 1 or abs(scaled) >= 10**30:
        return ""
    return f"{Decimal(scaled.numerator).scaleb(-12).normalize():f}"
