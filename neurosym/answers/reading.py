"""What an answer says: text read as a number, a quantity, a date, a choice, a collection.

Pure, total and linear in the length of the text, which is capped: longer text is never interpreted.
Nothing here is symbolic; what stays text may still be mathematics (see :mod:`.symbolic`).
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from neurosym.answers.cleaning import clean
from neurosym.answers.numerals import SCALES, Exact, parse_number, simplest, words_to_number
from neurosym.answers.units import Unit, noun_unit, parse_unit, singular
from neurosym.values import MAX_DEPTH, Value

__all__ = ["MAX_ANSWER_TEXT", "Choice", "Interval", "Quantity", "Reading", "read"]

MAX_ANSWER_TEXT = 1000
"""Longest text that is interpreted, in characters; longer text only equals itself."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as written: "12 km", "$5", "45%", "3 apples"."""

    number: Exact
    unit: Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """A lettered option with its text: "B) 12". A letter alone is plain text."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends in brackets: "[1, 2)". "(1, 2)" may as well mean a pair."""

    brackets: str
    ends: tuple[Exact | float, Exact | float]


Reading: TypeAlias = (
    None
    | bool
    | int
    | float
    | Fraction
    | str
    | datetime.date
    | datetime.time
    | Quantity
    | Choice
    | Interval
    | tuple["Reading", ...]
    | frozenset["Reading"]
    | dict[str, "Reading"]
)
"""A value with its text interpreted."""

# Above this, a float no longer holds every integer, so it doesn't say which one is meant.
_EXACT_FLOAT = 2.0**53
_MAX_FRACTION_BITS = 4096


def read(value: Value) -> Reading:
    """Interpret a value. Never raises on plain data.

    ``None`` stands for no answer at all; NaN and blank text are none either. A collection of one
    element reads as that element: solvers return ``[5]`` where a person says 5.
    """
    return _read(value, 0)


def _read(value: Value, depth: int) -> Reading:
    if value is None or isinstance(value, bool | int | datetime.date):
        return value
    if isinstance(value, float):
        return _read_float(value)
    if isinstance(value, Fraction):
        return _read_fraction(value)
    if isinstance(value, str):
        return _read_text(value)
    if depth >= MAX_DEPTH:  # deeper than a value may be; nothing sends such a thing on
        return None
    if isinstance(value, tuple):
        members = tuple(_read(item, depth + 1) for item in value)
        return members[0] if len(members) == 1 else members
    if isinstance(value, frozenset):
        unique = frozenset(_read(item, depth + 1) for item in value)
        return next(iter(unique)) if len(unique) == 1 else unique
    return {key: _read(item, depth + 1) for key, item in value.items()}


def _read_float(value: float) -> Reading:
    if math.isnan(value):
        return None
    return int(value) if abs(value) <= _EXACT_FLOAT and value.is_integer() else value


def _read_fraction(value: Fraction) -> Reading:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) <= _MAX_FRACTION_BITS:
        return simplest(value)
    # Arithmetic on longer fractions is slow, and nobody's answer needs their last digits.
    try:
        return _read_float(value.numerator / value.denominator)
    except OverflowError:
        return value.numerator // value.denominator


def _read_text(text: str) -> Reading:
    if len(text) > MAX_ANSWER_TEXT:
        return text
    text = clean(text)
    if not text:
        return None
    for reader in _READERS_OF_BRACKETS if text[0] in _CLOSING else _READERS:
        found = reader(text)
        if found is not None:
            return found
    return text


_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}
_INFINITIES = {
    sign + name: math.copysign(math.inf, -1 if sign == "-" else 1)
    for sign in ("", "+", "-")
    for name in ("inf", "infinity", "oo", "∞", "\\infty")
}


def _constant(text: str) -> Reading:
    word = text.casefold()
    found = _BOOLEANS.get(word)
    return _INFINITIES.get(word) if found is None else found


_SPLIT_WORDS = re.compile(r"[\s-]+")


def _number_words(text: str) -> Reading:
    return words_to_number(_SPLIT_WORDS.split(text.casefold())) if text[0].isalpha() else None


