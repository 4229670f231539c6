"""Checks of optimization models: certificates of the solution, and the text they came from."""

from __future__ import annotations

from neurosym.backends.optimization.findings import Findings, found_of
from neurosym.backends.optimization.task import Ending
from neurosym.candidate import Check, Outcome
from neurosym.checks.certified import certificate_checks
from neurosym.checks.model_text import text_checks
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.optimization.model import Model
from neurosym.formal.optimization.review import unmoved
from neurosym.formal.program import Program
from neurosym.problem import Problem

__all__ = ["run_model_checks"]


def run_model_checks(
    problem: Problem, formal: Model | Program, outcome: Outcome
) -> tuple[Check, ...]:
    """Run every check on a model, or a program that builds one, and what a solver found of it."""
    known = found_of(outcome)
    if known is None:
        return ()
    # The model that was solved, which may be another one that means the same.
    solved, found = known
    model = formal if isinstance(formal, Model) else solved
    checks = (*certificate_checks(solved.instance, found), *text_checks(problem, model))
    return (*checks, _dependence(model), _decision(found))


def _dependence(model: Model) -> Check:
    name = ModelCheckName.DEPENDENCE
    notes = [note.detail for note in unmoved(model)]
    return failed(name, "; ".join(notes[:_MAX_NOTES])) if notes else passed(name)


_MAX_NOTES = 3


def _decision(found: Findings) -> Check:
    name = ModelCheckName.DECISION
    if found.ending is not Ending.OPTIMAL:
        return not_applicable(name, "there is no optimum")
    if not any(found.values):
        return failed(name, "every variable is 0, so nothing is done")
    return passed(name)
