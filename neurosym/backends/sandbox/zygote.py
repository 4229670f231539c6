"""A warm interpreter that forks one child for each job.

It imports the usual libraries once, moves into namespaces and a root file system that its children
share, and keeps a few children waiting, each already confined, so that a job starts without the
cost of a fork. It never runs model output, nor reads a program or what one left: it hands on
descriptors (see ``wire``).

Run as ``python -c "...; zygote.main()" FD RECIPE``; it speaks to the pool over FD.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import os
import random
import secrets
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from neurosym.backends.sandbox import child, kernel, wire
from neurosym.backends.sandbox.recipe import Recipe
from neurosym.backends.sandbox.setup import enter_isolation

__all__ = ["main"]

_WARM = 2
"""Children kept waiting for a job."""

_WARM_UP_RUNS = 20
"""Python makes its code faster while it runs for the first few times."""
_PLAIN = """
import math
from fractions import Fraction

def solution():
    total = sum(i * 2 for i in range(3)) + round(math.sqrt(2), 2)
    return [total, Fraction(1, 3), f"{total}", {"a": 1}]
"""
_NUMPY = """
import numpy as np

def solution():
    return [np.array([1, 2]).sum(), np.linalg.solve(np.eye(2), np.ones(2))]
"""
_SYMPY = """
from sympy import Eq, Integer, Rational, simplify, solve, symbols

def solution():
    x, y = symbols("x y")
    lines = solve([Eq(x + y, 3), Eq(x - y, 1)], [x, y])
    return [solve(Eq(3 * x + 5, 20), x), lines[x], Integer(4) + Rational(1, 2), simplify(2 * x + x)]
