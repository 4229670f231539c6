"""A pool of isolated workers that run model output (see ``sandbox/``)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from neurosym.backends.base import Limits
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.recipe import Recipe
from neurosym.backends.sandbox.report import Report, how_it_ended, ran_out_of_cpu
from neurosym.backends.zygotes import ZygoteGroup
from neurosym.candidate import Outcome
from neurosym.runtime.machine import available_cpus
from neurosym.status import Status
from neurosym.values import Value, encode

__all__ = ["Call", "Job", "Pool", "RunProgram"]


@dataclass(frozen=True, slots=True)
class RunProgram:
    """Run Python source and call its entry function without arguments."""

    source: str
    entry: str = "solution"


@dataclass(frozen=True, slots=True)
class Call:
    """Call one of neurosym's own functions on plain data, in isolation all the same.

    For work on hostile or endless input, such as parsing a model's LaTeX.

    Attributes:
        target: ``"package.module:function"``, inside ``neurosym`` only.
        args: Its positional arguments.
    """

    target: str
    args: tuple[Value, ...] = ()


Job: TypeAlias = RunProgram | Call

_MAX_SOURCE = 200_000
"""Characters of the longest program."""
_PROGRAM_LIBRARIES = (
    "math", "cmath", "fractions", "decimal", "datetime", "calendar", "statistics", "itertools",
    "functools", "collections", "operator", "re", "string", "random", "heapq", "bisect", "typing",
    "dataclasses", "sympy", "numpy", "numpy.random",
)  # fmt: skip
_CALL_LIBRARIES = ("sympy", "neurosym.answers.symbolic", "neurosym.backends.algebra")


class Pool:
    """Zygotes for programs and for calls, started when the first job of their kind comes.

    Safe to use from several threads and event loops.

    Args:
        workers: Zygotes for programs; ``None`` starts one for each CPU, up to four.
        unsafe: Run jobs even where no isolation can be had.
        layers: Layers of isolation to use where this machine offers them.

    Attributes:
        workers: Zygotes for programs.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        unsafe: bool = False,
        layers: Iterable[Layer] = tuple(Layer),
    ) -> None:
        self.workers = workers or min(4, available_cpus())
        wanted = frozenset(layers)
        self._programs = ZygoteGroup(
            self.workers, Recipe(wanted, _PROGRAM_LIBRARIES), unsafe=unsafe
        )
        self._calls = ZygoteGroup(1, Recipe(wanted, _CALL_LIBRARIES), unsafe=unsafe)

    async def run(self, job: Job, limits: Limits) -> Outcome:
        """Run one job in a process of its own.

        Args:
            job: What to run.
            limits: What it may use.

        Returns:
            ``SOLVED`` with the answer, or ``FAILED``, ``TIMEOUT``, ``OUT_OF_MEMORY`` or
            ``MALFORMED`` with evidence ``error`` and ``traceback``; ``stdout`` and ``stderr`` are
            in the evidence where there are any.

        Raises:
            BackendError: The machinery broke twice.
            IsolationError: No isolation is available and ``unsafe`` was not given.
        """
        if isinstance(job, RunProgram) and len(job.source) > _MAX_SOURCE:
            return Outcome(Status.MALFORMED, evidence={"error": "the program is too long"})
        group = self._programs if isinstance(job, RunProgram) else self._calls
        return _outcome(await group.report(_job_to_json(job), limits), limits)

    async def layers(self) -> tuple[frozenset[Layer], Mapping[Layer, str]]:
        """The layers that are active on this machine, and why the others are not.

        Raises:
            BackendError: A zygote cannot be started.
        """
        return await asyncio.to_thread(self._programs.layers)

    async def aclose(self) -> None:
        """Stop every worker. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._programs.close()
        self._calls.close()


def _job_to_json(job: Job) -> dict[str, Any]:
    if isinstance(job, RunProgram):
        return {"source": job.source, "entry": job.entry}
    return {"target": job.target, "args": [encode(item) for item in job.args]}


def _outcome(report: Report, limits: Limits) -> Outcome:
    result = report.result
    evidence = {"stdout": report.stdout, "stderr": report.stderr}
    status, answer = Status.FAILED, None
    if report.exit == 0 and result is not None:
        status, answer = result.status, result.answer
        evidence |= {"error": result.error, "traceback": result.traceback}
    elif report.timed_out or ran_out_of_cpu(report, limits):
        status = Status.TIMEOUT
        seconds = limits.seconds if report.timed_out else limits.cpu_seconds
        of_what = "" if report.timed_out else " of processor time"
        evidence["error"] = f"the program took more than its {seconds:g} seconds{of_what}"
    else:
        evidence["error"] = how_it_ended(report.exit)
    present = {name: text for name, text in evidence.items() if text}
    return Outcome(status, answer, present, report.seconds, report.memory_bytes)
