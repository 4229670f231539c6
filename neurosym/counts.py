"""Counts that somebody gives."""

from __future__ import annotations

from neurosym.errors import OptionError

__all__ = ["at_least_one"]


def at_least_one(**counts: int | None) -> None:
    """Refuse counts below 1; those that are ``None`` were not given.

    Raises:
        OptionError: One of them is.
    """
    for name, count in counts.items():
        if count is not None and count < 1:
            raise OptionError(f"{name} is {count}", hint=f"Give at least one of {name}.")
