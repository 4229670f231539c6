"""The pool's side of one zygote: starts it, sends jobs, hands back reports, ends it."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neurosym
from neurosym.backends.sandbox import wire
from neurosym.backends.sandbox.layers import Layer
from neurosym.errors import BackendError

__all__ = ["Work", "ZygoteProcess"]

_START_SECONDS = 60.0
_GRACE = 20.0
"""Seconds after a job's time limit until its zygote counts as broken."""
# The package may be anywhere; its folder is first on the path while it is found, and last after, so
# that nothing beside it hides a module of the library.
_BOOT = """
import sys
sys.path.insert(0, {root!r})
import neurosym
sys.path.append(sys.path.pop(0))
from neurosym.backends.sandbox import zygote
zygote.main()
"""
_ENVIRONMENT = {
    # One order of sets and one thread, so that a program does the same every time.
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
}


@dataclass(slots=True)
class Work:
    """A job on its way.

    Attributes:
        message: What is sent: the job, its limits and a number of its own under ``id``.
        future: Gets the report.
        tries: How often a zygote broke over it.
        give_up: When its zygote counts as broken, by the monotonic clock.
    """

    message: dict[str, Any]
    future: Future[dict[str, Any]]
    tries: int = 0
    give_up: float = float("inf")


class ZygoteProcess:
    """A zygote, running.

    Args:
        preload: Modules it imports, separated by commas.
        wanted: Layers of isolation to try.
        on_room: Called from a thread when it can take more, with the work it broke over.

    Attributes:
        layers: The active layers.
        missing: Why the other wanted layers are not active.
        pid: Its process id.

    Raises:
        BackendError: It did not start.
    """

    def __init__(
        self, preload: str, wanted: frozenset[Layer], on_room: Callable[[list[Work]], None]
    ) -> None:
        self._on_room = on_room
        self._lock = threading.Lock()
        self._working: dict[int, Work] = {}
        self._alive = True
        self._socket, theirs = socket.socketpair()
        self._stderr = tempfile.TemporaryFile()
        package = str(Path(neurosym.__file__).parent.parent)
        names = ",".join(layer.name for layer in wanted)
        with theirs:
            self._process = subprocess.Popen(
                # Neither the user's packages nor the current folder are on its path.
                [
                    sys.executable, "-s", "-P", "-c", _BOOT.format(root=package),
                    str(theirs.fileno()), names, preload,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                env=_ENVIRONMENT,
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # an interrupt typed at the terminal is not for it
            )  # fmt: skip
        self.pid = self._process.pid
        self._reader = wire.Reader()
        ready = self._wait_until_ready()
        self.layers = frozenset(Layer[name] for name in ready["layers"])
        self.missing: Mapping[Layer, str] = {
            Layer[name]: reason for name, reason in ready["missing"].items()
        }
        threading.Thread(target=self._listen, name="neurosym-zygote", daemon=True).start()

    def _wait_until_ready(self) -> dict[str, Any]:
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up:
            readable, _, _ = select.select([self._socket], [], [], 1.0)
            if not readable:
                continue
            data = self._socket.recv(65536)
            if not data:
                break
            if messages := self._reader.feed(data):
                return messages[0]
        self.stop()
        raise BackendError(
            f"the process that runs programs did not start: {self._last_words()}",
            hint="Run `neurosym doctor`.",
        )

    @property
    def alive(self) -> bool:
        """Whether it takes jobs."""
        return self._alive

    @property
    def load(self) -> int:
        """Jobs it is working on."""
        return len(self._working)

    def send(self, work: Work) -> None:
        """Hand it a job."""
        work.give_up = time.monotonic() + float(work.message["limits"]["seconds"]) + _GRACE
        with self._lock:
            self._working[int(work.message["id"])] = work
            try:
                self._socket.sendall(wire.pack(work.message))
            except OSError:
                self._alive = False  # the listener notices as well, and gives the work back

    def _listen(self) -> None:
        try:
            while self._alive:
                readable, _, _ = select.select([self._socket], [], [], 1.0)
                if readable:
                    data = self._socket.recv(1 << 20)
                    if not data:
                        break
                    for report in self._reader.feed(data):
                        self._deliver(report)
                elif self._is_overdue():
                    break
        except (OSError, ValueError):
            pass  # it is broken, whatever the way; what it worked on is given back below
        self._break()

    def _deliver(self, report: dict[str, Any]) -> None:
        with self._lock:
            work = self._working.pop(int(report["id"]))
        if report["confined"]:
            _settle(work.future, report)
        else:
            _settle(
                work.future,
                BackendError(
                    f"a program's process could not be confined: {report['stderr']}",
                    hint="Run `neurosym doctor`.",
                ),
            )
        self._on_room([])

    def _is_overdue(self) -> bool:
        now = time.monotonic()
        with self._lock:
            return any(work.give_up < now for work in self._working.values())

    def _break(self) -> None:
        self._alive = False
        with self._lock:
            lost = list(self._working.values())
            self._working.clear()
        self.stop()
        again = []
        for work in lost:
            work.tries += 1
            if work.tries < 2:
                again.append(work)
            else:
                error = f"the process that runs programs broke twice: {self._last_words()}"
                _settle(work.future, BackendError(error, hint="Run `neurosym doctor`."))
        self._on_room(again)

    def _last_words(self) -> str:
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def stop(self) -> None:
        """End it and all its children. Safe to call twice."""
        self._alive = False
        # Hanging up tells the zygote itself, which may be in a pid namespace below the process
        # started here; killing that one ends the namespace in any case.
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()


def _settle(future: Future[dict[str, Any]], found: dict[str, Any] | BackendError) -> None:
    if future.cancelled() or not future.set_running_or_notify_cancel():
        return
    if isinstance(found, BackendError):
        future.set_exception(found)
    else:
        future.set_result(found)
