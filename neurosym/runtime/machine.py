"""What this machine is, and offers: processors and memory as far as this process may use them."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

__all__ = ["available_cpus", "available_memory", "cpu_model", "free_disk", "gpu_models"]

_CGROUPS = Path("/sys/fs/cgroup")


def available_cpus() -> int:
    """Processors this process may keep busy: its affinity, cut by the cgroup's quota (v1 and v2).

    Rounded down, at least 1: a model's threads wait for each other at every layer, so one thread
    without a processor of its own stalls all the others.
    """
    usable = len(os.sched_getaffinity(0))
    quotas = [_quota_v2(folder) for folder in _own_cgroups()] + [_quota_v1()]
    return max(1, int(min([usable, *(quota for quota in quotas if quota is not None)])))


def available_memory() -> int:
    """Bytes of memory that can be taken without swapping, within the cgroup's limit."""
    free = _meminfo_available()
    for folder in _own_cgroups():
        limit = _number(folder / "memory.max")
        used = _number(folder / "memory.current")
        if limit is not None and used is not None:
            free = min(free, limit - used + _reclaimable(folder))
    return max(0, free)


def cpu_model() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    told = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(told, platform.machine())


def gpu_models() -> list[str]:
    """What the GPUs call themselves, as far as NVIDIA's driver tells."""
    found = []
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        lines = path.read_text().splitlines()
        found += [line.partition(":")[2].strip() for line in lines if line.startswith("Model")]
    return found


def free_disk(folder: Path) -> int:
    """Bytes free for this user on the disk that holds a folder, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _own_cgroups() -> list[Path]:
    """The v2 cgroup of this process and those around it, innermost first."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    path = next((line[3:] for line in lines if line.startswith("0::")), None)
    if path is None:
        return []
    own = _CGROUPS / path.lstrip("/")
    return [folder for folder in (own, *own.parents) if folder.is_relative_to(_CGROUPS)]


def _quota_v2(folder: Path) -> float | None:
    try:
        quota, period = (folder / "cpu.max").read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        return None


def _quota_v1() -> float | None:
    quota = _number(_CGROUPS / "cpu/cpu.cfs_quota_us")
    period = _number(_CGROUPS / "cpu/cpu.cfs_period_us")
    return quota / period if quota and period and quota > 0 else None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # not there, or "max"
        return None


def _reclaimable(folder: Path) -> int:
    """Bytes of cached files in a cgroup, which count as used there but give way when needed."""
    try:
        lines = (folder / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    values = dict(line.split() for line in lines)
    return int(values.get("active_file", 0)) + int(values.get("inactive_file", 0))


def _meminfo_available() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 2**63
