"""The kinds of constraints: what each means, the words that call for it, and its algebra.

The kinds of NL4Opt (Ramamonjison et al. 2023, arXiv:2303.08233, section 3) and the logical ones of
templates for mixed-integer models. A kind is read off the algebra, never taken on trust: what a
translator says a constraint is can be held against what it wrote.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from neurosym.formal.optimization.expression import (
    Add,
    Comparison,
    Divide,
    Expression,
    Multiply,
    Piecewise,
    Reference,
    Sum,
    references,
    walk,
)
from neurosym.formal.optimization.instance import Instance, exact
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Count,
    Implies,
    Model,
    Relation,
    relations,
)

__all__ = ["KINDS", "ConstraintKind", "KindInfo", "kinds_of"]


class ConstraintKind(StrEnum):
    """The kinds."""

    SUM = "sum"
    UPPER_BOUND = "upper bound"
    LOWER_BOUND = "lower bound"
    LINEAR = "linear"
    RATIO = "ratio"
    X_BY = "x by y"
    X_Y = "x against y"
    IF_THEN = "if then"
    EITHER_OR = "either or"
    AT_MOST_K = "at most k"
    AT_LEAST_K = "at least k"
    EXACTLY_K = "exactly k"
    MUTUALLY_EXCLUSIVE = "mutually exclusive"
    FIXED_CHARGE = "fixed charge"
    PIECEWISE = "piecewise"
    ALL_OR_NOTHING = "all or nothing"
    PRECEDENCE = "precedence"
    CONDITIONAL_BOUND = "conditional bound"
    NONLINEAR = "nonlinear"


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A kind of constraint.

    Attributes:
        definition: What it means, in words.
        cues: Phrases that call for it.
        template: How it is written in the modelling language.
    """

    definition: str
    cues: tuple[str, ...]
    template: str


KINDS: Mapping[ConstraintKind, KindInfo] = {
    ConstraintKind.SUM: KindInfo(
        "all variables together are limited", ("in total", "altogether", "combined"), "x + y <= 20"
    ),
    ConstraintKind.UPPER_BOUND: KindInfo(
        "one variable is at most a number", ("at most", "no more than", "up to"), "x <= 20"
    ),
    ConstraintKind.LOWER_BOUND: KindInfo(
        "one variable is at least a number", ("at least", "a minimum of", "must make"), "x >= 5"
    ),
    ConstraintKind.LINEAR: KindInfo(
        "what variables use or give, each at its rate, is limited",
        ("available", "budget", "requires", "needs"),
        "3 * x + 2 * y <= 100",
    ),
    ConstraintKind.RATIO: KindInfo(
        "one variable is a share of the total", ("% of all", "of the total"), "x >= 0.4 * (x + y)"
    ),
    ConstraintKind.X_BY: KindInfo(
        "one variable is a multiple of another",
        ("twice as many", "times as much", "half of"),
        "x >= 2 * y",
    ),
    ConstraintKind.X_Y: KindInfo(
        "one variable is set against another", ("more than", "must not exceed"), "x <= y"
    ),
    ConstraintKind.IF_THEN: KindInfo(
        "if one thing holds, so does another", ("if", "whenever"), "if x >= 1 then y >= 3"
    ),
    ConstraintKind.EITHER_OR: KindInfo(
        "at least one of several things holds", ("either", "or else"), "x >= 5 or y >= 5"
    ),
    ConstraintKind.AT_MOST_K: KindInfo(
        "at most so many are chosen", ("at most two of", "no more than two of"), "a + b + c <= 2"
    ),
    ConstraintKind.AT_LEAST_K: KindInfo(
        "at least so many are chosen", ("at least two of", "two or more of"), "a + b + c >= 2"
    ),
    ConstraintKind.EXACTLY_K: KindInfo(
        "exactly so many are chosen", ("exactly two of", "choose two of"), "a + b + c = 2"
    ),
    ConstraintKind.MUTUALLY_EXCLUSIVE: KindInfo(
        "at most one is chosen", ("cannot both", "mutually exclusive", "only one of"), "a + b <= 1"
    ),
    ConstraintKind.FIXED_CHARGE: KindInfo(
        "an amount above 0 is possible only if something is chosen, which has its price",
        ("set-up cost", "fixed cost", "only if it is opened"),
        "if x > 0 then open = 1",
    ),
    ConstraintKind.PIECEWISE: KindInfo(
        "a value changes its rate at certain amounts",
        ("for the first", "beyond", "discount"),
        "cost >= piecewise(x, (0, 0), (10, 50), (30, 110))",
    ),
    ConstraintKind.ALL_OR_NOTHING: KindInfo(
        "several are chosen together or not at all", ("both or neither", "as a set"), "a = b"
    ),
    ConstraintKind.PRECEDENCE: KindInfo(
        "one is chosen only if another is", ("only if", "requires that", "before"), "a <= b"
    ),
    ConstraintKind.CONDITIONAL_BOUND: KindInfo(
        "a variable is bounded if something is chosen",
        ("if it is produced, at least", "minimum batch"),
        "if open = 1 then x >= 10",
    ),
    ConstraintKind.NONLINEAR: KindInfo(
        "it is neither of these, and not linear", ("squared", "product of", "area"), "x * y <= 100"
    ),
}
"""Every kind with its meaning, cues and template."""


