"""Proofs a second through the Lean pool, against a process for each, and the pool's memory."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.sandbox import descendants
from benchmarks.statistics import quartiles
from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Elaborator, Ending
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.pool import LeanPool
from neurosym.backends.lean.toolchain import Toolchain

__all__ = ["draw_memory", "measure"]

_AT_ONCE = 2
_TARGETS = {"times a fresh process, at least": 3, "files a killed worker costs, at most": 1}


def measure(
    toolchain: Toolchain, header: str, *, rounds: int, files: int, long: int
) -> dict[str, Any]:
    """Measure the pool and processes of their own, interleaved, two files at once.

    Args:
        toolchain: The Lean.
        header: What every file begins with.
        rounds: How often each way is measured.
        files: Files of a round.
        long: Files of the one long run in which memory is watched.

    Returns:
        Files a second of each way as quartiles over the rounds, and the ratios of rounds; what
        became of the files when a worker was killed; resident memory of all Lean processes in the
        long run, in bytes; the targets.
    """
    return asyncio.run(_measure(toolchain, header, rounds, files, long))


async def _measure(
    toolchain: Toolchain, header: str, rounds: int, files: int, long: int
) -> dict[str, Any]:
    texts = [_file(header, k) for k in range(files)]
    pool, fresh = LeanPool(toolchain, workers=_AT_ONCE), FileElaborator(toolchain)
    rates: dict[str, list[float]] = {"pool": [], "fresh": [], "bare": []}
    try:
        for elaborator in (pool, fresh):
            await _rate(elaborator, texts[:2])
        for _ in range(rounds):
            rates["pool"].append(await _rate(pool, texts))
            rates["fresh"].append(await _rate(fresh, texts))
            rates["bare"].append(await asyncio.to_thread(_bare_rate, toolchain, texts))
        killed = await _killed(pool, texts)
        memory = await _watched(pool, [_file(header, k) for k in range(long)])
    finally:
        await pool.aclose()
        await fresh.aclose()
    return {
        "lean": toolchain.version,
        "files a second": {name: quartiles(found) for name, found in rates.items()},
        "times the rate of": {
            name: quartiles([a / b for a, b in zip(rates["pool"], rates[name], strict=True)])
            for name in ("fresh", "bare")
        },
        "with a worker killed": killed,
        "memory": memory,
        "targets": _TARGETS,
    }


def _file(header: str, number: int) -> str:
    """A right proof of its own, which needs nothing of any library."""
    return (
        f"{header}\n"
        f"theorem swap{number} (p q r : Prop) : (p → q → r) → q → p → r :=\n"
        f"  fun h hq hp => h hp hq\n"
        f"theorem chain{number} (p q r : Prop) (f : p → q) (g : q → r) : p → r :=\n"
        f"  fun hp => g (f hp)\n"
    )


def _right(found: Elaboration) -> bool:
    return found.ending is Ending.FINISHED and not found.messages


async def _rate(elaborator: Elaborator, texts: Sequence[str]) -> float:
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(text: str) -> Elaboration:
        async with room:
            return await elaborator.elaborate(text)

    begun = time.perf_counter()
    found = await asyncio.gather(*map(one, texts))
    seconds = time.perf_counter() - begun
    if not all(map(_right, found)):
        raise RuntimeError(f"a benchmark's proof failed: {found}")
    return len(texts) / seconds


def _bare_rate(toolchain: Toolchain, texts: Sequence[str]) -> float:
    """The same by processes outside of any sandbox."""

    def one(text: str) -> None:
        subprocess.run(
            [toolchain.program, "--json", "--stdin"],
            input=text.encode(),
            env={**os.environ, **toolchain.environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    begun = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(one, texts))
    return len(texts) / (time.perf_counter() - begun)


def _processes() -> list[int]:
    """Lean's processes below this one."""
    found = descendants([os.getpid()]) - {os.getpid()}
    return [pid for pid in found if _status(pid).get("Name") == "lean"]


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}  # it has ended
    return {name: text.strip() for name, _, text in (line.partition(":") for line in lines)}


async def _killed(pool: LeanPool, texts: Sequence[str]) -> dict[str, int]:
    """What becomes of files when a worker dies in the midst of one."""
    endless = f"{texts[0]}theorem n : {'9' * 2_000_000} := 1\n"
    limits = replace(LEAN_LIMITS, seconds=20)
    work = asyncio.create_task(pool.elaborate_all([endless, *texts], limits))
    await asyncio.sleep(0.5)
    # The one that works on the endless file has used the most of its time.
    busiest = max(_processes(), key=_processor_time)
    os.kill(busiest, signal.SIGKILL)
    found = await work
    return {"files": len(found), "lost": sum(not _right(item) for item in found)}


def _processor_time(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


async def _watched(pool: LeanPool, texts: Sequence[str]) -> dict[str, Any]:
    """Resident memory of Lean's processes while many files go through the pool."""
    step = max(1, len(texts) // 100)
    checked, memory = [], []
    for start in range(0, len(texts), step):
        await _rate(pool, texts[start : start + step])
        checked.append(min(start + step, len(texts)))
        sizes = [_status(pid).get("VmRSS", "0 kB").split()[0] for pid in _processes()]
        memory.append(1024 * max(map(int, sizes), default=0))
    return {
        "files": checked,
        "bytes of the largest process": memory,
        "limit": LEAN_LIMITS.memory_bytes,
    }


def draw_memory(result: dict[str, Any], out: Path) -> None:
    """Draw the memory of the long run.

    Args:
        result: What :func:`measure` returned.
        out: File of the picture.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    memory = result["memory"]
    sizes = [size / 2**20 for size in memory["bytes of the largest process"]]
    axes.plot(memory["files"], sizes)
    axes.set_ylim(0, 1.2 * max(sizes))
    axes.set_xlabel("files checked")
    axes.set_ylabel("MiB resident, largest process")
    axes.set_title(f"Lean pool, {_AT_ONCE} workers (limit {memory['limit'] >> 20:,} MiB each)")
    axes.spines[["top", "right"]].set_visible(False)
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, dpi=150)
