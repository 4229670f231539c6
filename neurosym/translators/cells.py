"""One cell of a table: a number with its unit, or words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.units import parse_unit

__all__ = ["Cell", "read_cell", "remarks", "unit_of", "without_remarks"]

_MAX_CELL = 60
"""Characters of a cell with a number; whatever is longer is words."""
_REMARK = re.compile(r"\(([^()]*)\)")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    rf"(?P<sign>[-−+])?(?P<currency>[$€£¥])?(?P<inner>[-−])?(?P<number>{_DIGITS})"
    r"(?:(?P<percent> ?%| percent)|(?P<gap> )?(?P<unit>[^\W\d_][^\W\d_ ]*(?:[ /][^\W\d_]+)*))?"
)
_ACCOUNTING = re.compile(rf"\([$€£¥]?(?:{_DIGITS})\)")
"""A negative number in books."""
_SCALES = frozenset(
    {"hundred", "thousand", "million", "billion", "trillion", "dozen", "k", "m", "mm", "bn", "mio"}
)
"""Words that multiply a number; how is better left to whoever reads the words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and what it is measured in; empty if nothing is said."""

    value: Fraction
    unit: str


def read_cell(text: str) -> Cell | None:
    """The one number in a cell; ``None`` if it is anything but a plain number with its unit."""
    text = " ".join(text.replace("**", "").split())
    if len(text) > _MAX_CELL:
        return None
    if _ACCOUNTING.fullmatch(text):
        text = f"-{text[1:-1]}"
    match = _NUMBER.fullmatch(without_remarks(text))
    if match is None or (match["sign"] and match["inner"]):
        return None
    value = Fraction(match["number"].replace(",", ""))
    if "−" in (match["sign"], match["inner"]) or "-" in (match["sign"], match["inner"]):
        value = -value
    if match["percent"]:
        return None if match["currency"] else Cell(value / 100, "")
    unit = match["unit"] or ""
    if unit and (unit.split()[0].lower() in _SCALES or (match["currency"] and not match["gap"])):
        return None
    # What is written together with a number is a unit only if it is known as one: 5kg, not 4WD.
    if unit and not match["gap"] and not _is_measure(unit):
        return None
    return Cell(value, match["currency"] or unit)


def _is_measure(text: str) -> bool:
    unit = parse_unit(text)
    return unit is not None and not unit.is_noun


def remarks(text: str) -> list[str]:
    """What a text says in brackets."""
    return _REMARK.findall(text)


def without_remarks(text: str) -> str:
    """A text without what it says in brackets."""
    return _REMARK.sub("", text).strip()


def unit_of(head: str, cells: Iterable[Cell]) -> str:
    """What a head says in brackets, or what all cells are measured in."""
    said = remarks(head)
    if said:
        return said[0]
    units = {cell.unit for cell in cells}
    return units.pop() if len(units) == 1 else ""
