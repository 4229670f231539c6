"""Messages between the pool, a zygote and its children: packets of JSON, with descriptors.

Packets are small. A program and what it leaves are never in one: they are in memory files whose
descriptors go along. So no side ever waits for the other to read, and a zygote, whose memory all
its children inherit, never holds a byte that a program wrote or that another one could be after.
"""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Sequence
from typing import Any

__all__ = ["channel", "copy_file", "dump", "memory_file", "read_file", "receive", "send"]

_MAX_PACKET = 65536
_MAX_DESCRIPTORS = 3


def channel() -> tuple[socket.socket, socket.socket]:
    """The two ends of a new connection."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def dump(message: dict[str, Any]) -> bytes:
    """A message as bytes."""
    return json.dumps(message).encode()


def send(connection: socket.socket, message: dict[str, Any], files: Sequence[int] = ()) -> None:
    """Send a message and copies of some descriptors.

    Raises:
        OSError: The other side is gone.
    """
    socket.send_fds(connection, [dump(message)], files)


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Wait for a message and its descriptors; ``None`` once the other side has closed.

    Raises:
        OSError: The connection broke, or this process can have no more descriptors.
    """
    data, files, flags, _ = socket.recv_fds(
        connection, _MAX_PACKET, _MAX_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
    )
    if flags & socket.MSG_CTRUNC:
        for fd in files:
            os.close(fd)
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    return (json.loads(data), files) if data else None


def memory_file(data: bytes) -> int:
    """The descriptor of a new file in memory that holds some bytes."""
    fd = os.memfd_create("job")
    done = 0
    while done < len(data):
        done += os.write(fd, data[done:])
    return fd


def copy_file(source: int, target: int) -> None:
    """Append one file to another without its bytes coming into this process."""
    offset = 0
    while sent := os.sendfile(target, source, offset, 2**30):
        offset += sent


def read_file(fd: int, most: int) -> bytes:
    """The first bytes of a file, wherever its position is."""
    most = min(most, os.fstat(fd).st_size)
    data = bytearray()
    while len(data) < most:
        more = os.pread(fd, most - len(data), len(data))
        if not more:
            break
        data += more
    return bytes(data)
