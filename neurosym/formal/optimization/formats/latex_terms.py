"""Expressions and names of models as LaTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction

from neurosym.formal.optimization.expression import (
    Add,
    Binding,
    Call,
    Column,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Function,
    Index,
    Multiply,
    Piecewise,
    Power,
    Reference,
    Sum,
)
from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.optimization.language.printer import print_number
from neurosym.formal.optimization.model import AnyOf, Claim, Count, Implies, Relation
from neurosym.formal.optimization.notation import ATOM, POWER, PRODUCT, SUM, Notation

__all__ = [
    "LatexTerms",
    "latex_binding",
    "latex_condition",
    "latex_label",
    "latex_name",
    "latex_number",
    "latex_words",
    "subscript",
]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\{",
    "}": r"\}",
    "_": r"\_",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
}
_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega"
)
_GREEK = frozenset(_LETTERS.split())
# Capitals that look like Latin ones have no command.
_GREEK_CAPITALS = frozenset(
    {"gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega"}
)
_SIGNS = {
    Comparison.AT_MOST: r"\le",
    Comparison.AT_LEAST: r"\ge",
    Comparison.DIFFERENT: r"\ne",
}
_COUNTS = {
    Comparison.AT_MOST: "at most",
    Comparison.AT_LEAST: "at least",
    Comparison.EQUAL: "exactly",
}
_BRACKETS = {
    Function.SQRT: (r"\sqrt{", "}"),
    Function.ABS: (r"\left|", r"\right|"),
    Function.MIN: (r"\min\left\{", r"\right\}"),
    Function.MAX: (r"\max\left\{", r"\right\}"),
}


def latex_words(text: str) -> str:
    """Words in text mode, escaped, on one line."""
    return "".join(_SPECIAL.get(c, c) for c in one_line(text))


def latex_name(name: str) -> str:
    """A name in math mode: one letter in italics, Greek or not, and longer ones upright."""
    if re.fullmatch(r"[A-Za-z]", name):
        return name
    greek = _greek(name)
    if greek:
        return greek
    if re.fullmatch(r"[A-Za-z0-9_ ]+", name):
        return rf"\mathrm{{{name.replace('_', chr(92) + '_').replace(' ', chr(92) + ' ')}}}"
    return rf"\text{{{latex_words(name)}}}"


def _greek(name: str) -> str:
    words = unicodedata.name(name, "").split() if len(name) == 1 else []
    if len(words) != 4 or words[0] != "GREEK" or words[2] != "LETTER":
        return ""
    letter = words[3].lower().replace("lamda", "lambda")
    if words[1] == "SMALL" and letter in _GREEK:
        return rf"\{letter}"
    return rf"\{letter.capitalize()}" if letter in _GREEK_CAPITALS else ""


def latex_number(value: Fraction) -> str:
    """A number in math mode; one without end as a fraction."""
    text = print_number(value)
    if "/" not in text:
        return text
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def subscript(base: str, indices: Iterable[str]) -> str:
    """A name with its indices."""
    inside = ",".join(indices)
    return f"{base}_{{{inside}}}" if inside else base


def latex_label(name: str) -> str:
    """The name of an element."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", name):
        return name
    return rf"\text{{{latex_words(name)}}}"


def _index(index: Index) -> str:
    return latex_label(index.name) if isinstance(index, Element) else latex_name(index.name)


def latex_binding(binding: Binding) -> str:
    r"""A binding: ``p \in P``."""
    names = list(map(latex_name, binding.names))
    shown = names[0] if len(names) == 1 else f"({', '.join(names)})"
    return rf"{shown} \in {latex_name(binding.over)}"


def latex_condition(condition: Condition) -> str:
    r"""A condition: ``p \ne q``."""
    sign = _SIGNS.get(condition.comparison, condition.comparison.value)
    return f"{_index(condition.left)} {sign} {_index(condition.right)}"


def _is_negative(factor: Expression) -> bool:
    return isinstance(factor, Constant) and factor.value < 0


