"""Lean files in, what Lean says out: each in a fresh, sandboxed process of a bare ``lean``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from neurosym.backends.base import Limits
from neurosym.backends.commands import CommandPool
from neurosym.backends.lean.messages import Message, Severity, read_messages
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.report import Report, how_it_ended, ran_out_of_cpu

__all__ = ["LEAN_LIMITS", "Elaboration", "Ending", "FileElaborator"]

LEAN_LIMITS = Limits(
    seconds=60.0, cpu_seconds=120, memory_bytes=4 << 30, output_bytes=4 << 20, file_bytes=64 << 20
)
"""What one file may use, unless told otherwise."""
_STACK = 64 << 20
"""Bytes of the stack of each of Lean's threads, which it reserves at once."""
_RESERVED = 3 << 30
"""Address space that Lean reserves beside its heap and never touches."""
_OUT_OF_MEMORY = ("out of memory", "memory limit", "std::bad_alloc", "excessive memory consumption")


class Ending(StrEnum):
    """How the elaboration of a file ended."""

    FINISHED = "finished"
    """Lean went through the file, with or without errors."""
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out of memory"
    CRASHED = "crashed"
    """The process died, or said too much, or what no Lean says."""


@dataclass(frozen=True, slots=True)
class Elaboration:
    """What Lean said of a file.

    Attributes:
        ending: How it ended; only of a file that is finished all messages are known.
        messages: In the order of the file.
        detail: Why it did not finish; empty if it did.
        seconds: Wall time.
        memory_bytes: Peak resident memory.
    """

    ending: Ending
    messages: tuple[Message, ...] = ()
    detail: str = ""
    seconds: float = 0.0
    memory_bytes: int = 0

    @property
    def errors(self) -> tuple[Message, ...]:
        """The messages that are errors."""
        return tuple(item for item in self.messages if item.severity is Severity.ERROR)


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
        folders = dict.fromkeys((*toolchain.folders, *toolchain.search_path))
        apart = [f for f in folders if not any(f.is_relative_to(o) for o in folders if o != f)]
        self._mapped = sum(map(_size_of_modules, apart))
        self._pool = CommandPool(
            str(toolchain.program),
            map(str, folders),
            environment=toolchain.environment,
            workers=workers,
            unsafe=unsafe,
            layers=layers,
        )

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        """Elaborate a file.

        Args:
            text: The whole file.
            limits: What it may use; ``memory_bytes`` is Lean's heap.

        Raises:
            BackendError: Lean cannot be started.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        arguments = [
            "--json",
            "--stdin",
            f"--memory={limits.memory_bytes >> 20}",
            f"--tstack={_STACK >> 10}",
        ]
        # What Lean maps and reserves is counted by the kernel, though it takes no memory.
        space = limits.memory_bytes + _RESERVED + self._mapped
        report = await self._pool.run(arguments, text, replace(limits, memory_bytes=space))
        return _elaboration(report, limits)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await self._pool.aclose()

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._pool.close()


def _size_of_modules(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.olean*"))


def _elaboration(report: Report, limits: Limits) -> Elaboration:
    messages, rest = read_messages(report.stdout)
    ending, detail = _ending(report, limits, rest)
    return Elaboration(ending, messages, detail, report.seconds, report.memory_bytes)


def _ending(report: Report, limits: Limits, rest: tuple[str, ...]) -> tuple[Ending, str]:
    if report.timed_out:
        return Ending.TIMEOUT, f"Lean took more than its {limits.seconds:g} seconds"
    if ran_out_of_cpu(report, limits):
        return Ending.TIMEOUT, f"Lean took more than {limits.cpu_seconds} seconds of processor time"
    if len(report.stdout.encode()) > limits.output_bytes:
        return Ending.CRASHED, f"Lean printed more than {limits.output_bytes:,} bytes"
    said = " ".join((*rest, *report.stderr.split("\n"))).strip()
    # With errors in the file it ends with 1, and says nothing but messages.
    if report.exit in (0, 1) and not said:
        return Ending.FINISHED, ""
    if any(words in said for words in _OUT_OF_MEMORY):
        return Ending.OUT_OF_MEMORY, f"Lean needs more than its {limits.memory_bytes >> 20} MB"
    how = how_it_ended(report.exit) if report.exit else "Lean printed what is no message"
    return Ending.CRASHED, f"{how}: {said}" if said else how
