"""Certificates of what a solver says, checked in exact arithmetic by the definitions alone.

Each function takes an instance and numbers that are said to prove something of it. None of them
solves anything, so that a mistake of a solver cannot hide here. Numbers are compared as fractions;
where some come from floating-point arithmetic, the caller allows for it by a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from neurosym.formal.optimization.expansion import factors_of, outweighed_logs
from neurosym.formal.optimization.expression import (
    Add,
    Call,
    Column,
    Constant,
    Divide,
    Expression,
    Multiply,
    Power,
)
from neurosym.formal.optimization.functions import FUNCTIONS, power_of
from neurosym.formal.optimization.instance import Instance, exact
from neurosym.formal.optimization.model import Sense

__all__ = [
    "TOLERANCE",
    "Violation",
    "dual_bound",
    "improves",
    "objective_value",
    "recession_violations",
    "value_of",
    "violations",
]

TOLERANCE = 1e-6
"""By how much, relative to the numbers involved, rounded solutions may be off."""
_Number: TypeAlias = Fraction | float


@dataclass(frozen=True, slots=True)
class Violation:
    """What a point does not keep to.

    Attributes:
        name: Of the row or column.
        value: What it comes to.
        limit: What it may be at the utmost; of a column that must be whole, the nearest number.
        scale: Greatest size of a number in the sum, by which amounts are judged.
        is_strict: Whether the limit itself is not allowed; nothing makes up for that.
    """

    name: str
    value: Fraction
    limit: Fraction
    scale: Fraction
    is_strict: bool = False

    @property
    def relative(self) -> float:
        """By how much, relative to the numbers it is made of."""
        if self.is_strict:
            return math.inf
        return float(abs(self.value - self.limit) / max(Fraction(1), self.scale))


def objective_value(instance: Instance, x: Sequence[Fraction]) -> Fraction:
    """The objective at a point.

    Raises:
        ValueError: A function of it has no value there; ``ZeroDivisionError`` and
            ``OverflowError`` likewise.
    """
    total = exact(instance.offset)
    for cost, value in zip(instance.cost.tolist(), x, strict=True):
        if cost and value:
            total += exact(cost) * value
    if instance.nonlinear_cost is not None:
        total += value_of(instance.nonlinear_cost, x)
    return total


def violations(instance: Instance, x: Sequence[Fraction]) -> Iterator[Violation]:
    """All rows and bounds that a point does not keep, and columns that are not whole.

    Raises:
        ValueError: A function of a row has no value there; ``ZeroDivisionError`` and
            ``OverflowError`` likewise.
    """
    bounds = zip(
        instance.lower.tolist(), instance.upper.tolist(), instance.integer.tolist(), strict=True
    )
    for column, (value, (lower, upper, whole)) in enumerate(zip(x, bounds, strict=True)):
        if not lower <= value <= upper:
            yield from _outside(instance.column_names[column], value, lower, upper, abs(value))
        if whole and value.denominator != 1:
            # However great a number is, half of a thing is no rounding.
            name, nearest = instance.column_names[column], Fraction(round(value))
            yield Violation(name, value, nearest, Fraction(1))
    for row in range(instance.rows):
        terms = [exact(v) * x[column] for column, v in instance.entries(row) if x[column]]
        total = sum(terms, Fraction(0))
        lower, upper = instance.row_lower[row], instance.row_upper[row]
        if not lower <= total <= upper:
            scale = max(map(abs, terms), default=Fraction(0))
            yield from _outside(instance.row_names[row], total, lower, upper, scale)
    for item in instance.nonlinear:
        value = value_of(item.expression, x)
        if item.is_strict and value >= item.upper:
            yield Violation(item.name, value, exact(item.upper), abs(value), is_strict=True)
            continue
        yield from _outside(item.name, value, item.lower, item.upper, abs(value))


def _outside(
    name: str, value: Fraction, lower: _Number, upper: _Number, scale: Fraction
) -> Iterator[Violation]:
    for limit, is_out in ((lower, value < lower), (upper, value > upper)):
        if is_out:
            yield Violation(name, value, exact(limit), scale)


def value_of(expression: Expression, x: Sequence[Fraction]) -> Fraction:
    """An expression of columns at a point; exact but for functions like ``exp``.

    What has a limit at the end of a domain, as ``t * log(t)`` has at 0, has that as its value.

    Raises:
        ValueError: It has no value there; ``ZeroDivisionError`` and ``OverflowError`` likewise.
    """
    match expression:
        case Constant(value):
            return value
        case Column(number):
            return x[number]
        case Add(terms):
            return sum((value_of(term, x) for term in terms), Fraction(0))
        case Multiply():
            return _product_value([*factors_of(expression)], x)
        case Divide(numerator, denominator):
            return value_of(numerator, x) / value_of(denominator, x)
        case Power(base, exponent):
            return Fraction(power_of(value_of(base, x), value_of(exponent, x)))
        case Call(function, arguments):
            return Fraction(FUNCTIONS[function](*(value_of(item, x) for item in arguments)))
    raise AssertionError(f"not written out: {expression}")


def _product_value(factors: Sequence[Expression], x: Sequence[Fraction]) -> Fraction:
    def product(places: Iterable[int]) -> Fraction:
        return math.prod((value_of(factors[place], x) for place in places), start=Fraction(1))

    every = range(len(factors))
    try:
        return product(every)
    except ValueError:
        # A logarithm has no value at 0, but its product with what it is taken of is 0 there.
        logs = outweighed_logs(factors)
        zero = {place for place, (other, *_) in logs.items() if not value_of(factors[other], x)}
        if not zero:
            raise
        return product(place for place in every if place not in zero)


# ---------------------------------------------------------------- duality


def dual_bound(
    instance: Instance, multipliers: Sequence[Fraction], *, cost: bool = True
) -> Fraction | None:
    """What the objective can be at best, by multipliers of the rows: weak duality.

    Every point that keeps to rows and bounds has an objective no better than this. With
    ``cost=False`` the objective is taken as 0 and minimized; a bound above 0 then proves that there
    is no such point at all (Farkas), as do a lower and an upper bound in conflict.

    Args:
        instance: A linear one; that columns are whole is left out of account.
        multipliers: Of each row, shape (m,).
        cost: Whether the objective counts.

    Returns:
        The bound; ``None`` if these multipliers give none.
    """
    sign = -1 if cost and instance.sense is Sense.MAXIMIZE else 1
    # Of "minimize sign * cost": reduced costs and multipliers each pick the bound that hurts.
    reduced = [sign * _short(value) if cost else 0 for value in instance.cost.tolist()]
    total = sign * exact(instance.offset) if cost else Fraction(0)
    for row, multiplier in enumerate(multipliers):
        scaled = sign * _short(multiplier)
        if not scaled:
            continue
        limit = instance.row_lower[row] if scaled > 0 else instance.row_upper[row]
        if math.isinf(limit):
            return None
        total += scaled * exact(limit)
        for column, value in instance.entries(row):
            reduced[column] -= scaled * _short(value)
    for rest, lower, upper in zip(
        reduced, instance.lower.tolist(), instance.upper.tolist(), strict=True
    ):
        if not cost and lower > upper:
            total += exact(lower) - exact(upper)
        if not rest:
            continue
        limit = lower if rest > 0 else upper
        if math.isinf(limit):
            return None
        total += rest * exact(limit)
    return Fraction(sign * total)


def _short(value: Any) -> Fraction | int:
    """A finite number, as a whole one if it is, with which arithmetic is far faster."""
    found = exact(value)
    return found.numerator if found.denominator == 1 else found


# ---------------------------------------------------------------- rays


def improves(instance: Instance, direction: Sequence[Fraction]) -> Fraction:
    """How much better the objective gets along a direction; more than 0 is better, and has no end.

    Of a quadratic objective only what it gains wherever one starts; 0 if that depends on where, as
    of any other that is not linear.
    """
    change = sum(
        (exact(cost) * step for cost, step in zip(instance.cost.tolist(), direction, strict=True)
         if cost and step),
        Fraction(0),
    )  # fmt: skip
    if instance.nonlinear_cost is not None:
        cost = instance.quadratic_cost
        if cost is None:
            return Fraction(0)
        for row in cost.curvature().values():
            if sum(value * direction[column] for column, value in row.items()):
                return Fraction(0)
        change += sum((v * direction[column] for column, v in cost.linear.items()), Fraction(0))
    return Fraction(change if instance.sense is Sense.MAXIMIZE else -change)


def recession_violations(instance: Instance, direction: Sequence[Fraction]) -> Iterator[str]:
    """Names of rows and columns whose bounds are left by whoever goes far enough in a direction."""

    def leaves(step: Fraction, lower: _Number, upper: _Number) -> bool:
        return (step < 0 and not math.isinf(lower)) or (step > 0 and not math.isinf(upper))

    bounds = zip(instance.lower.tolist(), instance.upper.tolist(), strict=True)
    for column, (step, (lower, upper)) in enumerate(zip(direction, bounds, strict=True)):
        if leaves(step, lower, upper):
            yield instance.column_names[column]
    for row in range(instance.rows):
        step = sum(
            (exact(value) * direction[column] for column, value in instance.entries(row)),
            Fraction(0),
        )
        if leaves(step, instance.row_lower[row], instance.row_upper[row]):
            yield instance.row_names[row]
