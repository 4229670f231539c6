"""What is odd about a model that holds together all the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from neurosym.formal.optimization.expansion import expand
from neurosym.formal.optimization.expression import Expression, references
from neurosym.formal.optimization.measures import UnitClashError, measure_of, parse_measure
from neurosym.formal.optimization.model import Model, relations
from neurosym.formal.optimization.telling import bounds_text, row_text

__all__ = ["Note", "Oddity", "review", "unmoved"]


class Oddity(StrEnum):
    """What may be odd about a model."""

    UNIT_CLASH = "unit clash"
    """What is added or compared is measured in different units."""
    UNUSED = "unused"
    """A parameter or variable that nothing mentions."""
    UNBOUNDED_INTEGER = "unbounded integer"
    """A whole number without an upper bound, of its own or by a constraint."""
    NO_OBJECTIVE = "empty objective"
    """An objective that depends on no variable."""
    TRIVIAL = "trivial"
    """A constraint without any variable."""
    CONTRADICTION = "contradiction"
    """Bounds that leave no value, or a constraint without any variable that does not hold."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd: what, where, and in words."""

    oddity: Oddity
    name: str
    detail: str


def review(model: Model) -> tuple[Note, ...]:
    """Everything odd about a model, in the order of its parts.

    Raises:
        FormulationError: The model does not hold together.
    """
    return (
        *_contradictions(model),
        *_unused(model),
        *_unbounded(model),
        *unmoved(model),
        *_clashes(model),
    )


def _contradictions(model: Model) -> Iterator[Note]:
    """What no decision can keep to, as is seen without a solver."""
    instance = model.instance
    for column in instance.columns_without_value():
        detail = f"no value keeps to the bounds {bounds_text(instance, column)}"
        yield Note(Oddity.CONTRADICTION, instance.column_names[column], detail)
    for row in np.flatnonzero(np.diff(instance.starts) == 0).tolist():
        if not instance.row_lower[row] <= 0 <= instance.row_upper[row]:
            name = instance.row_names[row]
            detail = f"{name} never holds: {row_text(instance, row)}"
            yield Note(Oddity.CONTRADICTION, name, detail)


def _unused(model: Model) -> Iterator[Note]:
    used = model.names_used()
    for what, items in (("parameter", model.parameters), ("variable", model.variables)):
        for item in items:
            if item.name not in used:
                yield Note(Oddity.UNUSED, item.name, f"the {what} {item.name} is used nowhere")


def _unbounded(model: Model) -> Iterator[Note]:
    """Whole columns that neither their bounds nor a row of one sign keeps from growing."""
    instance = model.instance
    kept = {k for k in range(instance.columns) if math.isfinite(instance.upper[k])}
    for row in range(instance.rows):
        entries = instance.entries(row)
        least_known = all(math.isfinite(instance.lower[column]) for column, _ in entries)
        for sign, limit in ((1, instance.row_upper[row]), (-1, instance.row_lower[row])):
            one_sided = all(sign * value > 0 for _, value in entries)
            if math.isfinite(limit) and one_sided and least_known:
                kept |= {column for column, _ in entries}
    loose = [
        instance.column_names[column]
        for column in range(instance.auxiliary)
        if column not in kept and instance.integer[column]
    ]
    for name in loose:
        yield Note(
            Oddity.UNBOUNDED_INTEGER, name, f"no bound and no constraint by itself limits {name}"
        )


def unmoved(model: Model) -> Iterator[Note]:
    """An objective or constraints that depend on nothing that is decided.

    Raises:
        FormulationError: The model does not hold together.
    """
    instance = model.instance
    variables = {item.name for item in model.variables}

    def mention(sides: Iterable[Expression]) -> bool:
        return any(item.name in variables for side in sides for item in references(side))

    objective = model.objective
    moves = bool(instance.cost.any()) or _varies(instance.nonlinear_cost)
    if not (moves and mention([objective.expression])):
        yield Note(Oddity.NO_OBJECTIVE, objective.name, "the objective depends on no variable")
    # What cancels out is mentioned, but no row holds it.
    still = {*instance.row_origin.tolist(), *(item.origin for item in instance.nonlinear)}
    still -= {*instance.row_origin[np.diff(instance.starts) > 0].tolist()}
    still -= {item.origin for item in instance.nonlinear if _varies(item.expression)}
    for number, item in enumerate(model.constraints):
        sides = [side for one in relations(item.claim) for side in (one.left, one.right)]
        if number in still or not mention(sides):
            yield Note(Oddity.TRIVIAL, item.name, f"{item.name} depends on no variable")


def _varies(expression: Expression | None) -> bool:
    return expression is not None and any(expand(expression))


# ---------------------------------------------------------------- units


def _clashes(model: Model) -> Iterator[Note]:
    units = {item.name: item.unit for item in model.parameters}
    units |= {item.name: item.unit for item in model.variables}
    for name, one, other in _meetings(model):
        try:
            found = measure_of(one, units)
            against = parse_measure(other) if isinstance(other, str) else measure_of(other, units)
            if found is not None and against is not None and not found.is_same(against):
                raise UnitClashError(f"{found} against {against}")
        except UnitClashError as clash:
            yield Note(Oddity.UNIT_CLASH, name, f"{name}: {clash}")


def _meetings(model: Model) -> Iterator[tuple[str, Expression, Expression | str]]:
    """Which expressions meet which, or the unit that they are said to have."""
    yield model.objective.name, model.objective.expression, model.objective.unit
    for variable in model.variables:
        for bound in (variable.lower, variable.upper):
            if bound is not None:
                yield variable.name, bound, variable.unit
    for item in model.constraints:
        for relation in relations(item.claim):
            yield item.name, relation.left, relation.right
