"""From the five elements to columns and rows: every sum written out, every name looked up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, groupby, product
from operator import eq

import numpy as np

from neurosym.errors import FormulationError
from neurosym.formal.optimization.evaluation import evaluate_whole
from neurosym.formal.optimization.expression import (
    Add,
    Binding,
    Column,
    Comparison,
    Constant,
    Expression,
    Multiply,
    Piecewise,
    Sum,
    rebuild,
    subtract,
    walk,
)
from neurosym.formal.optimization.instance import INFINITE, Instance, NonlinearRow, Numbers
from neurosym.formal.optimization.logic import add_claim
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    IndexSet,
    Model,
    Parameter,
    Relation,
    Variable,
)
from neurosym.formal.optimization.pieces import Pieces
from neurosym.formal.optimization.places import told_of
from neurosym.formal.optimization.plain import PlainRows, plain_sum
from neurosym.formal.optimization.rows import MAX_COLUMNS, Rows
from neurosym.formal.optimization.scope import (
    Block,
    Form,
    Members,
    NotLinearError,
    Scope,
    Table,
    narrow,
    open_scope,
)

__all__ = ["MAX_EXACT", "ground"]

MAX_EXACT = 20_000
"""Columns of variables with indices up to which numbers are kept as fractions; above, they are
floating-point. What is written out term by term is kept as it is, however much it is."""
_ZERO, _ONE = Fraction(0), Fraction(1)


def ground(model: Model) -> Instance:
    """Write a model out.

    Raises:
        FormulationError: The elements do not hold together, or it has too many columns, or numbers
            that solvers take as infinite.
    """
    try:
        instance = _ground(model)
        _check_numbers(instance, model)
    except OverflowError:
        raise FormulationError(
            "a number is too large for solvers", hint="Measure in greater units."
        ) from None
    return instance


def _ground(model: Model) -> Instance:
    sets = {item.name: item for item in model.sets}
    indexed = sum(_size(variable.over, sets) for variable in model.variables if variable.over)
    count = indexed + sum(not variable.over for variable in model.variables)
    if count > MAX_COLUMNS:
        raise FormulationError(
            f"the model has {count:,} variables", hint=f"Give at most {MAX_COLUMNS:,}."
        )
    table = Table(sets, object if indexed <= MAX_EXACT else float)
    for parameter in model.parameters:
        with told_of(parameter.name, model.source):
            table.parameters[parameter.name] = _parameter_block(parameter, table)
    rows = Rows(table)
    columns = _add_variables(model, rows)
    rows.close_variables()
    table.pieces = Pieces(rows)
    _add_constraints(model, columns, rows)
    rows.begin(-1, None)
    with told_of(model.objective.name, model.source):
        cost, nonlinear_cost = _objective(model, columns, table)
    names = [item.name for item in model.constraints]
    instance = rows.finish(model.objective.sense, cost, nonlinear_cost, names)
    return replace(instance, notes=model.notes + instance.notes)


def _check_numbers(instance: Instance, model: Model) -> None:
    """Refuse what a solver would take as infinite, since it would then solve another model."""
    column, row, goal = instance.column_names, instance.row_names, model.objective.name

    def row_of_entry(place: int) -> str:
        return row[int(np.searchsorted(instance.starts, place, side="right")) - 1]

    parts: list[tuple[Numbers, Callable[[int], str]]] = [
        (instance.lower, column.__getitem__),
        (instance.upper, column.__getitem__),
        (instance.row_lower, row.__getitem__),
        (instance.row_upper, row.__getitem__),
        (instance.values, row_of_entry),
        (instance.cost, lambda _: goal),
        (np.array([instance.offset]), lambda _: goal),
    ]
    names = [item.name for item in instance.nonlinear] + [goal]
    for name, tree in zip(names, instance.trees, strict=False):
        inside = [node.value for node in walk(tree) if isinstance(node, Constant)]
        parts.append((np.array(inside, dtype=object), ([name] * len(inside)).__getitem__))
    for values, name_of in parts:
        # As floats first: comparing fractions with floats takes longer than making them floats.
        sizes = np.abs(values.astype(np.float64))
        large = np.flatnonzero((sizes >= float(INFINITE)) & (sizes != math.inf))
        if len(large):
            name = name_of(int(large[0]))
            with told_of(name, model.source):
                raise FormulationError(
                    f"{float(values[large[0]]):g} is too large for solvers, which take it as "
                    "infinite",
                    hint="Measure in other units; to say that there is no limit, give none.",
                )


def _size(bindings: Iterable[Binding], sets: Mapping[str, IndexSet]) -> int:
    return math.prod(len(sets[item.over].elements) if item.over in sets else 1 for item in bindings)


def _parameter_block(parameter: Parameter, table: Table) -> Block:
    unknown = [name for name in parameter.over if name not in table.sets]
    if unknown:
        raise FormulationError(
            f"{parameter.name} is indexed by {unknown[0]}, which is no set", hint="Declare it."
        )
    sets = [table.sets[name] for name in parameter.over]
    shape = [item.size for item in sets]
    given = parameter.values
    if len(given) == math.prod(shape) and _are_keys(given, sets):
        values = list(given.values())
    else:
        # One by one, since the first that is missing ends it, however many there would be.
        values = [
            given[key] if key in given else _missing(parameter, key)
            for key in map(_joined, product(*(item.elements for item in sets)))
        ]
    if len(given) > len(values):
        known = {_joined(key) for key in product(*(item.elements for item in sets))}
        strange = next(key for key in given if key not in known)
        raise FormulationError(
            f"{parameter.name} has a value for {', '.join(strange) or 'no index'}, which is not in "
            f"{' × '.join(parameter.over) or 'any set'}",
            hint="Mend the index, or add it to the set.",
        )
    if table.dtype is object:
        return Block(parameter.name, parameter.over, table.array(values, shape))
    floats = [value.numerator / value.denominator for value in values]
    return Block(parameter.name, parameter.over, table.array(floats, shape))


def _are_keys(given: Iterable[tuple[str, ...]], sets: Sequence[Members]) -> bool:
    """Whether these are what the elements of sets are called together, in order."""
    width = sum(item.width for item in sets)
    if any(length != width for length in set(map(len, given))):
        return False
    # Compared name by name, which makes no key anew.
    names = chain.from_iterable(chain.from_iterable(product(*(item.elements for item in sets))))
    return all(map(eq, chain.from_iterable(given), names))


def _joined(elements: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(chain.from_iterable(elements))


def _missing(parameter: Parameter, key: tuple[str, ...]) -> Fraction:
    where = f" for {', '.join(key)}" if key else ""
    raise FormulationError(f"{parameter.name} has no value{where}", hint="Give one.")


def _add_variables(model: Model, rows: Rows) -> dict[str, int]:
    """Add the columns of all variables; of those without indices, which is whose."""
    found: dict[str, int] = {}
    for is_plain, run in groupby(model.variables, _is_plain):
        if is_plain:
            found |= _add_plain_variables([*run], rows)
            continue
        for variable in run:
            with told_of(variable.name, model.source):
                _add_variable(variable, rows)
            if not variable.over:
                found[variable.name] = int(rows.table.variables[variable.name].values)
    return found


def _is_plain(variable: Variable) -> bool:
    """Whether it has no indices, and no bounds but numbers."""
    lower, upper = variable.lower, variable.upper
    is_number = (lower is None or type(lower) is Constant) and (
        upper is None or type(upper) is Constant
    )
    return is_number and not variable.over


def _add_plain_variables(variables: Sequence[Variable], rows: Rows) -> dict[str, int]:
    """Add the columns of variables at once, which is far faster than one by one."""
    table = rows.table
    lower, upper = [], []
    for item in variables:
        least = item.lower.value if isinstance(item.lower, Constant) else -math.inf
        greatest = item.upper.value if isinstance(item.upper, Constant) else math.inf
        if item.domain is Domain.BINARY:
            least, greatest = max(least, _ZERO), min(greatest, _ONE)
        lower.append(least)
        upper.append(greatest)
    names = [item.name for item in variables]
    whole = np.array([item.domain is not Domain.CONTINUOUS for item in variables])
    rows.names.add(names)
    columns = rows.add_columns((len(names),), table.array(lower), table.array(upper), integer=whole)
    for name, column in zip(names, columns, strict=True):
        table.variables[name] = Block(name, (), np.asarray(column))
    return dict(zip(names, columns.tolist(), strict=True))


def _add_variable(variable: Variable, rows: Rows) -> None:
    table = rows.table
    # The axes of its block are those of its scope, but for the first, which is no set's.
    scope = open_scope(Scope(), variable.over, (), table)
    bounds = []
    for expression, missing in ((variable.lower, -math.inf), (variable.upper, math.inf)):
        if expression is None:
            bounds.append(table.number(missing))
            continue
        try:
            form = evaluate_whole(expression, scope, table)
        except NotLinearError:
            form = Form(table.number(0.0), ((np.zeros(1, dtype=np.int64), table.number(0.0)),))
        if form.terms:
            raise FormulationError(
                f"the bound of {variable.name} holds a variable", hint="Make it a constraint."
            )
        bounds.append(form.constant)
    lower, upper = bounds
    if variable.domain is Domain.BINARY:
        zero, one = table.number(Fraction(0)), table.number(Fraction(1))
        lower, upper = np.maximum(lower, zero), np.minimum(upper, one)
    names = tuple(binding.over for binding in variable.over)
    rows.names.add_block(variable.name, [table.sets[name].elements for name in names])
    table.variables[variable.name] = Block(
        variable.name,
        names,
        rows.add_columns(
            scope.shape,
            lower,
            upper,
            integer=variable.domain is not Domain.CONTINUOUS,
        ).reshape(scope.shape[1:]),
    )


def _add_constraints(model: Model, columns: Mapping[str, int], rows: Rows) -> None:
    plain = PlainRows()
    for number, constraint in enumerate(model.constraints):
        if plain.take(number, constraint, columns):
            continue
        if plain.names:
            rows.add_plain(plain)
            plain = PlainRows()
        rows.begin(number, constraint)
        with told_of(constraint.name, model.source):
            _add_constraint(constraint, rows)
    rows.add_plain(plain)


def _add_constraint(constraint: Constraint, rows: Rows) -> None:
    scope = open_scope(Scope(), constraint.over, constraint.conditions, rows.table)
    try:
        add_claim(constraint.claim, scope, rows)
    except NotLinearError:
        if not isinstance(constraint.claim, Relation):
            raise FormulationError(
                f"constraint {constraint.name} joins conditions that are not linear",
                hint="Name what is not linear by a variable, and say the condition of it.",
            ) from None
        for place in np.argwhere(scope.chosen).tolist():
            _add_nonlinear(constraint.claim, narrow(scope, place), rows)


def _add_nonlinear(relation: Relation, scope: Scope, rows: Rows) -> None:
    left, comparison, right = relation.left, relation.comparison, relation.right
    if comparison is Comparison.DIFFERENT:
        raise FormulationError(
            "two sides that are not linear are asked to differ",
            hint="Say which is the greater one, and by how much.",
        )
    if comparison in (Comparison.AT_LEAST, Comparison.GREATER):
        # The greater side is always taken from the lesser, so that it is the same either way round.
        left, comparison, right = right, comparison.mirrored, left
    difference = _write_out(subtract(left, right), scope, rows.table)
    zero = Fraction(0)
    lower, upper, is_strict = -math.inf if comparison is not Comparison.EQUAL else zero, zero, False
    if comparison is Comparison.LESS:
        spacing = rows.spacing_of_tree(difference)
        if spacing is None:
            # Continuous values have no best one below a limit, so that nothing could be found.
            is_strict = rows.is_whole_tree(difference)
            rows.note_strict(whole=is_strict)
        else:
            upper = -spacing
    rows.add_nonlinear(
        NonlinearRow(rows.name_of(scope), difference, lower, upper, rows.origin, is_strict)
    )


def _objective(
    model: Model, columns: Mapping[str, int], table: Table
) -> tuple[Form, Expression | None]:
    plain = plain_sum(model.objective.expression, columns)
    if plain is not None:
        terms = (np.array(plain.columns, dtype=np.int64), table.array(plain.values))
        return Form(table.number(plain.constant), (terms,)), None
    try:
        return evaluate_whole(model.objective.expression, Scope(), table), None
    except NotLinearError:
        written = _write_out(model.objective.expression, Scope(), table)
        return Form(table.number(Fraction(0))), written


# ---------------------------------------------------------------- what is not linear


def _write_out(expression: Expression, scope: Scope, table: Table) -> Expression:
    """An expression of numbers and columns, for the one combination of a narrow scope."""
    try:
        form = evaluate_whole(expression, scope, table)
    except NotLinearError:
        return _write_out_parts(expression, scope, table)
    constant = Fraction(np.ravel(form.constant)[0])
    terms: dict[int, Fraction] = {}
    for columns, values in form.terms:
        pairs = np.broadcast_arrays(columns, values)
        for column, value in zip(*(part.ravel().tolist() for part in pairs), strict=True):
            terms[column] = terms.get(column, Fraction(0)) + Fraction(value)
    return _linear(constant, terms)


def _linear(constant: Fraction, terms: Mapping[int, Fraction]) -> Expression:
    found: list[Expression] = []
    for column, value in terms.items():
        if value == 1:
            found.append(Column(column))
        elif value:
            found.append(Multiply((Constant(value), Column(column))))
    if constant or not found:
        found.append(Constant(constant))
    return found[0] if len(found) == 1 else Add(tuple(found))


def _write_out_parts(expression: Expression, scope: Scope, table: Table) -> Expression:
    def out(part: Expression) -> Expression:
        return _write_out(part, scope, table)

    match expression:
        case Sum(bindings, term, conditions):
            inner = open_scope(scope, bindings, conditions, table)
            return _sum(
                [
                    _write_out(term, narrow(inner, place), table)
                    for place in np.argwhere(inner.chosen).tolist()
                ]
            )
        case Piecewise():
            raise FormulationError(
                "a piecewise function is taken of what is not linear",
                hint="Name what it is taken of by a variable.",
            )
    return rebuild(expression, out)


def _sum(terms: Sequence[Expression]) -> Expression:
    if not terms:
        return Constant(Fraction(0))
    return terms[0] if len(terms) == 1 else Add(tuple(terms))