"""
_WARM_UPS: dict[str, dict[str, Any]] = {
    "math": {"source": _PLAIN, "entry": "solution"},
    "numpy": {"source": _NUMPY, "entry": "solution"},
    "sympy": {"source": _SYMPY, "entry": "solution"},
    "neurosym.answers.symbolic": {
        "target": "neurosym.answers.symbolic:equal",
        "args": ["\\frac{x}{2}", "0.5"],
    },
    "neurosym.backends.algebra": {
        "target": "neurosym.backends.algebra:solve",
        "args": [["x + y = 3", "x - y = 1"], ["x", "y"], "2*x", "real"],
    },
}
"""For modules that a zygote may have, jobs that are like those to come."""


@dataclass(slots=True)
class _Child:
    """A forked child.

    Attributes:
        pid: Its process id.
        watch: A descriptor that becomes readable when it dies.
        channel: It says there that it is confined, and gets its limits.
        source: The memory file it reads its job from.
        files: Its standard output, standard error and result, as memory files.
        token: What its result must carry.
        job: The id of its job, once it has one.
        started: When it got the job.
        deadline: When it is killed.
        timed_out: Whether it was.
    """

    pid: int
    watch: int
    channel: socket.socket
    source: int
    files: tuple[int, int, int]
    token: str
    job: int | None = None
    started: float = 0.0
    deadline: float = float("inf")
    timed_out: bool = False


@dataclass(slots=True)
class _Zygote:
    control: socket.socket
    confinement: child.Confinement
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    warm: list[_Child] = field(default_factory=list)
    running: dict[int, _Child] = field(default_factory=dict)

    def serve(self) -> None:
        """Take jobs and report on them until the pool closes the connection."""
        self.selector.register(self.control, selectors.EVENT_READ)
        while True:
            events = self.selector.select(0.0)
            if not events:
                # Nobody waits for an answer now, so there is time to fork.
                if len(self.warm) < _WARM:
                    self.warm.append(self._fork())
                    continue
                events = self.selector.select(self._patience())
            for key, _ in events:
                if key.fileobj is not self.control:
                    self._finish(self.running[key.fd])
                elif (received := wire.receive(self.control)) is None:
                    return
                elif received[1]:
                    self._start(*received)
                else:
                    self._kill(int(received[0]["kill"]))
            self._kill_overdue()

    def _patience(self) -> float | None:
        nearest = min((item.deadline for item in self.running.values()), default=float("inf"))
        return None if nearest == float("inf") else max(0.0, nearest - time.monotonic())

    # ---------------------------------------------------------------- children

    def _fork(self) -> _Child:
        files = (os.memfd_create("stdout"), os.memfd_create("stderr"), os.memfd_create("result"))
        source = os.memfd_create("source")
        ours, theirs = wire.channel()
        token = secrets.token_hex(16)
        pid = kernel.fork()
        if pid == 0:
            _arrange_descriptors(*files, theirs.fileno(), source)
            child.main(self.confinement, token)
        theirs.close()
        return _Child(pid, os.pidfd_open(pid), ours, source, files, token)

    def _take_warm(self) -> _Child | None:
        while self.warm:
            worker = self.warm.pop(0)
            dead = os.waitid(os.P_PIDFD, worker.watch, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            # One that could not be confined gets a job, so that the pool hears of it. Another one
            # was killed by whoever was in need of memory, perhaps while it put on its layers, and
            # its end says nothing of the job.
            killed = dead is not None and dead.si_status == signal.SIGKILL
            if dead is None or not (killed or _was_confined(worker.channel)):
                return worker
            os.waitpid(worker.pid, 0)
            os.close(worker.source)
            _let_go(worker)
        return None

    def _start(self, job: dict[str, Any], files: list[int]) -> None:
        worker = self._take_warm() or self._fork()
        worker.job = int(job["id"])
        worker.started = time.monotonic()
        worker.deadline = worker.started + float(job["limits"]["seconds"])
        self.running[worker.watch] = worker
        self.selector.register(worker.watch, selectors.EVENT_READ)
        file, *partner = files
        try:
            wire.copy_file(file, worker.source)
            wire.send(worker.channel, job["limits"], partner)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it is dead; its watch tells
        for fd in (worker.source, *files):
            os.close(fd)

    def _kill(self, job: int) -> None:
        for worker in self.running.values():
            if worker.job == job:
                worker.deadline = float("inf")
                signal.pidfd_send_signal(worker.watch, signal.SIGKILL)

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for worker in self.running.values():
            if worker.deadline <= now:
                worker.timed_out = True
                worker.deadline = float("inf")
                signal.pidfd_send_signal(worker.watch, signal.SIGKILL)

    def _finish(self, worker: _Child) -> None:
        seconds = time.monotonic() - worker.started
        _, status, usage = os.wait4(worker.pid, 0)
        self.selector.unregister(worker.watch)
        del self.running[worker.watch]
        report = {
            "id": worker.job,
            "token": worker.token,
            "confined": _was_confined(worker.channel),
            "exit": os.waitstatus_to_exitcode(status),
            "timed_out": worker.timed_out,
            "seconds": seconds,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "memory_bytes": usage.ru_maxrss * 1024,
        }
        wire.send(self.control, report, worker.files)
        _let_go(worker)


def _let_go(worker: _Child) -> None:
    worker.channel.close()
    for fd in (worker.watch, *worker.files):
        os.close(fd)


def _was_confined(channel: socket.socket) -> bool:
    """Whether a dead child had said so."""
    try:
        return channel.recv(1) == child.CONFINED
    except ConnectionResetError:
        # It died before it read its limits, which is told once, ahead of what it said.
        return channel.recv(1) == child.CONFINED


def _arrange_descriptors(out: int, err: int, result: int, channel: int, source: int) -> None:
    """In the child: keep its own descriptors, under their fixed numbers, and no others."""
    targets = {1: out, 2: err, child.RESULT_FD: result, child.JOB_FD: channel}
    targets[child.SOURCE_FD] = source
    # Out of the way first: one may have the number that another must get.
    high = {target: fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for target, fd in targets.items()}
    for target, fd in high.items():
        os.dup2(fd, target)
    kernel.close_from(max(targets) + 1)


def main() -> None:
    """Become a zygote; the arguments are on the command line."""
    try:
        control = socket.socket(fileno=int(sys.argv[1]))
        control.set_inheritable(False)
        recipe = Recipe.from_json(sys.argv[2])
        confinement, missing = enter_isolation(recipe, lambda: _preload(recipe.preload))
        _settle()
        layers = sorted(layer.name for layer in confinement.layers)
        wire.send(control, {"layers": layers, "missing": missing})
        _Zygote(control, confinement).serve()
    except BaseException:
        traceback.print_exc()  # the pool reads the last line
        os._exit(1)
    os._exit(0)  # its children die with it


def _preload(names: Iterable[str]) -> None:
    for name in names:
        importlib.import_module(name)
    # So that code is imported, cached and made fast once and for all. A child that had to do that
    # would also have to copy every page it changes.
    for name, job in _WARM_UPS.items():
        if name in sys.modules:
            for _ in range(_WARM_UP_RUNS):
                child.run(job)
    gc.collect()


def _settle() -> None:
    """Bring this process into the state in which every program is to find its own."""
    global _WARM_UP_RUNS
    os.environ.clear()
    sys.argv = [""]
    if (numpy_random := sys.modules.get("numpy.random")) is not None:
        numpy_random.seed(0)
    random.seed(0)
    gc.collect()
    gc.freeze()  # keeps the collector from writing to pages that children share
    gc.disable()
