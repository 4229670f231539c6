"""The kinds of problems neurosym solves, each with its parts, put together when first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from neurosym.backends.provers import ProverName, make_prover
from neurosym.problem import Kind
from neurosym.runtime.domain import Domain
from neurosym.runtime.paths import calibration_folder
from neurosym.selection.calibration import Calibration, load_calibration
from neurosym.translators.base import Translator

if TYPE_CHECKING:
    from neurosym.backends.lean.settings import LeanSettings

__all__ = ["Domains", "default_translators"]


class _Closable(Protocol):
    async def aclose(self) -> None: ...


def default_translators() -> dict[Kind, Translator[Any]]:
    """The translator of each kind of problem."""
    from neurosym.translators.lean_proof import LeanProofTranslator
    from neurosym.translators.lean_statement import LeanStatementTranslator
    from neurosym.translators.logic import LogicTranslator
    from neurosym.translators.optimization import OptimizationTranslator
    from neurosym.translators.python import PythonTranslator

    return {
        Kind.MATH: PythonTranslator(),
        Kind.LOGIC: LogicTranslator(),
        Kind.OPTIMIZATION: OptimizationTranslator(),
        Kind.THEOREM: LeanStatementTranslator(),
        Kind.PROOF: LeanProofTranslator(),
    }


class Domains:
    """The domains of one solver. Each starts what it runs on when its first problem comes.

    Safe to use from several threads.

    Args:
        model: Name of the model, by which calibrations are kept.
        translators: The translator of each kind.
        prover: What decides theories.
        solver: What solves optimization models; ``None`` chooses by their structure.
        lean: The Lean that judges proofs; ``None`` looks for one.
        unsafe: Run model output even where this machine offers no isolation for it.
    """

    def __init__(
        self,
        model: str,
        translators: Mapping[Kind, Translator[Any]],
        *,
        prover: ProverName,
        solver: str | None,
        lean: LeanSettings | None,
        unsafe: bool,
    ) -> None:
        self._prover = prover
        self._solver = solver
        self._lean = lean
        self._translators = translators
        self._unsafe = unsafe
        self._calibrations = {
            kind: load_calibration(model, kind, calibration_folder()) for kind in translators
        }
        self._lock = threading.Lock()
        self._built: dict[Kind, Domain] = {}
        self._open: list[_Closable] = []

    def calibration(self, kind: Kind) -> Calibration:
        """How far votes on a kind of problem are trusted."""
        return self._calibrations[kind]

    def of(self, kind: Kind) -> Domain:
        """What solves problems of a kind for which there is a translator.

        Raises:
            BackendError: What its problems are run on is not on this machine.
        """
        with self._lock:
            if kind not in self._built:
                build: Callable[[Kind], Domain] = {
                    Kind.MATH: self._math,
                    Kind.LOGIC: self._logic,
                    Kind.OPTIMIZATION: self._optimization,
                    Kind.THEOREM: self._theorem,
                    Kind.PROOF: self._proof,
                }[kind]
                self._built[kind] = build(kind)
            return self._built[kind]

    def _math(self, kind: Kind) -> Domain:
        from neurosym.answers.equivalence import Equivalence
        from neurosym.backends.pool import Pool
        from neurosym.backends.python import PythonBackend
        from neurosym.checks import run_checks
        from neurosym.checks.feedback import program_feedback

        pool = Pool(unsafe=self._unsafe)
        self._open.append(pool)
        return Domain(
            translator=self._translators[kind],
            backend=PythonBackend(pool),
            run_checks=run_checks,
            comparison=Equivalence(pool),
            feedback=program_feedback,
            calibration=self._calibrations[kind],
        )

    def _logic(self, kind: Kind) -> Domain:
        from neurosym.answers.verdicts import VerdictComparison
        from neurosym.checks.feedback import logic_feedback
        from neurosym.checks.logic import run_logic_checks
        from neurosym.strategies.pooling import pool_theories

        backend = make_prover(self._prover)
        self._open.append(backend)
        return Domain(
            translator=self._translators[kind],
            backend=backend,
            run_checks=run_logic_checks,
            comparison=VerdictComparison(),
            feedback=logic_feedback,
            calibration=self._calibrations[kind],
            pool=pool_theories,
        )

    def _optimization(self, kind: Kind) -> Domain:
        from neurosym.answers.optimum import OptimumComparison
        from neurosym.backends.optimization.backend import OptimizationBackend
        from neurosym.backends.pool import Pool
        from neurosym.checks.feedback import model_feedback
        from neurosym.checks.optimization import run_model_checks

        backend = OptimizationBackend(
            solver=self._solver, pool=Pool(workers=1, unsafe=self._unsafe)
        )
        self._open.append(backend)
        return Domain(
            translator=self._translators[kind],
            backend=backend,
            run_checks=run_model_checks,
            comparison=OptimumComparison(),
            feedback=model_feedback,
            calibration=self._calibrations[kind],
        )

    def _theorem(self, kind: Kind) -> Domain:
        from neurosym.answers.theorems import TheoremComparison
        from neurosym.backends.lean.settings import LeanSettings
        from neurosym.backends.lean.statements import StatementBackend
        from neurosym.checks.lean_statement import run_statement_checks, statement_feedback

        lean = self._lean or LeanSettings()
        elaborator, tactics = lean.searching(unsafe=self._unsafe)
        backend = StatementBackend(elaborator)
        self._open += [backend, tactics]
        return Domain(
            translator=self._translators[kind],
            backend=backend,
            run_checks=run_statement_checks,
            comparison=TheoremComparison(elaborator, limits=lean.limits),
            feedback=statement_feedback,
            calibration=self._calibrations[kind],
            limits=lean.limits,
        )

    def _proof(self, kind: Kind) -> Domain:
        from neurosym.answers.verdicts import VerdictComparison
        from neurosym.backends.lean.backend import LeanBackend
        from neurosym.backends.lean.settings import LeanSettings
        from neurosym.checks.feedback import kept_proof, proof_feedback
        from neurosym.checks.lean import run_proof_checks

        lean = self._lean or LeanSettings()
        backend = LeanBackend(lean.files(unsafe=self._unsafe), lean.axioms)
        elaborator, tactics = lean.searching(unsafe=self._unsafe)
        self._open += [backend, tactics, elaborator]
        return Domain(
            translator=self._translators[kind],
            backend=backend,
            run_checks=run_proof_checks,
            comparison=VerdictComparison(),
            feedback=proof_feedback,
            calibration=self._calibrations[kind],
            kept=kept_proof,
            limits=lean.limits,
            tactics=tactics,
            elaborator=elaborator,
        )

    async def aclose(self) -> None:
        """Stop all that was started. Safe to call twice."""
        with self._lock:
            opened, self._open = self._open, []
        for part in opened:
            await part.aclose()
