"""What a prover's verdict is worth as a vote.

LINC (Olausson et al. 2023, arXiv:2310.15164, section 3) votes flat over True, False and Uncertain
and drops errors. But a found proof and a failed search are not equal evidence: most ways of
translating wrongly break a proof, and few make one.
"""

from __future__ import annotations

from enum import StrEnum

from neurosym.candidate import Candidate, CheckState
from neurosym.checks.names import TheoryCheckName
from neurosym.formal.fol.theory import Theory
from neurosym.status import Status

__all__ = ["ProofState", "is_pooled", "proof_state"]


class ProofState(StrEnum):
    """What a prover found of a translation."""

    PROVED = "proved"
    """A proof of the claim or of its negation."""
    REPAIRED = "proved after repairs"
    """The same, from a theory that had to be mended to be read."""
    POOLED = "pooled"
    """A proof of either from the formulas of several samples together."""
    COUNTERMODEL = "countermodel"
    """No proof, and a world in which the premises hold and the claim does not, and one in which it
    does."""
    DISCONNECTED = "disconnected"
    """No proof, and none was possible: the claim's predicates never occur in a premise."""
    TIMEOUT = "timeout"
    """No proof and no such world in time."""
    CONTRADICTION = "contradiction"
    """The premises cannot all hold."""
    MALFORMED = "malformed"
    """No theory at all."""
    OPTION = "option"
    """One option of a puzzle passes its test."""
    NO_OPTION = "no option"
    """None does, or several do."""


def is_pooled(candidate: Candidate) -> bool:
    """Whether a candidate is no sample, but put together of several."""
    return candidate.verdict.check(TheoryCheckName.POOLED) is not None


def proof_state(candidate: Candidate) -> ProofState | None:
    """The state of a candidate whose formal object is a theory, ``None`` for any other.

    Also ``None`` if nothing is known of it since its provers disagree.
    """
    theory, outcome = candidate.formalization, candidate.verdict.outcome
    if not isinstance(theory, Theory) or outcome.status is Status.DISAGREEMENT:
        return None
    if theory.options and outcome.status in _OF_OPTIONS:
        return _OF_OPTIONS[outcome.status]
    if is_pooled(candidate):
        return ProofState.POOLED
    state = _OF_CLAIMS[outcome.status]
    if state is ProofState.PROVED and theory.repairs:
        return ProofState.REPAIRED
    vocabulary = candidate.verdict.check(TheoryCheckName.VOCABULARY)
    if state is ProofState.COUNTERMODEL and vocabulary is not None:
        return ProofState.DISCONNECTED if vocabulary.state is CheckState.FAILED else state
    return state


_OF_OPTIONS = {Status.SOLVED: ProofState.OPTION, Status.UNKNOWN: ProofState.NO_OPTION}
_OF_CLAIMS = {
    Status.PROVED: ProofState.PROVED,
    Status.REFUTED: ProofState.PROVED,
    Status.UNKNOWN: ProofState.COUNTERMODEL,
    Status.CONTRADICTION: ProofState.CONTRADICTION,
    Status.TIMEOUT: ProofState.TIMEOUT,
    Status.OUT_OF_MEMORY: ProofState.TIMEOUT,
    Status.MALFORMED: ProofState.MALFORMED,
    Status.FAILED: ProofState.MALFORMED,
}
