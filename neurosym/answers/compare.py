"""Whether two readings are the same answer, as far as that shows without a symbolic engine.

**Numbers.** Two integers must be equal: a count of 1,000,001 is not 1,000,000. Otherwise they may
differ by 1e-6 of the larger, which forgives rounding to six digits, but by no more than 1e-3, so
that cents and counts stay apart in large numbers; and always by 1e-12 of the larger, the rounding
noise of long sums. Zero equals noise up to 1e-12.

**Units.** A unit that only one side writes says nothing: "12 km" is 12. Units of one dimension are
converted: "1.5 hours" is "90 minutes", "50 cents" is "$0.50". Others differ. A noun that is no unit
("12 apples") counts as a unit of its own.

**Percent.** "45%" is "45 percent", and, since one side wrote the sign, both 45 and 0.45. Without a
sign, 45 and 0.45 differ.

**Collections.** Sequences compare in order. A set says that order doesn't matter, so it equals a
sequence with the same members. A pair of plain data equals an interval with the same ends, since
nothing says which is meant; two intervals must have the same brackets.

Booleans are not numbers, nor are clock times: "12:30" is no fraction. Words compare without regard
to case. No answer equals nothing.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from neurosym.answers.reading import (
    MAX_ANSWER_TEXT,
    Choice,
    Interval,
    Quantity,
    Reading,
    read,
)
from neurosym.answers.units import PERCENT

__all__ = [
    "RELATIVE_TOLERANCE",
    "SCORING_TOLERANCE",
    "Number",
    "compare",
    "is_number",
    "numbers_same",
    "tolerance",
]

RELATIVE_TOLERANCE = 1e-6
"""How much two inexact numbers may differ, as a part of the larger."""
SCORING_TOLERANCE = 1e-3
"""PAL's absolute tolerance for scoring (arXiv:2211.10435), and the cap on the relative one."""
_NOISE = 1e-12
_PLAIN = (bool, datetime.date, datetime.time)  # which equal nothing of another type
_MAX_PAIRS = 4096  # pairs of members, those of members included, that are tried for sets

Number: TypeAlias = int | float | Fraction
"""Any real number; booleans are not meant."""


def is_number(reading: object) -> TypeGuard[Number]:
    """Whether it is a number; a boolean is none."""
    return isinstance(reading, int | float | Fraction) and not isinstance(reading, bool)


def tolerance(magnitude: float) -> float:
    """How far two inexact numbers of this magnitude may be apart and still be one answer."""
    if magnitude == 0:
        return _NOISE
    return max(min(RELATIVE_TOLERANCE * magnitude, SCORING_TOLERANCE), _NOISE * magnitude)


def numbers_same(a: Number, b: Number) -> bool:
    """Whether two numbers are one answer (see the module's description)."""
    if a == b:
        return True
    if isinstance(a, int) and isinstance(b, int):
        return False
    try:
        x, y = float(a), float(b)
    except OverflowError:  # an integer beyond floats, against anything but itself
        return False
    if math.isinf(x) or math.isinf(y):
        return False
    if a == 0 or b == 0:
        return abs(x - y) <= _NOISE
    # Floats would round 1/3 - 0.333333 to either side of the tolerance; a last bit decides.
    return abs(x - y) <= tolerance(max(abs(x), abs(y))) * (1 + 1e-9)


def compare(a: Reading, b: Reading) -> bool | None:
    """Whether two readings are the same answer; ``None`` where only symbols can tell."""
    return False if a is None or b is None else _compare(a, b)


def _compare(a: Reading, b: Reading) -> bool | None:
    """Compare as :func:`compare` does, except that inside collections nothing equals nothing."""
    if a is None or b is None:
        return a is b
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Choice):
            return _compare_choice(one, other)
    if isinstance(a, _PLAIN) or isinstance(b, _PLAIN):
        return type(a) is type(b) and a == b
    if isinstance(a, str) or isinstance(b, str):
        return _compare_text(a, b)
    if isinstance(a, dict) or isinstance(b, dict):
        return _compare_mappings(a, b)
    if isinstance(a, tuple | frozenset | Interval) or isinstance(b, tuple | frozenset | Interval):
        return _compare_collections(a, b)
    return _compare_quantities(a, b)


