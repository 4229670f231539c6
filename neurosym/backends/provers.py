"""The provers by name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

# The command line takes the names from here, and needs nothing else of provers for its help.
if TYPE_CHECKING:
    from neurosym.backends.base import Backend
    from neurosym.formal.fol.theory import Theory

__all__ = ["ProverName", "make_prover"]


class ProverName(StrEnum):
    """What decides a theory."""

    Z3 = "z3"
    """Z3: proofs, countermodels, puzzles, arithmetic."""
    E = "e"
    """The E prover: proofs of first-order claims, written out."""
    BOTH = "both"
    """Both, which have to agree."""


def make_prover(name: ProverName, *, workers: int | None = None) -> Backend[Theory]:
    """A new backend; its processes start when they are needed.

    Args:
        name: Which.
        workers: Processes; ``None`` starts up to one for each CPU.
    """
    from neurosym.backends.crosscheck import CrossCheck
    from neurosym.backends.eprover import EBackend
    from neurosym.backends.z3.backend import Z3Backend

    if name is ProverName.Z3:
        return Z3Backend(workers=workers)
    if name is ProverName.E:
        return EBackend(workers=workers)
    return CrossCheck(Z3Backend(workers=workers), EBackend(workers=workers))
