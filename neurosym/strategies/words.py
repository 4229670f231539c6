"""The words by which strategies and their choices are named on the command line and in logs."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ProofStrategy", "SelfVerify"]


class SelfVerify(StrEnum):
    """Which proposed answers a second program checks."""

    NONE = "none"
    CONTESTED = "contested"
    """The two most frequent answers, where candidates disagree."""
    ALL = "all"
    """Every distinct answer."""


class ProofStrategy(StrEnum):
    """How a proof is looked for."""

    SEARCH = "search"
    """Tactic by tactic, the likeliest first."""
    WHOLE = "whole"
    """Whole proofs, mended where they fail."""
    SKETCH = "sketch"
    """The steps first, then each tactic by tactic."""
