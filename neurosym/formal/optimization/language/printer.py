"""Prints models in the modelling language; :func:`read_model` reads back the same model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from neurosym.errors import InexpressibleError
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
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Domain,
    Implies,
    IndexSet,
    Model,
    Objective,
    Parameter,
    Relation,
    Variable,
)
from neurosym.formal.optimization.notation import ATOM, FEW_TERMS, PRODUCT, SUM, Notation

__all__ = [
    "KEYWORDS",
    "print_claim",
    "print_expression",
    "print_model",
    "print_number",
    "print_parameter",
    "print_set",
    "show_claim",
    "show_expression",
]

_KEYWORDS = (
    "abs at_least at_most binary continuous cos exactly exp if in integer log max maximize "
    "min minimize of or param piecewise set sin sqrt sum then unit var"
)
KEYWORDS = frozenset(_KEYWORDS.split())
"""Words that stand in quotes where they are names."""

_PLAIN = re.compile(r"[^\W\d]\w*")
_COUNTS = {
    Comparison.AT_MOST: "at_most",
    Comparison.AT_LEAST: "at_least",
    Comparison.EQUAL: "exactly",
}


def print_model(model: Model) -> str:
    """A model in the modelling language, one statement a line.

    Raises:
        InexpressibleError: A name is empty or holds a line break.
    """
    lines = [
        *map(print_set, model.sets),
        *map(print_parameter, model.parameters),
        *map(_variable, model.variables),
        _objective(model.objective),
        *map(_constraint, model.constraints),
    ]
    return "\n".join(lines) + "\n"


def print_set(item: IndexSet) -> str:
    """The declaration of a set."""
    return f"set {_name(item.name)} = {', '.join(map(_key, item.elements))}{_meaning(item.meaning)}"


def print_parameter(item: Parameter) -> str:
    """The declaration of a parameter."""
    over = f"{{{', '.join(map(_name, item.over))}}}" if item.over else ""
    data = ", ".join(
        f"{_key(key)}: {print_number(value)}" if key else print_number(value)
        for key, value in item.values.items()
    )
    ending = _unit(item.unit) + _meaning(item.meaning)
    return f"param {_name(item.name)}{over} = {data}{ending}"


def _variable(item: Variable) -> str:
    domain = "" if item.domain is Domain.CONTINUOUS else f" {item.domain}"
    bounds = "".join(
        f" {sign} {print_expression(bound)}"
        for sign, bound in ((">=", item.lower), ("<=", item.upper))
        if bound is not None
    )
    ending = _unit(item.unit) + _meaning(item.meaning)
    return f"var {_name(item.name)}{_bindings(item.over, ())}{domain}{bounds}{ending}"


def _objective(item: Objective) -> str:
    name = "" if item.name == "objective" else f"{_name(item.name)}: "
    ending = _unit(item.unit) + _meaning(item.meaning)
    return f"{item.sense} {name}{print_expression(item.expression)}{ending}"


def _constraint(item: Constraint) -> str:
    sentence = "" if item.sentence is None else f" @{item.sentence}"
    over = _bindings(item.over, item.conditions)
    claim = print_claim(item.claim)
    return f"{_name(item.name)}{over}{sentence}: {claim}{_meaning(item.source)}"


def print_claim(claim: Claim) -> str:
    """What a constraint says."""
    return _LANGUAGE.claim(claim)


def show_claim(claim: Claim) -> str:
    """What a constraint says, for people: of long sums only the first terms, and how many more."""
    return _SHOWN.claim(claim)


# ---------------------------------------------------------------- expressions


def print_expression(expression: Expression) -> str:
    """An expression."""
    return _LANGUAGE.text(expression)


def show_expression(expression: Expression) -> str:
    """An expression for people: of long sums only the first terms, and how many more there are."""
    return _SHOWN.text(expression)


class _Language(Notation):
    def claim(self, claim: Claim) -> str:
        match claim:
            case Relation(left, comparison, right):
                return f"{self.text(left)} {comparison} {self.text(right)}"
            case Implies(condition, consequence):
                return f"if {self.claim(condition)} then {self.claim(consequence)}"
            case AnyOf(inside):
                return " or ".join(map(self.claim, inside))
            case Count(comparison, number, inside):
                return f"{_COUNTS[comparison]} {number} of ({', '.join(map(self.claim, inside))})"

    def printed(self, expression: Expression) -> tuple[str, int]:
        match expression:
            case Constant(value):
                text = print_number(value)
                return text, SUM if value < 0 else PRODUCT if "/" in text else ATOM
            case Reference(name, indices):
                inside = f"[{', '.join(map(_index, indices))}]" if indices else ""
                return _name(name) + inside, ATOM
            case Column(number):
                return f"'column {number}'", ATOM
            case Add() | Multiply() | Divide() | Power():
                return self.operation(expression)
            case Call(function, arguments):
                return f"{function}({', '.join(map(self.text, arguments))})", ATOM
            case Piecewise(argument, points):
                shown = ", ".join(f"({print_number(x)}, {print_number(y)})" for x, y in points)
                return f"piecewise({self.text(argument)}, {shown})", ATOM
            case Sum(bindings, term, conditions):
                inside = self.bracketed(term, PRODUCT)
                return f"sum{_bindings(bindings, conditions)} {inside}", PRODUCT


class _Shown(_Language):
    most_terms = FEW_TERMS


_LANGUAGE, _SHOWN = _Language(), _Shown()


def print_number(value: Fraction) -> str:
    """A number: in decimals if they end, else as a fraction."""
    rest = value.denominator
    if rest == 1:
        return str(value.numerator)
    digits = 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        digits = max(digits, count)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    whole = abs(value.numerator) * 10**digits // value.denominator
    sign = "-" if value < 0 else ""
    text = str(whole).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


# ---------------------------------------------------------------- names


def _name(name: str) -> str:
    if _PLAIN.fullmatch(name) and name not in KEYWORDS:
        return name
    if not name or "\n" in name:
        raise InexpressibleError(
            f"the modelling language has no way to write the name {name!r}", hint="Rename it."
        )
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def _label(name: str) -> str:
    is_number = re.fullmatch(r"\d+(\.\d+)?", name) is not None
    return name if is_number else _name(name)


def _key(element: tuple[str, ...]) -> str:
    if len(element) == 1:
        return _label(element[0])
    return f"({', '.join(map(_label, element))})"


def _index(index: Index) -> str:
    return _label(index.name) if isinstance(index, Element) else _name(index.name)


def _bindings(bindings: Iterable[Binding], conditions: Iterable[Condition]) -> str:
    shown = [
        f"{_key(binding.names)} in {_name(binding.over)}"
        if len(binding.names) > 1
        else f"{_name(binding.names[0])} in {_name(binding.over)}"
        for binding in bindings
    ]
    wanted = [f"{_index(item.left)} {item.comparison} {_index(item.right)}" for item in conditions]
    if not shown:
        return ""
    ending = f": {', '.join(wanted)}" if wanted else ""
    return f"{{{', '.join(shown)}{ending}}}"


def _unit(unit: str) -> str:
    return f" unit {_quoted(unit)}" if unit else ""


def _meaning(meaning: str) -> str:
    return f" {_quoted(meaning)}" if meaning else ""


def _quoted(words: str) -> str:
    """Words in quotes; they stay on one line, and quotes inside them become single ones."""
    inside = " ".join(words.splitlines()).replace('"', "'")
    return f'"{inside}"'
