"""The front door: a solver with its machinery, for sync and async callers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import AsyncGeneratorType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from neurosym.backends.base import Limits
from neurosym.backends.optimization.solvers import read_solver
from neurosym.backends.provers import ProverName
from neurosym.budget import Budget, Meter
from neurosym.domains import default_translators
from neurosym.engines.base import Engine
from neurosym.engines.named import EngineSpec, read_engine
from neurosym.errors import (
    BackendError,
    ContextOverflowError,
    InputError,
    NeurosymError,
    OptionError,
    ProblemError,
)
from neurosym.kinds import problem_in_words
from neurosym.problem import Kind, Problem
from neurosym.runtime.feed import Feed, problems_in_flight
from neurosym.runtime.loop_thread import LoopThread, run_apart
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.records import solution_from_json, solution_to_json
from neurosym.runtime.runlog import SOLUTION, WorkKey
from neurosym.runtime.session import Session
from neurosym.selection.calibration import Calibration
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution
from neurosym.strategies.base import Strategy
from neurosym.strategies.sample_and_vote import SampleAndVote
from neurosym.translators.base import Translator
from neurosym.workshop import Options, Workshop

if TYPE_CHECKING:
    from neurosym.backends.lean.settings import LeanSettings

__all__ = ["Solver"]


class Solver:
    """Solves problems in plain words.

    Opens its machinery (weights, sandbox, log) at the first problem and keeps it until it is
    closed; use it as a context manager, or close it. Safe to use from several threads.

    Args:
        strategy: How a budget is spent; see :class:`neurosym.strategies.vote.SampleAndVote`.
        translator: Turns problems of its kind into prompts, and completions into formal objects; or
            several of them. Other kinds have those of
            :func:`neurosym.domains.default_translators`.
        engine: A running engine, which stays the caller's, or the name of one to start; see
            :func:`neurosym.engines.named.read_engine`.
        model: The model of an engine that is named; ``None`` is its usual one.
        threads: Threads of its model; ``None`` takes the CPUs really available.
        record: File in which its samples are kept, and from which they are not drawn again.
        budget: What one problem may cost.
        total: What all problems together may cost, from the first one on. It is exceeded by no more
            than the samples in flight; problems that come after it is spent are abstentions, which
            a run takes up again.
        limits: What one program may use.
        run: Directory of a run log, from which an interrupted run goes on.
        prover: What decides theories.
        solver: What solves optimization models, such as ``"scip"`` or ``"auto(gap=0.01)"``;
            ``None`` chooses by their structure.
        lean: The Lean that judges proofs; ``None`` looks for one.
        unsafe: Run model output even where this machine offers no isolation for it.
        workers: A Ray cluster, as ``ray://HOST:10001``, each machine of which runs the engine, if
            it is named, and formal objects; see :class:`neurosym.cluster.connection.Cluster`.
        concurrency: Problems worked on at once; ``None`` chooses it to keep the engine full.

    Raises:
        OptionError: An option has an impossible value.
    """

    def __init__(
        self,
        strategy: Strategy | None = None,
        *,
        translator: Translator[Any] | Iterable[Translator[Any]] = (),
        engine: Engine | str = "llamacpp",
        model: str | Path | None = None,
        threads: int | None = None,
        record: str | Path | None = None,
        budget: Budget | None = None,
        total: Budget | None = None,
        limits: Limits | None = None,
        run: str | Path | None = None,
        prover: ProverName = ProverName.Z3,
        solver: str | None = None,
        lean: LeanSettings | None = None,
        unsafe: bool = False,
        workers: str | None = None,
        concurrency: int | None = None,
    ) -> None:
        if concurrency is not None and concurrency < 1:
            raise OptionError(f"concurrency is {concurrency}", hint="Work on at least one problem.")
        if isinstance(engine, str):
            started: Engine | EngineSpec = read_engine(engine, model=model, threads=threads)
        elif model is not None or threads is not None or record is not None:
            raise OptionError(
                "model, threads and record are for an engine that is started by its name",
                hint="Give model and threads to the engine itself, and for a record wrap it: "
                "neurosym.engines.recording.RecordingEngine(engine, record).",
            )
        else:
            started = engine
        self.strategy: Strategy = strategy or SampleAndVote()
        given = [translator] if isinstance(translator, Translator) else translator
        self._options = Options(
            strategy=self.strategy,
            translators={**default_translators(), **{item.kind: item for item in given}},
            engine=started,
            record=record,
            budget=budget or Budget(),
            total=total or Budget(),
            limits=limits or Limits(),
            run=None if run is None else Path(run),
            prover=prover,
            solver=str(read_solver(solver)),
            lean=lean,
            unsafe=unsafe,
            workers=workers,
        )
        self._concurrency = concurrency
        self._workshop: Workshop | None = None
        self._opening = threading.Lock()
        self._starting = threading.Lock()
        self._runner: LoopThread | None = None

    # ---------------------------------------------------------------- solving

    async def asolve(self, problem: str | Problem) -> Solution:
        """Solve one problem.

        Raises:
            ProblemError: The question is empty, or of a kind that this machine has nothing for.
            OptionError: The strategy needs what is not here, such as a calibration.
            ContextOverflowError: It does not fit the model's context window.
            ModelError: The weights cannot be used.
            EngineError: The model could not be run.
            BackendError: The backend broke.
            RunLogError: The run directory cannot be used.
        """
        problem = _as_problem(problem, _name(0))
        machinery = await self._open()
        return await self._solve(problem, machinery)

    async def asolve_many(self, problems: Iterable[str | Problem]) -> AsyncGenerator[Solution]:
        """Solve many problems at once, yielding each solution as it is ready.

        Problems are taken from the iterable as there is room, in a thread of its own, so it may be
        endless and may wait. A problem that cannot be used, or is too long for the model, is an
        abstention; every other error of :meth:`asolve` ends the iteration, after what is finished
        by then.
        """
        machinery = await self._open()
        room = self._room(machinery.engine)
        feed = Feed(enumerate(problems))
        reading: asyncio.Future[tuple[int, str | Problem] | None] | None = None
        solving: set[asyncio.Future[Solution]] = set()
        is_over = False
        try:
            while True:
                if reading is None and not is_over and len(solving) < room:
                    reading = feed.ask()
                waiting: set[asyncio.Future[Any]] = {*solving}
                if reading is not None:
                    waiting.add(reading)
                if not waiting:
                    return
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                finished = sorted(done & solving, key=_has_failed)
                solving -= done
                if reading in done and (reading.exception() is None or not finished):
                    taken, reading = reading.result(), None
                    if taken is None:
                        is_over = True
                    else:
                        work = self._solve_or_abstain(taken[0], taken[1], machinery)
                        solving.add(asyncio.ensure_future(work))
                for task in finished:
                    yield task.result()
        finally:
            feed.close()
            for task in solving:
                task.cancel()
            await asyncio.gather(*solving, return_exceptions=True)

    def solve(self, problem: str | Problem) -> Solution:
        """Solve one problem; :meth:`asolve` for callers without an event loop."""
        return self._loop_thread().run(self.asolve(problem))

    def solve_many(self, problems: Iterable[str | Problem]) -> Iterator[Solution]:
        """Solve many problems; :meth:`asolve_many` for callers without an event loop."""
        runner = self._loop_thread()
        solutions = self.asolve_many(problems)

        async def following() -> Solution | None:
            return await anext(solutions, None)

        async def close() -> None:
            assert isinstance(solutions, AsyncGeneratorType)
            while solutions.ag_running:  # an interrupted call is still on its way out
                await asyncio.sleep(0.01)
            await solutions.aclose()

        try:
            while (solution := runner.run(following())) is not None:
                yield solution
        finally:
            runner.finish(close())

    def calibration(self, kind: Kind) -> Calibration:
        """How far votes on a kind of problem are trusted; opens the machinery if need be.

        Raises:
            ModelError: The weights cannot be used.
            EngineError: The model could not be run.
            InputError: A calibration is damaged.
            RunLogError: The run directory cannot be used.
        """
        return self._open_blocking().domains.calibration(kind)

    # ---------------------------------------------------------------- life

    async def aclose(self) -> None:
        """Stop the machinery and let go of the run directory. Safe to call twice.

        What is being solved ends with an error.
        """
        await asyncio.to_thread(self._stop_loop_thread)
        workshop = await asyncio.to_thread(self._take_workshop)
        if workshop is not None:
            await workshop.aclose()

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        run_apart(self.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    # ---------------------------------------------------------------- inside

    def _room(self, engine: Engine) -> int:
        return self._concurrency or problems_in_flight(engine.info.parallel, self.strategy.samples)

    async def _open(self) -> Machinery:
        if self._workshop is not None:
            return self._workshop.machinery
        # Weights take seconds to load; the loop stays free meanwhile.
        return (await asyncio.to_thread(self._open_blocking)).machinery

    def _open_blocking(self) -> Workshop:
        with self._opening:
            if self._workshop is None:
                self._workshop = Workshop(self._options)
            return self._workshop

    def _take_workshop(self) -> Workshop | None:
        with self._opening:  # or what is being opened would stay
            workshop, self._workshop = self._workshop, None
            return workshop

    async def _solve(self, problem: Problem, machinery: Machinery) -> Solution:
        key = WorkKey(problem.digest, SOLUTION)
        if machinery.log is not None and (data := machinery.log.get(key)) is not None:
            solved = replace(solution_from_json(data), problem_id=problem.id)
            machinery.spent.add(solved.usage)
            return solved
        strategy = self.strategy.with_seed(problem.own_seed(self.strategy.seed))
        try:
            domain = await asyncio.to_thread(machinery.domain, problem.kind)
        except BackendError as error:
            # What this machine lacks for one kind of problem stops no other.
            kind = problem.kind.value
            raise ProblemError(
                f"problems of kind {kind!r} cannot be solved on this machine: {error}",
                hint=error.hint,
            ) from error
        session = Session(machinery, domain, Meter(self._options.budget, machinery.spent))
        solution = await strategy.solve(problem, session)
        # What the budget of all cut short is not finished: with more of it, the run goes on there.
        if machinery.log is not None and not session.meter.was_cut:
            machinery.log.put(key, solution_to_json(solution))
        return solution

    async def _solve_or_abstain(
        self, index: int, given: str | Problem, machinery: Machinery
    ) -> Solution:
        name = given.id if isinstance(given, Problem) else _name(index)
        try:
            return await self._solve(_as_problem(given, name), machinery)
        except OptionError:
            raise  # it is no fault of the problem
        except InputError as error:
            return _abstain(name, AbstentionReason.UNUSABLE, error)
        except ContextOverflowError as error:
            return _abstain(name, AbstentionReason.TOO_LONG, error)

    def _loop_thread(self) -> LoopThread:
        with self._starting:
            if self._runner is None:
                self._runner = LoopThread()
            return self._runner

    def _stop_loop_thread(self) -> None:
        with self._starting:
            runner, self._runner = self._runner, None
        if runner is not None:
            runner.stop()


def _name(index: int) -> str:
    return f"question-{index + 1}"


def _as_problem(given: str | Problem, name: str) -> Problem:
    return problem_in_words(given, name) if isinstance(given, str) else given


def _abstain(name: str, reason: AbstentionReason, error: NeurosymError) -> Solution:
    return Solution(
        problem_id=name,
        answer=None,
        abstention=Abstention(reason, str(error)),
        confidence=0.0,
        selection=Selection(candidate=None, label=None),
    )


def _has_failed(task: asyncio.Future[Solution]) -> bool:
    return task.cancelled() or task.exception() is not None
