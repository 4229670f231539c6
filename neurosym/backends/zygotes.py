"""Zygotes of one kind, started when the first job comes, replaced when they break."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.sandbox.host import Work, ZygoteProcess
from neurosym.backends.sandbox.layers import Layer, isolates
from neurosym.backends.sandbox.recipe import Recipe
from neurosym.backends.sandbox.report import Report
from neurosym.errors import BackendError, IsolationError

__all__ = ["ZygoteGroup"]

_AT_ONCE = 4
"""Jobs one zygote runs at once, so that one that hangs does not hold up the others."""


class ZygoteGroup:
    """Zygotes of one kind and the jobs that wait for them. Safe to use from several threads.

    Args:
        size: How many there are.
        recipe: What kind they are.
        unsafe: Whether they run jobs even where no isolation can be had.
    """

    def __init__(self, size: int, recipe: Recipe, *, unsafe: bool) -> None:
        self._size = size
        self._recipe = recipe
        self._unsafe = unsafe
        self._lock = threading.Lock()
        self._starting = threading.Lock()
        self._zygotes: list[ZygoteProcess] = []
        self._waiting: deque[Work] = deque()
        self._ids = itertools.count()
        self._closed = False

    def is_complete(self) -> bool:
        """Whether all run, so that :meth:`submit` takes no time."""
        return len(self._alive()) == self._size

    def submit(
        self, job: dict[str, Any], limits: Limits, partner: socket.socket | None = None
    ) -> Work:
        """Hand a job to a zygote, which may have to be started first.

        Args:
            job: What to run.
            limits: What it may use.
            partner: The end of a connection that it is to talk over; closed here once it has it.

        Raises:
            BackendError: None can be started, or the group is closed.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        self._start()
        work = Work(next(self._ids), job, limits, Future(), partner)
        self._dispatch([work])
        if not self._alive():  # they broke in between, too early to know of this job
            self._start()
            self._dispatch()
        return work

    def kill(self, work: Work) -> None:
        """End a job; its future gets the report of that. Not one that waits for a zygote."""
        with self._lock:
            zygotes = list(self._zygotes)
        for zygote in zygotes:
            zygote.kill(work)

    async def report(self, job: dict[str, Any], limits: Limits) -> Report:
        """How a job's process ended and what it left; raises what :meth:`submit` does."""
        # Only starting zygotes takes time; handing a job to one that runs does not.
        if self.is_complete():
            work = self.submit(job, limits)
        else:
            work = await asyncio.to_thread(self.submit, job, limits)
        return await asyncio.wrap_future(work.future)

    def layers(self) -> tuple[frozenset[Layer], Mapping[Layer, str]]:
        """The layers that are active on this machine, and why the others are not.

        Raises:
            BackendError: A zygote cannot be started.
        """
        with _starting():
            zygote = self._new_zygote()
        zygote.stop()
        return zygote.layers, zygote.missing

    def _new_zygote(self) -> ZygoteProcess:
        return ZygoteProcess(self._recipe, self._dispatch, self._take_back)

    def _start(self) -> None:
        """Start the zygotes that are missing, all at once.

        While there is one that can work, only one caller waits for the others.
        """
        if not self._starting.acquire(blocking=not self._alive()):
            return
        try:
            missing = self._size - len(self._alive())
            if missing > 0:
                with _starting(), ThreadPoolExecutor(missing) as threads:
                    for future in [threads.submit(self._add_zygote) for _ in range(missing)]:
                        future.result()
        finally:
            self._starting.release()

    def _alive(self) -> list[ZygoteProcess]:
        with self._lock:
            if self._closed:
                raise _closed()
            self._zygotes = [zygote for zygote in self._zygotes if zygote.alive]
            return list(self._zygotes)

    def _add_zygote(self) -> None:
        zygote = self._new_zygote()
        if not isolates(zygote.layers) and not self._unsafe:
            zygote.stop()
            reasons = "; ".join(f"{layer.value}: {why}" for layer, why in zygote.missing.items())
            raise IsolationError(
                f"this machine cannot isolate programs ({reasons})",
                hint="Run `neurosym doctor` for what is missing, or accept the risk that "
                "model output runs with your rights by giving --unsafe.",
            )
        with self._lock:
            if not self._closed:
                self._zygotes.append(zygote)
                return
        zygote.stop()
        raise _closed()

    def _dispatch(self, more: Iterable[Work] = ()) -> None:
        """Hand waiting jobs to the zygotes that have room."""
        with self._lock:
            self._waiting.extend(more)
            unwanted: list[Work] = []
            if self._closed:
                unwanted.extend(self._waiting)
                self._waiting.clear()
            while self._waiting:
                alive = [zygote for zygote in self._zygotes if zygote.alive]
                zygote = min(alive, key=lambda item: item.load, default=None)
                if zygote is None or zygote.load >= _AT_ONCE:
                    break
                work = self._waiting.popleft()
                if not work.future.cancelled() and not zygote.send(work):
                    self._waiting.appendleft(work)
        for work in unwanted:
            work.fail(_closed())

    def _take_back(self, lost: list[Work]) -> None:
        """Give the work of a zygote that broke to others, in place of which a new one starts."""
        with self._lock:
            self._waiting.extendleft(lost)
            is_needed = bool(self._waiting) and not self._closed
        try:
            if is_needed:
                self._start()
        except BackendError as error:
            with self._lock:
                waiting, self._waiting = self._waiting, deque()
            for work in waiting:
                work.fail(error)
        self._dispatch()

    def close(self) -> None:
        """Stop every zygote. Safe to call twice."""
        with self._lock:
            self._closed = True
            zygotes, self._zygotes = self._zygotes, []
        for zygote in zygotes:
            zygote.stop()
        self._dispatch()


@contextmanager
def _starting() -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # no descriptors, memory, processes or threads left
        raise BackendError(
            f"no process for programs can be started: {error}",
            hint="Close other programs, or raise the limits that `ulimit -a` shows.",
        ) from error


def _closed() -> BackendError:
    return BackendError("the pool is closed", hint="Make a new one.")
