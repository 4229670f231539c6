"""Processor time of work as it is in use: in a process where nothing is measured or left over.

Coverage slows our code several times and a solver's not at all, and each collection of garbage goes
through what other tests have left in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds that some work takes, and what it gives, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_timed, work).result()


def least(works: Sequence[Callable[[], object]], rounds: int = 3) -> list[float]:
    """The least seconds of each of several works, done in turns in one process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        turns = [[seconds for seconds, _ in process.map(_timed, works)] for _ in range(rounds)]
    return [min(seconds) for seconds in zip(*turns, strict=True)]


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result
