"""Solver processes that stay warm: a task at a time each, killed at the limit, replaced if dead."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from neurosym.backends.child import (
    boot_code,
    closed_error,
    interrupt_child,
    let_go,
    start_child,
)
from neurosym.backends.optimization.solvers import SolverName
from neurosym.backends.optimization.task import (
    BEGUN,
    Answer,
    Ending,
    Task,
    read_message,
    write_message,
)
from neurosym.errors import BackendError
from neurosym.runtime.machine import available_cpus

__all__ = ["Workers"]

_MODULE = "neurosym.backends.optimization.worker"
_GRACE = 1.0
"""Seconds after a solver's own time limit in which it may still answer."""
_START = 20.0
"""Seconds more for a process that has yet to load its solver."""


@dataclass(eq=False, slots=True)
class _Worker:
    """A process, and the solvers that it has used, which need not be loaded again."""

    process: subprocess.Popen[bytes]
    loaded: set[SolverName] = field(default_factory=set)


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
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
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
            raise closed_error() from error
        return await future

    def _solve(self, solver: SolverName, task: Task) -> Answer:
        while (answer := self._try(self._take(), solver, task)) is None:
            pass
        return answer

    def _try(self, worker: _Worker, solver: SolverName, task: Task) -> Answer | None:
        """What a process answers; ``None`` where it had died before it saw the task."""
        process = worker.process
        was_idle = bool(worker.loaded)
        has_overrun = threading.Event()

        def interrupt() -> None:
            has_overrun.set()
            interrupt_child(process)

        patience = task.seconds + _GRACE + (0 if solver in worker.loaded else _START)
        timer = threading.Timer(patience, interrupt)
        timer.start()
        has_begun, message = False, None
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            write_message(process.stdin, task, solver.value)
            if has_begun := process.stdout.read(len(BEGUN)) == BEGUN:
                message = read_message(process.stdout)
        except (BackendError, OSError):
            message = None
        finally:
            timer.cancel()
        if message is None or has_overrun.is_set():
            self._drop(worker)
        if message is None:
            if self._closed:
                raise closed_error()
            if has_overrun.is_set():
                return Answer(Ending.LIMIT, solver.value, "it overran its time and was killed")
            # One that died while it waited for work is no fault of this task.
            if was_idle and not has_begun:
                return None
            return Answer(Ending.FAILED, solver.value, "the solver died")
        if not has_overrun.is_set():
            worker.loaded.add(solver)
            self._give_back(worker)
        values = dict(message[1])
        return Answer(**{**values, "ending": Ending(values["ending"])})

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise closed_error()
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    self._busy.add(worker)
                    return worker
                let_go(worker.process)
        command = [sys.executable, "-P", "-c", boot_code(_MODULE)]
        worker = _Worker(start_child("a solver", command, self._memory))
        with self._lock:
            self._busy.add(worker)
        if self._is_closed():  # while it started
            self._drop(worker)
            raise closed_error()
        return worker

    def _is_closed(self) -> bool:
        return self._closed

    def _drop(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
        let_go(worker.process)

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if not self._closed:
                self._idle.append(worker)
                return
        let_go(worker.process)

    def close(self) -> None:
        """Stop every process. Safe to call twice."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for worker in busy:
            interrupt_child(worker.process)
        for worker in idle:
            let_go(worker.process)
        # Who still waits for its turn finds it closed; a future that is cancelled would not say so.
        self._threads.shutdown(wait=True)
