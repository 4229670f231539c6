"""A model with other numbers, to see what would be if."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, product

from neurosym.answers.numerals import parse_number
from neurosym.errors import OptionError
from neurosym.formal.optimization.expression import (
    Comparison,
    Constant,
    Element,
    Expression,
    IndexName,
    Reference,
    rebuild,
)
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Implies,
    Model,
    Parameter,
    Relation,
    Variable,
)
from neurosym.messages import listed

__all__ = ["Change", "apply_changes", "read_change"]

Change = tuple[str, tuple[str, ...], Fraction]
"""What gets another number, for which elements, and the number."""

_CHANGE = re.compile(r"\s*([^=]+?)\s*(?:\[([^\]]*)\])?\s*=\s*([^=%]+?)\s*(%?)\s*")


def read_change(text: str) -> Change:
    """Read ``capacity=120``, ``cost[Oslo]=2.5``, ``share=40%`` or ``600=700``.

    Raises:
        OptionError: It is not of that form.
    """
    match = _CHANGE.fullmatch(text)
    number = parse_number(match[3]) if match else None
    if match is None or number is None:
        raise OptionError(
            f"cannot read the change {text!r}",
            hint="Write NAME=NUMBER or NAME[ELEMENT]=NUMBER, the number as 1200, 1,200 or 41.5.",
        )
    value = Fraction(number)
    key = tuple(part.strip() for part in match[2].split(",")) if match[2] else ()
    return match[1], key, value / 100 if match[4] else value


def apply_changes(model: Model, changes: Iterable[Change]) -> Model:
    """A model in which parameters, limits of constraints or values of variables are others.

    A parameter gets another value; a constraint that compares with a number is compared with
    another one; a variable is held at the value. Of those over sets this is for the elements that
    are named, ``eat[oats]=2``. A number for a name, ``600=700``, is the one that stands there: in
    the objective, a constraint, a bound or a parameter, in one of all these.

    Raises:
        OptionError: There is nothing of that name, or it has no such number.
    """
    for name, key, value in changes:
        model = _changed(model, *_named(model, name, key), value)
    return model


def _named(model: Model, name: str, key: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The name and elements that are meant: brackets may be part of a name, as files have it."""
    whole = _squeezed(f"{name}[{','.join(key)}]" if key else name)
    known = [item.name for item in model.parameters]
    known += [item.name for item in model.constraints]
    known += [item.name for item in model.variables]
    if name not in known:
        for other in known:
            if _squeezed(other) == whole:
                return other, ()
    return name, key


def _squeezed(name: str) -> str:
    return "".join(name.split())


def _changed(model: Model, name: str, key: tuple[str, ...], value: Fraction) -> Model:
    for part in model.parameters:
        if part.name == name:
            other: Parameter = _parameter(part, key, value)
            return replace(
                model, parameters=tuple(other if p is part else p for p in model.parameters)
            )
    for item in model.constraints:
        if item.name == name and bool(item.over) >= bool(key):
            if key:
                return _with_limit(model, item, key, value)
            return _with_constraint(model, item, _limited(item, Constant(value))[0])
    for variable in model.variables:
        if variable.name == name and bool(variable.over) == bool(key):
            if key:
                return _with_held(model, variable, key, value)
            held: Variable = replace(variable, lower=Constant(value), upper=Constant(value))
            return replace(
                model, variables=tuple(held if v is variable else v for v in model.variables)
            )
    if (old := parse_number(name)) is not None and not key:
        return _with_number(model, Fraction(old), value)
    named = [item.name for item in model.parameters]
    named += [item.name for item in model.constraints]
    named += [item.name for item in model.variables]
    where = f"[{', '.join(key)}]" if key else ""
    raise OptionError(
        f"there is no {name}{where} to change", hint=f"There are {', '.join(named[:20])}."
    )


def _with_constraint(model: Model, old: Constraint, new: Constraint) -> Model:
    return replace(
        model, constraints=tuple(new if item is old else item for item in model.constraints)
    )


# ---------------------------------------------------------------- of one element


def _with_held(model: Model, variable: Variable, key: tuple[str, ...], value: Fraction) -> Model:
    """The model in which a variable over sets is held at a value for one element, by an equation.

    Raises:
        OptionError: It has no such element.
    """
    instance = model.instance
    name = _element(variable.name, key, instance.column_names[: instance.auxiliary])
    held = Relation(
        Reference(variable.name, tuple(map(Element, key))), Comparison.EQUAL, Constant(value)
    )
    others = (item for item in model.constraints if item.name != name)
    return replace(model, constraints=(*others, Constraint(name, held)))


