"""The layers of isolation, and which of them this machine offers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["Layer", "isolates"]


class Layer(StrEnum):
    """One thing that stands between a program and the machine."""

    NAMESPACES = "user, network, pid, IPC, UTS and cgroup namespaces"
    """No network devices, no other processes, no rights outside."""
    MOUNTS = "own root file system"
    """Only Python's libraries, read-only, and a folder of its own in memory."""
    SECCOMP = "seccomp filter"
    """Only the system calls on a list; no processes, sockets, signals, tracing."""
    LANDLOCK = "Landlock"
    """Only named folders, whatever the mounts say; no TCP, no signals outside."""
    PRIVILEGES = "no new privileges, no capabilities"
    """Nothing to be gained from set-user-id programs."""
    LIMITS = "resource limits"
    """Processor time, memory, open files, file size, wall time."""


def isolates(layers: Iterable[Layer]) -> bool:
    """Whether the layers keep a program from the user's files, the network, and other processes.

    Resource limits alone are no isolation. A network namespace needs a root file system of its own
    beside it: a socket that has a name in the file system can be reached from any namespace, and
    Landlock does not guard it.
    """
    active = frozenset(layers)
    files = bool(active & {Layer.MOUNTS, Layer.LANDLOCK})
    network = Layer.SECCOMP in active or {Layer.NAMESPACES, Layer.MOUNTS} <= active
    return files and network
