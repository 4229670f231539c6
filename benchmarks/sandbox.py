"""Speed and memory of the sandbox, against the two ways of running a program without one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.statistics import quartiles
from neurosym.backends.base import Limits
from neurosym.backends.pool import Call, Pool, RunProgram
from neurosym.runtime.machine import available_cpus
from neurosym.status import Status

__all__ = ["descendants", "measure", "shared_memory"]

SMALL = """
def solution():
    apples = 23
    eaten = 20
    bought = 6
    return apples - eaten + bought
"""
SYMPY = """
import sympy

def solution():
    return sympy.Integer(4) + sympy.Rational(1, 2)
"""
_LIMITS = Limits(seconds=60, cpu_seconds=60)
_TARGETS = {
    "small programs a second, at least": 300,
    "added milliseconds, median, at most": 6,
    "times a fresh process with sympy, at least": 50,
    "pool memory in MB, under": 400,
}


def measure(rounds: int = 8, programs: int = 300, fresh: int = 16) -> dict[str, Any]:
    """Measure the sandbox with every layer on and its baselines, interleaved.

    Each round measures everything once, so that what else the machine does falls on all alike.

    Args:
        rounds: How often.
        programs: Programs of a round for each rate of the sandbox, and a third of it for latency.
        fresh: Processes of a round for each rate of fresh processes.

    Returns:
        Rates in programs a second and latencies in milliseconds as quartiles over the rounds or
        programs, the pool's memory in bytes, its layers, and the targets.
    """
    return asyncio.run(_measure(rounds, programs, fresh))


async def _measure(rounds: int, programs: int, fresh: int) -> dict[str, Any]:
    pool = Pool()
    rates: dict[str, list[float]] = {}
    latencies: dict[str, list[float]] = {}
    try:
        begin = time.perf_counter()
        await _run(pool, SMALL)
        start_seconds = time.perf_counter() - begin
        layers, missing = await pool.layers()
        await _sandbox_rate(pool, SYMPY, programs)  # the files are in the cache from here on
        for _ in range(rounds):
            for name, source in (("small", SMALL), ("sympy", SYMPY)):
                rate = await _sandbox_rate(pool, source, programs)
                rates.setdefault(f"sandbox, {name}", []).append(rate)
                rates.setdefault(f"fresh process, {name}", []).append(_fresh_rate(source, fresh))
                for _ in range(programs // 3):
                    exec_ms, sandbox_ms = await _latencies(pool, source)
                    latencies.setdefault(f"in-process exec, {name}", []).append(exec_ms)
                    latencies.setdefault(f"sandbox, {name}", []).append(sandbox_ms)
        await pool.run(Call("neurosym.answers.symbolic:equal", ("1/2", "0.5")), _LIMITS)
        memory, processes = await _memory()
    finally:
        await pool.aclose()
    return {
        "layers": sorted(layer.name for layer in layers),
        "missing layers": {layer.name: reason for layer, reason in missing.items()},
        "workers": pool.workers,
        "programs a second": {name: quartiles(found) for name, found in rates.items()},
        "milliseconds one at a time": {
            **{name: quartiles(found) for name, found in latencies.items()},
            **{
                f"added by the sandbox, {name}": quartiles(
                    _paired(
                        float.__sub__,
                        latencies[f"sandbox, {name}"],
                        latencies[f"in-process exec, {name}"],
                    )
                )
                for name in ("small", "sympy")
            },
        },
        "times the rate of a fresh process": {
            name: quartiles(
                _paired(
                    float.__truediv__, rates[f"sandbox, {name}"], rates[f"fresh process, {name}"]
                )
            )
            for name in ("small", "sympy")
        },
        "pool": {
            "seconds to the first answer": round(start_seconds, 2),
            "memory bytes, proportional set size": memory,
            "processes": processes,
        },
        "targets": _TARGETS,
    }


async def _run(pool: Pool, source: str) -> None:
    outcome = await pool.run(RunProgram(source), _LIMITS)
    if outcome.status is not Status.SOLVED:
        raise RuntimeError(f"a benchmark's program failed: {outcome}")


async def _sandbox_rate(pool: Pool, source: str, count: int) -> float:
    room = asyncio.Semaphore(4 * pool.workers)

    async def one() -> None:
        async with room:
            await _run(pool, source)

    begin = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(count)))
    return count / (time.perf_counter() - begin)


def _fresh_rate(source: str, count: int) -> float:
    """Programs a second where each has an interpreter of its own, on all processors."""
    command = [sys.executable, "-I", "-c", source + "\nprint(solution())"]

    def one(_: int) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    begin = time.perf_counter()
    with ThreadPoolExecutor(available_cpus()) as threads:
        list(threads.map(one, range(count)))
    return count / (time.perf_counter() - begin)


async def _latencies(pool: Pool, source: str) -> tuple[float, float]:
    """Milliseconds of one program, run in this process and then in the sandbox."""
    begin = time.perf_counter()
    names: dict[str, Any] = {}
    exec(source, names)
    names["solution"]()
    between = time.perf_counter()
    await _run(pool, source)
    return 1000 * (between - begin), 1000 * (time.perf_counter() - between)


def _paired(
    operation: Callable[[float, float], float], left: Iterable[float], right: Iterable[float]
) -> list[float]:
    return [operation(a, b) for a, b in zip(left, right, strict=True)]


# ------------------------------------------------------------------- memory


async def _memory() -> tuple[int, int]:
    """The pool's memory and number of processes, when its waiting children are all there."""
    await asyncio.sleep(1.0)
    found = descendants([os.getpid()]) - {os.getpid()}
    return shared_memory(found), len(found)


def descendants(pids: Iterable[int]) -> set[int]:
    """Processes and all that descend from them."""
    found: set[int] = set()
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue  # it has ended
    return found


def shared_memory(pids: Iterable[int]) -> int:
    """Bytes that processes take, each page divided among those that share it (PSS).

    Children of a zygote are closed even to their own user; only a superuser sees what they take.
    """
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # it has ended, or is closed to us
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total
