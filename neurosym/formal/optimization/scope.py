"""Linear expressions over sets, evaluated for all their elements at once.

An expression inside ``for all p in Plants`` stands for as many numbers as there are plants. Each
index is an axis of numpy arrays here, so that a model of a hundred thousand columns is written out
by a few array operations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import FormulationError
from neurosym.formal.optimization.expression import (
    Add,
    Binding,
    Call,
    Column,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Index,
    Multiply,
    Piecewise,
    Power,
    Reference,
    Sum,
)
from neurosym.formal.optimization.functions import FUNCTIONS, power_of
from neurosym.formal.optimization.instance import Numbers
from neurosym.formal.optimization.model import IndexSet

__all__ = ["Block", "Form", "NotLinearError", "Scope", "Table", "evaluate", "narrow", "open_scope"]


class NotLinearError(Exception):
    """An expression is not linear, which is for the caller to deal with."""


class Table:
    """What the names of a model stand for.

    Args:
        sets: The sets, by name.
        dtype: Of all numbers: ``object`` for fractions, or ``float64``.
    """

    def __init__(self, sets: Mapping[str, IndexSet], dtype: type[object]) -> None:
        self.dtype = dtype
        self._ids: dict[str, int] = {}
        for item in sets.values():
            for element in item.elements:
                for name in element:
                    self._ids.setdefault(name, len(self._ids))
        self.labels = list(self._ids)
        self.sets = {name: _Members(item, self) for name, item in sets.items()}
        self.parameters: dict[str, Block] = {}
        self.variables: dict[str, Block] = {}
        self.pieces: Callable[[Form, Piecewise, Scope], Form] | None = None

    def id_of(self, label: str) -> int:
        """The number of an element's name, -1 if no set has it."""
        return self._ids.get(label, -1)

    def array(self, values: Iterable[Any], shape: Sequence[int] = (-1,)) -> Numbers:
        """Numbers as an array of this table's type."""
        listed = list(values)
        found = np.empty(len(listed), dtype=self.dtype)
        found[:] = listed
        return found.reshape(shape)

    def number(self, value: Fraction | float) -> Numbers:
        """One number, as an array that broadcasts to any scope."""
        return self.array([value])

    def apply(self, function: Callable[..., Any], numbers: Sequence[Numbers]) -> Numbers:
        """A function of numbers, element by element.

        Raises:
            FormulationError: It has no value there.
        """
        shaped = np.broadcast_arrays(*numbers)
        values = zip(*(part.ravel().tolist() for part in shaped), strict=True)
        try:
            found = [function(*item) for item in values]
        except (ValueError, OverflowError, ZeroDivisionError) as error:
            raise FormulationError(
                f"a number cannot be computed: {error}", hint="Mend the expression."
            ) from None
        return self.array(found, shaped[0].shape)


