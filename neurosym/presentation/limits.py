"""What limits a decision: each constraint once, as it was written, and each bound that is reached.

Rows are how solvers are told a constraint. One of logic takes several, and helps itself to columns
of its own; a person said it once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from neurosym.backends.optimization.findings import Findings
from neurosym.backends.optimization.prices import Multipliers, lacks_prices, prices_of
from neurosym.backends.optimization.steps import Rates, Steps
from neurosym.formal.optimization.certificates import TOLERANCE, value_of
from neurosym.formal.optimization.expression import Add, Comparison, Expression, references
from neurosym.formal.optimization.instance import Instance, exact, exact_limit
from neurosym.formal.optimization.language.printer import (
    print_claim,
    print_expression,
    show_claim,
)
from neurosym.formal.optimization.model import Claim, Constraint, Domain, Model, Relation
from neurosym.formal.optimization.notation import FEW_TERMS
from neurosym.formal.optimization.telling import row_text

__all__ = ["Limit", "limits_of", "named_after", "why_no_prices"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Limit:
    """A constraint, or a bound that is reached, at a solution.

    Attributes:
        name: Its name, with the elements it is for.
        says: What it says.
        slack: How far the solution is from it; ``None`` of logic, which just holds.
        rates: What the objective changes by for a little less and a little more of the limit, as it
            was written; ``None`` if that is not known (see :func:`why_no_prices`).
        source: The number and words of the sentence that it comes from.
    """

    name: str
    says: str
    slack: Fraction | None
    rates: Rates | None = None
    source: str = ""

    @property
    def price(self) -> Fraction | None:
        """The one rate; ``None`` if it is not known, or not the same for less and for more."""
        return None if self.rates is None else self.rates.price


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a constraint compares: a row, by its number; those not linear come after the others."""

    name: str
    row: int
    lower: Fraction | float
    upper: Fraction | float


def limits_of(model: Model, found: Findings, *, is_short: bool = False) -> Iterator[Limit]:
    """The limits at a solution: constraints in order, then the bounds that hold it.

    Args:
        model: The model.
        found: What a solver found of it.
        is_short: Whether only the first terms of long sums are written.
    """
    instance = model.instance
    prices = prices_of(instance, found)
    sums = _sums(model)
    variables = frozenset(item.name for item in model.variables)
    for number, constraint in enumerate(model.constraints):
        sentence = "" if constraint.sentence is None else f"{constraint.sentence}: "
        sign = _sign(constraint.claim, variables)
        for item in sums.get(number, ()):
            says = _says(instance, constraint, item.row, sign, is_short=is_short)
            slack = _slack(instance, item, found) if sign else None
            rates = prices.of_row(item.row) if sign and prices else None
            if rates and sign < 0:
                rates = rates.negated()
            yield Limit(item.name, says, slack, rates, sentence + constraint.source)
    yield from _bounds(model, found, prices)


def _says(
    instance: Instance, constraint: Constraint, row: int, sign: int, *, is_short: bool
) -> str:
    """What a constraint says; of one over sets for the elements that a row is for."""
    is_said_by_row = sign and not instance.has_auxiliary(row)
    if constraint.over and is_said_by_row and instance.origin_of(row) not in instance.loosened:
        return row_text(instance, row, sign=sign, most_terms=FEW_TERMS if is_short else None)
    return show_claim(constraint.claim) if is_short else print_claim(constraint.claim)


def why_no_prices(model: Model, found: Findings) -> str:
    """Why no shadow prices are told though the optimum is proved; empty if they are, or it is not.

    See :func:`~neurosym.backends.optimization.prices.prices_of`.
    """
    if not lacks_prices(model.instance, found):
        return ""
    return (
        "no shadow prices are told: more limits meet at this decision than it takes to fix it, and "
        "only in small models is the price of each looked for by itself"
    )


