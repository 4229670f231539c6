"""The process that solvers run in: reads tasks, writes answers, until its input ends.

Started by :class:`neurosym.backends.optimization.workers.Workers`. What solvers print goes
nowhere, so that it cannot get among the answers.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable

from neurosym.backends.child import end_with_parent
from neurosym.backends.optimization.solvers import PACKAGES, SolverName
from neurosym.backends.optimization.task import (
    BEGUN,
    Answer,
    Ending,
    Task,
    read_message,
    write_message,
)

__all__ = ["main"]


def main() -> None:
    """Answer tasks until there are none."""
    end_with_parent()
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    while (message := read_message(source)) is not None:
        sink.write(BEGUN)
        sink.flush()
        name, values = message
        write_message(sink, _solve(name, Task(**values)), name)


def _solve(name: str, task: Task) -> Answer:
    try:
        solver: Callable[[Task], Answer] = importlib.import_module(
            f"neurosym.backends.optimization.{name}"
        ).solve
        return solver(task)
    except ImportError as error:
        package, _ = PACKAGES[SolverName(name)]
        return Answer(Ending.FAILED, name, f"{error}: pip install {package}")
    except Exception as error:
        # A solver may raise anything at all; what it raised is its answer.
        return Answer(Ending.FAILED, name, f"{type(error).__name__}: {error}")
