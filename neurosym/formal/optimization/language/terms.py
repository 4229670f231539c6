"""Reads what statements of the modelling language are made of: expressions, claims, bindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from neurosym.errors import FormulaError
from neurosym.formal import grammar
from neurosym.formal.optimization.expression import (
    Binding,
    Call,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Function,
    Index,
    IndexName,
    Piecewise,
    Power,
    Reference,
    Sum,
    add,
    multiply,
    negate,
)
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Count,
    Implies,
    IndexSet,
    Parameter,
    Relation,
    Variable,
)

__all__ = ["COMPARISONS", "TermReader", "parse", "text_of"]

COMPARISONS = {
    "<": Comparison.LESS,
    "<=": Comparison.AT_MOST,
    "≤": Comparison.AT_MOST,
    "=": Comparison.EQUAL,
    "==": Comparison.EQUAL,
    ">=": Comparison.AT_LEAST,
    "≥": Comparison.AT_LEAST,
    ">": Comparison.GREATER,
    "!=": Comparison.DIFFERENT,
    "≠": Comparison.DIFFERENT,
}
"""What each sign between two sides means."""

_COUNTS = {
    "at_most": Comparison.AT_MOST,
    "at_least": Comparison.AT_LEAST,
    "exactly": Comparison.EQUAL,
}
_WORDS = {
    "NAME": "a name",
    "QUOTED": "a name in quotes",
    "NUMBER": "a number",
    "COMPARISON": "<=, = or >=",
    "SIGN": "+ or -",
    "STAR": "*",
    "SLASH": "/",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "COLON": ":",
    "COMMA": ",",
    "EQUAL": "=",
    "STRING": 'words in "quotes"',
    "_SEPARATOR": "a new line",
    "IF": "if",
    "THEN": "then",
    "IN": "in",
}


_MAX_DIGITS = 300
"""Longest number, and greatest power of ten; solvers take none that is greater."""


@cache
def _parser(start: str) -> Any:
    return grammar.load_grammar(__package__, "model", start=start)


def parse(text: str, start: str = "start") -> Any:
    """The tree of a text, or of a part of a model that a rule of the grammar names.

    Raises:
        FormulaError: The text does not follow the grammar.
    """
    return grammar.parse_tree(_parser(start), text, _WORDS)


@dataclass(slots=True)
class TermReader:
    """Reads trees of terms, given what is declared.

    Attributes:
        text: The text, for errors.
        variables: By name.
        parameters: By name.
        sets: By name.
        bound: For each name that stands for an element here, the set it is of.
    """

    text: str
    variables: dict[str, Variable] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    sets: dict[str, IndexSet] = field(default_factory=dict)
    bound: Mapping[str, str] = field(default_factory=dict)

    def fault(self, tree: Any, problem: str, hint: str = "Mend the line at the caret.") -> Any:
        """The error that something at a place is wrong."""
        token = grammar.first_token(tree)
        return FormulaError(
            problem, text=self.text, hint=hint,
            line=getattr(token, "line", 1), column=getattr(token, "column", 1),
        )  # fmt: skip

    def known(self, tree: Any, among: Mapping[str, Any], what: str) -> str:
        """A name that must be among the declared ones."""
        name = text_of(tree)
        if name not in among:
            near = get_close_matches(name, [*among], n=1)
            meant = f"Did you mean {near[0]}? " if near else ""
            raise self.fault(
                tree, f"{name} is not declared as a {what}", f"{meant}Declare it before it is used."
            )
        return name

    # ------------------------------------------------------------ constraints

    def claims(self, tree: Any) -> Iterator[Claim]:
        """What a constraint says; a comparison of three sides says two things."""
        parts = tree.children
        match tree.data:
            case "relation":
                [chain] = parts
                sides = [self.expression(part) for part in chain.children[::2]]
                signs = [COMPARISONS[str(sign)] for sign in chain.children[1::2]]
                for left, sign, right in zip(sides[:-1], signs, sides[1:], strict=True):
                    yield Relation(left, sign, right)
            case "implies":
                yield Implies(*map(self._comparison, parts))
            case "any_of":
                yield AnyOf(tuple(map(self._comparison, parts)))
            case "count":
                sign, number, *inside = parts
                count = int(number) if len(number) < 9 and str(number).isdigit() else -1
                if not 0 <= count <= len(inside):
                    raise self.fault(tree, f"{number} of {len(inside)} is no count")
                yield Count(_COUNTS[str(sign)], count, tuple(map(self._comparison, inside)))

    def _comparison(self, tree: Any) -> Relation:
        left, sign, right = tree.children
        return Relation(self.expression(left), COMPARISONS[str(sign)], self.expression(right))

    def bindings(self, parts: list[Any]) -> tuple[tuple[Binding, ...], tuple[Condition, ...]]:
        """The bindings among the parts of a statement; their names stand for elements from here."""
        bindings: list[Binding] = []
        conditions: list[Condition] = []
        for part in parts:
            if getattr(part, "data", "") != "bindings":
                continue
            for item in part.children:
                if item.data == "binding":
                    *names, over = item.children
                    found = Binding(tuple(map(text_of, names)), self.known(over, self.sets, "set"))
                    width = self.sets[found.over].width
                    if width != len(names):
                        raise self.fault(item, f"elements of {found.over} have {width} parts")
                    doubles = {*found.names} & {n for other in bindings for n in other.names}
                    if doubles or len({*found.names}) < len(names):
                        raise self.fault(item, "two indices have the same name", "Rename one.")
                    bindings.append(found)
                    self.bound = {**self.bound, **dict.fromkeys(found.names, found.over)}
                else:
                    left, sign, right = item.children
                    conditions.append(
                        Condition(self._index(left), COMPARISONS[str(sign)], self._index(right))
                    )
        return tuple(bindings), tuple(conditions)

    def _index(self, tree: Any) -> Index:
        name = text_of(tree)
        return IndexName(name) if name in self.bound else Element(name)

    # ------------------------------------------------------------ expressions

    def expression(self, tree: Any) -> Expression:
        """An expression."""
        parts = tree.children
        match tree.data:
            case "number":
                percent = len(parts) > 1
                return Constant(self.number(parts[0]) / (100 if percent else 1))
            case "reference":
                return self._reference(tree)
            case "scaled":
                return self._scaled(tree)
            case "signed_sum":
                return self._signed(parts[0], self.expression(parts[1]))
            case "added":
                return self._added(parts)
            case "times":
                return multiply(*map(self.expression, parts))
            case "divided":
                return self._divided(tree)
            case "inside":
                return self.expression(parts[0])
            case "raised":
                return Power(*map(self.expression, parts))
            case "call":
                return self._call(tree)
            case "total":
                return self._total(tree)
        return self._piecewise(tree)

    def _signed(self, sign: Any, value: Expression) -> Expression:
        return value if str(sign) == "+" else negate(value)

    def _added(self, parts: list[Any]) -> Expression:
        """``3 - x + y``: terms with a sign between them, and perhaps one before the first."""
        signs = [None, *parts[1::2]] if hasattr(parts[0], "data") else parts[::2]
        terms = [part for part in parts if hasattr(part, "data")]
        return add(
            *(
                self.expression(term) if sign is None else self._signed(sign, self.expression(term))
                for sign, term in zip(signs, terms, strict=True)
            )
        )

    def _scaled(self, tree: Any) -> Expression:
        """``50 x``, or ``50 x ^ 2``, in which the power is of the variable alone."""
        number, reference, *exponent = tree.children
        factor = self._reference(reference)
        if exponent:
            factor = Power(factor, self.expression(exponent[0]))
        return multiply(Constant(self.number(number)), factor)

    def _divided(self, tree: Any) -> Expression:
        above, below = tree.children
        unsigned = below.children[-1] if below.data == "signed_sum" else below
        if unsigned.data == "scaled":
            raise self.fault(
                below, "what is divided by here can be read in two ways",
                "Write (1/2) * x or 1 / (2 * x).",
            )  # fmt: skip
        numerator, denominator = self.expression(above), self.expression(below)
        if isinstance(denominator, Constant) and denominator.value:
            # 3 / 4 is a number, and x / 4 is a quarter of x.
            return multiply(Constant(1 / denominator.value), numerator)
        return Divide(numerator, denominator)

    def _reference(self, tree: Any) -> Expression:
        name = text_of(tree.children[0])
        if len(tree.children) == 1 and name in self.bound:
            return Reference(name)
        self.known(tree.children[0], self.variables | self.parameters, "variable or parameter")
        return Reference(name, tuple(map(self._index, tree.children[1:])))

    def _call(self, tree: Any) -> Expression:
        function = Function(str(tree.children[0]))
        arguments = tuple(map(self.expression, tree.children[1:]))
        if len(arguments) > 1 and function not in (Function.MIN, Function.MAX):
            raise self.fault(tree, f"{function} takes one argument")
        return Call(function, arguments)

    def _total(self, tree: Any) -> Expression:
        outer = self.bound
        bindings, term = tree.children
        over, conditions = self.bindings([bindings])
        found = Sum(over, self.expression(term), conditions)
        self.bound = outer
        return found

    def _piecewise(self, tree: Any) -> Expression:
        argument, *points = tree.children
        found = tuple(
            (self.signed_number(x), self.signed_number(y))
            for x, y in (point.children for point in points)
        )
        if len(found) < 2 or any(a[0] >= b[0] for a, b in pairwise(found)):
            raise self.fault(tree, "a piecewise function takes two points or more, left to right")
        return Piecewise(self.expression(argument), found)

    # ------------------------------------------------------------ numbers

    def number(self, token: Any) -> Fraction:
        """A number as it is written.

        Raises:
            FormulaError: It is longer or greater than any that solvers take.
        """
        _, _, power = str(token).lower().partition("e")
        if len(token) > _MAX_DIGITS or (power and abs(int(power)) > _MAX_DIGITS):
            raise self.fault(
                token, f"the number has more than {_MAX_DIGITS} digits", "Measure in other units."
            )
        return Fraction(str(token))

    def signed_number(self, tree: Any) -> Fraction:
        """A number of data: with a sign, a percentage, or a fraction.

        Raises:
            FormulaError: It is too long, or a fraction of 0.
        """
        sign = 1
        first, *rest = tree.children
        if str(first) in ("+", "-", "−"):
            sign = 1 if str(first) == "+" else -1
            first, *rest = rest
        value = self.number(first)
        if rest:
            divisor = Fraction(100) if str(rest[0]) == "%" else self.number(rest[0])
            if not divisor:
                raise self.fault(rest[0], "a number is divided by zero", "Mend the divisor.")
            value /= divisor
        return sign * value


def text_of(tree: Any) -> str:
    """The name in a tree, without its quotes."""
    [token] = tree.children
    text = str(token)
    return text[1:-1].replace("''", "'") if text.startswith("'") else text
