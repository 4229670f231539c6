"""Proofs judged, as a backend: what :mod:`neurosym.backends.lean.verdict` says, as an outcome."""

from __future__ import annotations

import json

from neurosym.backends.base import Limits
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.messages import Severity
from neurosym.backends.lean.verdict import STANDARD_AXIOMS, Judgement, LeanFault, judge
from neurosym.candidate import Outcome
from neurosym.formal.lean.proof import Proof
from neurosym.status import Status

__all__ = ["PROVED", "LeanBackend", "axioms_of", "faults_of", "outcome_of"]

PROVED = "proved"
"""The answer of a proof that holds; every other has none."""


class LeanBackend:
    """Judges proofs, each in a process that has seen no other.

    See :class:`neurosym.backends.base.Backend`.

    Args:
        lean: What elaborates the files; closed with this.
        axioms: The axioms that proofs may rest on.
    """

    def __init__(
        self,
        lean: FileElaborator,
        axioms: frozenset[str] = STANDARD_AXIOMS,
    ) -> None:
        self._lean = lean
        self._axioms = axioms

    async def run(self, formalization: Proof, limits: Limits) -> Outcome:
        """Judge a proof.

        Raises:
            BackendError: Lean cannot be run.
            IsolationError: It cannot be isolated, and was to be.
        """
        asked, given = formalization.asked, formalization.given
        return outcome_of(await judge(asked, given, self._lean, limits, axioms=self._axioms))

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._lean.aclose()


def outcome_of(judgement: Judgement) -> Outcome:
    """What was found about a proof, as an outcome."""
    evidence = {"faults": json.dumps(judgement.faults)}
    if judgement.axioms is not None:
        evidence["axioms"] = json.dumps(judgement.axioms)
    if judgement.faults:
        evidence["error"] = next(iter(judgement.faults.values()))
    errors = (item.start for item in judgement.messages if item.severity is Severity.ERROR)
    if lines := [start.line for start in errors if start is not None]:
        evidence["line"] = str(lines[0])
    return Outcome(
        status=judgement.status,
        answer=PROVED if judgement.status is Status.PROVED else None,
        evidence=evidence,
        seconds=judgement.seconds,
        memory_bytes=judgement.memory_bytes,
    )


def faults_of(outcome: Outcome) -> dict[LeanFault, str]:
    """What is wrong with a proof, in words, by the check that fails."""
    found = json.loads(outcome.evidence.get("faults", "{}"))
    return {LeanFault(name): detail for name, detail in found.items()}


def axioms_of(outcome: Outcome) -> tuple[str, ...] | None:
    """The axioms that a proof rests on; ``None`` where Lean did not come to say."""
    told = outcome.evidence.get("axioms")
    return None if told is None else tuple(json.loads(told))
