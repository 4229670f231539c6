"""The names of the checks, and short ways to state a result."""

from __future__ import annotations

from enum import StrEnum

from neurosym.candidate import Check, CheckState

__all__ = ["CheckName", "TheoryCheckName", "failed", "not_applicable", "passed", "undecided"]


class CheckName(StrEnum):
    """The checks of programs that need no model."""

    NUMBERS = "numbers"
    """Every number of the question is used."""
    CONSTANTS = "constants"
    """Every number of the program comes from the question or is a known conversion."""
    ANSWER_KIND = "answer kind"
    """The answer is of the kind that was asked for."""
    UNITS = "units"
    """Units that have to be converted are."""


class TheoryCheckName(StrEnum):
    """The checks of theories."""

    REPAIRS = "repairs"
    """The theory was read as it was written, without repairs."""
    COMPLETENESS = "completeness"
    """Every sentence of the problem has its formula."""
    VOCABULARY = "vocabulary"
    """The claim's predicates occur in the premises."""
    CONSISTENCY = "consistency"
    """The premises can all hold."""
    BACK_TRANSLATION = "back-translation"
    """The formulas, read back as words, say what their sentences say."""


def passed(name: CheckName | TheoryCheckName, detail: str = "") -> Check:
    """State that a check passed."""
    return Check(name, CheckState.PASSED, detail)


def failed(name: CheckName | TheoryCheckName, detail: str) -> Check:
    """State that a check failed, and why."""
    return Check(name, CheckState.FAILED, detail)


def undecided(name: CheckName | TheoryCheckName, detail: str) -> Check:
    """State that a check applies but could not decide, and why."""
    return Check(name, CheckState.UNDECIDED, detail)


def not_applicable(name: CheckName | TheoryCheckName, detail: str = "") -> Check:
    """State that there is nothing to check."""
    return Check(name, CheckState.NOT_APPLICABLE, detail)
