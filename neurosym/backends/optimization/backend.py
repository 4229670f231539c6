"""Solvers of optimization models as a backend."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.optimization.certify import Certifier
from neurosym.backends.optimization.choice import SolverName, choose
from neurosym.backends.optimization.findings import Findings
from neurosym.backends.optimization.task import Ending
from neurosym.backends.optimization.workers import Workers
from neurosym.candidate import Outcome
from neurosym.errors import InputError
from neurosym.formal.optimization.model import Model
from neurosym.status import Status

__all__ = ["FINDINGS", "OptimizationBackend"]

FINDINGS = "findings"
"""The evidence that holds a :class:`Findings`, as JSON."""

_STATUS = {
    Ending.OPTIMAL: Status.SOLVED,
    Ending.INFEASIBLE: Status.INFEASIBLE,
    Ending.UNBOUNDED: Status.UNBOUNDED,
    Ending.LIMIT: Status.TIMEOUT,
    Ending.FAILED: Status.FAILED,
}


class OptimizationBackend:
    """Solves models; see :class:`neurosym.backends.base.Backend`.

    Args:
        solver: Who solves them; ``None`` chooses by a model's structure.
        gap: Relative gap at which an optimum counts as found.
        nodes: Most nodes of a search tree; 0 is no limit.
        workers: Processes; ``None`` starts up to one for each CPU.
    """

    def __init__(
        self,
        *,
        solver: SolverName | None = None,
        gap: float = 0.0,
        nodes: int = 0,
        workers: int | None = None,
    ) -> None:
        self._solver = solver
        self._gap = gap
        self._nodes = nodes
        self._workers = Workers(workers=workers)

    async def run(self, formalization: Model, limits: Limits) -> Outcome:
        """Solve a model, and gather what proves the result.

        Returns:
            ``SOLVED`` with the objective as the answer, ``INFEASIBLE``, ``UNBOUNDED``, ``TIMEOUT``,
            ``FAILED``, or ``MALFORMED`` if the parts of the model do not fit together. The evidence
            ``findings`` is a :class:`Findings`.

        Raises:
            BackendError: A solver's process cannot be started.
            OptionError: The solver that was named cannot take the model.
        """
        try:
            instance = formalization.instance
        except InputError as error:
            return Outcome(Status.MALFORMED, evidence={"error": str(error)})
        choice = choose(instance, self._solver)
        certifier = Certifier(
            instance, choice, self._workers.solve, limits.seconds, self._gap, self._nodes
        )
        return outcome_of(await certifier.run())

    async def aclose(self) -> None:
        """Stop every solver. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._workers.close()


def outcome_of(findings: Findings) -> Outcome:
    """An outcome that rests on findings."""
    status = _STATUS[findings.ending]
    evidence = {FINDINGS: findings.to_json(), "solver": findings.solver}
    if status in (Status.FAILED, Status.TIMEOUT):
        evidence["error"] = f"{findings.solver}: {findings.message}"
    outcome = Outcome(status, evidence=evidence, seconds=findings.seconds)
    if status is Status.SOLVED and findings.objective is not None:
        return replace(outcome, answer=findings.objective)
    return outcome
