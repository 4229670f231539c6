"""Skeletons of proofs, and the proofs in their holes, through anything that elaborates files.

With one hole filled and the others still ``sorry``, Lean says of that one what it says of a whole
proof (:mod:`neurosym.backends.lean.step_prover`), at the place where it stands.
"""

from __future__ import annotations

from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaborator, Ending
from neurosym.backends.lean.messages import Position
from neurosym.backends.lean.replay import ReplayProver, Tactics
from neurosym.backends.lean.step_prover import goals_left, tactic_proof
from neurosym.backends.lean.tactics import ProofState, TacticFailure
from neurosym.errors import BackendError, FormulaError
from neurosym.formal.lean.skeleton import Skeleton
from neurosym.formal.lean.source import significant
from neurosym.formal.lean.theorem import Theorem

__all__ = ["HoleProver", "refusal"]

_GIVING_UP = frozenset({"admit", "apply?", "rw?", "sorry", "sorryAx", "stop"})
"""Words of tactics that may leave a goal unproved and say no more of it than ``sorry`` does."""


async def refusal(
    skeleton: Skeleton, elaborator: Elaborator, limits: Limits = LEAN_LIMITS
) -> str | None:
    """Why Lean does not take a skeleton; ``None`` if it complains of nothing but ``sorry``.

    Args:
        skeleton: The skeleton.
        elaborator: What elaborates it.
        limits: What that may use.

    Raises:
        BackendError: Lean cannot be run.
        IsolationError: It cannot be isolated, and was to be.
    """
    found = await elaborator.elaborate(skeleton.theorem.text, limits)
    if found.ending is not Ending.FINISHED:
        return found.detail
    return str(found.errors[0]) if found.errors else None


class HoleProver(ReplayProver):
    """Takes the proof of one hole tactic by tactic, with all other holes left open.

    See :class:`neurosym.backends.lean.tactics.TacticProver`. A hole that it calls proved may still
    hold what the whole proof is refused for, since Lean says once, and of all holes together, that
    one is open.

    Args:
        skeleton: The skeleton, which Lean takes.
        hole: Which of its holes.
        elaborator: What elaborates files; it stays the caller's.
        limits: What one step may use; its time is given with each.
    """

    def __init__(
        self, skeleton: Skeleton, hole: int, elaborator: Elaborator, limits: Limits = LEAN_LIMITS
    ) -> None:
        super().__init__(limits.seconds)
        self._skeleton = skeleton
        self._hole = hole
        self._elaborator = elaborator
        self._limits = limits

    async def start(self, theorem: Theorem) -> ProofState:
        """The state before the first tactic in the hole.

        Args:
            theorem: The skeleton's.

        Raises:
            FormulaError: Lean tells no goals of the hole.
            BackendError: The theorem is another one, or the machinery broke.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        if theorem != self._skeleton.theorem:
            raise BackendError(
                "this prover is for a hole in the proof of another theorem",
                hint="Give it the skeleton's.",
            )
        found = await self._state(theorem, (), self._seconds)
        if isinstance(found, TacticFailure):
            raise FormulaError(
                f"no proof can begin in hole {self._hole + 1}: {found.message}",
                text=theorem.text, line=1, column=1, hint="Take another skeleton.",
            )  # fmt: skip
        return found

    async def _goals(
        self, theorem: Theorem, tactics: Tactics, seconds: float
    ) -> tuple[str, ...] | TacticFailure:
        words = {token.text for tactic in tactics for token in significant(tactic)}
        if not words.isdisjoint(_GIVING_UP):
            return TacticFailure("it leaves a goal without a proof")
        try:
            whole = self._skeleton.filled({self._hole: tactic_proof(tactics)})
        except FormulaError as error:  # it ends the proof, or is no Lean 4
            return TacticFailure(str(error))
        found = await self._elaborator.elaborate(whole.text, replace(self._limits, seconds=seconds))
        others_open = len(self._skeleton.holes) > 1
        return goals_left(found, self._begin(whole), others_open=others_open)

    def _begin(self, whole: Theorem) -> Position:
        """Where the ``by`` of the hole stands in a file in which nothing else is filled."""
        hole, proof = self._skeleton.holes[self._hole], whole.spans.proof
        assert proof is not None
        before = whole.source[: proof.start + hole.start + len(hole.before)]
        return Position(before.count("\n") + 1, len(before) - before.rfind("\n") - 1)

    async def aclose(self) -> None:
        """Nothing is left to stop."""
