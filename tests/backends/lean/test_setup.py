"""Setting up Lean, with stand-ins for the programs that would fetch it: what is done, in which
order, what is left when something fails, and what a kill leaves.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from neurosym.backends.lean import elan
from neurosym.backends.lean.elan import Archive, fetch_installer
from neurosym.backends.lean.mathlib import mathlib_toolchain
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
from neurosym.backends.lean.setup import Stopped, abilities, do_steps, set_up
from neurosym.backends.lean.steps import setup_steps
from neurosym.backends.lean.toolchain import find_toolchain
from neurosym.errors import BackendError

NAMES = ["elan", "Lean", "REPL source", "REPL"]
REVISION = "0123456789abcdef0123456789abcdef01234567"

INSTALLER = """#!/bin/sh
echo "elan-init $*" >> "$CALLS"
mkdir -p "$ELAN_HOME/bin"
cp "$STAND_INS/elan" "$STAND_INS/lake" "$ELAN_HOME/bin/"
"""
ELAN = f"""#!/bin/sh
echo "elan $*" >> "$CALLS"
at="$ELAN_HOME/toolchains/leanprover--lean4---v{LEAN_VERSION}"
if [ -d "$at" ]; then echo "already installed" >&2; exit 1; fi
mkdir -p "$at/bin" "$at/lib/lean"
printf '#!/bin/sh\\necho "Lean (version {LEAN_VERSION}, Release)"\\n' > "$at/bin/lean"
cp "$STAND_INS/lake" "$at/bin/"
chmod +x "$at/bin/lean"
"""
GIT = f"""#!/bin/sh
echo "git $1" >> "$CALLS"
if [ -e "$STAND_INS/no-network" ]; then
  echo "Cloning into somewhere..."
  echo "fatal: unable to access: Could not resolve host: github.com" >&2
  exit 128
fi
for at; do :; done
mkdir "$at" && echo "{TOOLCHAIN}" > "$at/lean-toolchain"
"""
LAKE = f"""#!/bin/sh
echo "lake $*" >> "$CALLS"
built=.lake/build/lib/lean
mathlib=.lake/packages/mathlib
if [ -e "$STAND_INS/slow" ]; then
  sleep 300 &
  echo $! > "$STAND_INS/slow"
  wait
fi
case "$*" in
  build) if [ -e lakefile.toml ]
    then mkdir -p $built && touch $built/Everything.olean
    else mkdir -p .lake/build/bin && cp "$0" .lake/build/bin/repl; fi ;;
  update)
    mkdir -p $mathlib/.git && echo {REVISION} > $mathlib/.git/HEAD
    echo '{{"packages": [{{"name": "mathlib", "rev": "{REVISION}"}}]}}' > lake-manifest.json ;;
  "exe cache get") if [ -e "$STAND_INS/empty-cache" ]; then echo "No files to download"; exit 0; fi
    mkdir -p $mathlib/$built && touch $mathlib/$built/Mathlib.olean ;;
esac
"""


class World:
    """A machine with stand-ins for git, elan and Lake."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "stand-ins"
        self.folder.mkdir()
        self.calls_file = folder / "calls"
        self.calls_file.touch()
        self.told: list[str] = []
        for name, text in (("git", GIT), ("elan", ELAN), ("lake", LAKE), ("curl", "#!/bin/sh\n")):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)
        patch.setenv("PATH", f"{self.folder}:/usr/bin:/bin")
        patch.setenv("CALLS", str(self.calls_file))
        patch.setenv("STAND_INS", str(self.folder))
        patch.setenv("HOME", str(folder))
        for name in ("https_proxy", "HTTPS_PROXY"):
            patch.setenv(name, "http://127.0.0.1:9")  # no host is reached
        for name in ("no_proxy", "NO_PROXY"):
            patch.delenv(name, raising=False)
        patch.delenv("ELAN_HOME", raising=False)
        patch.delenv("NEUROSYM_LEAN", raising=False)
        archive = folder / "elan.tar.gz"
        archive.write_bytes(packed("elan-init", INSTALLER))
        offer(archive, patch)

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().split("\n")[:-1]

    def set_up(self, *, mathlib: bool = False) -> Stopped | None:
        self.told.clear()
        self.calls_file.write_text("")
        return set_up(mathlib=mathlib, tell=self.told.append)

    def set_up_with(self, **changes: Any) -> Stopped | None:
        """The same, with something else about every step."""
        self.calls_file.write_text("")
        steps = [replace(step, **changes) for step in setup_steps(mathlib=False)]
        return do_steps(steps, self.told.append)


def packed(name: str, text: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text.encode()))
    return data.getvalue()


def offer(archive: Path, patch: pytest.MonkeyPatch, digest: str | None = None) -> None:
    """Make a file the archive of elan for this machine."""
    sha256 = digest or hashlib.sha256(archive.read_bytes()).hexdigest()
    patch.setitem(elan.ARCHIVES, platform.machine(), Archive(archive.as_uri(), sha256))


