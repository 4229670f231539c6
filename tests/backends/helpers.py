"""A pool for plain, synchronous tests, and a look at its processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from neurosym.backends.base import Limits
from neurosym.backends.pool import Call, Pool, RunProgram
from neurosym.candidate import Outcome
from neurosym.status import Status

ANSWER = "def solution():\n    return 6 * 7"


@dataclass(frozen=True)
class Sandbox:
    """Runs programs one at a time."""

    pool: Pool

    def run(self, source: str, **limits: float) -> Outcome:
        """Run a program, given with the indentation of the test that holds it."""
        return self._wait(RunProgram(dedent(source)), limits)

    def call(self, target: str, *args: object, **limits: float) -> Outcome:
        """Call one of neurosym's functions."""
        return self._wait(Call(target, args), limits)  # type: ignore[arg-type]

    def answer(self, source: str, **limits: float) -> object:
        """What a program that must not fail returns."""
        outcome = self.run(source, **limits)
        assert outcome.status is Status.SOLVED, outcome
        return outcome.answer

    def zygotes(self) -> list[int]:
        """The processes the pool started for programs."""
        return [zygote.pid for zygote in self.pool._programs._zygotes]

    def _wait(self, job: RunProgram | Call, limits: dict[str, float]) -> Outcome:
        return asyncio.run(self.pool.run(job, Limits(**limits)))  # type: ignore[arg-type]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait for something to become true; say whether it did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def open_files(pid: int) -> int:
    """How many descriptors a process holds."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
