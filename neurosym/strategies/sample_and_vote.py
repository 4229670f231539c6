"""Sample, verify what the samples find, and vote.

Self-consistency over programs (Wang et al. 2023, arXiv:2203.11171; Gao et al. 2023,
arXiv:2211.10435, section 5) with votes weighted by checks (Zhou et al. 2023, arXiv:2308.07921).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from neurosym.candidate import Candidate
from neurosym.counts import at_least_one
from neurosym.engines.base import Capability
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.strategies.early import check_early, is_out_of_reach, may_drop, needs_of_dropping
from neurosym.strategies.vote import Voting

__all__ = ["SampleAndVote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAndVote(Voting):
    """Draw a number of samples, run and check them, and let them vote.

    Attributes:
        samples: Samples to draw.
        early: Whether those in flight are dropped once the leader can no longer be caught. The
            answer is the same; the confidence is that of the samples which ended. All are drawn
            where samples are put together, as in logic.

    Raises:
        OptionError: A value is out of range, or samples are to be dropped where the leader may
            change afterwards.
    """

    name: ClassVar[str] = "vote"

    samples: int = 8
    early: bool = False

    def __post_init__(self) -> None:
        Voting.__post_init__(self)
        at_least_one(samples=self.samples)
        if self.early:
            check_early(self)

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer."""
        return super(SampleAndVote, self).needs | needs_of_dropping(self.early)

    @property
    def most(self) -> int:
        """Most samples of one problem."""
        return self.samples

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        candidates: list[Candidate] = []
        is_decided = partial(is_out_of_reach, self, session)
        until = is_decided if self.early and may_drop(self, session) else None
        await self.draw_up_to(self.samples, problem, session, candidates, until)
        return candidates
