"""What was found about a Lean proof, as checks."""

from __future__ import annotations

from neurosym.backends.lean.backend import axioms_of, faults_of
from neurosym.backends.lean.verdict import LeanFault
from neurosym.candidate import Check, CheckState, Outcome
from neurosym.formal.lean.proof import Proof
from neurosym.problem import Problem

__all__ = ["lean_checks", "run_proof_checks"]

_BY_LEAN = frozenset({LeanFault.ELABORATION, LeanFault.AXIOMS, LeanFault.STATEMENT})
"""What Lean itself is asked."""


def run_proof_checks(problem: Problem, proof: Proof, outcome: Outcome) -> tuple[Check, ...]:
    """The checks of a sampled proof; the verdict is all there is to check."""
    return lean_checks(outcome)


def lean_checks(outcome: Outcome) -> tuple[Check, ...]:
    """A check for everything that can be wrong with a proof, in the order of the rules.

    Args:
        outcome: What :func:`neurosym.backends.lean.backend.outcome_of` made of a judgement.
    """
    faults, axioms = faults_of(outcome), axioms_of(outcome)
    return tuple(_check(fault, faults, axioms) for fault in LeanFault)


def _check(fault: LeanFault, faults: dict[LeanFault, str], axioms: tuple[str, ...] | None) -> Check:
    if (detail := faults.get(fault)) is not None:
        return Check(fault.value, CheckState.FAILED, detail)
    is_broken = fault is LeanFault.STATEMENT and LeanFault.ELABORATION in faults
    if is_broken or (fault in _BY_LEAN and axioms is None):
        return Check(fault.value, CheckState.UNDECIDED, "Lean did not get that far")
    if fault is LeanFault.AXIOMS:
        told = ", ".join(axioms or ()) or "none"
        return Check(fault.value, CheckState.PASSED, f"it rests on {told}")
    return Check(fault.value, CheckState.PASSED)
