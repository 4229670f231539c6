"""Processes of the community's REPL for Lean (leanprover-community/repl), in the sandbox.

The REPL is usually run as ``lake env repl`` in a project. What ``lake env`` does for it is to set
variables: ``LEAN_SYSROOT``, without which the REPL runs another program to find Lean's own library,
``LEAN_PATH`` for the modules of the project and what it depends on
(:func:`neurosym.backends.lean.project.find_project` tells them), and ``LD_LIBRARY_PATH``. So
``repl`` itself is started with those.
"""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from neurosym.backends.base import Limits
from neurosym.backends.commands import CommandPool
from neurosym.backends.lean.elaboration import (
    LEAN_LIMITS,
    Ending,
    address_space,
    ending_of,
    out_of_time,
)
from neurosym.backends.lean.kept import KeptWorkers
from neurosym.backends.lean.places import repl_program
from neurosym.backends.lean.repl_messages import (
    Answers,
    CommandAnswer,
    Refusal,
    StepAnswer,
    read_command,
    read_step,
    request,
)
from neurosym.backends.lean.replay import Walk
from neurosym.backends.lean.server_messages import FrameError
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.report import Report
from neurosym.errors import BackendError, OptionError

__all__ = ["REPL_VARIABLE", "Broken", "ReplPool", "ReplProcess", "find_repl"]

REPL_VARIABLE = "NEUROSYM_LEAN_REPL"
"""Environment variable that names the ``repl`` to use."""
_BUILT = Path(".lake", "build", "bin", "repl")
"""Where ``lake build`` puts it in its own folder."""
_LIFE = 24 * 3600.0
"""Seconds after which a process that nobody ended is; those of a request count for each."""
_IMPORT_SECONDS = 300.0
"""Time for a header, which does not count for the files behind it."""
_PROCESSES_PER_ZYGOTE = 3
"""Processes that one zygote keeps, one less than it can."""

T = TypeVar("T")


def find_repl(repl: str | Path | None = None) -> Path:
    """The program of the REPL.

    That is the one named, or what :data:`REPL_VARIABLE` names, or the one that
    ``neurosym lean setup`` has built.

    Args:
        repl: Its path, or the folder that it was built in with ``lake build``.

    Raises:
        BackendError: There is none; the hint says how to get one.
    """
    named = repl or os.environ.get(REPL_VARIABLE) or repl_program()
    path = Path(os.path.realpath(named))
    program = path / _BUILT if path.is_dir() else path
    if program.is_file() and os.access(program, os.X_OK):
        return program
    raise BackendError(
        f"there is no REPL for Lean at {program}",
        hint="Run `neurosym lean setup`, or build the REPL that was made for your Lean "
        f"(https://github.com/leanprover-community/repl) and name its folder in {REPL_VARIABLE}.",
    )


@dataclass(frozen=True, slots=True)
class Broken:
    """That a process ended over what it was asked.

    Attributes:
        ending: How.
        detail: Why, in words.
        memory_bytes: Its peak resident memory.
        seconds: Wall time of what it was asked.
    """

    ending: Ending
    detail: str
    memory_bytes: int = 0
    seconds: float = 0.0


