"""What this machine offers, against control groups made of files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.runtime import machine
from neurosym.runtime.machine import available_cpus, available_memory, free_disk


@pytest.fixture
def cgroup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The control group of this process, two below the root; no limits yet."""
    own = tmp_path / "pod" / "container"
    own.mkdir(parents=True)
    monkeypatch.setattr(machine, "_CGROUPS", tmp_path)
    monkeypatch.setattr(machine, "_own_cgroups", lambda: [own, own.parent, tmp_path])
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    return own


def test_without_a_quota_the_affinity_counts(cgroup: Path) -> None:
    assert available_cpus() == 8


@pytest.mark.parametrize(
    ("quota", "cpus"),
    [
        ("400000 100000", 4),
        ("250000 100000", 2),  # rounded down: half a processor would stall the others
        ("50000 100000", 1),
        ("max 100000", 8),
        ("1600000 100000", 8),
        ("nonsense", 8),
    ],
)
def test_a_quota_of_the_own_group(cgroup: Path, quota: str, cpus: int) -> None:
    (cgroup / "cpu.max").write_text(f"{quota}\n")
    assert available_cpus() == cpus


def test_the_tightest_quota_of_the_groups_around_counts(cgroup: Path) -> None:
    (cgroup / "cpu.max").write_text("max 100000\n")
    (cgroup.parent / "cpu.max").write_text("300000 100000\n")
    assert available_cpus() == 3


@pytest.mark.parametrize(("quota", "cpus"), [("200000", 2), ("-1", 8)])
def test_a_quota_of_the_first_version(cgroup: Path, tmp_path: Path, quota: str, cpus: int) -> None:
    folder = tmp_path / "cpu"
    folder.mkdir()
    (folder / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (folder / "cpu.cfs_period_us").write_text("100000\n")
    assert available_cpus() == cpus


def test_the_affinity_of_a_process_is_seen() -> None:
    cpu = min(os.sched_getaffinity(0))
    code = "from neurosym.runtime.machine import available_cpus; print(available_cpus())"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
    )
    assert shown.stdout == "1\n"


def test_memory_without_a_limit_is_the_machine_s(cgroup: Path) -> None:
    (cgroup / "memory.max").write_text("max\n")
    (cgroup / "memory.current").write_text("5000\n")
    assert available_memory() > 10**6


def test_memory_within_a_limit(cgroup: Path) -> None:
    (cgroup / "memory.max").write_text("10000\n")
    (cgroup / "memory.current").write_text("4000\n")
    assert available_memory() == 6000


def test_cached_files_give_way(cgroup: Path) -> None:
    (cgroup / "memory.max").write_text("10000\n")
    (cgroup / "memory.current").write_text("9500\n")
    (cgroup / "memory.stat").write_text("anon 1500\nactive_file 3000\ninactive_file 4000\n")
    assert available_memory() == 7500


def test_the_tightest_memory_limit_counts(cgroup: Path) -> None:
    for folder, limit in ((cgroup, 10_000), (cgroup.parent, 3_000)):
        (folder / "memory.max").write_text(f"{limit}\n")
        (folder / "memory.current").write_text("1000\n")
    assert available_memory() == 2000


def test_memory_over_the_limit_is_none(cgroup: Path) -> None:
    (cgroup / "memory.max").write_text("1000\n")
    (cgroup / "memory.current").write_text("2000\n")
    assert available_memory() == 0


def test_the_groups_of_this_process_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_CGROUPS", tmp_path)
    real = Path.read_text

    def read(self: Path, *args: str, **kwargs: str) -> str:
        if str(self) == "/proc/self/cgroup":
            return "1:cpu:/other\n0::/pod/container\n"
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", read)
    own = tmp_path / "pod" / "container"
    assert machine._own_cgroups() == [own, own.parent, tmp_path]


def test_the_disk_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert free_disk(tmp_path / "a" / "b") > 0
