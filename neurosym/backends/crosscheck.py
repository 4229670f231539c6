"""Two provers on one theory: what one finds, the other has to find too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from neurosym.backends.base import Backend, Limits
from neurosym.candidate import Outcome
from neurosym.errors import DisagreementError
from neurosym.formal.fol.theory import Theory
from neurosym.status import Status

__all__ = ["CrossCheck"]

_FINDINGS = frozenset(
    {Status.PROVED, Status.REFUTED, Status.UNKNOWN, Status.CONTRADICTION, Status.SOLVED}
)


class CrossCheck:
    """Runs two backends for theories and compares; see :class:`neurosym.backends.base.Backend`.

    Args:
        first: Whose outcome is given where both have one.
        second: The other; what it says is added as the evidence ``cross-check``, and its proof
            where the first has none.
    """

    def __init__(self, first: Backend[Theory], second: Backend[Theory]) -> None:
        self._first = first
        self._second = second

    async def run(self, formalization: Theory, limits: Limits) -> Outcome:
        """Decide a theory with both.

        Raises:
            BackendError: One of them broke.
            DisagreementError: They contradict each other, so one of them, or what lies between, is
                broken: no answer may rest on it.
        """
        first, second = await asyncio.gather(
            self._first.run(formalization, limits), self._second.run(formalization, limits)
        )
        if second.status not in _FINDINGS:
            why = second.evidence.get("error", second.status.value)
            return _noted(first, f"not decided by the second prover: {why}")
        if first.status not in _FINDINGS:
            why = first.evidence.get("error", first.status.value)
            return _noted(second, f"not decided by the first prover: {why}")
        for one, other in ((first, second), (second, first)):
            if one.status is Status.CONTRADICTION and "consistency" in other.evidence:
                # From premises that contradict each other everything follows.
                return _noted(one, "the other prover proved the claim or its negation")
        if first.status is not second.status:
            raise DisagreementError(
                f"two provers disagree: {first.status.value} and {second.status.value}",
                hint="Please report this with the theory; no answer can be trusted here.",
            )
        proof = {"proof": second.evidence["proof"]} if "proof" in second.evidence else {}
        evidence = {**proof, **first.evidence}
        if "consistency" not in second.evidence:
            evidence.pop("consistency", None)  # the second prover knows that they can hold
        return _noted(replace(first, evidence=evidence), "both provers agree")

    async def aclose(self) -> None:
        """Stop both. Safe to call twice."""
        await self._first.aclose()
        await self._second.aclose()


def _noted(outcome: Outcome, text: str) -> Outcome:
    return replace(outcome, evidence={**outcome.evidence, "cross-check": text})
