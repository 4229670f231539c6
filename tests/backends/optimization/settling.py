"""Models solved and checked, for tests that look at what is said of them."""

from __future__ import annotations

import asyncio

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import Findings, found_of
from neurosym.candidate import Check, Outcome
from neurosym.checks.certified import certificate_checks
from neurosym.checks.machinery import settle
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model

__all__ = ["settled"]


def settled(
    backend: OptimizationBackend, text: str, seconds: float = 20
) -> tuple[Outcome, Model, Findings, dict[str, Check]]:
    """How a model ends after its checks, the model, what was found, and the checks by name."""
    outcome = asyncio.run(backend.run(read_model(text), Limits(seconds=seconds)))
    known = found_of(outcome)
    assert known is not None, outcome
    model, found = known
    checks = certificate_checks(model.instance, found)
    return settle(outcome, checks), model, found, {check.name: check for check in checks}
