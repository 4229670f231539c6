"""Lists and premises in the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

__all__ = ["join_words", "name_premises"]

_MAX_NUMBERS = 12
"""Premises that are named one by one; more are told by runs, and of very many only some."""


def join_words(words: Sequence[str]) -> str:
    """Words as a list in a sentence: ``2, 4 and 5``."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f" and {words[-1]}"


def name_premises(places: Sequence[int]) -> str:
    """Premises by their numbers: ``premises 1, 3 and 5``; of many, runs of neighbours.

    Args:
        places: Their places, from 0, ascending.
    """
    noun = "premise" if len(places) == 1 else "premises"
    words = [str(i + 1) for i in places]
    if len(places) > _MAX_NUMBERS:
        words = list(_runs(places))
    if len(words) > _MAX_NUMBERS:
        words = [*words[:_MAX_NUMBERS], f"others ({len(places):,} in all)"]
    return f"{noun} {join_words(words)}"


def _runs(places: Sequence[int]) -> Iterator[str]:
    """Ascending places as numbers from 1, neighbours put together."""
    for _, run in groupby(enumerate(places), lambda item: item[1] - item[0]):
        places = [place + 1 for _, place in run]
        if len(places) > 2:
            yield f"{places[0]} to {places[-1]}"
        else:
            yield from map(str, places)