@pytest.fixture
def world(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


# ---------------------------------------------------------------- what is done


def test_all_is_done_in_order_and_then_nothing_more(world: World) -> None:
    assert world.set_up() is None
    assert world.calls == [
        "elan-init -y --no-modify-path --default-toolchain none",
        f"elan toolchain install {TOOLCHAIN}",
        "git clone",
        "lake build",
    ]
    assert [line.partition(":")[0] for line in world.told[::2]] == NAMES
    assert find_toolchain().program.is_relative_to(elan_home())
    assert abilities()[1] == f"the REPL at {repl_program()}"
    assert world.set_up() is None
    assert world.calls == []
    assert world.told == [f"{name}: there already" for name in NAMES]


def test_mathlib_is_a_project_of_its_own_beside_the_rest(world: World) -> None:
    with pytest.raises(BackendError, match="there is no Mathlib") as caught:
        mathlib_toolchain()
    assert "neurosym lean setup --mathlib" in caught.value.hint
    assert world.set_up() is None
    assert world.set_up(mathlib=True) is None
    assert world.calls == ["lake update", "lake exe cache get", "lake build"]
    assert f'rev = "v{LEAN_VERSION}"' in (mathlib_project() / "lakefile.toml").read_text()
    lean = mathlib_toolchain()
    assert lean.version == LEAN_VERSION
    assert [(folder / "Mathlib.olean").exists() for folder in lean.search_path] == [False, True]
    assert "with Mathlib" in abilities()[2]


# ---------------------------------------------------------------- what fails


def test_a_step_that_fails_tells_its_last_lines_and_the_next_run_goes_on_from_it(
    world: World,
) -> None:
    (world.folder / "no-network").touch()
    stopped = world.set_up()
    assert stopped is not None
    assert stopped.step.name == "REPL source"
    assert "`git clone" in stopped.reason
    assert "ended with 128" in stopped.reason
    assert stopped.lines[-1].endswith("Could not resolve host: github.com")
    assert stopped.missing[0].startswith("github.com cannot be reached: ")
    assert abilities(), "what is there works all the same"
    (world.folder / "no-network").unlink()
    assert world.set_up() is None
    assert world.calls == ["git clone", "lake build"]


def test_what_is_not_installed_is_named_before_anything_is_begun(world: World) -> None:
    stopped = world.set_up_with(programs=("no-such-program",))
    assert stopped is not None
    assert stopped.missing == ("no-such-program is not installed",)
    assert world.calls == []


def test_a_disk_without_room_is_named(world: World) -> None:
    stopped = world.set_up_with(disk=10**18)
    assert stopped is not None
    assert "and about 1000000000.0 GB are needed" in stopped.missing[0]
    assert world.calls == []


def test_a_command_that_ends_well_but_brings_nothing_has_failed(world: World) -> None:
    (world.folder / "empty-cache").touch()
    stopped = world.set_up(mathlib=True)
    assert stopped is not None
    assert stopped.step.name == "Mathlib modules"
    assert stopped.reason == "`lake exe cache get` ended well, but has not brought what it should"
    assert stopped.lines == ("No files to download",)


def test_an_archive_with_other_bytes_is_not_run(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(tmp_path / "elan.tar.gz", monkeypatch, digest="0" * 64)
    stopped = world.set_up()
    assert stopped is not None
    assert "its SHA-256 is" in stopped.reason
    assert world.calls == []
    assert not list(lean_folder().glob("elan-init*"))


def test_an_archive_without_the_installer_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.tar.gz").write_bytes(packed("readme", "Nothing."))
    offer(tmp_path / "other.tar.gz", monkeypatch)
    with pytest.raises(BackendError, match="holds no elan-init"):
        fetch_installer(lean_folder() / "elan-init")


def test_a_machine_without_a_pinned_installer_is_told_another_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(elan.ARCHIVES, platform.machine())
    stopped = world.set_up()
    assert stopped is not None
    assert "no elan is pinned for" in stopped.reason
    assert "NEUROSYM_LEAN" in stopped.hint


def test_without_a_server_it_fails_soon_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Archive("https://elan.invalid/elan.tar.gz", "0" * 64)
    monkeypatch.setitem(elan.ARCHIVES, platform.machine(), nowhere)
    begin = time.monotonic()
    stopped = world.set_up()
    assert time.monotonic() - begin < 60
    assert stopped is not None
    assert "cannot be fetched" in stopped.reason


# ---------------------------------------------------------------- kills


def test_what_a_killed_run_has_begun_is_done_again(world: World) -> None:
    half = toolchain_folder(elan_home(), TOOLCHAIN)
    (half / "bin").mkdir(parents=True)
    assert world.set_up() is None, "elan would take a folder that is there for the whole"
    (lean_folder() / "begun-REPL-source").touch()
    (repl_folder() / "half").touch()
    assert world.set_up() is None
    assert world.calls == ["git clone", "lake build"]
    assert not (repl_folder() / "half").exists()


def test_a_package_that_was_cloned_in_part_is_fetched_again(world: World) -> None:
    half = mathlib_project() / ".lake" / "packages" / "mathlib" / ".git"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/master\n")
    (half / "objects").touch()
    assert world.set_up(mathlib=True) is None
    assert not (half / "objects").exists()


def test_a_step_out_of_time_is_killed_with_all_that_it_started(world: World) -> None:
    assert world.set_up() is None
    repl_program().unlink()
    (world.folder / "slow").touch()
    stopped = world.set_up_with(seconds=0.5)
    assert stopped is not None
    assert stopped.reason == "`lake build` took more than 0.5 seconds"
    assert_dead(int((world.folder / "slow").read_text()))


def test_an_interrupt_kills_what_runs(world: World) -> None:
    assert world.set_up() is None
    repl_program().unlink()
    mark = world.folder / "slow"
    mark.touch()
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from neurosym.cli.lean_setup import run_lean_setup\nrun_lean_setup(mathlib=False)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: mark.read_text().strip() != "")
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=30)
    assert "stopped; the same command goes on from here" in told
    assert_dead(int(mark.read_text()))
    mark.unlink()
    assert world.set_up() is None
    assert world.calls == ["lake build"]


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def assert_dead(process: int) -> None:
    def is_dead() -> bool:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "Z"

    wait_until(is_dead)
