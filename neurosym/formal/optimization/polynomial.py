"""Polynomials of the second degree, multiplied out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from neurosym.formal.optimization.expansion import expand
from neurosym.formal.optimization.expression import (
    ZERO,
    Constant,
    Expression,
    Multiply,
    Power,
    add,
    multiply,
)

__all__ = ["Curvature", "NotQuadraticError", "Polynomial", "expression_of", "polynomial_of"]


class NotQuadraticError(Exception):
    """An expression is no polynomial of the second degree, which is for the caller to deal with."""


_TWO = Constant(Fraction(2))

Curvature: TypeAlias = dict[int, dict[int, Fraction]]
"""The rows of a symmetric matrix, by columns of a model."""


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

    def curvature(self) -> Curvature:
        """How the slope along each column changes with each: a symmetric matrix, by its rows."""
        rows: Curvature = {}
        for (first, second), value in self.products.items():
            for one, other in ((first, second), (second, first)):
                row = rows.setdefault(one, {})
                row[other] = row.get(other, Fraction(0)) + value
        return rows

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
    """An expression of columns, multiplied out, in the order of the columns.

    Raises:
        NotQuadraticError: It is no polynomial of the second degree.
    """
    found = Polynomial()
    for product, value in expand(expression).items():
        match [factor for factor, power in product for _ in range(min(power, 3))]:
            case []:
                found.constant = value
            case [int(column)]:
                found.linear[column] = value
            case [int(first), int(second)]:
                found.add_product(first, second, value)
            case _:
                raise NotQuadraticError
    return found.cleared()