class _Members:
    """A set's elements, and where each is found."""

    def __init__(self, index_set: IndexSet, table: Table) -> None:
        self.name = index_set.name
        self.elements = index_set.elements
        self.width = index_set.width
        self.size = len(self.elements)
        flat = [table.id_of(name) for element in self.elements for name in element]
        self.ids = np.array(flat, dtype=np.int64).reshape(self.size, self.width)
        self._base = max(1, len(table.labels))
        codes = self._code([self.ids[:, k] for k in range(self.width)])
        self._order = np.argsort(codes, kind="stable")
        self._codes = codes[self._order]

    def _code(self, ids: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        code: NDArray[np.int64] = np.zeros((), dtype=np.int64)
        for part in ids:
            code = code * self._base + part
        return code

    def places(self, ids: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        """Where elements stand in the set, -1 where they do not."""
        wanted = self._code(ids)
        if not self.size:
            return np.full(wanted.shape, -1, dtype=np.int64)
        found = np.searchsorted(self._codes, wanted).clip(0, self.size - 1)
        place = np.where(self._codes[found] == wanted, self._order[found], -1)
        for part in ids:  # an unknown name may share its code with a known one
            place = np.where(part < 0, -1, place)
        return place


@dataclass(frozen=True, slots=True)
class Block:
    """The numbers of a parameter, or the columns of a variable.

    Attributes:
        name: Its name.
        over: The sets that index it.
        values: The numbers, or of a variable the columns; a dimension a set.
    """

    name: str
    over: tuple[str, ...]
    values: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """The indices that have names here, those of one binding along an axis.

    The first axis is of length 1 and no index's, since numpy treats arrays without axes apart.

    Attributes:
        shape: Number of elements along each axis.
        ids: For each name its axis, and the elements' names along it by number.
        mask: Which combinations count; broadcasts to ``shape``.
    """

    shape: tuple[int, ...] = (1,)
    ids: Mapping[str, tuple[int, NDArray[np.int64]]] = field(default_factory=dict)
    mask: NDArray[np.bool_] = field(default_factory=lambda: np.ones(1, dtype=np.bool_))

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """Which combinations count, in full shape."""
        return np.broadcast_to(self.mask, self.shape)


@dataclass(frozen=True, slots=True)
class Form:
    """Linear expressions, one for each combination of a scope.

    Attributes:
        constant: Broadcasts to the scope's shape.
        terms: Columns and coefficients, each of the scope's shape (or broadcasting to it) and one
            more axis for the terms.
    """

    constant: Numbers
    terms: tuple[tuple[NDArray[np.int64], Numbers], ...] = ()

    def __add__(self, other: Form) -> Form:
        return Form(self.constant + other.constant, self.terms + other.terms)

    def times(self, factor: Numbers) -> Form:
        """The product with numbers."""
        scaled = tuple((columns, values * factor[..., None]) for columns, values in self.terms)
        return Form(self.constant * factor, scaled)

    def __neg__(self) -> Form:
        return Form(-self.constant, tuple((columns, -values) for columns, values in self.terms))


def open_scope(
    scope: Scope, bindings: Iterable[Binding], conditions: Iterable[Condition], table: Table
) -> Scope:
    """A scope with further indices.

    Raises:
        FormulationError: A binding names no set, or not the parts of its elements.
    """
    shape, ids = list(scope.shape), dict(scope.ids)
    for binding in bindings:
        members = _members(binding.over, table)
        if len(binding.names) != members.width:
            raise FormulationError(
                f"elements of {binding.over} have {members.width} parts, but are named "
                f"{', '.join(binding.names)}",
                hint="Give one name for each part.",
            )
        for part, name in enumerate(binding.names):
            ids[name] = (len(shape), members.ids[:, part])
        shape.append(members.size)
    added = len(shape) - len(scope.shape)
    mask = scope.mask.reshape(scope.mask.shape + (1,) * added)
    opened = Scope(tuple(shape), ids, mask)
    for condition in conditions:
        holds = _compare(condition, opened, table)
        opened = Scope(opened.shape, ids, opened.mask & holds)
    return opened


def narrow(scope: Scope, place: Sequence[int]) -> Scope:
    """A scope of one of its combinations alone."""
    ids = {
        name: (axis, along[place[axis] : place[axis] + 1])
        for name, (axis, along) in scope.ids.items()
    }
    shape = (1,) * len(scope.shape)
    return Scope(shape, ids, np.ones(shape, dtype=np.bool_))


def _members(name: str, table: Table) -> _Members:
    if name not in table.sets:
        raise FormulationError(f"there is no set {name}", hint="Declare it.")
    return table.sets[name]


def _ids(index: Index, scope: Scope, table: Table) -> NDArray[np.int64]:
    """The names that an index stands for, by number, shaped to the scope's axes."""
    if isinstance(index, Element):
        return np.full((1,) * len(scope.shape), table.id_of(index.name), dtype=np.int64)
    if index.name not in scope.ids:
        raise FormulationError(
            f"the index {index.name} stands for nothing here",
            hint="Bind it by sum{...} or for all {...}, or quote it if it is an element's name.",
        )
    axis, along = scope.ids[index.name]
    return along.reshape([-1 if k == axis else 1 for k in range(len(scope.shape))])


_BY_ORDER: dict[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.LESS: np.less,
    Comparison.AT_MOST: np.less_equal,
    Comparison.EQUAL: np.equal,
    Comparison.AT_LEAST: np.greater_equal,
    Comparison.GREATER: np.greater,
    Comparison.DIFFERENT: np.not_equal,
}


def _compare(condition: Condition, scope: Scope, table: Table) -> NDArray[np.bool_]:
    left, right = (_ids(side, scope, table) for side in (condition.left, condition.right))
    holds: NDArray[np.bool_] = _BY_ORDER[condition.comparison](left, right)
    return holds


# ---------------------------------------------------------------- evaluation


def evaluate(expression: Expression, scope: Scope, table: Table) -> Form:
    """The linear forms of an expression, one for each combination of a scope.

    Raises:
        NotLinearError: It is not linear in the variables.
        FormulationError: A name or index is unknown, or a number is divided by zero.
    """
    match expression:
        case Constant(value):
            return Form(table.number(value))
        case Reference():
            return _look_up(expression, scope, table)
        case Column(number):
            columns = np.full((1,), number, dtype=np.int64)
            return Form(table.number(Fraction(0)), ((columns, table.number(Fraction(1))),))
        case Add(terms):
            total, *others = (evaluate(term, scope, table) for term in terms)
            for other in others:
                total = total + other
            return total
        case Sum():
            return _total(expression, scope, table)
        case Piecewise(argument):
            if table.pieces is None:
                raise NotLinearError
            return table.pieces(evaluate(argument, scope, table), expression, scope)

        case Multiply(factors):
            return _multiply([evaluate(factor, scope, table) for factor in factors])
        case Divide() | Power() | Call():
            return _of_numbers(expression, scope, table)


def _of_numbers(expression: Divide | Power | Call, scope: Scope, table: Table) -> Form:
    """What is linear only if some of its parts are numbers."""
    match expression:
        case Divide(numerator, denominator):
            divisor = _constant(evaluate(denominator, scope, table))
            if np.any((divisor == 0) & scope.mask):
                raise FormulationError("a number is divided by zero", hint="Mend the divisor.")
            one = table.number(Fraction(1))
            return evaluate(numerator, scope, table).times(one / np.where(divisor == 0, 1, divisor))
        case Power(base, exponent):
            inner, raised = (evaluate(part, scope, table) for part in (base, exponent))
            exponents = _constant(raised)
            if np.all(exponents == 1):
                return inner
            return Form(table.apply(power_of, [_constant(inner), exponents]))
        case Call(function, arguments):
            numbers = [_constant(evaluate(item, scope, table)) for item in arguments]
            return Form(table.apply(FUNCTIONS[function], numbers))


def _constant(form: Form) -> Numbers:
    if form.terms:
        raise NotLinearError
    return form.constant


def _multiply(forms: Sequence[Form]) -> Form:
    variable = [form for form in forms if form.terms]
    if len(variable) > 1:
        raise NotLinearError
    product, *others = variable + [form for form in forms if not form.terms]
    for other in others:
        product = product.times(other.constant)
    return product


def _look_up(reference: Reference, scope: Scope, table: Table) -> Form:
    name = reference.name
    block = table.variables.get(name) or table.parameters.get(name)
    if block is None:
        if name in scope.ids and not reference.indices:
            return Form(_as_numbers(name, scope, table))
        raise FormulationError(
            f"{name} is neither a parameter nor a variable", hint="Declare it, or mend its name."
        )
    places = _places(reference, block, scope, table)
    found = block.values[places] if places else block.values.reshape((1,) * len(scope.shape))
    if name in table.variables:
        ones = np.full(found.shape, Fraction(1) if table.dtype is object else 1.0, table.dtype)
        return Form(table.number(Fraction(0)), ((found[..., None], ones[..., None]),))
    return Form(found)


def _as_numbers(name: str, scope: Scope, table: Table) -> Numbers:
    """An index as a number, where the elements are numbers: year t."""
    axis, along = scope.ids[name]
    try:
        values = [Fraction(table.labels[i]) for i in along.tolist()]
    except ValueError:
        raise FormulationError(
            f"the index {name} is used as a number, but not all its elements are numbers",
            hint="Give them a parameter.",
        ) from None
    shape = [-1 if k == axis else 1 for k in range(len(scope.shape))]
    return table.array(values, shape)


def _places(
    reference: Reference, block: Block, scope: Scope, table: Table
) -> tuple[NDArray[np.int64], ...]:
    """Where in a block a reference points, an array for each of its sets."""
    sets = [_members(name, table) for name in block.over]
    wanted = sum(item.width for item in sets)
    if len(reference.indices) != wanted:
        raise FormulationError(
            f"{block.name} has {wanted} indices, but is used with {len(reference.indices)}",
            hint="Give one index for each part of its sets' elements.",
        )
    ids = [_ids(index, scope, table) for index in reference.indices]
    places = []
    for item in sets:
        part, ids = ids[: item.width], ids[item.width :]
        place = item.places(part)
        if np.any((place < 0) & scope.mask):
            raise FormulationError(
                f"{_outside(block, item, part, place, scope, table)} is not in {item.name}",
                hint="Mend the index, or leave that element out by a condition.",
            )
        places.append(np.maximum(place, 0))
    return tuple(places)


def _outside(
    block: Block,
    members: _Members,
    ids: Sequence[NDArray[np.int64]],
    place: NDArray[np.int64],
    scope: Scope,
    table: Table,
) -> str:
    """The first index that is not in its set, as it would be written."""
    shape = np.broadcast_shapes(place.shape, scope.mask.shape)
    bad = np.broadcast_to((place < 0) & scope.mask, shape)
    first = tuple(part[0] for part in np.nonzero(bad))
    numbers = [int(np.broadcast_to(part, shape)[first]) for part in ids]
    names = [table.labels[number] if number >= 0 else "an unknown element" for number in numbers]
    return f"{', '.join(names)}, an index of {block.name},"


def _total(expression: Sum, scope: Scope, table: Table) -> Form:
    inner = open_scope(scope, expression.bindings, expression.conditions, table)
    form = evaluate(expression.term, inner, table)
    outer = len(scope.shape)
    zero: Any = Fraction(0) if table.dtype is object else 0.0
    mask = inner.chosen
    constant = np.where(mask, np.broadcast_to(form.constant, inner.shape), zero)
    summed = constant.reshape((*scope.shape, -1)).sum(axis=outer)
    if table.dtype is object:
        # numpy sums nothing to the integer 0, and one axis to a bare fraction.
        summed = table.array(np.ravel(summed).tolist(), scope.shape) + zero
    terms = []
    for columns, values in form.terms:
        full = (*inner.shape, columns.shape[-1])
        kept = np.where(mask[..., None], np.broadcast_to(values, full), zero)
        flat = (*scope.shape, math.prod(full[outer:]))
        terms.append((np.broadcast_to(columns, full).reshape(flat), kept.reshape(flat)))
    return Form(np.asarray(summed, dtype=table.dtype), tuple(terms))
