"""The front door: a solver with its machinery, for sync and async callers."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from types import AsyncGeneratorType, TracebackType
from typing import Any, Self, TypeVar

from neurosym import _version
from neurosym.backends.base import Limits
from neurosym.budget import Budget, Meter
from neurosym.engines.base import Engine
from neurosym.errors import ContextOverflowError, OptionError
from neurosym.formal.program import Program
from neurosym.problem import Kind, Problem
from neurosym.runtime.paths import calibration_folders
from neurosym.runtime.records import solution_from_json, solution_to_json
from neurosym.runtime.runlog import SOLUTION, RunLog, WorkKey
from neurosym.runtime.session import Machinery, Session
from neurosym.selection.calibration import Calibration, load_calibration
from neurosym.solution import Abstention, AbstentionReason, Selection, Solution
from neurosym.strategies.vote import SampleAndVote
from neurosym.translators.base import Translator, prompt_digest
from neurosym.translators.python import PythonTranslator
from neurosym.translators.verifier import VerifierTranslator

__all__ = ["Solver", "problems_in_flight"]

T = TypeVar("T")

_LOG = logging.getLogger("neurosym")
_PACKAGES = ("math-verify", "numpy", "sympy")
"""Libraries that programs and comparisons run on, so that results depend on them."""


class Solver:
    """Solves problems in plain words.

    Opens its machinery (weights, sandbox, log) at the first problem and keeps it until it is
    closed; use it as a context manager, or close it. Safe to use from several threads.

    Args:
        strategy: How a budget is spent; see :class:`neurosym.strategies.vote.SampleAndVote`.
        translator: Turns problems into prompts and completions into programs; ``None`` takes
            :class:`neurosym.translators.python.PythonTranslator` with its exemplars.
        engine: A running engine, which stays the caller's; ``None`` starts the embedded one.
        model: A known model's name or the path of a GGUF file, for the embedded engine.
        threads: Threads of the embedded engine; ``None`` takes the CPUs really available.
        budget: What one problem may cost.
        limits: What one program may use.
        run: Directory of a run log, from which an interrupted run goes on.
        unsafe: Run model output even where this machine offers no isolation for it.
        concurrency: Problems worked on at once; ``None`` chooses it to keep the engine full.

    Raises:
        OptionError: An option has an impossible value.
    """

    def __init__(
        self,
        strategy: SampleAndVote | None = None,
        *,
        translator: Translator[Program] | None = None,
        engine: Engine | None = None,
        model: str | Path | None = None,
        threads: int | None = None,
        budget: Budget | None = None,
        limits: Limits | None = None,
        run: str | Path | None = None,
        unsafe: bool = False,
        concurrency: int | None = None,
    ) -> None:
        if concurrency is not None and concurrency < 1:
            raise OptionError(f"concurrency is {concurrency}", hint="Work on at least one problem.")
        self.strategy = strategy or SampleAndVote()
        self._translator = translator or PythonTranslator()
        self._engine = engine
        self._owns_engine = engine is None
        self._model = model
        self._threads = threads
        self._budget = budget or Budget()
        self._limits = limits or Limits()
        self._run = None if run is None else Path(run)
        self._unsafe = unsafe
        self._concurrency = concurrency
        self._machinery: Machinery | None = None
        self._opening = threading.Lock()
        self._runner: _LoopThread | None = None

    # ---------------------------------------------------------------- solving

    async def asolve(self, problem: str | Problem) -> Solution:
        """Solve one problem.

        Raises:
            ProblemError: The question cannot be used.
            ContextOverflowError: It does not fit the model's context window.
            ModelError: The weights cannot be used.
            EngineError: The model could not be run.
            BackendError: The backend broke.
            RunLogError: The run directory cannot be used.
        """
        problem = self._as_problem(problem, 0)
        machinery = await self._open()
        return await self._solve(problem, machinery)

    async def asolve_many(self, problems: Iterable[str | Problem]) -> AsyncGenerator[Solution]:
        """Solve many problems at once, yielding each solution as it is ready.

        Problems are taken from the iterable as there is room, so it may be endless. A question too
        long for the model is an abstention; every other error of :meth:`asolve` ends the iteration.
        """
        machinery = await self._open()
        source = enumerate(problems)
        pending: set[asyncio.Task[Solution]] = set()
        try:
            while True:
                room = self._room(machinery.engine) - len(pending)
                for _, (index, problem) in zip(range(room), source, strict=False):
                    solving = self._solve_or_abstain(self._as_problem(problem, index), machinery)
                    pending.add(asyncio.ensure_future(solving))
                if not pending:
                    return
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    def solve(self, problem: str | Problem) -> Solution:
        """Solve one problem; :meth:`asolve` for callers without an event loop."""
        return self._block_on(self.asolve(problem))

    def solve_many(self, problems: Iterable[str | Problem]) -> Iterator[Solution]:
        """Solve many problems; :meth:`asolve_many` for callers without an event loop."""
        solutions = self.asolve_many(problems)

        async def following() -> Solution | None:
            return await anext(solutions, None)

        async def close() -> None:
            assert isinstance(solutions, AsyncGeneratorType)
            while solutions.ag_running:  # an interrupted call is still on its way out
                await asyncio.sleep(0.01)
            await solutions.aclose()

        try:
            while (solution := self._block_on(following())) is not None:
                yield solution
        finally:
            self._block_on(close())

    # ---------------------------------------------------------------- life

    async def aclose(self) -> None:
        """Stop the machinery and let go of the run directory. Safe to call twice."""
        machinery, self._machinery = self._machinery, None
        if machinery is None:
            return
        await machinery.backend.aclose()
        if self._owns_engine:
            await machinery.engine.aclose()
        if machinery.log is not None:
            machinery.log.close()

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        if self._machinery is not None:
            self._block_on(self.aclose())
        if self._runner is not None:
            self._runner.stop()
            self._runner = None

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

    @staticmethod
    def _as_problem(problem: str | Problem, index: int) -> Problem:
        return Problem(f"question-{index + 1}", problem) if isinstance(problem, str) else problem

    def _room(self, engine: Engine) -> int:
        return self._concurrency or problems_in_flight(engine.info.parallel, self.strategy.samples)

    async def _open(self) -> Machinery:
        if self._machinery is None:
            # Weights take seconds to load; the loop stays free meanwhile.
            await asyncio.to_thread(self._open_blocking)
        assert self._machinery is not None
        return self._machinery

    def _open_blocking(self) -> None:
        from neurosym.answers.equivalence import Equivalence
        from neurosym.backends.pool import Pool
        from neurosym.backends.python import PythonBackend

        with self._opening:
            if self._machinery is not None:
                return
            engine = self._engine or self._start_engine()
            pool = Pool(unsafe=self._unsafe)
            calibration = load_calibration(engine.info.model, Kind.MATH, calibration_folders())
            self._machinery = Machinery(
                engine=engine,
                translator=self._translator,
                backend=PythonBackend(pool),
                equivalence=Equivalence(pool),
                calibration=calibration,
                limits=self._limits,
                log=self._open_log(engine, calibration),
            )

    def _start_engine(self) -> Engine:
        from neurosym.engines.llamacpp import LlamaCppEngine
        from neurosym.engines.models import DEFAULT_MODEL

        return LlamaCppEngine(self._model or DEFAULT_MODEL, threads=self._threads)

    def _open_log(self, engine: Engine, calibration: Calibration) -> RunLog | None:
        if self._run is None:
            return None
        log = RunLog(self._run, self._depends_on(engine, calibration))
        if log.repaired_bytes:
            _LOG.warning(
                "%s ended in a torn line of %d bytes, which was cut off; its work is done again",
                log.path,
                log.repaired_bytes,
            )
        return log

    def _depends_on(self, engine: Engine, calibration: Calibration) -> dict[str, Any]:
        info = asdict(engine.info)
        del info["parallel"]  # a run may go on with more or fewer slots
        probe = Problem("probe", "?")  # its prompt differs whenever the words around it do
        return {
            "neurosym": _version.__version__,
            "packages": {name: version(name) for name in _PACKAGES},
            "engine": info,
            "prompts": {
                f"{translator.name} {variant}": prompt_digest(translator.prompt(probe, variant))
                for translator in (self._translator, VerifierTranslator(0))
                for variant in range(translator.variants)
            },
            "strategy": {"name": "vote", **asdict(self.strategy)},
            "calibration": asdict(calibration),
            "budget": asdict(self._budget),
            "limits": asdict(self._limits),
        }

    async def _solve(self, problem: Problem, machinery: Machinery) -> Solution:
        if problem.kind is not Kind.MATH:
            raise OptionError(
                f"problems of kind {problem.kind.value!r} cannot be translated yet",
                hint="This version solves problems of kind 'math'.",
            )
        # Two questions under one id are two pieces of work.
        named = replace(problem, id=f"{problem.id}#{_digest(problem)}")
        key = WorkKey(named.id, SOLUTION)
        if machinery.log is not None and (data := machinery.log.get(key)) is not None:
            return solution_from_json(data)
        strategy = replace(self.strategy, seed=_problem_seed(self.strategy.seed, problem))
        session = Session(machinery, Meter(self._budget))
        solution = await strategy.solve(named, session)
        solution = replace(solution, problem_id=problem.id)
        if machinery.log is not None:
            machinery.log.put(key, solution_to_json(solution))
        return solution

    async def _solve_or_abstain(self, problem: Problem, machinery: Machinery) -> Solution:
        try:
            return await self._solve(problem, machinery)
        except ContextOverflowError as error:
            return Solution(
                problem_id=problem.id,
                answer=None,
                abstention=Abstention(AbstentionReason.TOO_LONG, str(error)),
                confidence=0.0,
                selection=Selection(candidate=None, label=None),
            )

    def _block_on(self, work: Coroutine[Any, Any, T]) -> T:
        if self._runner is None:
            self._runner = _LoopThread()
        return self._runner.run(work)


def problems_in_flight(parallel: int, samples: int) -> int:
    """Problems to work on at once: enough to fill the engine while others are verified.

    Args:
        parallel: Samples the engine works on at once.
        samples: Samples of each problem.
    """
    return max(2, math.ceil(parallel / samples) + 1)


class _LoopThread:
    """An event loop in a thread of its own.

    So all sync calls share one loop, and its tasks live on between them.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="neurosym-loop", daemon=True
        )
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _digest(problem: Problem) -> str:
    text = "\x1f".join([problem.kind, problem.question, problem.context, *problem.choices])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _problem_seed(seed: int, problem: Problem) -> int:
    """A seed of the problem's own, so that neither its place nor its neighbours matter."""
    digest = hashlib.sha256(f"{seed}:{_digest(problem)}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1
