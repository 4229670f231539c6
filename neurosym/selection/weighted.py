"""Votes weighted by what the checks said.

CSV (Zhou et al. 2023, arXiv:2308.07921, section 3.3) scores an answer by the sum, over verifier
states, of a weight times a count, with true above uncertain above false. Here several checks speak,
so the weight of a candidate is the product of one factor for each check's state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from neurosym.candidate import Candidate
from neurosym.selection.base import weighted_vote
from neurosym.selection.proofs import proof_state
from neurosym.solution import Selection

__all__ = ["CAUTIOUS_FACTORS", "VerifierWeighted", "features"]

CAUTIOUS_FACTORS: Mapping[str, float] = {
    "answer kind=failed": 0.25,
    "constants=failed": 0.8,
    "numbers=failed": 0.7,
    "units=failed": 0.8,
    "objective direction=failed": 0.5,
    "decision=failed": 0.5,
    "inequality directions=failed": 0.6,
    "attribution=failed": 0.4,
    "multiples=failed": 0.6,
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


def features(candidate: Candidate) -> tuple[str, ...]:
    """The states of a candidate's checks and of its proof, as the names of their factors."""
    states = [f"{check.name}={check.state.value}" for check in candidate.verdict.checks]
    if (proof := proof_state(candidate)) is not None:
        states.append(f"proof={proof.value}")
    return tuple(states)


@dataclass(frozen=True, slots=True)
class VerifierWeighted:
    """Vote in which a candidate weighs the product of its check states' factors.

    Attributes:
        factors: Factor of each state, named as by :func:`features`; 1 where none is given.
    """

    factors: Mapping[str, float] = field(default_factory=lambda: dict(CAUTIOUS_FACTORS))

    def weight(self, candidate: Candidate) -> float:
        """The weight of one candidate, positive."""
        return math.prod(self.factors.get(name, 1.0) for name in features(candidate))

    def select(self, candidates: Sequence[Candidate], labels: Sequence[int]) -> Selection:
        """Choose the answer with the greatest total weight."""
        return weighted_vote(candidates, labels, [self.weight(item) for item in candidates])
