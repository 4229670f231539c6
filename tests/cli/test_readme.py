"""What the README shows on a terminal is what a terminal shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(
    r"^```\n\$ cat (\S+)\n(.*?)^\$ neurosym (.*?)\n(.*?)^```", re.MULTILINE | re.DOTALL
)
"""A file, a command and what it prints."""


def settled(text: str) -> list[str]:
    """Lines without what differs from run to run, or from version to version."""
    text = re.sub(r"\d+\.\d+ s\b", "… s", text)
    text = re.sub(r"(HiGHS|PuLP) [\d.]+\d", r"\1 …", text)
    return [line.rstrip() for line in text.rstrip().splitlines()]


def blocks() -> dict[str, tuple[str, ...]]:
    found = [match.groups() for match in BLOCK.finditer(README.read_text())]
    return {name: tuple(rest) for name, *rest in found}


def test_the_readme_shows_a_theory_a_model_and_a_proof() -> None:
    assert {Path(name).suffix for name in blocks()} == {".fol", ".opt", ".lean"}


@pytest.mark.parametrize("name", [name for name in blocks() if not name.endswith(".lean")])
def test_what_the_readme_shows_is_printed(name: str, tmp_path: Path) -> None:
    text, command, shown = blocks()[name]
    (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "neurosym", *shlex.split(command)],
        cwd=tmp_path, env={**os.environ, "COLUMNS": "80"}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert settled(done.stdout) == settled(shown)
