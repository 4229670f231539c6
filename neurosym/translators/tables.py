"""Tables in a question, as sets and parameters: their numbers are read by code, not retyped.

Markdown tables and blocks of comma-separated lines are found. The first columns, which hold no
numbers, name the rows; every other column of numbers becomes a parameter over them. A table from
each row to each column ("From / To") becomes one parameter over two sets.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from neurosym.formal.optimization.language.printer import (
    KEYWORDS,
    print_parameter,
    print_set,
)
from neurosym.formal.optimization.model import IndexSet, Parameter

__all__ = ["NO_DATA", "Data", "print_data", "read_data"]

_RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")
"""The line under the heads of a Markdown table."""
_NUMBER = re.compile(
    r"\s*(?P<sign>[-−+]?)\s*(?P<currency>[$€£¥]?)\s*(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)"
    r"\s*(?P<unit>%|[^\W\d]\S*(?: per [a-z]+|/\S+)?)?\s*"
)
_REMARK = re.compile(r"\(([^()]*)\)")
_CORNER = re.compile(r"(?:from\s+)?([^/\\→]+?)\s*(?:[/\\→]|->|\bto\b)\s*(?:to\s+)?([^/\\→]+)", re.I)
"""What names both rows and columns: From / To, from Plant to Market."""


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


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Fraction
    unit: str


def read_data(text: str) -> Data:
    """Find the tables of a text. What cannot be read as one stays in the text."""
    lines = text.split("\n")
    names = _Names()
    sets: list[IndexSet] = []
    parameters: list[Parameter] = []
    rest: list[str] = []
    done = 0
    for first, end, rows in _grids(lines):
        found = _read(rows, names)
        if found is not None:
            sets += found.sets
            parameters += found.parameters
            rest += [*lines[done:first], *([found.text] if found.text else [])]
            done = end
    return Data("\n".join([*rest, *lines[done:]]), tuple(sets), tuple(parameters))


def print_data(data: Data) -> str:
    """The sets and parameters in the modelling language, one a line."""
    lines = [*map(print_set, data.sets), *map(print_parameter, data.parameters)]
    return "".join(f"{line}\n" for line in lines)


def _grids(lines: Sequence[str]) -> Iterator[tuple[int, int, list[list[str]]]]:
    """Blocks of lines that look like a table: their first line, the end, and the cells."""
    kinds = [_layout(line) for line in lines]
    for kind, block in groupby(enumerate(kinds), lambda item: item[1]):
        numbers = [number for number, _ in block]
        if not kind or len(numbers) < 3:
            continue
        rows = [_cells(lines[number], kind) for number in numbers]
        if kind == "|":
            rows = [
                row for row, n in zip(rows, numbers, strict=True) if not _RULE.fullmatch(lines[n])
            ]
        width = len(rows[0])
        if len(rows) >= 2 and width >= 2 and all(len(row) == width for row in rows):
            yield numbers[0], numbers[-1] + 1, rows


def _layout(line: str) -> str:
    """What separates the cells of a line; empty if it is no line of a table."""
    if line.count("|") >= 2 or (_RULE.fullmatch(line) and "|" in line):
        return "|"
    is_prose = line.rstrip().endswith((".", "?", "!", ":"))
    return "," if "," in line and not is_prose else ""


def _cells(line: str, separator: str) -> list[str]:
    if separator == "|":
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    return [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True))]


def _read(rows: Sequence[Sequence[str]], names: _Names) -> Data | None:
    """Sets and parameters of a table; ``None`` if its rows have no names or it has no numbers."""
    heads, *body = rows
    columns = [*zip(*body, strict=True)]
    cells = [[_cell(text) for text in column] for column in columns]
    worded = next((c for c, column in enumerate(cells) if any(column)), len(columns))
    keys, labels = _labels(columns[:worded]) or _numbered(heads[0], columns[0])
    whole = [c for c in range(keys, len(columns)) if all(cells[c])]
    if not labels or not whole:
        return None
    corner = _CORNER.fullmatch(heads[0].strip())
    if corner is not None and keys == 1 and len(whole) == len(columns) - 1 > 1:
        return _matrix((corner[1], corner[2]), labels, heads[1:], cells[1:], names)
    index = IndexSet(names.of_set(heads[0]), tuple((label,) for label in labels), heads[0])
    parameters = tuple(
        Parameter(
            names.of_parameter(_REMARK.sub("", heads[c])),
            (index.name,),
            {(label,): _known(cell).value for label, cell in zip(labels, cells[c], strict=True)},
            _unit(heads[c], cells[c]),
            heads[c],
        )
        for c in whole
    )
    told = [
        f"{heads[c]} of {label}: {text}."
        for c in range(keys, len(columns))
        if c not in whole or any(map(_REMARK.search, columns[c]))
        for label, text in zip(labels, columns[c], strict=True)
    ]
    return Data("\n".join(told), (index,), parameters)


def _matrix(
    corner: Sequence[str],
    labels: Sequence[str],
    heads: Sequence[str],
    cells: Sequence[Sequence[_Cell | None]],
    names: _Names,
) -> Data | None:
    named = _labels([heads])
    if named is None:
        return None
    _, across = named
    rows = columns = IndexSet(
        names.of_set(corner[0]), tuple((label,) for label in labels), corner[0]
    )
    if across != labels:
        elements = tuple((label,) for label in across)
        columns = IndexSet(names.of_set(corner[1]), elements, corner[1])
    values: dict[tuple[str, ...], Fraction] = {
        (row, column): _known(cells[c][r]).value
        for r, row in enumerate(labels)
        for c, column in enumerate(across)
    }
    meaning = f"from {corner[0]} to {corner[1]}"
    name = names.of_parameter("table value")
    unit = _unit("", [cell for column in cells for cell in column])
    parameter = Parameter(name, (rows.name, columns.name), values, unit, meaning)
    return Data("", (rows,) if rows is columns else (rows, columns), (parameter,))


def _known(cell: _Cell | None) -> _Cell:
    assert cell is not None
    return cell


def _labels(columns: Sequence[Sequence[str]]) -> tuple[int, list[str]] | None:
    """How many of a row's first cells tell the rows apart, and the rows' names made of these."""
    for count in range(1, len(columns) + 1):
        found = [_words(" ".join(row)) for row in zip(*columns[:count], strict=True)]
        if all(found) and len(set(found)) == len(found):
            return count, found
    return None


def _numbered(head: str, column: Sequence[str]) -> tuple[int, list[str]]:
    """Names of rows that are counted from 1 in their first cells; none if they are not."""
    if list(column) != [str(n) for n in range(1, len(column) + 1)]:
        return 0, []
    return 1, [f"{_words(head) or 'row'}_{n}" for n in column]


def _cell(text: str) -> _Cell | None:
    """The one number in a cell, with its unit; ``None`` if it holds no number, or more."""
    match = _NUMBER.fullmatch(_REMARK.sub("", text.replace("**", "")))
    if match is None:
        return None
    value = Fraction(match["number"].replace(",", ""))
    if match["sign"] in ("-", "−"):
        value = -value
    unit = match["unit"] or ""
    if unit == "%":
        return _Cell(value / 100, "")
    return _Cell(value, unit or match["currency"])


def _unit(head: str, cells: Sequence[_Cell | None]) -> str:
    """What a head says in brackets, or what all cells are measured in."""
    remark = _REMARK.search(head)
    if remark is not None:
        return remark[1]
    units = {cell.unit for cell in cells if cell is not None}
    return units.pop() if len(units) == 1 else ""


def _words(text: str) -> str:
    """A text as one name: its words joined; empty if it has none that can begin a name."""
    name = "_".join(re.findall(r"\w+", text))
    return f"n{name}" if name[:1].isdigit() else name


@dataclass(slots=True)
class _Names:
    """Gives each thing a name of its own."""

    taken: set[str]

    def __init__(self) -> None:
        self.taken = {*KEYWORDS, *"ijk"}

    def of_set(self, text: str) -> str:
        return self._fresh("".join(word.capitalize() for word in re.findall(r"\w+", text)) or "Row")

    def of_parameter(self, text: str) -> str:
        return self._fresh(_words(text).lower() or "value")

    def _fresh(self, name: str) -> str:
        name = f"n{name}" if name[:1].isdigit() else name
        found, number = name, 2
        while found in self.taken:
            found, number = f"{name}_{number}", number + 1
        self.taken.add(found)
        return found
