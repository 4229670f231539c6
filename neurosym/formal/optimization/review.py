"""What is odd about a model that holds together all the same."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from neurosym.answers.units import singular
from neurosym.formal.optimization.expression import (
    Add,
    Call,
    Constant,
    Divide,
    Expression,
    Multiply,
    Power,
    Reference,
    Sum,
    parts,
    walk,
)
from neurosym.formal.optimization.model import Model, relations

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
        *_unused(model),
        *_unbounded(model),
        *unmoved(model),
        *_clashes(model),
    )


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
    """An objective or constraints that depend on nothing that is decided."""
    variables = {item.name for item in model.variables}

    def mentions(expression: Expression) -> bool:
        return any(isinstance(n, Reference) and n.name in variables for n in walk(expression))

    if not mentions(model.objective.expression):
        yield Note(
            Oddity.NO_OBJECTIVE, model.objective.name, "the objective depends on no variable"
        )
    for item in model.constraints:
        sides = [side for one in relations(item.claim) for side in (one.left, one.right)]
        if not any(map(mentions, sides)):
            yield Note(Oddity.TRIVIAL, item.name, f"{item.name} depends on no variable")


# ---------------------------------------------------------------- units


class _ClashError(Exception):
    """Two terms are measured in different units."""


def _clashes(model: Model) -> Iterator[Note]:
    units = {item.name: item.unit for item in model.parameters}
    units |= {item.name: item.unit for item in model.variables}
    sides: list[tuple[str, Expression, Expression | None]] = [
        ("objective", model.objective.expression, None)
    ]
    for item in model.constraints:
        sides += [(item.name, one.left, one.right) for one in relations(item.claim)]
    for name, left, right in sides:
        try:
            one = _unit(left, units)
            other = None if right is None else _unit(right, units)
            if one is not None and other is not None and one != other:
                raise _ClashError(f"{_shown(one)} against {_shown(other)}")
        except _ClashError as clash:
            yield Note(Oddity.UNIT_CLASH, name, f"{name}: {clash}")


_Unit = Mapping[str, int]


def _unit(expression: Expression, units: Mapping[str, str]) -> _Unit | None:
    """The unit of an expression; ``None`` if it is unknown, as of bare numbers."""
    match expression:
        case Constant():
            return None
        case Reference(name):
            return _parse(units[name]) if units.get(name) else None
        case Multiply(factors):
            # A bare number may carry any unit: 10 passengers a trip.
            return _product([(factor, 1) for factor in factors], units)
        case Divide(numerator, denominator):
            return _product([(numerator, 1), (denominator, -1)], units)
        case Add(terms):
            known = [unit for term in terms if (unit := _unit(term, units)) is not None]
            for unit in known[1:]:
                if unit != known[0]:
                    raise _ClashError(f"{_shown(known[0])} and {_shown(unit)} are added")
            return known[0] if known else None
        case Sum(_, term):
            return _unit(term, units)
        case Power() | Call():
            for part in parts(expression):
                _unit(part, units)
    return None


def _product(factors: list[tuple[Expression, int]], units: Mapping[str, str]) -> _Unit | None:
    total: Counter[str] = Counter()
    for factor, sign in factors:
        unit = _unit(factor, units)
        if unit is None:
            return None
        for word, power in unit.items():
            total[word] += sign * power
    return {word: power for word, power in total.items() if power}


def _parse(text: str) -> _Unit:
    """A unit in words: "dollars per trip" is dollar / trip."""
    total: Counter[str] = Counter()
    for place, part in enumerate(re.split(r"\s*/\s*|\s+per\s+", text.strip().lower())):
        for word in re.split(r"[\s*·-]+", part):
            if word:
                total[singular(word)] += 1 if place == 0 else -1
    return {word: power for word, power in total.items() if power}


def _shown(unit: _Unit) -> str:
    above = " ".join(word for word, power in unit.items() if power > 0)
    below = " ".join(word for word, power in unit.items() if power < 0)
    return f"{above or '1'}{'/' + below if below else ''}"
