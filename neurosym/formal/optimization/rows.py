"""Columns and rows as they are gathered while a model is written out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import FormulationError
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
from neurosym.formal.optimization.instance import Instance, NonlinearRow, Numbers
from neurosym.formal.optimization.model import Constraint, Sense
from neurosym.formal.optimization.names import ColumnNames
from neurosym.formal.optimization.plain import PlainRows
from neurosym.formal.optimization.scope import Form, Scope, Table

__all__ = ["MAX_COLUMNS", "Rows"]

MAX_COLUMNS = 500_000
"""Most columns of a model that is written out."""
_ROUNDING = 1e-12
"""By how much a floating-point number may be off the fraction that it stands for."""
_MAX_PARTS = 10_000
"""Most parts of 1 that a strict inequality is held by; less is within solvers' tolerances."""


class Rows:
    """Gathers the columns and rows of an instance.

    Args:
        table: What names stand for, and the type of numbers.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self._lower: list[Numbers] = [table.array([])]
        self._upper: list[Numbers] = [table.array([])]
        self._integer: list[NDArray[np.bool_]] = [np.zeros(0, dtype=np.bool_)]
        self.names = ColumnNames()
        self._columns = 0
        self._auxiliary = 0
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], Numbers]] = []
        self._row_lower: list[Numbers] = []
        self._row_upper: list[Numbers] = []
        self._row_names: list[str] = []
        self._origins: list[NDArray[np.int64]] = []
        self._rows = 0
        self._nonlinear: list[NonlinearRow] = []
        self._notes: dict[str, None] = {}
        self._loosened: set[int] = set()
        self._origin = -1
        self._constraint: Constraint | None = None

    # ------------------------------------------------------------ columns

    def add_columns(
        self,
        shape: Sequence[int],
        lower: Numbers,
        upper: Numbers,
        *,
        integer: bool | NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """New columns in an array of a shape, with bounds that broadcast to it; their numbers.

        Who adds columns adds their names to ``names``.

        Raises:
            FormulationError: There are too many.
        """
        count = math.prod(shape)
        if self._columns + count > MAX_COLUMNS:
            raise FormulationError(
                "the model has too many columns", hint=f"Give at most {MAX_COLUMNS:,}."
            )
        for kept, bound in ((self._lower, lower), (self._upper, upper)):
            kept.append(np.broadcast_to(bound, shape).ravel())
        self._integer.append(np.full(count, integer))
        first = self._columns
        self._columns += count
        return np.arange(first, first + count, dtype=np.int64).reshape(shape)

    def add_auxiliary(self, shape: Sequence[int], what: str, *, integer: bool) -> NDArray[np.int64]:
        """New columns between 0 and 1 that help to write the constraint at hand as rows."""
        first = self._columns
        self.names.add(f"{what}[{first + k}]" for k in range(math.prod(shape)))
        zero, one = (self.table.number(Fraction(value)) for value in (0, 1))
        return self.add_columns(shape, zero, one, integer=integer)

    def close_variables(self) -> None:
        """Columns from here on are auxiliary."""
        self._auxiliary = self._columns

    # ------------------------------------------------------------ rows

    def begin(self, number: int, constraint: Constraint | None) -> None:
        """Rows from here on come from this constraint."""
        self._origin, self._constraint = number, constraint

    @property
    def origin(self) -> int:
        """Number of the constraint at hand, -1 of the objective."""
        return self._origin

    @property
    def subject(self) -> str:
        """What the rows at hand come from, for errors."""
        return "the objective" if self._constraint is None else f"constraint {self.name}"

    @property
    def name(self) -> str:
        """Name of the constraint at hand."""
        return "objective" if self._constraint is None else self._constraint.name

    def add(
        self, form: Form, scope: Scope, lower: float | Fraction, upper: float | Fraction
    ) -> None:
        """``lower <= form <= upper`` for each combination that counts."""
        chosen = np.flatnonzero(scope.chosen)
        constant = _flat(form.constant, scope.shape)[chosen]
        self._row_lower.append(self.table.array(lower - value for value in constant.tolist()))
        self._row_upper.append(self.table.array(upper - value for value in constant.tolist()))
        self._origins.append(np.full(len(chosen), self._origin, dtype=np.int64))
        for columns, values in form.terms:
            width = np.broadcast_shapes(columns.shape, values.shape)[-1]
            full = (*scope.shape, width)
            rows = np.repeat(np.arange(self._rows, self._rows + len(chosen)), width)
            picked = [
                np.broadcast_to(part, full).reshape(-1, width)[chosen].ravel()
                for part in (columns, values)
            ]
            self._entries.append((rows.astype(np.int64), picked[0], picked[1]))
        self._row_names += self._names(scope, chosen)
        self._rows += len(chosen)

    def add_plain(self, plain: PlainRows) -> None:
        """The rows that were gathered as lists."""
        count = len(plain.names)
        self._row_lower.append(self.table.array(plain.lower))
        self._row_upper.append(self.table.array(plain.upper))
        self._origins.append(np.array(plain.origins, dtype=np.int64))
        rows = np.repeat(np.arange(self._rows, self._rows + count, dtype=np.int64), plain.lengths)
        columns = np.array(plain.columns, dtype=np.int64)
        self._entries.append((rows, columns, self.table.array(plain.values)))
        self._row_names += plain.names
        self._rows += count

    def add_nonlinear(self, row: NonlinearRow) -> None:
        """A row that is not linear."""
        self._nonlinear.append(row)

    def name_of(self, scope: Scope) -> str:
        """The name of the one row of a narrow scope."""
        return self._names(scope, np.zeros(1, dtype=np.int64))[0]

    def _names(self, scope: Scope, chosen: NDArray[np.int64]) -> list[str]:
        bound = [] if self._constraint is None else [
            scope.ids[name] for binding in self._constraint.over for name in binding.names
        ]  # fmt: skip
        if not bound:
            return [self.name] * len(chosen)
        places = np.unravel_index(chosen, scope.shape)
        labels = self.table.labels
        parts = [[labels[k] for k in along[places[axis]].tolist()] for axis, along in bound]
        return [f"{self.name}[{','.join(names)}]" for names in zip(*parts, strict=True)]

    def note(self, text: str) -> None:
        """Note what cannot be kept as the constraint at hand, or the objective, says it."""
        self._notes.setdefault(f"{self.name}: {text}")

    def note_strict(self, *, whole: bool) -> None:
        """Note that a strict inequality is held as one that is not, of whole columns or others."""
        what = "whole numbers with values that may be very close" if whole else "continuous values"
        self.note(f"a strict inequality of {what} is kept as one that allows equality")
        self._loosened.add(self._origin)

    # ------------------------------------------------------------ what is known of forms

    def bounds(self, form: Form, scope: Scope) -> tuple[Numbers, Numbers]:
        """Least and greatest value that bounds alone allow each form, in the scope's shape."""
        lower, upper = _joined(self._lower), _joined(self._upper)
        least = np.broadcast_to(form.constant, scope.shape)
        greatest = least
        for columns, values in form.terms:
            # A zero coefficient times an infinite bound is nothing.
            low, high = (
                np.where(values == 0, 0, values * np.where(values == 0, 0, bound[columns]))
                for bound in (lower, upper)
            )
            least = least + np.minimum(low, high).sum(axis=-1)
            greatest = greatest + np.maximum(low, high).sum(axis=-1)
        return least, greatest

    def unbounded_column(self, form: Form) -> str:
        """The name of a column of a form that lacks a bound."""
        lower, upper = _joined(self._lower), _joined(self._upper)
        for columns, values in form.terms:
            every, factors = np.broadcast_arrays(columns, values)
            for column in every[factors != 0].tolist():
                if -math.inf in (lower[column], -upper[column]):
                    return self.names[int(column)]
        return "a variable"

    def is_whole(self, form: Form) -> bool:
        """Whether these forms are of whole columns alone."""
        integer = self._whole_columns()
        for columns, values in form.terms:
            whole, factors = np.broadcast_arrays(integer[columns], values)
            if np.any(~whole & (factors != 0)):
                return False
        return True

    def is_whole_tree(self, expression: Expression) -> bool:
        """Whether an expression is of whole columns alone."""
        integer = self._whole_columns()
        return all(integer[node.number] for node in walk(expression) if isinstance(node, Column))

    def _whole_columns(self) -> NDArray[np.bool_]:
        return _joined(self._integer)

    def spacing(self, form: Form) -> Fraction | float | None:
        """A number that all values of these forms are multiples of, if whole columns make it so.

        1 for whole numbers, 1/2 where halves are added; ``None`` if columns are continuous, or the
        number would be too small for a solver to see.
        """
        if not self.is_whole(form):
            return None
        numbers = {*form.constant.ravel().tolist()}
        for _, values in form.terms:
            numbers |= {*values.ravel().tolist()}
        parts = math.lcm(1, *(_parts(value) for value in numbers))
        if parts > _MAX_PARTS:
            return None
        return Fraction(1, parts) if self.table.dtype is object else 1 / parts

    def spacing_of_tree(self, expression: Expression) -> Fraction | None:
        """:meth:`spacing` of an expression of columns that is not linear; polynomials have one."""
        if not self.is_whole_tree(expression):
            return None
        parts = _parts_of_tree(expression, is_exact=self.table.dtype is object)
        return Fraction(1, parts) if parts <= _MAX_PARTS else None

    # ------------------------------------------------------------ the end

    def finish(
        self,
        sense: Sense,
        cost: Form,
        nonlinear_cost: Expression | None,
        constraint_names: Sequence[str] = (),
    ) -> Instance:
        """The instance of all that was gathered."""
        table = self.table
        starts, indices, values = self._sparse()
        return Instance(
            sense=sense,
            cost=self._dense(cost),
            offset=cost.constant.ravel()[0],
            starts=starts,
            indices=indices,
            values=values,
            row_lower=np.concatenate([table.array([]), *self._row_lower]),
            row_upper=np.concatenate([table.array([]), *self._row_upper]),
            lower=_joined(self._lower),
            upper=_joined(self._upper),
            integer=_joined(self._integer),
            row_origin=np.concatenate([np.zeros(0, dtype=np.int64), *self._origins]),
            column_names=self.names,
            row_names=self._row_names,
            nonlinear=tuple(self._nonlinear),
            nonlinear_cost=nonlinear_cost,
            auxiliary=self._auxiliary,
            notes=tuple(self._notes),
            constraint_names=tuple(constraint_names),
            loosened=frozenset(self._loosened),
        )

    def _dense(self, form: Form) -> Numbers:
        zero: Fraction | float = Fraction(0) if self.table.dtype is object else 0.0
        cost = np.full(self._columns, zero, dtype=self.table.dtype)
        for columns, values in form.terms:
            pairs = np.broadcast_arrays(columns, values)
            np.add.at(cost, pairs[0].ravel(), pairs[1].ravel())
        return cost

    def _sparse(self) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
        """Row by row: where each row begins, its columns, and what stands there."""
        none = np.zeros(0, dtype=np.int64)
        rows = np.concatenate([none, *(part for part, _, _ in self._entries)])
        columns = np.concatenate([none, *(part for _, part, _ in self._entries)])
        values = np.concatenate([self.table.array([]), *(part for _, _, part in self._entries)])
        keys = rows * max(1, self._columns) + columns
        if not np.all(keys[1:] > keys[:-1]):  # most models are written in order as it is
            order = np.argsort(keys, kind="stable")
            rows, columns, values = rows[order], columns[order], values[order]
            fresh = np.flatnonzero(np.diff(rows, prepend=-1) | np.diff(columns, prepend=-1))
            rows, columns = rows[fresh], columns[fresh]
            values = np.add.reduceat(values, fresh)
        if not np.all(values):
            kept = np.flatnonzero(values)
            rows, columns, values = rows[kept], columns[kept], values[kept]
        starts = np.zeros(self._rows + 1, dtype=np.int64)
        starts[1:] = np.cumsum(np.bincount(rows, minlength=self._rows))
        return starts, columns, values


