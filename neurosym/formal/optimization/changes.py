"""A model with other numbers, to see what would be if."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from neurosym.answers.numerals import parse_number
from neurosym.errors import OptionError
from neurosym.formal.optimization.expression import Constant, Expression, rebuild
from neurosym.formal.optimization.model import Constraint, Model, Parameter, Relation, Variable

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
    another one; a variable is held at the value. A number for a name, ``600=700``, is the one that
    stands there: in the objective, or in one of the constraints.

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
        if item.name == name and not key:
            changed: Constraint = _constraint(item, value)
            return replace(
                model, constraints=tuple(changed if c is item else c for c in model.constraints)
            )
    for variable in model.variables:
        if variable.name == name and not variable.over and not key:
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


def _with_number(model: Model, old: Fraction, new: Fraction) -> Model:
    """The model with another number for one that stands in one place only."""

    def change(expression: Expression) -> Expression:
        return Constant(new) if expression == Constant(old) else rebuild(expression, change)

    objective = replace(model.objective, expression=change(model.objective.expression))
    constraints = tuple(
        replace(item, claim=Relation(change(claim.left), claim.comparison, change(claim.right)))
        if isinstance(claim := item.claim, Relation)
        else item
        for item in model.constraints
    )
    pairs = zip(model.constraints, constraints, strict=True)
    places = [before.name for before, after in pairs if before != after]
    if objective != model.objective:
        places.insert(0, model.objective.name)
    if len(places) != 1:
        shown = float(old)
        raise OptionError(
            f"{shown:g} stands in {', '.join(places)}" if places else f"there is no {shown:g}",
            hint="Name what gets another number: a parameter, constraint or variable.",
        )
    return replace(model, objective=objective, constraints=constraints)


def _parameter(parameter: Parameter, key: tuple[str, ...], value: Fraction) -> Parameter:
    if key not in parameter.values:
        given = ", ".join("[" + ", ".join(known) + "]" for known in list(parameter.values)[:10])
        raise OptionError(
            f"{parameter.name} has no value for {', '.join(key) or 'no element'}",
            hint=f"It has {given}." if parameter.over else "It is a single number.",
        )
    return replace(parameter, values={**parameter.values, key: value})


def _constraint(constraint: Constraint, value: Fraction) -> Constraint:
    claim = constraint.claim
    if isinstance(claim, Relation):
        if isinstance(claim.right, Constant):
            return replace(constraint, claim=replace(claim, right=Constant(value)))
        if isinstance(claim.left, Constant):
            return replace(constraint, claim=replace(claim, left=Constant(value)))
    raise OptionError(
        f"{constraint.name} does not compare with a single number",
        hint="Change a parameter of it instead.",
    )
