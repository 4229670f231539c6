"""The key to a server: where it comes from, and that nobody reads it in a message."""

from __future__ import annotations

import os

from neurosym.errors import OptionError

__all__ = ["masked", "read_key"]


def read_key(variable: str) -> str:
    """The key in an environment variable, without spaces around it; empty if there is none.

    Args:
        variable: Its name.

    Raises:
        OptionError: It holds what no request can carry.
    """
    key = os.environ.get(variable, "").strip()
    # Errors about a header that cannot be sent show all of it.
    if not (key.isascii() and key.isprintable()):
        raise OptionError(
            f"the key in {variable} has characters that no key has",
            hint=f"Put the key alone into {variable}, in one line of plain characters.",
        )
    return key


def masked(text: str, key: str) -> str:
    """A text as it may be shown: without the key, which a server may repeat.

    Args:
        text: What is to be shown.
        key: The key; empty if there is none.
    """
    return text.replace(key, "***") if key else text
