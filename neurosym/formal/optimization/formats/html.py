"""Models as tables in HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.optimization.formats.wording import Sheet, sheets
from neurosym.formal.optimization.model import Model

__all__ = ["html_of"]

_CELL = 'style="text-align: left; vertical-align: top"'


def html_of(model: Model) -> str:
    """A model in words, as tables within a ``div``; whatever the model holds is escaped."""
    lines = [
        '<div class="neurosym-model">',
        f"<p><strong>{escape(one_line(model.name))}</strong></p>",
        *(line for sheet in sheets(model) for line in _table(sheet)),
        "</div>",
    ]
    return "\n".join(lines) + "\n"


def _table(sheet: Sheet) -> Iterator[str]:
    yield "<table>"
    yield f"<caption {_CELL}>{escape(sheet.title)}</caption>"
    if sheet.rows:
        yield f"<thead>{_row('th', sheet.columns)}</thead>"
        yield "<tbody>"
        yield from (_row("td", row) for row in sheet.rows)
        yield "</tbody>"
    else:
        yield f"<tbody>{_row('td', [sheet.note])}</tbody>"
    yield "</table>"


def _row(tag: str, cells: Iterable[str]) -> str:
    shown = "".join(f"<{tag} {_CELL}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{shown}</tr>"
