"""Tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import rich.table
from rich.text import Text

from neurosym.presentation.text import printable
from neurosym.tables import Table

__all__ = ["as_rich_table"]

_NUMBERS = frozenset({"samples", "vote", "slack", "shadow price"})
"""Columns whose cells stand to the right."""
_DIM = frozenset({"from"})


def as_rich_table(told: Table, styles: Sequence[str]) -> rich.table.Table:
    """A table with its title and heads, each row in its style.

    Words too long for their column go on in the next line: names may differ in their ends alone.
    """
    table = rich.table.Table(
        title=told.title,
        title_justify="left",
        header_style="bold",
        caption=Text(printable(told.below)) if told.below else None,
        caption_justify="left",
    )
    for column in told.columns:
        justify: Literal["right", "left"] = "right" if column in _NUMBERS else "left"
        table.add_column(column, justify=justify, overflow="fold")
    for row, style in zip(told.rows, styles, strict=True):
        cells = (
            Text(printable(cell), style="dim" if column in _DIM else "")
            for column, cell in zip(told.columns, row, strict=True)
        )
        table.add_row(*cells, style=style)
    return table
