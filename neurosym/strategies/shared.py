"""Samples for all problems together, spent where the vote is least sure.

What problems with a settled vote do not need goes to the others, the least sure of them first, by
an index for finding the best arm of several bandits under one budget (Gabillon et al. 2011; see
:func:`neurosym.selection.allocation.allocation_index`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from neurosym.candidate import Candidate
from neurosym.counts import at_least_one
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.sampling import is_logged
from neurosym.runtime.session import Session
from neurosym.selection.allocation import allocation_index
from neurosym.selection.stopping import check_stop, in_samples, is_settled
from neurosym.solution import Selection
from neurosym.strategies.open_ended import OpenEnded

__all__ = ["Shared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared(OpenEnded):
    """Draw a mean number of samples over all problems of a solver that are worked on together.

    Which problem gets how many depends on which are solved at the same time; one that waits for
    what others leave keeps its place among those worked on. Nothing is drawn twice when a run goes
    on, but it may go on with other shares.

    Attributes:
        mean: Samples that each problem brings.
        first: Samples that each problem draws at first, at most ``mean``.
        stop: How probable it must be that the leader stays ahead for a problem to leave the rest.
        exploration: How much problems with few samples are preferred.

    Raises:
        OptionError: A value is out of range.
    """

    name: ClassVar[str] = "shared"

    mean: int = 8
    first: int = 2
    max: int = 32
    stop: float = 0.95
    exploration: float = 4.0

    def __post_init__(self) -> None:
        OpenEnded.__post_init__(self)
        at_least_one(first=self.first)
        check_stop(self.stop)
        if not self.first <= self.mean <= self.max:
            raise OptionError(
                f"first is {self.first}, mean {self.mean} and max {self.max}",
                hint="Let first be at most mean, and mean at most max.",
            )
        if not self.exploration >= 0:
            raise OptionError(f"exploration is {self.exploration}", hint="Give 0 or more.")

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return self.first

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        candidates: list[Candidate] = []
        with session.machinery.purse.share(self.mean) as share:
            for _ in range(self.first):
                await share.take(0.0)
            goes_on = await self.draw_up_to(self.first, problem, session, candidates)
            while goes_on and len(candidates) < self.max:
                selection, full = await self._standing(session, candidates)
                if is_settled(selection, self.stop, self.max - len(candidates), full=full):
                    break
                drawn = len(candidates)
                is_drawn = is_logged(session.machinery, problem, drawn)
                index = self._index(selection, full, drawn)
                if not await share.take(index, is_drawn=is_drawn):
                    break
                total = drawn + 1
                goes_on = await self.draw_up_to(total, problem, session, candidates)
        return candidates

    def _index(self, selection: Selection, full: float, drawn: int) -> float:
        import numpy as np

        totals = np.array([in_samples(selection, full) or [0.0]])
        return float(allocation_index(totals, np.array([drawn]), self.exploration)[0])
