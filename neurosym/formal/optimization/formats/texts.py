"""Words of a model's author, made fit to stand anywhere."""

from __future__ import annotations

__all__ = ["BYTE_ORDER_MARK", "one_line"]

BYTE_ORDER_MARK = "\ufeff"
"""What some editors put before a text, which is no part of it."""


def one_line(text: str) -> str:
    """A text on one line, with a space for each run of what cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
