"""What setting up Lean takes, step by step; each can be seen to be done by what is there."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from neurosym.backends.lean.elan import ELAN_VERSION, fetch_installer
from neurosym.backends.lean.places import (
    LEAN_VERSION,
    TOOLCHAIN,
    elan_home,
    lean_folder,
    mathlib_project,
    repl_folder,
    repl_program,
    toolchain_folder,
)
from neurosym.backends.lean.toolchain import find_toolchain
from neurosym.errors import BackendError

__all__ = ["Step", "environment", "setup_steps"]

_MIB = 1 << 20
_TAG = f"v{LEAN_VERSION}"
_GITHUB = "https://github.com/leanprover-community"
_RELEASES = "release.lean-lang.org"
_CACHES = ("mathlib4.lean-cache.cloud", "lakecache.blob.core.windows.net")
"""Where Mathlib's compiled modules are: releases changed over from one to the other."""
_ROOT = "Everything"
"""The module of the project: it imports Mathlib, so that building it builds all of Mathlib."""
_LAKEFILE = f"""name = "with_mathlib"
defaultTargets = ["{_ROOT}"]

[[require]]
name = "mathlib"
git = "{_GITHUB}/mathlib4"
rev = "{_TAG}"

[[lean_lib]]
name = "{_ROOT}"
"""
_REVISION = re.compile(r"[0-9a-f]{40,64}")
_OURS_ALONE = ("ELAN_TOOLCHAIN", "LAKE", "LAKE_HOME", "LEAN", "LEAN_PATH", "LEAN_SYSROOT")
"""Variables that would make elan and Lake take another Lean than the one that is set up."""


def _nothing() -> None:
    """What most steps have to prepare."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of setting up, which one program does.

    Attributes:
        name: What it brings.
        does: What it does, in words.
        command: The program and its arguments.
        folder: Where that runs.
        is_done: Whether all that it brings is there.
        prepare: Writes what the program needs, and clears away what one that was killed has left.
            May raise a :class:`neurosym.errors.BackendError` or an :class:`OSError`.
        hosts: Hosts that it fetches from; one of them has to answer.
        programs: What has to be on the path.
        disk: Bytes that it takes, about.
        seconds: Time limit.
    """

    name: str
    does: str
    command: tuple[str, ...]
    folder: Path
    is_done: Callable[[], bool]
    prepare: Callable[[], None] = _nothing
    hosts: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    disk: int = 50 * _MIB
    seconds: float = 1800.0


