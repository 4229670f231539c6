"""What a solver opens at its first problem, keeps, and closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.backends.base import Limits
from neurosym.backends.provers import ProverName
from neurosym.budget import Budget, Meter
from neurosym.domains import Domains
from neurosym.engines.base import Engine
from neurosym.engines.named import EngineSpec
from neurosym.engines.record import Record
from neurosym.engines.recording import RecordingEngine
from neurosym.problem import Kind
from neurosym.runtime.depends import what_runs
from neurosym.runtime.domain import Domain
from neurosym.runtime.loop_thread import run_apart
from neurosym.runtime.machinery import Machinery
from neurosym.runtime.runlog import RunLog
from neurosym.strategies.base import Strategy, check_needs
from neurosym.translators.base import Translator
from neurosym.translators.verifier import VerifierTranslator

if TYPE_CHECKING:
    from neurosym.backends.lean.settings import LeanSettings
    from neurosym.cluster.connection import Cluster

__all__ = ["Options", "Workshop"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a solver is made with; see :class:`neurosym.solver.Solver`.

    An engine is one that runs, which stays the caller's, or one to start.
    """

    strategy: Strategy
    translators: Mapping[Kind, Translator[Any]]
    engine: Engine | EngineSpec
    record: str | Path | None
    budget: Budget
    total: Budget
    limits: Limits
    run: Path | None
    prover: ProverName
    solver: str
    lean: LeanSettings | None
    unsafe: bool
    workers: str | None


class Workshop:
    """A solver's machinery. Opening it takes as long as weights take to load.

    Args:
        options: What the solver is made with.

    Attributes:
        machinery: What all problems share.
        domains: What is particular to their kinds.

    Raises:
        OptionError: An option has an impossible value.
        InputError: A calibration is damaged.
        ModelError: The weights cannot be used.
        EngineError: The model could not be run, or no worker can run it.
        BackendError: No worker can run formal objects.
        RunLogError: The run directory cannot be used.
        RecordError: The record cannot be used.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._closing = AsyncExitStack()
        self._log: RunLog | None = None
        self._closing.callback(self._close_log)  # last of all: what ends meanwhile is kept
        try:
            self._open()
        except BaseException:
            run_apart(self.aclose())
            raise

    def _open(self) -> None:
        options = self._options
        cluster = self._join()
        engine = self._engine(cluster)
        check_needs(options.strategy, engine.info)
        self.domains = Domains(
            engine.info.model,
            options.translators,
            prover=options.prover,
            solver=options.solver,
            lean=options.lean,
            unsafe=options.unsafe,
        )
        self._closing.push_async_callback(self.domains.aclose)
        self.machinery = Machinery(
            engine=engine,
            domain=self.domains.of if cluster is None else self._spread(cluster),
            limits=options.limits,
            log=self._open_log(engine),
            spent=Meter(options.total),  # its clock begins when the weights are loaded
        )

    def _join(self) -> Cluster | None:
        if self._options.workers is None:
            return None
        from neurosym.cluster.connection import Cluster

        cluster = Cluster(self._options.workers)
        self._closing.push_async_callback(asyncio.to_thread, cluster.close)
        return cluster

    def _engine(self, cluster: Cluster | None) -> Engine:
        given, record = self._options.engine, self._options.record
        if not isinstance(given, EngineSpec):
            return given
        if record is not None:
            Record(record).close()  # what is wrong with it is told before weights are loaded
        engine: Engine
        if cluster is not None and given.spreads:
            from neurosym.cluster.replicated import ReplicatedEngine

            engine = ReplicatedEngine(cluster, given)
        else:
            engine = given.start()
        if record is not None:
            engine = RecordingEngine(engine, record)
        self._closing.push_async_callback(engine.aclose)
        return engine

    def _spread(self, cluster: Cluster) -> Callable[[Kind], Domain]:
        from neurosym.cluster.verifying import spread, verifiers

        options = self._options
        team = verifiers(
            cluster, prover=options.prover, solver=options.solver, unsafe=options.unsafe
        )
        self._closing.push_async_callback(asyncio.to_thread, team.close)
        return partial(spread, team, self.domains)

    def _open_log(self, engine: Engine) -> RunLog | None:
        if self._options.run is not None:
            self._log = RunLog(self._options.run, self._depends_on(engine))
        return self._log

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()

    def _depends_on(self, engine: Engine) -> dict[str, Any]:
        options = self._options
        translators = options.translators
        return {
            **what_runs(engine, (*translators.values(), VerifierTranslator(0))),
            "strategy": options.strategy.settings,
            "calibration": {
                kind.value: asdict(self.domains.calibration(kind)) for kind in translators
            },
            "budget": asdict(options.budget),
            "limits": asdict(options.limits),
            "prover": options.prover,
            "solver": options.solver,
            "lean": None if options.lean is None else options.lean.to_json(),
        }

    async def aclose(self) -> None:
        """Stop the machinery and let go of the run directory. Safe to call twice."""
        await self._closing.aclose()
