"""Products in MPS: the sections QUADOBJ, QMATRIX and QCMATRIX."""

from __future__ import annotations

from fractions import Fraction

from neurosym.formal.optimization.formats.gathering import Gathering
from neurosym.formal.optimization.formats.mps_lines import Lines
from neurosym.formal.optimization.polynomial import Polynomial

__all__ = ["ProductLines"]


class ProductLines:
    """Reads entries of a matrix Q.

    The objective has half of ``x Q x``, a row all of it; QUADOBJ says one of two entries that are
    alike, the others say both.

    Args:
        lines: What is read.
        gathered: The columns.
    """

    def __init__(self, lines: Lines, gathered: Gathering) -> None:
        self._lines = lines
        self._gathered = gathered
        self._section = ""
        self._name = ""
        self._content = Polynomial()
        self._pairs: set[tuple[str, int, int]] = set()

    def begin(self, section: str, name: str, content: Polynomial) -> None:
        """Add what follows in a section to the objective or row of this name, which holds that."""
        self._section, self._name, self._content = section, name, content

    def read(self) -> None:
        """The current line.

        Raises:
            FormulaError: It is no entry, or one that has been given.
        """
        lines, words = self._lines, [word for word in self._lines.words if word]
        lines.words = words
        lines.check_count(3)
        one, other = (lines.column(index, self._gathered.numbers) for index in (0, 1))
        value = lines.value(2)
        if not isinstance(value, Fraction):
            raise lines.fault("a coefficient is infinite", 2)
        is_half = self._section == "QUADOBJ"
        pair = (min(one, other), max(one, other)) if is_half else (one, other)
        if (self._name, *pair) in self._pairs:
            raise lines.fault(f"the product of {words[0]} and {words[1]} is given twice")
        self._pairs.add((self._name, *pair))
        is_all = self._section == "QCMATRIX" or (is_half and one != other)
        self._content.add_product(one, other, value if is_all else value / 2)
