"""Lean files in, what Lean says out: each in a fresh, sandboxed process of a bare ``lean``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import (
    LEAN_LIMITS,
    Elaboration,
    address_space,
    ending_of,
    heap_arguments,
    lean_commands,
)
from neurosym.backends.lean.messages import read_messages
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.report import Report

__all__ = ["FileElaborator"]


class FileElaborator:
    """Elaborates files with a bare ``lean``; nothing is left of one file when the next comes.

    Args:
        toolchain: The Lean to run.
        workers: Zygotes that its processes are forked from.
        unsafe: Run it even where no isolation can be had.
        layers: Layers of isolation to use where this machine offers them.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        *,
        workers: int = 1,
        unsafe: bool = False,
        layers: Iterable[Layer] = tuple(Layer),
    ) -> None:
        self._reserved = address_space(toolchain)
        self._pool = lean_commands(toolchain, workers=workers, unsafe=unsafe, layers=layers)

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        """Elaborate a file.

        Args:
            text: The whole file.
            limits: What it may use; ``memory_bytes`` is Lean's heap.

        Raises:
            BackendError: Lean cannot be started.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        arguments = ["--json", "--stdin", *heap_arguments(limits)]
        room = replace(limits, memory_bytes=limits.memory_bytes + self._reserved)
        return _elaboration(await self._pool.run(arguments, text, room), limits)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._pool.aclose()

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._pool.close()


def _elaboration(report: Report, limits: Limits) -> Elaboration:
    messages, rest = read_messages(report.stdout)
    ending, detail = ending_of(report, limits, rest)
    return Elaboration(ending, messages, detail, report.seconds, report.memory_bytes)
