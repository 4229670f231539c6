"""Progress on standard error: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from neurosym.problem_file import BadLine
from neurosym.solution import Solution
from neurosym.status import Status

if TYPE_CHECKING:
    import rich.progress

__all__ = ["Progress"]

_PLAIN_INTERVAL = 10.0
"""Seconds between plain lines."""


class Progress:
    """Counts solutions and shows how the work goes.

    Args:
        total: Problems to solve.
    """

    def __init__(self, *, total: int) -> None:
        self._total = total
        self._done = self._agreed = self._abstained = self._tokens = 0
        self._started = self._printed = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                SpinnerColumn,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                SpinnerColumn(),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[status]}"),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
                # The answers go to standard output; only on the same terminal must they make room.
                redirect_stdout=sys.stdout.isatty(),
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total, status="loading the model")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._total > 1:
            ending = "" if error is None else ", stopped early"
            print(f"{self._status()} in {self._elapsed():.0f} s{ending}", file=sys.stderr)

    def solved(self, solution: Solution) -> None:
        """Count a solution."""
        self._done += 1
        self._tokens += solution.usage.completion_tokens
        self._abstained += solution.abstention is not None
        self._agreed += solution.abstention is None and solution.selection.share > 0.5
        for candidate in solution.candidates:
            outcome = candidate.verdict.outcome
            if outcome.status is Status.DISAGREEMENT:
                told = f"problem {solution.problem_id}, candidate {candidate.index}"
                self.report(f"{told}: {outcome.evidence['error']}")
        self._show()

    def bad_line(self, line: BadLine) -> None:
        """Report a line that is no problem."""
        self._done += 1
        self.report(f"line {line.number}: {line.reason}")
        self._show()

    def report(self, message: str) -> None:
        """Say something beside the progress."""
        if self._bar is not None:
            self._bar.console.print(message, style="yellow", markup=False)
        else:
            print(message, file=sys.stderr)

    def _show(self) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, status=self._status())
        elif self._total > 1 and time.monotonic() - self._printed >= _PLAIN_INTERVAL:
            self._printed = time.monotonic()
            left = self._elapsed() / self._done * (self._total - self._done)
            print(f"{self._status()}, {left:.0f} s left", file=sys.stderr)

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _status(self) -> str:
        speed = self._tokens / max(self._elapsed(), 1e-9)
        return (
            f"{self._done}/{self._total} done, {self._agreed} agreed, "
            f"{self._abstained} abstained, {speed:.1f} tokens/s"
        )
