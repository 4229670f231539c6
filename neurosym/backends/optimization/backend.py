"""Solvers of optimization models as a backend."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from neurosym.backends.base import Limits
from neurosym.backends.optimization.capture import build_model
from neurosym.backends.optimization.certify import Certifier
from neurosym.backends.optimization.choice import choose
from neurosym.backends.optimization.findings import FINDINGS, MODEL, Findings, ModelText
from neurosym.backends.optimization.solvers import read_solver
from neurosym.backends.optimization.task import Ending
from neurosym.backends.optimization.workers import Workers
from neurosym.backends.pool import Pool
from neurosym.candidate import Outcome
from neurosym.errors import InputError
from neurosym.formal.optimization.language.printer import show_claim, show_expression
from neurosym.formal.optimization.model import Constraint, Model
from neurosym.formal.optimization.telling import bounds_text, row_text
from neurosym.formal.program import Program
from neurosym.messages import listed
from neurosym.status import Status

__all__ = ["OptimizationBackend"]

_STATUS = {
    Ending.OPTIMAL: Status.SOLVED,
    Ending.INFEASIBLE: Status.INFEASIBLE,
    Ending.UNBOUNDED: Status.UNBOUNDED,
    Ending.LIMIT: Status.TIMEOUT,
    Ending.UNSURE: Status.UNKNOWN,
    Ending.FAILED: Status.FAILED,
}


class OptimizationBackend:
    """Solves models; see :class:`neurosym.backends.base.Backend`.

    Args:
        solver: Who solves them and how far, as :func:`read_solver` reads it; ``None`` chooses by a
            model's structure.
        workers: Processes; ``None`` starts up to one for each CPU.
        pool: Where PuLP programs run. The backend closes it.

    Raises:
        OptionError: There is no such solver.
    """

    def __init__(
        self, *, solver: str | None = None, workers: int | None = None, pool: Pool | None = None
    ) -> None:
        self._solver = read_solver(solver)
        self._pool = pool or Pool(workers=1)
        self._workers = Workers(workers=workers)

    async def run(self, formalization: Model | Program, limits: Limits) -> Outcome:
        """Solve a model, or the one that a PuLP program builds, and gather what proves the result.

        Returns:
            ``SOLVED`` with the objective as the answer, ``INFEASIBLE``, ``UNBOUNDED``, ``TIMEOUT``,
            ``FAILED``, ``UNKNOWN`` where no solver is to be trusted, or ``MALFORMED`` if the parts
            of the model do not fit together. The evidence ``findings`` is a :class:`Findings`.

        Raises:
            BackendError: A solver's process cannot be started.
            OptionError: The solver that was named cannot take the model.
        """
        try:
            model: Model | Outcome
            if isinstance(formalization, Program):
                model = await build_model(formalization, self._pool, limits)
            else:
                model = formalization
            if isinstance(model, Outcome):
                return model
            instance = model.instance
            text = ModelText.of(model)
        except InputError as error:
            return Outcome(Status.MALFORMED, evidence={"error": str(error)})
        spec = self._solver
        choice = choose(instance, spec.name, by_nodes=spec.nodes > 0)
        gap = spec.gap_of(is_linear=instance.is_linear)
        certifier = Certifier(
            instance, choice, self._workers.solve, limits.seconds, gap, spec.nodes
        )
        return _outcome(model, text, await certifier.run())

    async def aclose(self) -> None:
        """Stop every solver. Safe to call twice."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """:meth:`aclose` for callers without an event loop."""
        self._workers.close()
        self._pool.close()


def _outcome(model: Model, text: ModelText, findings: Findings) -> Outcome:
    """An outcome that rests on findings about a model, whose text in the language is given."""
    status = _STATUS[findings.ending]
    evidence = {
        FINDINGS: findings.to_json(),
        MODEL: text,
        "solver": findings.solver,
    }
    if status in (Status.FAILED, Status.TIMEOUT):
        evidence["error"] = f"{findings.solver}: {findings.message}"
    elif reason := _reason(model, findings):
        evidence["reason"] = reason
    outcome = Outcome(status, evidence=evidence, seconds=findings.seconds)
    if status is Status.SOLVED and findings.objective is not None:
        value = findings.objective
        return replace(outcome, answer=int(value) if value.denominator == 1 else value)
    return outcome


def _reason(model: Model, findings: Findings) -> str:
    """Why there is no optimum, in the words of the model; empty if nobody knows."""
    if findings.doubt:
        return f"nothing certain can be said of it: {findings.doubt}"
    if findings.direction:
        names = model.instance.column_names
        moved = [names[column] for column, step in enumerate(findings.direction) if step]
        return (
            "nothing keeps the objective from getting better and better along "
            f"{listed(moved, _MAX_NAMES)}"
        )
    parts = _conflict(model, findings)
    if not parts:
        return ""
    more = len(parts) - _MAX_PARTS
    shown = "; ".join(parts[:_MAX_PARTS]) + (f"; and {more} more" if more > 0 else "")
    needs = " in whole numbers" if findings.conflict_needs_whole else ""
    needs += ", with the variables bounded by 0" if findings.conflict_needs_signs else ""
    what = "this cannot hold" if len(parts) == 1 else "these cannot hold together"
    return f"{what}{needs}: {shown}"


def _conflict(model: Model, findings: Findings) -> list[str]:
    """What cannot hold together: of constraints over sets, those of the elements that matter."""
    instance = model.instance
    said: dict[str, None] = {}
    for row in findings.conflict_rows:
        origin, name = instance.origin_of(row), instance.name_of_row(row)
        constraint = model.constraints[origin] if origin >= 0 else None
        if constraint is None:
            # Its pieces take several rows, which nobody wrote.
            goal = model.objective
            said.setdefault(f"{goal.name}: {show_expression(goal.expression)}")
        elif not constraint.over or instance.has_auxiliary(row):
            said.setdefault(_said(constraint, name))
        else:
            said.setdefault(f"{name}: {row_text(instance, row)}{_words(constraint)}")
    for column in findings.conflict_columns:
        said.setdefault(f"the bounds {bounds_text(instance, column)}")
    return list(said)


def _said(constraint: Constraint, name: str) -> str:
    return f"{name}: {show_claim(constraint.claim)}{_words(constraint)}"


def _words(constraint: Constraint) -> str:
    return f" (“{constraint.source}”)" if constraint.source else ""


_MAX_NAMES = 5
_MAX_PARTS = 12
