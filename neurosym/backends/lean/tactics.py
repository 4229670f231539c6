"""The contract of provers that take a proof one tactic at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from neurosym.formal.lean.theorem import Theorem

__all__ = ["ProofState", "TacticFailure", "TacticProver"]


@dataclass(frozen=True, slots=True)
class ProofState:
    """What is left to prove after some tactics.

    Attributes:
        key: The prover's own name for it; only that prover knows what it means.
        goals: Each goal as Lean shows it: a line ``name : type`` for each hypothesis, then
            ``⊢ target``. The first is the one that the next tactic works on; with none left the
            theorem is proved.
    """

    key: str
    goals: tuple[str, ...]

    @property
    def is_proved(self) -> bool:
        """Whether no goal is left."""
        return not self.goals


@dataclass(frozen=True, slots=True)
class TacticFailure:
    """That a tactic does not apply, in the prover's words."""

    message: str


@runtime_checkable
class TacticProver(Protocol):
    """Takes proofs tactic by tactic. That it accepts one is no verdict: the whole proof is judged.

    Safe to use from several tasks at once.
    """

    async def start(self, theorem: Theorem) -> ProofState:
        """The state before the first tactic of a theorem's proof.

        Raises:
            FormulaError: The statement is not one.
            BackendError: The machinery broke.
        """
        ...

    async def run(
        self, state: ProofState, tactic: str, seconds: float
    ) -> ProofState | TacticFailure:
        """The state after one more tactic; the one before can be gone on from again.

        Args:
            state: A state that this prover gave.
            tactic: One tactic, which may have several lines.
            seconds: Wall time for it; one that takes longer fails.

        Raises:
            BackendError: The machinery broke.
        """
        ...

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        ...