# A number, then what is counted. The number may hold spaces, so the split is at the last digit that
# a sign, a letter or a space and a letter follow.
_NUMBER_THEN_UNIT = re.compile(
    r"([+-]?[\s0-9.,_/⁄*×x^]*[0-9]\.?(?:[eE][+-]?[0-9]+)?)\s*([^\s0-9+*/=<>(){}\[\],][^0-9+*=<>]*[23]?\}?)"
)
_CURRENCY_BEFORE = re.compile(
    r"([+-]?)\s*(US\$|[$€£¥₹]|USD|EUR|GBP|Rs\.?|INR)\s*([+-]?)\s*([0-9.].*)"
)
# Words that never name a thing counted, and mathematics that only looks like one.
_NOT_NOUNS = frozenset(
    {"and", "more", "less", "than", "too", "plus", "minus", "times", "over", "the", "for", "out"}
    | {"sqrt", "sin", "cos", "tan", "log", "exp", "inf", "infinity", "mod"}
)
_NOUN_PHRASE = re.compile(r"(?:[^\W\d_]+(?:[\s-]+|$)){1,4}")
_COMPOUND = re.compile(
    r"[0-9][0-9.,/]*\s*[A-Za-z]+\.?(?:(?:\s*,\s*|\s+and\s+|\s+)[0-9][0-9.,/]*\s*[A-Za-z]+\.?)+"
)
_COMPOUND_PART = re.compile(r"([0-9][0-9.,/]*)\s*([A-Za-z]+)")


def _quantity(text: str) -> Reading:
    if match := _CURRENCY_BEFORE.fullmatch(text):
        return _money(match)
    if _COMPOUND.fullmatch(text):
        return _compound(text)
    match = _NUMBER_THEN_UNIT.fullmatch(text)
    if match is None:
        return None
    number = parse_number(match[1])
    return None if number is None else _counted(number, match[2])


def _money(match: re.Match[str]) -> Reading:
    sign, symbol, inner_sign, rest = match.groups()
    unit = parse_unit(symbol.removeprefix("US"))
    if unit is None:  # pragma: no cover - every symbol of the pattern is in the table
        return None
    amount = parse_number(rest)
    if amount is None:
        head, _, tail = rest.partition(" ")
        amount = parse_number(head)
        scale = SCALES.get(singular(tail.strip().casefold()))
        named = tail and parse_unit(tail)  # "$5 dollars", "5 USD" written twice
        if amount is None or not (scale or named == unit):
            return None
        amount *= scale or 1
    return Quantity(-amount if (sign == "-") != (inner_sign == "-") else amount, unit)


def _counted(number: Exact, tail: str) -> Reading:
    """Read a number with words after it, or give ``None``."""
    words = tail.split()
    scale = SCALES.get(singular(words[0].casefold())) if words else None
    if scale:
        number, words = simplest(Fraction(number * scale)), words[1:]
        if not words:
            return number
    # "5 hours later", "45% of them": the longest known unit in front counts.
    for length in range(min(len(words), 4), 0, -1):
        unit = parse_unit(" ".join(words[:length]))
        if unit is not None and (length == len(words) or len(words[0]) > 2 or words[0] == "%"):
            return Quantity(number, unit)
    noun = words[-1].casefold() if words else ""
    if not _NOUN_PHRASE.fullmatch(" ".join(words)) or len(singular(noun)) < 3:
        return None
    if any(singular(word.casefold()) in _NOT_NOUNS for word in words):
        return None
    return Quantity(number, noun_unit(noun))


def _compound(text: str) -> Reading:
    """Read "1 hour 30 minutes" or "5 ft 10 in" as a quantity in the first unit."""
    total: Exact = 0
    first: Unit | None = None
    for digits, name in _COMPOUND_PART.findall(text):
        number, unit = parse_number(digits.rstrip(".,")), parse_unit(name)
        if number is None or unit is None or (first and unit.dims != first.dims):
            return None
        first = first or unit
        total += number * unit.size / first.size
    return Quantity(simplest(Fraction(total)), first) if first else None


_MONTH_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug"
    "|september sep sept|october oct|november nov|december dec"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        _MONTH_NAMES.split("|"),
        start=1,
    )
    for name in names.split()
}
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\s*,?\s+)?"
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_NAMED = re.compile(
    _WEEKDAY + r"([0-9]{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?\s*,?\s+([0-9]{4})"
)
_MONTH_NAMED = re.compile(
    _WEEKDAY + r"([a-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?\s*,?\s+([0-9]{4})"
)


