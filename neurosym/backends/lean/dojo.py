"""Proofs tactic by tactic through LeanDojo, for theorems of a repository that it has traced.

Yang et al. (2023), "LeanDojo: Theorem Proving with Retrieval-Augmented Language Models",
arXiv:2306.15626. It puts a tactic of its own in place of the theorem's proof, in a copy of the
theorem's file, and talks to that.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from neurosym.backends.lean.elaboration import out_of_time
from neurosym.backends.lean.kept import KeptWorkers
from neurosym.backends.lean.optional import killed_after, optional_package, refuse_unless_unsafe
from neurosym.backends.lean.repl import split_file
from neurosym.backends.lean.replay import Point, ReplayProver, Tactics, Walk
from neurosym.backends.lean.step_prover import tactic_proof
from neurosym.backends.lean.tactics import TacticFailure
from neurosym.errors import BackendError, FormulaError, OptionError
from neurosym.formal.lean.theorem import Theorem

__all__ = ["LEAN_DOJO", "DojoProver", "OpenDojo", "dojos_in", "read_goals"]

LEAN_DOJO = "lean-dojo>=4.20,<5"
"""The package, as ``pip`` knows it."""
OpenDojo = Callable[[Theorem], AbstractContextManager[tuple[Any, Any]]]
"""Makes the ``lean_dojo.Dojo`` of a theorem."""
_SECONDS = 600.0
"""Time for a theorem's first state: Lean goes through its file up to there."""
_GRACE = 10.0
"""Seconds that LeanDojo has to see to a time limit itself."""
_LONGEST, _ERASE = 4000, "\x7f"
"""LeanDojo talks to Lean as a terminal does, where a line has less than 4,096 bytes, and the second
of these takes back what was typed."""
_entering = threading.Lock()
"""LeanDojo changes the working folder of this whole process while it starts one."""


def dojos_in(repo: Any, file: str | Path, *, seconds: float = _SECONDS) -> OpenDojo:
    """Dojos of the theorems in a file of a traced repository.

    The theorem that is proved is the one that has the name in that file.

    Args:
        repo: A ``lean_dojo.LeanGitRepo``.
        file: The file's path in it.
        seconds: Time for a theorem's first state.

    Raises:
        BackendError: LeanDojo is not installed.
        FormulaError: Later, of a theorem without a name.
    """
    package = optional_package("lean_dojo", LEAN_DOJO)

    def open_dojo(theorem: Theorem) -> AbstractContextManager[tuple[Any, Any]]:
        if theorem.name is None:
            raise FormulaError(
                "LeanDojo finds a theorem by its name, and this one has none",
                text=theorem.source, line=theorem.spans.whole.line,
                column=theorem.spans.whole.column + 1, hint="Name it as in its file.",
            )  # fmt: skip
        entry = package.Theorem(repo, Path(file), theorem.name)
        dojo: AbstractContextManager[tuple[Any, Any]] = package.Dojo(entry, timeout=int(seconds))
        return dojo

    return open_dojo


def read_goals(shown: str) -> tuple[str, ...]:
    """The goals in a state as LeanDojo shows it: a blank line stands between them."""
    goals = [goal.strip("\n") for goal in shown.split("\n\n")]
    return tuple(goal for goal in goals if goal)


