"""Files through a real Lean: what it says, and how it ends."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS, Ending
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.messages import Position, Severity
from neurosym.backends.lean.places import LEAN_VERSION, TOOLCHAIN, elan_home, toolchain_folder
from neurosym.backends.lean.toolchain import LEAN_VARIABLE, Toolchain, find_toolchain
from neurosym.errors import BackendError
from tests.backends.lean.fixture import VERSION

HEADER = "prelude\nimport Tiny\n"


async def test_a_right_proof_says_nothing(lean: FileElaborator) -> None:
    found = await lean.elaborate(
        HEADER + "theorem t (a b : Prop) (h : And a b) : And b a := ⟨h.right, h.left⟩\n"
    )
    assert (found.ending, found.messages, found.detail) == (Ending.FINISHED, (), "")
    assert found.seconds > 0
    assert found.memory_bytes > 1 << 20


async def test_an_error_has_its_place_and_its_words(lean: FileElaborator) -> None:
    found = await lean.elaborate(HEADER + "theorem é (a b : Prop) : Or a b := Or.inl b\n")
    [error] = found.errors
    assert error.severity is Severity.ERROR
    assert error.start == Position(3, 42)
    assert error.end == Position(3, 43)
    assert "Prop" in error.text
    assert str(error).startswith("line 3, column 43: ")


async def test_a_hole_is_told_by_its_kind(lean: FileElaborator) -> None:
    found = await lean.elaborate(HEADER + "theorem t : False := sorry\n#print axioms t\n")
    warning, axioms = found.messages
    assert (warning.severity, warning.kind) == (Severity.WARNING, "hasSorry")
    assert (axioms.severity, axioms.kind) == (Severity.INFORMATION, "")
    assert axioms.text == "'t' depends on axioms: [sorryAx]"
    assert not found.errors


async def test_nothing_is_left_of_the_file_before(lean: FileElaborator) -> None:
    await lean.elaborate(HEADER + "theorem mine : True := True.intro\n")
    found = await lean.elaborate(HEADER + "theorem other : True := mine\n")
    assert "mine" in found.errors[0].text


async def test_a_module_that_is_missing_is_an_error_of_the_file(lean: FileElaborator) -> None:
    found = await lean.elaborate("prelude\nimport Mathlib\n")
    assert found.ending is Ending.FINISHED
    assert "Mathlib" in found.errors[0].text
    assert found.errors[0].end is None


async def test_crlf_and_unicode_are_read(lean: FileElaborator) -> None:
    text = HEADER + "theorem «a b» (α : Prop) (h : α) : α := h\n#print axioms «a b»\n"
    found = await lean.elaborate(text.replace("\n", "\r\n"))
    assert [item.text for item in found.messages] == ["'«a b»' does not depend on any axioms"]


async def test_endless_elaboration_is_killed(lean: FileElaborator) -> None:
    # A numeral that takes time in the square of its length.
    text = f"{HEADER}theorem t : Eq 1 {'9' * 400_000} := Eq.refl 1\n"
    found = await lean.elaborate(text, replace(LEAN_LIMITS, seconds=1))
    assert found.ending is Ending.TIMEOUT
    assert "more than its 1 seconds" in found.detail
    assert found.seconds < 10
    after = await lean.elaborate(HEADER)
    assert after.ending is Ending.FINISHED


async def test_a_stack_that_overflows_is_a_crash_with_its_reason(lean: FileElaborator) -> None:
    double = "fun n => Nat.rec (motive := fun _ => Nat) 0 (fun _ ih => Nat.succ (Nat.succ ih)) n"
    nested = "D (" * 40 + "1" + ")" * 40
    found = await lean.elaborate(
        f"{HEADER}set_option maxRecDepth 10000000\ndef D : Nat → Nat := {double}\n"
        f"theorem t : Eq ({nested}) 0 := Eq.refl 0\n",
        replace(LEAN_LIMITS, seconds=60),
    )
    assert found.ending in (Ending.CRASHED, Ending.OUT_OF_MEMORY)
    assert found.detail


async def test_files_at_once_keep_apart(lean: FileElaborator) -> None:
    import asyncio

    texts = [f"{HEADER}theorem t{i} : True := True.intro\n#print axioms t{i}\n" for i in range(8)]
    found = await asyncio.gather(*map(lean.elaborate, texts))
    said = [item.messages[0].text for item in found]
    assert said == [f"'t{i}' does not depend on any axioms" for i in range(8)]


# ---------------------------------------------------------------- finding Lean


def test_the_lean_that_is_named_is_taken(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "lean"
    _program(program, VERSION)
    (tmp_path / "lib" / "lean").mkdir(parents=True)
    for found in (
        find_toolchain(program),
        _with_variable(program, monkeypatch),
        _on_path(program, monkeypatch),
    ):
        assert found.version == VERSION
        assert found.program == Path(os.path.realpath(program))
        assert tmp_path.resolve() in found.folders


def _with_variable(program: Path, monkeypatch: pytest.MonkeyPatch) -> Toolchain:
    with monkeypatch.context() as patch:
        patch.setenv(LEAN_VARIABLE, str(program))
        return find_toolchain()


def _on_path(program: Path, monkeypatch: pytest.MonkeyPatch) -> Toolchain:
    with monkeypatch.context() as patch:
        patch.delenv(LEAN_VARIABLE, raising=False)
        patch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return find_toolchain()


def test_of_what_elan_has_the_one_a_file_names_is_taken_then_the_pinned_one_then_its_default(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = tmp_path / "elan", tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv(LEAN_VARIABLE, raising=False)
    monkeypatch.setenv("ELAN_HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    for version in ("4.20.0", "4.19.0", "4.18.0", "4.17.0"):
        _installed(home, f"leanprover/lean4:v{version}", version)
    _program(home / "bin" / "lean", "4.16.0")
    assert find_toolchain().version == "4.17.0", "the newest on the disk; never elan's own lean"
    (home / "settings.toml").write_text('default_toolchain = "leanprover/lean4:v4.20.0"\n')
    assert find_toolchain().version == "4.20.0"
    _installed(elan_home(), TOOLCHAIN, LEAN_VERSION)
    assert find_toolchain().version == LEAN_VERSION
    for named, version in (("leanprover/lean4:v4.18.0\n", "4.18.0"), ("v4.19.0", "4.19.0")):
        (tmp_path / "lean-toolchain").write_text(named)
        assert find_toolchain().version == version
    for odd in ("..", "../../bin", "x" * 400, ""):
        (tmp_path / "lean-toolchain").write_text(odd)
        assert find_toolchain().version == LEAN_VERSION


def _installed(home: Path, toolchain: str, version: str) -> None:
    _program(toolchain_folder(home, toolchain) / "bin" / "lean", version)


def _program(program: Path, version: str) -> None:
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'Lean (version {version}, x86_64, Release)'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_no_lean_is_an_error_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(LEAN_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    with pytest.raises(BackendError, match="there is no Lean") as caught:
        find_toolchain()
    assert "elan" in caught.value.hint
    with pytest.raises(BackendError, match="is no folder of compiled modules"):
        find_toolchain("/bin/sh", search_path=[tmp_path / "modules"])
    with pytest.raises(BackendError, match="nothing is no program"):
        find_toolchain(tmp_path / "nothing")
