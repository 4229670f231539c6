"""What a forked child does: confine itself, wait for its job, run it, leave its result.

The result is a single frame in a file of memory that only the zygote reads, after the child is
dead. The frame carries a token that the zygote drew for this child; anything else in the file, or
anything besides it, makes the run a failure. What happened otherwise (killed, out of time) is what
the zygote saw from outside.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import os
import random
import resource
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from neurosym.backends.sandbox import kernel, seccomp, wire
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.plain import to_plain
from neurosym.values import ValueTooLargeError, decode, encode

__all__ = ["CONFINED", "JOB_FD", "RESULT_FD", "Confinement", "main"]

CONFINED = b"C"
"""What a child says once it has put on its layers."""

RESULT_FD, JOB_FD = 3, 4
"""Descriptors of the child besides the standard three."""

_MAX_TRACEBACK = 2000
_OPEN_FILES = 64


@dataclass(frozen=True, slots=True)
class Confinement:
    """What every child of a zygote is confined to.

    Attributes:
        layers: The layers to put on.
        read_only: Folders it may read.
        box: Folder over which its own one is mounted, or in which the zygote made it.
        box_bytes: Size of its own folder.
        landlock_abi: The kernel's version of Landlock.
        seccomp_filter: The filter's instructions.
        start_bytes: Address space the zygote takes already.
    """

    layers: frozenset[Layer]
    read_only: tuple[str, ...]
    box: str
    box_bytes: int
    landlock_abi: int
    seccomp_filter: bytes
    start_bytes: int


def main(confinement: Confinement, box: str, token: str) -> NoReturn:
    """Confine this process, take one job, run it, and end."""
    try:
        _confine(confinement, box)
        os.write(JOB_FD, CONFINED)
        job = wire.read_message(JOB_FD)
        if job is None:
            os._exit(0)
        os.close(JOB_FD)
        _set_limits(confinement, job["limits"])
        write = _result_writer(token)
        write(_run(job))
    except BaseException as error:
        # What goes wrong here is told on standard error, which the zygote keeps.
        os.write(2, f"{type(error).__name__}: {error}".encode()[:1000])
        os._exit(70)
    os._exit(0)


def _confine(confinement: Confinement, box: str) -> None:
    layers = confinement.layers
    kernel.die_with_parent()
    kernel.undumpable()
    if Layer.MOUNTS in layers:
        kernel.new_mount_namespace()
        kernel.mount_tmpfs(box, confinement.box_bytes)
    os.chdir(box)
    if Layer.PRIVILEGES in layers:
        kernel.no_new_privileges()
    if Layer.LANDLOCK in layers:
        kernel.landlock_restrict(list(confinement.read_only), box, confinement.landlock_abi)
    if Layer.PRIVILEGES in layers:
        kernel.drop_capabilities()
    for name in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        resource.setrlimit(name, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if Layer.SECCOMP in layers:
        kernel.seccomp_filter(confinement.seccomp_filter)


def _set_limits(confinement: Confinement, limits: dict[str, Any]) -> None:
    memory = confinement.start_bytes + int(limits["memory_bytes"])
    cpu = int(limits["cpu_seconds"])
    for name, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, int(limits["file_bytes"])),
    ):
        resource.setrlimit(name, (value, value))


def _result_writer(token: str) -> Callable[[dict[str, Any]], None]:
    # Taken hold of before the program runs, so that patching the modules changes nothing here.
    write, pack = os.pwrite, wire.pack

    def leave(result: dict[str, Any]) -> None:
        data = pack({"token": token, **result})
        done = 0
        while done < len(data):
            done += write(RESULT_FD, data[done:], done)

    return leave


def _run(job: dict[str, Any]) -> dict[str, Any]:
    gc.enable()
    os.environ.clear()
    sys.argv = [""]
    random.seed(0)
    if (numpy_random := sys.modules.get("numpy.random")) is not None:
        numpy_random.seed(0)
    try:
        value = _call(job) if "target" in job else _execute(job["source"], job["entry"])
        plain = encode(to_plain(value))
    except MemoryError:
        gc.collect()
        return {"status": "out-of-memory", "error": "the program ran out of memory"}
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
        if isinstance(error, SyntaxError):
            where = f"line {error.lineno}: "
        text = str(error).strip().splitlines()
        message = f"{where}{type(error).__name__}: {text[0] if text else ''}"
        story = "".join(f"line {frame.lineno} in {frame.name}\n" for frame in frames)
    except BaseException:  # the program's own exception class may raise when it is printed
        message, story = "the program raised an error that cannot be shown", ""
    return {"status": "failed", "error": message[:500], "traceback": story[-_MAX_TRACEBACK:]}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            continue  # the program may have closed or replaced it
