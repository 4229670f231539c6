"""Optimization models that people bring, solved and checked in a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.backends.base import Limits
from neurosym.candidate import Check, Outcome
from neurosym.checks.machinery import settle
from neurosym.errors import InexpressibleError
from neurosym.files import read_text_file
from neurosym.formal.optimization.formats.registry import ModelFormat, read_model_file
from neurosym.formal.optimization.model import Model
from neurosym.runtime.loop_thread import run_apart
from neurosym.status import Status

if TYPE_CHECKING:
    from neurosym.backends.optimization.findings import Findings

__all__ = ["SolvedModel", "load_model", "solve_model"]

_VALUES_ARE = {Status.SOLVED: "optimum", Status.TIMEOUT: "best found"}


@dataclass(frozen=True, slots=True)
class SolvedModel:
    """A model, what a solver found of it, and what the checks say of that.

    Attributes:
        model: The model.
        outcome: How it ended, after the checks; its answer is the optimum.
        found: What the solver found, with what proves it.
        checks: What was checked, in exact arithmetic where that is possible.
    """

    model: Model
    outcome: Outcome
    found: Findings
    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """How it ended."""
        return self.outcome.status

    @property
    def objective(self) -> Fraction | None:
        """The optimum; ``None`` if there is none that the checks let stand."""
        return self.found.objective if self.status is Status.SOLVED else None

    @property
    def values(self) -> Mapping[str, Fraction]:
        """A number for each variable, such as ``ship[Oslo]``; :attr:`values_are` says what for.

        Empty where there are none, or the checks let what the solver said not stand.
        """
        return self.found.decision(self.model.instance) if self._has_values else {}

    @property
    def _has_values(self) -> bool:
        return self.status is not Status.FAILED and bool(self.found.values)

    @property
    def values_are(self) -> str:
        """What the values are: ``"optimum"``, ``"best found"`` or ``"a point"``.

        The best that was found is of a search that a limit ended; a point just keeps to every
        constraint, such as one from which the objective gets better without end. Empty where there
        are no values.
        """
        if not self._has_values:
            return ""
        return _VALUES_ARE.get(self.status, "a point")

    @property
    def reason(self) -> str:
        """Why there is no optimum, in words; empty if there is one, or nobody knows."""
        evidence = self.outcome.evidence
        return evidence.get("reason") or evidence.get("error", "")

    def _repr_html_(self) -> str:
        """The decision, its limits and the checks as tables, which notebooks show."""
        from neurosym.presentation.decision import html_of_decision

        return html_of_decision(self)


def load_model(path: str | Path, model_format: ModelFormat | None = None) -> Model:
    """The model in a file.

    Args:
        path: The file.
        model_format: Its format; ``None`` goes by the name of the file: ``.lp``, ``.mps``,
            ``.json``, or else the modelling language.

    Raises:
        InputError: The file cannot be read, or follows no format.
    """
    path = Path(path)
    return read_model_file(read_text_file(path), model_format, file_name=path.name)


def solve_model(model: Model, *, solver: str | None = None, seconds: float = 60.0) -> SolvedModel:
    """Solve a model, and check what its solver says.

    Args:
        model: The model.
        solver: Who solves it and how far, such as ``"scip"`` or ``"auto(gap=0.01)"``; ``None``
            chooses by its structure.
        seconds: Most time for all of it.

    Raises:
        InputError: The model does not hold together, or the solver cannot take it.
        BackendError: A solver cannot be run.
    """
    # These take numpy, which nobody waits for who only imports this.
    from neurosym.backends.optimization.findings import found_of
    from neurosym.checks.certified import certificate_checks

    instance = model.instance  # says here, with its hint, what does not hold together
    outcome = run_apart(_solved(model, solver, seconds))
    known = found_of(outcome)
    if known is None:
        raise InexpressibleError(outcome.evidence.get("error", ""), hint="Rename what it names.")
    _, found = known
    checks = certificate_checks(instance, found)
    return SolvedModel(model, settle(outcome, checks), found, checks)


async def _solved(model: Model, solver: str | None, seconds: float) -> Outcome:
    from neurosym.backends.optimization.backend import OptimizationBackend

    backend = OptimizationBackend(solver=solver)
    try:
        return await backend.run(model, Limits(seconds=seconds))
    finally:
        await backend.aclose()
