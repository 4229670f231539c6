"""How the elaboration of a file ended, and what Lean may use for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from neurosym.backends.base import Limits
from neurosym.backends.commands import CommandPool
from neurosym.backends.lean.messages import Message, Severity
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.report import Report, how_it_ended, ran_out_of_cpu

__all__ = [
    "LEAN_LIMITS",
    "Elaboration",
    "Elaborator",
    "Ending",
    "address_space",
    "ending_of",
    "heap_arguments",
    "lean_commands",
    "out_of_time",
]

LEAN_LIMITS = Limits(
    seconds=60.0, cpu_seconds=120, memory_bytes=4 << 30, output_bytes=4 << 20, file_bytes=64 << 20
)
"""What one file may use, unless told otherwise."""
_STACK = 64 << 20
"""Bytes of the stack of each of Lean's threads, which it reserves at once."""
_RESERVED = (3 << 30) + 32 * _STACK
"""Address space that Lean reserves beside its heap, for memory that it may give back and for the
stacks of its threads, of which it touches little."""
_OUT_OF_MEMORY = (
    "out of memory",
    "memory limit",
    "std::bad_alloc",
    "excessive memory consumption",
    "failed to create thread",
)


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


class Elaborator(Protocol):
    """A way to have files elaborated; each way says the same of a file."""

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        """Elaborate a file.

        Args:
            text: The whole file.
            limits: What it may use; ``memory_bytes`` is Lean's heap.

        Raises:
            BackendError: Lean cannot be started.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        ...

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        ...


def heap_arguments(limits: Limits) -> list[str]:
    """The arguments that hold a Lean process to its memory."""
    return [f"--memory={limits.memory_bytes >> 20}", f"--tstack={_STACK >> 10}"]


def address_space(toolchain: Toolchain) -> int:
    """Bytes that Lean maps and reserves, which the kernel counts though they take no memory."""
    return _RESERVED + sum(map(_size_of_modules, _folders(toolchain)))


def _folders(toolchain: Toolchain) -> list[Path]:
    """What Lean may read, none inside of another."""
    folders = dict.fromkeys((*toolchain.folders, *toolchain.search_path))
    return [f for f in folders if not any(f.is_relative_to(o) for o in folders if o != f)]


def _size_of_modules(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.olean*"))


def lean_commands(
    toolchain: Toolchain, *, workers: int, unsafe: bool, layers: Iterable[Layer]
) -> CommandPool:
    """What starts the sandboxed processes of a Lean.

    Args:
        toolchain: The Lean.
        workers: Zygotes that they are forked from.
        unsafe: Run them even where no isolation can be had.
        layers: Layers of isolation to use where this machine offers them.
    """
    return CommandPool(
        str(toolchain.program),
        map(str, _folders(toolchain)),
        environment=toolchain.environment,
        workers=workers,
        unsafe=unsafe,
        layers=layers,
    )


def out_of_time(seconds: float) -> str:
    """That Lean took too long, in words."""
    return f"Lean took more than its {seconds:g} seconds"


def ending_of(report: Report, limits: Limits, rest: tuple[str, ...] = ()) -> tuple[Ending, str]:
    """How a Lean process ended, and why it did not finish.

    Args:
        report: On the process.
        limits: What it was given.
        rest: What it printed that is no message.
    """
    if report.timed_out:
        return Ending.TIMEOUT, out_of_time(limits.seconds)
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
