"""Tables in a question, as sets and parameters: their numbers are read by code, not retyped.

The first columns, which hold no
numbers, name the rows; every other column of numbers becomes a parameter over them. A table from
each row to each column ("Plant / Market") becomes one parameter over two sets, and its margins
(supply, demand) one over each. Tables with the same names share their set, in whatever order these
stand. What is no clear number is never guessed at: it stays in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from neurosym.formal.fol.spelling import stem, words
from neurosym.formal.optimization.language.printer import print_parameter, print_set
from neurosym.formal.optimization.model import IndexSet, Parameter
from neurosym.translators.cells import Cell, read_cell, remarks, unit_of, without_remarks
from neurosym.translators.data_names import Names, label_of
from neurosym.translators.grids import Grid, find_grids

__all__ = ["NO_DATA", "Data", "missing_cells", "print_data", "read_data"]

_CORNER = re.compile(
    r"([^/\\→]{1,40})(?:/|\\|→|->)([^/\\→]{1,40})|from ([^/\\→]{1,40}) to ([^/\\→]{1,40})", re.I
)
"""What names both rows and columns: Plant / Market, from Plant to Market."""
_MARGIN = re.compile(
    r"\b(?:supply|supplies|demands?|capacity|capacities|availab\w+|requirements?|required|stock|"
    r"needs?|limits?)\b",
    re.I,
)
_MISSING = frozenset({"", "-", "–", "—", "--", "n/a", "na", "none", "nil", "null", "?", "tbd"})
"""What stands where there is no number."""
_UNKNOWN = frozenset({"", "?", "??", "tbd", "tba", "unknown", "missing"})
"""What says that a number there is, is not known; a dash may say that there is none."""
_CURRENCIES = "$€£¥"
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

    def set_of(self, labels: Sequence[str], head: str) -> IndexSet:
        """The set of some names: one that an earlier table has, or a new one.

        Names as short as A and B tell nothing, so they have to be of the same kind as well.
        """
        is_telling = any(len(label) > _MAX_SHORT for label in labels)
        kind = set(map(stem, words(head)))
        for known in self.sets:
            if {label for [label] in known.elements} == {*labels} and (
                is_telling or kind & set(map(stem, words(known.meaning)))
            ):
                return known
        head = head.strip()
        found = IndexSet(self.names.of_set(head), tuple((label,) for label in labels), head)
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

    Between places, "Plant / Market", an empty cell may be a way that there is not, and is none.
    """
    found: list[str] = []
    for grid in find_grids(text.split("\n")):
        if _CORNER.fullmatch(" ".join(grid.heads[0].split())):
            continue
        columns = [*zip(*grid.body, strict=True)]
        for head, column in zip(grid.heads[1:], columns[1:], strict=True):
            open_rows = [row for row, cell in enumerate(column) if _is_unknown(cell)]
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
    if _has_things_across(grid):
        grid = _turned(grid)
    heads = grid.heads
    columns = [*zip(*grid.body, strict=True)]
    cells = [[read_cell(text) for text in column] for column in columns]
    if any(any(column) and read_cell(head) for head, column in zip(heads, cells, strict=True)):
        return None  # the first row is no head: it holds a number as the others do
    worded = next((c for c, column in enumerate(cells) if any(column)), len(columns))
    keys, labels = _labels(columns[:worded]) or _numbered(heads[0], columns[0])
    if not labels:
        return None
    corner = _CORNER.fullmatch(" ".join(heads[0].split()))
    if corner is not None and keys == 1 and len(columns) > 2:
        sides = [side for side in corner.groups() if side is not None]
        if found := _matrix(sides, labels, heads[1:], cells[1:], known):
            return found
    return _list(heads, labels, columns, cells, keys, known)


