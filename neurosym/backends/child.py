"""Solver programs as child processes: started with limits, spoken to by pipes, killed for sure."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import neurosym
from neurosym.backends.sandbox import kernel
from neurosym.errors import BackendError

__all__ = [
    "boot_code",
    "closed_error",
    "end_with_parent",
    "interrupt_child",
    "let_go",
    "start_child",
]

_BOOT = """
import sys
sys.path.insert(0, {root!r})
import neurosym
sys.path.append(sys.path.pop(0))
from {package} import {module}
{module}.main()
"""

_BESIDE_ITS_OWN_LIMIT = 256 << 20
"""Bytes beyond a solver's own limit, which is not always kept, at which the kernel refuses."""


def boot_code(name: str) -> str:
    """Python code that runs the ``main`` of one of neurosym's modules, for ``python -c``.

    The package may be anywhere, also where only this process finds it. Its folder is first on the
    path while it is found, and last after, so that nothing beside it hides a module of the library.
    """
    package, _, module = name.rpartition(".")
    root = str(Path(neurosym.__file__).parent.parent)
    return _BOOT.format(root=root, package=package, module=module)


def closed_error() -> BackendError:
    """The error of who asks something of a backend that is closed."""
    return BackendError("the backend is closed", hint="Make a new one.")


def start_child(name: str, command: Sequence[str], memory_bytes: int) -> subprocess.Popen[bytes]:
    """Start a solver with pipes to its standard input and output.

    Args:
        name: What the solver is called in errors.
        command: Program and arguments.
        memory_bytes: Memory that the solver was told it may use.

    Raises:
        BackendError: It cannot be started.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the keyboard is ours to handle
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
    except OSError as error:
        raise BackendError(
            f"{name} cannot be started: {error}",
            hint="Close other programs, or raise the limits that `ulimit -a` shows.",
        ) from error
    limit = memory_bytes + _BESIDE_ITS_OWN_LIMIT
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(process.pid, resource.RLIMIT_AS, (limit, limit))
    return process


def end_with_parent() -> None:
    """Have this process, and all that it starts, killed when the one that started it ends.

    For a process of :func:`start_child` to call first of all. A solver in native code looks at
    nothing while it computes, and a signal to it alone would leave what it started: so a process
    beside it watches the standard input, which the kernel closes however a parent ends.
    """
    if os.fork():
        return
    try:
        with contextlib.suppress(OSError, AttributeError):  # only Linux has it
            kernel.die_with_parent()
        os.close(1)  # who reads it is to see the end of the solver
        watch = select.poll()
        watch.register(0, 0)  # nothing but the end of it
        watch.poll()
        os.killpg(0, signal.SIGKILL)
    finally:
        os._exit(1)


def interrupt_child(process: subprocess.Popen[bytes]) -> None:
    """Kill it and all it started; who waits for its answer sees the end of it.

    Of one that has ended nothing is killed: its number may be another's by now.
    """
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Kill it, wait for its end, and close the pipes. Safe to call twice."""
    interrupt_child(process)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
