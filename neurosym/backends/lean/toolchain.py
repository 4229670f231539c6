"""Where Lean is on this machine, and what it may read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from neurosym.backends.lean.places import TOOLCHAIN, elan_homes, installed, named_toolchain
from neurosym.errors import BackendError

__all__ = ["LEAN_VARIABLE", "Toolchain", "find_toolchain"]

LEAN_VARIABLE = "NEUROSYM_LEAN"
"""Environment variable that names the ``lean`` to use."""
_VERSION = re.compile(r"version (\d+\.\d+\.\d+[^\s,)]*)")
_SECONDS = 20.0
"""Time for Lean to say its version."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Lean that runs.

    Attributes:
        program: Path of the ``lean`` executable itself, not of a wrapper.
        version: As it says, such as ``"4.35.0"``.
        folders: Folders that it and its libraries are in.
        search_path: Folders of compiled modules besides its own library, first ones first.
    """

    program: Path
    version: str
    folders: tuple[Path, ...]
    search_path: tuple[Path, ...] = field(default=())

    @property
    def environment(self) -> dict[str, str]:
        """Variables that it has to be started with."""
        libraries = [str(folder) for folder in self.folders if any(folder.glob("lib*.so"))]
        found = {"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {}
        if self.search_path:
            found["LEAN_PATH"] = ":".join(map(str, self.search_path))
        return found


def find_toolchain(
    lean: str | Path | None = None, *, search_path: Sequence[str | Path] = ()
) -> Toolchain:
    """The Lean to use.

    That is the one named, or what :data:`LEAN_VARIABLE` names, or the first on the path that is not
    elan's; else, of what elan has installed, the one that a ``lean-toolchain`` here or around here
    names, or the one that ``neurosym lean setup`` installs, or elan's default, or the newest.

    Args:
        lean: Path of a ``lean`` executable.
        search_path: Folders of compiled modules, as for ``LEAN_PATH``.

    Raises:
        BackendError: There is none, or it does not run; the hint says how to get one. Or a folder
            of modules is none.
    """
    tried = []
    for candidate in _candidates(lean):
        program = Path(os.path.realpath(candidate))
        if not (program.is_file() and os.access(program, os.X_OK)):
            tried.append(f"{candidate} is no program")
            continue
        folders = _folders(program)
        found = Toolchain(program, "", folders, tuple(map(_module_folder, search_path)))
        version = _version(found)
        if version:
            return Toolchain(program, version, folders, found.search_path)
        tried.append(f"{candidate} does not say its version")
    raise BackendError(
        "; ".join(tried) or "there is no Lean on this machine",
        hint="Run `neurosym lean setup`, install elan (https://lean-lang.org/install), or name a "
        f"lean executable in {LEAN_VARIABLE}.",
    )


def _module_folder(path: str | Path) -> Path:
    # Inside the sandbox neither the working folder nor links outside of its folders are there.
    folder = Path(path).resolve()
    if not folder.is_dir():
        raise BackendError(
            f"{path} is no folder of compiled modules", hint="Name one that holds .olean files."
        )
    return folder


def _candidates(lean: str | Path | None) -> Iterator[Path]:
    named = lean or os.environ.get(LEAN_VARIABLE)
    if named:
        yield Path(named)
        return
    homes = elan_homes()
    found = shutil.which("lean")
    # elan's own `lean` only looks up which toolchain to start, which takes files of the user's.
    if found and Path(found).parent not in [home / "bin" for home in homes]:
        yield Path(found)
    for name in (named_toolchain(Path.cwd()), TOOLCHAIN, *map(_default_toolchain, homes)):
        if name and (program := installed(name)):
            yield program
    others = (path for home in homes for path in (home / "toolchains").glob("*/bin/lean"))
    yield from sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)


def _default_toolchain(home: Path) -> str:
    try:
        settings = tomllib.loads((home / "settings.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(settings.get("default_toolchain", ""))


def _folders(program: Path) -> tuple[Path, ...]:
    root = program.parent.parent
    if program.parent.name == "bin" and (root / "lib" / "lean").is_dir():
        return (root, root / "lib", root / "lib" / "lean")
    return (program.parent,)


def _version(toolchain: Toolchain) -> str:
    try:
        done = subprocess.run(
            [toolchain.program, "--version"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env=toolchain.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _VERSION.search(done.stdout)
    return match[1] if match and done.returncode == 0 else ""
