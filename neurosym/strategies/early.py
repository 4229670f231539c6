"""Samples in flight are dropped once those that have ended decide their vote."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.candidate import Candidate
from neurosym.engines.base import Capability
from neurosym.errors import OptionError
from neurosym.runtime.session import Session
from neurosym.selection.base import WeightedVote
from neurosym.selection.named import Select
from neurosym.selection.stopping import is_decided
from neurosym.strategies.vote import Voting
from neurosym.strategies.words import SelfVerify

__all__ = ["check_early", "is_out_of_reach", "may_drop", "needs_of_dropping"]


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


def needs_of_dropping(early: bool) -> frozenset[Capability]:
    """What the engine has to offer where samples are to be dropped, or not."""
    return frozenset({Capability.ABORT} if early else ())


def may_drop(strategy: Voting, session: Session) -> bool:
    """Whether samples in flight can be dropped: the engine can, and none are put together."""
    is_pooled = strategy.pool and session.domain.pool is not None
    return session.can_drop and not is_pooled


async def is_out_of_reach(
    strategy: Voting, session: Session, candidates: Sequence[Candidate]
) -> bool:
    """Whether the leader of these can no longer be caught by all that there may be.

    Args:
        strategy: The vote, of ``strategy.most`` samples.
        session: Says which answers are the same.
        candidates: Those that have ended.
    """
    selector = strategy.selector(session)
    if not isinstance(selector, WeightedVote):
        return False
    labels = await session.group([candidate.answer for candidate in candidates])
    selection = selector.select(candidates, labels)
    left = (strategy.most - len(candidates)) * selector.heaviest
    return selection.label is not None and is_decided(selection.weights, left)
