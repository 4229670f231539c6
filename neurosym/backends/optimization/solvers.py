"""The solvers of optimization models, by name."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PACKAGES", "SolverName"]


class SolverName(StrEnum):
    """The solvers."""

    HIGHS = "highs"
    """HiGHS: linear and mixed-integer models."""
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
