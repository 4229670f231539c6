"""Expressions of optimization models: numbers, parameters, variables and what is made of them.

Numbers are exact (``Fraction``). A difference is a sum with a factor of -1, and sums and products
are flat (:func:`add`, :func:`multiply`), so that there is one way to write each. Indices name
elements of sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

__all__ = [
    "MINUS_ONE",
    "ONE",
    "ZERO",
    "Add",
    "Binding",
    "Call",
    "Column",
    "Comparison",
    "Condition",
    "Constant",
    "Divide",
    "Element",
    "Expression",
    "Function",
    "Index",
    "IndexName",
    "Multiply",
    "Piecewise",
    "Power",
    "Reference",
    "Sum",
    "add",
    "multiply",
    "negate",
    "parts",
    "rebuild",
    "references",
    "subtract",
    "walk",
]


class Function(StrEnum):
    """Functions of numbers."""

    EXP = "exp"
    LOG = "log"
    SQRT = "sqrt"
    ABS = "abs"
    SIN = "sin"
    COS = "cos"
    MIN = "min"
    """Of one or more arguments."""
    MAX = "max"
    """Of one or more arguments."""


class Comparison(StrEnum):
    """How two sides are compared."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    GREATER = ">"
    DIFFERENT = "!="

    @property
    def mirrored(self) -> Comparison:
        """The comparison with its sides swapped."""
        return _MIRRORED[self]


_MIRRORED = {
    Comparison.LESS: Comparison.GREATER,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.EQUAL: Comparison.EQUAL,
    Comparison.AT_LEAST: Comparison.AT_MOST,
    Comparison.GREATER: Comparison.LESS,
    Comparison.DIFFERENT: Comparison.DIFFERENT,
}


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a set, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class IndexName:
    """The element that a binding's name stands for."""

    name: str


Index: TypeAlias = Element | IndexName


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of indices for them to count: ``i != j``.

    Order is that of the set; of numbers that no one set holds, that of their size.
    """

    left: Index
    comparison: Comparison
    right: Index


@dataclass(frozen=True, slots=True)
class Binding:
    """Names for the parts of each element of a set: ``(i, j) in Arcs``."""

    names: tuple[str, ...]
    over: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Fraction


ZERO = Constant(Fraction(0))
ONE = Constant(Fraction(1))
MINUS_ONE = Constant(Fraction(-1))


@dataclass(frozen=True, slots=True)
class Reference:
    """A parameter or variable, at its indices if it has any."""

    name: str
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a model that is written out, by its number; nothing that anybody writes."""

    number: int


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of two terms or more."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Multiply:
    """The product of two factors or more."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Divide:
    """A quotient."""

    numerator: Expression
    denominator: Expression


@dataclass(frozen=True, slots=True)
class Power:
    """A power."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments."""

    function: Function
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a term over the elements of sets, in so far as the conditions hold."""

    bindings: tuple[Binding, ...]
    term: Expression
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Piecewise:
    """The function through points, linear between them and defined from the first to the last.

    Attributes:
        argument: Where it is taken.
        points: Two or more of its points, with rising first coordinates.
    """

    argument: Expression
    points: tuple[tuple[Fraction, Fraction], ...]


Expression: TypeAlias = (
    Constant | Reference | Column | Add | Multiply | Divide | Power | Call | Sum | Piecewise
)
"""Any expression."""


def add(*terms: Expression) -> Expression:
    """The sum of terms, written flat; 0 if there are none."""
    flat: list[Expression] = []
    for term in terms:
        flat += term.terms if isinstance(term, Add) else [term]
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Add(tuple(flat))


def multiply(*factors: Expression) -> Expression:
    """The product of factors, written flat, with numbers that stand side by side in one."""
    flat: list[Expression] = []
    for factor in factors:
        for part in factor.factors if isinstance(factor, Multiply) else (factor,):
            if flat and isinstance(part, Constant) and isinstance(flat[-1], Constant):
                flat[-1] = Constant(flat[-1].value * part.value)
            else:
                flat.append(part)
    if len(flat) > 1 and flat[0] == ONE:
        del flat[0]
    return flat[0] if len(flat) == 1 else Multiply(tuple(flat))


def negate(expression: Expression) -> Expression:
    """The negative of an expression."""
    return multiply(MINUS_ONE, expression)


def subtract(left: Expression, right: Expression) -> Expression:
    """The difference of two expressions."""
    return add(left, negate(right))


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that an expression is directly made of."""
    match expression:
        case Constant() | Reference() | Column():
            return ()
        case Add(inside) | Multiply(inside) | Call(_, inside):
            return inside
        case Divide(first, second) | Power(first, second):
            return (first, second)
        case Sum(_, term):
            return (term,)
        case Piecewise(argument):
            return (argument,)


def rebuild(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same expression with each of its :func:`parts` changed."""
    match expression:
        case Constant() | Reference() | Column():
            return expression
        case Add(terms):
            return Add(tuple(map(change, terms)))
        case Multiply(factors):
            return Multiply(tuple(map(change, factors)))
        case Divide(numerator, denominator):
            return Divide(change(numerator), change(denominator))
        case Power(base, exponent):
            return Power(change(base), change(exponent))
        case Call(function, arguments):
            return Call(function, tuple(map(change, arguments)))
        case Sum(term=term):
            return replace(expression, term=change(term))
        case Piecewise(argument=argument):
            return replace(expression, argument=change(argument))


def walk(expression: Expression) -> Iterator[Expression]:
    """An expression and all it is made of, the outer before the inner."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(parts(node)))


def references(expression: Expression) -> Iterator[Reference]:
    """Its parameters and variables, as often as they occur."""
    return (node for node in walk(expression) if isinstance(node, Reference))
