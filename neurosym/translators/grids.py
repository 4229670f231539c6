"""Finding tables in a text: Markdown, or lines whose cells a tab, semicolon or comma separates."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

__all__ = ["Grid", "find_grids"]

_MAX_LINE = 2_000
"""Characters of a line of a table."""
_MAX_WORDS = 5
"""Words of a head or a label where there are no bars: prose has more."""
_BAR = "|"
_SEPARATORS = "\t;,"
"""What separates cells without bars; what stands first wins, since its cells may hold the rest."""
_DECIMAL_COMMA = re.compile(r"[^\d,;]*\d+,(?:\d{1,2}|\d{4,})(?!\d)[^\d,]*")


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that look like a table.

    Attributes:
        first: Number of the first line, from 0.
        end: Number of the line after the last.
        heads: Cells of the first line.
        body: Cells of the lines below it.
    """

    first: int
    end: int
    heads: Sequence[str]
    body: Sequence[Sequence[str]]


def find_grids(lines: Sequence[str]) -> Iterator[Grid]:
    """The tables among some lines, from the first to the last."""
    kinds = [_layout(line) for line in lines]
    for kind, block in groupby(range(len(lines)), lambda number: kinds[number]):
        numbers = [*block]
        if kind == _BAR:
            yield from _markdown(lines, numbers)
        elif kind:
            rows = [row for n in numbers if (row := _separated(lines[n], kind)) is not None]
            if len(rows) == len(numbers) and _is_even(rows) and not any(map(_is_prose, rows)):
                body = _with_points(rows[1:]) if kind == ";" else rows[1:]
                yield Grid(numbers[0], numbers[-1] + 1, rows[0], body)


def _layout(line: str) -> str:
    """What separates the cells of a line; empty if it is no line of a table."""
    if len(line) > _MAX_LINE:
        return ""
    if _BAR in line:
        return _BAR
    # An indented line is no row.
    if "\t" in line.strip():
        return "\t"
    if line.rstrip().endswith((".", "?", "!", ":")):
        return ""
    found = next((mark for mark in _SEPARATORS if mark in line.strip()), "")
    # A list in prose ends its lines with semicolons; a row may do so for an empty cell.
    return "" if found == "," and line.rstrip().endswith(";") else found


def _is_rule(line: str) -> bool:
    """Whether a line is the rule under the heads of a Markdown table."""
    return "-" in line and set(line) <= set("|:+-= \t")


def _markdown(lines: Sequence[str], numbers: Sequence[int]) -> Iterator[Grid]:
    """The tables in a run of lines with bars: a head, a rule, and rows, perhaps several times.

    Without any rule, the first line is the head.
    """
    heads = [n - 1 for n in numbers[1:] if _is_rule(lines[n])] or [numbers[0]]
    for head, end in zip(heads, [*heads[1:], numbers[-1] + 1], strict=True):
        rows = [_barred(lines[n]) for n in range(head, end) if not _is_rule(lines[n])]
        if _is_even(rows):
            yield Grid(head, end, rows[0], rows[1:])


def _barred(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)]


def _separated(line: str, mark: str) -> list[str] | None:
    try:
        [cells] = csv.reader([line], delimiter=mark, skipinitialspace=mark != "\t")
    except (csv.Error, ValueError):
        return None
    return [cell.strip() for cell in cells]


def _with_points(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Rows with decimal points: "2,5" between semicolons is a number, as "1,200" is elsewhere.

    Only columns in which some comma separates no thousands have decimal commas.
    """
    columns = [
        [re.sub(r"(?<=\d),(?=\d)", ".", cell) for cell in column]
        if any(map(_DECIMAL_COMMA.fullmatch, column))
        else column
        for column in zip(*rows, strict=True)
    ]
    return [*zip(*columns, strict=True)]


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    """Whether there is a head and a row, and all rows are as wide as the head."""
    return len(rows) >= 2 and len(rows[0]) >= 2 and len({len(row) for row in rows}) == 1


def _is_prose(row: Sequence[str]) -> bool:
    return any(len(cell.split()) > _MAX_WORDS for cell in row)
