"""Packages that are installed by those who need them."""

from __future__ import annotations

from neurosym.errors import OptionError

__all__ = ["lacking"]


def lacking(what: str, packages: str, extra: str) -> OptionError:
    """The error of what needs a package that is not installed.

    Args:
        what: What needs it, as the subject of a sentence.
        packages: What it needs, such as ``the package openai``.
        extra: The extra of this package that brings it.
    """
    return OptionError(
        f"{what} needs {packages}",
        hint=f"Install it with: pip install 'neurosym-toolkit[{extra}]'",
    )
