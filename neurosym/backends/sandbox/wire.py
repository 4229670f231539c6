"""Messages between the pool, a zygote and its children: JSON after a length of four bytes."""

from __future__ import annotations

import json
import os
import struct
from typing import Any

__all__ = ["MAX_MESSAGE", "Reader", "pack", "read_message"]

MAX_MESSAGE = 16 * 2**20
"""Bytes of the longest message."""
_LENGTH = struct.Struct("!I")


def pack(message: dict[str, Any]) -> bytes:
    """The bytes of a message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return _LENGTH.pack(len(body)) + body


class Reader:
    """Takes messages out of a stream of bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Add bytes; return the messages that are whole now.

        Raises:
            ValueError: A message is too long or no JSON object.
        """
        self._buffer += data
        messages = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_MESSAGE:
                raise ValueError("a message is too long")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            message = json.loads(bytes(self._buffer[_LENGTH.size : end]))
            if not isinstance(message, dict):
                raise ValueError("a message is not an object")
            messages.append(message)
            del self._buffer[:end]
        return messages


def read_message(fd: int) -> dict[str, Any] | None:
    """Wait for one message; ``None`` if the other side closed."""
    reader = Reader()
    while data := os.read(fd, 65536):
        if messages := reader.feed(data):
            return messages[0]
    return None
