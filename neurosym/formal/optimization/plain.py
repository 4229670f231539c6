"""Rows that are sums of numbers times variables without indices, as files of models have them.

Numpy is for what ranges over sets: an array for each of a million terms takes longer than all else
together. Such rows are gathered in lists, and become arrays once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from neurosym.formal.optimization.expression import (
    Add,
    Comparison,
    Constant,
    Expression,
    Multiply,
    Reference,
)
from neurosym.formal.optimization.model import Constraint, Relation

__all__ = ["PlainRows", "PlainSum", "plain_sum"]

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(slots=True)
class PlainSum:
    """A number, and numbers times columns, of which one may occur more than once."""

    constant: Fraction = _ZERO
    columns: list[int] = field(default_factory=list)
    values: list[Fraction] = field(default_factory=list)


def plain_sum(expression: Expression, columns: Mapping[str, int]) -> PlainSum | None:
    """An expression as a plain sum of these columns; ``None`` if it is anything else."""
    found = PlainSum()
    numbers, values = found.columns, found.values
    for term in expression.terms if isinstance(expression, Add) else (expression,):
        value, rest = _ONE, term
        if isinstance(term, Multiply) and len(term.factors) == 2:
            factor, rest = term.factors
            if isinstance(rest, Constant):
                factor, rest = rest, factor
            if not isinstance(factor, Constant):
                return None
            value = factor.value
        if isinstance(rest, Reference) and not rest.indices and rest.name in columns:
            numbers.append(columns[rest.name])
            values.append(value)
        elif isinstance(rest, Constant):
            found.constant += value * rest.value
        else:
            return None
    return found


@dataclass(slots=True)
class PlainRows:
    """Rows one after another, each between two sides.

    Attributes:
        origins: Numbers of the constraints that they come from.
        names: Their names.
        lower: Their least values.
        upper: Their greatest values.
        lengths: How many terms each has.
        columns: Of all terms.
        values: Of all terms.
    """

    origins: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    lower: list[Fraction | float] = field(default_factory=list)
    upper: list[Fraction | float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[Fraction] = field(default_factory=list)

    def take(self, number: int, constraint: Constraint, columns: Mapping[str, int]) -> bool:
        """Add the row of a constraint of this number, if it is plain; whether it is."""
        claim = constraint.claim
        if constraint.over or not isinstance(claim, Relation) or claim.comparison not in _PLAIN:
            return False
        left, right = plain_sum(claim.left, columns), plain_sum(claim.right, columns)
        if left is None or right is None:
            return False
        side = right.constant - left.constant
        self.origins.append(number)
        self.names.append(constraint.name)
        self.lower.append(-math.inf if claim.comparison is Comparison.AT_MOST else side)
        self.upper.append(math.inf if claim.comparison is Comparison.AT_LEAST else side)
        self.lengths.append(len(left.columns) + len(right.columns))
        self.columns += left.columns
        self.columns += right.columns
        self.values += left.values
        self.values += [-value for value in right.values]
        return True


_PLAIN = frozenset({Comparison.AT_MOST, Comparison.AT_LEAST, Comparison.EQUAL})
"""Others need to know of what numbers a sum is a multiple."""
