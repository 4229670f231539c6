"""One cell of a table: a number with its unit, or words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.numerals import parse_number
from neurosym.answers.units import parse_unit

__all__ = ["Cell", "is_missing", "read_cell", "remarks", "unit_of", "without_remarks"]

_MISSING = frozenset({"", "-", "–", "—", "--", "n/a", "na", "none", "nil", "null", "?", "tbd"})
_MAX_CELL = 60
"""Characters of a cell with a number; whatever is longer is words."""
_REMARK = re.compile(r"\(([^()]*)\)")
_DIGITS = (
    r"(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3}(?!\w))?"
)
_FRACTION = re.compile(r"-?(?:\d+ )?\d+/\d+")
_NUMBER = re.compile(
    rf"(?P<sign>[-+])?(?P<currency>[$€£¥])?(?P<inner>-)?(?P<number>{_DIGITS})"
    r"(?:(?P<percent> ?%| percent)| ?(?P<after>[$€£¥])"
    r"|(?P<gap> )?(?P<unit>[^\W\d_][^\W\d_ ]*(?:[ /][^\W\d_]+)*))?"
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
    text = " ".join(text.replace("**", "").replace("−", "-").split())
    if len(text) > _MAX_CELL:
        return None
    if _ACCOUNTING.fullmatch(text):
        text = f"-{text[1:-1]}"
    text = without_remarks(text)
    if _FRACTION.fullmatch(text) and (part := parse_number(text)) is not None:
        return Cell(Fraction(part), "")
    match = _NUMBER.fullmatch(text)
    number = parse_number(match["number"]) if match else None
    if match is None or number is None or (match["sign"] and match["inner"]):
        return None
    value = Fraction(-number if "-" in (match["sign"], match["inner"]) else number)
    if match["currency"] and (match["percent"] or match["after"]):
        return None
    if match["percent"]:
        return Cell(value / 100, "")
    unit = match["unit"] or ""
    if unit and (unit.split()[0].lower() in _SCALES or (match["currency"] and not match["gap"])):
        return None
    # What is written together with a number is a unit only if it is known as one: 5kg, not 4WD.
    if unit and not match["gap"] and not _is_measure(unit):
        return None
    return Cell(value, match["currency"] or match["after"] or unit)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no number."""
    return text.strip(" .").lower() in _MISSING


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
