"""Random models of which it is known by how they are made whether they can be solved."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from neurosym.formal.optimization.expression import (
    Comparison,
    Constant,
    Expression,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)

__all__ = [
    "infeasible_lp",
    "infeasible_milp",
    "solvable_lp",
    "solvable_milp",
    "solvable_qp",
    "unbounded_lp",
    "unbounded_milp",
    "unbounded_qp",
]

_Row = Sequence[Fraction]
_SENSES = [*Sense]
_LESS, _EQUAL, _MORE = Comparison.AT_MOST, Comparison.EQUAL, Comparison.AT_LEAST


def _number(choose: random.Random) -> Fraction:
    """A small number; some are decimals or fractions that no floating-point number is."""
    return Fraction(choose.randint(-9, 9), choose.choice([1, 1, 1, 2, 3, 10, 100]))


def _row(choose: random.Random, count: int) -> list[Fraction]:
    return [_number(choose) if choose.random() < 0.7 else Fraction(0) for _ in range(count)]


def _dot(row: _Row, x: _Row) -> Fraction:
    return sum((a * b for a, b in zip(row, x, strict=True)), Fraction(0))


def _linear(row: _Row) -> Expression:
    terms = [multiply(Constant(value), Reference(f"x{k}")) for k, value in enumerate(row) if value]
    return add(*terms) if terms else Constant(Fraction(0))


def _constraint(name: str, row: _Row, comparison: Comparison, right: Fraction) -> Constraint:
    return Constraint(name, Relation(_linear(row), comparison, Constant(right)))


def _variable(
    number: int,
    lower: Fraction | int | None = None,
    upper: Fraction | int | None = None,
    *,
    whole: bool = False,
) -> Variable:
    least, greatest = (
        None if bound is None else Constant(Fraction(bound)) for bound in (lower, upper)
    )
    domain = Domain.INTEGER if whole else Domain.CONTINUOUS
    return Variable(f"x{number}", (), domain, least, greatest)


def _model(
    sense: Sense, cost: Expression, rows: Sequence[Constraint], variables: Sequence[Variable]
) -> Model:
    return Model(Objective(sense, cost), tuple(rows), tuple(variables))


def _held(
    choose: random.Random, count: int, x: _Row, rows: int, *, tight: bool = False
) -> list[tuple[_Row, Comparison, Fraction]]:
    """Rows that a point keeps to, some without any room."""
    found: list[tuple[_Row, Comparison, Fraction]] = []
    for _ in range(rows):
        row = _row(choose, count)
        sign = choose.choice([_LESS, _MORE, _LESS, _MORE, _EQUAL])
        room = Fraction(0) if tight or choose.random() < 0.4 else abs(_number(choose))
        shift = {_LESS: room, _MORE: -room, _EQUAL: Fraction(0)}[sign]
        found.append((row, sign, _dot(row, x) + shift))
    return found


def solvable_lp(choose: random.Random) -> tuple[Model, Fraction]:
    """A linear model and its optimum."""
    model, optimum, _ = _solvable(choose)
    return model, optimum


def solvable_qp(choose: random.Random) -> tuple[Model, Fraction]:
    """A convex quadratic model and its optimum: that of a linear one, where all squares are 0."""
    model, optimum, x = _solvable(choose)
    return _with_squares(model, [(_row(choose, len(x)), x) for _ in range(len(x))]), optimum


def _with_squares(model: Model, squares: Sequence[tuple[_Row, _Row]]) -> Model:
    """A model that loses the square of how far rows are from what they come to at some points."""
    sign = Constant(Fraction(1 if model.objective.sense is Sense.MINIMIZE else -1))
    parts = [add(_linear(row), Constant(-_dot(row, x))) for row, x in squares]
    terms = [multiply(sign, part, part) for part in parts]
    expression = add(model.objective.expression, *terms)
    return replace(model, objective=replace(model.objective, expression=expression))


def _solvable(choose: random.Random) -> tuple[Model, Fraction, _Row]:
    """A linear model, its optimum and where: multipliers of the right signs balance there."""
    count = choose.randint(1, 6)
    x = [_number(choose) for _ in range(count)]
    sense = choose.choice(_SENSES)
    rows = _held(choose, count, x, choose.randint(0, 6))
    cost = [Fraction(0)] * count
    better = 1 if sense is Sense.MINIMIZE else -1
    for row, sign, right in rows:
        if _dot(row, x) != right:
            continue  # what has room takes no part
        multiplier = abs(_number(choose)) * better * {_LESS: -1, _MORE: 1, _EQUAL: 1}[sign]
        cost = [value + multiplier * entry for value, entry in zip(cost, row, strict=True)]
    variables = []
    for number, value in enumerate(x):
        # A bound without room may balance whatever is left of its column.
        kind = choose.choice(["low", "high", "free", "wide"])
        lower: Fraction | None = None
        upper: Fraction | None = None
        if kind == "low":
            lower = value
            cost[number] += abs(_number(choose)) * better
        elif kind == "high":
            upper = value
            cost[number] -= abs(_number(choose)) * better
        elif kind == "wide":
            lower, upper = value - abs(_number(choose)), value + abs(_number(choose))
        variables.append(_variable(number, lower, upper))
    offset = _number(choose)
    objective = add(_linear(cost), Constant(offset))
    constraints = [_constraint(f"c{k}", *row) for k, row in enumerate(rows)]
    return _model(sense, objective, constraints, variables), _dot(cost, x) + offset, x


def infeasible_lp(choose: random.Random) -> Model:
    """A linear model with rows that add up to a falsehood."""
    count = choose.randint(1, 5)
    rows = [
        (_row(choose, count), choose.choice([_MORE, _LESS]), _number(choose))
        for _ in range(choose.randint(1, 4))
    ]
    # The last row denies what a combination of the others says.
    total, right = [Fraction(0)] * count, Fraction(0)
    for row, sign, limit in rows:
        factor = choose.randint(0, 3) * (1 if sign is _MORE else -1)
        total = [a + factor * b for a, b in zip(total, row, strict=True)]
        right += factor * limit
    rows.append((total, _LESS, right - Fraction(1, choose.choice([1, 3, 100]))))
    choose.shuffle(rows)
    cost = _linear(_row(choose, count))
    variables = [
        _variable(k, choose.choice([None, 0, -50]), choose.choice([None, 50])) for k in range(count)
    ]
    constraints = [_constraint(f"c{k}", *row) for k, row in enumerate(rows)]
    return _model(choose.choice(_SENSES), cost, constraints, variables)


def unbounded_lp(choose: random.Random) -> Model:
    """A model with a point and a direction in which it gets better without end."""
    return _unbounded(choose)[0]


def unbounded_milp(choose: random.Random) -> Model:
    """The same with whole columns; point and direction are whole."""
    return _unbounded(choose, whole=True)[0]


def unbounded_qp(choose: random.Random) -> Model:
    """The same with squares that do not change in the direction."""
    model, way = _unbounded(choose)
    squares = []
    for _ in range(choose.randint(1, 3)):
        row = _row(choose, len(way))
        along = _dot(row, way) / _dot(way, way)
        across = [value - along * step for value, step in zip(row, way, strict=True)]
        squares.append((across, _row(choose, len(way))))
    return _with_squares(model, squares)


def _unbounded(choose: random.Random, *, whole: bool = False) -> tuple[Model, _Row]:
    """A model with a point, and a direction in which it gets better without end."""
    count = choose.randint(1, 5)
    x = [Fraction(choose.randint(-5, 5)) for _ in range(count)]
    way = [Fraction(choose.choice([-2, -1, 0, 1, 1, 3])) for _ in range(count)]
    way[choose.randrange(count)] = Fraction(1)
    rows = []
    for k in range(choose.randint(0, 5)):
        row = _row(choose, count)
        slope = _dot(row, way)
        sign = _MORE if slope > 0 or (slope == 0 and choose.random() < 0.5) else _LESS
        room = abs(_number(choose)) * (1 if sign is _LESS else -1)
        rows.append(_constraint(f"c{k}", row, sign, _dot(row, x) + room))
    sense = choose.choice(_SENSES)
    cost = _row(choose, count)
    cost[next(k for k, step in enumerate(way) if step)] += 1
    gain = _dot(cost, way)
    if gain == 0:
        cost, gain = way, _dot(way, way)
    if (gain > 0) is (sense is Sense.MINIMIZE):
        cost = [-value for value in cost]
    variables = []
    for number, (value, step) in enumerate(zip(x, way, strict=True)):
        lower = value - choose.randint(0, 3) if step >= 0 and choose.random() < 0.7 else None
        upper = value + choose.randint(0, 3) if step <= 0 and choose.random() < 0.7 else None
        is_whole = whole and (number == 0 or choose.random() < 0.6)
        variables.append(_variable(number, lower, upper, whole=is_whole))
    return _model(sense, _linear(cost), rows, variables), way


def solvable_milp(choose: random.Random) -> Model:
    """A model with a point, in a few whole columns within few values, perhaps with others."""
    count = choose.randint(1, 4)
    x = [Fraction(choose.randint(-2, 4)) for _ in range(count)]
    rows = _held(choose, count, x, choose.randint(1, 4))
    variables = []
    mixed = choose.random() < 0.3
    for number, value in enumerate(x):
        lower, upper = value - choose.randint(0, 2), value + choose.randint(0, 3)
        whole = number == 0 or not mixed or choose.random() < 0.5
        variables.append(_variable(number, lower, upper, whole=whole))
    constraints = [_constraint(f"c{k}", *row) for k, row in enumerate(rows)]
    cost = add(_linear(_row(choose, count)), Constant(_number(choose)))
    return _model(choose.choice(_SENSES), cost, constraints, variables)


def infeasible_milp(choose: random.Random) -> Model:
    """A model in whole columns without a whole point, though often with others."""
    while True:
        count = choose.randint(1, 3)
        bounds = [(low := choose.randint(-2, 1), low + choose.randint(1, 3)) for _ in range(count)]
        x = [Fraction(2 * choose.randint(2 * a, 2 * b) + 1, 4) for a, b in bounds]
        rows = _held(choose, count, x, choose.randint(1, 3), tight=True)
        points = product(*(range(low, high + 1) for low, high in bounds))
        if not any(_keeps(rows, list(map(Fraction, point))) for point in points):
            break
    constraints = [_constraint(f"c{k}", *row) for k, row in enumerate(rows)]
    variables = [_variable(k, low, high, whole=True) for k, (low, high) in enumerate(bounds)]
    cost = _linear(_row(choose, count))
    return _model(choose.choice(_SENSES), cost, constraints, variables)


def _keeps(rows: Sequence[tuple[_Row, Comparison, Fraction]], x: _Row) -> bool:
    for row, sign, right in rows:
        value = _dot(row, x)
        if (sign is not _LESS and value < right) or (sign is not _MORE and value > right):
            return False
    return True
