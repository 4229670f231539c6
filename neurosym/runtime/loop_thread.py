"""The event loop that callers without one share."""

from __future__ import annotations

import asyncio
import concurrent.futures
import sys
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from neurosym.errors import NeurosymError

__all__ = ["LoopThread", "run_apart"]

T = TypeVar("T")


class LoopThread:
    """An event loop in a thread of its own.

    So all sync calls share one loop, and its tasks live on between them. Safe to use from several
    threads.

    Args:
        owner: What stops it, for those who wait then.
        error: What they get.
    """

    def __init__(self, owner: str = "solver", error: type[NeurosymError] = NeurosymError) -> None:
        self._owner, self._error = owner, error
        self._turn = threading.Lock()
        self._is_open = True
        self._cleaning: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="neurosym-loop", daemon=True
        )
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine.

        Raises:
            NeurosymError: The loop was stopped, before or meanwhile.
        """
        future = self._submit(work)
        try:
            return future.result()
        except concurrent.futures.CancelledError as error:
            raise self._stopped() from error
        except BaseException:
            future.cancel()
            raise

    async def join(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine from another event loop; who is cancelled cancels it as well.

        Raises:
            NeurosymError: The loop was stopped, before or meanwhile.
        """
        future = self._submit(work)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and not task.cancelling():
                raise self._stopped() from None
            raise

    def _submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        with self._turn:
            if not self._is_open:
                work.close()
                raise self._stopped()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _stopped(self) -> NeurosymError:
        return self._error(f"the {self._owner} was closed", hint="Make a new one.")

    def finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for a coroutine that cleans up, unless that would be in vain.

        A generator that nobody holds any more may be closed anywhere: in the loop's own thread,
        which would wait for itself, or while the interpreter ends, when the loop no longer runs.
        """
        if threading.current_thread() is self._thread:
            task = self._loop.create_task(work)
            self._cleaning.add(task)  # for the loop itself does not hold it
            task.add_done_callback(self._cleaning.discard)
        elif sys.is_finalizing():
            work.close()
        else:
            with suppress(NeurosymError):  # stopped, and with it what there was to clean up
                self.run(work)

    def stop(self) -> None:
        """End what is under way, so that those who wait for it hear of it, and the thread."""
        with self._turn:
            if not self._is_open:
                return
            self._is_open = False
        asyncio.run_coroutine_threadsafe(_cancel_others(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own; the caller's may be running already."""
    runner = LoopThread()
    try:
        return runner.run(work)
    finally:
        runner.stop()


async def _cancel_others() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
