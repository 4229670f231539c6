"""Small worlds: what a formula without numbers says in each, by looking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Node,
    Not,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
    walk,
)

__all__ = ["World", "follows", "holds", "worlds"]


@dataclass(frozen=True)
class World:
    """Things, what the functions give, and of which things the predicates hold.

    Attributes:
        things: All there is.
        functions: Value by name and arguments; a constant has no arguments.
        facts: The atoms that are true, by name and arguments; all others are false.
    """

    things: Sequence[str]
    functions: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    facts: frozenset[tuple[str, ...]] = frozenset()


def holds(node: Formula, world: World, values: Mapping[Variable, str] | None = None) -> bool:
    """Whether a formula is true in a world."""
    values = values or {}

    def true(part: Formula) -> bool:
        return holds(part, world, values)

    match node:
        case Truth(value=value):
            return value
        case Atom(predicate=name, args=args):
            return (name, *(_value(arg, world, values) for arg in args)) in world.facts
        case Equals(left=left, right=right):
            return _value(left, world, values) == _value(right, world, values)
        case Distinct(terms=terms):
            return len({_value(term, world, values) for term in terms}) == len(terms)
        case Not(body=body):
            return not true(body)
        case And(parts=parts):
            return all(map(true, parts))
        case Or(parts=parts):
            return any(map(true, parts))
        case Implies(left=left, right=right):
            return not true(left) or true(right)
        case Iff(left=left, right=right):
            return true(left) == true(right)
        case Xor(left=left, right=right):
            return true(left) != true(right)
        case ForAll(variable=variable, body=body):
            return all(holds(body, world, {**values, variable: thing}) for thing in world.things)
        case Exists(variable=variable, body=body):
            return any(holds(body, world, {**values, variable: thing}) for thing in world.things)
    raise AssertionError(node)


def _value(term: Term, world: World, values: Mapping[Variable, str]) -> str:
    match term:
        case Variable():
            return values[term]
        case Apply(function=name, args=args):
            return world.functions[name, *(_value(arg, world, values) for arg in args)]
    raise AssertionError(term)


def worlds(formulas: Sequence[Formula], size: int, most: int = 4096) -> Iterator[World]:
    """All worlds of so many things that differ in what the formulas speak of, up to ``most``."""
    things = [f"t{i}" for i in range(size)]
    nodes = [node for formula in formulas for node in walk(formula)]
    calls = sorted({key for node in nodes for key in _keys(node, Apply, things)})
    atoms = sorted({key for node in nodes for key in _keys(node, Atom, things)})
    choices = [things] * len(calls) + [["", "true"]] * len(atoms)
    for count, values in enumerate(product(*choices)):
        if count >= most:
            return
        facts = [key for key, value in zip(atoms, values[len(calls) :], strict=True) if value]
        functions = dict(zip(calls, values[: len(calls)], strict=True))
        yield World(things, functions, frozenset(facts))


def _keys(node: Node, kind: type[Atom | Apply], things: Sequence[str]) -> list[tuple[str, ...]]:
    if not isinstance(node, kind):
        return []
    name = node.predicate if isinstance(node, Atom) else node.function
    return [(name, *args) for args in product(things, repeat=len(node.args))]


def follows(premises: Sequence[Formula], claim: Formula, size: int = 2) -> bool:
    """Whether the claim holds in all worlds of so many things in which the premises hold."""
    return all(
        holds(claim, world)
        for world in worlds([*premises, claim], size, 1 << 20)
        if all(holds(premise, world) for premise in premises)
    )
