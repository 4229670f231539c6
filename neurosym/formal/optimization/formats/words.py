"""Models in plain words, for somebody who plans and does not program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.optimization.formats.wording import tables_of
from neurosym.formal.optimization.model import Model
from neurosym.tables import Table

__all__ = ["WIDTH", "print_words"]

WIDTH = 100
"""Characters of a line where no terminal says how wide it is."""
_GAP = 2
_LEAST = 6
"""A column is not made narrower than this."""


def print_words(model: Model, width: int = WIDTH) -> str:
    """A model as tables in words.

    They say what is decided, what is given, what is best, and of each constraint what it says and
    which sentence it comes from.

    Args:
        model: The model.
        width: Most characters of a line, for which columns give way as far as they can be read.
    """
    blocks = [[one_line(model.name)], *(list(_table(table, width)) for table in tables_of(model))]
    lines = [line.rstrip() for block in blocks for line in [*block, ""]]
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(table: Table, width: int) -> Iterator[str]:
    yield table.title.upper()
    if not table.rows:
        yield table.note
        return
    widths = _widths([table.columns, *table.rows], width)
    yield from _lines(table.columns, widths)
    yield (" " * _GAP).join("-" * each for each in widths)
    for row in table.rows:
        yield from _lines(row, widths)


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of columns: what they need, or what is left for them.

    The widest columns give way, one character at a time in effect: those that need no more than an
    even share of the room keep what they need.
    """
    needed = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = width - _GAP * (len(needed) - 1)
    found = [0] * len(needed)
    # From the narrowest on, since what it leaves is for the wider ones.
    order = sorted(range(len(needed)), key=needed.__getitem__)
    for place, column in enumerate(order):
        share = room // (len(order) - place)
        found[column] = min(needed[column], max(share, _LEAST))
        room -= found[column]
    return found


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """A row, on as many lines as its longest cell takes."""
    cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        shown = [
            (cell[number] if number < len(cell) else "").ljust(width)
            for cell, width in zip(cells, widths, strict=True)
        ]
        yield (" " * _GAP).join(shown)
