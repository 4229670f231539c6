"""Short names for what a check may say, for the tables of the tests beside."""

from __future__ import annotations

from neurosym.candidate import CheckState

__all__ = ["FAILED", "NOT_APPLICABLE", "PASSED", "UNDECIDED"]

PASSED, FAILED, UNDECIDED, NOT_APPLICABLE = (
    CheckState.PASSED,
    CheckState.FAILED,
    CheckState.UNDECIDED,
    CheckState.NOT_APPLICABLE,
)
