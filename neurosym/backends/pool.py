"""A pool of isolated workers that run model output (see ``sandbox/``)."""

from __future__ import annotations

import asyncio
import itertools
import signal
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from neurosym.backends.base import Limits
from neurosym.backends.sandbox.host import Work, ZygoteProcess
from neurosym.backends.sandbox.layers import Layer, isolates
from neurosym.candidate import Outcome
from neurosym.errors import BackendError, IsolationError
from neurosym.runtime.machine import available_cpus
from neurosym.status import Status
from neurosym.values import Value, decode, encode

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
_AT_ONCE = 4
"""Jobs one zygote runs at once, so that one that hangs does not hold up the others."""
_PROGRAM_LIBRARIES = (
    "math", "cmath", "fractions", "decimal", "datetime", "calendar", "statistics", "itertools",
    "functools", "collections", "operator", "re", "string", "random", "heapq", "bisect", "typing",
    "dataclasses", "sympy", "numpy", "numpy.random",
)  # fmt: skip
_CALL_LIBRARIES = ("sympy", "neurosym.answers.symbolic")


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
        self._programs = _Group(self.workers, _PROGRAM_LIBRARIES, frozenset(layers), unsafe)
        self._calls = _Group(1, _CALL_LIBRARIES, frozenset(layers), unsafe)

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
        message = {**_job_to_json(job), "limits": asdict(limits)}
        group = self._programs if isinstance(job, RunProgram) else self._calls
        future = await asyncio.to_thread(group.submit, message)
        return _outcome(await asyncio.wrap_future(future), limits)

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


def _outcome(report: dict[str, Any], limits: Limits) -> Outcome:
    result = report["result"]
    evidence = {name: report[name] for name in ("stdout", "stderr") if report[name]}
    status, answer = Status.FAILED, None
    if report["timed_out"] or report["exit"] == -24:  # SIGXCPU
        status = Status.TIMEOUT
        evidence["error"] = f"the program took more than its {limits.seconds:g} seconds"
    elif report["exit"] != 0 or result is None:
        evidence["error"] = _how_it_ended(report["exit"])
    else:
        try:
            status = Status(result["status"])
            if status is Status.SOLVED:
                answer = decode(result["answer"])
        except (KeyError, TypeError, ValueError) as error:
            status = Status.FAILED
            evidence["error"] = f"the program left a result that is no answer: {error}"
        for name in ("error", "traceback"):
            if isinstance(text := result.get(name), str) and text:
                evidence.setdefault(name, text)
    return Outcome(status, answer, evidence, report["seconds"], report["memory_bytes"])


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"the program was killed by {signal.Signals(-code).name}"
    if code > 0:
        return f"the program ended its process with code {code}"
    return "the program tampered with its result"


class _Group:
    """Zygotes of one kind and the jobs that wait for them."""

    def __init__(
        self, size: int, preload: Iterable[str], layers: frozenset[Layer], unsafe: bool
    ) -> None:
        self._size = size
        self._preload = ",".join(preload)
        self._wanted = layers
        self._unsafe = unsafe
        self._lock = threading.Lock()
        self._zygotes: list[ZygoteProcess] = []
        self._waiting: deque[Work] = deque()
        self._ids = itertools.count()
        self._closed = False

    def submit(self, message: dict[str, Any]) -> Future[dict[str, Any]]:
        self._start()
        work = Work({"id": next(self._ids), **message}, Future())
        self._dispatch([work])
        return work.future

    def layers(self) -> tuple[frozenset[Layer], Mapping[Layer, str]]:
        zygote = ZygoteProcess(self._preload, self._wanted, self._dispatch)
        zygote.stop()
        return zygote.layers, zygote.missing

    def _start(self) -> None:
        with self._lock:
            if self._closed:
                raise BackendError("the pool is closed", hint="Make a new one.")
            self._zygotes = [zygote for zygote in self._zygotes if zygote.alive]
            while len(self._zygotes) < self._size:
                zygote = ZygoteProcess(self._preload, self._wanted, self._dispatch)
                self._zygotes.append(zygote)
                if not isolates(zygote.layers) and not self._unsafe:
                    self._zygotes.remove(zygote)
                    zygote.stop()
                    reasons = "; ".join(
                        f"{layer.value}: {why}" for layer, why in zygote.missing.items()
                    )
                    raise IsolationError(
                        f"this machine cannot isolate programs ({reasons})",
                        hint="Run `neurosym doctor` for what is missing, or accept the risk that "
                        "model output runs with your rights by giving --unsafe.",
                    )

    def _dispatch(self, more: list[Work]) -> None:
        """Hand waiting jobs to the zygotes that have room."""
        with self._lock:
            self._waiting.extend(more)
            while self._waiting and not self._closed:
                alive = [zygote for zygote in self._zygotes if zygote.alive]
                zygote = min(alive, key=lambda item: item.load, default=None)
                if zygote is None or zygote.load >= _AT_ONCE:
                    return
                zygote.send(self._waiting.popleft())

    def close(self) -> None:
        with self._lock:
            self._closed = True
            zygotes, self._zygotes = self._zygotes, []
            waiting, self._waiting = list(self._waiting), deque()
        for zygote in zygotes:
            zygote.stop()
        for work in waiting:
            work.future.cancel()
