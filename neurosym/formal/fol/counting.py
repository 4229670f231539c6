"""How many things there are of a kind, said without counting.

Of things that are not listed no sum can be written out, but that at least two things are P says
``∃x ∃y (x ≠ y ∧ P(x) ∧ P(y))``, and that at most two are ``∃x ∃y ∀z (P(z) → z = x ∨ z = y)``, or
that not at least three are. So every comparison of such a count with a small number can be said by
quantifiers, and is for all provers.

Which way matters to them: what is asserted so becomes a law of few variables about a few things,
and what is denied so one of as many variables as things are counted, which takes long from five on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from itertools import chain, combinations
from typing import Any

from neurosym.formal.fol.rewriting import rewritten
from neurosym.formal.fol.sorts import Signature
from neurosym.formal.fol.syntax import (
    And,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Implies,
    Less,
    LessEqual,
    Node,
    Not,
    Number,
    Or,
    Truth,
    Variable,
    bound_by,
    children,
    rebuild,
    substitute,
    walk,
)
from neurosym.formal.fol.theory import Theory

__all__ = ["MAX_COUNTED", "without_counts"]

MAX_COUNTED = 10
"""The largest number with which counts of things that are not listed are compared."""
_MAX_NODES = 100_000
"""Nodes of the largest formula that counts are written out in; counts within counts multiply it."""


def without_counts(theory: Theory) -> Theory:
    """The theory with counts of things that are not listed said by quantifiers.

    Those that are compared with a number up to :data:`MAX_COUNTED` are, unless that takes a formula
    beyond all measure; others stay, and so do counts of listed things. Itself if nothing changes.
    """
    signature = theory.signature

    def written(formula: Formula, *, asserted: bool) -> Formula:
        is_counting = any(_is_open(item, signature) for item in walk(formula))
        if not is_counting or _size(formula, signature) > _MAX_NODES:
            return formula
        said: Formula = _written(formula, signature, asserted=asserted)
        return said

    # What is asked is both asserted and denied.
    return rewritten(theory, partial(written, asserted=True), partial(written, asserted=False))


def _is_open(node: Node, signature: Signature) -> bool:
    """Whether it counts things that are not listed."""
    return isinstance(node, Count) and any(
        signature.sorts.get(variable.sort) is None for variable in node.variables
    )


def _limits(node: Node, signature: Signature) -> tuple[Count, int, int | None] | None:
    """The count that is compared with a small number, its least value and its greatest."""
    high: int | None
    match node:
        case (
            Equals(left=Count() as count, right=Number(value=value))
            | Equals(left=Number(value=value), right=Count() as count)
        ):
            low, high = math.ceil(value), math.floor(value)
        case LessEqual(left=Count() as count, right=Number(value=value)):
            low, high = 0, math.floor(value)
        case Less(left=Count() as count, right=Number(value=value)):
            low, high = 0, math.ceil(value) - 1
        case LessEqual(left=Number(value=value), right=Count() as count):
            low, high = math.ceil(value), None
        case Less(left=Number(value=value), right=Count() as count):
            low, high = math.floor(value) + 1, None
        case _:
            return None
    return (count, low, high) if value <= MAX_COUNTED and _is_open(count, signature) else None


def _size(node: Node, signature: Signature) -> int:
    """How many nodes there will be."""
    found = _limits(node, signature)
    if found is None:
        return 1 + sum(_size(child, signature) for child in children(node))
    count, low, high = found
    copies = max(0, low) + (0 if high is None else max(0, high + 1))
    return 1 + copies * (copies + _size(count.body, signature))


def _written(node: Any, signature: Signature, *, asserted: bool) -> Any:
    def inside(child: Node) -> Any:
        keeps = isinstance(node, And | Or | ForAll | Exists)
        keeps = keeps or (isinstance(node, Implies) and child is node.right)
        return _written(child, signature, asserted=asserted and keeps)

    node = rebuild(node, inside)
    found = _limits(node, signature)
    if found is None:
        return node
    count, low, high = found
    parts = [_at_least(low, count)] if low > 0 else []
    if high is not None:
        parts.append(_at_most(high, count) if asserted else Not(_at_least(high + 1, count)))
    return _all(parts)


def _at_least(number: int, count: Count) -> Formula:
    """That the count is no less than a number: so many are there."""
    copies = _copies(number, count)
    bodies = [substitute(count.body, dict(zip(count.variables, copy, strict=True)))
              for copy in copies]  # fmt: skip
    return _bound(Exists, chain(*copies), _all([*_different(copies), *bodies]))


def _at_most(number: int, count: Count) -> Formula:
    """That the count is no more than a number: all are among so many."""
    if number < 0:
        return Truth(False)
    copies = _copies(number, count)
    same = [_same(count.variables, copy) for copy in copies]
    among = Or(tuple(same)) if len(same) > 1 else same[0] if same else Truth(False)
    every = _bound(ForAll, count.variables, Implies(count.body, among))
    return _bound(Exists, chain(*copies), every)


def _copies(number: int, count: Count) -> list[tuple[Variable, ...]]:
    """So many times the variables of a count, under names that it does not hold."""
    taken = {item.name for item in walk(count) if isinstance(item, Variable)}
    taken |= {variable.name for item in walk(count) for variable in bound_by(item)}
    return [
        tuple(Variable(_fresh(item.name, place, taken), item.sort) for item in count.variables)
        for place in range(1, number + 1)
    ]


def _bound(make: type[ForAll | Exists], variables: Iterable[Variable], formula: Formula) -> Formula:
    for variable in reversed(tuple(variables)):
        formula = make(variable, formula)
    return formula


def _same(one: tuple[Variable, ...], other: tuple[Variable, ...]) -> Formula:
    return _all([Equals(*pair) for pair in zip(one, other, strict=True)])


def _different(copies: list[tuple[Variable, ...]]) -> list[Formula]:
    """That no two of these are the same."""
    if len(copies) > 1 and len(copies[0]) == 1:
        return [Distinct(tuple(variable for (variable,) in copies))]
    return [Not(_same(one, other)) for one, other in combinations(copies, 2)]


def _all(parts: list[Formula]) -> Formula:
    if len(parts) > 1:
        return And(tuple(parts))
    return parts[0] if parts else Truth(True)


def _fresh(name: str, place: int, taken: set[str]) -> str:
    name = f"{name}_{place}"
    while name in taken:
        name += "_"
    return name
