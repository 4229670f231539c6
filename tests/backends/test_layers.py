"""Isolation with some layers missing, for other users, and where the kernel refuses."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym.backends.pool import Pool
from neurosym.backends.sandbox import setup
from neurosym.backends.sandbox.layers import Layer, isolates
from neurosym.errors import IsolationError
from neurosym.status import Status
from tests.backends.helpers import ANSWER, Sandbox

EVERYTHING = frozenset(Layer)
PREY = "someone else's secret"


@contextlib.contextmanager
def sandbox_with(layers: frozenset[Layer], **options: bool) -> Iterator[Sandbox]:
    with contextlib.closing(Pool(workers=1, layers=layers, **options)) as pool:
        yield Sandbox(pool)


def active(sandbox: Sandbox) -> frozenset[Layer]:
    return sandbox.pool._programs._zygotes[0].layers


@pytest.mark.parametrize(
    "layers",
    [
        frozenset(),
        frozenset({Layer.LIMITS}),
        frozenset({Layer.LIMITS, Layer.PRIVILEGES}),
        frozenset({Layer.NAMESPACES, Layer.LIMITS}),
        frozenset({Layer.SECCOMP, Layer.LIMITS}),
        frozenset({Layer.LANDLOCK, Layer.LIMITS}),
        frozenset({Layer.MOUNTS, Layer.LIMITS}),
        frozenset({Layer.LANDLOCK, Layer.NAMESPACES, Layer.LIMITS}),
    ],
    ids=lambda layers: "+".join(sorted(layer.name for layer in layers)) or "none",
)
def test_without_isolation_nothing_runs_unless_that_is_allowed(
    layers: frozenset[Layer],
) -> None:
    assert not isolates(layers)
    with sandbox_with(layers) as sandbox:
        for _ in range(2):
            with pytest.raises(IsolationError, match="cannot isolate") as caught:
                sandbox.run(ANSWER)
        assert "--unsafe" in caught.value.hint
        assert sandbox.zygotes() == []


def test_what_is_allowed_to_run_without_isolation_runs() -> None:
    with sandbox_with(frozenset({Layer.LIMITS}), unsafe=True) as sandbox:
        assert sandbox.answer(ANSWER) == 42
        assert active(sandbox) == {Layer.LIMITS}
        assert sandbox.run("def solution():\n    while True: pass", seconds=0.3).status is (
            Status.TIMEOUT
        )


def test_the_attacks_that_the_layers_stop_work_without_them(tmp_path: Path) -> None:
    # Otherwise the tests that they fail would mean nothing.
    prey = tmp_path / "prey"
    prey.write_text(PREY)
    with sandbox_with(frozenset(), unsafe=True) as sandbox:
        assert sandbox.answer(_reads(prey)) == PREY
        with _server() as port:
            assert sandbox.answer(_connects(port)) is True


COMBINATIONS = {
    # Limits are set in any case.
    **{f"all but {layer.name}": EVERYTHING - {layer} for layer in EVERYTHING - {Layer.LIMITS}},
    "only LANDLOCK and SECCOMP": frozenset({Layer.LANDLOCK, Layer.SECCOMP}),
    "only MOUNTS and NAMESPACES": frozenset({Layer.MOUNTS, Layer.NAMESPACES}),
    "only MOUNTS, NAMESPACES and SECCOMP": frozenset(
        {Layer.MOUNTS, Layer.NAMESPACES, Layer.SECCOMP}
    ),
}


@pytest.mark.parametrize("layers", COMBINATIONS.values(), ids=COMBINATIONS.keys())
def test_each_combination_that_isolates_keeps_files_and_network_away(
    layers: frozenset[Layer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    prey = tmp_path / "prey"
    prey.write_text(PREY)
    with sandbox_with(layers) as sandbox, _server() as port:
        try:
            assert sandbox.answer(ANSWER) == 42
        except IsolationError:
            pytest.skip("this machine does not offer these layers")
        assert sandbox.run(_reads(prey)).status is Status.FAILED
        assert sandbox.run(_writes(tmp_path / "new")).status is Status.FAILED
        assert sandbox.run(_writes(prey)).status is Status.FAILED
        assert sandbox.run(_connects(port)).status is Status.FAILED
        assert sandbox.run("import sympy\ndef solution(): return sympy.sqrt(2)").answer == "sqrt(2)"
        sandbox.run("def solution(): open('kept', 'w').write('x')")
        assert sandbox.answer(ANSWER) == 42
    assert prey.read_text() == PREY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["prey", "temporary"]
    assert list(temporary.iterdir()) == []


def test_without_a_root_of_its_own_a_program_has_no_place_to_fill() -> None:
    with sandbox_with(EVERYTHING - {Layer.MOUNTS}) as sandbox:
        for place in (".", "/tmp", "/var/tmp", "/dev/shm", str(Path.home())):
            assert sandbox.run(_writes(Path(place) / "filler")).status is Status.FAILED


def test_where_no_filter_keeps_programs_from_forking_their_children_end_with_the_pool() -> None:
    leave_child = """
        import os, time
        def solution():
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            return 1
    """
    with sandbox_with(EVERYTHING - {Layer.SECCOMP}) as sandbox:
        sandbox.run(leave_child)
        assert sandbox.answer(ANSWER) == 42
        [zygote] = sandbox.zygotes()
    with pytest.raises(ProcessLookupError):
        os.killpg(zygote, 0)


def test_the_pool_tells_which_layers_it_has_and_why_not_others() -> None:
    with sandbox_with(EVERYTHING - {Layer.NAMESPACES, Layer.SECCOMP}, unsafe=True) as sandbox:
        layers, missing = asyncio.run(sandbox.pool.layers())
    assert Layer.LIMITS in layers
    assert not layers & {Layer.NAMESPACES, Layer.SECCOMP, Layer.MOUNTS}
    assert missing[Layer.MOUNTS] == "it needs the namespaces"


def _reads(path: Path) -> str:
    return f"def solution():\n    with open({str(path)!r}) as file: return file.read()"


def _writes(path: Path) -> str:
    return f"def solution():\n    with open({str(path)!r}, 'w') as file: file.write('x')"


def _connects(port: int) -> str:
    return (
        "import socket\ndef solution():\n"
        f"    with socket.create_connection(('127.0.0.1', {port}), 1): return True"
    )


@contextlib.contextmanager
def _server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


# ------------------------------------------------------------------- other users and kernels

PROBE = """
import asyncio, json, os, sys
from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool, RunProgram
async def main():
    pool = Pool(workers=1)
    found = []
    for source in sys.argv[1:]:
        outcome = await pool.run(RunProgram(source), Limits())
        found.append([outcome.status, outcome.answer, outcome.evidence.get("error", "")])
    layers, missing = await pool.layers()
    await pool.aclose()
    why = {layer.name: reason for layer, reason in missing.items()}
    print(json.dumps([sorted(layer.name for layer in layers), why, found]))
