"""What a forked child does: confine itself, wait for its job, run it, leave its result.

The result is one JSON object in a file of memory that is read after the child is dead. It carries a
token that the zygote drew for this child; anything else in the file makes the run a failure. What
happened otherwise (killed, out of time) is what the zygote saw from outside.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import json
import os
import resource
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from neurosym.backends.sandbox import kernel, wire
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.plain import to_plain
from neurosym.values import ValueTooLargeError, decode, encode

__all__ = [
    "CONFINED", "JOB_FD", "MAX_ERROR", "MAX_RESULT", "MAX_TRACEBACK", "NOT_STARTED", "NO_PROGRAM",
    "RESULT_FD", "SOURCE_FD", "Confinement", "main", "run",
]  # fmt: skip

NOT_STARTED = 70
"""Exit code of a child that cannot begin with its job."""
NO_PROGRAM = "no program: "
"""What the standard error of a child begins with that cannot become the program it should."""
CONFINED = b"C"
"""What a child says once it has put on its layers."""

RESULT_FD, JOB_FD, SOURCE_FD = 3, 4, 5
"""Descriptors of a child besides the standard three.

Where it leaves its result, the channel on which it says it is confined and gets its limits (with
the descriptor of whom to talk to, if to anyone), and a memory file from which it reads the job
after that.
"""

MAX_RESULT = 2**20
"""Bytes of the longest result."""
MAX_ERROR, MAX_TRACEBACK = 500, 2000
"""Characters of what a result says of an error."""
_OPEN_FILES = 64
_THREADS = 256
"""Threads of all children of a zygote together, where they become other programs."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What every child of a zygote is confined to.

    Attributes:
        layers: The layers to put on.
        read_only: Folders it may read.
        box: Folder over which its own one is mounted; empty where it cannot have one.
        box_bytes: Size of its own folder.
        landlock_abi: The kernel's version of Landlock.
        seccomp_filter: The filter's instructions.
        start_bytes: Address space the zygote takes already.
        program: The program that every child becomes; empty where they run Python.
    """

    layers: frozenset[Layer]
    read_only: tuple[str, ...]
    box: str
    box_bytes: int
    landlock_abi: int
    seccomp_filter: bytes
    start_bytes: int
    program: str = ""


def main(confinement: Confinement, token: str) -> NoReturn:
    """Confine this process, take one job, run it, and end."""
    # Taken hold of before the program runs, so that patching the modules changes nothing here.
    end, say = os._exit, os.write
    try:
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=JOB_FD)
        _confine(confinement)
        say(JOB_FD, CONFINED)
        limits, partner = _receive_limits(channel, with_partner=bool(confinement.program))
        if limits is None:
            end(0)
        job = json.loads(wire.read_file(SOURCE_FD, sys.maxsize))
        channel.close()
        if confinement.program:
            if partner:
                _talk(*partner)
            else:
                _take_input(job["stdin"])
            _set_limits(confinement, limits)
            _become(confinement.program, job["arguments"], job["environment"])
        os.close(SOURCE_FD)
        leave = _result_writer(token, int(limits["file_bytes"]))
        _set_limits(confinement, limits)
        leave(run(job))
        end(0)
    except BaseException as error:
        # What goes wrong here is told on standard error, which the pool keeps.
        say(2, f"{type(error).__name__}: {error}".encode(errors="replace")[:1000])
    finally:
        end(NOT_STARTED)


def _receive_limits(
    channel: socket.socket, *, with_partner: bool
) -> tuple[dict[str, Any] | None, list[int]]:
    """Wait for the limits, and for the descriptor of whom to talk to; no limits mean the end."""
    if with_partner:
        return wire.receive(channel) or (None, [])
    # Python's own runs talk to nobody, and may make no call that takes descriptors.
    message = os.read(channel.fileno(), 65536)
    return (json.loads(message) if message else None), []


def _confine(confinement: Confinement) -> None:
    layers = confinement.layers
    kernel.die_with_parent()
    kernel.undumpable()
    if Layer.MOUNTS in layers:
        kernel.new_mount_namespace()
        kernel.mount_tmpfs(confinement.box, confinement.box_bytes)
        if confinement.program:
            _say_what_it_is(confinement.program)
    # Without a file system of its own it has no place to write: a disk could be filled.
    os.chdir(confinement.box or "/")
    kernel.no_new_privileges()
    if Layer.LANDLOCK in layers:
        kernel.landlock_restrict(
            list(confinement.read_only), confinement.box, confinement.landlock_abi
        )
    if Layer.PRIVILEGES in layers:
        kernel.drop_capabilities()
    for name in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        resource.setrlimit(name, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    threads = _THREADS if confinement.program else 0
    resource.setrlimit(resource.RLIMIT_NPROC, (threads, threads))
    if Layer.SECCOMP in layers:
        kernel.seccomp_filter(confinement.seccomp_filter)


def _say_what_it_is(program: str) -> None:
    """Make the link by which a program finds where it lies; there is nothing else in ``/proc``."""
    kernel.mount_tmpfs("/proc", 2**16)
    for name in ("self", str(os.getpid())):
        os.mkdir(f"/proc/{name}")
        os.symlink(program, f"/proc/{name}/exe")


def _set_limits(confinement: Confinement, limits: dict[str, Any]) -> None:
    memory = confinement.start_bytes + int(limits["memory_bytes"])
    cpu = int(limits["cpu_seconds"])
    file = int(limits["file_bytes"])
    for name, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, cpu, cpu + 1),  # a signal that says why, then one it cannot ignore
        (resource.RLIMIT_FSIZE, file, max(file, MAX_RESULT)),  # the result may need the rest
    ):
        resource.setrlimit(name, (soft, hard))


def _result_writer(token: str, file_bytes: int) -> Callable[[dict[str, Any]], None]:
    write, dump, set_limit = os.pwrite, wire.dump, resource.setrlimit
    size = resource.RLIMIT_FSIZE, (max(file_bytes, MAX_RESULT),) * 2
    # Made before the program runs: afterwards there may be no memory left to make them.
    out_of_memory, too_large = (
        b'{"token":"%s","status":"%s","error":"%s"}' % (token.encode(), status, error)
        for status, error in (
            (b"out-of-memory", b"the program ran out of memory"),
            (b"failed", b"the answer is too large"),
        )
    )

    def leave(result: dict[str, Any]) -> None:
        try:
            data = out_of_memory if "status" not in result else dump({"token": token, **result})
        except MemoryError:
            data = out_of_memory
        if len(data) > MAX_RESULT:
            data = too_large
        set_limit(*size)
        done = 0
        while done < len(data):
            done += write(RESULT_FD, data[done:], done)

    return leave


def _take_input(text: str) -> None:
    """Put a text on standard input, in the memory file where the job was."""
    data = text.encode(errors="replace")
    os.ftruncate(SOURCE_FD, 0)
    done = 0
    while done < len(data):
        done += os.pwrite(SOURCE_FD, data[done:], done)
    os.lseek(SOURCE_FD, 0, os.SEEK_SET)
    os.dup2(SOURCE_FD, 0)
    os.close(SOURCE_FD)


def _talk(partner: int) -> None:
    """Read from and write to whoever started the job, in place of the memory files."""
    os.close(SOURCE_FD)
    for fd in (0, 1):
        os.dup2(partner, fd)
    os.close(partner)


def _become(program: str, arguments: list[str], environment: dict[str, str]) -> NoReturn:
    """Become another program, whose result is what it prints."""
    os.close(RESULT_FD)
    basic = {"LC_ALL": "C.UTF-8", "HOME": os.getcwd()}
    try:
        os.execve(program, [program, *arguments], {**basic, **environment})
    except OSError as error:
        os.write(2, f"{NO_PROGRAM}{error}".encode(errors="replace"))
        os._exit(NOT_STARTED)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Run a job; the result is empty where memory ran out."""
    out_of_memory: dict[str, Any] = {}
    gc.enable()
    try:
        value = _call(job) if "target" in job else _execute(job["source"], job["entry"])
        plain = encode(to_plain(value))
    except MemoryError:
        return out_of_memory
    except ValueTooLargeError as error:
        return {"status": "failed", "error": f"the answer is too large: {error}"}
    except BaseException as error:
        return _failure(error)
    finally:
        _flush()
    return {"status": "solved", "answer": plain}


