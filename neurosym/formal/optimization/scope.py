"""What names and indices stand for, for all elements of the sets at once.

An expression inside ``for all p in Plants`` stands for as many numbers as there are plants. Each
index is an axis of numpy arrays here, so that a model of a hundred thousand columns is written out
by a few array operations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import FormulationError
from neurosym.formal.optimization.expression import (
    Binding,
    Comparison,
    Condition,
    Element,
    Index,
    IndexName,
    Piecewise,
)
from neurosym.formal.optimization.instance import Numbers
from neurosym.formal.optimization.model import IndexSet

__all__ = [
    "Block",
    "Form",
    "Members",
    "NotLinearError",
    "Scope",
    "Table",
    "ids_of",
    "label_number",
    "members_of",
    "narrow",
    "open_scope",
]

_MAX_COMBINATIONS = 10_000_000
"""Most combinations of elements that one constraint or sum may range over."""
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?")


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
        self.sets = {name: Members(item, self) for name, item in sets.items()}
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


class Members:
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
        sets: For each name the set that its binding is over.
    """

    shape: tuple[int, ...] = (1,)
    ids: Mapping[str, tuple[int, NDArray[np.int64]]] = field(default_factory=dict)
    mask: NDArray[np.bool_] = field(default_factory=lambda: np.ones(1, dtype=np.bool_))
    sets: Mapping[str, str] = field(default_factory=dict)

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
        FormulationError: A binding names no set, or not the parts of its elements; a condition
            compares what has no order; or there are too many combinations.
    """
    shape, ids, sets = list(scope.shape), dict(scope.ids), dict(scope.sets)
    for binding in bindings:
        members = members_of(binding.over, table)
        if len(binding.names) != members.width:
            raise FormulationError(
                f"elements of {binding.over} have {members.width} parts, but are named "
                f"{', '.join(binding.names)}",
                hint="Give one name for each part.",
            )
        for part, name in enumerate(binding.names):
            ids[name] = (len(shape), members.ids[:, part])
            sets[name] = binding.over
        shape.append(members.size)
    if math.prod(shape) > _MAX_COMBINATIONS:
        raise FormulationError(
            f"indices range over {math.prod(shape):,} combinations of elements",
            hint=f"Give at most {_MAX_COMBINATIONS:,}: a set of the tuples that count has fewer.",
        )
    added = len(shape) - len(scope.shape)
    mask = scope.mask.reshape(scope.mask.shape + (1,) * added)
    opened = Scope(tuple(shape), ids, mask, sets)
    for condition in conditions:
        holds = _compare(condition, opened, table)
        opened = replace(opened, mask=opened.mask & holds)
    return opened


def narrow(scope: Scope, place: Sequence[int]) -> Scope:
    """A scope of one of its combinations alone."""
    ids = {
        name: (axis, along[place[axis] : place[axis] + 1])
        for name, (axis, along) in scope.ids.items()
    }
    shape = (1,) * len(scope.shape)
    return Scope(shape, ids, np.ones(shape, dtype=np.bool_), scope.sets)


def members_of(name: str, table: Table) -> Members:
    """A set's elements.

    Raises:
        FormulationError: There is no such set.
    """
    if name not in table.sets:
        raise FormulationError(f"there is no set {name}", hint="Declare it.")
    return table.sets[name]


def ids_of(index: Index, scope: Scope, table: Table) -> NDArray[np.int64]:
    """The names that an index stands for, by number, shaped to the scope's axes.

    Raises:
        FormulationError: It stands for nothing here.
    """
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
    sides = (condition.left, condition.right)
    if condition.comparison in (Comparison.EQUAL, Comparison.DIFFERENT):
        for side in sides:
            if isinstance(side, Element) and table.id_of(side.name) < 0:
                raise FormulationError(
                    f"{side.name}, which an index is compared with, is in no set",
                    hint="Mend its name, or add it to the set.",
                )
        left, right = (ids_of(side, scope, table) for side in sides)
    else:
        left, right = _ranks(sides, scope, table)
    holds: NDArray[np.bool_] = _BY_ORDER[condition.comparison](left, right)
    return holds


def _ranks(sides: Sequence[Index], scope: Scope, table: Table) -> list[NDArray[Any]]:
    """What tells which of two indices comes first.

    That is their set's order, if one set holds all that they stand for, first of all one that they
    are bound over; else their size, if they are numbers.
    """
    ids = [ids_of(side, scope, table) for side in sides]
    over = [scope.sets[side.name] for side in sides if isinstance(side, IndexName)]
    for name in dict.fromkeys([*over, *table.sets]):
        if table.sets[name].width == 1:
            places = [table.sets[name].places([part]) for part in ids]
            if all(np.all(part >= 0) for part in places):
                return places
    labels = [
        [side.name] if isinstance(side, Element) else [table.labels[k] for k in part.ravel()]
        for side, part in zip(sides, ids, strict=True)
    ]
    numbers = [[label_number(label) for label in found] for found in labels]
    if any(None in found for found in numbers):
        shown = " and ".join(side.name for side in sides)
        raise FormulationError(
            f"{shown} have no order: no set holds both, and they are no numbers",
            hint="Compare elements of one set.",
        )
    return [
        np.array(found, dtype=object).reshape(part.shape)
        for found, part in zip(numbers, ids, strict=True)
    ]


def label_number(label: str) -> Fraction | None:
    """The number that an element's name is, if it is one."""
    return Fraction(label) if _NUMBER.fullmatch(label) else None
