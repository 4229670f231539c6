"""Checks that need no model: each a pure function of the question, the program and its outcome."""

from __future__ import annotations

from neurosym.candidate import Check, Outcome
from neurosym.checks.answer_kind import AnswerKind, check_answer_kind, infer_kind
from neurosym.checks.names import CheckName
from neurosym.checks.numbers import check_constants, check_numbers
from neurosym.checks.units import check_units
from neurosym.formal.program import Program
from neurosym.problem import Problem

__all__ = [
    "AnswerKind",
    "CheckName",
    "check_answer_kind",
    "check_constants",
    "check_numbers",
    "check_units",
    "infer_kind",
    "run_checks",
]


def run_checks(problem: Problem, program: Program, outcome: Outcome) -> tuple[Check, ...]:
    """Run every check on a program and what it gave, in the order of :class:`CheckName`.

    Never raises, whatever the question, the program or the answer hold.
    """
    return (
        check_numbers(problem, program),
        check_constants(problem, program),
        check_answer_kind(problem, outcome),
        check_units(problem, program, outcome),
    )
