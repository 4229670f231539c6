"""The infix dialects: unicode logic, NLTK's and LaTeX."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.formal.fol.dialects.infix_printer import print_formula
from neurosym.formal.fol.dialects.infix_reader import read_formula
from neurosym.formal.fol.dialects.latex import LATEX_NOTATION
from neurosym.formal.fol.dialects.lines import parse_lines, print_lines
from neurosym.formal.fol.dialects.nltk import NLTK_NOTATION
from neurosym.formal.fol.dialects.notation import Notation
from neurosym.formal.fol.dialects.unicode import UNICODE_NOTATION
from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Theory

__all__ = ["LATEX", "NLTK", "UNICODE", "InfixDialect"]


@dataclass(frozen=True)
class InfixDialect:
    """A dialect with infix connectives; see :class:`neurosym.formal.fol.dialects.base.Dialect`.

    Attributes:
        notation: What tells it from the others.
    """

    notation: Notation

    @property
    def name(self) -> str:
        """Its name."""
        return self.notation.name

    def parse_formula(self, text: str) -> Formula:
        """Read one formula; see the protocol."""
        return read_formula(self.notation, text)

    def print_formula(self, formula: Formula) -> str:
        """Write one formula; see the protocol."""
        return print_formula(self.notation, formula)

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a theory of one formula a line; see :mod:`neurosym.formal.fol.dialects.lines`."""
        return parse_lines(self.notation, text, tolerant=tolerant)

    def print_theory(self, theory: Theory) -> str:
        """Write a theory, one formula a line."""
        return print_lines(self.notation, theory)


UNICODE = InfixDialect(UNICODE_NOTATION)
NLTK = InfixDialect(NLTK_NOTATION)
LATEX = InfixDialect(LATEX_NOTATION)