def _execute(source: str, entry: str) -> object:
    code = compile(source, "<program>", "exec", dont_inherit=True)
    names: dict[str, Any] = {"__name__": "__program__", "__builtins__": builtins}
    exec(code, names)
    function = names.get(entry)
    if not callable(function):
        raise NameError(f"the program defines no function {entry!r}")
    return function()


def _call(job: dict[str, Any]) -> object:
    module, _, name = str(job["target"]).partition(":")
    if not module.startswith("neurosym."):
        raise ValueError(f"{module} is not a module of neurosym")
    function = getattr(importlib.import_module(module), name)
    return function(*(decode(item) for item in job["args"]))


def _failure(error: BaseException) -> dict[str, Any]:
    try:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == "<program>"
        ]
        where = f"line {frames[-1].lineno}: " if frames else ""
        if isinstance(error, SyntaxError) and error.filename == "<program>":
            where = f"line {error.lineno}: "
        text = str(error).strip().splitlines()
        message = f"{where}{type(error).__name__}: {text[0] if text else ''}"
        story = "".join(f"line {frame.lineno} in {frame.name}\n" for frame in frames)
    except BaseException:  # the program's own exception class may raise when it is printed
        message, story = "the program raised an error that cannot be shown", ""
    return {"status": "failed", "error": message[:MAX_ERROR], "traceback": story[-MAX_TRACEBACK:]}


def _flush() -> None:
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except BaseException:
            continue  # the program may have closed or replaced it
