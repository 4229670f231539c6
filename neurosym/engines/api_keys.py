"""The key to a server and its address: where they come from, and that no message tells a secret."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from neurosym.errors import OptionError

__all__ = ["masked", "read_key", "shown_address"]


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


def shown_address(url: str) -> str:
    """An address as it may be shown: without a query.

    Raises:
        OptionError: It is no address, or holds a name and a password.
    """
    how = "Give one such as base_url='http://localhost:8000/v1'."
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_address = is_address and parts.port != 0  # which fails where it is no number
    except ValueError:
        is_address = False
    if not is_address:
        raise OptionError("the address of the server is none", hint=how)
    if parts.username is not None or parts.password is not None:
        raise OptionError(
            "the address of the server holds a name or a password, which logs would show",
            hint="Put the key into an environment variable; see key_variable.",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
