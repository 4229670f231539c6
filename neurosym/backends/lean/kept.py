"""Workers that are dear to start, each good for one thing only, kept for whoever asks next."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from neurosym.errors import BackendError

__all__ = ["KeptWorkers", "Worker"]


class Worker(Protocol):
    """What is kept."""

    @property
    def alive(self) -> bool:
        """Whether it can still do something."""
        ...

    def end(self) -> object:
        """Stop it.

        Raises:
            BackendError: The machinery broke.
        """
        ...


K = TypeVar("K", bound=Hashable)
W = TypeVar("W", bound=Worker)


class KeptWorkers(Generic[K, W]):
    """Workers by what they are good for; those least recently used make room for others.

    Safe to use from several threads.

    Args:
        start: Makes a worker, which may be dead already, and raises a ``BackendError`` if it
            cannot.
        most: How many there are, those that are taken included. More are made only if more than
            that are taken.
        spares: Whether to keep one ready, while there is room, for each thing that is asked for.
    """

    def __init__(self, start: Callable[[K], W], *, most: int, spares: bool) -> None:
        self._make = start
        self._most = most
        self._spares = spares
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="neurosym-spare")
        self._lock = threading.Lock()
        # Those least recently used come first.
        self._idle: list[tuple[K, W]] = []
        self._count = 0
        self._closed = False

    def take(self, key: K, rank: Callable[[W], int] | None = None, *, fresh: bool = False) -> W:
        """A worker, which is to be given back.

        Args:
            key: What it has to be good for.
            rank: How welcome each of those that wait is; of equal ones, the one used last.
            fresh: Whether it has to be one that nobody has had.

        Raises:
            BackendError: It cannot be started, or this is closed.
        """
        worker = (None if fresh else self._pop_idle(key, rank)) or self._start(key)
        if self._spares and not self._closed:
            with contextlib.suppress(RuntimeError):  # it is being closed
                self._starter.submit(self._make_spare, key)
        return worker

    def give_back(self, key: K, worker: W, *, reusable: bool) -> None:
        """Keep a worker that was taken, or end it.

        Args:
            key: What it is good for.
            worker: The worker.
            reusable: Whether others may have it.
        """
        with self._lock:
            keep = reusable and worker.alive and not self._closed
            if keep:
                self._idle.append((key, worker))
        if not keep:
            self._end(worker)

    def _pop_idle(self, key: K, rank: Callable[[W], int] | None) -> W | None:
        with self._lock:
            fitting = [index for index, (other, _) in enumerate(self._idle) if other == key]
            if not fitting:
                return None
            ranked = [(rank(self._idle[index][1]) if rank else 0, index) for index in fitting]
            return self._idle.pop(max(ranked)[1])[1]

    def _start(self, key: K) -> W:
        with self._lock:
            if self._closed:
                raise BackendError("the pool is closed", hint="Make a new one.")
            old = self._idle.pop(0)[1] if self._idle and self._count >= self._most else None
            self._count += 1
        if old is not None:
            self._end(old)
        try:
            return self._make(key)
        except BaseException:
            with self._lock:
                self._count -= 1
            raise

    def _make_spare(self, key: K) -> None:
        """Have a worker wait, if none does and there is room."""
        with self._lock:
            waits = any(other == key for other, _ in self._idle)
            if waits or self._closed or self._count >= self._most:
                return
        with contextlib.suppress(BackendError):  # whoever needs it will be told
            worker = self._start(key)
            with self._lock:
                keep = worker.alive and not self._closed
                if keep:  # behind those that know more, and the first to make room
                    self._idle.insert(0, (key, worker))
            if not keep:
                self._end(worker)

    def _end(self, worker: W) -> None:
        with self._lock:
            self._count -= 1
        if worker.alive:
            with contextlib.suppress(BackendError):  # the machinery is gone, and it with that
                worker.end()

    def close(self) -> None:
        """End all that wait; those that are taken end when they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _, worker in idle:
            self._end(worker)
        # One that is just being made ends by itself, or with what it is made of.
        self._starter.shutdown(wait=False, cancel_futures=True)
