"""The names of the checks, and short ways to state a result."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from neurosym.candidate import Check, CheckState

__all__ = [
    "CheckName",
    "ModelCheckName",
    "StatementCheckName",
    "TheoryCheckName",
    "failed",
    "not_applicable",
    "passed",
    "undecided",
]


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
    POOLED = "pooled"
    """The theory has formulas of several samples; of no other is it asked."""
    BACK_TRANSLATION = "back-translation"
    """The formulas, read back as words, say what their sentences say."""


class ModelCheckName(StrEnum):
    """The checks of optimization models."""

    FEASIBILITY = "feasibility"
    """The solution keeps to every constraint and bound, in exact arithmetic."""
    OBJECTIVE = "objective value"
    """The objective at the solution is what the solver said."""
    PROOF = "proof"
    """Dual values, a Farkas proof or a ray show that the solver is right."""
    AGREEMENT = "agreement"
    """A second solver says the same."""
    SCALING = "scaling"
    """The numbers are not too far apart for floating-point arithmetic."""
    GIVEN = "given data"
    """The text has a number for what it says is needed or scarce."""
    NUMBERS = "numbers"
    """Every number of the text is used."""
    CONSTANTS = "constants"
    """Every number of the model comes from the text."""
    SENSE = "objective direction"
    """The objective goes the way the text asks for."""
    DIRECTIONS = "inequality directions"
    """Limits are upper or lower ones as their sentences say."""
    UNITS = "units"
    """What is added up is measured in what it is compared with."""
    SHARES = "shares"
    """Percentages and fractions of a total are taken of the total."""
    COMPARISONS = "comparisons"
    """Things are compared with each other the way round that their sentence does."""
    ATTRIBUTION = "attribution"
    """What multiplies a variable is said of it, and not of another."""
    STRICTNESS = "strict limits"
    """"More than 40" leaves 40 out where only whole numbers count."""
    WHOLE = "whole numbers"
    """What is counted is whole."""
    SENTENCES = "sentences"
    """Every sentence that states a limit has a constraint."""
    DEPENDENCE = "dependence"
    """The objective and each constraint depend on something that is decided."""
    DECISION = "decision"
    """Something is decided: to do nothing at all is not what anyone has to ask for."""


class StatementCheckName(StrEnum):
    """The checks of statements in Lean, beside :attr:`CheckName.NUMBERS`."""

    ELABORATION = "elaboration"
    """Lean understands the statement."""
    VACUITY = "vacuity"
    """What it assumes is not contradictory."""
    TRIVIALITY = "triviality"
    """It states more than what it assumes, and needs a proof."""
    NEGATION = "negation"
    """It is not false, as far as one can see at once."""
    QUANTIFIERS = "quantifiers"
    """What the text says of all, of some and of exactly one thing, it does too."""
    BACK_TRANSLATION = "back-translation"
    """Read back as words, it says what the text says."""


_Name: TypeAlias = CheckName | TheoryCheckName | ModelCheckName | StatementCheckName


def passed(name: _Name, detail: str = "") -> Check:
    """State that a check passed."""
    return Check(name, CheckState.PASSED, detail)


def failed(name: _Name, detail: str) -> Check:
    """State that a check failed, and why."""
    return Check(name, CheckState.FAILED, detail)


def undecided(name: _Name, detail: str) -> Check:
    """State that a check applies but could not decide, and why."""
    return Check(name, CheckState.UNDECIDED, detail)


def not_applicable(name: _Name, detail: str = "") -> Check:
    """State that there is nothing to check."""
    return Check(name, CheckState.NOT_APPLICABLE, detail)
