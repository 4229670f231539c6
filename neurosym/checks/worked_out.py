"""Numbers that a model may hold because somebody worked them out of what the text says.

A price of 6 and a cost of 2 make a profit of 4, "8 hours a day for 5 days with 6 machines" make 240
hours. Such a number is in no text, and no mistake either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.translators.cues import forms_of

__all__ = ["worked_out"]

_MAX_NUMBERS = 12
"""Numbers of a sentence that are combined; more of them come to everything."""
_MAX_MEASURED = 40
"""Numbers of a text with units that are combined."""


def worked_out(
    sentences: Iterable[str], wanted: frozenset[Fraction]
) -> Iterator[tuple[Fraction, tuple[Mention, ...]]]:
    """Which wanted numbers one step of arithmetic makes, and of what.

    Of the numbers of one sentence sums, differences, quotients, and products of two or three; of
    those measured alike anywhere in the text sums and differences.

    Args:
        sentences: The text.
        wanted: The numbers to explain.
    """
    measured: list[Mention] = []
    for sentence in sentences:
        found = [item for item in find_mentions(sentence) if item.weight is not Weight.INCIDENTAL]
        found = [item for item in found if item.values][:_MAX_NUMBERS]
        measured += [item for item in found if item.unit not in (None, PERCENT)]
        for size in (2, 3):
            for some in combinations(found, size):
                yield from ((value, some) for value in _combined(some) if value in wanted)
    for one, other in combinations(measured[:_MAX_MEASURED], 2):
        if one.unit == other.unit:
            sums = (one.amount + other.amount, abs(one.amount - other.amount))
            yield from ((value, (one, other)) for value in sums if value in wanted)


def _combined(some: Sequence[Mention]) -> Iterator[Fraction]:
    """What some numbers make; of percentages, as shares."""
    for values in product(*map(_values, some)):
        yield _product(values)
        if len(values) == 2:
            one, other = values
            yield from (one + other, abs(one - other))
            if one and other:
                yield from (one / other, other / one)


def _values(mention: Mention) -> list[Fraction]:
    is_share = mention.unit == PERCENT
    return [value for value in forms_of(mention) if not is_share or value != mention.amount]


def _product(values: Iterable[Fraction]) -> Fraction:
    result = Fraction(1)
    for value in values:
        result *= value
    return result
