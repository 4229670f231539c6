"""The Lake project that a file is in: which Lean it wants, and what it may import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Project", "find_project"]

_TOOLCHAIN = "lean-toolchain"
_LAKEFILES = ("lakefile.toml", "lakefile.lean")
_BUILT = (Path(".lake/build/lib/lean"), Path(".lake/build/lib"))
"""Where Lake puts compiled modules; older ones a folder higher."""
_VERSION = re.compile(r"v?(\d+\.\d+\.\d+\S*)")


@dataclass(frozen=True, slots=True)
class Project:
    """A Lake project, as far as Lean has to know it.

    Attributes:
        root: Its folder.
        version: The version of Lean that it is pinned to, such as ``"4.35.0"``; empty if it is
            pinned to none, or to one without a number.
        search_path: Folders of its compiled modules and those of its packages.
    """

    root: Path
    version: str
    search_path: tuple[Path, ...]


def find_project(file: Path) -> Project | None:
    """The Lake project that a file is in, ``None`` if it is in none.

    Nothing of it is run: a project's configuration is a program.
    """
    for root in file.resolve().parents:
        if any((root / name).is_file() for name in _LAKEFILES):
            return Project(root, _pinned(root / _TOOLCHAIN), tuple(_built(root)))
    return None


def _pinned(file: Path) -> str:
    try:
        match = _VERSION.search(file.read_text(encoding="utf-8").rpartition(":")[2])
    except (OSError, UnicodeDecodeError):
        return ""
    return match[1] if match else ""


def _built(root: Path) -> list[Path]:
    packages = sorted((root / ".lake" / "packages").glob("*"))
    found = []
    for place in (root, *packages):
        built = [place / folder for folder in _BUILT if any((place / folder).glob("*.olean"))]
        found += built[:1]
    return found
