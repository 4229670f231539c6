"""Linear expressions over sets, evaluated for all their elements at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from difflib import get_close_matches
from fractions import Fraction
from functools import reduce
from itertools import chain
from operator import add
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
    Element,
    Expression,
    Index,
    Multiply,
    Piecewise,
    Power,
    Reference,
    Sum,
    walk,
)
from neurosym.formal.optimization.functions import FUNCTIONS, power_of
from neurosym.formal.optimization.instance import Numbers
from neurosym.formal.optimization.scope import (
    Block,
    Form,
    NotLinearError,
    Scope,
    Table,
    ids_of,
    label_number,
    members_of,
    open_scope,
)

__all__ = ["evaluate", "evaluate_whole"]


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
            return _added([evaluate(term, scope, table) for term in terms])
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


def evaluate_whole(expression: Expression, scope: Scope, table: Table) -> Form:
    """:func:`evaluate`, but what is not linear as a whole leaves no columns of its pieces behind.

    Raises:
        NotLinearError: It is not linear in the variables.
        FormulationError: A name or index is unknown, or a number is divided by zero.
    """
    if table.pieces is not None and any(isinstance(it, Piecewise) for it in walk(expression)):
        pieces, table.pieces = table.pieces, _any_column
        try:
            evaluate(expression, scope, table)
        finally:
            table.pieces = pieces
    return evaluate(expression, scope, table)


def _any_column(argument: Form, function: Piecewise, scope: Scope) -> Form:
    """A column that stands for the value of a function by pieces."""
    one = np.ones_like(argument.constant, shape=(1,))
    return Form(0 * one, ((np.zeros(1, dtype=np.int64), one),))


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


def _added(forms: Sequence[Form]) -> Form:
    # At once: term by term, a sum of many would be copied as many times.
    constant = reduce(add, (form.constant for form in forms))
    return Form(constant, tuple(chain.from_iterable(form.terms for form in forms)))


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
    if name in scope.ids and not reference.indices:
        return Form(_as_numbers(name, scope, table))
    block = table.variables.get(name) or table.parameters.get(name)
    if block is None:
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
    values = [label_number(table.labels[i]) for i in along.tolist()]
    if None in values:
        raise FormulationError(
            f"the index {name} is used as a number, but not all its elements are numbers",
            hint="Give them a parameter.",
        )
    shape = [-1 if k == axis else 1 for k in range(len(scope.shape))]
    return table.array(values, shape)


def _places(
    reference: Reference, block: Block, scope: Scope, table: Table
) -> tuple[NDArray[np.int64], ...]:
    """Where in a block a reference points, an array for each of its sets."""
    sets = [members_of(name, table) for name in block.over]
    wanted = sum(item.width for item in sets)
    if len(reference.indices) != wanted:
        raise FormulationError(
            f"{block.name} has {wanted} indices, but is used with {len(reference.indices)}",
            hint="Give one index for each part of its sets' elements.",
        )
    places = []
    begin = 0
    for item in sets:
        indices = reference.indices[begin : begin + item.width]
        begin += item.width
        place = item.places([ids_of(index, scope, table) for index in indices])
        if np.any((place < 0) & scope.mask):
            strange = _outside(indices, place, scope, table)
            near = get_close_matches(strange, map(", ".join, item.elements), n=1)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise FormulationError(
                f"{strange}, an index of {block.name}, is not in {item.name}",
                hint=f"{meant}Mend the index, or leave that element out by a condition.",
            )
        places.append(np.maximum(place, 0))
    return tuple(places)


def _outside(indices: Sequence[Index], place: NDArray[np.int64], scope: Scope, table: Table) -> str:
    """The first element that is not in its set, as it would be written."""
    shape = np.broadcast_shapes(place.shape, scope.mask.shape)
    bad = np.broadcast_to((place < 0) & scope.mask, shape)
    first = tuple(int(part[0]) for part in np.nonzero(bad))
    names = []
    for index in indices:
        if isinstance(index, Element):
            names.append(index.name)
        else:
            found = np.broadcast_to(ids_of(index, scope, table), shape)[first]
            names.append(table.labels[int(found)])
    return ", ".join(names)


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