def _compare_choice(choice: Choice, other: Reading) -> bool | None:
    if isinstance(other, Choice):
        # "B) 12" against "B) 13" is a contradiction, as are two people called J.
        return choice.letter == other.letter and (
            compare(read(choice.text), read(other.text)) is not False
        )
    if isinstance(other, str) and len(other) == 1 and other.isalpha():
        return choice.letter == other.upper()
    return compare(read(choice.text), other) if len(choice.text) < MAX_ANSWER_TEXT else False


def _compare_quantities(a: Reading, b: Reading) -> bool:
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        if a.unit.dims != b.unit.dims:
            return False
        return numbers_same(a.number, b.number * (b.unit.size / a.unit.size))
    if isinstance(b, Quantity):
        a, b = b, a
    if isinstance(a, Quantity):
        assert isinstance(b, int | float | Fraction)
        if a.unit == PERCENT and numbers_same(Fraction(a.number) / 100, b):
            return True
        return numbers_same(a.number, b)
    assert isinstance(a, int | float | Fraction) and isinstance(b, int | float | Fraction)
    return numbers_same(a, b)


# Two words in a row: prose, which no symbolic engine can compare.
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}\s+[A-Za-z]{3,}")
_SYMBOLS = re.compile(r"[0-9\\^*+/=<>(){}\[\]|√π∞∪∩]|(?<![A-Za-z])(?:[A-Za-z]|pi|sqrt)(?![A-Za-z])")


def _is_mathematics(text: str) -> bool:
    return bool(len(text) <= MAX_ANSWER_TEXT and _SYMBOLS.search(text) and not _PROSE.search(text))


def _compare_text(a: Reading, b: Reading) -> bool | None:
    if isinstance(a, str) and isinstance(b, str):
        if a == b:
            return True
        if "\\" not in a and a.casefold() == b.casefold():
            return True
        if len(a) == len(b) == 1:  # two letters of options, or two variables
            return False
        return None if _is_mathematics(a) and _is_mathematics(b) else False
    text, other = (a, b) if isinstance(a, str) else (b, a)
    assert isinstance(text, str)
    if isinstance(other, dict):
        return False
    return None if _is_mathematics(text) else False


def _compare_mappings(a: Reading, b: Reading) -> bool | None:
    if not isinstance(a, dict) or not isinstance(b, dict) or a.keys() != b.keys():
        return False
    return _all(_compare(a[key], b[key]) for key in a)


def _compare_collections(a: Reading, b: Reading) -> bool | None:
    if isinstance(a, Interval) and isinstance(b, Interval):
        return a.brackets == b.brackets and all(map(numbers_same, a.ends, b.ends))
    a = a.ends if isinstance(a, Interval) else a
    b = b.ends if isinstance(b, Interval) else b
    if not isinstance(a, tuple | frozenset) or not isinstance(b, tuple | frozenset):
        return False
    if len(a) != len(b):
        return False
    if isinstance(a, tuple) and isinstance(b, tuple):
        return _all(map(_compare, a, b))
    return _compare_unordered(a, b)


_Collection: TypeAlias = tuple[Reading, ...] | frozenset[Reading]


def _compare_unordered(a: _Collection, b: _Collection) -> bool | None:
    x, y = ([item for item in items if is_number(item)] for items in (a, b))
    if len(x) == len(a) and len(y) == len(b):
        return all(map(numbers_same, sorted(x), sorted(y)))
    if _leaves(a) * _leaves(b) > _MAX_PAIRS:  # which bounds the work, nested sets included
        return a == b
    answers = [[_compare(item, other) for other in b] for item in a]
    if _pair_up([[answer is True for answer in row] for row in answers]):
        return True
    return None if _pair_up([[answer is not False for answer in row] for row in answers]) else False


def _pair_up(edges: list[list[bool]]) -> bool:
    """Whether each row can have a column of its own, by augmenting paths (Kuhn 1955).

    Taking the first that fits would not do: 12 fits both "12 km" and "12 miles", of which one may
    fit nothing else.
    """
    owner: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for column, edge in enumerate(edges[row]):
            if edge and column not in tried:
                tried.add(column)
                if column not in owner or place(owner[column], tried):
                    owner[column] = row
                    return True
        return False

    return all(place(row, set()) for row in range(len(edges)))


def _leaves(items: _Collection) -> int:
    return sum(_leaves(item) if isinstance(item, tuple | frozenset) else 1 for item in items) or 1


def _all(answers: Iterable[bool | None]) -> bool | None:
    undecided = False
    for answer in answers:
        if answer is False:
            return False
        undecided = undecided or answer is None
    return None if undecided else True
