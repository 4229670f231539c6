"""Samples in flight are dropped once the leader of their vote can no longer be caught."""

from __future__ import annotations

from neurosym.candidate import Candidate
from neurosym.errors import OptionError
from neurosym.problem import Problem
from neurosym.runtime.session import Session
from neurosym.selection.base import WeightedVote
from neurosym.selection.named import Select
from neurosym.selection.stopping import is_decided
from neurosym.strategies.vote import Voting
from neurosym.strategies.words import SelfVerify

__all__ = ["check_early", "draw_early"]


def check_early(strategy: Voting) -> None:
    """Refuse to drop samples where the leader may change after all.

    Raises:
        OptionError: It may.
    """
    may_change = (
        strategy.refine > 0
        or strategy.self_verify is not SelfVerify.NONE
        or strategy.select not in (Select.MAJORITY, Select.VERIFIED)
        or (strategy.last_temperature, strategy.last_top_p) != (None, None)
        or strategy.abstain_below > 0
        or strategy.shuffle
    )
    if may_change:
        raise OptionError(
            "samples cannot be dropped early where the leader may change afterwards",
            hint="Use it with select=majority or verified, and without refine, self_verify, "
            "schedules, shuffle and abstain_below.",
        )


async def draw_early(
    strategy: Voting, total: int, problem: Problem, session: Session, candidates: list[Candidate]
) -> bool:
    """Draw what is missing up to a total, or less if no further sample can change the leader.

    All are drawn where the engine cannot drop any, and where samples are put together.

    Args:
        strategy: The vote, of ``strategy.most`` samples.
        total: How many there are to be.
        problem: The problem.
        session: Draws them.
        candidates: Those that are there, to which the new ones are added.

    Returns:
        Whether the budget was enough for it.
    """
    selector = strategy.selector(session)
    is_pooled = strategy.pool and session.domain.pool is not None
    if is_pooled or not session.can_drop or not isinstance(selector, WeightedVote):
        return await strategy.draw_up_to(total, problem, session, candidates)

    async def is_enough(newest: list[Candidate]) -> bool:
        ended = [*candidates, *newest]
        labels = await session.group([candidate.answer for candidate in ended])
        selection = selector.select(ended, labels)
        left = (strategy.most - len(ended)) * selector.heaviest
        return selection.label is not None and is_decided(selection.weights, left)

    return await strategy.draw_up_to(total, problem, session, candidates, until=is_enough)
