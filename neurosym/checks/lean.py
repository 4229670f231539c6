"""What was found about a Lean proof, as checks."""

from __future__ import annotations

from neurosym.backends.lean.verdict import Judgement, LeanFault
from neurosym.candidate import Check, CheckState

__all__ = ["lean_checks"]

_BY_LEAN = frozenset({LeanFault.ELABORATION, LeanFault.AXIOMS, LeanFault.STATEMENT})
"""What Lean itself is asked."""


def lean_checks(judgement: Judgement) -> tuple[Check, ...]:
    """A check for everything that can be wrong with a proof, in the order of the rules."""
    return tuple(_check(judgement, fault) for fault in LeanFault)


def _check(judgement: Judgement, fault: LeanFault) -> Check:
    if (detail := judgement.faults.get(fault)) is not None:
        return Check(fault.value, CheckState.FAILED, detail)
    is_broken = fault is LeanFault.STATEMENT and LeanFault.ELABORATION in judgement.faults
    if is_broken or (fault in _BY_LEAN and judgement.axioms is None):
        return Check(fault.value, CheckState.UNDECIDED, "Lean did not get that far")
    if fault is LeanFault.AXIOMS:
        told = ", ".join(judgement.axioms or ()) or "none"
        return Check(fault.value, CheckState.PASSED, f"it rests on {told}")
    return Check(fault.value, CheckState.PASSED)
