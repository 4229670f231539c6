"""What constraints say, as rows: comparisons at once, logic with binary columns.

Each alternative gets a binary column that, when it is 1, makes it hold: ``form <= M (1 - d)``,
where M is what the bounds of the columns allow the form at most. It is derived, never guessed;
where a bound is missing, that is an error which names it (Williams 2013, Model Building in
Mathematical Programming, chapter 9).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from neurosym.errors import FormulationError
from neurosym.formal.optimization.evaluation import evaluate_whole
from neurosym.formal.optimization.expression import Comparison, subtract
from neurosym.formal.optimization.model import AnyOf, Claim, Count, Implies, Relation
from neurosym.formal.optimization.rows import Rows
from neurosym.formal.optimization.scope import Form, Scope

__all__ = ["add_claim"]

_All: TypeAlias = list[Form]
"""Forms that are all at most 0."""


def add_claim(claim: Claim, scope: Scope, rows: Rows) -> None:
    """Add the rows of a claim, for each combination of a scope that counts.

    Raises:
        NotLinearError: It is not linear.
        FormulationError: Its logic needs a bound that is not there, or the opposite of an
            inequality of continuous values.
    """
    match claim:
        case Relation():
            _add_relation(claim, scope, rows)
        case Implies(condition, consequence):
            either = [*_denied(condition, scope, rows), *_asserted(consequence, scope, rows)]
            _add_alternatives(either, 1, scope, rows)
        case AnyOf(inside):
            either = [each for item in inside for each in _asserted(item, scope, rows)]
            _add_alternatives(either, 1, scope, rows)
        case Count(comparison, number, inside):
            if comparison in (Comparison.AT_LEAST, Comparison.EQUAL):
                holding = [each for item in inside for each in _asserted(item, scope, rows)]
                _add_alternatives(holding, number, scope, rows)
            if comparison in (Comparison.AT_MOST, Comparison.EQUAL):
                failing = [each for item in inside for each in _denied(item, scope, rows)]
                _add_alternatives(failing, len(inside) - number, scope, rows)


def _difference(relation: Relation, scope: Scope, rows: Rows) -> Form:
    return evaluate_whole(subtract(relation.left, relation.right), scope, rows.table)


def _add_relation(relation: Relation, scope: Scope, rows: Rows) -> None:
    form = _difference(relation, scope, rows)
    zero = Fraction(0) if rows.table.dtype is object else 0.0
    match relation.comparison:
        case Comparison.AT_MOST:
            rows.add(form, scope, -math.inf, zero)
        case Comparison.AT_LEAST:
            rows.add(form, scope, zero, math.inf)
        case Comparison.EQUAL:
            rows.add(form, scope, zero, zero)
        case Comparison.LESS | Comparison.GREATER:
            spacing = rows.spacing(form)
            if spacing is None:
                rows.note_strict(whole=rows.is_whole(form))
            gap = zero if spacing is None else spacing
            if relation.comparison is Comparison.LESS:
                rows.add(form, scope, -math.inf, -gap)
            else:
                rows.add(form, scope, gap, math.inf)
        case Comparison.DIFFERENT:
            _add_alternatives(_asserted(relation, scope, rows), 1, scope, rows)


# ---------------------------------------------------------------- logic


def _asserted(relation: Relation, scope: Scope, rows: Rows) -> list[_All]:
    """The ways in which a relation can hold; at most one of them does at a time."""
    form = _difference(relation, scope, rows)
    match relation.comparison:
        case Comparison.AT_MOST:
            return [[form]]
        case Comparison.AT_LEAST:
            return [[-form]]
        case Comparison.EQUAL:
            return [[form, -form]]
        case Comparison.LESS:
            return [[_beyond(-form, rows)]]
        case Comparison.GREATER:
            return [[_beyond(form, rows)]]
        case Comparison.DIFFERENT:
            return [[_beyond(form, rows)], [_beyond(-form, rows)]]


def _denied(relation: Relation, scope: Scope, rows: Rows) -> list[_All]:
    """The ways in which a relation can fail; at most one of them does at a time."""
    opposite = _OPPOSITE[relation.comparison]
    return _asserted(Relation(relation.left, opposite, relation.right), scope, rows)


_OPPOSITE = {
    Comparison.AT_MOST: Comparison.GREATER,
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.EQUAL: Comparison.DIFFERENT,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.GREATER: Comparison.AT_MOST,
    Comparison.DIFFERENT: Comparison.EQUAL,
}


def _beyond(form: Form, rows: Rows) -> Form:
    """What is at most 0 where a form is greater than 0."""
    spacing = rows.spacing(form)
    if spacing is None:
        raise FormulationError(
            f"{rows.subject} needs a strict inequality of continuous values, which no solver holds",
            hint="Make the variables integers, or say by how much one side is greater. In a "
            "condition take > in place of >=, or < of <=, whose opposites allow equality.",
        )
    return Form(rows.table.number(spacing) - form.constant, (-form).terms)


def _add_alternatives(alternatives: Sequence[_All], number: int, scope: Scope, rows: Rows) -> None:
    """At least ``number`` of these hold."""
    table = rows.table
    zero, one = (table.number(Fraction(value)) for value in (0, 1))
    total = Form(zero)
    for forms in alternatives:
        chosen = rows.add_auxiliary(scope.shape, f"{rows.name}.choice", integer=True)[..., None]
        indicator = Form(zero, ((chosen, one),))
        total = total + indicator
        for form in forms:
            _, greatest = rows.bounds(form, scope)
            if np.any((greatest == math.inf) & scope.mask):
                raise FormulationError(
                    f"{rows.subject} needs bounds: {rows.unbounded_column(form)} has none, so "
                    "that no constant is great enough to switch it off",
                    hint="Give the variable a least and a greatest value.",
                )
            # Where nothing is meant, a bound may be missing.
            greatest = np.where(scope.mask, greatest, zero)
            slack = Form(-greatest) + indicator.times(greatest)
            rows.add(form + slack, scope, -math.inf, zero[0])
    rows.add(total, scope, Fraction(number) if table.dtype is object else float(number), math.inf)
