"""The lines of MPS: comments left out, data lines in words, each word with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TypeAlias

from neurosym.errors import FormulaError
from neurosym.formal.optimization.formats.gathering import too_many_columns
from neurosym.formal.optimization.formats.naming import MAX_NAME
from neurosym.formal.optimization.formats.numerals import Limit, read_number
from neurosym.formal.optimization.rows import MAX_COLUMNS

__all__ = [
    "ILLEGAL",
    "SECTIONS",
    "UNSUPPORTED",
    "Lines",
    "Spot",
    "check_columns",
    "has_fields",
    "is_legal",
]

Spot: TypeAlias = tuple[int, int]
"""A line and a column of a text, both from 1."""

SECTIONS = frozenset(
    {"NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "QUADOBJ", "QMATRIX"}
    | {"QCMATRIX", "INDICATORS", "ENDATA"}
)
"""Sections that are read."""
UNSUPPORTED = {
    "SOS": "special ordered sets",
    "SOS1": "special ordered sets",
    "SOS2": "special ordered sets",
    "SETS": "special ordered sets",
    "QSECTION": "products in QSECTION (QUADOBJ is read)",
    "CSECTION": "cones",
    "GENCONS": "general constraints",
    "PWLOBJ": "piecewise linear objectives",
    "PWLNAM": "piecewise linear objectives",
    "LAZYCONS": "lazy constraints",
    "USERCUTS": "user cuts",
    "OBJNAME": "objectives chosen by name (the first N row is the objective)",
    "OBJECTIVE": "objectives chosen by name (the first N row is the objective)",
}
"""Sections that are not read, and what they are about."""

ILLEGAL = re.compile(r"[^!-~]")
"""Characters of which no name is made."""
_LEGAL = re.compile(rf"[!#%-)+-~][!-~]{{0,{MAX_NAME - 1}}}")
_FIELDS = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
_GAPS = (0, 3, 12, 13, 22, 23, 36, 37, 38, 47, 48)


def is_legal(name: str) -> bool:
    """Whether a name is one in free form, wherever it stands."""
    if _LEGAL.fullmatch(name) is None or name.strip("'") in ("MARKER", "INTORG", "INTEND"):
        return False
    if name in SECTIONS or name in UNSUPPORTED:
        return False
    try:
        read_number(name)
    except ValueError:
        return True
    return False


def check_columns(text: str) -> None:
    """Refuse a text that has far too many columns, before it is read.

    Raises:
        InputError: It has more than a model may have.
    """
    if len(text) < 2 * MAX_COLUMNS:
        return
    begin = text.find("\nCOLUMNS") + 1
    end = re.compile(r"^[A-Z]", re.MULTILINE).search(text, begin + 1)
    part = text[begin : end.start() if end and begin else len(text)]
    if begin and part.count("\n") > MAX_COLUMNS:
        names = set(re.findall(r"^[ \t]++(\S++)", part, re.MULTILINE))
        # In fixed form the first words of names may be alike; those that are not are columns, but
        # for the markers.
        names -= {marker for marker in names if "MARKER" in marker}
        markers = part.count("'MARKER'")
        if len(names) > MAX_COLUMNS + markers:
            raise too_many_columns(f"more than {MAX_COLUMNS:,}")


def has_fields(text: str) -> bool:
    """Whether the data lines of a text keep to the fields of fixed form."""
    for _, line in Lines(text, fixed=False):
        # What is at the beginning of a line begins a section.
        if line[:1] == " " and any(line[gap : gap + 1] not in ("", " ") for gap in _GAPS):
            return False
        if "\t" in line:
            return False
    return True


class Lines:
    """A text, line by line.

    Args:
        text: What is read.
        fixed: Whether words are where fixed form has them, so that names may hold spaces.

    Attributes:
        number: Of the current line, from 1.
        line: The current line.
        words: Its words; in fixed form, empty ones for what is left out before others.
    """

    def __init__(self, text: str, *, fixed: bool) -> None:
        self.text = text
        self.number = 0
        self.line = ""
        self.words: list[str] = []
        self._fixed = fixed
        self._numbers: dict[str, Limit] = {}
        self._sets: dict[str, str] = {}

    def __iter__(self) -> Iterator[tuple[bool, str]]:
        """Each line that is not empty and no comment, and whether it begins a section."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            if not line or line[0] == "*" or line.isspace():
                continue
            self.number, self.line = number, line
            heads = line[0] not in " \t"
            self.words = line.split() if heads or not self._fixed else self._fields(line)
            yield heads, line

    def _fields(self, line: str) -> list[str]:
        found = [line[begin:end].strip() for begin, end in _FIELDS]
        while found and not found[-1]:
            found.pop()
        # Only rows and bounds have the first field.
        return found if not found or found[0] else found[1:]

    def place(self, index: int) -> int:
        """The column at which a word of the line begins, from 1; past its end for one too many."""
        begins = [match.start() for match in re.finditer(r"\S+", self.line)]
        if self._fixed and self.line[0] == " ":
            parts = [(begin, self.line[begin:end]) for begin, end in _FIELDS]
            begins = [begin + len(part) - len(part.lstrip()) for begin, part in parts]
            begins = begins if parts[0][1].strip() else begins[1:]
        past = len(self.line.rstrip())
        return (begins[index] if index < len(self.words) and index < len(begins) else past) + 1

    def fault(
        self,
        problem: str,
        index: int = 0,
        *,
        expected: tuple[str, ...] = (),
        hint: str = "Mend the line at the caret.",
    ) -> FormulaError:
        """The error that something is wrong with a word of the current line."""
        return self.fault_at(self.spot(index), problem, expected=expected, hint=hint)

    def spot(self, index: int) -> Spot:
        """The place of a word of the current line in the text."""
        return self.number, self.place(index)

    def fault_at(
        self, spot: Spot, problem: str, *, hint: str, expected: tuple[str, ...] = ()
    ) -> FormulaError:
        """The error that something is wrong at a place."""
        line, column = spot
        return FormulaError(
            problem, text=self.text, line=line, column=column, expected=expected, hint=hint
        )

    def value(self, index: int) -> Limit:
        """The number that a word says.

        Raises:
            FormulaError: It is none.
        """
        word = self.words[index]
        found = self._numbers.get(word)
        if found is None:
            try:
                found = read_number(word)
            except ValueError as error:
                raise self.fault(str(error), index) from None
            self._numbers[word] = found
        return found

    def column(self, index: int, columns: Mapping[str, int]) -> int:
        """The number of the column that a word names.

        Raises:
            FormulaError: It names none.
        """
        number = columns.get(self.words[index])
        if number is None:
            raise self.unknown(index, "column", iter(columns))
        return number

    def unknown(self, index: int, what: str, among: Iterator[str]) -> FormulaError:
        """The error that a word names nothing that there is."""
        word = self.words[index]
        near = get_close_matches(word, [name for name, _ in zip(among, range(1000), strict=False)])
        meant = f"Did you mean {near[0]}? " if near else ""
        return self.fault(
            f"there is no {what} {word}", index, hint=f"{meant}Mend the line at the caret."
        )

    def check_count(self, *counts: int) -> None:
        """Refuse a line that has not one of these numbers of words.

        Raises:
            FormulaError: It has not.
        """
        if len(self.words) not in counts:
            raise self.fault(
                f"the line has {len(self.words)} words", max(counts),
                expected=tuple(map(str, counts)),
            )  # fmt: skip

    def check_set(self, what: str, index: int) -> None:
        """That a word names the only set of sides, ranges or bounds; a second is another model.

        Raises:
            FormulaError: There is another.
        """
        name = self.words[index]
        if name and self._sets.setdefault(what, name) != name:
            raise self.fault(
                f"{name} is a second set of {what}", index,
                hint=f"Keep one set, {self._sets[what]} or this.",
            )  # fmt: skip
