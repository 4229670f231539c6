"""Constraints of a model at a point, taken as they were written and not as rows for a solver.

Rows of logic and of pieces hold helping columns, which nobody who brings a solution knows of.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise, product
from typing import Any

import numpy as np

from neurosym.checks.certified import is_close
from neurosym.errors import FormulationError
from neurosym.formal.optimization.certificates import TOLERANCE
from neurosym.formal.optimization.evaluation import evaluate
from neurosym.formal.optimization.expression import (
    Comparison,
    Expression,
    Piecewise,
    references,
)
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Domain,
    Implies,
    Model,
    Relation,
    relations,
)
from neurosym.formal.optimization.scope import Block, Form, Scope, Table, narrow, open_scope
from neurosym.presentation.text import decimal_text

__all__ = ["Broken", "Point"]

_Sides = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Broken:
    """What a point does not keep to: its name, with the elements it is for, and in what way."""

    name: str
    how: str


class Point:
    """A model with numbers for its variables, which leaves nothing to decide.

    Args:
        model: A model that holds together.
        values: Of its variables, in the order of the columns of its instance; what these hold
            besides is passed over.
        allowed: What is taken for rounding, relative to the numbers; 0 is exact.
    """

    def __init__(
        self, model: Model, values: Sequence[Fraction], allowed: float = TOLERANCE
    ) -> None:
        self._allowed = allowed
        self._model = model
        self._values = values
        self._whole = {v.name for v in model.variables if v.domain is not Domain.CONTINUOUS}
        self._table = table = Table({item.name: item for item in model.sets}, object)
        table.pieces = _piecewise
        for item in model.parameters:
            sets = [table.sets[name].elements for name in item.over]
            keys = (tuple(chain.from_iterable(key)) for key in product(*sets))
            self._put(item.name, item.over, (item.values[key] for key in keys))
        first = 0
        for variable in model.variables:
            over = tuple(binding.over for binding in variable.over)
            count = math.prod(table.sets[name].size for name in over)
            given = values[first : first + count]
            is_whole = variable.domain is not Domain.CONTINUOUS
            self._put(variable.name, over, map(self._meant, given) if is_whole else given)
            first += count

    def _put(self, name: str, over: Sequence[str], values: Iterable[Fraction]) -> None:
        table = self._table
        shape = [table.sets[item].size for item in over]
        table.parameters[name] = Block(name, tuple(over), table.array(values, shape))

    def objective(self) -> Fraction | None:
        """What the objective comes to; ``None`` if it is not defined here."""
        try:
            return self._value(self._model.objective.expression, Scope())
        except FormulationError:
            return None

    def broken(self) -> Iterator[Broken]:
        """Every bound and constraint that the point does not keep to, but for rounding."""
        yield from self._broken_bounds()
        for constraint in self._model.constraints:
            scope = open_scope(Scope(), constraint.over, constraint.conditions, self._table)
            for place in np.argwhere(scope.chosen).tolist():
                inner = narrow(scope, place)
                how = self._how_broken(constraint.claim, inner)
                if how:
                    yield Broken(self._name(constraint, inner), how)

    def _broken_bounds(self) -> Iterator[Broken]:
        instance = self._model.instance
        for column in range(instance.auxiliary):
            value = self._values[column]
            for bound, comparison in (
                (instance.lower[column], Comparison.AT_LEAST),
                (instance.upper[column], Comparison.AT_MOST),
            ):
                if math.isinf(bound):
                    continue
                if not self._compares((value, Fraction(bound)), comparison, kept=True):
                    how = _told((value, Fraction(bound)), comparison)
                    yield Broken(instance.column_names[column], how)
            if instance.integer[column] and self._meant(value).denominator != 1:
                yield Broken(instance.column_names[column], f"{decimal_text(value)} is not whole")

    def _how_broken(self, claim: Claim, scope: Scope) -> str:
        """What is wrong with a claim; empty if it holds."""
        try:
            held = [self._sides(item, scope) for item in relations(claim)]
        except FormulationError:
            return "is not defined at this point"
        true = [
            self._compares(sides, item.comparison, kept=not self._is_whole(item))
            for item, sides in zip(relations(claim), held, strict=True)
        ]
        if _holds(claim, true):
            return ""
        if isinstance(claim, Relation):
            return _told(held[0], claim.comparison)
        return f"{print_claim(claim)} does not hold"

    def _meant(self, value: Fraction) -> Fraction:
        """The whole number that a rounded one stands for, if it does."""
        nearest = Fraction(round(value))
        return nearest if abs(value - nearest) <= self._allowed else value

    def _compares(self, sides: _Sides, comparison: Comparison, *, kept: bool) -> bool:
        """Whether a comparison holds, but for rounding.

        One that is strict holds at equality too if it is ``kept`` so, as it is of continuous
        values, for which no solver knows better; of whole ones it is taken exactly.
        """
        if is_close(*sides, self._allowed) and (comparison in _AT_EQUALITY or kept):
            return comparison is not Comparison.DIFFERENT
        return _EXACTLY[comparison](*sides)

    def _sides(self, relation: Relation, scope: Scope) -> _Sides:
        return self._value(relation.left, scope), self._value(relation.right, scope)

    def _value(self, expression: Expression, scope: Scope) -> Fraction:
        """What an expression comes to.

        Raises:
            FormulationError: It is not defined here.
        """
        return Fraction(np.ravel(evaluate(expression, scope, self._table).constant)[0])

    def _is_whole(self, relation: Relation) -> bool:
        """Whether its variables are whole."""
        used = {item.name for side in (relation.left, relation.right) for item in references(side)}
        return all(item.name in self._whole for item in self._model.variables if item.name in used)

    def _name(self, constraint: Constraint, scope: Scope) -> str:
        bound = [name for binding in constraint.over for name in binding.names]
        labels = [self._table.labels[int(scope.ids[name][1][0])] for name in bound]
        return f"{constraint.name}[{','.join(labels)}]" if labels else constraint.name


def _piecewise(argument: Form, function: Piecewise, scope: Scope) -> Form:
    """The value of a function between its points, of arguments that are numbers."""
    numbers = np.ravel(argument.constant).tolist()
    found = np.empty(len(numbers), dtype=object)
    found[:] = [_between(number, function.points) for number in numbers]
    return Form(found.reshape(np.shape(argument.constant)))


def _between(x: Fraction, points: Sequence[_Sides]) -> Fraction:
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    for end, value in (points[0], points[-1]):
        if is_close(x, end, TOLERANCE):  # a rounded number may be just outside
            return value
    raise FormulationError("a piecewise function ends before this point", hint="Give more points.")


def _holds(claim: Claim, true: Sequence[bool]) -> bool:
    """Whether a claim holds, whose comparisons do or do not."""
    match claim:
        case Relation():
            return true[0]
        case Implies():
            return true[1] or not true[0]
        case AnyOf():
            return any(true)
        case Count(comparison, number, _):
            return _EXACTLY[comparison](sum(true), number)


_AT_EQUALITY = frozenset({Comparison.AT_MOST, Comparison.EQUAL, Comparison.AT_LEAST})
_EXACTLY: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.EQUAL: operator.eq,
    Comparison.AT_LEAST: operator.ge,
    Comparison.GREATER: operator.gt,
    Comparison.DIFFERENT: operator.ne,
}


def _told(sides: _Sides, comparison: Comparison) -> str:
    return f"{decimal_text(sides[0])} {comparison} {decimal_text(sides[1])} does not hold"
