"""Proofs by the small prover, in a line each."""

from __future__ import annotations

from neurosym.backends.lean.tactics import ProofState, TacticFailure
from neurosym.formal.lean.theorem import read_theorem
from tests.backends.lean.small_prover import SmallProver

__all__ = ["SECONDS", "SHORT", "failed", "goals", "proved", "ran"]

SECONDS = 5.0
SHORT = 0.4
"""Time for tactics of which none has to succeed."""


async def ran(statement: str, *tactics: str) -> ProofState | TacticFailure:
    """What the last of some tactics gives; those before it must apply.

    Args:
        statement: What stands between ``theorem t`` and ``:=``.
        tactics: The tactics.
    """
    prover = SmallProver()
    found: ProofState | TacticFailure = await prover.start(read_theorem(f"theorem t {statement}"))
    for index, tactic in enumerate(tactics):
        assert isinstance(found, ProofState), f"{tactics[index - 1]}: {found.message}"
        found = await prover.run(found, tactic, SECONDS)
    return found


async def goals(statement: str, *tactics: str) -> tuple[str, ...]:
    """The goals behind some tactics, all of which must apply."""
    found = await ran(statement, *tactics)
    assert isinstance(found, ProofState), found.message
    return found.goals


async def proved(statement: str, *tactics: str) -> bool:
    """Whether some tactics, all of which must apply, prove a statement."""
    return not await goals(statement, *tactics)


async def failed(statement: str, *tactics: str) -> str:
    """Why the last of some tactics does not apply; those before it must."""
    found = await ran(statement, *tactics)
    assert isinstance(found, TacticFailure), found.goals
    return found.message
