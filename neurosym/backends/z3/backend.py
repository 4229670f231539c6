"""Z3 as a backend for theories: a pool of processes, each theory solved once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.child import closed_error
from neurosym.backends.z3.decide import Finding, decide
from neurosym.backends.z3.explain import chosen_options, evidence_of, in_own_names
from neurosym.backends.z3.lowering import Script, lower
from neurosym.backends.z3.process import Z3Process, Z3Timeout
from neurosym.backends.z3.solutions import Solutions, find_solutions
from neurosym.candidate import Outcome
from neurosym.errors import InputError
from neurosym.formal.fol.theory import OptionTest, Theory
from neurosym.runtime.machine import available_cpus
from neurosym.status import Status
from neurosym.values import Value

__all__ = ["ANSWERS", "Z3Backend"]

ANSWERS = {Status.PROVED: "True", Status.REFUTED: "False", Status.UNKNOWN: "Uncertain"}
"""What a claim is called that is proved, refuted, or known to be undecided by the premises."""

_KEPT = 10_000
"""Findings that are kept for theories that come again."""


def _malformed(error: InputError) -> Outcome:
    """What comes of a theory that Z3 cannot be told: why, and what to do about it."""
    return Outcome(Status.MALFORMED, evidence={"error": f"{error}. {error.hint}".strip()})


class Z3Backend:
    """Decides theories with Z3; see :class:`neurosym.backends.base.Backend`.

    Theories that are equal up to renaming are solved once. Safe to use from several threads and
    event loops.

    Args:
        workers: Processes; ``None`` starts up to one for each CPU. Each starts when it is needed.
    """

    def __init__(self, *, workers: int | None = None) -> None:
        self._threads = ThreadPoolExecutor(
            workers or available_cpus(), thread_name_prefix="neurosym-z3"
        )
        self._lock = threading.Lock()
        self._idle: list[Z3Process] = []
        self._busy: set[Z3Process] = set()
        self._findings: OrderedDict[object, Future[Finding]] = OrderedDict()
        self._closed = False

    async def run(self, formalization: Theory, limits: Limits) -> Outcome:
        """Decide a theory's claim or options.

        Returns:
            ``PROVED``, ``REFUTED``, ``UNKNOWN`` (with a countermodel), ``CONTRADICTION`` or
            ``TIMEOUT`` for a claim, with the answers of :data:`ANSWERS`; ``SOLVED`` with the label
            for options of which one passes. ``MALFORMED`` if it cannot be written out. Evidence is
            that of :func:`neurosym.backends.z3.explain.evidence_of`.

        Raises:
            BackendError: The machinery broke.
        """
        started = time.monotonic()
        try:
            script = await _lowered(formalization)
        except InputError as error:
            return _malformed(error)
        tests = tuple(option.test for option in formalization.options)
        shared = asyncio.wrap_future(self._decided(script, tests, limits))
        try:
            finding = await asyncio.shield(shared)  # others may wait for it
        except asyncio.CancelledError:
            if self._closed and shared.cancelled():  # before its turn came
                raise closed_error() from None
            raise
        return Outcome(
            finding.status,
            _answer(formalization, finding),
            evidence_of(formalization, script, finding),
            seconds=time.monotonic() - started,
        )

    async def solutions(self, theory: Theory, limits: Limits, most: int) -> Solutions:
        """Worlds in which a theory's premises hold, in the theory's names.

        Args:
            theory: Its claim and options play no role.
            limits: What the search may use; ``seconds`` are for all solutions together.
            most: Solutions to stop at.

        Raises:
            InputError: The theory cannot be written out.
            BackendError: The machinery broke.
        """
        plain = replace(theory, claim=None, options=())
        script = await asyncio.to_thread(lower, plain)
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._list, script, limits, most)
        return in_own_names(script, found)

    def _list(self, script: Script, limits: Limits, most: int) -> Solutions:
        process = self._take(limits)
        try:
            return find_solutions(process, script, most, limits.seconds)
        except Z3Timeout:
            return Solutions((), complete=False)
        finally:
            self._give_back(process)

    def _decided(
        self, script: Script, tests: tuple[OptionTest, ...], limits: Limits
    ) -> Future[Finding]:
        key = (script.digest, tests, limits)
        with self._lock:
            if self._closed:
                raise closed_error()
            known = self._findings.get(key)
            if known is not None:
                self._findings.move_to_end(key)
                return known
            future = self._threads.submit(self._decide, script, tests, limits)
            self._findings[key] = future
            if len(self._findings) > _KEPT:
                self._findings.popitem(last=False)
        future.add_done_callback(lambda done: self._forget_failure(key, done))
        return future

    def _forget_failure(self, key: object, done: Future[Finding]) -> None:
        if done.cancelled() or done.exception() is not None:
            with self._lock:
                self._findings.pop(key, None)

    def _decide(self, script: Script, tests: tuple[OptionTest, ...], limits: Limits) -> Finding:
        process = self._take(limits)
        try:
            return decide(process, script, tests, limits.seconds)
        except Z3Timeout:
            if self._closed:
                raise closed_error() from None
            return Finding(Status.TIMEOUT)
        finally:
            self._give_back(process)

    def _take(self, limits: Limits) -> Z3Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive and process.memory_bytes == limits.memory_bytes:
                    self._busy.add(process)
                    return process
                process.kill()
        process = Z3Process(limits.memory_bytes)
        with self._lock:
            self._busy.add(process)
            if not self._closed:
                return process
        process.kill()
        return process

    def _give_back(self, process: Z3Process) -> None:
        with self._lock:
            self._busy.discard(process)
            if process.alive and not self._closed:
                self._idle.append(process)
                return
        process.kill()

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        with self._lock:
            self._closed = True
            idle, busy = [*self._idle], [*self._busy]
            self._idle.clear()
        for process in idle:
            process.kill()
        for process in busy:
            process.interrupt()
        self._threads.shutdown(wait=True, cancel_futures=True)


async def _lowered(theory: Theory) -> Script:
    if not theory.signature.sorts:
        return lower(theory)  # no longer than the theory, and sooner written than handed over
    return await asyncio.to_thread(lower, theory)


def _answer(theory: Theory, finding: Finding) -> Value:
    if theory.claim is not None:
        return ANSWERS.get(finding.status)
    chosen = chosen_options(theory, finding)
    return chosen[0] if finding.status is Status.SOLVED else None
