"""A warm interpreter that forks one child for each job.

It imports the usual libraries once, moves into namespaces and a root file system that its children
share, and keeps a few children waiting, each already confined, so that a job starts without the
cost of a fork. It never runs model output itself and reads only sealed files of dead children.

Run as ``python -c "...; zygote.main()" FD LAYERS PRELOAD``; it speaks to the pool over FD.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import os
import secrets
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from neurosym.backends.sandbox import child, wire
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.setup import enter_isolation

__all__ = ["main"]

_WARM = 2
"""Children kept waiting for a job."""


@dataclass(slots=True)
class _Child:
    """A forked child.

    Attributes:
        pid: Its process id.
        watch: A descriptor that becomes readable when it dies.
        channel: It says there that it is confined, and gets its job.
        files: Its standard output, standard error and result, as memory files.
        token: What its result must carry.
        box: Its own folder, where the zygote made one.
        job: The id of its job, once it has one.
        started: When it got the job.
        deadline: When it is killed.
        timed_out: Whether it was.
        output_bytes: How much of each output is kept.
        confined: Whether it put on its layers.
    """

    pid: int
    watch: int
    channel: socket.socket
    files: tuple[int, int, int]
    token: str
    box: str
    job: int | None = None
    started: float = 0.0
    deadline: float = float("inf")
    timed_out: bool = False
    output_bytes: int = 0
    confined: bool = False


@dataclass(slots=True)
class _Zygote:
    control: socket.socket
    confinement: child.Confinement
    boxes: str
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    reader: wire.Reader = field(default_factory=wire.Reader)
    warm: list[_Child] = field(default_factory=list)
    running: dict[int, _Child] = field(default_factory=dict)

    def serve(self) -> None:
        """Take jobs and report on them until the pool closes the connection."""
        self.selector.register(self.control, selectors.EVENT_READ)
        self._refill()
        while True:
            for key, _ in self.selector.select(self._patience()):
                if key.fileobj is self.control:
                    data = self.control.recv(65536)
                    if not data:
                        return
                    for job in self.reader.feed(data):
                        self._start(job)
                else:
                    self._finish(self.running[key.fd])
            self._kill_overdue()
            self._refill()

    def _patience(self) -> float | None:
        nearest = min((item.deadline for item in self.running.values()), default=float("inf"))
        return None if nearest == float("inf") else max(0.0, nearest - time.monotonic())

    # ---------------------------------------------------------------- children

    def _refill(self) -> None:
        while len(self.warm) < _WARM:
            self.warm.append(self._fork())

    def _fork(self) -> _Child:
        files = (os.memfd_create("stdout"), os.memfd_create("stderr"), os.memfd_create("result"))
        ours, theirs = socket.socketpair()
        token = secrets.token_hex(16)
        box = self.confinement.box or tempfile.mkdtemp(dir=self.boxes)
        pid = os.fork()
        if pid == 0:
            _arrange_descriptors(files, theirs.fileno())
            child.main(self.confinement, box, token)
        theirs.close()
        return _Child(pid, os.pidfd_open(pid), ours, files, token, box)

    def _start(self, job: dict[str, Any]) -> None:
        worker = self.warm.pop() if self.warm else self._fork()
        limits = job["limits"]
        worker.job = int(job.pop("id"))
        worker.output_bytes = int(limits["output_bytes"])
        worker.started = time.monotonic()
        worker.deadline = worker.started + float(limits["seconds"])
        self.running[worker.watch] = worker
        self.selector.register(worker.watch, selectors.EVENT_READ)
        try:
            worker.confined = worker.channel.recv(1) == child.CONFINED
            worker.channel.sendall(wire.pack(job))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it is dead; its watch tells
        worker.channel.close()

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
        os.close(worker.watch)
        report = {
            "id": worker.job,
            "confined": worker.confined,
            "exit": os.waitstatus_to_exitcode(status),
            "timed_out": worker.timed_out,
            "seconds": seconds,
            "memory_bytes": usage.ru_maxrss * 1024,
            "stdout": _text(worker.files[0], worker.output_bytes),
            "stderr": _text(worker.files[1], worker.output_bytes),
            "result": _result(worker.files[2], worker.token),
        }
        for fd in worker.files:
            os.close(fd)
        if not self.confinement.box:
            shutil.rmtree(worker.box, ignore_errors=True)
        self.control.sendall(wire.pack(report))


def _arrange_descriptors(files: tuple[int, int, int], channel: int) -> None:
    """In the child: keep its own descriptors, under their fixed numbers, and no others."""
    # Out of the way first: one may have the number that another must get.
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in (*files, channel)]
    for fd, target in zip(high, (1, 2, child.RESULT_FD, child.JOB_FD), strict=True):
        os.dup2(fd, target)
    os.closerange(child.JOB_FD + 1, 4096)


def _text(fd: int, limit: int) -> str:
    size = os.fstat(fd).st_size
    text = os.pread(fd, limit, 0).decode(errors="replace")
    return text if size <= limit else f"{text}… ({size} bytes in all)"


def _result(fd: int, token: str) -> dict[str, Any] | None:
    """The frame a child left, ``None`` unless the file holds exactly one with its token."""
    size = os.fstat(fd).st_size
    if not 4 <= size <= wire.MAX_MESSAGE:
        return None
    data = bytearray()
    while len(data) < size:
        more = os.pread(fd, size - len(data), len(data))
        if not more:
            return None
        data += more
    if int.from_bytes(data[:4], "big") != size - 4:
        return None
    try:
        [result] = wire.Reader().feed(bytes(data))
    except (ValueError, RecursionError):
        return None
    return result if result.pop("token", None) == token else None


def main() -> None:
    """Become a zygote; the arguments are on the command line."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    wanted = frozenset(Layer[name] for name in sys.argv[2].split(",") if name)
    preload = [name for name in sys.argv[3].split(",") if name]
    confinement, boxes, missing = enter_isolation(wanted, lambda: _preload(preload))
    control.sendall(
        wire.pack(
            {"layers": sorted(layer.name for layer in confinement.layers), "missing": missing}
        )
    )
    gc.collect()
    gc.freeze()  # keeps the collector from writing to pages that children share
    gc.disable()
    try:
        _Zygote(control, confinement, boxes).serve()
    finally:
        # Children die with this process; their folders, where they are on a disk, are left.
        shutil.rmtree(boxes, ignore_errors=True)
        os._exit(0)


def _preload(names: list[str]) -> None:
    for name in names:
        importlib.import_module(name)
