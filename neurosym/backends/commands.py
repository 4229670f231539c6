"""A program other than Python, run in the sandbox: text in, text out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from neurosym.backends.base import Limits
from neurosym.backends.sandbox.child import NO_PROGRAM, NOT_STARTED
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.recipe import Recipe
from neurosym.backends.sandbox.report import Report
from neurosym.backends.zygotes import ZygoteGroup
from neurosym.errors import BackendError

__all__ = ["CommandPool"]


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
        report = await self._group.report(job, limits)
        if report.exit == NOT_STARTED and report.stderr.startswith(NO_PROGRAM):
            raise BackendError(
                f"{self._program} cannot be started: {report.stderr.removeprefix(NO_PROGRAM)}",
                hint="Mend its path, or the folders that it may read.",
            )
        return report

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._group.close()
