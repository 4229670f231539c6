"""What strategies share that draw samples until they have found enough."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass

from neurosym.counts import at_least_one
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
