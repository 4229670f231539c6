"""Formulas from the trees of the infix grammars."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.base import load_grammar
from neurosym.formal.fol.dialects.notation import Notation
from neurosym.formal.fol.syntax import (
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
from neurosym.formal.grammar import first_token, parse_tree

__all__ = ["NOTHING_KNOWN", "Known", "read_formula"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is declared, and so is no variable where nothing binds it, however it is spelled.

    Attributes:
        constants: Constants and members of lists.
        propositions: Predicates without arguments.
    """

    constants: frozenset[str] = frozenset()
    propositions: frozenset[str] = frozenset()


NOTHING_KNOWN = Known()


@lru_cache(maxsize=1 << 14)
def read_formula(
    notation: Notation, text: str, may_be_open: bool = False, known: Known = NOTHING_KNOWN
) -> Formula:
    """Read one formula.

    Args:
        notation: Of its dialect.
        text: The formula.
        may_be_open: Whether it may have free variables.
        known: What is declared.

    Raises:
        FormulaError: The text does not follow the grammar, or is nested too deeply.
    """
    # Kept, since the samples of one problem say the same thing many times.
    tree = parse_tree(load_grammar(*notation.grammars), text, notation.words)
    return _Reader(notation, text, may_be_open, known).formula(tree.children[0], {})


class _Reader:
    """Tells formulas from terms, and variables from constants, in a tree of expressions."""

    def __init__(self, notation: Notation, text: str, may_be_open: bool, known: Known) -> None:
        self.notation = notation
        self.read_name = notation.spelling.read_name
        self.text = text
        self.may_be_open = may_be_open
        self.known = known

    def wrong(self, node: Any, problem: str) -> FormulaError:
        token = first_token(node)
        return FormulaError(problem, text=self.text, line=token.line, column=token.column)

    def formula(self, node: Any, scope: Mapping[str, Variable]) -> Formula:
        kind = getattr(node, "data", None)
        if kind is None:
            return self._bare_formula(node, scope)
        inside = node.children
        if kind in _CONNECTIVES:
            parts = tuple(self.formula(child, scope) for child in inside)
            return _CONNECTIVES[kind](parts)
        if kind in ("for_all", "exists"):
            return self._quantified(ForAll if kind == "for_all" else Exists, inside, scope)
        if kind == "application":
            return Atom(self._symbol(inside[0], scope), self._terms(inside[1:], scope))
        if kind == "comparison":
            left, sign, right = inside
            return self._comparison(str(sign), self.term(left, scope), self.term(right, scope))
        if kind == "distinct":
            if len(inside) < 2:
                raise self.wrong(node, "one thing alone cannot be different")
            return Distinct(self._terms(inside, scope))
        raise self.wrong(node, "a number stands where a formula belongs")

    def _bare_formula(self, token: Any, scope: Mapping[str, Variable]) -> Formula:
        if token.type in ("TRUE", "FALSE"):
            return Truth(token.type == "TRUE")
        if token.type == "NUMBER":
            raise self.wrong(token, "a number stands where a formula belongs")
        is_known = self.read_name(str(token)) in self.known.propositions
        if _VARIABLE.fullmatch(str(token)) and str(token) not in scope and not is_known:
            # As in ∀xP(x), which binds xP.
            raise self.wrong(token, f"the variable {token} stands where a formula belongs")
        return Atom(self._symbol(token, scope))

    def _symbol(self, token: Any, scope: Mapping[str, Variable]) -> str:
        if str(token) in scope:
            raise self.wrong(
                token, f"the variable {token} stands where a predicate or function belongs"
            )
        return self.read_name(str(token))

    def _quantified(
        self, make: type[ForAll | Exists], inside: list[Any], scope: Mapping[str, Variable]
    ) -> Formula:
        *binders, body = inside
        bound = self._bound(binders)
        formula = self.formula(body, {**scope, **bound})
        for binder in reversed(binders):
            formula = make(bound[str(binder.children[0])], formula)
        return formula

    def _bound(self, binders: list[Any]) -> dict[str, Variable]:
        """Variables by how they are spelled, since a constant in quotes may have the same name."""
        found = {}
        for binder in binders:
            spelled = str(binder.children[0])
            names = [self.read_name(str(token)) for token in binder.children]
            if spelled in found:
                raise self.wrong(binder, f"the variable {spelled} is bound twice at once")
            found[spelled] = Variable(*names)
        return found

    def _comparison(self, sign: str, left: Term, right: Term) -> Formula:
        spelling = self.notation.spelling
        if sign == spelling.equals:
            return Equals(left, right)
        if sign in _UNEQUAL:
            return Not(Equals(left, right))
        if sign in _LESS_EQUAL:
            return LessEqual(left, right)
        if sign in _GREATER_EQUAL:
            return LessEqual(right, left)
        return Less(left, right) if sign == "<" else Less(right, left)

    def _terms(self, nodes: list[Any], scope: Mapping[str, Variable]) -> tuple[Term, ...]:
        return tuple(self.term(node, scope) for node in nodes)

    def term(self, node: Any, scope: Mapping[str, Variable]) -> Term:
        kind = getattr(node, "data", None)
        if kind is None:
            return self._bare_term(node, scope)
        inside = node.children
        if kind == "application":
            return Apply(self._symbol(inside[0], scope), self._terms(inside[1:], scope))
        if kind in ("sum", "product"):
            left, sign, right = inside
            return Arithmetic(
                _OPERATORS[sign.type], self.term(left, scope), self.term(right, scope)
            )
        if kind == "negative":
            term = self.term(inside[1], scope)
            if isinstance(term, Number):
                return Number(-term.value)
            return Arithmetic("-", Number(Fraction(0)), term)
        if kind == "count":
            bound = self._bound(inside[:-1])
            return Count(tuple(bound.values()), self.formula(inside[-1], {**scope, **bound}))
        raise self.wrong(node, "a formula stands where a thing or number belongs")

    def _bare_term(self, token: Any, scope: Mapping[str, Variable]) -> Term:
        if token.type == "NUMBER":
            return Number(_number(str(token)))
        if token.type != "NAME":
            raise self.wrong(token, "a formula stands where a thing or number belongs")
        if (variable := scope.get(str(token))) is not None:
            return variable
        name = self.read_name(str(token))
        if self.notation.free.fullmatch(str(token)) and name not in self.known.constants:
            if not self.may_be_open:
                raise self.wrong(token, f"the variable {name} is not bound by a quantifier")
            return Variable(name)
        return Apply(name)


_CONNECTIVES: Mapping[str, Callable[[tuple[Formula, ...]], Formula]] = {
    "iff": lambda parts: Iff(*parts),
    "implies": lambda parts: Implies(*parts),
    "xor": lambda parts: Xor(*parts),
    "or_": Or,
    "and_": And,
    "not_": lambda parts: Not(*parts),
}
_OPERATORS: Mapping[str, Literal["+", "-", "*"]] = {"PLUS": "+", "MINUS": "-", "TIMES": "*"}
_VARIABLE = re.compile(r"[u-z]\d?")
"""What no dialect takes for a proposition."""
_UNEQUAL = ("≠", "!=", "\\neq", "\\ne")
_LESS_EQUAL = ("≤", "\\leq", "\\le")
_GREATER_EQUAL = ("≥", "\\geq", "\\ge")


def _number(text: str) -> Fraction:
    digits = re.findall(r"\d+", text)
    return Fraction(*map(int, digits)) if "frac" in text else Fraction(text)