class ReplProcess:
    """One process that has imported a header, for one thread at a time.

    It forgets nothing that it was asked, so its memory grows until it is ended.

    Args:
        commands: What starts it.
        header: What to import.
        reserved: Address space that it takes without using it, in bytes.
        limits: What it may use; ``output_bytes`` is what it may say to one request, ``seconds`` and
            ``cpu_seconds`` do not count.

    Attributes:
        alive: Whether it takes another request.
        asked: Requests so far, the header not counted.
        spoilt: Whether it ran code of those it was asked, which may answer in its place.
        imported: What came of the header.
        walks: The states of proofs that it holds, by the theorem's text.

    Raises:
        BackendError: It cannot be started.
        IsolationError: It cannot be isolated, and was to be.
    """

    def __init__(self, commands: CommandPool, header: str, reserved: int, limits: Limits) -> None:
        self._limits = limits
        self._answers = Answers(limits.output_bytes)
        life = replace(
            limits,
            seconds=_LIFE,
            cpu_seconds=int(_LIFE),
            memory_bytes=limits.memory_bytes + reserved,
        )
        self._repl = commands.converse([], life)
        self.alive = True
        self.spoilt = False
        self.walks: dict[str, Walk[Any]] = {}
        self.asked = -1
        self.imported = self._ask(request(cmd=header), _IMPORT_SECONDS, read_command)

    def command(self, text: str, seconds: float) -> CommandAnswer | Refusal | Broken:
        """Elaborate a text behind the header.

        Returns:
            What is said of both; of a header with errors, that alone, as Lean itself does.

        Raises:
            BackendError: The machinery broke.
        """
        header = self.imported
        if not isinstance(header, CommandAnswer) or header.has_errors:
            return header
        asked = request(cmd=text, env=header.environment)
        answer = self._ask(asked, seconds, read_command)
        return answer.behind(header) if isinstance(answer, CommandAnswer) else answer

    def step(self, state: int, tactic: str, seconds: float) -> StepAnswer | Refusal | Broken:
        """Run a tactic in a state that this process has told of.

        Raises:
            BackendError: The machinery broke.
        """
        return self._ask(request(tactic=tactic, proofState=state), seconds, read_step)

    def _ask(self, asked: bytes, seconds: float, read: Callable[[dict[str, Any]], T]) -> T | Broken:
        deadline = time.monotonic() + seconds
        self.asked += 1
        try:
            self._answers.reset()
            if not self._repl.say(asked, seconds):
                raise EOFError
            for answer in self._heard(deadline):
                return read(answer)
            raise EOFError
        except FrameError as error:
            return Broken(Ending.CRASHED, str(error), self.end().memory_bytes)
        except EOFError:
            is_late = time.monotonic() >= deadline
            report = self.end()
        if is_late:
            return Broken(Ending.TIMEOUT, out_of_time(seconds), report.memory_bytes)
        ending, detail = ending_of(report, self._limits)
        if ending is Ending.FINISHED:
            ending, detail = Ending.CRASHED, "the REPL ended before it was through"
        return Broken(ending, detail, report.memory_bytes)

    def _heard(self, deadline: float) -> Iterator[dict[str, Any]]:
        """Its answers until it ends or time is over."""
        while (left := deadline - time.monotonic()) > 0:
            data = self._repl.hear(left)
            if not data:
                return
            yield from self._answers.feed(data)

    def end(self) -> Report:
        """Kill it. Once only.

        Raises:
            BackendError: The machinery broke.
        """
        self.alive = False
        return self._repl.end()


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a process is good for."""

    header: str
    limits: Limits


class ReplPool:
    """REPL processes, each kept for the header that it has imported.

    Those least recently used end where others are needed. One is also ended when it was asked very
    much, since it forgets nothing, and when it ran code of those who asked. Safe to use from
    several threads and event loops.

    Args:
        toolchain: The Lean that the REPL was built with, with the folders of modules to import.
        repl: See :func:`find_repl`.
        workers: Requests at once.
        spares: Processes kept ready on top, so that one that is killed costs no import.
        requests_per_process: Requests after which a process is replaced.
        unsafe: Run it even where no isolation can be had.
        layers: Layers of isolation to use where this machine offers them.

    Raises:
        OptionError: A number is too small.
        BackendError: There is no REPL.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        repl: str | Path | None = None,
        *,
        workers: int = 2,
        spares: int = 1,
        requests_per_process: int = 1000,
        unsafe: bool = False,
        layers: Iterable[Layer] = tuple(Layer),
    ) -> None:
        if workers < 1 or spares < 0 or requests_per_process < 1:
            raise OptionError(
                "a pool of REPLs has at least one worker, which takes at least one request",
                hint="Give positive numbers; of spares there may be none.",
            )
        program = find_repl(repl)
        most = workers + spares
        self._requests_per_process = requests_per_process
        self._reserved = address_space(toolchain)
        self._commands = CommandPool(
            str(program),
            map(str, (*toolchain.folders, *toolchain.search_path, program.parent)),
            environment={**toolchain.environment, "LEAN_SYSROOT": str(toolchain.folders[0])},
            workers=math.ceil(most / _PROCESSES_PER_ZYGOTE),
            unsafe=unsafe,
            layers=layers,
        )
        self._processes: KeptWorkers[_Kind, ReplProcess] = KeptWorkers(
            self._start, most=most, spares=spares > 0
        )
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="neurosym-repl")
        self._lock = threading.Lock()
        self._closed = False

    async def use(
        self,
        header: str,
        limits: Limits,
        job: Callable[[ReplProcess], T | Broken],
        rank: Callable[[ReplProcess], int] | None = None,
    ) -> T | Broken:
        """Have a process that has imported a header do something, in a thread of its own.

        Args:
            header: The header.
            limits: What the process may use; the job has to see to the time itself.
            job: What to do.
            rank: How welcome each process is that waits.

        Returns:
            What the job does. If an old process runs out of memory over it, that may be due to
            what it did before, and the job is done again in a new one.

        Raises:
            BackendError: The machinery broke, or the pool is closed.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        with self._lock:
            if self._closed:
                raise BackendError("the pool is closed", hint="Make a new one.")
        kind = _Kind(header, replace(limits, seconds=LEAN_LIMITS.seconds))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._use, kind, job, rank)

    def _use(
        self,
        kind: _Kind,
        job: Callable[[ReplProcess], T | Broken],
        rank: Callable[[ReplProcess], int] | None,
    ) -> T | Broken:
        found, was_new = self._once(kind, job, rank, fresh=False)
        is_full = isinstance(found, Broken) and found.ending is Ending.OUT_OF_MEMORY
        if is_full and not was_new:
            found, _ = self._once(kind, job, rank, fresh=True)
        return found

    def _once(
        self,
        kind: _Kind,
        job: Callable[[ReplProcess], T | Broken],
        rank: Callable[[ReplProcess], int] | None,
        *,
        fresh: bool,
    ) -> tuple[T | Broken, bool]:
        process = self._processes.take(kind, rank, fresh=fresh)
        was_new = process.asked == 0
        reusable = False
        try:
            if isinstance(process.imported, Broken):
                detail = f"the header: {process.imported.detail}"
                return replace(process.imported, detail=detail), True
            found = job(process)
            reusable = not process.spoilt and process.asked < self._requests_per_process
        finally:
            self._processes.give_back(kind, process, reusable=reusable)
        return found, was_new

    def _start(self, kind: _Kind) -> ReplProcess:
        return ReplProcess(self._commands, kind.header, self._reserved, kind.limits)

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        with self._lock:
            self._closed = True
        self._processes.close()
        self._commands.close()
        self._threads.shutdown(cancel_futures=True)
