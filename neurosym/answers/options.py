"""The options of a multiple-choice question, with their letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosym.answers.reading import Choice

__all__ = ["read_options"]

_LETTERS = "ABCDEFGHIJ"
_LETTERED = re.compile(r"\s*\(?([A-Ja-j])\s*[).:]\s*(.*)", re.DOTALL)


def read_options(choices: Sequence[str]) -> tuple[Choice, ...]:
    """Read options that carry their letters ("A) 12"), or give letters to bare texts in order.

    They carry letters only if all do, each its own: "D.C." beside "Oslo" is no option D.
    """
    matches = [match for text in choices if (match := _LETTERED.fullmatch(text))]
    letters = [match[1].upper() for match in matches]
    if len(set(letters)) == len(choices):
        return tuple(Choice(match[1].upper(), match[2]) for match in matches)
    return tuple(
        Choice(_LETTERS[index] if index < len(_LETTERS) else str(index + 1), text)
        for index, text in enumerate(choices)
    )
