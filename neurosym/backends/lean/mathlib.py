"""A Lean with Mathlib: the one that was set up, or that of a project of the user's."""

from __future__ import annotations

from pathlib import Path

from neurosym.backends.lean.places import TOOLCHAIN, installed, mathlib_project
from neurosym.backends.lean.project import find_project
from neurosym.backends.lean.toolchain import Toolchain, find_toolchain
from neurosym.errors import BackendError

__all__ = ["mathlib_toolchain"]

_HINT = (
    "Run `neurosym lean setup --mathlib`, or give a Lake project that requires Mathlib and has it "
    "built."
)


def mathlib_toolchain(project: Path | None = None, lean: Path | None = None) -> Toolchain:
    """The Lean that Mathlib is built with, and Mathlib on its path.

    Args:
        project: A Lake project that requires Mathlib, or a folder in one; ``None`` takes the one
            that was set up.
        lean: The ``lean`` to run; ``None`` takes the one that the project names, or any there is.

    Raises:
        BackendError: Mathlib is not built there, or there is no Lean.
    """
    place = project or mathlib_project()
    found = find_project(place / "lakefile")
    folders = found.search_path if found is not None else ()
    if found is None or not any((folder / "Mathlib.olean").is_file() for folder in folders):
        raise BackendError(f"there is no Mathlib built in {place}", hint=_HINT)
    program = lean or installed(found.version or TOOLCHAIN)
    return find_toolchain(program, search_path=folders)
