"""Answers to questions of logic: True, False, Uncertain, or the letter of an option."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.answers.options import read_options
from neurosym.values import Value

__all__ = ["VerdictComparison"]

_SAME = {"unknown": "uncertain", "undetermined": "uncertain", "yes": "true", "no": "false"}


class VerdictComparison:
    """Says which verdicts are the same; see :class:`neurosym.runtime.domain.Comparison`.

    Case does not matter, and what one data set calls Unknown another calls Uncertain.
    """

    async def group(self, values: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equal answers, from 0 in the order first seen; no answer gets -1."""
        seen: dict[str, int] = {}
        return tuple(
            -1 if value is None else seen.setdefault(_plain(value), len(seen)) for value in values
        )

    async def matches(self, answer: Value, gold: Value, choices: Sequence[str] = ()) -> bool:
        """Whether an answer is right: the gold's own, or the letter or text of its option."""
        if answer is None or gold is None:
            return False
        return bool(_readings(answer, choices) & _readings(gold, choices))


def _plain(value: Value) -> str:
    text = str(value).strip().casefold()
    return _SAME.get(text, text)


def _readings(value: Value, choices: Sequence[str]) -> set[str]:
    plain = _plain(value)
    for option in read_options(choices):
        if plain in (_plain(option.letter), _plain(option.text)):
            return {_plain(option.letter), _plain(option.text)}
    return {plain}
