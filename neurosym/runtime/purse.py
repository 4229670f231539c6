"""Samples that problems solved at the same time share."""

from __future__ import annotations

import asyncio
import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Purse", "Share"]


@dataclass(slots=True)
class Purse:
    """What problems leave over of their samples, for those that need more than their own.

    Each problem brings a number of samples that are its own. What it does not need goes to the
    problems that wait for more, the one that asks most first; when nobody is left who might leave
    something, those who wait get nothing. So problems that are solved at the same time never draw
    more together than they brought. Once none is left, nothing stays for later ones.

    Safe to use from several threads and event loops.

    Attributes:
        spare: Samples that were left over and that nobody has taken yet; below 0 where an earlier
            run had more to share, and they were taken again.
        owned: Samples that problems being solved still have of their own.
    """

    spare: int = 0
    owned: int = 0
    _shares: int = 0
    _asked: int = 0
    _waiting: list[tuple[float, int, asyncio.Future[bool]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def share(self, samples: int) -> Iterator[Share]:
        """The share of one problem, while it draws; what it leaves goes to the others.

        Args:
            samples: How many it brings.
        """
        share = Share(self, samples)
        with self._lock:
            self.owned += samples
            self._shares += 1
        try:
            yield share
        finally:
            with self._lock:
                self.owned -= share.own
                self._shares -= 1
            self._leave(share.own)

    async def ask(self, index: float) -> bool:
        """Wait for a sample that somebody leaves; whether there is one.

        Args:
            index: How much it is wanted; the greatest is served first.
        """
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._asked += 1  # of two that ask alike, the first is served first
            heapq.heappush(self._waiting, (-index, self._asked, answer))
        self._leave(0)
        try:
            return await answer
        except asyncio.CancelledError:
            if answer.done() and not answer.cancelled() and answer.result():
                self._leave(1)  # it was granted, and comes to nothing
            raise

    def take_at_once(self, share: Share, *, is_drawn: bool) -> bool:
        """Take a sample without waiting; whether there is one.

        Args:
            share: The share of the problem, whose own come first.
            is_drawn: Whether it was drawn already; then it is taken in any case, and what others
                leave makes up for it.
        """
        with self._lock:
            has_one = share.own > 0
            share.own -= has_one
            self.owned -= has_one
            self.spare -= is_drawn and not has_one
        return has_one or is_drawn

    def _leave(self, samples: int) -> None:
        granted: list[tuple[asyncio.Future[bool], bool]] = []
        with self._lock:
            self.spare += samples
            while self._waiting and (self.spare > 0 or not self.owned):
                *_, answer = heapq.heappop(self._waiting)
                granted.append((answer, self.spare > 0))
                self.spare -= self.spare > 0
            if not self._shares:
                self.spare = 0
        for answer, is_there in granted:
            try:
                answer.get_loop().call_soon_threadsafe(self._tell, answer, is_there)
            except RuntimeError:  # the loop of whoever asked is closed
                self._leave(int(is_there))

    def _tell(self, answer: asyncio.Future[bool], is_there: bool) -> None:
        if not answer.done():
            answer.set_result(is_there)
        elif is_there:
            self._leave(1)  # whoever asked was cancelled


@dataclass(slots=True)
class Share:
    """What one problem has of a purse.

    Attributes:
        purse: The purse.
        own: Samples that are still its own.
    """

    purse: Purse
    own: int

    async def take(self, index: float, *, is_drawn: bool = False) -> bool:
        """Take a sample, its own or one that others leave; whether there is one.

        Args:
            index: How much it is wanted; see :meth:`Purse.ask`.
            is_drawn: Whether it was drawn already, by a run that this one goes on from.
        """
        at_once = self.purse.take_at_once(self, is_drawn=is_drawn)
        return at_once or await self.purse.ask(index)
