"""A digest of what a model means, whatever its names, its order, and the scale of its rows.

All that a model asks is brought to one form: a sum of products, multiplied out and scaled to whole
coefficients without a common factor, is at most a number; of a single column that is a bound. The
model is then a graph of sums, products and columns, in a form that does not depend on how these
are numbered. Models that differ never share a digest; models that agree may fail to, if they are
very large, very symmetric, or the same for a deeper reason.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from neurosym.formal.optimization.expansion import (
    ONE,
    Monomial,
    Opaque,
    Sum,
    Terms,
    content,
    expand,
)
from neurosym.formal.optimization.expression import Add, Column, Constant, Multiply
from neurosym.formal.optimization.instance import Instance, exact, exact_limit
from neurosym.formal.optimization.labelling import Graph, canonical_form

__all__ = ["instance_digest"]

_Limit: TypeAlias = Fraction | float


def instance_digest(instance: Instance) -> str:
    """SHA-256 of what a model means, in hexadecimal."""
    return hashlib.sha256(canonical_form(_Builder(_plain(instance)).graph)).hexdigest()


# ---------------------------------------------------------------- one form


@dataclass(slots=True)
class _Plain:
    """A model in one form.

    Attributes:
        goal: Which way its objective is better.
        objective: Its terms.
        lower: Of the columns.
        upper: Of the columns.
        integer: Which columns are whole.
        limits: Sums that are at most a number, and whether they may be that number.
    """

    goal: str
    objective: Terms
    lower: list[_Limit]
    upper: list[_Limit]
    integer: list[bool]
    limits: dict[frozenset[tuple[Monomial, int]], tuple[_Limit, bool]] = field(default_factory=dict)

    def limit(self, terms: Terms, upper: _Limit, sign: int, *, is_strict: bool = False) -> None:
        """Keep that terms, times a sign, are at most a number."""
        if upper == math.inf:
            return
        upper -= sign * terms.get(ONE, 0)
        left = [(product, sign * value) for product, value in terms.items() if product]
        if not left:
            if upper < 0 or (is_strict and not upper):
                # However far from true a false row is, it allows nothing.
                self.limits[frozenset()] = (Fraction(-1), True)
            return
        if not is_strict and self._is_bound(left, upper):
            return
        scale = 1 / content(value for _, value in left)
        key = frozenset((product, int(value * scale)) for product, value in left)
        limit = (upper * scale, not is_strict)
        self.limits[key] = min(limit, self.limits.get(key, limit))

    def _is_bound(self, terms: Sequence[tuple[Monomial, Fraction]], upper: _Limit) -> bool:
        """Whether a limit is of a single column, whose bound it then becomes."""
        if len(terms) > 1:
            return False
        [(product, value)] = terms
        match [*product]:
            case [(int(column), 1)] if value > 0:
                self.upper[column] = min(self.upper[column], upper / value)
            case [(int(column), 1)]:
                self.lower[column] = max(self.lower[column], upper / value)
            case _:
                return False
        return True


def _plain(instance: Instance) -> _Plain:
    found = _Plain(
        *_objective(instance),
        [exact_limit(value) for value in instance.lower.tolist()],
        [exact_limit(value) for value in instance.upper.tolist()],
        instance.integer.tolist(),
    )
    columns: list[Monomial] = [frozenset([(column, 1)]) for column in range(instance.columns)]
    for row in range(instance.rows):
        entries = {columns[column]: exact(value) for column, value in instance.entries(row)}
        is_strict = int(instance.row_origin[row]) in instance.loosened
        found.limit(entries, exact_limit(instance.row_upper[row]), 1, is_strict=is_strict)
        found.limit(entries, -exact_limit(instance.row_lower[row]), -1, is_strict=is_strict)
    for item in instance.nonlinear:
        terms = expand(item.expression)
        is_strict = item.is_strict or item.origin in instance.loosened
        found.limit(terms, item.upper, 1, is_strict=is_strict)
        found.limit(terms, -item.lower, -1)
    for column, whole in enumerate(found.integer):
        if whole:
            found.lower[column] = _rounded(found.lower[column], up=True)
            found.upper[column] = _rounded(found.upper[column], up=False)
    return found


def _objective(instance: Instance) -> tuple[str, Terms]:
    linear = [(column, exact(cost)) for column, cost in enumerate(instance.cost.tolist()) if cost]
    offset = exact(instance.offset)
    if instance.nonlinear_cost is None:
        return f"{instance.sense} {offset}", {frozenset([(k, 1)]): cost for k, cost in linear}
    # Both may hold terms of the same columns.
    added = (Multiply((Constant(cost), Column(column))) for column, cost in linear)
    terms = expand(Add((instance.nonlinear_cost, *added)))
    return f"{instance.sense} {offset + terms.get(ONE, 0)}", terms


def _rounded(limit: _Limit, *, up: bool) -> _Limit:
    if isinstance(limit, float):
        return limit
    return Fraction(math.ceil(limit) if up else math.floor(limit))


# ---------------------------------------------------------------- a graph of it


class _Builder:
    """The graph of a model in one form.

    Nodes are what the objective and the limits are made of, joined to their own parts; an edge
    tells the coefficient, the power, or the place of a part.

    Args:
        plain: The model.
    """

    def __init__(self, plain: _Plain) -> None:
        self.graph = Graph()
        self._plain = plain
        self._nodes: dict[int | Opaque | Monomial | Sum, int] = {}
        self.graph.add(plain.goal, self._edges(plain.objective.items()))
        for terms, (upper, may_equal) in plain.limits.items():
            self.graph.add(f"{'<=' if may_equal else '<'} {upper}", self._edges(terms))
        for column, (lower, upper) in enumerate(zip(plain.lower, plain.upper, strict=True)):
            # A column that nothing else mentions matters only if it has no value at all.
            if lower > upper:
                self._factor(column)

    def _edges(self, terms: Iterable[tuple[Monomial, Fraction | int]]) -> list[tuple[int, str]]:
        return [(self._product(product), str(value)) for product, value in terms if product]

    def _product(self, product: Monomial) -> int:
        match [*product]:
            case [(factor, 1)]:
                return self._factor(factor)
        if product not in self._nodes:
            parts = [(self._factor(factor), str(power)) for factor, power in product]
            self._nodes[product] = self.graph.add("*", parts)
        return self._nodes[product]

    def _factor(self, factor: int | Opaque) -> int:
        if factor not in self._nodes:
            plain = self._plain
            if isinstance(factor, int):
                kind = "whole" if plain.integer[factor] else "real"
                added = self.graph.add(f"{kind} {plain.lower[factor]} {plain.upper[factor]}")
            else:
                is_ordered = isinstance(factor.inside, tuple)
                parts = [
                    (self._sum(part), str(place) if is_ordered else "of")
                    for place, part in enumerate(factor.inside)
                ]
                added = self.graph.add(factor.head, parts)
            self._nodes[factor] = added
        return self._nodes[factor]

    def _sum(self, terms: Sum) -> int:
        if terms not in self._nodes:
            constant = dict(terms).get(ONE, 0)
            self._nodes[terms] = self.graph.add(f"+ {constant}", self._edges(terms))
        return self._nodes[terms]
