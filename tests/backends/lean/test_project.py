"""Lake projects are found and read without running them."""

from __future__ import annotations

from pathlib import Path

import pytest

from neurosym.backends.lean.project import find_project


def project(folder: Path, toolchain: str | None = "leanprover/lean4:v4.9.0-rc1\n") -> Path:
    (folder / "lakefile.toml").write_text('name = "mine"\n')
    if toolchain is not None:
        (folder / "lean-toolchain").write_text(toolchain)
    file = folder / "Mine" / "Deep.lean"
    file.parent.mkdir()
    file.write_text("")
    return file


def test_a_file_in_no_project_has_none(tmp_path: Path) -> None:
    assert find_project(tmp_path / "a.lean") is None


@pytest.mark.parametrize(
    ("pin", "version"),
    [
        ("leanprover/lean4:v4.9.0-rc1\n", "4.9.0-rc1"), ("4.20.1", "4.20.1"),
        ("leanprover/lean4:nightly", ""), (None, ""),
    ],
)  # fmt: skip
def test_its_pin_is_read(tmp_path: Path, pin: str | None, version: str) -> None:
    found = find_project(project(tmp_path, pin))
    assert found is not None
    assert (found.root, found.version, found.search_path) == (tmp_path.resolve(), version, ())


def test_what_was_built_may_be_imported(tmp_path: Path) -> None:
    file = project(tmp_path)
    mine = tmp_path / ".lake/build/lib/lean"
    new = tmp_path / ".lake/packages/mathlib/.lake/build/lib/lean"
    old = tmp_path / ".lake/packages/aesop/.lake/build/lib"
    unbuilt = tmp_path / ".lake/packages/other/.lake/build/lib/lean"
    for folder in (mine, new, old, unbuilt):
        folder.mkdir(parents=True)
    for folder in (mine, new, old):
        (folder / "Some.olean").write_bytes(b"")
    found = find_project(file)
    assert found is not None
    root = tmp_path.resolve()
    assert [item.relative_to(root) for item in found.search_path] == [
        folder.relative_to(tmp_path) for folder in (mine, old, new)
    ]
