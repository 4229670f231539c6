"""Setting up Lean in the user's cache: elan, a pinned Lean, the REPL and, if wanted, Mathlib.

What is there already is left alone, what a run that was killed has begun is done again, and where a
step fails it is said what is missing and what works all the same.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from neurosym.backends.child import let_go
from neurosym.backends.lean.mathlib import mathlib_toolchain
from neurosym.backends.lean.places import lean_folder, mathlib_project
from neurosym.backends.lean.repl_process import find_repl
from neurosym.backends.lean.steps import Step, environment, setup_steps
from neurosym.backends.lean.toolchain import find_toolchain
from neurosym.backends.sandbox import kernel
from neurosym.errors import BackendError
from neurosym.runtime.machine import free_disk

__all__ = ["Stopped", "abilities", "do_steps", "set_up"]

Tell = Callable[[str], None]

_TELL_SECONDS = 5.0
"""Seconds between two lines that a command prints and a person is told."""
_LINES = 12
"""Last lines of a command that are kept."""
_LINE_LENGTH = 300
_BREAK = re.compile(rb"[\r\n]+")
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
"""What moves a cursor or colours a line."""
_LOOK_SECONDS = 0.1
"""Seconds between two looks whether a command that prints nothing has ended."""
_SPARE_DISK = 200 << 20
"""Bytes without which nothing can go on."""
_HOST_SECONDS = 5.0
"""Time for a host to answer, only to find out why something failed."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step that could not be done, after which no other was tried.

    Attributes:
        step: The step.
        reason: What failed.
        lines: The last lines that its command printed.
        missing: What it lacks, as far as that can be found out: a program, room on the disk, or a
            host that answers.
        hint: What to do besides running the same again; may be empty.
    """

    step: Step
    reason: str
    lines: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    hint: str = ""


def set_up(*, mathlib: bool, tell: Tell) -> Stopped | None:
    """Set up Lean in the user's cache.

    Args:
        mathlib: Whether Mathlib is wanted too.
        tell: Told what is done, and now and then what it prints.

    Returns:
        Nothing if all is there at the end, else where it stopped.

    Raises:
        BackendError: The folder of the cache cannot be written.
    """
    return do_steps(setup_steps(mathlib=mathlib), tell)


def do_steps(steps: Iterable[Step], tell: Tell) -> Stopped | None:
    """Do the steps that are not done, as :func:`set_up` does.

    Args:
        steps: The steps, in their order.
        tell: Told what is done, and now and then what it prints.

    Returns:
        Nothing if all is there at the end, else where it stopped.

    Raises:
        BackendError: The folder of the cache cannot be written.
    """
    with _lock(tell):
        for step in steps:
            mark = lean_folder() / f"begun-{step.name.replace(' ', '-')}"
            if step.is_done() and not mark.exists():
                tell(f"{step.name}: there already")
            elif stopped := _do(step, mark, tell):
                return stopped
    return None


def abilities() -> tuple[str, ...]:
    """What can be done with Lean as it is here, in words; nothing if there is none."""
    found = []
    with contextlib.suppress(BackendError):
        lean = find_toolchain()
        found.append(f"Lean {lean.version} at {lean.program} checks proofs that need no Mathlib")
    with contextlib.suppress(BackendError):
        found.append(f"the REPL at {find_repl()}")
    with contextlib.suppress(BackendError):
        lean = mathlib_toolchain()
        found.append(f"Lean {lean.version} with Mathlib of {mathlib_project()}")
    return tuple(found)


@contextmanager
def _lock(tell: Tell) -> Iterator[None]:
    """Hold back other runs."""
    from filelock import FileLock, Timeout

    lock = FileLock(lean_folder() / "setup.lock")
    try:
        lean_folder().mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            tell("waiting for another run that sets up Lean")
            lock.acquire()
    except OSError as error:
        raise BackendError(
            f"{lean_folder()} cannot be written: {error.strerror}",
            hint="Set NEUROSYM_CACHE to a folder that you may write.",
        ) from error
    try:
        yield
    finally:
        lock.release()


# ------------------------------------------------------------------- one step


def _do(step: Step, mark: Path, tell: Tell) -> Stopped | None:
    """Do a step; while the mark is there, what it brings may be there in part."""
    tell(f"{step.name}: {step.does}")
    begin = time.monotonic()
    # What was begun has taken a part of its room already.
    needed = _SPARE_DISK if mark.exists() else step.disk
    if missing := [*_absent(step), *_no_room(needed)]:
        return Stopped(step, "it cannot begin", missing=tuple(missing))
    try:
        mark.touch()
        step.prepare()
        code, lines = _run(step, tell)
    except BackendError as error:  # nothing is begun
        mark.unlink(missing_ok=True)
        return Stopped(step, str(error), missing=_unreachable(step), hint=error.hint)
    except OSError as error:
        return Stopped(step, f"{error.filename or 'a file'}: {error.strerror}")
    reason = _reason(step, code)
    if reason:
        return Stopped(step, reason, lines, (*_no_room(_SPARE_DISK), *_unreachable(step)))
    mark.unlink(missing_ok=True)
    tell(f"{step.name}: done in {time.monotonic() - begin:.0f} s")
    return None


def _reason(step: Step, code: int | None) -> str:
    """Why a step is not done; nothing if it is."""
    command = shlex.join((Path(step.command[0]).name, *step.command[1:]))
    if code is None:
        return f"`{command}` took more than {step.seconds:g} seconds"
    if code:
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        return f"`{command}` {ended}"
    return "" if step.is_done() else f"`{command}` ended well, but has not brought what it should"


def _run(step: Step, tell: Tell) -> tuple[int | None, tuple[str, ...]]:
    """Run a step's command: its exit code, none if time was over, and its last lines.

    Raises:
        OSError: It cannot be started.
    """
    heard = _Heard(step.name, tell)
    process = subprocess.Popen(
        step.command,
        cwd=step.folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # so that all it starts can be killed
        preexec_fn=_die_with_us,
    )
    try:
        is_in_time = _listen(process, time.monotonic() + step.seconds, heard)
    finally:
        # It is not waited for before, so that its number stands for its group and no other.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        let_go(process)
    return process.returncode if is_in_time else None, heard.last()


def _die_with_us() -> None:
    with contextlib.suppress(OSError, AttributeError):  # only Linux has it
        kernel.die_with_parent()


def _listen(process: subprocess.Popen[bytes], end: float, heard: _Heard) -> bool:
    """Hear a command out; whether it ends before its time."""
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    is_open = True
    while time.monotonic() < end:
        # What it has left running may hold the pipe open, so its own end counts too.
        has_ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        wait = 0.0 if has_ended else min(_LOOK_SECONDS, max(0.0, end - time.monotonic()))
        if is_open and select.select([pipe], [], [], wait)[0]:
            data = os.read(pipe, 1 << 16)
            is_open = bool(data)
            heard(data)
        elif has_ended:
            return True
        elif not is_open:
            time.sleep(wait)
    return False


class _Heard:
    """What a command prints, of which the last lines are kept and some are told on.

    Args:
        name: The step's.
        tell: Whom to tell.
    """

    def __init__(self, name: str, tell: Tell) -> None:
        self._name = name
        self._tell = tell
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._rest = b""
        self._told = time.monotonic()

    def __call__(self, data: bytes) -> None:
        *lines, rest = _BREAK.split(self._rest + data)
        self._rest = rest[-_LINE_LENGTH:]
        for line in lines:
            self._keep(line)
        if self._lines and time.monotonic() - self._told > _TELL_SECONDS:
            self._told = time.monotonic()
            self._tell(f"{self._name}: {self._lines[-1]}")

    def last(self) -> tuple[str, ...]:
        """The last lines, with one that was not ended."""
        self._keep(self._rest)
        self._rest = b""
        return tuple(self._lines)

    def _keep(self, line: bytes) -> None:
        text = _TERMINAL.sub("", line[-_LINE_LENGTH:].decode(errors="replace")).strip()
        if text:
            self._lines.append(text)


# ------------------------------------------------------------------- what is missing


def _absent(step: Step) -> list[str]:
    return [f"{name} is not installed" for name in step.programs if shutil.which(name) is None]


def _no_room(needed: int) -> list[str]:
    free = free_disk(lean_folder())
    if free >= needed:
        return []
    return [
        f"the disk of {lean_folder()} has {free / 1e9:.1f} GB free, and about "
        f"{needed / 1e9:.1f} GB are needed"
    ]


def _unreachable(step: Step) -> tuple[str, ...]:
    """That no host of a step answers; nothing if one does."""
    reasons = []
    for host in step.hosts:
        reason = _why_silent(host)
        if not reason:
            return ()
        reasons.append(f"{host} cannot be reached: {reason}")
    return tuple(reasons)


def _why_silent(host: str) -> str:
    """Why a host does not answer; nothing if it does, whatever it says."""
    found = ["it does not answer"]

    def ask() -> None:
        request = urllib.request.Request(f"https://{host}/", method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=_HOST_SECONDS).close()
        except urllib.error.HTTPError:
            found.append("")
        except (OSError, ValueError) as error:
            found.append(str(getattr(error, "reason", None) or error))
        else:
            found.append("")

    # The look-up of a name has no time limit of its own.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(2 * _HOST_SECONDS)
    return found[-1]