def environment() -> dict[str, str]:
    """Variables for the commands: the elan that is set up, nothing that asks, all in one folder."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS_ALONE}
    return {
        "MATHLIB_CACHE_DIR": str(lean_folder() / "mathlib-cache"),
        **kept,
        "ELAN_HOME": str(elan_home()),
        "PATH": f"{elan_home() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "MATHLIB_NO_CACHE_ON_UPDATE": "1",  # that is a step of its own
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_HTTP_LOW_SPEED_LIMIT": "1000",
        "GIT_HTTP_LOW_SPEED_TIME": "60",
    }


def setup_steps(*, mathlib: bool) -> tuple[Step, ...]:
    """The steps in their order; each needs those before it.

    Args:
        mathlib: Whether Mathlib is wanted too.
    """
    return (_elan(), _toolchain(), *_repl(), *(_mathlib() if mathlib else ()))


def _elan() -> Step:
    installer = lean_folder() / f"elan-init-{ELAN_VERSION}"
    program = elan_home() / "bin" / "elan"

    def prepare() -> None:
        if not installer.is_file():
            fetch_installer(installer)

    return Step(
        name="elan",
        does=f"fetch elan {ELAN_VERSION}, which installs Lean",
        command=(str(installer), "-y", "--no-modify-path", "--default-toolchain", "none"),
        folder=lean_folder(),
        is_done=lambda: _is_program(program) and _is_program(elan_home() / "bin" / "lake"),
        prepare=prepare,
        hosts=("github.com",),
        seconds=300.0,
    )


def _toolchain() -> Step:
    folder = toolchain_folder(elan_home(), TOOLCHAIN)
    program = folder / "bin" / "lean"

    def is_whole() -> bool:
        if not _is_program(program.with_name("lake")):
            return False
        try:
            return find_toolchain(program).version == LEAN_VERSION
        except BackendError:
            return False

    return Step(
        name="Lean",
        does=f"install Lean {LEAN_VERSION}",
        command=(str(elan_home() / "bin" / "elan"), "toolchain", "install", TOOLCHAIN),
        folder=lean_folder(),
        is_done=is_whole,
        # elan takes a folder that is there for a toolchain that is whole.
        prepare=lambda: _remove(folder),
        hosts=(_RELEASES,),
        disk=3000 * _MIB,
    )


def _repl() -> tuple[Step, ...]:
    folder = repl_folder()
    clone = (
        "clone",
        "--quiet",
        "--depth",
        "1",
        "--branch",
        _TAG,
        "-c",
        "advice.detachedHead=false",
    )
    return (
        Step(
            name="REPL source",
            does=f"fetch the REPL for Lean {LEAN_VERSION}",
            command=("git", *clone, f"{_GITHUB}/repl", str(folder)),
            folder=lean_folder(),
            is_done=lambda: _wants(folder, TOOLCHAIN),
            prepare=lambda: _remove(folder),
            hosts=("github.com",),
            programs=("git",),
            seconds=600.0,
        ),
        Step(
            name="REPL",
            does="build the REPL",
            command=(_lake(), "build"),
            folder=folder,
            is_done=lambda: _is_program(repl_program()),
            programs=("git",),
            disk=300 * _MIB,
        ),
    )


def _mathlib() -> tuple[Step, ...]:
    project = mathlib_project()
    built = Path(".lake", "build", "lib", "lean")
    package = project / ".lake" / "packages" / "mathlib"

    def write() -> None:
        project.mkdir(parents=True, exist_ok=True)
        (project / "lakefile.toml").write_text(_LAKEFILE)
        (project / "lean-toolchain").write_text(f"{TOOLCHAIN}\n")
        (project / f"{_ROOT}.lean").write_text("import Mathlib\n")
        for folder in (project / ".lake" / "packages").glob("*"):
            if not _is_checked_out(folder):
                _remove(folder)

    return (
        Step(
            name="Mathlib source",
            does=f"fetch Mathlib {_TAG} and what it requires",
            command=(_lake(), "update"),
            folder=project,
            is_done=lambda: _has_packages(project),
            prepare=write,
            hosts=("github.com",),
            programs=("git",),
            disk=2000 * _MIB,
            seconds=3600.0,
        ),
        Step(
            name="Mathlib modules",
            does="fetch Mathlib compiled",
            command=(_lake(), "exe", "cache", "get"),
            folder=project,
            # The command ends well even if it has found nothing.
            is_done=lambda: (package / built / "Mathlib.olean").is_file(),
            hosts=_CACHES,
            programs=("git", "curl"),
            disk=7000 * _MIB,
            seconds=3600.0,
        ),
        Step(
            name="Mathlib",
            does="build what is left, and import all of it",
            command=(_lake(), "build"),
            folder=project,
            is_done=lambda: (project / built / f"{_ROOT}.olean").is_file(),
            programs=("git",),
            seconds=3600.0,
        ),
    )


def _lake() -> str:
    return str(elan_home() / "bin" / "lake")


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _wants(folder: Path, toolchain: str) -> bool:
    """Whether a folder is a project of a Lake for a toolchain."""
    try:
        return (folder / "lean-toolchain").read_text(encoding="utf-8").strip() == toolchain
    except (OSError, ValueError):
        return False


def _packages(project: Path) -> Mapping[Path, str]:
    """The folders of what a project requires, and the revisions that have to be there."""
    try:
        manifest = json.loads((project / "lake-manifest.json").read_text(encoding="utf-8"))
        folder = project / ".lake" / "packages"
        return {folder / item["name"]: item["rev"] for item in manifest["packages"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _has_packages(project: Path) -> bool:
    packages = _packages(project)
    named = any(folder.name == "mathlib" for folder in packages)
    return named and all(_is_checked_out(*item) for item in packages.items())


def _is_checked_out(folder: Path, revision: str = "") -> bool:
    """Whether a revision is there whole; Lake checks each out by itself, without a branch."""
    try:
        head = (folder / ".git" / "HEAD").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return False
    is_right = head == revision if revision else _REVISION.fullmatch(head) is not None
    return is_right and not (folder / ".git" / "index.lock").exists()


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
