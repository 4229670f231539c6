"""Items of an iterable for an event loop that must not wait for them."""

from __future__ import annotations

import asyncio
import math
import queue
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Generic, TypeVar

__all__ = ["Feed", "problems_in_flight"]

T = TypeVar("T")


class Feed(Generic[T]):
    """Takes items one at a time, in a thread of its own: the next may wait for a person.

    The thread keeps no process from ending, even while it waits.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._asked: queue.SimpleQueue[asyncio.Future[T | None] | None] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="neurosym-feed", daemon=True).start()

    def ask(self) -> asyncio.Future[T | None]:
        """The next item, or ``None`` after the last; an error of the iterable is its exception."""
        future: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()
        self._asked.put(future)
        return future

    def close(self) -> None:
        """End the thread as soon as it does not wait."""
        self._asked.put(None)

    def _serve(self) -> None:
        while (future := self._asked.get()) is not None:
            item, error = None, None
            try:
                item = next(self._items, None)
            except BaseException as raised:  # it goes to the one who asked
                error = raised
            with suppress(RuntimeError):  # the loop has ended, and with it the interest
                future.get_loop().call_soon_threadsafe(_settle, future, item, error)


def _settle(future: asyncio.Future[T | None], item: T | None, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(item)
    else:
        future.set_exception(error)


def problems_in_flight(parallel: int, samples: int) -> int:
    """Problems to work on at once: enough to fill the engine while others are verified.

    Args:
        parallel: Samples the engine works on at once.
        samples: Samples of each problem.
    """
    return max(2, math.ceil(parallel / samples) + 1)
