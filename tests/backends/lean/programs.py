"""Programs of the tests that stand in for Lean's, as executables of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil

PYTHON = Path(os.path.realpath(sys.executable))


def make_program(source: str, program: Path) -> Path:
    """Make an executable of a file beside this one, which runs inside the sandbox and outside."""
    text = Path(__file__).with_name(source).read_text()
    # Python cannot open a script that it is given inside the sandbox, but it can read one.
    start = f"{PYTHON} -IScimport sys; exec(open(sys.argv[1]).read())"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!{start}\n{text}")
    program.chmod(0o755)
    return program


def running(name: str) -> set[int]:
    """Processes of that name that this one has."""
    found = psutil.Process().children(recursive=True)
    return {item.pid for item in found if item.name() == name}
