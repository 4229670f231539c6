"""The words by which strategies and their choices are named on the command line and in logs."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ProofStrategy", "Select", "SelfVerify", "StrategyName"]


class StrategyName(StrEnum):
    """The strategies."""

    VOTE = "vote"
    """Sample, check, vote."""
    GREEDY = "greedy"
    """One program at temperature 0."""


class SelfVerify(StrEnum):
    """Which proposed answers a second program checks."""

    NONE = "none"
    CONTESTED = "contested"
    """The two most frequent answers, where candidates disagree."""
    ALL = "all"
    """Every distinct answer."""


class Select(StrEnum):
    """How a vote is counted."""

    VERIFIED = "verified"
    """Weighted by the states of the checks."""
    MAJORITY = "majority"
    """One candidate, one vote."""


class ProofStrategy(StrEnum):
    """How a proof is looked for."""

    SEARCH = "search"
    """Tactic by tactic, the likeliest first."""
    WHOLE = "whole"
    """Whole proofs, mended where they fail."""
    SKETCH = "sketch"
    """The steps first, then each tactic by tactic."""
