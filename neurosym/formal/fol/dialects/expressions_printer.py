"""Writing terms and comparisons as Python does: what constraint problems and puzzles share."""

from __future__ import annotations

from fractions import Fraction

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.syntax import (
    Apply,
    Arithmetic,
    Count,
    Equals,
    Formula,
    Less,
    LessEqual,
    Not,
    Number,
    Term,
    Variable,
)

__all__ = ["RESERVED", "Printer"]

RESERVED = frozenset({"and", "or", "not", "in", "True", "False", "abs", "Abs"})
_TIGHTNESS = {"+": 1, "-": 1, "*": 2}


class Printer:
    """Writes terms and comparisons; what the dialects write differently is for subclasses.

    Attributes:
        reserved: Names that mean something of their own, and are quoted.
    """

    reserved: frozenset[str] = RESERVED

    def name(self, name: str) -> str:
        """A name, quoted where it has to be.

        Raises:
            InexpressibleError: It holds quotes or line breaks.
        """
        if name.isidentifier() and name not in self.reserved:
            return name
        if '"' in name or "\n" in name or not name:
            raise InexpressibleError(
                f"a name cannot be {name!r} in this dialect",
                hint="Leave quotes and line breaks out.",
            )
        return f'"{name}"'

    def comparison(self, formula: Formula) -> str | None:
        """A comparison, ``None`` for anything else."""
        match formula:
            case Equals(left=a, right=b):
                sign = "=="
            case Not(body=Equals(left=a, right=b)):
                sign = "!="
            case Less(left=a, right=b):
                sign = "<"
            case LessEqual(left=a, right=b):
                sign = "<="
            case _:
                return None
        return f"{self.term(a)} {sign} {self.term(b)}"

    def term(self, term: Term) -> str:
        """A term."""
        match term:
            case Variable(name=name):
                return self.name(name)
            case Apply(function=name, args=()):
                return self.name(name)
            case Apply(function=name, args=args):
                return f"{self.name(name)}({', '.join(map(self.term, args))})"
            case Number(value=value):
                return _decimal(value)
            case Arithmetic(operator=operator, left=left, right=right):
                level = _TIGHTNESS[operator]
                return f"{self._operand(left, level)} {operator} {self._operand(right, level + 1)}"
            case Count():
                return self.count(term)

    def count(self, term: Count) -> str:
        """A count.

        Raises:
            InexpressibleError: The dialect has none.
        """
        raise InexpressibleError("this dialect has no counts", hint="Use the puzzle dialect.")

    def _operand(self, term: Term, level: int) -> str:
        text = self.term(term)
        if isinstance(term, Arithmetic) and _TIGHTNESS[term.operator] < level:
            return f"({text})"
        return text


def _decimal(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        if places > 30:
            raise InexpressibleError(
                f"{value} has no end as a decimal number", hint="Multiply it out."
            )
    digits = str(abs(value * 10**places).numerator).rjust(places + 1, "0")
    return ("-" if value < 0 else "") + f"{digits[:-places]}.{digits[-places:]}"
