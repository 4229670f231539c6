"""The prover: states by their keys, and a kernel that has the last word."""

from __future__ import annotations

import asyncio
import itertools

from neurosym.backends.lean.tactics import ProofState, TacticFailure
from neurosym.errors import BackendError
from neurosym.formal.lean.theorem import Theorem
from tests.backends.lean.small_prover.expressions import Expr
from tests.backends.lean.small_prover.limits import TOO_DEEP, Budget, Failure
from tests.backends.lean.small_prover.state import State
from tests.backends.lean.small_prover.statement import opened
from tests.backends.lean.small_prover.tactics import run_text
from tests.backends.lean.small_prover.work import checked_proof, show_goals

__all__ = ["SmallProver"]


class SmallProver:
    """Proves theorems of a part of Lean 4, one tactic at a time; see the package.

    It keeps every state until it is closed.
    """

    def __init__(self) -> None:
        self._states: dict[str, State] = {}
        self._keys = itertools.count(1)

    async def start(self, theorem: Theorem) -> ProofState:
        """The state before the first tactic.

        Raises:
            FormulaError: The statement is none, or more than this prover knows.
        """
        await asyncio.sleep(0)
        state = opened(theorem, Budget())
        return self._kept(state, show_goals(state, Budget()))

    async def run(
        self, state: ProofState, tactic: str, seconds: float
    ) -> ProofState | TacticFailure:
        """The state after one more tactic, or why there is none.

        Raises:
            BackendError: The state is not this prover's, or the prover has been closed.
        """
        await asyncio.sleep(0)
        try:
            before = self._states[state.key]
        except KeyError:
            raise BackendError(
                f"there is no state {state.key}", hint="Take one that this prover gave."
            ) from None
        budget = Budget(seconds)
        try:
            after = run_text(before, tactic, budget)
            if not after.goals:
                checked_proof(after, budget)
            goals = show_goals(after, budget)
        except Failure as failure:
            return TacticFailure(str(failure))
        except RecursionError:
            return TacticFailure(TOO_DEEP)
        return self._kept(after, goals)

    async def aclose(self) -> None:
        """Forget all states."""
        self._states.clear()

    def proof(self, state: ProofState) -> tuple[Expr, Expr]:
        """The statement and the proof of a theorem that has been proved, as terms."""
        kept = self._states[state.key]
        return kept.root.type, checked_proof(kept, Budget())

    def _kept(self, state: State, goals: tuple[str, ...]) -> ProofState:
        key = str(next(self._keys))
        self._states[key] = state
        return ProofState(key, goals)
