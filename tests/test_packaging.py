"""What is built is what is here: sdist → wheel → an install that imports everything."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_the_sdist_holds_the_real_folders_and_no_links(built: Path) -> None:
    [sdist] = built.glob("neurosym_toolkit-*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    tops = {member.name.split("/")[1] for member in members}
    assert {"neurosym", "tests", "benchmarks", "README.md", "pyproject.toml", "LICENSE"} <= tops
    assert not tops & {"translators", "backends", ".venv"}
    assert not any(member.issym() for member in members)


def test_the_wheel_holds_the_package_its_types_and_its_texts_and_nothing_else(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert all(top == "neurosym" or top.endswith(".dist-info") for top in tops)
    assert "neurosym/py.typed" in names
    here = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "neurosym").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= names


def test_every_module_of_the_wheel_imports_and_its_command_runs(
    built: Path, tmp_path: Path
) -> None:
    [wheel] = built.glob("*.whl")
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    code = (
        "import importlib, pkgutil, sys\n"
        f"sys.path.insert(0, {str(target)!r})\n"
        "import neurosym\n"
        f"assert neurosym.__file__.startswith({str(target)!r}), neurosym.__file__\n"
        "for info in pkgutil.walk_packages(neurosym.__path__, 'neurosym.'):\n"
        "    if not info.name.endswith('__main__'): importlib.import_module(info.name)\n"
        "from neurosym.backends.base import Limits\n"
        "from neurosym.backends.pool import Pool, RunProgram\n"
        "import asyncio\n"
        "pool = Pool(workers=1)\n"
        "run = pool.run(RunProgram('def solution(): return 6 * 7'), Limits())\n"
        "print(asyncio.run(run).answer)\n"
        "pool.close()\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert shown.stdout.strip() == "42", shown.stderr
