"""A digest of what a model means, whatever its names, its order, and the scale of its rows.

Rows are brought to one form: whole coefficients without a common factor, ``<=`` where one side is
open, bounds where there is one column. Columns are told apart by colour refinement, and where that
leaves some alike, each is tried as the first, up to a number of tries (McKay and Piperno 2014,
Practical graph isomorphism II). The digest is of the whole model in the order found, so that two
models that differ never share one; models that agree may fail to, if they are very symmetric.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from neurosym.formal.optimization.expression import (
    Add,
    Column,
    Constant,
    Expression,
    Multiply,
    parts,
)
from neurosym.formal.optimization.instance import Instance, exact, exact_limit
from neurosym.formal.optimization.polynomial import (
    NotQuadraticError,
    expression_of,
    polynomial_of,
)

__all__ = ["instance_digest"]

_MAX_COLUMNS = 2_000
"""Columns up to which an order is looked for; above, columns stay as they come."""
_MAX_TRIES = 64
"""Most orders that are compared."""

_Limit: TypeAlias = Fraction | float
_Colours: TypeAlias = list[int]
_Terms: TypeAlias = tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """``lower <= terms <= upper``, terms as coefficients of columns."""

    terms: _Terms
    lower: _Limit
    upper: _Limit


@dataclass(slots=True)
class _Plain:
    """A model in one form."""

    instance: Instance
    lower: list[_Limit]
    upper: list[_Limit]
    rows: list[_Row] = field(default_factory=list)
    nonlinear: list[tuple[str, Expression]] = field(default_factory=list)
    tries: int = 0


def instance_digest(instance: Instance) -> str:
    """SHA-256 of what a model means, in hexadecimal."""
    plain = _plain(instance)
    if instance.columns > _MAX_COLUMNS:
        text = _text(plain, list(range(instance.columns)))
    else:
        text = _smallest(plain, _refined(plain, _first_colours(plain)))
    return hashlib.sha256(text.encode()).hexdigest()


# ---------------------------------------------------------------- one form


def _plain(instance: Instance) -> _Plain:
    found = _Plain(
        instance,
        [exact_limit(value) for value in instance.lower.tolist()],
        [exact_limit(value) for value in instance.upper.tolist()],
    )
    seen: dict[_Terms, tuple[_Limit, _Limit]] = {}
    for number in range(instance.rows):
        terms = [(column, exact(value)) for column, value in instance.entries(number)]
        lower, upper = (
            exact_limit(side[number]) for side in (instance.row_lower, instance.row_upper)
        )
        if len(terms) == 1:
            _tighten(found, terms[0], lower, upper)
        elif terms:
            _gather(seen, *_scaled(terms, lower, upper))
        elif lower > 0 or upper < 0:
            # However far from true a false row is, it allows nothing.
            _gather(seen, (), Fraction(1), math.inf)
    for column, whole in enumerate(instance.integer.tolist()):
        if whole:
            found.lower[column] = _rounded(found.lower[column], up=True)
            found.upper[column] = _rounded(found.upper[column], up=False)
    found.rows = [_closed(terms, *sides) for terms, sides in seen.items()]
    found.nonlinear = [*_nonlinear(instance)]
    return found


def _tighten(plain: _Plain, term: tuple[int, Fraction], lower: _Limit, upper: _Limit) -> None:
    """Keep a row of one column as its bounds."""
    column, value = term
    sides = sorted((lower / value, upper / value))
    plain.lower[column] = max(plain.lower[column], sides[0])
    plain.upper[column] = min(plain.upper[column], sides[1])


def _rounded(limit: _Limit, *, up: bool) -> _Limit:
    if isinstance(limit, float):
        return limit
    return Fraction(math.ceil(limit) if up else math.floor(limit))


def _scaled(
    terms: Sequence[tuple[int, Fraction]], lower: _Limit, upper: _Limit
) -> tuple[_Terms, _Limit, _Limit]:
    """A row with whole coefficients that have no common factor."""
    if not terms:
        return (), lower, upper
    above = math.gcd(*(value.numerator for _, value in terms))
    below = math.lcm(*(value.denominator for _, value in terms))
    factor = Fraction(below, above)
    scaled = tuple((column, value * factor) for column, value in terms)
    return scaled, lower * factor, upper * factor


def _gather(
    rows: dict[_Terms, tuple[_Limit, _Limit]], terms: _Terms, lower: _Limit, upper: _Limit
) -> None:
    """Keep the stricter sides of rows that bound the same, or its negative."""
    negative = _negative(terms)
    if terms and negative in rows:
        terms, lower, upper = negative, -upper, -lower
    least, greatest = rows.get(terms, (-math.inf, math.inf))
    rows[terms] = (max(lower, least), min(upper, greatest))


def _negative(terms: _Terms) -> _Terms:
    return tuple((column, -value) for column, value in terms)


def _closed(terms: _Terms, lower: _Limit, upper: _Limit) -> _Row:
    """A row whose upper side is closed."""
    if math.isinf(upper):
        return _Row(_negative(terms), -upper, -lower)
    return _Row(terms, lower, upper)


# ---------------------------------------------------------------- colours


def _first_colours(plain: _Plain) -> _Colours:
    instance = plain.instance
    keys = [
        (str(lower), str(upper), bool(whole), str(exact(cost)))
        for lower, upper, whole, cost in zip(
            plain.lower, plain.upper, instance.integer, instance.cost, strict=True
        )
    ]
    return _numbered(keys)


def _numbered(keys: Sequence[object]) -> _Colours:
    """Colours from 0 in the order of the keys, which is the same whatever the columns' order."""
    order = {key: number for number, key in enumerate(sorted(set(keys), key=repr))}
    return [order[key] for key in keys]


