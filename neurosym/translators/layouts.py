"""How a table is laid out: which way round it stands, and whether it goes from rows to columns.

Each column may be by itself, a thing in each row. Or each row is, a thing in each column. Or there
is one number for each row and column, such as a cost from each plant to each market; then margins
may say how much each plant has, and each market needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from neurosym.answers.units import parse_unit
from neurosym.translators.cells import Cell, is_missing, read_cell, remarks, without_remarks
from neurosym.translators.grids import Grid

__all__ = ["Between", "between", "is_alike", "is_margin", "is_whole", "margin_rows", "upright"]

_CORNER = re.compile(
    r"([^/\\→]{1,40})(?:/|\\|→|->)([^/\\→]{1,40})|from ([^/\\→]{1,40}) to ([^/\\→]{1,40})", re.I
)
"""What names both rows and columns: Plant / Market, from Plant to Market."""
_AMOUNT = (
    r"(?:suppl(?:y|ies)|demands?|capacit(?:y|ies)|availab\w+|requirements?|required|stock|needs?|"
    r"limits?)"
)
_MEASURE = (
    r"(?:costs?|prices?|profits?|revenues?|earnings|incomes?|distances?|fees?|fares?|tariffs?)"
)
_HAS_AMOUNT = re.compile(rf"\b{_AMOUNT}\b", re.I)
_HAS_MEASURE = re.compile(rf"\b{_MEASURE}\b", re.I)
_MEASURED = re.compile(
    rf"(?P<what>(?:[^\W\d_]+[ -]){{0,3}}{_MEASURE}(?: per \w+(?: \w+)?)?(?: ?\([^()]*\))?)"
    r"(?: ?/ ?\w+|:? (?P<rest>[^/].*))?",
    re.I,
)
"""What the numbers of a table are, and perhaps between what: Cost per unit from Plant to Market."""
_BARE_AMOUNT = re.compile(
    rf"(?:(?:{_AMOUNT}|total|max(?:imum)?|min(?:imum)?|least|most|dai?ly|weekly|monthly|yearly|annual|per|"
    r"day|week|month|year|units?|hours?|minutes?|amounts?|quantit(?:y|ies)|resources?|customers?|"
    r"markets?|of|in|on|hand|at|the|be|to|is)\b[ _-]*)+",
    re.I,
)
"""An amount, and nothing that it is of: a name such as Stock A, or a High demand, is more."""
_CURRENCIES = "$€£¥"


@dataclass(frozen=True, slots=True)
class Between:
    """A table with a number for each row and column.

    Attributes:
        what: What the numbers are, in words.
        down: What the rows are; empty if nothing says.
        across: What the columns are; likewise.
    """

    what: str
    down: str
    across: str


def between(grid: Grid) -> Between | None:
    """What a table goes between; ``None`` if it is one of columns or rows by themselves.

    It goes from rows to columns if its corner names both, or what its numbers are; or if it has
    margins on two sides with nothing where they cross.
    """
    heads, labels = grid.heads[1:], [row[0] for row in grid.body]
    inner_heads = [head for head in heads if not is_margin(head)]
    inner_labels = [label for label in labels if not is_margin(label)]
    if len({*map(_unit_said, inner_heads)}) > 1 or len({*map(_unit_said, inner_labels)}) > 1:
        return None  # their numbers are of several kinds
    corner = " ".join(grid.heads[0].split())
    measured = _MEASURED.fullmatch(corner)
    sides = _CORNER.fullmatch((measured["rest"] or "") if measured else corner)
    what = measured["what"] if measured else "table value"
    if sides is not None:
        down, across = (side.strip() for side in sides.groups() if side is not None)
        return Between(what, down, across)
    if len(inner_heads) > 1 and measured and not measured["rest"]:
        return Between(what, "", "")
    if len(inner_heads) > 1 and _has_margins(grid):
        return Between(what, corner, "")
    return None


def is_margin(text: str) -> bool:
    """Whether a head or label says what each of the things on the other side has."""
    plain = text.replace("_", " ")
    return _HAS_AMOUNT.search(plain) is not None or _HAS_MEASURE.search(plain) is not None


def margin_rows(labels: Sequence[str]) -> set[int]:
    """The rows of a list that are no things, but say how much there is of each column."""
    plain = [without_remarks(label.replace("_", " ")) for label in labels]
    found = {
        row
        for row, label in enumerate(plain)
        if _BARE_AMOUNT.fullmatch(label) and _HAS_AMOUNT.search(label)
    }
    # Among prices and costs they are things said, as those are.
    is_one_of_many = len(labels) - len(found) < 2 or any(map(_HAS_MEASURE.search, plain))
    return set() if is_one_of_many else found


def _has_margins(grid: Grid) -> bool:
    """Whether there are margins below and at the side, which cross where nothing is, or a sum."""
    rows = [row for row in grid.body if is_margin(row[0])]
    columns = [c for c, head in enumerate(grid.heads) if c and is_margin(head)]
    if not any(_HAS_AMOUNT.search(row[0]) for row in rows):
        return False
    if not any(_HAS_AMOUNT.search(grid.heads[c]) for c in columns):
        return False
    return all(is_missing(row[c]) or _is_sum(grid, row, c) for row in rows for c in columns)


def _is_sum(grid: Grid, row: Sequence[str], column: int) -> bool:
    """Whether a cell is the sum of what stands before it in its row, or above it."""
    total = read_cell(row[column])
    pairs = zip(row[1:], grid.heads[1:], strict=True)
    beside = [read_cell(text) for text, head in pairs if not is_margin(head)]
    above = [read_cell(other[column]) for other in grid.body if not is_margin(other[0])]
    return total is not None and any(
        total.value == sum(cell.value for cell in cells if cell) and None not in cells
        for cells in (beside, above)
    )


# ---------------------------------------------------------------- which way round


def upright(grid: Grid) -> Grid:
    """The same table with a thing in each row."""
    return _turned(grid) if _has_things_across(grid) else grid


def _has_things_across(grid: Grid) -> bool:
    """Whether a column is about a thing, and a row is what is said of all things.

    Then a row is measured alike and a column is not: pounds above hours, for each product. Where
    columns may be things, a row that is called a price or a cost is none.
    """
    labels, heads = [row[0] for row in grid.body], grid.heads[1:]
    may_be_things = _are_things(heads)
    rows = [
        [_measured_as(read_cell(text), row[0] if may_be_things else "") for text in row[1:]]
        for row in grid.body
    ]
    columns = [*zip(*rows, strict=True)]
    if len(columns) == 1:  # each row is alike, which tells nothing
        return not is_whole(columns[0], heads[0]) and all(map(is_alike, rows))
    # How much there is of something is not said of what there is no end of.
    asked = [
        [cell for cell, text, head in zip(cells, row[1:], heads, strict=True)
         if not (is_missing(text) and _HAS_AMOUNT.search(head))]
        for cells, row in zip(rows, grid.body, strict=True)
    ]  # fmt: skip
    if not all(map(is_alike, asked)) or len({*map(_unit_said, heads)}) > 1:
        return False
    is_said = may_be_things and any(map(_HAS_MEASURE.search, labels))
    return is_said or not any(map(is_alike, columns))


def _are_things(heads: Sequence[str]) -> bool:
    """Whether columns may be things, for all that their heads say: two are, and none is a price."""
    named = [head for head in heads if not is_margin(head) and not _BARE_AMOUNT.fullmatch(head)]
    return len(named) > 1 and not any(map(_HAS_MEASURE.search, heads))


def _turned(grid: Grid) -> Grid:
    _, *things = grid.heads
    labels, *columns = zip(*grid.body, strict=True)
    body = [[thing, *column] for thing, column in zip(things, columns, strict=True)]
    return replace(grid, heads=[_common_word(things), *labels], body=body)


def _common_word(labels: Sequence[str]) -> str:
    """The word that labels begin with: Product of "Product A" and "Product B"."""
    first = {label.split(" ")[0] for label in labels if not is_margin(label)}
    return first.pop() if len(first) == 1 else ""


# ---------------------------------------------------------------- units


def is_alike(cells: Sequence[Cell | None]) -> bool:
    """Whether all cells are numbers, with the same unit."""
    return len({cell and cell.unit for cell in cells}) == 1 and None not in cells


def is_whole(cells: Sequence[Cell | None], head: str = "") -> bool:
    """Whether all cells are numbers, measured alike.

    A number without a unit beside others with one is measured as they are if that is a currency, or
    what the head says.
    """
    if is_alike(cells):
        return True
    units = {cell.unit for cell in cells if cell is not None and cell.unit}
    if len(units) != 1 or None in cells:
        return False
    [unit] = units
    said = remarks(head)
    return said[0] == unit if said else unit in _CURRENCIES


def _measured_as(cell: Cell | None, label: str) -> Cell | None:
    """A cell, measured as its label says if it does not say itself."""
    return cell if cell is None or cell.unit else replace(cell, unit=_unit_said(label))


def _unit_said(text: str) -> str:
    """The unit that a head or label says in brackets, as "Profit ($/unit)" does."""
    for remark in remarks(text):
        unit = parse_unit(re.split(r"/| per ", remark)[0])
        if unit is not None and not unit.is_noun:
            return remark
    return ""