def _joined(kept: list[NDArray[Any]]) -> NDArray[Any]:
    """Arrays one after the other, which are one from then on: each of many constraints asks."""
    if len(kept) > 1:
        kept[:] = [np.concatenate(kept)]
    return kept[0]


def _parts(value: Fraction | float) -> int:
    """Of how many equal parts of 1 a number is a multiple."""
    if isinstance(value, Fraction):
        return value.denominator
    meant = Fraction(value).limit_denominator(_MAX_PARTS)
    is_meant = abs(float(meant) - value) <= _ROUNDING * max(1.0, abs(value))
    return meant.denominator if is_meant else _MAX_PARTS + 1


def _parts_of_tree(expression: Expression, *, is_exact: bool) -> int:
    """Of how many parts of 1 all values are multiples where columns are whole; many if unknown."""

    def of(part: Expression) -> int:
        return _parts_of_tree(part, is_exact=is_exact)

    match expression:
        case Constant(value):
            return _parts(value if is_exact else float(value))
        case Column():
            return 1
        case Add(terms) | Call(Function.ABS | Function.MIN | Function.MAX, terms):
            return math.lcm(*map(of, terms))
        case Multiply(factors):
            return math.prod(map(of, factors))
        case Divide(numerator, Constant(value)) if value:
            return of(numerator) * of(Constant(1 / value))
        case Power(base, Constant(value)) if value.denominator == 1 and 0 <= value <= _MAX_PARTS:
            inside = of(base)
            return 1 if inside == 1 else min(inside, _MAX_PARTS + 1) ** min(int(value), 64)
    return _MAX_PARTS + 1


def _flat(values: Numbers, shape: Sequence[int]) -> Numbers:
    return np.broadcast_to(values, shape).reshape(-1)
