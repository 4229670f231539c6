"""Which solver takes which model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from neurosym.backends.optimization.solvers import SolverName
from neurosym.errors import OptionError
from neurosym.formal.optimization.convexity import has_convex_cost
from neurosym.formal.optimization.expression import Expression
from neurosym.formal.optimization.instance import Instance, Structure
from neurosym.formal.optimization.polynomial import NotQuadraticError, polynomial_of

__all__ = ["Choice", "choose", "structure_of"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who solves a model.

    Attributes:
        first: Solves it.
        second: Solves it again, to be compared; ``None`` where a certificate does as well.
        reason: Why these, in words.
        spare: Solves it if the first one fails; ``None`` if that one was asked for.
    """

    first: SolverName
    second: SolverName | None
    reason: str
    spare: SolverName | None = None


def structure_of(instance: Instance) -> Structure:
    """What kind of model it is."""
    if not instance.is_linear:
        quadratic = all(_is_quadratic(row.expression) for row in instance.nonlinear) and (
            instance.nonlinear_cost is None or instance.quadratic_cost is not None
        )
        return Structure.QUADRATIC if quadratic else Structure.NONLINEAR
    return Structure.MIXED_INTEGER if instance.integer.any() else Structure.LINEAR


def _is_quadratic(tree: Expression) -> bool:
    try:
        polynomial_of(tree)
    except NotQuadraticError:
        return False
    return True


def choose(
    instance: Instance, wanted: SolverName | None = None, *, by_nodes: bool = False
) -> Choice:
    """Who solves a model.

    Args:
        instance: The model.
        wanted: The solver that the user named.
        by_nodes: Whether it has to be one that a number of nodes can limit.

    Raises:
        OptionError: The solver that was named cannot take it.
    """
    structure = structure_of(instance)
    whole = bool(instance.integer.all()) and instance.columns > 0
    added = instance.auxiliary < instance.columns
    if structure in (Structure.QUADRATIC, Structure.NONLINEAR):
        found = Choice(SolverName.SCIP, None, f"the model is {structure}")
        able = {SolverName.SCIP}
        if has_convex_cost(instance):
            # Branching may take SCIP for ever, or astray, where going downhill is enough.
            reason = f"{found.reason} and convex"
            found = Choice(SolverName.HIGHS, SolverName.SCIP, reason)
            able.add(SolverName.HIGHS)
    elif structure is Structure.LINEAR:
        found = Choice(SolverName.HIGHS, SolverName.CBC, "the model is linear")
        able = {SolverName.HIGHS, SolverName.CBC, SolverName.SCIP}
    elif whole and added and not by_nodes:
        found = Choice(SolverName.CPSAT, SolverName.HIGHS, "all is whole, and joined by logic")
        able = set(SolverName)
    else:
        found = Choice(SolverName.HIGHS, SolverName.CBC, "some numbers have to be whole")
        able = {SolverName.HIGHS, SolverName.CBC, SolverName.SCIP}
        able |= {SolverName.CPSAT} if whole and not by_nodes else set()
    if wanted is None:
        return replace(found, spare=found.second)
    if wanted not in able:
        names = ", ".join(sorted(able))
        raise OptionError(
            f"{wanted} cannot solve this model: {found.reason}", hint=f"Take one of: {names}."
        )
    second = found.first if wanted is not found.first else found.second
    return Choice(wanted, second, "it was asked for")