def _date(text: str) -> Reading:
    text = text.casefold()
    if match := _YEAR_FIRST.fullmatch(text):
        return _make_date(match[1], match[3], match[4])
    if match := _YEAR_LAST.fullmatch(text):
        # Slashes are American, month first; dots are European, day first. The other order is
        # taken where that one is no date.
        first, second = (match[3], match[1]) if match[2] == "." else (match[1], match[3])
        return _make_date(match[4], first, second) or _make_date(match[4], second, first)
    if match := _DAY_NAMED.fullmatch(text):
        return _make_date(match[3], str(_MONTHS.get(match[2], 0)), match[1])
    if match := _MONTH_NAMED.fullmatch(text):
        return _make_date(match[3], str(_MONTHS.get(match[1], 0)), match[2])
    return None


def _make_date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


_CLOCK = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5][0-9]))?\s*([ap])\.?\s?m\.?", re.IGNORECASE)
_CLOCK_24 = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")


def _clock(text: str) -> Reading:
    """Read "9:40 pm" and "21:40"; a time that doesn't say which half of the day is of the first."""
    if match := _CLOCK.fullmatch(text):
        return datetime.time(int(match[1]) % 12 + 12 * (match[3] in "pP"), int(match[2] or 0))
    if match := _CLOCK_24.fullmatch(text):
        return datetime.time(int(match[1]), int(match[2]), int(match[3] or 0))
    return None


_LETTER_ALONE = re.compile(r"(?:(?:option|choice)\s+)?\(?([A-Ja-j])\s*[).:]?", re.IGNORECASE)
_LETTERED = re.compile(r"(?:option\s+|choice\s+)?(?:\(([A-Ja-j])\)|([A-J])\s*[).:])\s*(\S.*)")


def _choice(text: str) -> Reading:
    if len(text) > 1 and (match := _LETTER_ALONE.fullmatch(text)):
        return match[1].upper()
    if match := _LETTERED.fullmatch(text):
        rest = clean(match[3])
        # An option of an option is none, and reading a thousand of them one by one would not end
        # well.
        if rest and not _LETTERED.fullmatch(rest):
            return Choice((match[1] or match[2]).upper(), rest)
    return None


_ASSIGNMENT = re.compile(r"[A-Za-z]\w{0,20}\s*=\s*([^=]+)")


def _assigned(text: str) -> Reading:
    """Read "x = 5" as 5; anything but a number on the right is left to a symbolic engine."""
    match = _ASSIGNMENT.fullmatch(text)
    return parse_number(match[1]) if match else None


_MAX_NESTING = 8
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def _collection(text: str) -> Reading:
    opened = text.startswith("\\{") and text.endswith("\\}")
    inner = text[2:-2] if opened else text[1:-1]
    first, last = ("{", "}") if opened else (text[0], text[-1])
    if len(text) < 2 or first not in _CLOSING or last not in ")]}":
        return None
    parts = _split(inner)
    if parts is None:
        return None
    if len(parts) == 2 and first in "([" and last in ")]":
        low, high = map(_end, parts)
        if low is not None and high is not None:
            return Interval(first + last, (low, high))
    if last != _CLOSING[first]:
        return None
    if parts == [""]:
        return frozenset() if first == "{" else ()
    members = [_read_text(part) for part in parts]
    if None in members or any(isinstance(member, dict) for member in members):
        return None
    if len(members) == 1:
        return members[0]
    return frozenset(members) if first == "{" else tuple(members)


def _end(text: str) -> Exact | float | None:
    number = parse_number(text)
    if number is not None:  # most often, and cleaning takes longer than reading
        return number
    text = clean(text)
    number = parse_number(text)
    return _INFINITIES.get(text.casefold()) if number is None else number


def _split(inner: str) -> list[str] | None:
    """Split at the commas outside brackets; ``None`` where these are unbalanced or too deep."""
    parts, start, level = [], 0, 0
    for index, char in enumerate(inner):
        if char in "([{":
            level += 1
            if level > _MAX_NESTING:
                return None
        elif char in ")]}":
            level -= 1
            if level < 0:
                return None
        elif char == "," and level == 0:
            parts.append(inner[start:index].strip())
            start = index + 1
    parts.append(inner[start:].strip())
    return parts if level == 0 else None


# In this order: "3/4/2024" is no fraction, "B) 12" no interval.
_READERS: tuple[Callable[[str], Reading], ...] = (
    parse_number,
    _constant,
    _quantity,
    _date,
    _clock,
    _choice,
    _number_words,
    _collection,
    _assigned,
)
_READERS_OF_BRACKETS = (_choice, _collection)
"""Those that can read what begins with a bracket."""
