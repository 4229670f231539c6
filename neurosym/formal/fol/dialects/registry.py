"""The dialects by name, and which of them a text is written in."""

from __future__ import annotations

import re
from enum import StrEnum
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

from neurosym.errors import OptionError

# The command line takes the names from here, and needs nothing else of dialects for its help.
if TYPE_CHECKING:
    from neurosym.formal.fol.dialects.base import Dialect
    from neurosym.formal.fol.theory import Theory

__all__ = ["DialectName", "dialect_named", "find_dialect", "read_theory"]


class DialectName(StrEnum):
    """The dialects. Each is described in its module."""

    FOL = "fol"
    """Logic in unicode."""
    NLTK = "nltk"
    """The logic of NLTK and Prover9."""
    LATEX = "latex"
    TPTP = "tptp"
    SMTLIB = "smtlib"
    LEAN = "lean"
    """Lean 4, printed only."""
    RULES = "rules"
    """Facts and rules, as in Logic-LM."""
    CSP = "csp"
    """Variables, domains and constraints, as in Logic-LM."""
    PUZZLE = "puzzle"
    """Declarations, constraints and options, as in Logic-LM."""


_HOMES = {
    DialectName.FOL: ("infix", "UNICODE"),
    DialectName.NLTK: ("infix", "NLTK"),
    DialectName.LATEX: ("infix", "LATEX"),
    DialectName.TPTP: ("tptp", "TPTP"),
    DialectName.SMTLIB: ("smtlib", "SMTLIB"),
    DialectName.LEAN: ("lean", "LEAN"),
    DialectName.RULES: ("rules", "RULES"),
    DialectName.CSP: ("csp", "CSP"),
    DialectName.PUZZLE: ("puzzle", "PUZZLE"),
}
_SUFFIXES = {
    ".p": DialectName.TPTP,
    ".tptp": DialectName.TPTP,
    ".ax": DialectName.TPTP,
    ".smt2": DialectName.SMTLIB,
    ".smt": DialectName.SMTLIB,
    ".tex": DialectName.LATEX,
    ".lean": DialectName.LEAN,
}
# What only one dialect has, the surest first.
_MARKS = (
    (r"^\s*(?:fof|cnf|tff)\(", DialectName.TPTP),
    (r"^\s*\((?:assert|declare-|set-logic|set-option|check-sat)", DialectName.SMTLIB),
    (r"^\s*#\s*(?:Declarations|Constraints|Options)\b", DialectName.PUZZLE),
    (r"\[IN\]", DialectName.CSP),
    (r">>>|^\s*(?:Facts|Rules)\s*:", DialectName.RULES),
    (r"^\s*theorem\b", DialectName.LEAN),
    (r"\\(?:forall|exists|land|lor|lnot|rightarrow|neg|wedge|vee)\b", DialectName.LATEX),
    (r"[∀∃¬∧∨⊕→↔⊤⊥≠≤≥]", DialectName.FOL),
    (r"\b(?:all|exists)\s+\w+(?:\s+\w+)*\s*\.|->|<->|[&|]|^\s*-\w", DialectName.NLTK),
    (r"^\s*(?:⊢|\|-|∴|Premises\s*:)", DialectName.FOL),
)


def dialect_named(name: DialectName) -> Dialect:
    """The dialect of a name; its grammar is loaded when it is first used."""
    module, attribute = _HOMES[name]
    found: Dialect = getattr(import_module(f"{__package__}.{module}"), attribute)
    return found


def find_dialect(text: str, file_name: str = "") -> DialectName | None:
    """The dialect a theory is written in, by its file's name or by what it holds.

    ``None`` if nothing tells.
    """
    named = _SUFFIXES.get(PurePath(file_name).suffix.lower())
    if named is not None:
        return named
    return next((name for mark, name in _MARKS if re.search(mark, text, re.MULTILINE)), None)


def read_theory(
    text: str, dialect: DialectName | None = None, *, file_name: str = "", tolerant: bool = False
) -> tuple[Theory, DialectName]:
    """Read a theory in the dialect named, or in the one it seems to be written in.

    Args:
        text: The theory.
        dialect: Its dialect; ``None`` finds it.
        file_name: Name of the file it is from, which may tell the dialect.
        tolerant: Read what was meant where it does not quite follow the dialect, and record it.

    Returns:
        The theory, and its dialect.

    Raises:
        OptionError: Nothing tells the dialect.
        FormulaError: The text does not follow it.
        SortError: Its formulas do not fit together.
    """
    found = dialect or find_dialect(text, file_name)
    if found is None:
        raise OptionError(
            "nothing tells which dialect the theory is written in",
            hint=f"Name it (--from on the command line): {', '.join(DialectName)}.",
        )
    return dialect_named(found).parse_theory(text, tolerant=tolerant), found