asyncio.run(main())
"""


def _probe(prefix: list[str], *sources: str) -> tuple[set[str], dict[str, str], list[Any]]:
    """Layers, reasons and outcomes in a process that a command puts into other circumstances."""
    if shutil.which(prefix[0]) is None:
        pytest.skip(f"{prefix[0]} is not installed")
    tried = subprocess.run([*prefix, "true"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"{prefix[0]} is refused here: {tried.stderr.strip()}")
    done = subprocess.run(
        [*prefix, sys.executable, "-c", PROBE, *sources],
        capture_output=True, text=True, timeout=100,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    if "can't open file" in done.stderr or "Permission denied" in done.stderr.partition("\n")[0]:
        pytest.skip(f"the interpreter cannot be run like that: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    layers, missing, found = json.loads(done.stdout)
    return set(layers), missing, found


def test_an_ordinary_user_has_every_layer(tmp_path: Path) -> None:
    # A user without any capability, who still owns the files.
    layers, missing, found = _probe(
        ["unshare", "--user", "--map-user=1000", "--map-group=1000"], ANSWER, _reads(tmp_path / "x")
    )
    assert found[0][:2] == ["solved", 42]
    assert found[1][0] == "failed"
    assert missing == {}
    assert layers == {layer.name for layer in Layer}


NO_NAMESPACES = ["unshare", "--user", "--map-root-user", "sh", "-c",
                 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', "sh"]  # fmt: skip
NO_NAMESPACES_FOR_USERS = [
    "unshare", "--user", "--map-root-user", "sh", "-c", "echo 1 > /proc/sys/user/"
    'max_user_namespaces && exec unshare --user --map-user=1000 --map-group=1000 "$@"', "sh",
]  # fmt: skip


@pytest.mark.parametrize("prefix", [NO_NAMESPACES, NO_NAMESPACES_FOR_USERS], ids=["root", "user"])
def test_where_namespaces_are_refused_the_other_layers_isolate(
    prefix: list[str], tmp_path: Path
) -> None:
    prey = tmp_path / "prey"
    prey.write_text(PREY)
    with _server() as port:
        layers, missing, found = _probe(
            prefix, ANSWER, _reads(prey), _writes(prey), _connects(port), _forks()
        )
    assert set(missing) == {"NAMESPACES", "MOUNTS"}
    assert "refuses" in missing["NAMESPACES"]
    assert layers >= {"LANDLOCK", "SECCOMP", "PRIVILEGES", "LIMITS"}
    assert found[0][:2] == ["solved", 42]
    assert [status for status, *_ in found[1:]] == ["failed"] * 4
    assert prey.read_text() == PREY


def test_a_user_whom_the_libraries_are_closed_to_without_rights_falls_back() -> None:
    # Like a superuser who works in the folder of somebody else: in a user namespace those rights
    # are gone, so there the libraries could not be loaded.
    if os.geteuid() != 0:
        pytest.skip("only a superuser can take on another user")
    layers, missing, found = _probe(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
         "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],
        ANSWER, _reads(Path("/etc/passwd")), _forks(),
    )  # fmt: skip
    assert found[0][:2] == ["solved", 42]
    assert [status for status, *_ in found[1:]] == ["failed", "failed"]
    assert layers >= {"LANDLOCK", "SECCOMP"}
    assert set(missing) <= {"NAMESPACES", "MOUNTS"}


def _forks() -> str:
    return "import os\ndef solution():\n    return os.fork()"


def test_a_layer_that_fails_half_way_is_left_untouched() -> None:
    def enter_half() -> None:
        os.chdir("/")
        raise OSError(1, "refused")

    folder = Path.cwd()
    active: set[Layer] = set()
    reasons: dict[str, str] = {}
    setup._attempt(Layer.MOUNTS, enter_half, active, reasons)
    assert (active, reasons) == (
        set(),
        {"MOUNTS": "the kernel refuses it: Operation not permitted"},
    )
    assert Path.cwd() == folder
