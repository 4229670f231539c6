"""Answers that are intervals, as numbers, and how much of two of them differs."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from neurosym.answers.reading import Interval, read

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = ["Span", "span_of", "spans_differ"]

Span: TypeAlias = tuple[float, float, float, float]
"""Halves of the lower and the upper end, and 1 for each of them that is closed, else 0.

Halves, since two whole ends may be too far apart for a float.
"""


@lru_cache(maxsize=1024)
def span_of(text: str) -> Span | None:
    """The interval that a text such as ``"[2, 5)"`` is.

    ``None`` if it is none, or one that holds nothing: ``"(5, 2)"`` rather means a pair.
    """
    if "," not in text or not ("(" in text or "[" in text):
        return None  # reading it would take longer
    found = read(text)
    if not isinstance(found, Interval):
        return None
    try:
        low, high = (float(end) / 2 for end in found.ends)
    except OverflowError:
        return None
    is_point = low == high and found.brackets == "[]" and math.isfinite(low)
    first, last = (float(bracket in "[]") for bracket in found.brackets)
    return (low, high, first, last) if low < high or is_point else None


def spans_differ(one: Array, other: Array) -> Array:
    """How much of two intervals differs, in [0, 1]: 0 if they are the same, 1 if they are apart.

    The part of their union that only one of them has, or a quarter for each bracket that differs if
    that is more, since the length of a point is 0. Where both are infinitely long, the part of
    their two ends that differs, as their lengths say nothing; of one that is, another that is not
    has no part worth naming. Each of these is a distance, and so is the greatest of them.

    Args:
        one: Spans; … × 4.
        other: As many others, or what numpy makes as many.
    """
    import numpy as np

    low, high = one[..., 0], one[..., 1]
    its_low, its_high = other[..., 0], other[..., 1]
    is_short, is_too = np.isfinite(high - low), np.isfinite(its_high - its_low)
    with np.errstate(invalid="ignore"):  # of infinite ends, and of points
        shared = np.minimum(high, its_high) - np.maximum(low, its_low)
        either = np.maximum(high, its_high) - np.minimum(low, its_low)
        short = 1 - np.maximum(shared, 0) / either
    differs = one != other
    ends = (differs[..., 0] + 1.0 * differs[..., 1]) / 2
    length = np.where(is_short & is_too, short, np.where(is_short | is_too, 1.0, ends))
    brackets = (differs[..., 2] + 1.0 * differs[..., 3]) / 4
    found: Array = np.maximum(np.where(ends > 0, length, 0.0), brackets)
    return found
