"""Files that are written whole or not at all, and read as texts."""

from __future__ import annotations

import os
from pathlib import Path

from neurosym.errors import InputError

__all__ = ["MAX_BYTES", "as_text", "read_text_file", "write_whole"]

MAX_BYTES = 10 * 2**20
"""Longest text that is read."""


def write_whole(path: Path, text: str) -> None:
    """Write a file in place of what there was, so that nobody ever finds a part of it.

    Raises:
        OSError: It cannot be written; what there was is still there.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def read_text_file(path: Path) -> str:
    """The text of a file.

    Raises:
        InputError: It cannot be read, is no text, or is too long.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", hint="Name a readable file, or -."
        ) from error
    return as_text(data, str(path))


def as_text(data: bytes, name: str) -> str:
    """Bytes that somebody gave as a text.

    Args:
        data: At most one more than :data:`MAX_BYTES`.
        name: Of what they are from, for messages.

    Raises:
        InputError: They are none, or too many.
    """
    try:
        text = data.decode("utf-8-sig")  # some editors begin a file with a mark of it
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text", hint="Give a text file.") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is longer than {MAX_BYTES} bytes", hint="Shorten it.")
    if not text.strip():
        raise InputError(f"{name} is empty", hint="Name a file that holds something.")
    return text
