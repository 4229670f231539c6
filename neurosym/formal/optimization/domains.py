"""Where expressions of a model have no value, or values without end, within its bounds.

Branch and bound takes a function to be continuous between bounds. At a pole or the open end of a
domain it is not, and solvers then call optimal what is not, or infeasible what can be done; the
same goes for what they round to 0 or take for infinite. What
bounds and linear rows allow is followed through each expression by interval arithmetic (Moore 1966,
Interval Analysis); the intervals are rational, and never too narrow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

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
    walk,
)
from neurosym.formal.optimization.instance import INFINITE, Instance, exact, exact_limit
from neurosym.formal.optimization.intervals import EVERYTHING, Interval, rising
from neurosym.formal.optimization.polynomial import NotQuadraticError, polynomial_of
from neurosym.formal.optimization.telling import expression_text

__all__ = ["NEAR", "Ranges", "edge_of_domain"]

_Form: TypeAlias = tuple[tuple[int, Fraction], ...]
"""A linear expression without its constant, scaled so that its first coefficient is 1."""
_Known: TypeAlias = Mapping[frozenset[int], Mapping[_Form, Interval]]
NEAR = Fraction(1, 10**6)
"""What is nearer to 0 may be 0 to a solver, by its tolerance of feasibility."""
_ONE = Interval(Fraction(1), Fraction(1))


def edge_of_domain(instance: Instance) -> str:
    """Which expression may be undefined, or have a pole, within bounds and linear rows.

    Returns:
        In words, with the bound that would mend it; empty if there is none.
    """
    if instance.is_linear:
        return ""
    ranges = Ranges(instance)
    for tree in instance.trees:
        ranges.range_of(tree)
        if ranges.edges:
            return ranges.edges[0]
    return ""


class Ranges:
    """Finds the ranges of expressions within bounds and linear rows, and their edges.

    Args:
        instance: Whose columns they are of.

    Attributes:
        edges: What may be undefined, have a pole, or be too great, in words.
        poles: The expressions among these that may be undefined or have a pole.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._known = _ranges_of_rows(instance)
        self.edges: list[str] = []
        self.poles: set[Expression] = set()

    def range_of(self, expression: Expression) -> Interval:
        """An interval of all values, where there are any; what edges there are is noted."""
        found = self._by_parts(expression)
        if isinstance(expression, Add | Multiply | Column):
            # What a row says of a sum is more than what its parts say.
            found = found.meet(_told(expression, self._known))
        size = max(found.upper, -found.lower)
        is_made = not isinstance(expression, Constant | Column)
        if is_made and size >= INFINITE and self._is_bounded(expression):
            shown = expression_text(expression, self._instance.column_names)
            self.edges.append(
                f"{shown} may be so great that solvers take it for infinite; give its variables "
                "narrower bounds"
            )
        return found

    def _is_bounded(self, expression: Expression) -> bool:
        """Whether all columns in it have bounds; without them everything may be infinite."""
        ranges = [
            self._column(number).meet(_told(Column(number), self._known))
            for number in _columns(expression)
        ]
        return all(math.isfinite(item.lower) and math.isfinite(item.upper) for item in ranges)

    def _by_parts(self, expression: Expression) -> Interval:
        match expression:
            case Constant(value):
                return Interval(value, value)
            case Column(number):
                return self._column(number)
            case Add(terms):
                return sum(map(self.range_of, terms), Interval(Fraction(0), Fraction(0)))
            case Multiply(factors):
                product = _ONE
                for factor, count in Counter(factors).items():
                    product = product * self.range_of(factor).power(count)
                return product
            case Divide(numerator, denominator):
                below = self.range_of(denominator)
                if _may_be_zero(below):
                    self._note_pole(expression, denominator, below, positive=False)
                return self.range_of(numerator) * below.inverse()
            case Power(base, exponent):
                return self._power(expression, self.range_of(base), self.range_of(exponent))
            case Call(function, arguments):
                return self._call(expression, function, list(map(self.range_of, arguments)))
        raise AssertionError(f"not written out: {expression}")

    def _column(self, number: int) -> Interval:
        lower, upper = (
            exact_limit(bounds[number]) for bounds in (self._instance.lower, self._instance.upper)
        )
        if self._instance.integer[number]:
            lower = lower if math.isinf(lower) else Fraction(math.ceil(lower))
            upper = upper if math.isinf(upper) else Fraction(math.floor(upper))
        return Interval(lower, upper)

    def _power(self, expression: Power, base: Interval, exponent: Interval) -> Interval:
        fixed = exponent.lower if exponent.lower == exponent.upper else None
        if isinstance(fixed, Fraction) and fixed.denominator == 1:
            if fixed < 0 and _may_be_zero(base):
                self._note_pole(expression, expression.base, base, positive=False)
            return base.power(int(fixed))
        if isinstance(fixed, Fraction) and fixed > 0:
            # Below 0 it has no value; but 0, where its domain ends, is in it.
            inside = Interval(max(base.lower, Fraction(0)), max(base.upper, Fraction(0)))
            return rising(lambda value: math.pow(value, fixed), inside)
        if base.lower < NEAR:
            self._note_pole(expression, expression.base, base, positive=True)
        return rising(math.exp, exponent * rising(math.log, base))

    def _call(self, expression: Call, function: Function, inside: list[Interval]) -> Interval:
        first = inside[0]
        match function:
            case Function.LOG:
                if first.lower < NEAR:
                    self._note_pole(expression, expression.arguments[0], first, positive=True)
                return rising(math.log, first)
            case Function.SQRT:
                return rising(math.sqrt, Interval(max(first.lower, Fraction(0)), first.upper))
            case Function.EXP:
                return rising(math.exp, first)
            case Function.SIN | Function.COS:
                return Interval(Fraction(-1), Fraction(1))
            case Function.ABS:
                ends = [max(end, -end) for end in (first.lower, first.upper)]
                return Interval(Fraction(0) if 0 in first else min(ends), max(ends))
            case Function.MIN | Function.MAX:
                lowers, uppers = [item.lower for item in inside], [item.upper for item in inside]
                if function is Function.MIN:
                    return Interval(min(lowers), min(uppers))
                return Interval(max(lowers), max(uppers))

    def _note_pole(
        self, whole: Expression, part: Expression, found: Interval, *, positive: bool
    ) -> None:
        shown, inside = (
            expression_text(item, self._instance.column_names) for item in (whole, part)
        )
        limit = "0"
        may = "be 0 or less" if positive else "be 0"
        if found.lower > 0 or found.upper < 0:
            limit = "0.000001" if found.lower > 0 else "-0.000001"
            may = "be so near to 0 that solvers take it for 0"
        is_above = positive or found.upper > 0
        bound = f"a least value above {limit}" if is_above else f"a greatest value below {limit}"
        kind = bound if isinstance(part, Column) else f"{bound} by a constraint"
        self.edges.append(f"{shown}: {inside} may {may}; give {inside} {kind}")
        self.poles.add(whole)


