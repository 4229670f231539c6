"""The abstract syntax of many-sorted first-order logic.

Equality, functions, linear arithmetic, finite enumerations, counting and all-different. Names stand
for themselves; what sorts they have is said by a :class:`neurosym.formal.fol.signature.Signature`.
A variable carries its sort, since it is declared where it is bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any, Literal, TypeAlias, TypeVar, cast

__all__ = [
    "BOOLEAN",
    "ENTITY",
    "INTEGER",
    "REAL",
    "And",
    "Apply",
    "Arithmetic",
    "Atom",
    "Count",
    "Distinct",
    "Equals",
    "Exists",
    "ForAll",
    "Formula",
    "Iff",
    "Implies",
    "Less",
    "LessEqual",
    "Node",
    "Not",
    "Number",
    "Or",
    "Term",
    "Truth",
    "Variable",
    "Xor",
    "bound_by",
    "children",
    "close",
    "depth",
    "free_variables",
    "rebuild",
    "substitute",
    "walk",
]

ENTITY = "Entity"
"""The one sort of logic without sorts."""
INTEGER = "Int"
REAL = "Real"
BOOLEAN = "Bool"


@dataclass(frozen=True, slots=True)
class Variable:
    """A bound variable, at its binder and wherever it occurs."""

    name: str
    sort: str = ENTITY


@dataclass(frozen=True, slots=True)
class Apply:
    """A function applied to arguments; without any it is a constant."""

    function: str
    args: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference or product of two numeric terms."""

    operator: Literal["+", "-", "*"]
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Count:
    """How many values of the variables make the body true."""

    variables: tuple[Variable, ...]
    body: Formula


@dataclass(frozen=True, slots=True)
class Truth:
    """What always holds, or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate applied to arguments."""

    predicate: str
    args: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Equals:
    """Two terms are equal."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Less:
    """One numeric term is smaller than the other."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class LessEqual:
    """One numeric term is at most the other."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Distinct:
    """No two of the terms are equal; at least two terms."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction of at least two parts, written without brackets between them."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction of at least two parts, written without brackets between them."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Xor:
    """Exactly one of two holds."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Implies:
    """Implication."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    """Both hold or neither does."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class ForAll:
    """Universal quantification over one variable."""

    variable: Variable
    body: Formula


@dataclass(frozen=True, slots=True)
class Exists:
    """Existential quantification over one variable."""

    variable: Variable
    body: Formula


Term: TypeAlias = Variable | Apply | Number | Arithmetic | Count
Formula: TypeAlias = (
    Truth
    | Atom
    | Equals
    | Less
    | LessEqual
    | Distinct
    | Not
    | And
    | Or
    | Xor
    | Implies
    | Iff
    | ForAll
    | Exists
)
Node: TypeAlias = Term | Formula


N = TypeVar("N", bound=Node)


_CHILDREN: Mapping[type, Callable[[Any], tuple[Node, ...]]] = {
    **dict.fromkeys((Variable, Number, Truth), lambda node: ()),
    **dict.fromkeys((Apply, Atom), attrgetter("args")),
    Distinct: attrgetter("terms"),
    **dict.fromkeys((And, Or), attrgetter("parts")),
    **dict.fromkeys((Not, ForAll, Exists, Count), lambda node: (node.body,)),
    **dict.fromkeys(
        (Arithmetic, Equals, Less, LessEqual, Xor, Implies, Iff), attrgetter("left", "right")
    ),
}
"""How the children of each kind of node are had; a table, since all that reads a formula asks."""


def children(node: Node) -> tuple[Node, ...]:
    """The terms and formulas directly inside, without variables at their binder."""
    return _CHILDREN[type(node)](node)


def rebuild(node: N, change: Callable[[Any], Any]) -> N:
    """The same node with each of its children changed; the node itself where none is.

    A term has to be changed into a term and a formula into a formula.
    """
    old = children(node)
    new = tuple(map(change, old))
    if all(a is b for a, b in zip(old, new, strict=True)):
        return node
    return cast(N, _with_children(node, new))


def _with_children(node: Node, new: tuple[Node, ...]) -> Node:
    parts: tuple[object, ...] = new
    match node:
        case Apply(function=name) | Atom(predicate=name):
            parts = (name, new)
        case Distinct() | And() | Or():
            parts = (new,)
        case ForAll(variable=variable) | Exists(variable=variable):
            parts = (variable, *new)
        case Count(variables=variables):
            parts = (variables, *new)
        case Arithmetic(operator=operator):
            parts = (operator, *new)
    make: Callable[..., Node] = type(node)
    return make(*parts)


def walk(node: Node) -> Iterator[Node]:
    """The node and all within it, outer before inner, left before right."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        yield item
        waiting += children(item)[::-1]


def depth(node: Node) -> int:
    """Levels of nesting, 1 for a node without children. Needs no recursion."""
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        item, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(item))
    return deepest


def bound_by(node: Node) -> tuple[Variable, ...]:
    """The variables that a node binds in its body."""
    match node:
        case ForAll(variable=variable) | Exists(variable=variable):
            return (variable,)
        case Count(variables=variables):
            return variables
    return ()


def free_variables(node: Node) -> dict[Variable, None]:
    """The variables that no binder inside the node binds, in order of appearance."""
    if isinstance(node, Variable):
        return {node: None}
    found: dict[Variable, None] = {}
    for child in children(node):
        if inside := free_variables(child):
            found |= inside
    for variable in bound_by(node):
        found.pop(variable, None)
    return found


def substitute(node: N, mapping: dict[Variable, Term]) -> N:
    """The node with free variables replaced.

    The terms put in must hold no variable that the node binds around the place; those used in
    neurosym hold none.
    """
    if isinstance(node, Variable):
        return cast(N, mapping.get(node, node))
    inner = {key: term for key, term in mapping.items() if key not in bound_by(node)}
    return rebuild(node, lambda child: substitute(child, inner)) if inner else node


def close(formula: Formula, quantifier: Callable[[Variable, Formula], Formula] = ForAll) -> Formula:
    """The closure: true of all values of the free variables, or with ``Exists`` of some."""
    for variable in reversed(free_variables(formula)):
        formula = quantifier(variable, formula)
    return formula
