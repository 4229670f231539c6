"""Where Lean and what goes with it are kept in the user's cache, and the one version that is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from neurosym.runtime.paths import cache_folder

__all__ = [
    "LEAN_VERSION",
    "TOOLCHAIN",
    "elan_home",
    "elan_homes",
    "installed",
    "lean_folder",
    "mathlib_project",
    "named_toolchain",
    "repl_folder",
    "repl_program",
    "toolchain_folder",
]

LEAN_VERSION = "4.24.0"
"""The Lean that is set up, and the release of Mathlib and of the REPL that goes with it.

The Lean 4 edition of miniF2F is written for this one, and LeanInteract drives it.
"""
TOOLCHAIN = f"leanprover/lean4:v{LEAN_VERSION}"
"""What elan calls it."""
_RELEASE = re.compile(r"v?(\d+\.\d+\.\d+\S*)")
_NAME = re.compile(r"\w[\w./:+-]{0,79}")
"""A toolchain's name that can be one of a folder, and of no other than elan's."""
_LONGEST_NAME = 200
"""Bytes of a file ``lean-toolchain`` that are read."""


def lean_folder() -> Path:
    """The folder of all that is set up."""
    return cache_folder() / "lean"


def elan_home() -> Path:
    """The elan that is set up, which leaves one of the user's alone."""
    return lean_folder() / "elan"


def elan_homes() -> tuple[Path, ...]:
    """Every elan there may be: the one that is set up, and the user's."""
    return (elan_home(), Path(os.environ.get("ELAN_HOME", Path.home() / ".elan")))


def installed(toolchain: str) -> Path | None:
    """The ``lean`` of a toolchain that an elan here has installed.

    Args:
        toolchain: Its name as in a file ``lean-toolchain``. A release by its number is one of Lean
            itself.
    """
    if not _NAME.fullmatch(toolchain):
        return None
    release = _RELEASE.fullmatch(toolchain)
    name = f"leanprover/lean4:v{release[1]}" if release else toolchain
    programs = (toolchain_folder(home, name) / "bin" / "lean" for home in elan_homes())
    return next((program for program in programs if program.is_file()), None)


def toolchain_folder(home: Path, toolchain: str) -> Path:
    """The folder in which an elan keeps a toolchain, whether it is there or not."""
    return home / "toolchains" / toolchain.replace("/", "--").replace(":", "---")


def named_toolchain(folder: Path) -> str:
    """The toolchain that the nearest ``lean-toolchain`` in a folder or around it names, if any."""
    for place in (folder, *folder.parents):
        try:
            with (place / "lean-toolchain").open(encoding="utf-8", errors="replace") as file:
                return file.read(_LONGEST_NAME).strip()
        except OSError:
            continue
    return ""


def repl_folder() -> Path:
    """The source of the REPL, in which it is built."""
    return lean_folder() / f"repl-v{LEAN_VERSION}"


def repl_program() -> Path:
    """The REPL itself, whether it is there or not."""
    return repl_folder() / ".lake" / "build" / "bin" / "repl"


def mathlib_project() -> Path:
    """The Lake project that requires Mathlib."""
    return lean_folder() / f"mathlib-v{LEAN_VERSION}"
