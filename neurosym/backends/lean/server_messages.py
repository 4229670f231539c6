"""The messages of a Lean server: JSON-RPC in frames, and diagnostics as values.

The frames and the diagnostics are those of the Language Server Protocol, 3.17. Its columns count
UTF-16 units, those of :class:`~neurosym.backends.lean.messages.Position` count characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neurosym.backends.lean.messages import (
    Message,
    Position,
    Severity,
    in_order,
    kind_by_words,
)

__all__ = ["FrameError", "Frames", "frame", "read_diagnostics"]

_LENGTH = re.compile(rb"content-length:\s*(\d{1,12})\s*", re.IGNORECASE)
_MAX_HEADER = 4096
"""Bytes that no header of a frame has."""
_SEVERITIES = {1: Severity.ERROR, 2: Severity.WARNING}
_NO_MESSAGE = "what Lean said is no message"


class FrameError(Exception):
    """What came is no frame, or is longer than allowed."""


def frame(message: Mapping[str, Any]) -> bytes:
    """A message as the bytes that go over the wire."""
    data = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n" % len(data) + data


class Frames:
    """Cuts what a server says into messages.

    Args:
        most: Bytes that it may say between two calls of :meth:`reset`.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._heard = 0
        self._buffer = bytearray()

    def reset(self) -> None:
        """Let it say as much again."""
        self._heard = 0

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The messages that are complete with some more bytes.

        Raises:
            FrameError: They are no frames, or too many bytes.
        """
        self._buffer += data
        self._heard += len(data)
        if self._heard > self._most:
            raise FrameError(f"Lean said more than {self._most:,} bytes")
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> dict[str, Any] | None:
        end = self._buffer.find(b"\r\n\r\n", 0, _MAX_HEADER)
        if end < 0:
            if len(self._buffer) >= _MAX_HEADER:
                raise FrameError(_NO_MESSAGE)
            return None
        lines = bytes(self._buffer[:end]).split(b"\r\n")
        lengths = [int(match[1]) for line in lines if (match := _LENGTH.fullmatch(line))]
        if len(lengths) != 1:
            raise FrameError(_NO_MESSAGE)
        begin = end + 4
        stop = begin + lengths[0]
        if len(self._buffer) < stop:
            return None
        data = bytes(self._buffer[begin:stop])
        del self._buffer[:stop]
        try:
            message = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise FrameError(_NO_MESSAGE) from error
        if not isinstance(message, dict):
            raise FrameError(_NO_MESSAGE)
        return message


def read_diagnostics(items: Sequence[Any], text: str) -> tuple[Message, ...]:
    """The messages of a ``publishDiagnostics`` about a text, in order of the file.

    Those that only an editor shows ("goals accomplished") are left out.

    Raises:
        FrameError: They are not of that form.
    """
    lines = text.split("\n")
    try:
        return in_order(_message(item, lines) for item in items if not item.get("isSilent"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FrameError("what Lean said is no diagnostic") from error


def _message(item: Mapping[str, Any], lines: Sequence[str]) -> Message:
    place = item.get("fullRange") or item["range"]
    said = str(item["message"])
    start, end = _position(place["start"], lines), _position(place["end"], lines)
    return Message(
        _SEVERITIES.get(item.get("severity", 1), Severity.INFORMATION),
        said,
        start,
        None if end == start else end,
        # The protocol has no place for Lean's names of the sorts of messages.
        kind_by_words(said),
    )


def _position(value: Mapping[str, Any], lines: Sequence[str]) -> Position:
    line, units = int(value["line"]), int(value["character"])
    text = lines[line] if 0 <= line < len(lines) else ""
    if not text.isascii():
        units = len(
            text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")
        )
    return Position(line + 1, units)
