"""Samples that problems solved at the same time share."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Purse", "Share"]


@dataclass(slots=True)
class Purse:
    """What problems leave over of their samples, for those that need more than their own.

    Each problem brings a number of samples that are its own. What it does not need goes to the
    problems that wait for more, the one that asks most first; when nobody is left who might leave
    something, those who wait get nothing. So all problems together never draw more than they
    brought. To be used from one event loop.

    Attributes:
        spare: Samples that were left over and that nobody has taken yet.
        owned: Samples that problems being solved still have of their own.
    """

    spare: int = 0
    owned: int = 0
    _asked: int = 0
    _waiting: list[tuple[float, int, asyncio.Future[bool]]] = field(default_factory=list)

    @contextmanager
    def share(self, samples: int) -> Iterator[Share]:
        """The share of one problem, while it draws; what it leaves goes to the others.

        Args:
            samples: How many it brings.
        """
        share = Share(self, samples)
        self.owned += samples
        try:
            yield share
        finally:
            self.owned -= share.own
            self._leave(share.own)

    async def ask(self, index: float) -> bool:
        """Wait for a sample that somebody leaves; whether there is one.

        Args:
            index: How much it is wanted; the greatest is served first.
        """
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked += 1  # of two that ask alike, the first is served first
        heapq.heappush(self._waiting, (-index, self._asked, answer))
        self._leave(0)
        try:
            return await answer
        except asyncio.CancelledError:
            if answer.done() and not answer.cancelled() and answer.result():
                self._leave(1)  # it was granted, and comes to nothing
            raise

    def _leave(self, samples: int) -> None:
        self.spare += samples
        while self._waiting and (self.spare or not self.owned):
            *_, answer = heapq.heappop(self._waiting)
            if answer.done():
                continue  # whoever asked was cancelled
            answer.set_result(self.spare > 0)
            self.spare = max(0, self.spare - 1)


@dataclass(slots=True)
class Share:
    """What one problem has of a purse.

    Attributes:
        purse: The purse.
        own: Samples that are still its own.
    """

    purse: Purse
    own: int

    async def take(self, index: float) -> bool:
        """Take a sample, its own or one that others leave; whether there is one.

        Args:
            index: How much it is wanted; see :meth:`Purse.ask`.
        """
        if self.own:
            self.own -= 1
            self.purse.owned -= 1
            return True
        return await self.purse.ask(index)
