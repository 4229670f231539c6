"""Selectors by the words that name them on the command line and in logs."""

from __future__ import annotations

from enum import StrEnum

from neurosym.selection.base import Selector, WeightedVote
from neurosym.selection.consistency import PerplexityConsistency, ReasoningPruning
from neurosym.selection.cross_checked import CrossChecked
from neurosym.selection.majority import Majority
from neurosym.selection.minimum_risk import MinimumRisk
from neurosym.selection.scored import BestOfN
from neurosym.selection.sound import SoundVote

__all__ = ["Select", "named_selector"]


class Select(StrEnum):
    """How an answer is chosen among samples."""

    VERIFIED = "verified"
    """A vote weighted by the states of the checks."""
    MAJORITY = "majority"
    """One sample, one vote; where it was written again, one for each answer that it gave."""
    PERPLEXITY = "perplexity"
    """A vote weighted by how probable the model finds its samples."""
    RPC = "rpc"
    """The same without samples that are improbable among the others."""
    BEST = "best"
    """The sample that the checks speak for most, whatever the others say."""
    SOUND = "sound"
    """The vote of the samples that no check speaks against; no answer where there are none."""
    CROSSED = "crossed"
    """The verified vote, among answers that two routes give, or two wordings of a single one."""
    RISK = "risk"
    """The answer that differs least from all others, where answers have parts."""

    @property
    def needs_logprobs(self) -> bool:
        """Whether it asks for log-probabilities of the samples."""
        return self in (Select.PERPLEXITY, Select.RPC)


def named_selector(word: Select, scorer: WeightedVote) -> Selector:
    """The selector of a name.

    Args:
        word: Its name.
        scorer: What weighs samples by their checks, for selectors that build on that.
    """
    selectors: dict[Select, Selector] = {
        Select.VERIFIED: scorer,
        Select.MAJORITY: Majority(),
        Select.PERPLEXITY: PerplexityConsistency(),
        Select.RPC: ReasoningPruning(),
        Select.BEST: BestOfN(scorer),
        Select.SOUND: SoundVote(),
        Select.CROSSED: CrossChecked(scorer),
        Select.RISK: MinimumRisk(scorer),
    }
    return selectors[word]
