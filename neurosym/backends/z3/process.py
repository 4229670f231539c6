"""One Z3 process that is spoken to in SMT-LIB and killed when it does not answer in time."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import time
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files

from neurosym.backends.child import interrupt_child, let_go, start_child
from neurosym.errors import BackendError

__all__ = ["Z3Process", "Z3Timeout"]

_MARK = "-- end of answer --"
_GRACE = 0.5
"""Seconds after its own time limit in which Z3 may still answer."""


class Z3Timeout(Exception):
    """Z3 was killed because it did not answer in time, or ran out of memory."""


@lru_cache(maxsize=1)
def _executable() -> str:
    """Where the wheel ``z3-solver`` has put Z3, or where else it is found."""
    with contextlib.suppress(PackageNotFoundError):
        for file in files("z3-solver") or ():
            if file.name == "z3" and os.access(path := file.locate(), os.X_OK):
                return str(path)
    found = shutil.which("z3")
    if found is None:
        raise BackendError("the program z3 is not there", hint="Install it: pip install z3-solver.")
    return found


class Z3Process:
    """A running Z3. Not safe to use from two threads at once.

    Args:
        memory_bytes: Memory it may use.

    Attributes:
        memory_bytes: Memory it may use.

    Raises:
        BackendError: Z3 cannot be started.
    """

    def __init__(self, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        megabytes = max(64, memory_bytes >> 20)
        command = [_executable(), "-in", f"-memory:{megabytes}"]
        self._process = start_child("z3", command, memory_bytes)
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, text: str, seconds: float, *, may_fail: bool = False) -> str:
        """Send commands and wait for the answers to all of them.

        Args:
            text: SMT-LIB commands.
            seconds: Wall time for them. Z3 is told of it, and is killed a little after it.
            may_fail: Whether a command may fail, such as one that asks for a model where there may
                be none. Its error is then part of the answer.

        Raises:
            Z3Timeout: It was killed, or has died. It cannot be asked again.
            BackendError: It does not understand the commands.
        """
        if not self.alive:
            raise Z3Timeout("z3 has died")
        deadline = time.monotonic() + seconds + _GRACE
        limit = f"(set-option :timeout {max(1, int(seconds * 1000))})\n"
        self._write(f'{limit}{text}\n(echo "{_MARK}")\n'.encode(), deadline)
        answer = self._read(deadline)
        if answer.startswith("(error") or "\n(error" in answer:
            message = answer[answer.index("(error") :].splitlines()[0]
            if "out of memory" in message or "canceled" in message or "timeout" in message:
                self.kill()
                raise Z3Timeout(message)
            if may_fail:
                return answer
            raise BackendError(f"z3 says {message}", hint="Please report this with the theory.")
        return answer

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        sent = 0
        while sent < len(data):
            try:
                sent += os.write(descriptor, data[sent : sent + (1 << 16)])
            except BlockingIOError:
                self._wait(descriptor, select.POLLOUT, deadline)
            except BrokenPipeError:
                self.kill()
                raise Z3Timeout("z3 has died") from None

    def _read(self, deadline: float) -> str:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        end = f"{_MARK}\n".encode()
        data = b""
        while not data.endswith(end):
            self._wait(descriptor, select.POLLIN, deadline)
            part = os.read(descriptor, 1 << 16)
            if not part:
                self.kill()
                raise Z3Timeout("z3 has died")
            data += part
        return data[: -len(end)].decode("utf-8", "replace").strip()

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poller = select.poll()
        poller.register(descriptor, event)
        if not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
            self.kill()
            raise Z3Timeout("z3 did not answer in time")

    def interrupt(self) -> None:
        """End it at once, while another thread waits for its answer and finds it dead."""
        interrupt_child(self._process)

    def kill(self) -> None:
        """End it at once and let go of it. Safe to call twice."""
        let_go(self._process)