def kinds_of(model: Model) -> tuple[ConstraintKind, ...]:
    """The kind of each constraint, by its algebra.

    Raises:
        FormulationError: The model does not hold together.
    """
    instance = model.instance
    first = instance.first_rows
    return tuple(
        _kind(item.claim, instance, first.get(number))
        for number, item in enumerate(model.constraints)
    )


def _kind(claim: Claim, instance: Instance, row: int | None) -> ConstraintKind:
    inside = [side for one in relations(claim) for side in (one.left, one.right)]
    if any(isinstance(node, Piecewise) for side in inside for node in walk(side)):
        return ConstraintKind.PIECEWISE
    match claim:
        case Implies():
            return _conditional(claim)
        case AnyOf():
            return ConstraintKind.EITHER_OR
        case Count(comparison, number):
            if comparison is Comparison.AT_MOST and number == 1:
                return ConstraintKind.MUTUALLY_EXCLUSIVE
            return _COUNTS[comparison]
        case Relation(_, Comparison.DIFFERENT):
            return ConstraintKind.EITHER_OR
    return ConstraintKind.NONLINEAR if row is None else _of_row(claim, instance, row)


_COUNTS = {
    Comparison.AT_MOST: ConstraintKind.AT_MOST_K,
    Comparison.AT_LEAST: ConstraintKind.AT_LEAST_K,
    Comparison.EQUAL: ConstraintKind.EXACTLY_K,
}


def _conditional(claim: Implies) -> ConstraintKind:
    if claim.condition.comparison is Comparison.GREATER:
        return ConstraintKind.FIXED_CHARGE
    if claim.condition.comparison is Comparison.EQUAL and claim.consequence.comparison in (
        Comparison.AT_MOST,
        Comparison.AT_LEAST,
    ):
        return ConstraintKind.CONDITIONAL_BOUND
    return ConstraintKind.IF_THEN


def _of_row(claim: Relation, instance: Instance, row: int) -> ConstraintKind:
    """The kind of a row of the matrix, by its coefficients and its limit."""
    entries = [(column, exact(value)) for column, value in instance.entries(row)]
    lower, upper = instance.row_lower[row], instance.row_upper[row]
    limit = lower if math.isinf(upper) else upper
    values = [value for _, value in entries]
    if not entries:
        return ConstraintKind.LINEAR  # of no variable, or of such as take each other away
    if len(entries) == 1:
        is_upper = math.isinf(lower) is (values[0] > 0)
        return ConstraintKind.UPPER_BOUND if is_upper else ConstraintKind.LOWER_BOUND
    if all(_is_binary(instance, column) for column, _ in entries):
        return _of_binaries(values, lower, upper)
    if limit == 0 and lower in (0, -math.inf) and upper in (0, math.inf):
        return ConstraintKind.RATIO if _is_share(claim) else _homogeneous(values)
    if len(set(values)) == 1:
        return ConstraintKind.SUM
    return ConstraintKind.LINEAR


def _is_binary(instance: Instance, column: int) -> bool:
    return bool(instance.integer[column]) and (
        instance.lower[column] >= 0 and instance.upper[column] <= 1
    )


def _of_binaries(values: list[Fraction], lower: Fraction, upper: Fraction) -> ConstraintKind:
    scale = abs(values[0])
    if any(abs(value) != scale for value in values):
        return ConstraintKind.LINEAR
    if all(value > 0 for value in values):
        if lower == upper:
            return ConstraintKind.EXACTLY_K
        if math.isinf(upper):
            return ConstraintKind.AT_LEAST_K
        single = upper / scale < 2
        return ConstraintKind.MUTUALLY_EXCLUSIVE if single else ConstraintKind.AT_MOST_K
    if len(values) == 2 and (lower == 0 or upper == 0):
        together = lower == upper
        return ConstraintKind.ALL_OR_NOTHING if together else ConstraintKind.PRECEDENCE
    return ConstraintKind.LINEAR


def _is_share(claim: Relation) -> bool:
    """Whether some of one variable is set against some of a total that it is part of.

    Of two variables the coefficients alone do not tell a share of both from a multiple of one.
    """
    sides = claim.left, claim.right
    return any(_is_part(one, whole) for one, whole in (sides, sides[::-1]))


def _is_part(one: Expression, whole: Expression) -> bool:
    match whole:
        case Multiply(factors):
            return any(_is_part(one, factor) for factor in factors)
        case Divide(numerator, _):
            return _is_part(one, numerator)
        case Add(terms) if all(isinstance(term, Reference) for term in terms):
            found = any(reference in terms for reference in references(one))
        case Sum(_, Reference(name)):
            found = any(reference.name == name for reference in references(one))
        case _:
            return False
    return found and not any(isinstance(node, Add | Sum) for node in walk(one))


def _homogeneous(values: list[Fraction]) -> ConstraintKind:
    """The kind of a row whose limit is 0: variables set against each other."""
    positive = [value for value in values if value > 0]
    negative = [-value for value in values if value < 0]
    if not positive or not negative:
        return ConstraintKind.SUM if len(set(values)) == 1 else ConstraintKind.LINEAR
    if len(values) == 2 and positive == negative:
        return ConstraintKind.X_Y
    # x >= r (x + y + …) has 1 - r once and -r for all others.
    for one, others in ((positive, negative), (negative, positive)):
        if len(one) == 1 and len(set(others)) == 1 and one[0] + others[0] == 1:
            return ConstraintKind.RATIO
    return ConstraintKind.X_BY if len(values) == 2 else ConstraintKind.LINEAR
