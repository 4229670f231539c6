"""Sample until a sample is sound.

Verifiers make more samples better (Brown et al. 2024, arXiv:2407.21787), but one that errs puts a
ceiling on that, and where wrong answers cost something, there is a number of samples after which
more make it worse (Stroebl, Kapoor and Narayanan 2024, arXiv:2411.17501, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from neurosym.candidate import Candidate
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.selection.named import Select
from neurosym.selection.resampling import Costs, Outlook
from neurosym.selection.sound import is_sound
from neurosym.solution import Abstention, AbstentionReason
from neurosym.strategies.open_ended import OpenEnded

__all__ = ["Resample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resample(OpenEnded):
    """Draw one sample at a time until no check speaks against one, and answer with that.

    Where a calibration is kept, no more samples are drawn than are worth it at the costs named.

    Attributes:
        wrong: Cost of a wrong answer, where a right one is worth 1.
        none: Cost of an abstention.

    Raises:
        OptionError: A value is out of range.
    """

    name: ClassVar[str] = "resample"

    wrong: float = 1.0
    none: float = 0.0
    select: Select = Select.SOUND
    pool: bool = False

    def __post_init__(self) -> None:
        OpenEnded.__post_init__(self)
        Costs(wrong=self.wrong, none=self.none)  # which refuses impossible ones

    @property
    def costs(self) -> Costs:
        """What wrong answers and abstentions cost."""
        return Costs(wrong=self.wrong, none=self.none)

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return 1

    def _worth_drawing(self, session: Session) -> int:
        outlook = session.domain.calibration.outlook
        if outlook is None:
            return self.max
        return _best_number(outlook, self.max, self.costs)

    def _without_samples(self, session: Session) -> Abstention:
        if self._worth_drawing(session):
            return OpenEnded._without_samples(self, session)
        outlook = session.domain.calibration.outlook
        assert outlook is not None
        accepted = outlook.accepts_right.value, outlook.accepts_wrong.value
        return Abstention(
            AbstentionReason.NOT_WORTH_IT,
            f"a wrong answer costs {self.wrong:g} and none {self.none:g}, and the checks accept "
            f"{accepted[0]:.0%} of right samples and {accepted[1]:.0%} of wrong ones",
        )

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        candidates: list[Candidate] = []
        for total in range(1, self._worth_drawing(session) + 1):
            if not await self.draw_up_to(total, problem, session, candidates):
                break
            if any(map(is_sound, candidates)):
                break
        return candidates

    async def _refine(
        self, problem: Problem, session: Session, drawn: Sequence[Candidate], rounds: int
    ) -> list[Candidate]:
        if any(map(is_sound, drawn)):
            return []
        return await OpenEnded._refine(self, problem, session, drawn, rounds)


@lru_cache(maxsize=64)
def _best_number(outlook: Outlook, most: int, costs: Costs) -> int:
    return outlook.reach(most).best_number(costs)
