"""Expressions multiplied out: sums of products of columns and of what is no polynomial.

Expressions that come to the same terms have the same values, and have them at the same points;
what is not always so, such as cancelling against a divisor, is not done.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from neurosym.formal.optimization.expression import (
    Add,
    Call,
    Column,
    Constant,
    Divide,
    Expression,
    Function,
    Multiply,
    Power,
    walk,
)

__all__ = [
    "ONE",
    "Monomial",
    "Opaque",
    "Sum",
    "Terms",
    "content",
    "expand",
    "factors_of",
    "outweighed_logs",
]

_MAX_PRODUCTS = 20_000
"""Most products that one multiplication may give; beyond, its factors stay as they are."""
_MAX_BITS = 10_000
"""Most binary digits of a coefficient that a power gives."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is no polynomial of the sums inside it.

    Attributes:
        head: A function, ``^``, ``/`` for one divided by a sum, or ``+`` for a sum as a factor.
        inside: What it is taken of, in order; of the greatest of some, a set.
    """

    # Texts hash otherwise in each process, and the order of a set would follow that.
    head: str = field(hash=False)
    inside: tuple[Sum, ...] | frozenset[Sum]


Monomial: TypeAlias = frozenset[tuple[int | Opaque, int]]
"""A product: columns by their numbers, and opaque factors, each with a power of 1 or more."""
Terms: TypeAlias = Mapping[Monomial, Fraction]
"""A sum of products with their coefficients.

