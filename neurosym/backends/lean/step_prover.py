"""Proofs tactic by tactic through anything that elaborates files.

Lean says what is left after a proof that ends too early: "unsolved goals", with each of them. So a
state is the tactics so far, and a step elaborates them with one more; Lean's server keeps what it
made of the tactics before (:mod:`neurosym.backends.lean.pool`).
"""

from __future__ import annotations

from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Elaborator, Ending
from neurosym.backends.lean.messages import SORRY, Message, Position, Severity
from neurosym.backends.lean.replay import ReplayProver, Tactics
from neurosym.backends.lean.tactics import TacticFailure
from neurosym.errors import FormulaError
from neurosym.formal.lean.theorem import Theorem

__all__ = ["StepProver", "goals_left", "tactic_proof"]

_UNSOLVED = "unsolved goals\n"
_NOTHING_YET = "skip"
"""A tactic that does nothing, since a proof has one at least."""


def tactic_proof(tactics: tuple[str, ...]) -> str:
    """Tactics as a proof, each on lines of its own."""
    lines = [line for tactic in tactics or (_NOTHING_YET,) for line in tactic.split("\n")]
    return "\n".join(["by", *(f"  {line}" for line in lines)])


class StepProver(ReplayProver):
    """See :class:`neurosym.backends.lean.tactics.TacticProver`.

    Args:
        elaborator: What elaborates files; closed with this.
        limits: What one step may use; its time is given with each.
    """

    def __init__(self, elaborator: Elaborator, limits: Limits = LEAN_LIMITS) -> None:
        super().__init__(limits.seconds)
        self._elaborator = elaborator
        self._limits = limits

    async def _goals(
        self, theorem: Theorem, tactics: Tactics, seconds: float
    ) -> tuple[str, ...] | TacticFailure:
        try:
            whole = theorem.with_proof(tactic_proof(tactics))
        except FormulaError as error:  # it ends the proof, or is no Lean 4
            return TacticFailure(str(error))
        found = await self._elaborator.elaborate(whole.text, replace(self._limits, seconds=seconds))
        proof = whole.spans.proof
        begin = None if proof is None else Position(proof.line, proof.column)
        return goals_left(found, begin)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._elaborator.aclose()


def goals_left(
    found: Elaboration, begin: Position | None, *, others_open: bool = False
) -> tuple[str, ...] | TacticFailure:
    """The goals that some tactics leave, or what is wrong with them.

    Args:
        found: What Lean says of the file that they stand in.
        begin: Where the ``by`` before them stands in it.
        others_open: Whether proofs are missing elsewhere in the theorem, so that Lean's word that
            one is missing says nothing of these.
    """
    if found.ending is not Ending.FINISHED:
        return TacticFailure(found.detail)
    left: tuple[str, ...] = ()
    for message in found.messages:
        if message.kind == SORRY and not others_open:
            return TacticFailure("it leaves a goal without a proof")
        if message.severity is Severity.ERROR:
            # That goals are left is said of the tactics as a whole, and once; anywhere else, and of
            # a part of them, it is an error like others.
            if left or message.start != begin or not message.text.startswith(_UNSOLVED):
                return TacticFailure(_told(message, begin))
            left = tuple(message.text.removeprefix(_UNSOLVED).strip("\n").split("\n\n"))
    return left


def _told(message: Message, begin: Position | None) -> str:
    if message.start is None or begin is None or message.start.line < begin.line:
        return str(message)
    return message.text
