"""Tables in a question, as sets and parameters: their numbers are read by code, not retyped.

Markdown tables and blocks of comma-separated lines are found. The first columns, which hold no
numbers, name the rows; every other column of numbers becomes a parameter over them. A table from
each row to each column ("Plant / Market") becomes one parameter over two sets, and its margins
(supply, demand) one over each. What is no clear number is never guessed at: it stays in words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from neurosym.formal.optimization.language.printer import print_parameter, print_set
from neurosym.formal.optimization.model import IndexSet, Parameter
from neurosym.translators.cells import Cell, read_cell, remarks, unit_of, without_remarks
from neurosym.translators.data_names import Names, label_of

__all__ = ["NO_DATA", "Data", "print_data", "read_data"]

_MAX_LINE = 2_000
"""Characters of a line of a table."""
_MAX_WORDS = 5
"""Words of a head or a label where lines are separated by commas: prose has more."""
_CORNER = re.compile(
    r"([^/\\→]{1,40})(?:/|\\|→|->)([^/\\→]{1,40})|from ([^/\\→]{1,40}) to ([^/\\→]{1,40})", re.I
)
"""What names both rows and columns: Plant / Market, from Plant to Market."""
_MARGIN = re.compile(
    r"\b(?:supply|supplies|demands?|capacity|capacities|availab\w+|requirements?|required|stock|"
    r"needs?|limits?)\b",
    re.I,
)
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


NO_DATA = Data("")
"""Of a text without tables."""


@lru_cache(maxsize=256)
def read_data(text: str) -> Data:
    """Find the tables of a text. What cannot be read as one stays in the text. Never raises."""
    lines = text.split("\n")
    names = Names()
    sets: list[IndexSet] = []
    parameters: list[Parameter] = []
    rest: list[str] = []
    done = 0
    for grid in _grids(lines):
        found = _read(grid, names)
        if found is not None:
            sets += found.sets
            parameters += found.parameters
            rest += [*lines[done : grid.first], *([found.text] if found.text else [])]
            done = grid.end
    return Data("\n".join([*rest, *lines[done:]]), tuple(sets), tuple(parameters))


def print_data(data: Data) -> str:
    """The sets and parameters in the modelling language, one a line."""
    lines = [*map(print_set, data.sets), *map(print_parameter, data.parameters)]
    return "".join(f"{line}\n" for line in lines)


# ---------------------------------------------------------------- finding tables


@dataclass(frozen=True, slots=True)
class _Grid:
    """Lines that look like a table: the first, the end, the heads, the cells below them."""

    first: int
    end: int
    heads: Sequence[str]
    body: Sequence[Sequence[str]]


def _grids(lines: Sequence[str]) -> Iterator[_Grid]:
    kinds = [_layout(line) for line in lines]
    for kind, block in groupby(range(len(lines)), lambda number: kinds[number]):
        numbers = [*block]
        if kind == "|":
            yield from _markdown(lines, numbers)
        elif kind == ",":
            rows = [row for row in (_separated(lines[n]) for n in numbers) if row is not None]
            if len(rows) == len(numbers) and _is_even(rows) and not any(map(_is_prose, rows)):
                yield _Grid(numbers[0], numbers[-1] + 1, rows[0], rows[1:])


def _layout(line: str) -> str:
    """What separates the cells of a line; empty if it is no line of a table."""
    if len(line) > _MAX_LINE:
        return ""
    if "|" in line:
        return "|"
    return "," if "," in line and not line.rstrip().endswith((".", "?", "!", ":", ";")) else ""


def _is_rule(line: str) -> bool:
    """Whether a line is the rule under the heads of a Markdown table."""
    return "-" in line and set(line) <= set("|:+-= \t")


def _markdown(lines: Sequence[str], numbers: Sequence[int]) -> Iterator[_Grid]:
    """The tables in a run of lines with bars: a head, a rule, and rows, perhaps several times.

    Without any rule, the first line is the head.
    """
    heads = [n - 1 for n in numbers[1:] if _is_rule(lines[n])] or [numbers[0]]
    for head, end in zip(heads, [*heads[1:], numbers[-1] + 1], strict=True):
        rows = [_barred(lines[n]) for n in range(head, end) if not _is_rule(lines[n])]
        if _is_even(rows):
            yield _Grid(head, end, rows[0], rows[1:])


def _barred(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)]


def _separated(line: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True))]
    except (csv.Error, StopIteration):
        return None


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    """Whether there is a head and a row, and all rows are as wide as the head."""
    return len(rows) >= 2 and len(rows[0]) >= 2 and len({len(row) for row in rows}) == 1


def _is_prose(row: Sequence[str]) -> bool:
    return any(len(cell.split()) > _MAX_WORDS for cell in row)


# ---------------------------------------------------------------- reading a table


def _read(grid: _Grid, names: Names) -> Data | None:
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
        if found := _matrix(sides, labels, heads[1:], cells[1:], names):
            return found
    return _list(heads, labels, columns, cells, keys, names)


def _has_things_across(grid: _Grid) -> bool:
    """Whether a column is about a thing, and a row is what is said of all things.

    Then a row is measured alike and a column is not: pounds above hours, for each product.
    """
    rows = [[read_cell(text) for text in row[1:]] for row in grid.body]
    columns = zip(*rows, strict=True)
    return all(map(_is_whole, rows)) and not any(map(_is_whole, columns))


def _turned(grid: _Grid) -> _Grid:
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
    names: Names,
) -> Data | None:
    """Each column of numbers as a parameter over the rows."""
    rows = [r for r, label in enumerate(labels) if label.lower() not in _TOTAL]
    whole = [c for c in range(keys, len(columns)) if _is_whole([cells[c][r] for r in rows])]
    if not rows or not whole:
        return None
    index = _index([labels[r] for r in rows], heads[0], names)
    parameters = tuple(
        _parameter(names, heads[c], (index,), {(labels[r],): cells[c][r] for r in rows})
        for c in whole
    )
    told = [
        f"{heads[c]} of {labels[r]}: {columns[c][r]}."
        for c in range(keys, len(columns))
        for r in range(len(labels))
        if columns[c][r] and (c not in whole or r not in rows or remarks(columns[c][r]))
    ]
    return Data("\n".join(told), (index,), parameters)


def _matrix(
    sides: Sequence[str],
    labels: Sequence[str],
    heads: Sequence[str],
    cells: Sequence[Sequence[Cell | None]],
    names: Names,
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
    rows = columns = _index([labels[r] for r in down], sides[0], names)
    if [across[c] for c in right] != [labels[r] for r in down]:
        columns = _index([across[c] for c in right], sides[1], names)
    parameters = [_parameter(names, "table value", (rows, columns), inside)]
    for c, head in enumerate(heads):
        if c not in right:
            values = {(labels[r],): cells[c][r] for r in down}
            parameters.append(_parameter(names, head, (rows,), values))
    for r, label in enumerate(labels):
        if r not in down:
            given = {(across[c],): cells[c][r] for c in right}
            parameters.append(_parameter(names, label, (columns,), given))
    return Data("", (rows,) if rows is columns else (rows, columns), tuple(parameters))


def _is_margin(text: str) -> bool:
    return _MARGIN.search(text.replace("_", " ")) is not None


def _is_whole(cells: Sequence[Cell | None]) -> bool:
    """Whether all cells are numbers, measured alike."""
    return len({cell and cell.unit for cell in cells}) == 1 and None not in cells


def _index(labels: Iterable[str], head: str, names: Names) -> IndexSet:
    return IndexSet(names.of_set(head), tuple((label,) for label in labels), head)


def _parameter(
    names: Names,
    head: str,
    over: Sequence[IndexSet],
    cells: Mapping[Any, Cell | None],
) -> Parameter:
    known = {key: cell for key, cell in cells.items() if cell is not None}
    return Parameter(
        names.of_parameter(without_remarks(head)),
        tuple(item.name for item in over),
        {key: cell.value for key, cell in known.items()},
        unit_of(head, known.values()),
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
