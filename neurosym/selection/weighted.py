"""Votes weighted by what the checks said.

CSV (Zhou et al. 2023, arXiv:2308.07921, section 3.3) scores an answer by the sum, over verifier
states, of a weight times a count, with true above uncertain above false. Here several checks speak,
so the weight of a candidate is the product of one factor for each check's state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neurosym.selection.ballots import Ballots
from neurosym.selection.base import WeightedVote

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = ["CAUTIOUS_FACTORS", "VerifierWeighted"]

CAUTIOUS_FACTORS: Mapping[str, float] = {
    "answer kind=failed": 0.25,
    "constants=failed": 0.8,
    "numbers=failed": 0.7,
    "units=failed": 0.8,
    "given data=failed": 0.5,
    "objective direction=failed": 0.5,
    "decision=failed": 0.5,
    "dependence=failed": 0.5,
    "inequality directions=failed": 0.6,
    "attribution=failed": 0.4,
    "comparisons=failed": 0.6,
    "shares=failed": 0.8,
    "whole numbers=failed": 0.8,
    "vacuity=failed": 0.3,
    "triviality=failed": 0.3,
    "quantifiers=failed": 0.5,
    "self-verification=passed": 1.25,
    "self-verification=failed": 0.8,
    "repairs=failed": 0.9,
    "proof=countermodel": 0.5,
    "proof=disconnected": 0.5,
    "proof=timeout": 0.5,
}
"""Factors for use before any are fitted: a failed check lowers a vote, and none can veto it.

Cautious, so that one check that errs on a question cannot overturn a clear majority. A search that
found no proof counts one half of one that did (see :mod:`neurosym.selection.proofs`), and a theory
that had to be mended a little less, whatever was found of it.
"""


@dataclass(frozen=True, slots=True)
class VerifierWeighted(WeightedVote):
    """Vote in which a candidate weighs the product of its check states' factors.

    Attributes:
        factors: Factor of each state, named as by
            :func:`neurosym.selection.ballots.features`; 1 where none is given.
    """

    factors: Mapping[str, float] = field(default_factory=lambda: dict(CAUTIOUS_FACTORS))

    @property
    def heaviest(self) -> float:
        """Most that one candidate can weigh: each check says one thing of it at most."""
        highest: dict[str, float] = {}
        for name, factor in self.factors.items():
            check = name.partition("=")[0]
            highest[check] = max(factor, highest.get(check, 1.0))
        return math.prod(highest.values())

    def products(self, features: Sequence[tuple[str, ...]]) -> Array:
        """The weight of each combination of check states."""
        import numpy as np

        return np.array(
            [math.prod(self.factors.get(name, 1.0) for name in names) for names in features]
        )

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate, positive."""
        import numpy as np

        return np.where(ballots.is_there, self.products(ballots.features)[ballots.states], 0.0)