def _has_things_across(grid: Grid) -> bool:
    """Whether a column is about a thing, and a row is what is said of all things.

    Then a row is measured alike and a column is not: pounds above hours, for each product.
    """
    rows = [[read_cell(text) for text in row[1:]] for row in grid.body]
    columns = [*zip(*rows, strict=True)]
    if len(columns) == 1:  # each row is alike, which tells nothing
        return not _is_whole(columns[0], grid.heads[1]) and all(map(_is_alike, rows))
    return all(map(_is_alike, rows)) and not any(map(_is_alike, columns))


def _turned(grid: Grid) -> Grid:
    """The same table with a thing in each row."""
    _, *things = grid.heads
    labels, *columns = zip(*grid.body, strict=True)
    body = [[thing, *column] for thing, column in zip(things, columns, strict=True)]
    return replace(grid, heads=[_common_word(things), *labels], body=body)


def _common_word(labels: Sequence[str]) -> str:
    """The word that labels begin with: Product of "Product A" and "Product B"."""
    first = {label.split(" ")[0] for label in labels}
    return first.pop() if len(first) == 1 else ""


def _list(
    heads: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[Sequence[str]],
    cells: Sequence[Sequence[Cell | None]],
    keys: int,
    known: _Known,
) -> Data | None:
    """Each column of numbers as a parameter over the rows."""
    rows = [r for r, label in enumerate(labels) if label.lower() not in _TOTAL]
    kept = [[column[r] for r in rows] for column in cells]
    whole = [c for c in range(keys, len(columns)) if _is_whole(kept[c], heads[c])]
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
        if (said := _said(columns[c][r], kept[c]))
        and (c not in whole or r not in rows or remarks(columns[c][r]))
    ]
    return Data("\n".join(told), (index,), parameters)


def _said(text: str, column: Iterable[Cell | None]) -> str:
    """What a cell says in words; among numbers, that there is none."""
    is_missing = text.strip(" .").lower() in _MISSING
    return "not given" if is_missing and any(column) else text


def _matrix(
    sides: Sequence[str],
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
    down = [r for r, label in enumerate(labels) if not _is_margin(label)]
    right = [c for c, head in enumerate(heads) if not _is_margin(head)]
    inside = {(labels[r], across[c]): cells[c][r] for r in down for c in right}
    margins = [[cells[c][r] for r in down] for c in range(len(heads)) if c not in right]
    margins += [[cells[c][r] for c in right] for r in range(len(labels)) if r not in down]
    if not inside or not all(map(_is_whole, [[*inside.values()], *margins])):
        return None
    places, others = [labels[r] for r in down], [across[c] for c in right]
    rows = columns = known.set_of(places, sides[0])
    if {*others} != {*places}:
        columns = known.set_of(others, sides[1])
    parameters = [_parameter(known, "table value", (rows, columns), inside)]
    for c, head in enumerate(heads):
        if c not in right:
            values = {(labels[r],): cells[c][r] for r in down}
            parameters.append(_parameter(known, head, (rows,), values))
    for r, label in enumerate(labels):
        if r not in down:
            given = {(across[c],): cells[c][r] for c in right}
            parameters.append(_parameter(known, label, (columns,), given))
    return Data("", (rows,) if rows is columns else (rows, columns), tuple(parameters))


def _is_margin(text: str) -> bool:
    return _MARGIN.search(text.replace("_", " ")) is not None


def _is_alike(cells: Sequence[Cell | None]) -> bool:
    """Whether all cells are numbers, with the same unit."""
    return len({cell and cell.unit for cell in cells}) == 1 and None not in cells


def _is_whole(cells: Sequence[Cell | None], head: str = "") -> bool:
    """Whether all cells are numbers, measured alike.

    A number without a unit beside others with one is measured as they are if that is a currency, or
    what the head says.
    """
    if _is_alike(cells):
        return True
    units = {cell.unit for cell in cells if cell is not None and cell.unit}
    if len(units) != 1 or None in cells:
        return False
    [unit] = units
    said = remarks(head)
    return said[0] == unit if said else unit in _CURRENCIES


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
