"""What models mean, worked out slowly: one combination of elements, one point, one fraction a time.

Nothing here is shared with how models are written out, so that the two can be compared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any, TypeAlias

from neurosym.formal.optimization.expression import (
    Add,
    Binding,
    Call,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Function,
    Index,
    Multiply,
    Piecewise,
    Power,
    Reference,
    Sum,
)
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Count,
    Domain,
    Implies,
    Model,
    Relation,
    Sense,
)

__all__ = [
    "Point",
    "Undefined",
    "best",
    "box_points",
    "column_point",
    "constraint_truths",
    "holds_at",
    "objective_at",
    "variable_keys",
]

Point: TypeAlias = Mapping[tuple[str, tuple[str, ...]], Fraction]
"""Values of variables, by their names and elements."""

_Place: TypeAlias = Mapping[str, tuple[str, str]]
"""For each index the element it stands for and its set."""

_HOLDS: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.EQUAL: operator.eq,
    Comparison.AT_LEAST: operator.ge,
    Comparison.GREATER: operator.gt,
    Comparison.DIFFERENT: operator.ne,
}
_FUNCTIONS: Mapping[Function, Callable[..., Fraction]] = {
    Function.ABS: abs,
    Function.MIN: lambda *values: min(values),
    Function.MAX: lambda *values: max(values),
}


class Undefined(Exception):
    """A piecewise function is asked for a value outside its domain."""


def variable_keys(model: Model) -> list[tuple[str, tuple[str, ...]]]:
    """Each variable with each of its elements, in order."""
    elements = {item.name: item.elements for item in model.sets}
    return [
        (variable.name, tuple(name for element in combination for name in element))
        for variable in model.variables
        for combination in product(*(elements[binding.over] for binding in variable.over))
    ]


def column_point(model: Model, point: Point) -> list[Fraction]:
    """A point in the order of the columns."""
    return [point[key] for key in variable_keys(model)]


def constraint_truths(model: Model, point: Point) -> list[list[bool]]:
    """For each constraint, whether it holds for each of the elements that are meant."""
    return [
        [
            _claim(model, item.claim, place, point)
            for place in _places(model, item.over, item.conditions, {})
        ]
        for item in model.constraints
    ]


def objective_at(model: Model, point: Point) -> Fraction:
    """The objective at a point."""
    return _value(model, model.objective.expression, {}, point)


def holds_at(model: Model, point: Point) -> bool:
    """Whether a point keeps to all constraints, bounds and domains."""
    try:
        return all(map(all, constraint_truths(model, point))) and _within(model, point)
    except Undefined:
        return False


def box_points(model: Model) -> Iterator[Point]:
    """All whole points within the bounds of a model whose variables all have bounds."""
    ranges = []
    keys = []
    for variable in model.variables:
        for place in _places(model, variable.over, (), {}):
            assert variable.lower is not None
            assert variable.upper is not None
            lower = -(-_value(model, variable.lower, place, {}) // 1)
            upper = _value(model, variable.upper, place, {}) // 1
            ranges.append(range(int(lower), int(upper) + 1))
            keys.append((variable.name, _elements(variable.over, place)))
    for values in product(*ranges):
        yield dict(zip(keys, map(Fraction, values), strict=True))


def best(model: Model) -> Fraction | None:
    """The best objective over all whole points within the bounds; ``None`` if there is none."""
    choose = min if model.objective.sense is Sense.MINIMIZE else max
    found = [objective_at(model, point) for point in box_points(model) if holds_at(model, point)]
    return choose(found, default=None)


def _elements(bindings: Sequence[Binding], place: _Place) -> tuple[str, ...]:
    return tuple(place[name][0] for binding in bindings for name in binding.names)


def _within(model: Model, point: Point) -> bool:
    for variable in model.variables:
        for place in _places(model, variable.over, (), {}):
            value = point[variable.name, _elements(variable.over, place)]
            if variable.domain is not Domain.CONTINUOUS and value.denominator != 1:
                return False
            if variable.domain is Domain.BINARY and value not in (0, 1):
                return False
            lower, upper = variable.lower, variable.upper
            if lower is not None and value < _value(model, lower, place, point):
                return False
            if upper is not None and value > _value(model, upper, place, point):
                return False
    return True


def _places(
    model: Model, bindings: Sequence[Binding], conditions: Sequence[Condition], outer: _Place
) -> Iterator[_Place]:
    elements = {item.name: item.elements for item in model.sets}
    for combination in product(*(elements[binding.over] for binding in bindings)):
        place = dict(outer)
        for binding, element in zip(bindings, combination, strict=True):
            place |= {
                name: (part, binding.over)
                for name, part in zip(binding.names, element, strict=True)
            }
        if all(_condition(model, item, place) for item in conditions):
            yield place


def _element(index: Index, place: _Place) -> str:
    return index.name if isinstance(index, Element) else place[index.name][0]


def _condition(model: Model, condition: Condition, place: _Place) -> bool:
    sides = (condition.left, condition.right)
    left, right = (_element(side, place) for side in sides)
    if condition.comparison in (Comparison.EQUAL, Comparison.DIFFERENT):
        return _HOLDS[condition.comparison](left, right)
    over = next(place[side.name][1] for side in sides if not isinstance(side, Element))
    [order] = [item.elements for item in model.sets if item.name == over]
    return _HOLDS[condition.comparison](order.index((left,)), order.index((right,)))


def _claim(model: Model, claim: Claim, place: _Place, point: Point) -> bool:
    match claim:
        case Relation(left, comparison, right):
            sides = [_value(model, side, place, point) for side in (left, right)]
            return _HOLDS[comparison](*sides)
        case Implies(condition, consequence):
            # Both are worked out, since a piecewise function in either has to have a value.
            first, second = (_claim(model, part, place, point) for part in (condition, consequence))
            return not first or second
        case AnyOf(inside):
            return sum(_claim(model, part, place, point) for part in inside) >= 1
        case Count(comparison, number, inside):
            count = sum(_claim(model, part, place, point) for part in inside)
            return _HOLDS[comparison](count, number)


def _value(model: Model, expression: Expression, place: _Place, point: Point) -> Fraction:
    def of(part: Expression) -> Fraction:
        return _value(model, part, place, point)

    match expression:
        case Constant(value):
            return value
        case Reference(name, ()) if name in place:
            return Fraction(place[name][0])
        case Reference(name, indices):
            key = tuple(_element(index, place) for index in indices)
            for parameter in model.parameters:
                if parameter.name == name:
                    return parameter.values[key]
            return point[name, key]
        case Add(terms):
            return sum(map(of, terms), Fraction(0))
        case Multiply(factors):
            return prod(map(of, factors), start=Fraction(1))
        case Divide(numerator, denominator):
            return of(numerator) / of(denominator)
        case Power(base, exponent):
            return Fraction(of(base) ** int(of(exponent)))
        case Call(function, arguments):
            return _FUNCTIONS[function](*map(of, arguments))
        case Sum(bindings, term, conditions):
            inner = _places(model, bindings, conditions, place)
            return sum((_value(model, term, each, point) for each in inner), Fraction(0))
        case Piecewise(argument, points):
            return _interpolated(of(argument), points)
    raise AssertionError(expression)


def _interpolated(at: Fraction, points: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    for (x, y), (next_x, next_y) in pairwise(points):
        if x <= at <= next_x:
            return y + (at - x) * (next_y - y) / (next_x - x)
    raise Undefined