def _refined(plain: _Plain, colours: _Colours) -> _Colours:
    """Colours that tell columns apart by the rows they are in, as far as that goes."""
    while True:
        seen: list[list[str]] = [[] for _ in colours]
        for row in plain.rows:
            inside, sign = _face(row, colours)
            for column, value in row.terms:
                # A row that reads the same with both signs tells its columns apart by size alone.
                seen[column].append(f"{sign * value or abs(value)} {inside}")
        for column, mark in _nonlinear_marks(plain, colours):
            seen[column].append(mark)
        finer = _numbered(
            [(colour, tuple(sorted(marks))) for colour, marks in zip(colours, seen, strict=True)]
        )
        if len(set(finer)) == len(set(colours)):
            return finer
        colours = finer


def _face(row: _Row, order: Sequence[int]) -> tuple[str, int]:
    """A row by its columns' colours, and the sign at which it reads so.

    What is bounded on both sides can be read with either sign; the lesser text is taken, and the
    sign is 0 if both are the same.
    """
    texts = []
    for sign in (1, -1):
        terms = sorted((order[column], sign * value) for column, value in row.terms)
        shown = " ".join(f"{value}*{colour}" for colour, value in terms)
        low, high = sorted((sign * row.lower, sign * row.upper))
        texts.append(f"{low}<={shown}<={high}")
    plain, flipped = texts
    if math.isinf(row.lower) or plain < flipped:
        return plain, 1
    return flipped, 0 if plain == flipped else -1


def _nonlinear_marks(plain: _Plain, colours: Sequence[int]) -> Iterable[tuple[int, str]]:
    """For each column of something that is not linear, that thing with the column marked."""
    for text, expression in plain.nonlinear:
        for column in {node.number for node in _walk(expression) if isinstance(node, Column)}:
            marked = [*colours]
            marked[column] = -1
            yield column, f"{text} {_tree_text(expression, marked)}"


def _walk(expression: Expression) -> Iterable[Expression]:
    yield expression
    for part in parts(expression):
        yield from _walk(part)


def _nonlinear(instance: Instance) -> Iterable[tuple[str, Expression]]:
    """What is not linear: its limits, and the expression, multiplied out if it is quadratic."""
    columns = [Column(number) for number in range(instance.columns)]
    for row in instance.nonlinear:
        constant, expression = _multiplied_out(row.expression, columns)
        sign = "<" if row.is_strict else "<="
        yield f"{row.lower - constant} {sign} {row.upper - constant}", expression
    if instance.nonlinear_cost is not None:
        constant, expression = _multiplied_out(instance.nonlinear_cost, columns)
        yield f"objective {constant}", expression


def _multiplied_out(
    expression: Expression, columns: Sequence[Column]
) -> tuple[Fraction, Expression]:
    try:
        found = polynomial_of(expression)
    except NotQuadraticError:
        return Fraction(0), expression
    return found.constant, expression_of(found.cleared(), columns)


def _tree_text(expression: Expression, order: Sequence[int]) -> str:
    match expression:
        case Constant(value):
            return str(value)
        case Column(number):
            return f"c{order[number]}"
        case Add(inside):
            return f"(+ {' '.join(sorted(_tree_text(part, order) for part in inside))})"
        case Multiply(inside):
            return f"(* {' '.join(sorted(_tree_text(part, order) for part in inside))})"
    head = getattr(expression, "function", type(expression).__name__)
    return f"({head} {' '.join(_tree_text(part, order) for part in parts(expression))})"


# ---------------------------------------------------------------- order


def _smallest(plain: _Plain, colours: _Colours) -> str:
    """The least text of the model over the orders that its colours allow."""
    alike: dict[int, list[int]] = {}
    for column, colour in enumerate(colours):
        alike.setdefault(colour, []).append(column)
    several = [colour for colour, columns in alike.items() if len(columns) > 1]
    if not several:
        plain.tries += 1
        return _text(plain, colours)
    best: str | None = None
    for column in alike[min(several)]:
        if best is not None and plain.tries >= _MAX_TRIES:
            break
        # Double all colours, so that there is one free just before this column's.
        chosen = [2 * colour for colour in colours]
        chosen[column] -= 1
        text = _smallest(plain, _refined(plain, _numbered_in_order(chosen)))
        best = text if best is None else min(best, text)
    assert best is not None
    return best


def _numbered_in_order(colours: _Colours) -> _Colours:
    order = {colour: number for number, colour in enumerate(sorted(set(colours)))}
    return [order[colour] for colour in colours]


def _text(plain: _Plain, order: Sequence[int]) -> str:
    """The whole model, columns called by their places in an order."""
    instance = plain.instance
    columns = sorted(
        (place, f"{plain.lower[column]} {plain.upper[column]} {bool(instance.integer[column])} "
                f"{exact(instance.cost[column])}")
        for column, place in enumerate(order)
    )  # fmt: skip
    return "\n".join(
        [
            f"{instance.sense} {exact(instance.offset)}",
            *(text for _, text in columns),
            *sorted(_face(row, order)[0] for row in plain.rows),
            *sorted(
                f"{text} {_tree_text(expression, order)}" for text, expression in plain.nonlinear
            ),
        ]
    )
