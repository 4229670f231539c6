"""What strategies share that draw samples until they have found enough."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.candidate import Candidate
from neurosym.counts import at_least_one
from neurosym.runtime.session import Session
from neurosym.selection.ballots import Ballots
from neurosym.solution import Selection
from neurosym.strategies.vote import Voting

__all__ = ["OpenEnded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEnded(Voting, ABC):
    """A vote of as many samples as it takes, up to a number.

    Attributes:
        max: Most samples of one problem.

    Raises:
        OptionError: A value is out of range.
    """

    max: int = 16

    def __post_init__(self) -> None:
        # In a class with slots, super() without arguments does not know its class.
        Voting.__post_init__(self)
        at_least_one(max=self.max)

    @property
    def most(self) -> int:
        """Most samples of one problem."""
        return self.max

    async def _standing(
        self, session: Session, candidates: Sequence[Candidate]
    ) -> tuple[Selection, float]:
        """How their vote stands (:meth:`Selector.standing`), and what one adds at most."""
        if not candidates:
            return Selection(candidate=None, label=None), 1.0
        labels = await session.group([candidate.answer for candidate in candidates])
        ballots = Ballots.of([(candidates, labels)])
        selector = self.selector(session)
        standing = selector.standing(ballots).selection(0, len(candidates), max(labels) + 1)
        return standing, float(selector.full_votes(ballots)[0])
