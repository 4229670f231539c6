"""Checks of the solvers themselves. Where one fails, the machinery is broken and nobody votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from neurosym.candidate import Check, CheckState, Outcome
from neurosym.checks.names import ModelCheckName
from neurosym.status import Status

__all__ = ["settle"]

_MACHINERY = frozenset(
    {
        ModelCheckName.FEASIBILITY,
        ModelCheckName.OBJECTIVE,
        ModelCheckName.PROOF,
        ModelCheckName.AGREEMENT,
    }
)


def settle(outcome: Outcome, checks: Sequence[Check]) -> Outcome:
    """An outcome, or in its place a failure without an answer if checks show it to be false.

    A solution that breaks a constraint, a proof that does not hold, two solvers that differ: none
    of it says anything about the problem, so none of it may be voted on.
    """
    wrong = [
        f"{check.name}: {check.detail}"
        for check in checks
        if check.state is CheckState.FAILED and check.name in _MACHINERY
    ]
    if not wrong:
        return outcome
    error = f"the solver's result does not hold ({'; '.join(wrong)})"
    evidence = {**outcome.evidence, "error": error}
    return replace(outcome, status=Status.FAILED, answer=None, evidence=evidence)
