"""A Ray cluster that this process is connected to."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from neurosym.errors import OptionError
from neurosym.extras import lacking

__all__ = ["Cluster", "Place"]

_LOG = logging.getLogger("neurosym")

_KNOCKING = 10.0
"""Seconds that a cluster may take to answer at all."""
_TRIES = 3
_PAUSE = 1.0
"""Seconds between one try to join a cluster and the next."""


@dataclass(frozen=True, slots=True)
class Place:
    """Room for one object on a machine of a cluster.

    Attributes:
        node: The machine's name in Ray.
        address: Its address.
        gpus: GPUs that the object may take there.
    """

    node: str
    address: str
    gpus: int


class Cluster:
    """A Ray cluster that this process is connected to, until it is closed.

    A process is in one cluster at a time. Where other code than this has joined one already, that
    one is taken.

    Args:
        address: ``ray://HOST:10001`` from anywhere, through Ray's client; from a machine of the
            cluster also ``auto``, or the ``HOST:PORT`` of its head.

    Raises:
        OptionError: Ray is not installed, no cluster answers there, or another is in use.
    """

    _users = 0
    _joined: str | None = None
    _lock = threading.Lock()

    def __init__(self, address: str) -> None:
        try:
            import ray
        except ImportError:
            raise lacking("spreading work over workers", "the package ray", "ray") from None
        self._closed = False
        with Cluster._lock:
            if not ray.is_initialized():
                with _refused(address):
                    _knock(address)
                    _join(address)
                Cluster._joined = address
            elif Cluster._joined not in (None, address):
                raise OptionError(
                    f"this process is in the Ray cluster at {Cluster._joined!r}, not {address!r}",
                    hint="Close what uses the one before the other is used.",
                )
            Cluster._users += 1

    def gpus_for(self, needed: int) -> int:
        """GPUs that an object takes here which needs so many where there are any: those, or none.

        Args:
            needed: How many.
        """
        return needed if any(_gpus(node) for node in _nodes()) else 0

    def places(self, gpus: int = 0) -> Counter[Place]:
        """How many objects there is room for, by the machine.

        Args:
            gpus: GPUs that an object takes; if none, each machine has room for one.

        Raises:
            OptionError: No machine has as many.
        """
        nodes = _nodes()
        if gpus == 0:
            return Counter({_place(node, 0): 1 for node in nodes})
        rich = [node for node in nodes if _gpus(node) >= gpus]
        if not rich:
            most = max((_gpus(node) for node in nodes), default=0)
            raise OptionError(
                f"it takes {gpus} GPU{'s' if gpus > 1 else ''} of one machine, of which none in "
                f"the cluster has {f'more than {most}' if most else 'any'}",
                hint="Spread the engine over fewer, or add a machine that has as many.",
            )
        return Counter({_place(node, gpus): _gpus(node) // gpus for node in rich})

    def close(self) -> None:
        """Leave the cluster, if this was the last to use it. Safe to call twice."""
        import ray

        with Cluster._lock:
            if self._closed:
                return
            self._closed = True
            Cluster._users -= 1
            if Cluster._users == 0 and Cluster._joined is not None:
                Cluster._joined = None
                ray.shutdown()


def _nodes() -> list[dict[str, Any]]:
    """The machines that take work."""
    import ray

    listed: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return [node for node in listed if node["Alive"] and node["Resources"].get("CPU")]


def _gpus(node: dict[str, Any]) -> int:
    return int(node["Resources"].get("GPU", 0))


def _place(node: dict[str, Any], gpus: int) -> Place:
    return Place(node["NodeID"], node["NodeManagerAddress"], gpus)


def _knock(address: str) -> None:
    """Find out at once whether anybody listens: Ray's client would try for half a minute."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdecimal()):
        if address.startswith("ray://"):
            raise ValueError("it has no host and port")
    else:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCKING).close()


def _told(error: Exception) -> str:
    """The last line of what may be a whole traceback of Ray's server."""
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def _join(address: str) -> None:
    """Connect to a cluster that listens.

    Ray's server forks to take a client, which now and then ends in a crash of the fork alone.
    """
    import ray

    for left in reversed(range(_TRIES)):
        try:
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
        except ConnectionError as error:
            if not left:
                raise
            _LOG.warning(
                "the Ray cluster did not take this process, which tries again: %s", _told(error)
            )
            time.sleep(_PAUSE)
        else:
            return


@contextmanager
def _refused(address: str) -> Iterator[None]:
    """Say what is wrong where Ray does not let this process into a cluster."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise OptionError(
            f"there is no Ray cluster at {address!r} that takes this process: {_told(error)}",
            hint="Start one with `ray start --head --ray-client-server-port=10001`, with the same "
            "versions of Python and Ray as here, and name it as ray://HOST:10001.",
        ) from error
