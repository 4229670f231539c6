"""Solver processes that stay warm: a task at a time each, killed at the limit, replaced if dead."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from neurosym.backends.child import interrupt_child, let_go, start_child
from neurosym.backends.optimization.choice import SolverName
from neurosym.backends.optimization.task import Answer, Ending, Task, read_message, write_message
from neurosym.errors import BackendError
from neurosym.runtime.machine import available_cpus

__all__ = ["Workers"]

_GRACE = 1.0
"""Seconds after a solver's own time limit in which it may still answer."""
_START = 20.0
"""Seconds that a process may take to start and load its solver."""


class Workers:
    """Runs tasks in processes of their own. Safe to use from several event loops.

    Args:
        workers: Processes at once; ``None`` allows one for each CPU.
        memory_bytes: Memory of each.
    """

    def __init__(self, *, workers: int | None = None, memory_bytes: int = 4 << 30) -> None:
        self._memory = memory_bytes
        self._threads = ThreadPoolExecutor(
            workers or available_cpus(), thread_name_prefix="neurosym-solver"
        )
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        self._busy: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    async def solve(self, solver: SolverName, task: Task) -> Answer:
        """Solve a task.

        A solver that crashes or overruns its limit is killed, and its answer says so.

        Raises:
            BackendError: No process can be started, or the workers are closed.
        """
        try:
            future = asyncio.get_running_loop().run_in_executor(
                self._threads, self._solve, solver, task
            )
        except RuntimeError as error:  # nothing new once it is closed
            raise _closed() from error
        return await future

    def _solve(self, solver: SolverName, task: Task) -> Answer:
        process = self._take()
        timer = threading.Timer(task.seconds + _GRACE + _START, interrupt_child, args=(process,))
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            write_message(process.stdin, task, solver.value)
            message = read_message(process.stdout)
        except (BackendError, OSError):
            message = None
        finally:
            timer.cancel()
        if message is None:
            self._drop(process)
            if self._closed:
                raise _closed()
            return Answer(Ending.FAILED, solver.value, "the solver died or overran its limit")
        self._give_back(process)
        values = dict(message[1])
        return Answer(**{**values, "ending": Ending(values["ending"])})

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise _closed()
            while self._idle:
                process = self._idle.pop()
                if process.poll() is None:
                    self._busy.add(process)
                    return process
                let_go(process)
        command = [sys.executable, "-P", "-m", "neurosym.backends.optimization.worker"]
        process = start_child("a solver", command, self._memory)
        with self._lock:
            self._busy.add(process)
        if self._is_closed():  # while it started
            self._drop(process)
            raise _closed()
        return process

    def _is_closed(self) -> bool:
        return self._closed

    def _drop(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._busy.discard(process)
        let_go(process)

    def _give_back(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._busy.discard(process)
            if not self._closed:
                self._idle.append(process)
                return
        let_go(process)

    def close(self) -> None:
        """Stop every process. Safe to call twice."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for process in busy:
            interrupt_child(process)
        for process in idle:
            let_go(process)
        self._threads.shutdown(wait=True, cancel_futures=True)


def _closed() -> BackendError:
    return BackendError("the backend is closed", hint="Make a new one.")
