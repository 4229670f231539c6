"""A model written out: columns, rows of a sparse matrix, and what is not linear.

This is the form that solvers take and certificates speak of. Numbers are exact, but floating-point
in large models over sets; the code is the same, since numpy computes with either.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.formal.optimization.curvature import curves_upwards
from neurosym.formal.optimization.expression import Expression
from neurosym.formal.optimization.model import Sense
from neurosym.formal.optimization.polynomial import NotQuadraticError, Polynomial, polynomial_of

__all__ = [
    "INFINITE",
    "Instance",
    "NonlinearRow",
    "Numbers",
    "Structure",
    "as_written",
    "exact",
    "exact_limit",
]

INFINITE = Fraction(10**20)
"""Numbers of this size or more are infinite to solvers: to CPLEX, HiGHS and SCIP alike."""

Numbers: TypeAlias = NDArray[Any]
"""Of ``Fraction`` (dtype ``object``) or ``float64``; bounds that are not there are infinite."""


class Structure(StrEnum):
    """What kind of model it is, by which solvers are chosen."""

    LINEAR = "linear"
    MIXED_INTEGER = "mixed-integer linear"
    QUADRATIC = "quadratic"
    NONLINEAR = "nonlinear"


@dataclass(frozen=True, slots=True)
class NonlinearRow:
    """``lower <= expression <= upper`` for an expression that is not linear.

    Attributes:
        name: Its name.
        expression: Of numbers and columns.
        lower: Least value, or minus infinity.
        upper: Greatest value, or infinity.
        origin: Number of the constraint that it comes from, from 0.
        is_strict: Whether it has to be less than ``upper``. No solver holds that, so it is for
            whoever checks a point.
    """

    name: str
    expression: Expression
    lower: Fraction | float
    upper: Fraction | float
    origin: int = -1
    is_strict: bool = False


@dataclass(frozen=True)
class Instance:
    """``sense cost · x + offset`` subject to ``row_lower <= A x <= row_upper`` and bounds.

    Attributes:
        sense: Which way is better.
        cost: Of each column, shape (n,).
        offset: Added to the objective.
        starts: Where each row begins in ``indices`` and ``values``, and the end: shape (m + 1,).
        indices: Columns of the entries, row by row, rising within a row.
        values: Of these entries; none is zero.
        row_lower: Shape (m,).
        row_upper: Shape (m,).
        lower: Of the columns, shape (n,).
        upper: Of the columns, shape (n,).
        integer: Which columns are whole numbers, shape (n,), bool.
        row_origin: Number of the constraint that each row comes from, from 0, shape (m,).
        column_names: Of the columns; may be made as they are asked for.
        row_names: Of the rows, likewise.
        auxiliary: Columns from this one on were added to write logic or pieces as rows.
        nonlinear: Further rows.
        nonlinear_cost: Added to the objective; ``None`` is nothing.
        notes: What could not be kept as it was said, in words.
        constraint_names: Of the constraints, by their numbers.
        loosened: Numbers of the constraints that are strict, whose rows allow equality all the
            same, since continuous values have no best one below a limit.
    """

    sense: Sense
    cost: Numbers
    offset: Fraction | float
    starts: NDArray[np.int64]
    indices: NDArray[np.int64]
    values: Numbers
    row_lower: Numbers
    row_upper: Numbers
    lower: Numbers
    upper: Numbers
    integer: NDArray[np.bool_]
    row_origin: NDArray[np.int64]
    column_names: Sequence[str]
    row_names: Sequence[str]
    auxiliary: int
    nonlinear: tuple[NonlinearRow, ...] = ()
    nonlinear_cost: Expression | None = None
    notes: tuple[str, ...] = field(default=())
    constraint_names: tuple[str, ...] = ()
    loosened: frozenset[int] = frozenset()

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of linear rows."""
        return len(self.row_lower)

    @property
    def is_linear(self) -> bool:
        """Whether there is nothing but its matrix, cost and bounds."""
        return not self.nonlinear and self.nonlinear_cost is None

    @cached_property
    def quadratic_cost(self) -> Polynomial | None:
        """What is added to the objective, multiplied out; ``None`` if that is not quadratic."""
        if self.nonlinear_cost is None:
            return None
        try:
            return polynomial_of(self.nonlinear_cost)
        except NotQuadraticError:
            return None

    @cached_property
    def is_convex(self) -> bool:
        """Whether but for a quadratic objective it is linear, and that surely beyond its tangents.

        It is so if it is minimized and convex, or maximized and concave, in numbers that are exact.
        """
        if self.nonlinear or self.quadratic_cost is None or not self.is_exact:
            return False
        return curves_upwards(self.quadratic_cost, 1 if self.sense is Sense.MINIMIZE else -1)

    @property
    def has_constant_cost(self) -> bool:
        """Whether the objective is the same at every point."""
        return self.nonlinear_cost is None and not self.cost.any()

    @property
    def trees(self) -> list[Expression]:
        """All that is not linear: of the rows, then of the objective."""
        trees = [row.expression for row in self.nonlinear]
        return trees if self.nonlinear_cost is None else [*trees, self.nonlinear_cost]

    def columns_without_value(self) -> Iterator[int]:
        """Columns between whose bounds there is no value, or no whole one where it must be."""
        bounds = zip(self.lower.tolist(), self.upper.tolist(), self.integer.tolist(), strict=True)
        for column, (lower, upper, whole) in enumerate(bounds):
            if whole and math.isfinite(lower) and math.isfinite(upper):
                lower, upper = math.ceil(lower), math.floor(upper)
            if lower > upper:
                yield column

    def origin_of(self, row: int) -> int:
        """Number of the constraint of a row; those not linear are numbered after the others."""
        if row < self.rows:
            return int(self.row_origin[row])
        return self.nonlinear[row - self.rows].origin

    def name_of_row(self, row: int) -> str:
        """Name of a row; those that are not linear are numbered after the others."""
        if row < self.rows:
            return self.row_names[row]
        return self.nonlinear[row - self.rows].name

    def has_auxiliary(self, row: int) -> bool:
        """Whether a row holds columns that nobody wrote."""
        return row < self.rows and any(k >= self.auxiliary for k, _ in self.entries(row))

    @property
    def first_rows(self) -> dict[int, int]:
        """The first row of each constraint that has any, by the constraint's number."""
        return {int(origin): row for row, origin in reversed([*enumerate(self.row_origin)])}

    @property
    def is_exact(self) -> bool:
        """Whether its numbers are fractions."""
        return self.cost.dtype == object

    @property
    def entry_rows(self) -> NDArray[np.int64]:
        """The row of each entry."""
        return np.repeat(np.arange(self.rows), np.diff(self.starts))

    def entries(self, row: int) -> list[tuple[int, Any]]:
        """Columns and values of a row."""
        part = slice(int(self.starts[row]), int(self.starts[row + 1]))
        return list(zip(self.indices[part].tolist(), self.values[part].tolist(), strict=True))


def exact(value: Any) -> Fraction:
    """A finite number as the fraction it is."""
    return value if isinstance(value, Fraction) else Fraction(value)


def as_written(value: float) -> Fraction:
    """The shortest decimal that a finite float stands for: the number that was meant."""
    return Fraction(repr(float(value)))


def exact_limit(value: Any) -> Fraction | float:
    """A bound as the fraction it is; infinite ones stay as they are."""
    return float(value) if math.isinf(value) else exact(value)