A coefficient of 0 stays beside opaque factors, for the product may have no value at some points.
"""
Sum: TypeAlias = frozenset[tuple[Monomial, Fraction]]
"""The same as a value that can be compared."""

ONE: Monomial = frozenset()
"""The product of nothing, which a constant is a multiple of."""


def expand(expression: Expression) -> Terms:
    """An expression of columns, multiplied out."""
    return _cleared(_terms(expression))


def factors_of(product: Multiply) -> Iterator[Expression]:
    """The factors of a product, and of products among them."""
    for factor in product.factors:
        if isinstance(factor, Multiply):
            yield from factors_of(factor)
        else:
            yield factor


def outweighed_logs(factors: Sequence[Expression]) -> Mapping[int, tuple[int, int, Fraction]]:
    """Logarithms among factors that come to nothing where what they are taken of is 0.

    They stand beside a power of that, and ``t * log(t)`` gets ever nearer to 0 with ``t``.

    Returns:
        For the place of each such log(t), the place of a factor ``c * t^k``, and ``k`` and ``c``.
    """
    found: dict[int, tuple[int, int, Fraction]] = {}
    nodes = (node for factor in factors for node in walk(factor))
    if not any(isinstance(node, Call) and node.function is Function.LOG for node in nodes):
        return found
    several = [expand(factor) for factor in factors]
    for place, terms in enumerate(several):
        match [[*product] for product in terms]:
            case [[(Opaque(head=Function.LOG, inside=(argument, *_)), 1)]]:
                for other, beside in enumerate(several):
                    if other != place and (power := _as_power(beside, dict(argument))) is not None:
                        found[place] = (other, *power)
                        break
    return found


def _as_power(terms: Terms, base: Terms) -> tuple[int, Fraction] | None:
    """``k`` and ``c`` so that terms are ``c * base^k``, if that is easily seen."""
    if terms.keys() == base.keys():
        product = next(iter(base))
        ratio = terms[product] / base[product] if base[product] else Fraction(0)
        return (1, ratio) if ratio and _scaled(base, ratio) == terms else None
    match [*terms], [*base]:
        case [[product], [other]] if len(product) == len(other) == 1:
            [(factor, power)], [(wanted, one)] = product, other
            if factor == wanted and one == 1 and base[other]:
                return power, terms[product] / base[other] ** power
    return None


def content(values: Iterable[Fraction]) -> Fraction:
    """The positive number that makes these whole, without a common factor, when it divides them."""
    found = list(values)
    above = math.gcd(*(value.numerator for value in found)) or 1
    return Fraction(above, math.lcm(*(value.denominator for value in found)))


def _cleared(terms: Terms) -> Terms:
    """The same without what is 0 everywhere; 0 itself is a multiple of 1."""
    kept = {
        product: value
        for product, value in terms.items()
        if value or any(isinstance(factor, Opaque) for factor, _ in product)
    }
    return kept or {ONE: Fraction(0)}


def _terms(expression: Expression) -> Terms:
    match expression:
        case Constant(value):
            return {ONE: value}
        case Column(number):
            return {frozenset([(number, 1)]): Fraction(1)}
        case Add(inside):
            return _added(map(_terms, inside))
        case Multiply():
            return _multiplied([_terms(factor) for factor in factors_of(expression)])
        case Divide(numerator, denominator):
            inverse = _inverse(_terms(denominator), 1)
            if [*inverse] == [ONE]:
                return _scaled(_terms(numerator), inverse[ONE])
            return _multiplied([_terms(numerator), inverse])
        case Power(base, Constant(value)) if value.denominator == 1:
            return _power(expression, _terms(base), int(value))
        case Power(base, exponent):
            return _opaque("^", _sum(base), _sum(exponent))
        case Call(function, arguments):
            return _call(function, arguments)
    raise AssertionError(f"not written out: {expression}")


def _sum(expression: Expression) -> Sum:
    return frozenset(expand(expression).items())


def _opaque(head: str, *inside: Sum) -> Terms:
    return _single(Opaque(head, inside))


def _single(factor: int | Opaque, power: int = 1, value: Fraction = Fraction(1)) -> Terms:
    return {frozenset([(factor, power)]): value}


def _added(several: Iterable[Terms]) -> Terms:
    total: dict[Monomial, Fraction] = {}
    for terms in several:
        for product, value in terms.items():
            total[product] = total[product] + value if product in total else value
    return total


def _scaled(terms: Terms, factor: Fraction) -> Terms:
    return {product: factor * value for product, value in terms.items()}


# ---------------------------------------------------------------- products


def _multiplied(several: list[Terms]) -> Terms:
    # Where t is 0, t * log(t) is 0 too; that depends on what stands beside it, which is to stay.
    if any(map(_has_log, several)) or math.prod(map(len, several)) > _MAX_PRODUCTS:
        several = [terms if _is_unit(terms) else _as_factor(terms, 1) for terms in several]
    return reduce(_product, several)


def _has_log(terms: Terms) -> bool:
    return any(
        isinstance(factor, Opaque) and factor.head == Function.LOG
        for product in terms
        for factor, _ in product
    )


def _is_unit(terms: Terms) -> bool:
    """Whether it is a number, or a multiple of one factor."""
    return len(terms) == 1 and all(sum(power for _, power in product) <= 1 for product in terms)


def _product(left: Terms, right: Terms) -> Terms:
    total: dict[Monomial, Fraction] = {}
    for one, value in left.items():
        for other, factor in right.items():
            product = _times(one, other)
            total[product] = total.get(product, 0) + value * factor
    return total


def _times(one: Monomial, other: Monomial) -> Monomial:
    if not one or not other:
        return one or other
    powers = dict(one)
    for factor, power in other:
        powers[factor] = powers.get(factor, 0) + power
    return frozenset(powers.items())


def _as_factor(terms: Terms, power: int, head: str = "+") -> Terms:
    """A sum, or one divided by it, to a power of 1 or more as a factor by itself."""
    kept = _cleared(terms)
    scale = content(kept.values())
    factor = Opaque(head, (frozenset(_scaled(kept, 1 / scale).items()),))
    return _single(factor, power, scale ** (power if head == "+" else -power))


def _power(whole: Power, base: Terms, power: int) -> Terms:
    sizes = (max(map(int.bit_length, value.as_integer_ratio())) for value in base.values())
    if max(sizes, default=1) * abs(power) > _MAX_BITS:
        return _opaque("^", _sum(whole.base), _sum(whole.exponent))
    if power < 0:
        return _inverse(base, -power)
    if power == 0:
        # 1 wherever the base has a value, which a polynomial has everywhere.
        return _opaque("^", _sum(whole.base), _sum(whole.exponent)) if _is_opaque(base) else {
            ONE: Fraction(1)
        }  # fmt: skip
    if len(base) == 1:
        [(product, value)] = base.items()
        return {frozenset((factor, k * power) for factor, k in product): value**power}
    if len(base) ** power > _MAX_PRODUCTS:
        return _as_factor(base, power)
    return reduce(_product, [base] * power)


def _is_opaque(terms: Terms) -> bool:
    return any(isinstance(factor, Opaque) for product in terms for factor, _ in product)


def _inverse(terms: Terms, power: int) -> Terms:
    """One divided by a sum to a power of 1 or more."""
    terms = _cleared(terms)
    if len(terms) != 1 or not all(terms.values()):
        return _as_factor(terms, power, "/")
    [(product, value)] = terms.items()
    # A product is 0 where one of its factors is, so that each may be divided by.
    inverses = (
        (Opaque("/", (frozenset(_single(factor).items()),)), k * power) for factor, k in product
    )
    return {frozenset(inverses): value**-power}


# ---------------------------------------------------------------- functions


def _call(function: Function, arguments: tuple[Expression, ...]) -> Terms:
    inside = [expand(argument) for argument in arguments]
    match function:
        case Function.ABS:
            return _greatest([*inside, _scaled(inside[0], Fraction(-1))])
        case Function.MAX:
            return _greatest(inside)
        case Function.MIN:
            return _scaled(_greatest([_scaled(one, Fraction(-1)) for one in inside]), Fraction(-1))
    return _opaque(function, *(frozenset(one.items()) for one in inside))


def _greatest(several: list[Terms]) -> Terms:
    scale = content(value for terms in several for value in terms.values())
    inside = frozenset(frozenset(_scaled(terms, 1 / scale).items()) for terms in several)
    if len(inside) == 1:
        return several[0]
    return _single(Opaque(Function.MAX, inside), value=scale)