class _Session:
    """One theorem's process, for one thread at a time.

    Args:
        package: LeanDojo.
        dojo: What starts it.
        seconds: Time for each tactic that has to be run again.

    Raises:
        BackendError: It cannot be started.
    """

    def __init__(
        self, package: Any, dojo: AbstractContextManager[tuple[Any, Any]], seconds: float
    ) -> None:
        self._package = package
        self._dojo: Any = dojo
        self.alive = True
        with _entering:
            try:
                _, self._first = dojo.__enter__()
            except Exception as error:  # of many kinds: git, lake, the trace, the theorem
                self.end()
                raise BackendError(
                    f"LeanDojo cannot open the theorem: {type(error).__name__}: {error}",
                    hint="Trace its repository with lean_dojo.trace, and give its full name.",
                ) from error
        self.walk: Walk[TacticFailure] = Walk(self._begin, self._step, seconds)

    def _begin(self, _seconds: float) -> Point | TacticFailure:
        return Point(self._first, read_goals(self._first.pp))

    def _step(self, state: Any, tactic: str, seconds: float) -> Point | TacticFailure:
        package = self._package
        if not isinstance(state, package.TacticState):
            return TacticFailure("no goal is left")
        tactic = tactic.encode(errors="replace").decode()
        if len(json.dumps(tactic, ensure_ascii=False).encode()) > _LONGEST or _ERASE in tactic:
            return TacticFailure("LeanDojo cannot take it: it is too long, or has signs of control")
        try:
            self._dojo.proc.timeout = seconds  # that of each line that it waits for
            with killed_after(seconds + _GRACE, self.kill):
                found = self._dojo.run_tac(state, tactic)
        except package.DojoTacticTimeoutError:
            # What it says to this tactic later it would be taken to say to the next one.
            self.end()
            return TacticFailure(out_of_time(seconds))
        except Exception as error:  # it has ended, or LeanDojo cannot read what it said
            self.end()
            return TacticFailure(f"LeanDojo gave up: {type(error).__name__}: {error}")
        if isinstance(found, package.TacticState):
            return Point(found, read_goals(found.pp))
        if isinstance(found, package.ProofFinished):
            return Point(found, ())
        if isinstance(found, package.ProofGivenUp):
            return TacticFailure("it leaves a goal without a proof")
        return TacticFailure(str(found.error))

    def kill(self) -> None:
        """End the process, which the thread that waits for it then notices."""
        with contextlib.suppress(Exception):
            self._dojo.proc.close(force=True)

    def end(self) -> None:
        """End it."""
        self.alive = False
        with contextlib.suppress(Exception):  # it may not even have begun
            self._dojo.__exit__(None, None, None)
        self.kill()


class DojoProver(ReplayProver):
    """Takes proofs tactic by tactic; see :class:`neurosym.backends.lean.tactics.TacticProver`.

    Args:
        open_dojo: Makes a theorem's ``lean_dojo.Dojo``; see :func:`dojos_in`.
        seconds: Time for each tactic that has to be run again in another process.
        workers: Tactics run at once.
        processes: Processes kept, of theorems or for several tactics of one.
        unsafe: Has to be given: LeanDojo runs Lean with the rights of this process.

    Raises:
        IsolationError: ``unsafe`` was not given.
        OptionError: A number is too small.
        BackendError: LeanDojo is not installed.
    """

    def __init__(
        self,
        open_dojo: OpenDojo,
        *,
        seconds: float = 60.0,
        workers: int = 2,
        processes: int = 4,
        unsafe: bool = False,
    ) -> None:
        super().__init__(seconds)
        refuse_unless_unsafe("LeanDojo", unsafe=unsafe)
        if workers < 1 or processes < workers:
            raise OptionError(
                "there is at least one worker, and a process for each",
                hint="Give positive numbers, and no fewer processes than workers.",
            )
        self._package = optional_package("lean_dojo", LEAN_DOJO)
        self._open = open_dojo
        self._sessions: KeptWorkers[Theorem, _Session] = KeptWorkers(
            self._start, most=processes, spares=False
        )
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="neurosym-dojo")
        self._busy: set[_Session] = set()
        self._closed = False

    def _start(self, theorem: Theorem) -> _Session:
        return _Session(self._package, self._open(theorem), self._seconds)

    async def _goals(
        self, theorem: Theorem, tactics: Tactics, seconds: float
    ) -> tuple[str, ...] | TacticFailure:
        if self._closed:
            raise BackendError("this LeanDojo is closed", hint="Make a new one.")
        try:
            whole = theorem.with_proof(tactic_proof(tactics))
        except FormulaError as error:  # it ends the proof, or is no Lean 4
            return TacticFailure(str(error))
        runs_code = split_file(whole.text).runs_code
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, self._reach, theorem, tactics, seconds, runs_code
        )
        return found.goals if isinstance(found, Point) else found

    def _reach(
        self, theorem: Theorem, tactics: Tactics, seconds: float, runs_code: bool
    ) -> Point | TacticFailure:
        session = self._sessions.take(theorem, lambda item: item.walk.known(tactics))
        reusable = False
        self._busy.add(session)
        try:
            found = session.walk.reach(tactics, seconds)
            reusable = not runs_code
        finally:
            self._busy.discard(session)
            self._sessions.give_back(theorem, session, reusable=reusable)
        return found

    async def aclose(self) -> None:
        """Stop every process. Safe to call twice."""
        self._closed = True
        self._sessions.close()
        for session in self._busy.copy():
            session.kill()
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
