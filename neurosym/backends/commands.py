"""A program other than Python, run in the sandbox: text in and text out, or a conversation."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Mapping, Sequence

from neurosym.backends.base import Limits
from neurosym.backends.sandbox.child import NO_PROGRAM, NOT_STARTED
from neurosym.backends.sandbox.host import Work
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.recipe import Recipe
from neurosym.backends.sandbox.report import Report
from neurosym.backends.zygotes import ZygoteGroup
from neurosym.errors import BackendError

__all__ = ["CommandPool", "Conversation"]

_END_SECONDS = 10.0
"""Time for the report on a program to come after it was killed."""


class Conversation:
    """A program that runs, and what it is told and says meanwhile. For one thread at a time.

    Args:
        program: Its path.
        work: The job.
        group: Who runs it.
        connection: This side's end.
    """

    def __init__(
        self, program: str, work: Work, group: ZygoteGroup, connection: socket.socket
    ) -> None:
        self._program = program
        self._work = work
        self._group = group
        self._connection = connection

    def say(self, data: bytes, seconds: float) -> bool:
        """Tell it something; whether it took all of that in time."""
        self._connection.settimeout(max(seconds, 1e-3))
        try:
            self._connection.sendall(data)
        except OSError:  # it has ended, or it does not read
            return False
        return True

    def hear(self, seconds: float) -> bytes | None:
        """What it says next, at most 64 KiB: nothing if it has ended, ``None`` if time is over."""
        self._connection.settimeout(max(seconds, 1e-3))
        try:
            return self._connection.recv(65536)
        except TimeoutError:
            return None
        except OSError:
            return b""

    def end(self) -> Report:
        """Kill it if it still runs; how it ended, and what it printed on standard error.

        Raises:
            BackendError: The machinery broke, or the program could not be executed.
        """
        self._group.kill(self._work)
        try:
            return _started(self._program, self._work.future.result(_END_SECONDS))
        except TimeoutError as error:
            raise BackendError(
                "a program that was killed does not end", hint="Run `neurosym doctor`."
            ) from error
        finally:
            self._connection.close()


class CommandPool:
    """Runs a program again and again, each time in a process of its own that sees some folders.

    It may have threads, but no other processes, no network, and no place to write but a folder of
    its own that ends with it. Safe to use from several threads and event loops.

    Args:
        program: Its path.
        folders: What it may read and execute, besides the system's libraries.
        environment: Variables besides ``HOME``, its own folder, and ``LC_ALL``.
        workers: Zygotes that the processes are forked from.
        unsafe: Run it even where no isolation can be had.
        layers: Layers of isolation to use where this machine offers them.
    """

    def __init__(
        self,
        program: str,
        folders: Iterable[str],
        *,
        environment: Mapping[str, str] | None = None,
        workers: int = 1,
        unsafe: bool = False,
        layers: Iterable[Layer] = tuple(Layer),
    ) -> None:
        self._program = program
        self._environment = dict(environment or {})
        recipe = Recipe(frozenset(layers), folders=tuple(folders), program=program)
        self._group = ZygoteGroup(workers, recipe, unsafe=unsafe)

    async def run(self, arguments: Sequence[str], text: str, limits: Limits) -> Report:
        """Run it.

        Args:
            arguments: Its arguments.
            text: Its standard input.
            limits: What it may use.

        Returns:
            How it ended and what it printed.

        Raises:
            BackendError: The machinery broke twice, or the program cannot be executed.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        job = {
            "arguments": list(arguments),
            "stdin": text,
            "environment": self._environment,
        }
        return _started(self._program, await self._group.report(job, limits))

    def converse(self, arguments: Sequence[str], limits: Limits) -> Conversation:
        """Start it, to talk to it over its standard input and output.

        Args:
            arguments: Its arguments.
            limits: What it may use before it is ended.

        Raises:
            BackendError: The machinery broke.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        ours, theirs = socket.socketpair()
        job = {"arguments": list(arguments), "environment": self._environment}
        try:
            work = self._group.submit(job, limits, theirs)
        except BaseException:
            ours.close()
            theirs.close()
            raise
        return Conversation(self._program, work, self._group, ours)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._group.close()


def _started(program: str, report: Report) -> Report:
    """The report of a program that was executed, whatever became of it.

    Raises:
        BackendError: It could not be.
    """
    if report.exit == NOT_STARTED and report.stderr.startswith(NO_PROGRAM):
        raise BackendError(
            f"{program} cannot be started: {report.stderr.removeprefix(NO_PROGRAM)}",
            hint="Mend its path, or the folders that it may read.",
        )
    return report
