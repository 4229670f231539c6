"""The names by which the command line chooses what a problem is translated into."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ClaimFormat"]


class ClaimFormat(StrEnum):
    """What a claim and its premises are translated into."""

    FOL = "fol"
    """First-order logic, sentence by sentence, as in LINC."""
    RULES = "rules"
    """Facts and rules, as in Logic-LM."""
