"""Memory that this process and those below it hold while something is done."""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["peaks_during"]


def peaks_during(work: Callable[[], object]) -> dict[str, float]:
    """Peak resident memory in GB before some work and during it.

    Args:
        work: Is done once.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with _watch() as peaks:
        work()
    return {
        "peak before, GB": round(before / 1e9, 2),
        "peak while solving, GB": round(max(own for own, _ in peaks) / 1e9, 2),
        "the same with sandbox workers, GB": round(max(map(sum, peaks)) / 1e9, 2),
    }


@contextmanager
def _watch() -> Iterator[list[tuple[int, int]]]:
    """Collect resident bytes of this process, and of those below it as far as not shared."""
    found: list[tuple[int, int]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.25):
            found.append((_resident("Rss"), sum(_resident("Pss", pid) for pid in _descendants())))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
        found.append((_resident("Rss"), 0))


def _resident(kind: str, pid: str = "self") -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it ended in this moment
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:")), 0)


def _descendants() -> list[str]:
    found, queue = [], ["self"]
    while queue:
        for listing in Path(f"/proc/{queue.pop()}/task").glob("*/children"):
            try:
                children = listing.read_text().split()
            except OSError:
                continue
            found += children
            queue += children
    return found
