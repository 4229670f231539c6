"""Polynomials of the second degree, multiplied out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from neurosym.formal.optimization.expression import (
    ZERO,
    Add,
    Column,
    Constant,
    Divide,
    Expression,
    Multiply,
    Power,
    add,
    multiply,
)

__all__ = ["NotQuadraticError", "Polynomial", "expression_of", "polynomial_of"]


class NotQuadraticError(Exception):
    """An expression is no polynomial of the second degree, which is for the caller to deal with."""


_TWO = Constant(Fraction(2))


@dataclass(slots=True)
class Polynomial:
    """A constant, terms of a column, and terms of two.

    Attributes:
        constant: What is added.
        linear: Coefficients by column.
        products: Coefficients by two columns, the lesser first; of a square both are one.
    """

    constant: Fraction = Fraction(0)
    linear: dict[int, Fraction] = field(default_factory=dict)
    products: dict[tuple[int, int], Fraction] = field(default_factory=dict)

    def add_product(self, first: int, second: int, value: Fraction) -> None:
        """Add ``value * first * second``."""
        key = (first, second) if first <= second else (second, first)
        self.products[key] = self.products.get(key, Fraction(0)) + value

    def add_scaled(self, other: Polynomial, factor: Fraction) -> None:
        """Add ``factor * other``."""
        self.constant += factor * other.constant
        for column, value in other.linear.items():
            self.linear[column] = self.linear.get(column, Fraction(0)) + factor * value
        for (first, second), value in other.products.items():
            self.add_product(first, second, factor * value)

    def cleared(self) -> Polynomial:
        """The same without coefficients of zero, in the order of the columns."""
        return Polynomial(
            self.constant,
            {column: value for column, value in sorted(self.linear.items()) if value},
            {pair: value for pair, value in sorted(self.products.items()) if value},
        )


def expression_of(polynomial: Polynomial, references: Sequence[Expression]) -> Expression:
    """A polynomial without its constant as an expression of what stands for its columns."""
    terms: list[Expression] = [
        references[column] if value == 1 else Multiply((Constant(value), references[column]))
        for column, value in polynomial.linear.items()
        if value
    ]
    for (first, second), value in polynomial.products.items():
        if value and first == second:
            terms.append(multiply(Constant(value), Power(references[first], _TWO)))
        elif value:
            terms.append(multiply(Constant(value), references[first], references[second]))
    return add(*terms) if terms else ZERO


def polynomial_of(expression: Expression) -> Polynomial:
    """An expression of columns, multiplied out.

    Raises:
        NotQuadraticError: It is no polynomial of the second degree.
    """
    match expression:
        case Constant(value):
            return Polynomial(value)
        case Column(number):
            return Polynomial(linear={number: Fraction(1)})
        case Add(terms):
            total = Polynomial()
            for term in terms:
                total.add_scaled(polynomial_of(term), Fraction(1))
            return total
        case Multiply(factors):
            return reduce(_product, map(polynomial_of, factors))
        case Divide() | Power():
            return _by_number(expression)
    raise NotQuadraticError


def _by_number(expression: Divide | Power) -> Polynomial:
    match expression:
        case Divide(numerator, Constant(value)) if value:
            total = Polynomial()
            total.add_scaled(polynomial_of(numerator), 1 / value)
            return total
        case Power(base, Constant(value)) if value == 2:
            found = polynomial_of(base)
            return _product(found, found)
        case Power(base, Constant(value)) if value == 1:
            return polynomial_of(base)
    raise NotQuadraticError


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    left, right = left.cleared(), right.cleared()
    if left.products and (right.linear or right.products):
        raise NotQuadraticError
    if right.products and left.linear:
        raise NotQuadraticError
    total = Polynomial()
    total.add_scaled(right, left.constant)
    # The constants' product is in it by now.
    total.add_scaled(Polynomial(Fraction(0), left.linear, left.products), right.constant)
    for first, value in left.linear.items():
        for second, other in right.linear.items():
            total.add_product(first, second, value * other)
    return total
