"""Many files that share a few headers: Lean processes that have imported those and are kept."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import (
    LEAN_LIMITS,
    Elaboration,
    address_space,
    lean_commands,
)
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.lean.worker import LeanWorker
from neurosym.backends.sandbox.layers import Layer
from neurosym.errors import BackendError, OptionError
from neurosym.formal.lean.policy import Rule, objections
from neurosym.formal.lean.source import read_source

__all__ = ["LeanPool"]

_IMPORT_SECONDS = 300.0
"""Time for a header, which does not count for the files behind it."""
_WORKERS_PER_ZYGOTE = 3
"""Processes that one zygote keeps, one less than it can."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a worker is good for."""

    header: str
    limits: Limits


class LeanPool:
    """Elaborates files as ``FileElaborator`` does, but imports a header once for many of them.

    Its word is good for search and for feedback, not for a verdict
    (:mod:`~neurosym.backends.lean.verdict`), which wants a process that has seen no other file. No
    file gets a process after one that may run code of its own.

    Safe to use from several threads and event loops.

    Args:
        toolchain: The Lean to run.
        workers: Files elaborated at once.
        spares: Workers kept ready on top, so that one that is killed or too old costs no import.
        files_per_worker: Files after which a worker is replaced.
        unsafe: Run it even where no isolation can be had.
        layers: Layers of isolation to use where this machine offers them.

    Raises:
        OptionError: A number is too small.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        *,
        workers: int = 2,
        spares: int = 1,
        files_per_worker: int = 1000,
        unsafe: bool = False,
        layers: Iterable[Layer] = tuple(Layer),
    ) -> None:
        if workers < 1 or spares < 0 or files_per_worker < 1:
            raise OptionError(
                "a Lean pool has at least one worker, which takes at least one file",
                hint="Give positive numbers; of spares there may be none.",
            )
        self._most = workers + spares
        self._files_per_worker = files_per_worker
        self._reserved = address_space(toolchain)
        zygotes = math.ceil(self._most / _WORKERS_PER_ZYGOTE)
        self._commands = lean_commands(toolchain, workers=zygotes, unsafe=unsafe, layers=layers)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="neurosym-lean")
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="neurosym-lean-spare")
        self._lock = threading.Lock()
        # Those least recently used come first.
        self._idle: list[tuple[_Kind, LeanWorker]] = []
        self._count = 0
        self._wants_spares = spares > 0
        self._closed = False

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        """Elaborate a file.

        Args:
            text: The whole file.
            limits: What it may use; ``memory_bytes`` is Lean's heap, which also holds the header,
                and the time does not include what its header takes.

        Returns:
            What Lean says. Its peak memory is told only of a process that died.

        Raises:
            BackendError: Lean cannot be started, or the pool is closed.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        self._check_open()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._elaborate, text, limits)

    async def elaborate_all(
        self, texts: Sequence[str], limits: Limits = LEAN_LIMITS
    ) -> list[Elaboration]:
        """Elaborate files, with the results in their order; raises what :meth:`elaborate` does."""
        return list(await asyncio.gather(*(self.elaborate(text, limits) for text in texts)))

    def _elaborate(self, text: str, limits: Limits) -> Elaboration:
        source = read_source(text)
        header = text[: source.header[-1].span.end] if source.header else ""
        imports = [line.imported for line in source.header]
        runs_code = any(item.rule is Rule.COMMANDS for item in objections(source, imports))
        kind = _Kind(header, replace(limits, seconds=LEAN_LIMITS.seconds))
        worker = self._take(kind)
        reusable = False
        try:
            if not worker.alive:
                return worker.imported
            found = worker.elaborate(text, limits.seconds)
            reusable = worker.alive and not runs_code
        finally:
            self._give_back(kind, worker, reusable=reusable)
        return found

    # ------------------------------------------------------------ workers

    def _take(self, kind: _Kind) -> LeanWorker:
        """A worker that has imported a header; it is dead if the header kills it."""
        worker = self._pop_idle(kind) or self._start(kind)
        if self._wants_spares and not self._closed:
            with contextlib.suppress(RuntimeError):  # it is being closed
                self._starter.submit(self._make_spare, kind)
        return worker

    def _pop_idle(self, kind: _Kind) -> LeanWorker | None:
        with self._lock:
            for index in reversed(range(len(self._idle))):
                if self._idle[index][0] == kind:
                    return self._idle.pop(index)[1]
        return None

    def _start(self, kind: _Kind) -> LeanWorker:
        self._check_open()
        with self._lock:
            old = self._idle.pop(0)[1] if self._idle and self._count >= self._most else None
            self._count += 1
        if old is not None:
            self._end(old)
        try:
            worker = LeanWorker(self._commands, self._reserved, kind.limits)
            worker.import_header(kind.header, _IMPORT_SECONDS)
        except BaseException:
            with self._lock:
                self._count -= 1
            raise
        return worker

    def _make_spare(self, kind: _Kind) -> None:
        """Have a worker wait for a header, if none does and there is room."""
        with self._lock:
            waits = any(other == kind for other, _ in self._idle)
            if waits or self._closed or self._count >= self._most:
                return
        with contextlib.suppress(BackendError):  # whoever needs it will be told
            worker = self._start(kind)
            self._give_back(kind, worker, reusable=worker.alive)

    def _give_back(self, kind: _Kind, worker: LeanWorker, *, reusable: bool) -> None:
        with self._lock:
            keep = reusable and not self._closed and worker.files < self._files_per_worker
            if keep:
                self._idle.append((kind, worker))
        if not keep:
            self._end(worker)

    def _end(self, worker: LeanWorker) -> None:
        with self._lock:
            self._count -= 1
        if worker.alive:
            with contextlib.suppress(BackendError):  # the machinery is gone, and it with that
                worker.end()

    def _check_open(self) -> None:
        if self._closed:
            raise BackendError("the pool is closed", hint="Make a new one.")

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        with self._lock:
            self._closed = True
            self._idle.clear()
        self._commands.close()
        for threads in (self._threads, self._starter):
            threads.shutdown(cancel_futures=True)
