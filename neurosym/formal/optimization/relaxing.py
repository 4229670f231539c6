"""Models with a pole or an open end in them, moved off it in a way that loses no better point.

A solver is not to be trusted near ``log(0)`` or ``1/0``. But ``log(t + d)`` is more than
``log(t)``, ``1/(t + d)`` is less than ``1/t``, and ``t*log(t + d)`` is more than ``t*log(t)``, by
at most ``d``. Where that makes an objective better and constraints wider, the optimum of the model
with these in their places is a bound of the true one, and a solver can be trusted with it. If some
point of the model comes as near to that bound as can be asked, there is none that is better.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from neurosym.formal.optimization.domains import NEAR, Ranges, edge_of_domain
from neurosym.formal.optimization.expansion import factors_of, outweighed_logs
from neurosym.formal.optimization.expression import (
    Add,
    Call,
    Column,
    Constant,
    Divide,
    Expression,
    Function,
    Multiply,
    Power,
    add,
    multiply,
    parts,
    walk,
)
from neurosym.formal.optimization.instance import Instance, NonlinearRow
from neurosym.formal.optimization.model import Sense

__all__ = ["moved_off_edges"]


class _FixedError(Exception):
    """An expression cannot be moved off its edge to the side that is asked for."""


def moved_off_edges(instance: Instance) -> Instance | None:
    """A model without edges that allows every point of one that has some, and makes none worse.

    Args:
        instance: The model.

    Returns:
        It, with the columns of this one; ``None`` if there is none of this kind, or no edge.
    """
    mover = _Mover(instance)
    if not mover.has_poles:
        return None
    cost = instance.nonlinear_cost
    try:
        rows = tuple(moved for row in instance.nonlinear for moved in mover.rows(row))
        if cost is not None:
            cost = mover.bound(cost, 1 if instance.sense is Sense.MAXIMIZE else -1)
    except _FixedError:
        return None
    lower = instance.lower.copy()
    for column in mover.positive:
        lower[column] = max(lower[column], 0)
    moved = replace(instance, lower=lower, nonlinear=rows, nonlinear_cost=cost)
    return None if edge_of_domain(moved) else moved


class _Mover:
    """Moves expressions off their poles.

    Args:
        instance: Whose columns they are of.

    Attributes:
        has_poles: Whether there are any.
        positive: Columns that have to be above 0, since their logarithms are taken.
    """

    def __init__(self, instance: Instance) -> None:
        self._ranges = Ranges(instance)
        for tree in instance.trees:
            self._ranges.range_of(tree)
        self._poles = frozenset(self._ranges.poles)
        self.has_poles = bool(self._poles)
        self.positive: set[int] = set()

    def rows(self, row: NonlinearRow) -> Iterator[NonlinearRow]:
        """Rows that allow whatever a row allows."""
        if not self._has_pole(row.expression):
            yield row
            return
        if not math.isinf(row.upper):
            yield replace(row, expression=self.bound(row.expression, -1), lower=-math.inf)
        if not math.isinf(row.lower):
            yield replace(row, expression=self.bound(row.expression, 1), upper=math.inf)

    def bound(self, expression: Expression, way: int) -> Expression:
        """An expression without a pole that is nowhere less, or nowhere more if ``way`` is -1.

        Raises:
            _FixedError: None is known.
        """
        if not self._has_pole(expression):
            return expression
        if expression in self._poles:
            return self._moved(expression, way)
        match expression:
            case Add(terms):
                return Add(tuple(self.bound(term, way) for term in terms))
            case Multiply():
                return self._product([*factors_of(expression)], way)
            case Divide(numerator, denominator) if not self._has_pole(denominator):
                return Divide(self.bound(numerator, way * self._sign(denominator)), denominator)
            case Call(Function.EXP | Function.MIN | Function.MAX as function, arguments):
                return Call(function, tuple(self.bound(item, way) for item in arguments))
        raise _FixedError

    def _product(self, factors: list[Expression], way: int) -> Expression:
        places = [place for place, factor in enumerate(factors) if self._has_pole(factor)]
        if len(places) > 1:
            raise _FixedError
        [place] = places
        pole, logs = factors[place], outweighed_logs(factors)
        if place in logs and isinstance(pole, Call):
            other, power, ratio = logs[place]
            taken = [place, other]
            rest: list[Expression] = [Constant(ratio)]
            moved = partial(self._outweighed, pole.arguments[0], power)
        else:
            taken, rest, moved = [place], [], partial(self.bound, pole)
        rest += [factor for k, factor in enumerate(factors) if k not in taken]
        return multiply(*rest, moved(way * self._sign(Multiply(tuple(rest)))))

    def _outweighed(self, inside: Expression, power: int, way: int) -> Expression:
        """``t^k * log(t)`` without its open end; it has a value at 0, and none below."""
        if self._has_pole(inside) or self._sign(inside) != 1:
            raise _FixedError
        further = _further(inside, 1)
        log = Call(Function.LOG, (further,))
        # t * log(t + d), in a form that solvers know to be convex.
        above = Add((Multiply((further, log)), Multiply((Constant(-NEAR), log))))
        # That is more than t * log(t) by at most d.
        moved = above if way == 1 else add(above, Constant(-NEAR))
        return multiply(*[inside] * (power - 1), moved)

    def _moved(self, pole: Expression, way: int) -> Expression:
        if any(self._has_pole(part) for part in parts(pole)):
            raise _FixedError
        rises, moved = self._further_from_zero(pole)
        if rises != way:
            raise _FixedError
        return moved

    def _further_from_zero(self, pole: Expression) -> tuple[int, Expression]:
        """A moved pole, and 1 where that makes it greater, -1 where it makes it less."""
        match pole:
            case Call(Function.LOG, (inside,)):
                if isinstance(inside, Column):
                    self.positive.add(inside.number)
                return 1, Call(Function.LOG, (_further(inside, 1),))
            case Divide(numerator, inside):
                sign = self._sign(inside)
                return -sign * self._sign(numerator), Divide(numerator, _further(inside, sign))
            case Power(inside, Constant() as exponent) if self._sign(inside) == 1:
                return -1, Power(_further(inside, 1), exponent)
        raise _FixedError

    def _has_pole(self, expression: Expression) -> bool:
        return any(node in self._poles for node in walk(expression))

    def _sign(self, expression: Expression) -> int:
        """1 of what is never negative, -1 of what is never positive."""
        found = self._ranges.range_of(expression)
        if found.lower >= 0:
            return 1
        if found.upper <= 0:
            return -1
        raise _FixedError


def _further(expression: Expression, sign: int) -> Expression:
    return add(expression, Constant(sign * NEAR))
