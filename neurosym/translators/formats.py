"""The names by which the command line chooses what a problem is translated into."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ClaimFormat", "WordProblemRoute"]


class ClaimFormat(StrEnum):
    """What a claim and its premises are translated into."""

    FOL = "fol"
    """First-order logic, sentence by sentence, as in LINC."""
    RULES = "rules"
    """Facts and rules, as in Logic-LM."""


class WordProblemRoute(StrEnum):
    """How a word problem is solved."""

    PROGRAM = "program"
    """By programs, as in PAL."""
    REASONING = "reasoning"
    """By reasoning in prose, of which the calculations are made anew."""
    BOTH = "both"
    """By half as many of each."""
