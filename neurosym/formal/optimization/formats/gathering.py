"""What a reader gathers from a file, and the model that it comes to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from neurosym.errors import InputError
from neurosym.formal.optimization.expression import (
    ONE,
    ZERO,
    Comparison,
    Constant,
    Expression,
    Reference,
    add,
)
from neurosym.formal.optimization.formats.numerals import Limit, as_limit
from neurosym.formal.optimization.model import (
    AnyOf,
    Constraint,
    Domain,
    Implies,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)
from neurosym.formal.optimization.polynomial import Polynomial, expression_of
from neurosym.formal.optimization.rows import MAX_COLUMNS

__all__ = [
    "BINARY_HINT",
    "FINITE_HINT",
    "ColumnEntry",
    "Condition",
    "Gathering",
    "too_many_columns",
]

_ZERO = Fraction(0)
FINITE_HINT = "Give as bounds the least and the greatest value that it has where it is not 0."
"""What to do where :attr:`ColumnEntry.semi_fault` tells something."""
BINARY_HINT = "Make it binary."
"""What to do where :attr:`ColumnEntry.indicator_fault` tells something."""
Condition: TypeAlias = tuple[int, int]
"""The number of a binary column, and which of 0 and 1 it has to be."""


def too_many_columns(count: str) -> InputError:
    """The error that a file has more variables than a model may have."""
    return InputError(f"the file has {count} variables", hint=f"Give at most {MAX_COLUMNS:,}.")


@dataclass(slots=True)
class ColumnEntry:
    """A column: its bounds, whether it is whole, and whether it was given a lower bound.

    One that is semi-continuous may be 0 as well, whatever its bounds.
    """

    name: str
    lower: Limit = _ZERO
    upper: Limit = math.inf
    whole: bool = False
    has_lower: bool = False
    semi: bool = False

    def variable(self) -> Variable:
        """The variable that it is; of a semi-continuous one, see :meth:`gap` too."""
        lower, upper = as_limit(self.lower), as_limit(self.upper)
        if self.semi:
            lower, upper = min(lower, _ZERO), max(upper, _ZERO)
        if self.whole and lower == 0 and upper == 1:
            return Variable(self.name, domain=Domain.BINARY)
        domain = Domain.INTEGER if self.whole else Domain.CONTINUOUS
        return Variable(self.name, (), domain, _bound(lower), _bound(upper))

    def gap(self) -> AnyOf | None:
        """That it is 0 or between its bounds, if it is semi-continuous and 0 is not there."""
        lower, upper = as_limit(self.lower), as_limit(self.upper)
        if not self.semi or lower <= 0 <= upper:
            return None
        itself = Reference(self.name)
        beyond = (
            Relation(itself, Comparison.AT_LEAST, Constant(Fraction(lower)))
            if lower > 0
            else Relation(itself, Comparison.AT_MOST, Constant(Fraction(upper)))
        )
        return AnyOf((Relation(itself, Comparison.EQUAL, ZERO), beyond))

    @property
    def semi_fault(self) -> str:
        """Why it cannot be semi-continuous, in words; empty if it can."""
        for side, limit in (("upper", self.upper), ("lower", self.lower)):
            if isinstance(as_limit(limit), float):
                return f"{self.name} is semi-continuous and has no finite {side} bound"
        return ""

    @property
    def indicator_fault(self) -> str:
        """Why no row can depend on it, in words; empty if one can."""
        if self.whole and self.lower >= 0 and self.upper <= 1:
            return ""
        return f"a row depends on {self.name}, which is not binary"


def _bound(limit: Limit) -> Expression | None:
    if isinstance(limit, float):
        return None
    return Constant(limit) if limit else ZERO


class Gathering:
    """Columns and rows as they come.

    Attributes:
        columns: The columns in order.
        numbers: Their numbers by name.
    """

    def __init__(self) -> None:
        self.columns: list[ColumnEntry] = []
        self.numbers: dict[str, int] = {}
        self._references: list[Reference] = []
        self._rows: list[tuple[str, Polynomial, Limit, Limit, Condition | None]] = []

    def column(self, name: str) -> int:
        """The number of a column, which is added if it is new.

        Raises:
            InputError: There are too many.
        """
        number = self.numbers.get(name)
        if number is None:
            number = self.numbers[name] = len(self.columns)
            if number == MAX_COLUMNS:
                raise too_many_columns(f"more than {MAX_COLUMNS:,}")
            self.columns.append(ColumnEntry(name))
            self._references.append(Reference(name))
        return number

    def add_row(
        self,
        name: str,
        left: Polynomial,
        lower: Limit,
        upper: Limit,
        condition: Condition | None = None,
    ) -> None:
        """``lower <= left <= upper``, where the constant of ``left`` counts for nothing.

        A row that is open on both sides is none. Its name may be empty; it is then called by its
        place, ``c1``, ``c2``, …. With a condition it holds where that does.
        """
        self._rows.append((name, left, as_limit(lower), as_limit(upper), condition))

    def model(
        self, sense: Sense, objective: Polynomial, objective_name: str, source: str, name: str
    ) -> Model:
        """The model of all that was gathered."""
        cost = expression_of(objective, self._references)
        if objective.constant:
            constant = Constant(objective.constant)
            cost = constant if cost == ZERO else add(cost, constant)
        return Model(
            Objective(sense, cost, objective_name or "objective"),
            tuple(self._constraints()),
            tuple(column.variable() for column in self.columns),
            source=source,
            name=name,
        )

    def _constraints(self) -> list[Constraint]:
        found: list[Constraint] = []
        names = {name for name, *_ in self._rows if name} | set(self.numbers)
        for place, (name, left, lower, upper, condition) in enumerate(self._rows, start=1):
            # The modelling language calls no two things alike; these formats may call a row and a
            # column so.
            called = name if name and name not in self.numbers else ""
            called = called or _unused(f"{name}_row" if name else f"c{place}", names)
            expression = expression_of(left, self._references)
            for number, (comparison, limit) in enumerate(_sides(lower, upper)):
                relation = Relation(expression, comparison, Constant(limit))
                said = relation if condition is None else Implies(self._when(condition), relation)
                label = called if not number else _unused(f"{called}_2", names)
                found.append(Constraint(label, said))
        for column in self.columns:
            gap = column.gap()
            if gap is not None:
                found.append(Constraint(_unused(f"{column.name}_semi", names), gap))
        return found

    def _when(self, condition: Condition) -> Relation:
        # Of a binary column it says the same as an equation, whose opposite would be two.
        column, value = condition
        if value:
            return Relation(self._references[column], Comparison.AT_LEAST, ONE)
        return Relation(self._references[column], Comparison.AT_MOST, ZERO)


def _sides(lower: Limit, upper: Limit) -> list[tuple[Comparison, Fraction]]:
    """What a row says, as comparisons of one side each."""
    if isinstance(lower, Fraction) and lower == upper:
        return [(Comparison.EQUAL, lower)]
    found: list[tuple[Comparison, Fraction]] = []
    if isinstance(lower, Fraction):
        found.append((Comparison.AT_LEAST, lower))
    if isinstance(upper, Fraction):
        found.append((Comparison.AT_MOST, upper))
    return found


def _unused(name: str, names: set[str]) -> str:
    """A name that no other row has, which it then has."""
    number, made = 2, name
    while made in names:
        made = f"{name}_{number}"
        number += 1
    names.add(made)
    return made