class LatexTerms(Notation):
    """Writes expressions and claims.

    Args:
        function: What to call functions that are linear piece by piece, in math mode.

    Attributes:
        pieces: The points of those that were written so far, in the order of their numbers.
    """

    def __init__(self, function: str) -> None:
        self._function = function
        self.pieces: list[tuple[tuple[Fraction, Fraction], ...]] = []

    def piecewise_name(self, number: int) -> str:
        """The name of a function that is linear piece by piece, from 0."""
        return f"{self._function}_{{{number + 1}}}"

    # ------------------------------------------------------------ claims

    def claim(self, claim: Claim) -> str:
        """What a constraint says."""
        match claim:
            case Relation():
                return " ".join(self.relation(claim))
            case Implies(condition, consequence):
                return rf"{self.claim(condition)} \;\Rightarrow\; {self.claim(consequence)}"
            case AnyOf(inside):
                return r" \;\lor\; ".join(map(self.claim, inside))
            case Count(comparison, number, inside):
                shown = r",\; ".join(map(self.claim, inside))
                return rf"\text{{{_COUNTS[comparison]} {number} of }} \left\{{ {shown} \right\}}"

    def relation(self, relation: Relation) -> list[str]:
        """The parts of a comparison: terms, the sign with the right side last."""
        sign = _SIGNS.get(relation.comparison, relation.comparison.value)
        return [*self.terms(relation.left), f"{sign} {self.text(relation.right)}"]

    # ------------------------------------------------------------ expressions

    brackets = (r"\left(", r"\right)")

    def printed(self, expression: Expression) -> tuple[str, int]:
        """An expression in math mode, and how strongly its text binds."""
        match expression:
            case Constant(value):
                strength = SUM if value < 0 else ATOM if value.denominator == 1 else POWER
                return latex_number(value), strength
            case Reference(name, indices):
                return subscript(latex_name(name), map(_index, indices)), ATOM
            case Column(number):
                return rf"\mathrm{{column}}_{{{number}}}", ATOM
            case Add() | Multiply() | Divide() | Power():
                return self.operation(expression)
            case Call(function, arguments):
                return self._call(function, arguments)
            case Sum(bindings, term, conditions):
                return self._total(bindings, term, conditions), PRODUCT
            case Piecewise(argument, points):
                if points not in self.pieces:
                    self.pieces.append(points)
                name = self.piecewise_name(self.pieces.index(points))
                return rf"{name}\left({self.text(argument)}\right)", ATOM

    def operation(self, expression: Add | Multiply | Divide | Power) -> tuple[str, int]:
        """A sum, product, quotient or power as it is set, and how strongly its text binds."""
        match expression:
            case Multiply(factors) if not _is_negative(factors[0]):
                return self._product(factors), PRODUCT
            case Divide(numerator, denominator):
                return rf"\frac{{{self.text(numerator)}}}{{{self.text(denominator)}}}", POWER
            case Power(base, exponent):
                return f"{{{self.bracketed(base, ATOM)}}}^{{{self.text(exponent)}}}", POWER
        return super().operation(expression)

    def _product(self, factors: Sequence[Expression]) -> str:
        first, *others = factors
        text = self.bracketed(first, POWER)
        for factor in others:
            shown = self.bracketed(factor, POWER)
            # Two numbers side by side would be read as one, and so would a number and a fraction.
            joined = r" \cdot " if shown[0].isdigit() or shown.startswith(r"\frac") else r" \, "
            text += joined + shown
        return text

    def _call(self, function: Function, arguments: Sequence[Expression]) -> tuple[str, int]:
        inside = ", ".join(map(self.text, arguments))
        before, after = _BRACKETS.get(function, (rf"\{function}\left(", r"\right)"))
        return f"{before}{inside}{after}", ATOM if function is Function.ABS else POWER

    def _total(
        self, bindings: Sequence[Binding], term: Expression, conditions: Sequence[Condition]
    ) -> str:
        over = ",\\, ".join(map(latex_binding, bindings))
        if conditions:
            over += rf" \,:\, {', '.join(map(latex_condition, conditions))}"
        return rf"\sum_{{{over}}} {self.bracketed(term, PRODUCT)}"
