"""Tables in a question, as sets and parameters: their numbers are read by code, not retyped.

The first columns, which hold no numbers, name the rows; every other column of numbers becomes a
parameter over them. A table from each row to each column becomes one parameter over two sets, and
its margins (supply, demand) one over each (see :mod:`neurosym.translators.layouts`). Tables with
the same names share their set, in whatever order these stand. What is no clear number is never
guessed at: it stays in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from neurosym.formal.fol.spelling import stem, words
from neurosym.formal.optimization.language.printer import print_parameter, print_set
from neurosym.formal.optimization.model import IndexSet, Parameter
from neurosym.translators.cells import (
    Cell,
    is_missing,
    read_cell,
    remarks,
    unit_of,
    without_remarks,
)
from neurosym.translators.data_names import Names, label_of
from neurosym.translators.grids import Grid, find_grids
from neurosym.translators.layouts import (
    Between,
    between,
    is_margin,
    is_whole,
    margin_rows,
    upright,
)

__all__ = ["NO_DATA", "Data", "missing_cells", "print_data", "read_data"]

_UNKNOWN = frozenset({"", "?", "??", "tbd", "tba", "unknown", "missing"})
"""What says that a number there is, is not known; a dash may say that there is none."""
_MAX_SHORT = 2
"""Characters of a name that may stand for anything."""
_TOTAL = frozenset({"total", "totals", "sum", "overall", "all"})


@dataclass(frozen=True, slots=True)
class Data:
    """What the tables of a text give.

    Attributes:
        text: The text without them; what of a table is no number stands there in words.
        sets: Names of rows, and of columns.
        parameters: Columns of numbers, or whole tables.
    """

    text: str
    sets: tuple[IndexSet, ...] = ()
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """The names and sets that the tables of a text have so far."""

    names: Names
    sets: list[IndexSet]

    def set_of(self, labels: Sequence[str], head: str, unnamed: str = "Row") -> IndexSet:
        """The set of some names: one that an earlier table has, or a new one.

        Names as short as A and B tell nothing, so they have to be of the same kind as well, if
        both are known.
        """
        is_telling = any(len(label) > _MAX_SHORT for label in labels)
        kind = set(map(stem, words(head)))
        for known in self.sets:
            other = set(map(stem, words(known.meaning)))
            is_of_kind = kind & other or not kind or not other
            if {label for [label] in known.elements} == {*labels} and (is_telling or is_of_kind):
                return known
        head = head.strip()
        name = self.names.of_set(head or unnamed)
        found = IndexSet(name, tuple((label,) for label in labels), head)
        self.sets.append(found)
        return found


NO_DATA = Data("")
"""Of a text without tables."""


@lru_cache(maxsize=256)
def read_data(text: str) -> Data:
    """Find the tables of a text. What cannot be read as one stays in the text. Never raises."""
    lines = text.split("\n")
    known = _Known(Names(), [])
    parameters: list[Parameter] = []
    rest: list[str] = []
    done = 0
    for grid in find_grids(lines):
        found = _read(grid, known)
        if found is not None:
            parameters += found.parameters
            rest += [*lines[done : grid.first], *([found.text] if found.text else [])]
            done = grid.end
    return Data("\n".join([*rest, *lines[done:]]), tuple(known.sets), tuple(parameters))


def missing_cells(text: str) -> tuple[str, ...]:
    """What the tables of a text leave open: of columns that hold numbers else, "Cost of Flour".

    Between places an empty cell may be a way that there is not, and is none. Nor is what a margin
    does not say.
    """
    found: list[str] = []
    for grid in find_grids(text.split("\n")):
        if between(grid) is not None:
            continue
        grid = upright(grid)
        columns = [*zip(*grid.body, strict=True)]
        margins = margin_rows(columns[0])
        for head, column in zip(grid.heads[1:], columns[1:], strict=True):
            open_rows = [
                row
                for row, cell in enumerate(column)
                if _is_unknown(cell) and (cell.strip() or row not in margins)
            ]
            numbers = sum(read_cell(cell) is not None for cell in column)
            if numbers and numbers + len(open_rows) == len(column):
                found += [f"{head} of {columns[0][row]}" for row in open_rows]
    return tuple(found)


def _is_unknown(cell: str) -> bool:
    return cell.strip(" .").lower() in _UNKNOWN


def print_data(data: Data) -> str:
    """The sets and parameters in the modelling language, one a line."""
    lines = [*map(print_set, data.sets), *map(print_parameter, data.parameters)]
    return "".join(f"{line}\n" for line in lines)


def _read(grid: Grid, known: _Known) -> Data | None:
    """Sets and parameters of a table; ``None`` if its rows have no names or it has no numbers."""
    layout = between(grid)
    found = None if layout is None else _read_as(grid, known, layout)
    return found or _read_as(upright(grid), known)


def _read_as(grid: Grid, known: _Known, layout: Between | None = None) -> Data | None:
    heads = grid.heads
    columns = [*zip(*grid.body, strict=True)]
    cells = [[read_cell(text) for text in column] for column in columns]
    if any(any(column) and read_cell(head) for head, column in zip(heads, cells, strict=True)):
        return None  # the first row is no head: it holds a number as the others do
    worded = next((c for c, column in enumerate(cells) if any(column)), len(columns))
    keys, labels = _labels(columns[:worded]) or _numbered(heads[0], columns[0])
    if not labels:
        return None
    if layout is None:
        return _list(heads, labels, columns, cells, keys, known)
    if keys == 1 and len(columns) > 2:
        return _matrix(layout, labels, heads[1:], cells[1:], known)
    return None


def _list(
    heads: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[Sequence[str]],
    cells: Sequence[Sequence[Cell | None]],
    keys: int,
    known: _Known,
) -> Data | None:
    """Each column of numbers as a parameter over the rows."""
    margins = margin_rows(labels)
    rows = [r for r, x in enumerate(labels) if x.lower() not in _TOTAL and r not in margins]
    kept = [[column[r] for r in rows] for column in cells]
    whole = [c for c in range(keys, len(columns)) if is_whole(kept[c], heads[c])]
    if not rows or not whole:
        return None
    index = known.set_of([labels[r] for r in rows], heads[0])
    parameters = tuple(
        _parameter(known, heads[c], (index,), {(labels[r],): cells[c][r] for r in rows})
        for c in whole
    )
    told = [
        f"{heads[c]} of {labels[r]}: {said}."
        for c in range(keys, len(columns))
        for r in range(len(labels))
        if r not in margins
        and (said := _said(columns[c][r], kept[c]))
        and (c not in whole or r not in rows or remarks(columns[c][r]))
    ]
    told += [
        f"{labels[r]} of {heads[c]}: {columns[c][r]}."
        for r in sorted(margins)
        for c in range(keys, len(columns))
        if not is_missing(columns[c][r])
    ]
    return Data("\n".join(told), (index,), parameters)


def _said(text: str, column: Iterable[Cell | None]) -> str:
    """What a cell says in words; among numbers, that there is none."""
    return "not given" if is_missing(text) and any(column) else text


def _matrix(
    layout: Between,
    labels: Sequence[str],
    heads: Sequence[str],
    cells: Sequence[Sequence[Cell | None]],
    known: _Known,
) -> Data | None:
    """A table from rows to columns as one parameter, its margins as one for each side."""
    named = _labels([heads])
    if named is None:
        return None
    across = named[1]
    down = [r for r, label in enumerate(labels) if not is_margin(label)]
    right = [c for c, head in enumerate(heads) if not is_margin(head)]
    inside = {(labels[r], across[c]): cells[c][r] for r in down for c in right}
    margins = [[cells[c][r] for r in down] for c in range(len(heads)) if c not in right]
    margins += [[cells[c][r] for c in right] for r in range(len(labels)) if r not in down]
    if not inside or not all(map(is_whole, [[*inside.values()], *margins])):
        return None
    places, others = [labels[r] for r in down], [across[c] for c in right]
    rows = columns = known.set_of(places, layout.down)
    if {*others} != {*places}:
        columns = known.set_of(others, layout.across, "Column")
    parameters = [_parameter(known, layout.what, (rows, columns), inside)]
    for c, head in enumerate(heads):
        if c not in right:
            values = {(labels[r],): cells[c][r] for r in down}
            parameters.append(_parameter(known, head, (rows,), values))
    for r, label in enumerate(labels):
        if r not in down:
            given = {(across[c],): cells[c][r] for c in right}
            parameters.append(_parameter(known, label, (columns,), given))
    return Data("", (rows,) if rows is columns else (rows, columns), tuple(parameters))


def _parameter(
    known: _Known,
    head: str,
    over: Sequence[IndexSet],
    cells: Mapping[Any, Cell | None],
) -> Parameter:
    given = {key: cell for key, cell in cells.items() if cell is not None}
    measured = [cell for cell in given.values() if cell.unit]
    return Parameter(
        known.names.of_parameter(without_remarks(head)),
        tuple(item.name for item in over),
        {key: cell.value for key, cell in given.items()},
        unit_of(head, measured or given.values()),
        head,
    )


def _labels(columns: Sequence[Sequence[str]]) -> tuple[int, list[str]] | None:
    """How many of a row's first cells tell the rows apart, and the rows' names made of these."""
    for count in range(1, len(columns) + 1):
        found = [label_of(" ".join(row)) for row in zip(*columns[:count], strict=True)]
        if all(found) and len(set(found)) == len(found):
            return count, found
    return None


def _numbered(head: str, column: Sequence[str]) -> tuple[int, list[str]]:
    """Names of rows that are counted one by one in their first cells; none if they are not."""
    if not column[0].isdecimal() or len(column[0]) > 4:
        return 0, []
    first = int(column[0])
    if list(column) != [str(first + step) for step in range(len(column))]:
        return 0, []
    return 1, [f"{label_of(head) or 'row'}_{n}" for n in column]
