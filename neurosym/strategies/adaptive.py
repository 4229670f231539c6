"""Sample until the vote is settled.

Adaptive consistency (Aggarwal et al. 2023, arXiv:2305.11860): easy problems need few samples, so
they are drawn in rounds, each half as many again as there are, until those that are left would
hardly change the answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from neurosym.candidate import Candidate
from neurosym.counts import at_least_one
from neurosym.engines.base import Capability
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.selection.named import Select
from neurosym.selection.stopping import check_stop, is_settled, round_totals
from neurosym.strategies.early import check_early, is_out_of_reach, may_drop, needs_of_dropping
from neurosym.strategies.open_ended import OpenEnded

__all__ = ["Adaptive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptive(OpenEnded):
    """Draw samples in rounds until the leader of their vote is ahead for good, or probably so.

    Attributes:
        first: Samples of the first round.
        growth: How many times as many there are after each further round. Small rounds draw few
            samples more than are needed; large ones keep an engine that has nothing else to do
            busier.
        stop: How probable it must be that the leader stays ahead of the samples that are left,
            over one half and up to 1. At 1 sampling stops only where the leader of a majority can
            no longer be caught.
        dirichlet: Whether it must be as probable that none of all other answers overtakes the
            leader (a Dirichlet prior), and not only that the next does not (Beta). It takes more
            samples where answers are many.
        early: Whether the samples of a round that are in flight are dropped once those that have
            ended settle the vote, by ``stop`` or since no others could catch the leader. Those that
            end first are the shorter ones.

    Raises:
        OptionError: A value is out of range, or samples are to be dropped where the leader may
            change afterwards.
    """

    name: ClassVar[str] = "adaptive"

    first: int = 2
    growth: float = 1.5
    stop: float = 0.95
    dirichlet: bool = False
    early: bool = False

    def __post_init__(self) -> None:
        OpenEnded.__post_init__(self)
        at_least_one(first=self.first)
        if not 1 <= self.growth < math.inf:
            raise OptionError(f"growth is {self.growth}", hint="Give 1 or more, as 1.5.")
        check_stop(self.stop)
        if self.early:
            check_early(self)

    @property
    def needs(self) -> frozenset[Capability]:
        """What the engine has to offer."""
        return super(Adaptive, self).needs | needs_of_dropping(self.early)

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return min(self.first, self.max)

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        candidates: list[Candidate] = []
        settles = partial(self._is_settled, session)
        until = settles if self.early and may_drop(self, session) else None
        for total in round_totals(self.first, self.max, self.growth):
            is_affordable = await self.draw_up_to(total, problem, session, candidates, until)
            if not is_affordable or await settles(candidates):
                break
        return candidates

    async def _is_settled(self, session: Session, candidates: Sequence[Candidate]) -> bool:
        """Whether those that are still to come would hardly change what these choose."""
        if self.early and await is_out_of_reach(self, session, candidates):
            return True
        selection, full = await self._standing(session, candidates)
        # A sample that is written again may vote again.
        left = None if self.refine else self.max - len(candidates)
        is_exact = self.select is Select.MAJORITY
        return is_settled(
            selection, self.stop, left, full=full, is_exact=is_exact, of_all=self.dirichlet
        )
