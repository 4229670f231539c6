"""Checks of what a solver found of an optimization model, by its certificates alone."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from neurosym.backends.optimization.findings import Findings
from neurosym.backends.optimization.task import Ending, Floats
from neurosym.candidate import Check
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed, undecided
from neurosym.formal.optimization.certificates import (
    TOLERANCE,
    dual_bound,
    improves,
    objective_value,
    recession_violations,
    violations,
)
from neurosym.formal.optimization.expression import Constant, Power, walk
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.tangents import best_possible
from neurosym.presentation.text import decimal_text

__all__ = ["certificate_checks", "is_close"]

_CLAIM_TOLERANCE = 1e-4
"""By how much, relatively, an optimum may be off as a solver said it, who rounds before."""
_FAR_APART = 1e9
"""Ratio of the greatest coefficient, limit or bound to the least at which digits are lost."""
_NO_OPTIMUM = {Ending.INFEASIBLE, Ending.UNBOUNDED}
_MAX_NAMED = 3


def certificate_checks(instance: Instance, found: Findings) -> tuple[Check, ...]:
    """Check a solver's findings.

    Args:
        instance: The model that was solved.
        found: What the solver said, and what proves it.
    """
    return (
        _feasibility(instance, found),
        _objective(instance, found),
        _proof(instance, found),
        _agreement(instance, found),
        _scaling(instance),
    )


def _feasibility(instance: Instance, found: Findings) -> Check:
    name = ModelCheckName.FEASIBILITY
    if not found.values:
        return not_applicable(name, "there is no solution")
    allowed = 0.0 if found.is_exact else TOLERANCE
    try:
        broken = [item for item in violations(instance, found.values) if item.relative > allowed]
    except (ValueError, ArithmeticError) as error:
        return failed(name, f"a constraint has no value at the solution: {error}")
    if broken:
        shown = ", ".join(
            f"{item.name} is {decimal_text(item.value)} against {decimal_text(item.limit)}"
            for item in broken[:_MAX_NAMED]
        )
        return failed(name, shown)
    how = f"exactly{_rounded(instance)}".rstrip(",") if found.is_exact else f"within {TOLERANCE:g}"
    return passed(name, f"all constraints and bounds hold {how}")


def _objective(instance: Instance, found: Findings) -> Check:
    name = ModelCheckName.OBJECTIVE
    if not found.values:
        return not_applicable(name, "there is no solution")
    try:
        value = objective_value(instance, found.values)
    except (ValueError, ArithmeticError) as error:
        return failed(name, f"the objective has no value at the solution: {error}")
    if found.objective is None:
        return not_applicable(name, "nobody says what it is")
    if found.claimed is not None and not is_close(value, Fraction(found.claimed), _CLAIM_TOLERANCE):
        return failed(
            name, f"it is {decimal_text(value)}, not {found.claimed:.10g} as the solver said"
        )
    if not is_close(value, found.objective, 0.0 if found.is_exact else TOLERANCE):
        return failed(name, f"it is {decimal_text(value)}, not {decimal_text(found.objective)}")
    return passed(name, decimal_text(value))


def is_close(one: Fraction, other: Fraction, tolerance: float) -> bool:
    """Whether two numbers differ by no more than a tolerance, relative to their size."""
    return abs(one - other) <= Fraction(tolerance) * max(Fraction(1), abs(one), abs(other))


def _proof(instance: Instance, found: Findings) -> Check:
    name = ModelCheckName.PROOF
    match found.ending:
        case Ending.OPTIMAL:
            return _optimality(instance, found)
        case Ending.INFEASIBLE:
            if not _has_multipliers(instance, found):
                return undecided(name, _no_proof(instance, "infeasibility"))
            bound = dual_bound(instance, found.multipliers, cost=False)
            if not found.multipliers and (bound is None or bound <= 0):
                return undecided(name, _no_proof(instance, "infeasibility"))
            if bound is None or bound <= 0:
                return failed(name, "the Farkas multipliers prove nothing")
            return passed(name, "a combination of the constraints contradicts itself (Farkas)")
        case Ending.UNBOUNDED:
            return _ray(instance, found)
        case Ending.UNSURE:
            return undecided(name, found.doubt)
    if found.ending is Ending.LIMIT and (bounded := _bounded_by(found)):
        return undecided(name, f"the solver did not finish{bounded}")
    return not_applicable(name, "the solver did not finish")


def _optimality(instance: Instance, found: Findings) -> Check:
    name = ModelCheckName.PROOF
    if instance.has_constant_cost:
        return passed(name, "nothing is better, since the objective is the same everywhere")
    if found.objective is None or not _has_multipliers(instance, found):
        return undecided(name, _no_optimum_proof(instance, found))
    bound = best_possible(instance, found.values, found.multipliers)
    if not found.is_exact or (bound is None and not instance.is_linear):
        return undecided(name, _near_proof(instance, found, found.objective, bound))
    if bound != found.objective and instance.integer.any():
        return undecided(name, _no_optimum_proof(instance, found))
    if bound is None:
        return failed(name, "the dual values bound nothing")
    if bound != found.objective:
        return failed(
            name,
            f"the dual bound is {decimal_text(bound)}, the objective "
            f"{decimal_text(found.objective)}",
        )
    whose = "" if instance.is_linear else " of its tangent"
    return passed(name, f"the dual values{whose} prove{_rounded(instance)} that nothing is better")


def _near_proof(
    instance: Instance, found: Findings, objective: Fraction, bound: Fraction | None
) -> str:
    """What a bound says of an objective that is rounded."""
    if bound is None or instance.integer.any() or not is_close(objective, bound, TOLERANCE):
        return _no_optimum_proof(instance, found)
    by = float(abs(bound - objective) / max(Fraction(1), abs(objective)))
    more = f" by more than {by:.2g} times the objective" if by else ""
    return f"the dual values prove that nothing is better{more}, but the solution is rounded"


def _rounded(instance: Instance) -> str:
    """What an exact statement is about, if not the very numbers of the model."""
    return "" if instance.is_exact else ", of numbers rounded to 16 digits,"


def _no_optimum_proof(instance: Instance, found: Findings) -> str:
    """Why an optimum has no proof, and what it may leave if its solver ends before it is there."""
    return _no_proof(instance, "optimality") + (_bounded_by(found) if found.gap else "")


def _bounded_by(found: Findings) -> str:
    """How good the solver says that it can be; empty if it does not say."""
    if found.bound is None or found.objective is None:
        return ""
    apart = abs(float(found.objective) - found.bound)
    gap = apart / max(abs(float(found.objective)), abs(found.bound)) if apart else 0.0
    return f"; {found.solver} says that nothing passes {found.bound:.10g}, a gap of {gap:.1e}"


def _has_multipliers(instance: Instance, found: Findings) -> bool:
    """Whether there is one for each row; of a model without rows that is always so."""
    return len(found.multipliers) == instance.rows


def _no_proof(instance: Instance, what: str) -> str:
    """Why there are no multipliers, as far as that is known."""
    if not instance.is_linear:
        return f"a nonlinear model has no short proof of {what}"
    if instance.integer.any():
        return f"with whole numbers there is no short proof of {what}: dual values give none"
    return f"no exact dual values are known, as proof of {what}: the model may be too large"


def _ray(instance: Instance, found: Findings) -> Check:
    name = ModelCheckName.PROOF
    if not found.direction:
        return undecided(name, "the solver named no direction")
    if improves(instance, found.direction) <= 0:
        return failed(name, "the objective gets no better along the direction")
    left = next(recession_violations(instance, found.direction), None)
    if left is not None:
        return failed(name, f"the direction leaves {left}")
    if not found.values:
        return undecided(name, "no point is known to start from")
    missing = [
        f"{instance.column_names[column]} {'<=' if step > 0 else '>='} …"
        for column, step in enumerate(found.direction)
        if step
    ]
    shown = " or ".join(missing[:_MAX_NAMED])
    return passed(name, f"the objective gets better without end: what is missing is {shown}")


def _agreement(instance: Instance, found: Findings) -> Check:
    name = ModelCheckName.AGREEMENT
    second = found.second
    if second is None and not instance.is_linear and not _is_proved(instance, found):
        return undecided(name, f"no second solver here takes such models; {found.solver} says so")
    if second is None:
        return not_applicable(name, "no second solver was asked")
    if {second.ending, found.ending} & {Ending.LIMIT, Ending.FAILED}:
        return undecided(name, f"{second.solver}: {second.message or second.ending}")
    if {second.ending, found.ending} == _NO_OPTIMUM and instance.integer.any():
        return undecided(
            name,
            f"{second.solver} says {second.ending}, not {found.ending}: where numbers have to be "
            "whole, solvers say unbounded without knowing whether there is any solution",
        )
    if second.ending is not found.ending:
        return failed(name, f"{second.solver} says {second.ending}, not {found.ending}")
    if found.ending is not Ending.OPTIMAL or found.objective is None or second.objective is None:
        # Of a model without end, one point is as good as another.
        return passed(name, f"{second.solver} says {second.ending} as well")
    if not is_close(Fraction(second.objective), found.objective, TOLERANCE + found.gap):
        return failed(
            name,
            f"{second.solver} finds {second.objective:.10g}, not {decimal_text(found.objective)}",
        )
    return passed(name, f"{second.solver} finds the same")


def _is_proved(instance: Instance, found: Findings) -> bool:
    """Whether an objective that is not linear has a proof of another kind."""
    if found.ending is Ending.OPTIMAL:
        return found.prove_optimum(instance)
    return found.ending is Ending.UNBOUNDED and bool(found.direction)


def _scaling(instance: Instance) -> Check:
    name = ModelCheckName.SCALING
    numbers = (
        instance.values, instance.cost, instance.row_lower, instance.row_upper, instance.lower,
        instance.upper,
    )  # fmt: skip
    parts = [*(part.astype(np.float64) for part in numbers), _nonlinear_numbers(instance)]
    sizes = np.abs(np.concatenate(parts))
    sizes = sizes[(sizes > 0) & np.isfinite(sizes)]
    if not len(sizes):
        return not_applicable(name)
    least, greatest = sizes.min(), sizes.max()
    if greatest > _FAR_APART * least:
        return failed(name, f"numbers from {least:g} to {greatest:g}: measure in other units")
    return passed(name)


def _nonlinear_numbers(instance: Instance) -> Floats:
    """What stands in the rows and the objective that are not linear, but for exponents."""
    found = [float(side) for row in instance.nonlinear for side in (row.lower, row.upper)]
    for tree in instance.trees:
        exponents = {id(node.exponent) for node in walk(tree) if isinstance(node, Power)}
        found += [
            float(node.value)
            for node in walk(tree)
            if isinstance(node, Constant) and id(node) not in exponents
        ]
    return np.array(found, dtype=np.float64)
