"""A pool of isolated workers that run model output (see ``sandbox/``)."""

from __future__ import annotations

import asyncio
import itertools
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from neurosym.backends.base import Limits
from neurosym.backends.sandbox.host import Work, ZygoteProcess
from neurosym.backends.sandbox.layers import Layer, isolates
from neurosym.backends.sandbox.report import Report
from neurosym.candidate import Outcome
from neurosym.errors import BackendError, IsolationError
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
_AT_ONCE = 4
"""Jobs one zygote runs at once, so that one that hangs does not hold up the others."""
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
        group = self._programs if isinstance(job, RunProgram) else self._calls
        # Only starting zygotes takes time; handing a job to one that runs does not.
        if group.is_complete():
            future = group.submit(_job_to_json(job), limits)
        else:
            future = await asyncio.to_thread(group.submit, _job_to_json(job), limits)
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


def _outcome(report: Report, limits: Limits) -> Outcome:
    result = report.result
    evidence = {"stdout": report.stdout, "stderr": report.stderr}
    status, answer = Status.FAILED, None
    if report.exit == 0 and result is not None:
        status, answer = result.status, result.answer
        evidence |= {"error": result.error, "traceback": result.traceback}
    elif report.timed_out or _ran_out_of_cpu(report, limits):
        status = Status.TIMEOUT
        seconds = limits.seconds if report.timed_out else limits.cpu_seconds
        of_what = "" if report.timed_out else " of processor time"
        evidence["error"] = f"the program took more than its {seconds:g} seconds{of_what}"
    else:
        evidence["error"] = _how_it_ended(report.exit)
    present = {name: text for name, text in evidence.items() if text}
    return Outcome(status, answer, present, report.seconds, report.memory_bytes)


def _ran_out_of_cpu(report: Report, limits: Limits) -> bool:
    # The signal can be ignored; what kills it a second later looks like any other kill.
    is_over = report.exit == -signal.SIGKILL and report.cpu_seconds >= limits.cpu_seconds
    return report.exit == -signal.SIGXCPU or is_over


def _how_it_ended(code: int) -> str:
    if code < 0:
        known = {number.value: number.name for number in signal.Signals}
        return f"the program was killed by {known.get(-code, f'signal {-code}')}"
    if code > 0:
        return f"the program ended its process with code {code}"
    return "the program left a result that is no answer"


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
        self._starting = threading.Lock()
        self._zygotes: list[ZygoteProcess] = []
        self._waiting: deque[Work] = deque()
        self._ids = itertools.count()
        self._closed = False

    def is_complete(self) -> bool:
        return len(self._alive()) == self._size

    def submit(self, job: dict[str, Any], limits: Limits) -> Future[Report]:
        self._start()
        work = Work(next(self._ids), job, limits, Future())
        self._dispatch([work])
        if not self._alive():  # they broke in between, too early to know of this job
            self._start()
            self._dispatch()
        return work.future

    def layers(self) -> tuple[frozenset[Layer], Mapping[Layer, str]]:
        with _starting():
            zygote = self._new_zygote()
        zygote.stop()
        return zygote.layers, zygote.missing

    def _new_zygote(self) -> ZygoteProcess:
        return ZygoteProcess(self._preload, self._wanted, self._dispatch, self._take_back)

    def _start(self) -> None:
        """Start the zygotes that are missing, all at once.

        While there is one that can work, only one caller waits for the others.
        """
        if not self._starting.acquire(blocking=not self._alive()):
            return
        try:
            missing = self._size - len(self._alive())
            if missing > 0:
                with _starting(), ThreadPoolExecutor(missing) as threads:
                    for future in [threads.submit(self._add_zygote) for _ in range(missing)]:
                        future.result()
        finally:
            self._starting.release()

    def _alive(self) -> list[ZygoteProcess]:
        with self._lock:
            if self._closed:
                raise _closed()
            self._zygotes = [zygote for zygote in self._zygotes if zygote.alive]
            return list(self._zygotes)

    def _add_zygote(self) -> None:
        zygote = self._new_zygote()
        if not isolates(zygote.layers) and not self._unsafe:
            zygote.stop()
            reasons = "; ".join(f"{layer.value}: {why}" for layer, why in zygote.missing.items())
            raise IsolationError(
                f"this machine cannot isolate programs ({reasons})",
                hint="Run `neurosym doctor` for what is missing, or accept the risk that "
                "model output runs with your rights by giving --unsafe.",
            )
        with self._lock:
            if not self._closed:
                self._zygotes.append(zygote)
                return
        zygote.stop()
        raise _closed()

    def _dispatch(self, more: Iterable[Work] = ()) -> None:
        """Hand waiting jobs to the zygotes that have room."""
        with self._lock:
            self._waiting.extend(more)
            unwanted: list[Work] = []
            if self._closed:
                unwanted.extend(self._waiting)
                self._waiting.clear()
            while self._waiting:
                alive = [zygote for zygote in self._zygotes if zygote.alive]
                zygote = min(alive, key=lambda item: item.load, default=None)
                if zygote is None or zygote.load >= _AT_ONCE:
                    break
                work = self._waiting.popleft()
                if not work.future.cancelled() and not zygote.send(work):
                    self._waiting.appendleft(work)
        for work in unwanted:
            work.fail(_closed())

    def _take_back(self, lost: list[Work]) -> None:
        """Give the work of a zygote that broke to others, in place of which a new one starts."""
        with self._lock:
            self._waiting.extendleft(lost)
            is_needed = bool(self._waiting) and not self._closed
        try:
            if is_needed:
                self._start()
        except BackendError as error:
            with self._lock:
                waiting, self._waiting = self._waiting, deque()
            for work in waiting:
                work.fail(error)
        self._dispatch()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            zygotes, self._zygotes = self._zygotes, []
        for zygote in zygotes:
            zygote.stop()
        self._dispatch()


@contextmanager
def _starting() -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # no descriptors, memory, processes or threads left
        raise BackendError(
            f"no process for programs can be started: {error}",
            hint="Close other programs, or raise the limits that `ulimit -a` shows.",
        ) from error


def _closed() -> BackendError:
    return BackendError("the pool is closed", hint="Make a new one.")