def _with_limit(
    model: Model, constraint: Constraint, key: tuple[str, ...], value: Fraction
) -> Model:
    """The model in which a constraint over sets has another limit for one element.

    Its limits become a parameter of their own, so that nothing else changes with it.

    Raises:
        OptionError: It has no such element, or does not compare with a number.
    """
    instance = model.instance
    curved = [row.name for row in instance.nonlinear]
    _element(constraint.name, key, [*instance.row_names, *curved])
    indices = tuple(IndexName(name) for item in constraint.over for name in item.names)
    over = tuple(item.over for item in constraint.over)
    name = f"limit of {constraint.name}"
    given: dict[Expression, Parameter] = {
        Reference(item.name, indices): item for item in model.parameters
    }
    changed, limit = _limited(constraint, Reference(name, indices), given)
    if isinstance(limit, Constant):
        elements = {item.name: item.elements for item in model.sets}
        keys = map(chain.from_iterable, product(*(elements[name] for name in over)))
        values = dict.fromkeys(map(tuple, keys), limit.value)
    else:
        values = dict(given[limit].values)
    others = tuple(item for item in model.parameters if item.name != name)
    own = Parameter(name, over, {**values, key: value})
    return replace(_with_constraint(model, constraint, changed), parameters=(*others, own))


def _element(name: str, key: tuple[str, ...], known: Iterable[str]) -> str:
    """The name of a row or column for an element.

    Raises:
        OptionError: There is none.
    """
    wanted, beginning = f"{name}[{','.join(key)}]", f"{name}["
    own = [item for item in known if item.startswith(beginning)]
    if wanted not in own:
        hint = f"There are {listed(own, _MAX_NAMED)}." if own else "It has no elements."
        raise OptionError(f"there is no {wanted} to change", hint=hint)
    return wanted


# ---------------------------------------------------------------- by a number


def _with_number(model: Model, old: Fraction, new: Fraction) -> Model:
    """The model with another number for one that stands in one place only.

    Raises:
        OptionError: It stands in several, or in none.
    """

    def change(expression: Expression) -> Expression:
        return Constant(new) if expression == Constant(old) else rebuild(expression, change)

    def bound(expression: Expression | None) -> Expression | None:
        return None if expression is None else change(expression)

    changed = replace(
        model,
        objective=replace(model.objective, expression=change(model.objective.expression)),
        constraints=tuple(
            replace(item, claim=_claim(item.claim, change)) for item in model.constraints
        ),
        variables=tuple(
            replace(item, lower=bound(item.lower), upper=bound(item.upper))
            for item in model.variables
        ),
        parameters=tuple(
            replace(item, values={k: new if v == old else v for k, v in item.values.items()})
            for item in model.parameters
        ),
    )
    places = list(_places(model, changed))
    if len(places) != 1:
        shown = f"{float(old):g}"
        where = listed(places, _MAX_NAMED)
        raise OptionError(
            f"{shown} stands in {where}" if places else f"there is no {shown}",
            hint="Name what gets another number: a parameter, constraint or variable.",
        )
    return changed


def _claim(claim: Claim, change: Callable[[Expression], Expression]) -> Claim:
    """A claim whose sides are changed."""

    def compared(item: Relation) -> Relation:
        return Relation(change(item.left), item.comparison, change(item.right))

    match claim:
        case Relation():
            return compared(claim)
        case Implies(condition, consequence):
            return Implies(compared(condition), compared(consequence))
        case AnyOf(inside):
            return AnyOf(tuple(map(compared, inside)))
        case Count(comparison, number, inside):
            return Count(comparison, number, tuple(map(compared, inside)))


def _places(model: Model, changed: Model) -> Iterator[str]:
    """Names of what differs between a model and the same with other numbers."""
    if model.objective != changed.objective:
        yield model.objective.name
    for before, after in zip(model.constraints, changed.constraints, strict=True):
        if before != after:
            yield before.name
    for old, new in zip(model.variables, changed.variables, strict=True):
        if old != new:
            yield old.name
    for parameter, other in zip(model.parameters, changed.parameters, strict=True):
        for key, value in parameter.values.items():
            if other.values[key] != value:
                yield f"{parameter.name}[{','.join(key)}]" if key else parameter.name


def _parameter(parameter: Parameter, key: tuple[str, ...], value: Fraction) -> Parameter:
    if key not in parameter.values:
        given = ", ".join("[" + ", ".join(known) + "]" for known in list(parameter.values)[:10])
        raise OptionError(
            f"{parameter.name} has no value for {', '.join(key) or 'no element'}",
            hint=f"It has {given}." if parameter.over else "It is a single number.",
        )
    return replace(parameter, values={**parameter.values, key: value})


def _limited(
    constraint: Constraint, new: Expression, given: Container[Expression] = ()
) -> tuple[Constraint, Expression]:
    """A constraint with another limit, and the one that it had: a number, or one of those given.

    Raises:
        OptionError: Neither side is.
    """
    claim = constraint.claim
    if isinstance(claim, Relation):
        if isinstance(claim.right, Constant) or claim.right in given:
            return replace(constraint, claim=replace(claim, right=new)), claim.right
        if isinstance(claim.left, Constant) or claim.left in given:
            return replace(constraint, claim=replace(claim, left=new)), claim.left
    raise OptionError(
        f"{constraint.name} does not compare with a single number",
        hint="Change a parameter of it instead.",
    )


_MAX_NAMED = 20
