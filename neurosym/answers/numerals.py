"""Numbers as people write them: "1,234.50", "3/4", "1 1/2", "3 × 10^5", "twenty-five"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

__all__ = [
    "MAX_DIGITS",
    "NUMBER_WORDS",
    "SCALES",
    "UNSIGNED",
    "Exact",
    "parse_number",
    "simplest",
    "words_to_number",
]

Exact: TypeAlias = int | Fraction
"""A number without rounding; a fraction with denominator 1 is always an ``int``."""

MAX_DIGITS = 1000
"""Longest numeral that is read, in characters: turning digits into an integer is quadratic."""
_MAX_EXPONENT = 400  # beyond the range of floats anyway

UNSIGNED = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"
"""Regular expression of a decimal number without sign, as found in running text."""

# A single separator throughout, so that "1,234 567" is left alone.
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ ][0-9]{3})+|[0-9]{1,3}(?:_[0-9]{3})+|[0-9]+"
_DECIMAL = re.compile(
    rf"(?P<sign>[+-]?)\s*(?:(?P<whole>{_GROUPED})(?:\.(?P<part>[0-9]*))?|\.(?P<only>[0-9]+))"
    r"(?:[eE](?P<e>[+-]?[0-9]{1,4})"
    r"|\s*(?:[*×x]|\\times|\\cdot)\s*10\s*(?:\^|\*\*)\s*[({]?\s*(?P<power>[+-]?[0-9]{1,4})\s*[)}]?"
    r")?"
)
_UNGROUPED = str.maketrans("", "", ", _")
_FRACTION = re.compile(
    r"(?P<sign>[+-]?)\s*(?:(?P<whole>[0-9]+)\s+)?(?P<over>[0-9,]+)\s*[/⁄]\s*(?P<under>[0-9,]+)"
)
_LATEX_FRACTION = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<whole>[0-9]+)?\s*\\[dtc]?frac\s*"
    r"(?:\{\s*(?P<over>[0-9]+)\s*\}\s*\{\s*(?P<under>[0-9]+)\s*\}|(?P<o>[0-9])\s*(?P<u>[0-9]))"
)

SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
"""Words that multiply the number before them."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
"""Number words below one hundred that are one word."""


def simplest(number: Fraction) -> Exact:
    """Give the same number, as an integer where it is one."""
    return number.numerator if number.denominator == 1 else number


def parse_number(text: str) -> Exact | None:
    """Read a whole text as one number; ``None`` if it is none, or too long to be read safely."""
    text = text.strip()
    if not text or len(text) > MAX_DIGITS:
        return None
    if match := _DECIMAL.fullmatch(text):
        return _decimal(match)
    if match := _FRACTION.fullmatch(text) or _LATEX_FRACTION.fullmatch(text):
        return _fraction(match.groupdict())
    return None


def _decimal(match: re.Match[str]) -> Exact | None:
    whole = (match["whole"] or "0").translate(_UNGROUPED)
    part = match["part"] or match["only"] or ""
    exponent = int(match["e"] or match["power"] or 0)
    if abs(exponent) > _MAX_EXPONENT:
        return None
    digits, shift = int(whole + part), exponent - len(part)
    # Most numbers are whole, and fractions take ten times as long.
    number = digits * 10**shift if shift >= 0 else simplest(Fraction(digits, 10**-shift))
    return -number if match["sign"] == "-" else number


def _fraction(groups: dict[str, str | None]) -> Exact | None:
    over = _ungrouped(groups["over"] or groups.get("o") or "")
    under = _ungrouped(groups["under"] or groups.get("u") or "")
    if over is None or not under:
        return None
    number = int(groups["whole"] or 0) + Fraction(over, under)
    return simplest(-number if groups["sign"] == "-" else number)


def _ungrouped(digits: str) -> int | None:
    if "," in digits and not re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", digits):
        return None
    return int(digits.replace(",", ""))


def words_to_number(words: Sequence[str]) -> int | None:
    """Read number words, in lower case: ``["two", "hundred", "and", "five"]`` is 205.

    ``None`` where they are not one number ("two three", "and five", no words at all).
    """
    total = current = 0
    last = "start"  # the kind of the word before, which decides what may follow
    for word in words:
        kind = _KINDS.get(word, "other")
        if kind not in _MAY_FOLLOW[last]:
            return None
        if kind in ("small", "tens"):
            current += NUMBER_WORDS[word]
        elif kind == "hundred":
            current = (current or 1) * 100
        elif kind == "scale":
            total += (current or 1) * SCALES[word]
            current = 0
        last = kind
    return None if last in ("start", "and") else total + current


_KINDS = (
    dict.fromkeys(_SMALL.split(), "small")
    | dict.fromkeys(_TENS.split(), "tens")
    | dict.fromkeys(SCALES, "scale")
    | {"hundred": "hundred", "and": "and"}
)
_MAY_FOLLOW = {
    "start": ("small", "tens", "hundred", "scale"),
    "small": ("hundred", "scale"),
    "tens": ("small", "hundred", "scale"),
    "hundred": ("small", "tens", "and", "scale"),
    "scale": ("small", "tens", "hundred", "and"),
    "and": ("small", "tens"),
}
