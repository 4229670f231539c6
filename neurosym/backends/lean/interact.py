"""Lean through LeanInteract, a package around a REPL that it builds and runs itself.

Poiroux, Weiss, Kunčak and Bosselut (2025), "LeanInteract: A Python Interface for Lean 4". For those
who have a project set up with it; where there is a choice, the REPL's own driver
(:mod:`neurosym.backends.lean.repl`) is isolated, and holds each file to its own memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending, out_of_time
from neurosym.backends.lean.optional import killed_after, optional_package, refuse_unless_unsafe
from neurosym.backends.lean.repl import elaboration_of, split_file
from neurosym.backends.lean.repl_messages import CommandAnswer, Refusal, read_command
from neurosym.backends.lean.repl_process import Broken
from neurosym.backends.lean.server_messages import FrameError
from neurosym.errors import BackendError, OptionError

__all__ = ["LEAN_INTERACT", "InteractElaborator"]

LEAN_INTERACT = "lean-interact>=0.11"
"""The package, as ``pip`` knows it."""
_IMPORT_SECONDS = 300.0
"""Time for a header, which does not count for the files behind it."""
_GRACE = 10.0
"""Seconds that LeanInteract has to see to a time limit itself."""
_HEADERS = 4
"""Headers that one process holds."""
_OUT_OF_MEMORY = ("out of memory", "bad_alloc", "failed to create thread")


class InteractElaborator:
    """Elaborates files; see :class:`neurosym.backends.lean.elaboration.Elaborator`.

    One file at a time, in one process that is replaced when it was killed, was given many files or
    many headers, since it forgets none, or may have run a file's own code.

    Args:
        config: A ``lean_interact.LeanREPLConfig`` with a ``memory_hard_limit_mb``.
        files_per_process: Files after which the process is replaced.
        unsafe: Has to be given: LeanInteract runs Lean with the rights of this process.

    Raises:
        IsolationError: ``unsafe`` was not given.
        OptionError: There is no limit of memory, or a number is too small.
        BackendError: LeanInteract is not installed.
    """

    def __init__(self, config: Any, *, files_per_process: int = 1000, unsafe: bool = False) -> None:
        refuse_unless_unsafe("LeanInteract", unsafe=unsafe)
        self._package = optional_package("lean_interact", LEAN_INTERACT)
        if config.memory_hard_limit_mb is None or files_per_process < 1:
            raise OptionError(
                "LeanInteract is to be held to some memory, and to some files a process",
                hint="Give LeanREPLConfig a memory_hard_limit_mb, and a positive number of files.",
            )
        self._config = config
        self._files_per_process = files_per_process
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="neurosym-interact")
        self._lock = threading.Lock()
        # Not its AutoLeanServer: that may start another process at any time, in which the numbers
        # of environments mean others, and restores them without a time limit.
        self._server: Any = None
        self._headers: dict[str, CommandAnswer | Refusal] = {}
        self._files = 0
        self._closed = False

    async def elaborate(self, text: str, limits: Limits = LEAN_LIMITS) -> Elaboration:
        """Elaborate a file.

        Args:
            text: The whole file.
            limits: Its time, which does not include what its header takes. Its memory is what the
                configuration says.

        Raises:
            BackendError: The REPL cannot be started, or this is closed.
        """
        if self._closed:
            raise _closed()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._elaborate, text, limits)

    def _elaborate(self, text: str, limits: Limits) -> Elaboration:
        file = split_file(text.encode(errors="replace").decode())
        header = self._import(file.header)
        begun = time.monotonic()
        found: CommandAnswer | Refusal | Broken = header
        if isinstance(header, CommandAnswer) and not header.has_errors:
            self._files += 1
            found = self._ask(file.rest, header.environment, limits.seconds)
            if isinstance(found, CommandAnswer):
                found = found.behind(header)
        if file.runs_code or self._files >= self._files_per_process:
            self._end()
        seconds = time.monotonic() - begun
        if isinstance(found, Broken):
            return Elaboration(found.ending, (), found.detail, seconds)
        return elaboration_of(found, seconds)

    def _import(self, header: str) -> CommandAnswer | Refusal | Broken:
        if header not in self._headers:
            if len(self._headers) >= _HEADERS:
                self._end()
            found = self._ask(header, None, _IMPORT_SECONDS)
            if isinstance(found, Broken):
                return Broken(found.ending, f"the header: {found.detail}")
            self._headers[header] = found
        return self._headers[header]

    def _ask(
        self, text: str, environment: int | None, seconds: float
    ) -> CommandAnswer | Refusal | Broken:
        """What LeanInteract says of some commands; it is ended if it does not come to say that.

        Raises:
            BackendError: It cannot be started, or was closed meanwhile.
        """
        server = self._running()
        # LeanInteract takes no empty command.
        command = self._package.Command(cmd=text or "\n", env=environment)
        try:
            with killed_after(seconds + _GRACE, server.kill):
                said = server.run(command, timeout=seconds)
            return read_command(said.model_dump(by_alias=True))
        except TimeoutError:
            broken = Broken(Ending.TIMEOUT, out_of_time(seconds))
        except FrameError as error:
            broken = Broken(Ending.CRASHED, str(error))
        except Exception as error:  # of many kinds, whatever became of the process or its answer
            detail = str(error)
            is_full = any(words in detail for words in _OUT_OF_MEMORY)
            broken = Broken(Ending.OUT_OF_MEMORY if is_full else Ending.CRASHED, detail)
        self._end()
        if self._closed:
            raise _closed()
        return broken

    def _running(self) -> Any:
        with self._lock:
            if self._closed:
                raise _closed()
            if self._server is None:
                try:
                    self._server = self._package.LeanServer(self._config)
                except Exception as error:  # the same
                    raise BackendError(
                        f"LeanInteract cannot start Lean: {error}",
                        hint="Run `lake build` in its project, and see that `lake` is on the path.",
                    ) from error
            return self._server

    def _end(self) -> None:
        """End the process; the next file gets another."""
        with self._lock:
            server, self._server = self._server, None
        self._headers.clear()
        self._files = 0
        if server is not None:
            with contextlib.suppress(Exception):  # it is dead
                server.kill()

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._closed = True
        self._end()
        self._thread.shutdown(cancel_futures=True)


def _closed() -> BackendError:
    return BackendError("this LeanInteract is closed", hint="Make a new one.")
