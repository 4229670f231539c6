"""The dialects by name, and which of them a text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

from neurosym.errors import InputError, OptionError
from neurosym.formal.fol.dialects.prose import is_prose, without_asides

# The command line takes the names from here, and needs nothing else of dialects for its help.
if TYPE_CHECKING:
    from neurosym.formal.fol.dialects.base import Dialect
    from neurosym.formal.fol.theory import Theory

__all__ = ["DialectName", "claim_form", "dialect_named", "find_dialect", "read_theory"]


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
_LINES = "a line 'Conclusion:' and the claim below it, or '⊢' before the claim"
_CLAIM_FORMS = {
    **dict.fromkeys((DialectName.FOL, DialectName.NLTK, DialectName.LATEX), _LINES),
    DialectName.TPTP: "fof(claim, conjecture, …).",
    DialectName.SMTLIB: "(assert (! (not …) :named negated-claim))",
    DialectName.RULES: "a line 'Query:' and the claim below it",
    DialectName.CSP: "a line 'Query:' and below it options such as 'A) truck == 1'",
    DialectName.PUZZLE: "a line '# Options' and below it options such as 'is_valid(…) ::: (A)'",
    DialectName.LEAN: "theorem claim : …",
}
_PRINTED_ONLY = frozenset({DialectName.LEAN})
_SUFFIXES = {
    **{f".{name}": name for name in DialectName},
    ".p": DialectName.TPTP,
    ".ax": DialectName.TPTP,
    ".smt2": DialectName.SMTLIB,
    ".smt": DialectName.SMTLIB,
    ".tex": DialectName.LATEX,
}
_SURE_MARKS = (
    (r"^[ \t]*(?:fof|cnf|tff|thf|tcf)[ \t]*\(|^[ \t]*include\('", DialectName.TPTP),
    (r"^[ \t]*\((?:assert|declare-|define-|set-|check-sat)", DialectName.SMTLIB),
    (r"^[ \t]*theorem\b[\s\S]*:=", DialectName.LEAN),
    (r"\[\s*IN\s*\]", DialectName.CSP),
    (r">>>", DialectName.RULES),
)
"""What no other dialect has, and no sentence."""
_MARKS = (
    (r"^[ \t]*#[ \t]*(?:Declarations|Constraints|Options)\b", DialectName.PUZZLE),
    (r"^[ \t]*(?:Facts|Rules)[ \t]*:", DialectName.RULES),
    (r"\\[A-Za-z]{2,}|\\[#{]|^[ \t]*\$.*\$[ \t]*$", DialectName.LATEX),
    (r"[∀∃¬∧∨⊕→↔⊤⊥≠≤≥·]|#\{", DialectName.FOL),
)
"""What no other dialect has."""
_NLTK_SIGNS = r"\b(?:all|exists)(?:[ \t]+\w+){1,9}[ \t]*\.|->|&|\|(?!-)|!=|^[ \t]*-\w"
_FORMULAS = rf"^[ \t]*(?:⊢|\|-|∴|(?:Premises|Conclusion)[ \t]*:)|{_NLTK_SIGNS}"
"""What formulas have in unicode without its signs, or in NLTK's logic."""
_FOL_WORD = r"\bdistinct\("
"""What has a meaning in unicode logic, and is seldom a predicate of NLTK's."""
_DECLARED = re.compile(r"^[^(:\n]*:.*->.*$", re.MULTILINE)
"""A line that declares a function, alike in all dialects of formulas."""


def dialect_named(name: DialectName) -> Dialect:
    """The dialect of a name; its grammar is loaded when it is first used."""
    module, attribute = _HOMES[name]
    found: Dialect = getattr(import_module(f"{__package__}.{module}"), attribute)
    return found


def claim_form(name: DialectName) -> str:
    """How a dialect says what is to be decided, for a hint."""
    return _CLAIM_FORMS[name]


def find_dialect(text: str, file_name: str = "") -> DialectName | None:
    """The dialect a theory is written in, by its file's name or by what it holds.

    ``None`` if nothing tells, as of plain words.

    Raises:
        OptionError: It can be read in two dialects, and means something else in each.
    """
    named = _SUFFIXES.get(PurePath(file_name).suffix.lower())
    if named is not None:
        return named
    stated = without_asides(text)
    if (sure := _marked(stated, _SURE_MARKS)) is not None:
        return sure
    if is_prose(stated):
        return None
    return _marked(stated, _MARKS) or _find_formulas(text, stated)


def _marked(text: str, marks: Iterable[tuple[str, DialectName]]) -> DialectName | None:
    return next((name for mark, name in marks if re.search(mark, text, re.MULTILINE)), None)


def _find_formulas(text: str, stated: str) -> DialectName | None:
    """Which dialect formulas are in that have no sign of unicode: the one that can read them."""
    if not re.search(_FORMULAS, stated, re.MULTILINE):
        return None
    readings = {
        name: digest
        for name in (DialectName.FOL, DialectName.NLTK)
        if (digest := _digest(name, text)) is not None
    }
    if not readings:  # the error is to be one of the dialect that was meant
        is_nltk = re.search(_NLTK_SIGNS, _DECLARED.sub("", stated), re.MULTILINE)
        return DialectName.NLTK if is_nltk else DialectName.FOL
    if len(set(readings.values())) > 1 and not re.search(_FOL_WORD, stated):
        names = " or ".join(readings)
        raise OptionError(
            f"the theory can be read as {names}, and means something else in each",
            hint=f"Name the dialect (--from on the command line): {names}.",
        )
    return next(iter(readings))


def _digest(name: DialectName, text: str) -> str | None:
    """What a theory means in a dialect, ``None`` where it does not follow it."""
    try:
        return dialect_named(name).parse_theory(text).digest
    except InputError:
        return None


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
        OptionError: Nothing tells the dialect, or it can be one of two.
        FormulaError: The text does not follow it.
        SortError: Its formulas do not fit together.
    """
    found = dialect or find_dialect(text, file_name)
    if found is None:
        names = [name for name in DialectName if name not in _PRINTED_ONLY]
        raise OptionError(
            "nothing tells which dialect the theory is written in",
            hint=f"Name it (--from on the command line): {', '.join(names)}. "
            "Plain words are for 'neurosym formalize' and 'neurosym solve'.",
        )
    return dialect_named(found).parse_theory(text, tolerant=tolerant), found
