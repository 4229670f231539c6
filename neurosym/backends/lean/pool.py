"""Many files that share a few headers: Lean processes that have imported those and are kept."""

from __future__ import annotations

import asyncio
import math
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
from neurosym.backends.lean.kept import KeptWorkers
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
        most = workers + spares
        self._files_per_worker = files_per_worker
        self._reserved = address_space(toolchain)
        zygotes = math.ceil(most / _WORKERS_PER_ZYGOTE)
        self._commands = lean_commands(toolchain, workers=zygotes, unsafe=unsafe, layers=layers)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="neurosym-lean")
        self._workers: KeptWorkers[_Kind, LeanWorker] = KeptWorkers(
            self._start, most=most, spares=spares > 0
        )
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
        worker = self._workers.take(kind)
        reusable = False
        try:
            if not worker.alive:
                return worker.imported
            found = worker.elaborate(text, limits.seconds)
            reusable = not runs_code and worker.files < self._files_per_worker
        finally:
            self._workers.give_back(kind, worker, reusable=reusable)
        return found

    def _start(self, kind: _Kind) -> LeanWorker:
        worker = LeanWorker(self._commands, self._reserved, kind.limits)
        worker.import_header(kind.header, _IMPORT_SECONDS)  # it is dead if the header kills it
        return worker

    def _check_open(self) -> None:
        if self._closed:
            raise BackendError("the pool is closed", hint="Make a new one.")

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._closed = True
        self._workers.close()
        self._commands.close()
        self._threads.shutdown(cancel_futures=True)
