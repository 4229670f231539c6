"""What is said where Lean cannot be set up, and what is found of it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from neurosym.backends.lean.places import TOOLCHAIN, elan_home, lean_folder, toolchain_folder
from neurosym.cli.exits import Exit
from neurosym.cli.lean_setup import run_lean_setup
from neurosym.errors import BackendError

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No network, as on a machine whose proxy is not there, and no Lean of the user's."""
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY", "NEUROSYM_LEAN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def test_without_a_network_it_says_what_is_missing_and_what_works(
    capsys: pytest.CaptureFixture[str],
) -> None:
    begin = time.monotonic()
    assert run_lean_setup(mathlib=True) is Exit.BACKEND
    assert time.monotonic() - begin < 60
    out, told = capsys.readouterr()
    assert out == "works: all that needs no Lean\n"
    assert "error: elan is not set up: https://github.com/leanprover/elan/" in told
    assert "missing: github.com cannot be reached: " in told
    assert "to go on: run `neurosym lean setup --mathlib` again" in told
    assert str(lean_folder()) in told


def test_a_lean_that_is_here_already_works_all_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lean = stand_in(tmp_path / "bin", "4.20.0")
    monkeypatch.setenv("PATH", f"{lean.parent}:/usr/bin:/bin")
    assert run_lean_setup(mathlib=False) is Exit.BACKEND
    told = capsys.readouterr()
    assert told.out == f"works: Lean 4.20.0 at {lean} checks proofs that need no Mathlib\n"
    assert "neurosym lean setup` again" in told.err


def test_a_cache_that_cannot_be_written_is_an_error_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "file"))
    with pytest.raises(BackendError, match="cannot be written") as caught:
        run_lean_setup(mathlib=False)
    assert "NEUROSYM_CACHE" in caught.value.hint


async def test_doctor_warns_of_a_lean_of_another_version_and_names_every_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neurosym.runtime.doctor import Condition, examine_lean

    folder = toolchain_folder(elan_home(), TOOLCHAIN) / "bin"
    monkeypatch.setenv("NEUROSYM_LEAN", str(stand_in(tmp_path / "bin", "4.20.0")))
    found = {finding.name: finding for finding in await examine_lean()}
    assert found["lean"].condition is Condition.WEAK
    assert "accepted a proof; the REPL and Mathlib that can be set up here" in found["lean"].detail
    assert "neurosym lean setup" in found["lean repl"].fix
    assert "there is no Mathlib built" in found["mathlib"].detail
    assert {"lean-interact", "lean-dojo"} <= set(found)
    monkeypatch.setenv("NEUROSYM_LEAN", str(stand_in(folder, TOOLCHAIN.rpartition("v")[2])))
    found = {finding.name: finding for finding in await examine_lean()}
    assert found["lean"].condition is Condition.GOOD


def stand_in(folder: Path, version: str) -> Path:
    """A program that accepts every file, as a Lean of some version."""
    folder.mkdir(parents=True)
    source, program = folder / "lean.c", folder / "lean"
    source.write_text(
        "#include <stdio.h>\n#include <string.h>\nint main(int count, char **words) {\n"
        f' if (!strcmp(words[1], "--version")) puts("Lean (version {version}, Release)");\n}}\n'
    )
    subprocess.run(["gcc", source, "-o", program], check=True)
    return program
