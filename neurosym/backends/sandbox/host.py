"""The pool's side of one zygote: starts it, sends jobs, hands back reports, ends it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.child import boot_code
from neurosym.backends.sandbox import wire
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.recipe import Recipe
from neurosym.backends.sandbox.report import Report, read_report
from neurosym.errors import BackendError

__all__ = ["Work", "ZygoteProcess"]

_START_SECONDS = 60.0
_GRACE = 20.0
"""Seconds after a job's time limit until its zygote counts as broken."""
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
        id: A number of its own.
        job: What to run.
        limits: What it may use.
        future: Gets the report.
        partner: The end of a connection that it is to read from and write to while it runs; closed
            here once it has it. ``None`` if its input is in the job and its output in the report.
        tries: How often a zygote broke over it.
        give_up: When its zygote counts as broken, by the monotonic clock.
    """

    id: int
    job: dict[str, Any]
    limits: Limits
    future: Future[Report]
    partner: socket.socket | None = None
    tries: int = 0
    give_up: float = float("inf")

    def fail(self, error: BackendError) -> None:
        """End it with an error."""
        if self.partner is not None:
            self.partner.close()
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)

    def finish(self, report: Report) -> None:
        """End it with a report."""
        # On a busy machine the time may be over before a child is ready; that is no fault of it.
        if not report.confined and not report.timed_out:
            message = f"a program's process could not be confined: {report.stderr}"
            self.fail(BackendError(message, hint="Run `neurosym doctor`."))
        elif self.future.set_running_or_notify_cancel():
            self.future.set_result(report)


class ZygoteProcess:
    """A zygote, running.

    Args:
        recipe: What kind of zygote it is.
        on_room: Called from a thread of its own when it can take more.
        on_broken: Called from that thread when it has ended, with the work it had.

    Attributes:
        layers: The active layers.
        missing: Why the other wanted layers are not active.
        pid: Its process id.

    Raises:
        BackendError: It did not start.
        OSError: This process has no descriptors, memory or processes left for it.
    """

    def __init__(
        self,
        recipe: Recipe,
        on_room: Callable[[], None],
        on_broken: Callable[[list[Work]], None],
    ) -> None:
        self._on_room = on_room
        self._on_broken = on_broken
        self._lock = threading.Lock()
        self._working: dict[int, Work] = {}
        self._alive = True
        self._trouble = ""
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (closed when it breaks)
        self._socket, theirs = wire.channel()
        with theirs:
            self._process = self._spawn(theirs.fileno(), recipe)
        self.pid = self._process.pid
        ready = self._wait_until_ready()
        self.layers = frozenset(Layer[name] for name in ready["layers"])
        self.missing: Mapping[Layer, str] = {
            Layer[name]: reason for name, reason in ready["missing"].items()
        }
        threading.Thread(target=self._listen, name="neurosym-zygote", daemon=True).start()

    def _spawn(self, control: int, recipe: Recipe) -> subprocess.Popen[bytes]:
        boot = boot_code("neurosym.backends.sandbox.zygote")
        return subprocess.Popen(
            # Neither the user's packages nor the current folder are on its path.
            [sys.executable, "-s", "-P", "-c", boot, str(control), recipe.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            env=_ENVIRONMENT,
            cwd="/",
            pass_fds=[control],
            start_new_session=True,  # an interrupt typed at the terminal is not for it
        )

    def _wait_until_ready(self) -> dict[str, Any]:
        readable = _wait_readable(self._socket, _START_SECONDS)
        message = wire.receive(self._socket) if readable else None
        if message is not None:
            return message[0]
        self.stop()
        last_words = self._last_words()
        self._close()
        raise BackendError(
            f"the process that runs programs did not start: {last_words}",
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

    def send(self, work: Work) -> bool:
        """Hand it a job; say whether it was alive to take it."""
        limits = work.limits
        try:
            file = wire.memory_file(wire.dump(work.job))
        except OSError as error:
            message = f"a program could not be handed to its process: {error.strerror}"
            work.fail(BackendError(message, hint="Raise the limit of open files (ulimit -n)."))
            return True
        try:
            with self._lock:
                if not self._alive:
                    return False
                work.give_up = time.monotonic() + limits.seconds + _GRACE
                self._working[work.id] = work
                # Never waits: the packets of the few jobs a zygote may have at once are small.
                partner = [] if work.partner is None else [work.partner.fileno()]
                order = {"id": work.id, "limits": asdict(limits)}
                wire.send(self._socket, order, [file, *partner])
        except OSError:
            pass  # it has just ended; the listener notices as well, and gives the work back
        finally:
            os.close(file)
            if work.partner is not None:
                work.partner.close()
        return True

    def kill(self, work: Work) -> None:
        """End a job that it may be working on, whose report then says so."""
        with self._lock, contextlib.suppress(OSError):
            if self._alive and work.id in self._working:
                wire.send(self._socket, {"kill": work.id})

    def _listen(self) -> None:
        try:
            while self._alive and not self._is_overdue():
                if not _wait_readable(self._socket, 1.0):
                    continue
                received = wire.receive(self._socket)
                if received is None:
                    break
                self._deliver(*received)
        except Exception as error:  # it is broken, whatever the way
            self._trouble = str(error)
        finally:
            self._break()  # which gives back what it worked on

    def _deliver(self, message: dict[str, Any], files: list[int]) -> None:
        work = self._working[message["id"]]
        report = read_report(message, files, work.limits.output_bytes)
        with self._lock:
            del self._working[work.id]
        work.finish(report)
        self._on_room()

    def _is_overdue(self) -> bool:
        now = time.monotonic()
        with self._lock:
            return any(work.give_up < now for work in self._working.values())

    def _break(self) -> None:
        self.stop()
        with self._lock:
            lost = list(self._working.values())
            self._working.clear()
            last_words = self._last_words()
            self._close()
        again = []
        for work in lost:
            work.tries += 1
            # What was said in a conversation is known to those who had it.
            if work.tries < 2 and work.partner is None:
                again.append(work)
            else:
                times = "twice" if work.tries > 1 else "in a conversation"
                error = f"the process that runs programs broke {times}: {last_words}"
                work.fail(BackendError(error, hint="Run `neurosym doctor`."))
        self._on_broken(again)

    def _last_words(self) -> str:
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else self._trouble or "it said nothing"

    def _close(self) -> None:
        self._socket.close()
        self._stderr.close()

    def stop(self) -> None:
        """End it and all its children. Safe to call twice, and from several threads."""
        with self._lock:
            self._alive = False
        # Hanging up tells the zygote itself, which may be in a pid namespace below the process
        # started here; killing that one ends the namespace in any case.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _wait_readable(connection: socket.socket, seconds: float) -> bool:
    # Not select(): a program that embeds us may have more descriptors open than that can name.
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
