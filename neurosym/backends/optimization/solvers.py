"""The solvers of optimization models, by name, and how far they are to go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from neurosym.errors import OptionError
from neurosym.spec import Form, field_kinds, nearest, written

__all__ = ["PACKAGES", "SolverName", "SolverSpec", "read_solver"]


class SolverName(StrEnum):
    """The solvers."""

    HIGHS = "highs"
    """HiGHS: linear and mixed-integer models, and convex quadratic objectives."""
    CBC = "cbc"
    """CBC of PuLP: linear and mixed-integer models."""
    SCIP = "scip"
    """SCIP: all models, also those that are not linear."""
    CPSAT = "cpsat"
    """CP-SAT of OR-Tools: models of whole numbers."""


PACKAGES = {
    SolverName.HIGHS: ("highspy", True),
    SolverName.CBC: ("pulp", True),
    SolverName.SCIP: ("pyscipopt", False),
    SolverName.CPSAT: ("ortools", False),
}
"""The package of each solver, and whether neurosym always has it."""

_FORM = Form("solver", "scip(gap=0.001)")
_AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverSpec:
    """Who solves a model, and how far.

    Attributes:
        name: The solver; ``None`` chooses by the structure of a model.
        gap: Relative gap at which an optimum counts as found; ``None`` is 0 for linear models and a
            millionth for others, of which no floating-point solver comes to 0 in the end.
        nodes: Most nodes of the search tree; 0 is no limit.

    Raises:
        OptionError: A value is out of range.
    """

    name: SolverName | None = None
    gap: float | None = None
    nodes: int = 0

    def __post_init__(self) -> None:
        if self.gap is not None and not 0 <= self.gap < 1:
            raise OptionError(f"gap is {self.gap}", hint="Give a part from 0 to below 1.")
        if self.nodes < 0:
            raise OptionError(f"nodes is {self.nodes}", hint="Give 0 or more.")

    def __str__(self) -> str:
        """As :func:`read_solver` reads it."""
        return written(self.name or _AUTO, self, without={"name"})

    def gap_of(self, *, is_linear: bool) -> float:
        """The gap for a model that is linear, or not."""
        if self.gap is not None:
            return self.gap
        return 0.0 if is_linear else 1e-6


def read_solver(text: str | None) -> SolverSpec:
    """A solver from its name, with values in brackets where they are not the usual ones.

    Args:
        text: Such as ``highs``, ``scip(gap=0.001)`` or ``auto(nodes=1000)``; ``None`` is ``auto``.

    Raises:
        OptionError: There is no such solver or value, or it is out of range.
    """
    name, values = _FORM.read(text or _AUTO)
    names = [_AUTO, *(known.value for known in SolverName)]
    if name not in names:
        hint = nearest(name, names, "solvers")
        raise OptionError(f"there is no solver {name!r}", hint=hint)
    kinds = {key: kind for key, kind in field_kinds(SolverSpec).items() if key != "name"}
    chosen = None if name == _AUTO else SolverName(name)
    return SolverSpec(name=chosen, **_FORM.fitted(name, kinds, values))
