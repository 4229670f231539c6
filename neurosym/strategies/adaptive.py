"""Sample until the vote is settled.

Adaptive consistency (Aggarwal et al. 2023, arXiv:2305.11860): easy problems need few samples, so
they are drawn in rounds, each as many again as there are, until more would hardly change the
answer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from neurosym.candidate import Candidate
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.selection.named import Select
from neurosym.selection.stopping import is_decided, lead_probability
from neurosym.solution import Selection
from neurosym.strategies.vote import Voting

__all__ = ["Adaptive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptive(Voting):
    """Draw samples in rounds until the leader of their vote is ahead for good, or probably so.

    Attributes:
        max: Most samples to draw.
        first: Samples of the first round; each further one doubles what there is.
        stop: How probable it must be that the leader stays ahead, over one half and up to 1. At 1
            sampling stops only where the leader of a majority can no longer be caught.

    Raises:
        OptionError: A value is out of range.
    """

    max: int = 16
    first: int = 2
    stop: float = 0.95

    def __post_init__(self) -> None:
        Voting.__post_init__(self)
        if self.max < 1 or self.first < 1:
            raise OptionError(
                f"max is {self.max} and first is {self.first}", hint="Draw at least one sample."
            )
        if not 0.5 < self.stop <= 1:
            raise OptionError(
                f"stop is {self.stop}", hint="Give a probability over 0.5 and up to 1."
            )

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return min(self.first, self.max)

    @property
    def settings(self) -> dict[str, Any]:
        """All that its solutions depend on."""
        return {"name": "adaptive", **asdict(self)}

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        candidates: list[Candidate] = []
        selector = self._selector(session)
        total = self.samples
        while await self._draw_up_to(total, problem, session, candidates) and total < self.max:
            labels = await session.group([candidate.answer for candidate in candidates])
            if self._is_settled(selector.select(candidates, labels), self.max - total):
                break
            total = min(2 * total, self.max)
        return candidates

    def _is_settled(self, selection: Selection, left: int) -> bool:
        """Whether the samples that are left would hardly change the answer."""
        if selection.candidate is None:
            return False
        # A sample counts one vote at most: that of the one which most speaks for so far.
        strongest = max(selection.votes)
        totals = [weight / strongest for weight in selection.weights]
        if self.select is Select.MAJORITY and is_decided(totals, left):
            return True
        return lead_probability(totals) >= self.stop