def _may_be_zero(found: Interval) -> bool:
    """Whether a solver may take a number between these ends for 0."""
    return found.lower < NEAR and found.upper > -NEAR


def _ranges_of_rows(instance: Instance) -> _Known:
    """Between which numbers the linear rows keep their left sides, by the columns in them."""
    found: dict[frozenset[int], dict[_Form, Interval]] = {}
    for row in range(instance.rows):
        entries = [(column, exact(value)) for column, value in instance.entries(row)]
        if not entries:
            continue
        scale = 1 / entries[0][1]
        ends = (exact_limit(instance.row_lower[row]), exact_limit(instance.row_upper[row]))
        form = tuple((column, scale * value) for column, value in entries)
        told = Interval(*ends) * Interval(scale, scale)
        forms = found.setdefault(frozenset(column for column, _ in entries), {})
        forms[form] = forms.get(form, EVERYTHING).meet(told)
    return found


def _told(expression: Expression, known: _Known) -> Interval:
    """What rows say of an expression that is linear."""
    forms = known.get(frozenset(_columns(expression)))
    if forms is None:
        return EVERYTHING
    try:
        polynomial = polynomial_of(expression)
    except NotQuadraticError:
        return EVERYTHING
    if polynomial.products or not polynomial.linear:
        return EVERYTHING
    scale = next(iter(polynomial.linear.values()))
    form = tuple((column, value / scale) for column, value in polynomial.linear.items())
    constant = polynomial.constant
    return forms.get(form, EVERYTHING) * Interval(scale, scale) + Interval(constant, constant)


def _columns(expression: Expression) -> list[int]:
    return [node.number for node in walk(expression) if isinstance(node, Column)]
