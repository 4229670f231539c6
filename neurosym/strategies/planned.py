"""As many samples as a problem is worth, and in the way that it is, by how its first came out.

See :mod:`neurosym.selection.planning`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from neurosym.candidate import Candidate
from neurosym.engines.base import Capability
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.selection.ballots import Ballots
from neurosym.selection.named import Select
from neurosym.selection.planning import FIRST_PASS, signs
from neurosym.strategies.open_ended import OpenEnded

__all__ = ["Planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(OpenEnded):
    """Draw a few samples, and then what a calibration says that such a problem is worth.

    That is fresh samples, or rounds in which the model is told what is wrong with the first ones,
    where the calibration knows of such rounds, the engine answers what asks for them, and options
    are not shuffled.

    Attributes:
        price: What a sample costs, where a right answer is worth 1.
        max: Most samples of one problem, those written again in such rounds among them.

    Raises:
        OptionError: A value is out of range.
    """

    name: ClassVar[str] = "planned"

    price: float = 0.005
    max: int = 64

    def __post_init__(self) -> None:
        OpenEnded.__post_init__(self)
        if self.select is not Select.VERIFIED:
            raise OptionError(
                f"select is {self.select.value}, and what samples are worth is known of the "
                "verified vote",
                hint="Leave it out, or take another strategy.",
            )
        if not self.price >= 0:
            raise OptionError(f"price is {self.price}", hint="Give 0 or more.")

    @property
    def samples(self) -> int:
        """Samples that it asks for at once."""
        return FIRST_PASS

    async def _draw(self, problem: Problem, session: Session) -> list[Candidate]:
        plan = session.domain.calibration.plan
        if plan is None:
            raise OptionError(
                f"no calibration says what problems of kind {problem.kind.value!r} are worth",
                hint="Fit one with 'neurosym calibrate', or take another strategy.",
            )
        candidates: list[Candidate] = []
        if await self.draw_up_to(min(FIRST_PASS, self.max), problem, session, candidates):
            labels = await session.group([candidate.answer for candidate in candidates])
            ballots = Ballots.of([(candidates, labels)])
            [sign] = signs(ballots, self.selector(session).choose(ballots))
            answers = Capability.FURTHER in session.machinery.engine.info.can
            may_refine = answers and not self.shuffle
            course = plan.course(sign, self.price, may_refine=may_refine)
            total = min(course.samples, self.max)
            await self.draw_up_to(total, problem, session, candidates)
            rounds = min(course.rounds, self.max // FIRST_PASS - 1)
            candidates += await self._refine(problem, session, candidates, rounds)
        return candidates
