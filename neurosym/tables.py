"""Tables, whatever shows them: a terminal, a text, a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TypeVar

__all__ = ["MAX_ROWS", "Table", "first_rows", "html_of_tables"]

_T = TypeVar("_T")
MAX_ROWS = 60
"""Most rows of a table that is shown."""
_CELL = 'style="text-align: left; vertical-align: top"'


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        title: What it is of.
        columns: Titles of its columns.
        rows: Its cells, row by row.
        note: What stands in its place if it has no rows.
        below: What stands below its rows.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    below: str = ""

    def without_empty_columns(self) -> Table:
        """The same without the columns that say nothing in any row, but for the first."""
        kept = [k for k in range(len(self.columns)) if not k or any(row[k] for row in self.rows)]
        rows = tuple(tuple(row[k] for k in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[k] for k in kept), rows=rows)


def first_rows(
    items: Sequence[_T], row: Callable[[_T], tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """A row for each of the first :data:`MAX_ROWS` items, and one that says how many more."""
    rows = tuple(map(row, items[:MAX_ROWS]))
    more = len(items) - len(rows)
    return (*rows, (f"… {more:,} more", *("" for _ in rows[0][1:]))) if more else rows


def html_of_tables(heading: str, tables: Iterable[Table], css_class: str) -> str:
    """Tables under a heading, within a ``div``; whatever they hold is escaped."""
    lines = [
        f'<div class="{css_class}">',
        f"<p><strong>{escape(heading)}</strong></p>",
        *(line for table in tables for line in _html(table)),
        "</div>",
    ]
    return "\n".join(lines) + "\n"


def _html(table: Table) -> Iterator[str]:
    yield "<table>"
    yield f"<caption {_CELL}>{escape(table.title)}</caption>"
    if table.rows:
        yield f"<thead>{_row('th', table.columns)}</thead>"
        yield "<tbody>"
        yield from (_row("td", row) for row in table.rows)
        yield "</tbody>"
        if table.below:
            cell = f"<td {_CELL} colspan={len(table.columns)}>{escape(table.below)}</td>"
            yield f"<tfoot><tr>{cell}</tr></tfoot>"
    else:
        yield f"<tbody>{_row('td', [table.note])}</tbody>"
    yield "</table>"


def _row(tag: str, cells: Iterable[str]) -> str:
    shown = "".join(f"<{tag} {_CELL}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{shown}</tr>"
