"""The options of a multiple-choice question, with their letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from neurosym.answers.reading import Choice

__all__ = ["read_options", "split_options"]

_LETTERS = "ABCDEFGHIJ"
_LETTERED = re.compile(r"\s*\(?([A-Ja-j])\s*[).:]\s*(.*)", re.DOTALL)


# Letters with a dot are also initials, and those with a colon labels of other things.
_OWN_LINE = re.compile(r"^[ \t]*\(?([A-J])[).:][ \t]+(?=\S)", re.MULTILINE)
_IN_LINE = re.compile(r"(?<!\S)(?:\(([A-J])\)|([A-J])\))\s+(?=\S)")


def split_options(question: str) -> tuple[str, tuple[str, ...]]:
    """A question without the options that it ends with, and those ("A) 12"); often there are none.

    They are lettered from A on without a gap, each on a line of its own or one after the other, and
    something is asked before them.
    """
    for pattern in (_OWN_LINE, _IN_LINE):
        marks = list(pattern.finditer(question))
        # Letters that come earlier, such as those of people, are not among the last ones in order.
        for first in reversed(range(len(marks) - 1)):
            letters = "".join(mark[mark.lastindex or 0] for mark in marks[first:])
            if letters.startswith("A") and letters == _LETTERS[: len(letters)]:
                starts = [mark.start() for mark in marks[first:]]
                stops = [*starts[1:], len(question)]
                found = tuple(question[i:j].strip() for i, j in zip(starts, stops, strict=True))
                asked = question[: starts[0]].rstrip()
                if asked and "\n\n" not in found[-1]:
                    return asked, found
    return question, ()


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
