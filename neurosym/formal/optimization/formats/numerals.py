"""Numbers in files of models: read as the fractions that they say, printed as decimals."""

from __future__ import annotations

import math
import re
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeAlias

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.optimization.instance import INFINITE, as_written

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DIGITS",
    "ROUNDED_DIGITS",
    "Figures",
    "Limit",
    "as_limit",
    "check_length",
    "ending_decimal",
    "read_number",
]

MAX_CHARACTERS = 100_000_000
"""Longest text that is read."""
MAX_DIGITS = 400
"""Most characters of a number."""
ROUNDED_DIGITS = 17
"""Digits of a number whose decimals do not end."""
_INFINITE = int(INFINITE)
_GREATEST = Fraction(10**300)
"""Beyond this, and below its inverse, solvers hold no number."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?")

Limit: TypeAlias = Fraction | float
"""A number, or an infinite one as a ``float``."""


def check_length(text: str) -> None:
    """Refuse what is too long to be read.

    Raises:
        FormulaError: It is longer than :data:`MAX_CHARACTERS`.
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            f"the text is {len(text):,} characters long", text="", line=1, column=1,
            hint=f"Give at most {MAX_CHARACTERS:,}.",
        )  # fmt: skip


def read_number(text: str) -> Limit:
    """The number that a word says; ``inf`` and ``infinity`` are infinite.

    Raises:
        ValueError: It is no number, or one that no solver holds; the message says which.
    """
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        return -math.inf if text.startswith("-") else math.inf
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise ValueError(f"{shown!r} is no number")
    exponent = found[1] or "0"
    # Before it is computed: the power of ten of a short text may fill the memory.
    fits = len(text) <= MAX_DIGITS and len(exponent) <= 6 and abs(int(exponent)) <= 2 * MAX_DIGITS
    value = Fraction(text) if fits else Fraction(0)
    if not fits or (value and not 1 / _GREATEST <= abs(value) <= _GREATEST):
        raise ValueError(f"{shown!r} is too large, too small or too long for a number")
    return value


def as_limit(value: Limit) -> Limit:
    """A bound, infinite if its size is that of what solvers take as infinite."""
    # Without making fractions: every row and every column comes by here.
    if isinstance(value, float) or abs(value.numerator) < _INFINITE * value.denominator:
        return value
    return math.inf if value > 0 else -math.inf


def ending_decimal(value: Limit) -> Fraction:
    """A finite number as a fraction; one of floating point as its shortest decimal says."""
    return as_written(value) if isinstance(value, float) else value


class Figures:
    """Prints numbers, and remembers whether one of them had to be rounded."""

    def __init__(self) -> None:
        self.rounded = False

    def __call__(self, value: Fraction) -> str:
        """A number: exact where its decimals end, else to 17 digits.

        Raises:
            InexpressibleError: No solver holds it.
        """
        if value and not 1 / _GREATEST <= abs(value) <= _GREATEST:
            raise InexpressibleError(
                "a number of the model is too large or too small for solvers",
                hint="Measure in other units.",
            )
        mantissa, exponent = _exact(value) or self._rounded(value)
        return _shown(mantissa, exponent)

    def limit(self, value: Fraction) -> str:
        """A bound or a side of a row.

        Raises:
            InexpressibleError: It is so large that it would be read as infinite.
        """
        if abs(value) >= INFINITE:
            raise InexpressibleError(
                f"a bound of {float(value):g} would be read as infinite",
                hint="Give none, or measure in other units.",
            )
        return self(value)

    def _rounded(self, value: Fraction) -> tuple[int, int]:
        self.rounded = True
        with localcontext() as context:
            context.prec = ROUNDED_DIGITS
            # The division alone is rounded: both numbers are made without loss.
            found = Decimal(value.numerator) / Decimal(value.denominator)
        sign, digits, exponent = found.as_tuple()
        whole = int("".join(map(str, digits)))
        return -whole if sign else whole, int(exponent)


def _exact(value: Fraction) -> tuple[int, int] | None:
    """A number as a whole one times a power of ten; ``None`` if its decimals do not end soon."""
    rest = value.denominator
    if rest == 1:
        return _stripped(value.numerator, 0)
    twos = (rest & -rest).bit_length() - 1
    rest >>= twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    digits = max(twos, fives)
    if rest != 1 or digits > MAX_DIGITS:
        return None
    return _stripped(value.numerator * 10**digits // value.denominator, -digits)


def _stripped(mantissa: int, exponent: int) -> tuple[int, int] | None:
    text = str(abs(mantissa))
    kept = text.rstrip("0") or "0"
    if len(kept) > MAX_DIGITS // 2:
        return None
    whole = int(kept)
    return -whole if mantissa < 0 else whole, exponent + len(text) - len(kept)


def _shown(mantissa: int, exponent: int) -> str:
    if not mantissa:
        return "0"
    sign, digits = "-" if mantissa < 0 else "", str(abs(mantissa))
    point = len(digits) + exponent
    if exponent >= 0 and point <= 17:
        return f"{sign}{digits}{'0' * exponent}"
    if 0 < point < len(digits):
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -5 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"