def _sums(model: Model) -> Mapping[int, list[_Sum]]:
    """What is compared, by the number of the constraint that compares it.

    Of rows of one name the last, since those before it help to write logic or pieces; what the
    objective needs for its pieces comes from no constraint.
    """
    instance = model.instance
    origins = instance.row_origin.tolist()
    rows = {name: row for row, name in enumerate(instance.row_names) if origins[row] >= 0}
    found: dict[int, list[_Sum]] = {}
    for row, curved in enumerate(instance.nonlinear, start=instance.rows):
        rows.pop(curved.name, None)
        item = _Sum(curved.name, row, curved.lower, curved.upper)
        found.setdefault(curved.origin, []).append(item)
    for name, row in rows.items():
        sides = (exact_limit(bound[row]) for bound in (instance.row_lower, instance.row_upper))
        found.setdefault(origins[row], []).append(_Sum(name, row, *sides))
    return found


def named_after(name: str, known: Mapping[str, _T]) -> _T:
    """What a column is of, which is named like it, or like it without its elements.

    Raises:
        KeyError: Nothing is.
    """
    ends = (len(name), *(place for place, sign in enumerate(name) if sign == "["))
    for end in ends:
        if name[:end] in known:
            return known[name[:end]]
    raise KeyError(name)


def _slack(instance: Instance, item: _Sum, found: Findings) -> Fraction | None:
    """How far a sum is from the nearer of its limits."""
    try:
        if item.row < instance.rows:
            terms = [exact(value) * found.values[k] for k, value in instance.entries(item.row)]
            total = sum(terms, Fraction(0))
        else:
            curved = instance.nonlinear[item.row - instance.rows]
            total = value_of(curved.expression, found.values)
    except (ValueError, ArithmeticError):  # the check of feasibility tells it
        return None
    return _distance(total, (item.lower, item.upper), found)


def _distance(value: Fraction, sides: Sequence[Fraction | float], found: Findings) -> Fraction:
    """From a value to the nearest of the limits that are there; 0 if it is within rounding."""
    limits = [side for side in sides if isinstance(side, Fraction)]
    distances = {side: abs(value - side) for side in limits}
    nearest = min(distances, key=lambda side: distances[side])
    allowed = (
        0 if found.is_exact else Fraction(TOLERANCE) * max(Fraction(1), abs(value), abs(nearest))
    )
    return distances[nearest] if distances[nearest] > allowed else Fraction(0)


# ---------------------------------------------------------------- prices


def _sign(claim: Claim, variables: frozenset[str]) -> int:
    """1 if the limit of a claim stands on its right, -1 on its left, 0 if it has none.

    Rows are the left side less the right one. The limit is the side without variables; if both have
    some, a number on the left counts unless there is one on the right.
    """
    if not isinstance(claim, Relation) or claim.comparison is Comparison.DIFFERENT:
        return 0
    left, right = (_given(side, variables) for side in (claim.left, claim.right))
    if all(left) and not all(right):
        return -1
    return -1 if any(left) and not any(right) else 1


def _given(side: Expression, variables: frozenset[str]) -> list[bool]:
    """Which terms of a side are without variables."""
    terms = side.terms if isinstance(side, Add) else (side,)
    return [all(item.name not in variables for item in references(term)) for term in terms]


def _bounds(model: Model, found: Findings, prices: Steps | Multipliers | None) -> Iterator[Limit]:
    """Bounds that a solution reaches; that a column is at least 0 goes without saying."""
    instance = model.instance
    about = {item.name: item for item in model.variables}
    for column in range(instance.auxiliary):
        sides = (instance.lower[column], instance.upper[column])
        at_lower, at_upper = (_is_at(found.values[column], side, found) for side in sides)
        if not at_upper and (not at_lower or not sides[0]):
            continue
        name = instance.column_names[column]
        variable = named_after(name, about)
        if variable.domain is Domain.BINARY:
            continue
        rates = prices.of_column(column) if prices else None
        for is_at, sign, bound in (
            (at_lower, ">=", variable.lower),
            (at_upper, "<=", variable.upper),
        ):
            if is_at and bound is not None:
                says = f"{name} {sign} {print_expression(bound)}"
                yield Limit(name, says, Fraction(0), rates, variable.meaning)


def _is_at(value: Fraction, side: Any, found: Findings) -> bool:
    return not math.isinf(side) and not _distance(value, (exact(side),), found)
