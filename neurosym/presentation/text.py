"""Texts that a terminal can show and a person can read."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from neurosym.values import Value, literal

__all__ = ["format_answer", "printable"]

_MAX_SHOWN = 1000


def printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control characters become escapes."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape", "replace").decode()
        for c in text
    )


def format_answer(answer: Value) -> str:
    """An answer as a person writes it: no quotes round a text, no ".0" after a whole number."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, float):
        return f"{answer:.15g}"  # all digits that a float holds for sure, without its noise
    if isinstance(answer, Fraction) and (decimal := _decimal(answer)):
        return f"{literal(answer)} = {decimal}"
    if isinstance(answer, datetime.date):
        return answer.isoformat()
    text = printable(answer) if isinstance(answer, str) else literal(answer)
    if len(text) > _MAX_SHOWN:
        return f"{text[:_MAX_SHOWN]}… ({len(text)} characters; --json has them all)"
    return text


def _decimal(number: Fraction) -> str:
    """The digits of a fraction that ends within twelve decimals, empty for all others."""
    scaled = number * 10**12
    if scaled.denominator != 1 or abs(scaled) >= 10**30:
        return ""
    return f"{Decimal(scaled.numerator).scaleb(-12).normalize():f}"
