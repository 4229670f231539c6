"""Checks of optimization models: certificates of the solution, and the text they came from."""

from __future__ import annotations

from neurosym.backends.optimization.backend import FINDINGS, MODEL
from neurosym.backends.optimization.findings import Findings
from neurosym.candidate import Check, Outcome
from neurosym.checks.certified import certificate_checks
from neurosym.checks.model_text import text_checks
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.problem import Problem

__all__ = ["run_model_checks"]


def run_model_checks(problem: Problem, model: Model, outcome: Outcome) -> tuple[Check, ...]:
    """Run every check on a model and what a solver found of it."""
    checks: tuple[Check, ...] = ()
    if FINDINGS in outcome.evidence:
        # The model that was solved, which may be another one that means the same.
        solved = read_model(outcome.evidence[MODEL])
        found = Findings.from_json(outcome.evidence[FINDINGS])
        checks = certificate_checks(solved.instance, found)
        checks += text_checks(problem, model)
    return checks
