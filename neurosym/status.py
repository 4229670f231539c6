"""What a backend can find out about a formal object."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Status"]


class Status(StrEnum):
    """The result of running one formal object on one backend.

    One enum serves every backend. A solver's "no" is a value, not an exception; exceptions mean
    broken machinery (see :mod:`neurosym.errors`).
    """

    PROVED = "proved"
    """The claim follows from the premises."""
    REFUTED = "refuted"
    """The negation of the claim follows from the premises."""
    SOLVED = "solved"
    """The formal object was run and gave an answer."""
    UNKNOWN = "unknown"
    """The backend finished without deciding."""
    CONTRADICTION = "contradiction"
    """The premises cannot all hold."""
    INFEASIBLE = "infeasible"
    """No assignment satisfies the constraints."""
    UNBOUNDED = "unbounded"
    """The objective can be improved without limit."""
    DISAGREEMENT = "disagreement"
    """Two backends contradict each other, so one of them is broken: nothing is known."""
    MALFORMED = "malformed"
    """The formal object did not parse or type-check, so nothing was run."""
    FAILED = "failed"
    """It ran and raised, or broke a rule of the sandbox."""
    TIMEOUT = "timeout"
    """It was killed at its time limit."""
    OUT_OF_MEMORY = "out-of-memory"
    """It was stopped at its memory limit."""
