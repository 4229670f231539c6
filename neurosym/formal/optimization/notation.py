"""What all ways of writing expressions share: where brackets and signs go."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from neurosym.formal.optimization.expression import (
    Add,
    Constant,
    Divide,
    Expression,
    Multiply,
    Power,
    Sum,
    negate,
)

__all__ = ["ATOM", "FEW_TERMS", "MANY_TERMS", "POWER", "PRODUCT", "SUM", "Notation"]

SUM, PRODUCT, POWER, ATOM = range(4)
"""How strongly a text binds, from the weakest."""
MANY_TERMS = 60
"""Most terms of a sum that are shown to somebody who looks at it."""
FEW_TERMS = 8
"""The same where the sum is one of many, as in a row of a table."""


class Notation(ABC):
    """A way of writing expressions, given how each kind of them is written."""

    brackets: ClassVar[tuple[str, str]] = ("(", ")")
    times: ClassVar[str] = " * "
    raised: ClassVar[str] = " ^ "
    most_terms: ClassVar[int | None] = None
    """Most terms of a sum that are written; those that are left out are counted."""

    @abstractmethod
    def printed(self, expression: Expression) -> tuple[str, int]:
        """An expression, and how strongly its text binds."""

    def text(self, expression: Expression) -> str:
        """An expression."""
        return self.bracketed(expression, SUM)

    def bracketed(self, expression: Expression, least: int) -> str:
        """An expression that binds at least so strongly, in brackets if it would not."""
        return self._enclosed(*self.printed(expression), least)

    def _enclosed(self, text: str, strength: int, least: int) -> str:
        before, after = self.brackets
        return text if strength >= least else f"{before}{text}{after}"

    def terms(self, expression: Expression) -> list[str]:
        """The terms of a sum, each but the first with its sign before it."""
        if not isinstance(expression, Add):
            return [self.text(expression)]
        first, *others = expression.terms[: self.most_terms]
        shown = [self.first_term(first), *map(self._further, others)]
        more = len(expression.terms) - len(shown)
        return [*shown, f"+ … ({more:,} more)"] if more else shown

    def first_term(self, term: Expression) -> str:
        """The first term of a sum of several."""
        return self.text(term)

    def _further(self, term: Expression) -> str:
        shown, strength = self.printed(term)
        if shown.startswith("-") and not isinstance(term, Add):
            return f"- {shown[1:]}"
        return f"+ {self._enclosed(shown, strength, PRODUCT)}"

    def operation(self, expression: Add | Multiply | Divide | Power) -> tuple[str, int]:
        """A sum, product, quotient or power on one line, and how strongly its text binds."""
        match expression:
            case Add():
                return " ".join(self.terms(expression)), SUM
            case Multiply((Constant(value), *_)) if value < 0:
                return f"-{self.bracketed(negate(expression), PRODUCT)}", SUM
            case Multiply(factors):
                return self.times.join(self.bracketed(part, POWER) for part in factors), PRODUCT
            case Divide(numerator, denominator):
                # A sum over sets would take the quotient for its term.
                above = self.bracketed(numerator, POWER if isinstance(numerator, Sum) else PRODUCT)
                return f"{above} / {self.bracketed(denominator, POWER)}", PRODUCT
            case Power(base, exponent):
                lower, upper = (self.bracketed(part, ATOM) for part in (base, exponent))
                return f"{lower}{self.raised}{upper}", POWER
