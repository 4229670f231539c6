"""Formulas written in the infix dialects, by precedence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.notation import Notation
from neurosym.formal.fol.syntax import (
    ENTITY,
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)

__all__ = ["print_formula"]

# How tightly each form binds; the weaker has to stand in brackets within the stronger.
_IFF, _IMPLIES, _XOR, _OR, _AND, _PREFIX, _COMPARISON, _SUM, _PRODUCT, _FACTOR = range(10)


def print_formula(notation: Notation, formula: Formula) -> str:
    """Write one formula with no more brackets than it takes to be read alike, and easily.

    Raises:
        InexpressibleError: The dialect has no way to say it.
    """
    return _Printer(notation).formula(formula, _IFF)


class _Printer:
    def __init__(self, notation: Notation) -> None:
        self.spelling = notation.spelling
        self.notation = notation
        self.bound: list[Variable] = []

    def formula(self, node: Formula, least: int) -> str:
        text, level = self._formula(node)
        return text if level >= least else f"({text})"

    def _formula(self, node: Formula) -> tuple[str, int]:
        s = self.spelling
        match node:
            case Atom(predicate=name, args=args):
                return self._applied(name, args), _FACTOR
            case ForAll() | Exists():
                return self._quantified(node), _PREFIX
            case Not(body=Equals(left=left, right=right)):
                return self._compared(left, s.unequal, right)
            case Not(body=body):
                return s.not_ + self.formula(body, _PREFIX), _PREFIX
            case And(parts=parts):
                return s.and_.join(self.formula(part, _PREFIX) for part in parts), _AND
            case Or(parts=parts):
                return s.or_.join(self.formula(part, _AND) for part in parts), _OR
            case Xor(left=left, right=right) if not s.xor:
                return self._formula(Not(Iff(left, right)))
            case Xor(left=left, right=right):
                return self.formula(left, _XOR) + s.xor + self.formula(right, _OR), _XOR
            case Implies(left=left, right=right):
                around = (_IMPLIES, _OR) if self.notation.implies_to_left else (_XOR, _IMPLIES)
                text = self.formula(left, around[0]) + s.implies + self.formula(right, around[1])
                return text, _IMPLIES
            case Iff(left=left, right=right):
                return self.formula(left, _IFF) + s.iff + self.formula(right, _IMPLIES), _IFF
            case _:
                return self._relation(node)

    def _relation(self, node: Formula) -> tuple[str, int]:
        s = self.spelling
        match node:
            case Equals(left=left, right=right):
                return self._compared(left, s.equals, right)
            case Less(left=left, right=right) if s.less:
                return self._compared(left, s.less, right)
            case LessEqual(left=left, right=right) if s.less_equal:
                return self._compared(left, s.less_equal, right)
            case Distinct(terms=terms) if not s.distinct:
                return self._formula(_pairwise(terms))
            case Distinct(terms=terms):
                return f"{s.distinct}({', '.join(self.term(t, _SUM) for t in terms)})", _FACTOR
            case Truth(value=value) if s.true:
                return s.true if value else s.false, _FACTOR
        raise self._cannot_say(node)

    def _cannot_say(self, node: Formula | Term) -> InexpressibleError:
        what = type(node).__name__.lower()
        return InexpressibleError(
            f"the dialect {self.notation.name!r} cannot say {what}",
            hint="Print it in fol, smtlib or latex, which can.",
        )

    def _compared(self, left: Term, sign: str, right: Term) -> tuple[str, int]:
        return f"{self.term(left, _SUM)} {sign} {self.term(right, _SUM)}", _COMPARISON

    def _quantified(self, node: ForAll | Exists) -> str:
        sign = self.spelling.for_all if isinstance(node, ForAll) else self.spelling.exists
        with self._binding((node.variable,)):
            # A comparison stands in brackets, or one would have to know that it binds more tightly.
            is_prefixed = isinstance(node.body, ForAll | Exists | Not)
            body = self.formula(node.body, _PREFIX if is_prefixed else _FACTOR)
        return self.spelling.quantifier.format(
            sign=sign, variable=self._binder(node.variable), body=body
        )

    @contextmanager
    def _binding(self, variables: tuple[Variable, ...]) -> Iterator[None]:
        self.bound.extend(variables)
        yield
        del self.bound[-len(variables) :]

    def _binder(self, variable: Variable) -> str:
        name = self.spelling.name(variable.name)
        if variable.sort == ENTITY:
            return name
        if not self.spelling.sorted_variable:
            raise InexpressibleError(
                f"the dialect {self.notation.name!r} has no sorts such as {variable.sort!r}",
                hint="Print it in unicode, SMT-LIB or LaTeX, which have.",
            )
        return self.spelling.sorted_variable.format(
            name=name, sort=self.spelling.name(variable.sort)
        )

    def _applied(self, name: str, args: tuple[Term, ...]) -> str:
        spelled = self._constant(name)
        return f"{spelled}({', '.join(self.term(arg, _SUM) for arg in args)})" if args else spelled

    def _constant(self, name: str) -> str:
        spelled = self.spelling.name(name)
        is_bound = any(variable.name == name for variable in self.bound)
        if not is_bound and not self.notation.free.fullmatch(spelled):
            return spelled
        quoted = self.spelling.quoted_name(name)
        if is_bound and quoted == spelled:
            raise InexpressibleError(
                f"{name!r} is a variable and a constant at one place, and spelled alike",
                hint="Rename one of them.",
            )
        return quoted

    def _variable(self, variable: Variable) -> str:
        inner = next((item for item in reversed(self.bound) if item.name == variable.name), None)
        if inner is not None and inner != variable:
            raise InexpressibleError(
                f"two variables {variable.name!r} of different sorts are in scope at one place",
                hint="Rename one of them.",
            )
        return self.spelling.name(variable.name)

    def term(self, node: Term, least: int) -> str:
        text, level = self._term(node)
        return text if level >= least else f"({text})"

    def _term(self, node: Term) -> tuple[str, int]:
        s = self.spelling
        match node:
            case Variable():
                return self._variable(node), _FACTOR
            case Apply(function=name, args=args):
                return self._applied(name, args), _FACTOR
            case Number(value=value) if s.fraction:
                whole = value.denominator == 1
                n, d = abs(value.numerator), value.denominator
                text = str(n) if whole else s.fraction.format(n=n, d=d)
                return ("-" if value < 0 else "") + text, _FACTOR
            case Arithmetic(operator="*", left=left, right=right) if s.times:
                return (
                    f"{self.term(left, _PRODUCT)} {s.times} {self.term(right, _FACTOR)}",
                    _PRODUCT,
                )
            case Arithmetic(operator=sign, left=left, right=right) if s.plus:
                spelled = s.plus if sign == "+" else s.minus
                return f"{self.term(left, _SUM)} {spelled} {self.term(right, _PRODUCT)}", _SUM
            case Count(variables=variables, body=body) if s.count:
                binders = ", ".join(map(self._binder, variables))
                with self._binding(variables):
                    return s.count.format(variables=binders, body=self.formula(body, _IFF)), _FACTOR
        raise self._cannot_say(node)


def _pairwise(terms: tuple[Term, ...]) -> Formula:
    parts = tuple(
        Not(Equals(first, second)) for i, first in enumerate(terms) for second in terms[i + 1 :]
    )
    return parts[0] if len(parts) == 1 else And(parts)
