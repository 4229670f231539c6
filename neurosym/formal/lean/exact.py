"""Python's arithmetic on exact numbers, and the same calculation in Lean's words."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from neurosym.errors import InexpressibleError

__all__ = ["HINT", "Exact", "Level", "Text", "evaluate", "named", "number_text", "refusal"]

HINT = "Only sums, products, quotients, remainders and powers of numbers can be certified."
_MAX_BITS = 2048
"""Of the largest numerator or denominator."""
_MAX_POWER = 256
"""The largest exponent; Lean by itself calculates no higher power."""
_MAX_DEPTH = 100
_MAX_TEXT = 4000
"""Characters of the longest expression in Lean: a remainder of fractions says its parts twice."""
_MAX_SHOWN = 60


class Level(IntEnum):
    """How closely the parts of a text hold together."""

    LOOSE = 0
    """Nothing beside it: ``-x ^ 2`` is ``-(x ^ 2)``, of which hardly anybody is sure."""
    SUM = 1
    PRODUCT = 2
    POWER = 3
    APPLICATION = 4
    CLOSED = 5


@dataclass(frozen=True, slots=True)
class Text:
    """A term in Lean."""

    text: str
    level: Level = Level.CLOSED

    def beside(self, level: Level) -> str:
        """It, in brackets unless it holds together more closely than that."""
        return self.text if self.level > level else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Exact:
    """A number, and how it is calculated.

    Attributes:
        value: The number.
        whole: The calculation in ``Int``; ``None`` if it leaves the whole numbers anywhere.
        ratio: The calculation in ``Rat``.
    """

    value: Fraction
    whole: Text | None
    ratio: Text

    @property
    def type(self) -> str:
        """Its type: ``Int`` where that will do."""
        return "Rat" if self.whole is None else "Int"

    @property
    def text(self) -> str:
        """The calculation in its type, to stand where that type is expected."""
        return (self.whole or self.ratio).text

    @property
    def typed(self) -> str:
        """The calculation with its type, to stand anywhere."""
        return f"({self.text} : {self.type})"


def refusal(node: ast.stmt | ast.expr, problem: str) -> InexpressibleError:
    """That a program does, at a node, what no calculation in Lean would state."""
    return InexpressibleError(f"line {node.lineno}: {problem}", hint=HINT)


def named(name: str, value: Exact) -> Exact:
    """A name for a number, which has the number's type."""
    if value.whole is None:
        return Exact(value.value, None, Text(name))
    return Exact(value.value, Text(name), Text(f"({name} : Rat)"))


def number_text(value: Fraction) -> str:
    """A number as Lean has it in ``Rat``, and in ``Int`` if it is whole."""
    whole = value.denominator == 1
    return str(value.numerator) if whole else f"{value.numerator} / {value.denominator}"


def evaluate(node: ast.expr, scope: Mapping[str, Exact]) -> Exact:
    """Calculate what an expression comes to, exactly.

    ``/`` is division, ``//`` rounds down, and the sign of ``%`` is that of the divisor, as in
    Python, whatever Lean's own operators do.

    Args:
        node: The expression.
        scope: What its names stand for.

    Raises:
        InexpressibleError: It holds anything but numbers, names of numbers and arithmetic, divides
            by zero, or is too large.
    """
    return _Evaluation(scope).of(node, 0)


class _Evaluation:
    def __init__(self, scope: Mapping[str, Exact]) -> None:
        self._scope = scope

    def of(self, node: ast.expr, depth: int) -> Exact:
        if depth > _MAX_DEPTH:
            raise refusal(node, "an expression is nested too deeply")
        found = self._of(node, depth + 1)
        if _bits(found.value) > _MAX_BITS or len(found.ratio.text) > _MAX_TEXT:
            raise refusal(node, "a number or its calculation is too long")
        return found

    def _of(self, node: ast.expr, depth: int) -> Exact:
        match node:
            case ast.Constant(value=value):
                return _constant(node, value)
            case ast.Name(id=name):
                if name not in self._scope:
                    raise refusal(node, f"{_shown(node)} is the name of no number")
                return self._scope[name]
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.of(operand, depth)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _negated(self.of(operand, depth))
            case ast.BinOp(left=left, op=operator, right=right):
                a, b = self.of(left, depth), self.of(right, depth)
                return _operate(node, operator, a, b)
        raise refusal(node, f"{_shown(node)} is no plain arithmetic")


def _shown(node: ast.expr) -> str:
    try:
        text = " ".join(ast.unparse(node).split())
    except RecursionError:
        return "this expression"
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _constant(node: ast.expr, value: object) -> Exact:
    if type(value) is int:
        if value.bit_length() > _MAX_BITS:  # before it is spelled, for which Python has a limit
            raise refusal(node, "a number is too long")
        text = Text(str(value))
        return Exact(Fraction(value), text, text)
    if type(value) is not float or not math.isfinite(value):
        raise refusal(node, f"{_shown(node)} is no number")
    # As it was written: 0.15 is 15 / 100, not the nearest binary fraction.
    exact = Fraction(repr(value))
    scale = 1
    while scale % exact.denominator:
        scale *= 10
    if scale == 1:
        return Exact(exact, None, Text(str(exact)))
    return Exact(exact, None, Text(f"{exact * scale} / {scale}", Level.LOOSE))


def _negated(a: Exact) -> Exact:
    def minus(text: Text) -> Text:
        return Text(f"-{text.beside(Level.APPLICATION)}", Level.LOOSE)

    return Exact(-a.value, None if a.whole is None else minus(a.whole), minus(a.ratio))


def _join(a: Text, sign: str, b: Text, level: Level) -> Text:
    left = a.text if a.level == level else a.beside(level)
    return Text(f"{left} {sign} {b.beside(level)}", level)


def _both(value: Fraction, a: Exact, sign: str, b: Exact, level: Level) -> Exact:
    """An operation that means the same in both types."""
    whole = None
    if a.whole is not None and b.whole is not None:
        whole = _join(a.whole, sign, b.whole, level)
    return Exact(value, whole, _join(a.ratio, sign, b.ratio, level))


def _operate(node: ast.BinOp, operator: ast.operator, a: Exact, b: Exact) -> Exact:
    x, y = a.value, b.value
    if isinstance(operator, ast.Div | ast.FloorDiv | ast.Mod) and not y:
        raise refusal(node, f"{_shown(node)} divides by zero")
    match operator:
        case ast.Add():
            return _both(x + y, a, "+", b, Level.SUM)
        case ast.Sub():
            return _both(x - y, a, "-", b, Level.SUM)
        case ast.Mult():
            return _both(x * y, a, "*", b, Level.PRODUCT)
        case ast.Div():
            return Exact(x / y, None, _join(a.ratio, "/", b.ratio, Level.PRODUCT))
        case ast.FloorDiv():
            return _quotient(a, b)
        case ast.Mod():
            return _remainder(a, b)
        case ast.Pow():
            return _power(node, a, b)
    raise refusal(node, f"{_shown(node)} is no plain arithmetic")


def _in_whole_numbers(a: Text, sign: str, function: str, b: Exact) -> Text:
    """A quotient or remainder in ``Int``.

    Lean's operators are those of Euclidean division (Boute 1992), whose remainder is never
    negative. They do what Python's do where the divisor is above zero; elsewhere a function does.
    """
    assert b.whole is not None
    if b.value > 0:
        return _join(a, sign, b.whole, Level.PRODUCT)
    one, other = a.beside(Level.APPLICATION), b.whole.beside(Level.APPLICATION)
    return Text(f"{function} {one} {other}", Level.APPLICATION)


def _floor(a: Exact, b: Exact) -> Text:
    return Text(f"(({_join(a.ratio, '/', b.ratio, Level.PRODUCT).text} : Rat).floor : Rat)")


def _quotient(a: Exact, b: Exact) -> Exact:
    value = Fraction(a.value // b.value)
    if a.whole is None or b.whole is None:
        return Exact(value, None, _floor(a, b))
    whole = _in_whole_numbers(a.whole, "/", "Int.fdiv", b)
    return Exact(value, whole, Text(f"(({whole.text} : Int) : Rat)"))


def _remainder(a: Exact, b: Exact) -> Exact:
    value = a.value % b.value
    if a.whole is None or b.whole is None:
        times = _join(b.ratio, "*", _floor(a, b), Level.PRODUCT)
        return Exact(value, None, _join(a.ratio, "-", times, Level.SUM))
    whole = _in_whole_numbers(a.whole, "%", "Int.fmod", b)
    return Exact(value, whole, Text(f"(({whole.text} : Int) : Rat)"))


def _power(node: ast.BinOp, a: Exact, b: Exact) -> Exact:
    if b.value.denominator != 1:
        raise refusal(node, f"the exponent of {_shown(node)} is no whole number")
    times = abs(b.value.numerator)
    if times > _MAX_POWER or times * _bits(a.value) > 2 * _MAX_BITS:
        raise refusal(node, "a number or its calculation is too long")
    if b.value < 0 and not a.value:
        raise refusal(node, f"{_shown(node)} divides by zero")
    if not any(isinstance(part, ast.Name) for part in ast.walk(node.right)):
        exponent = str(times)
    else:  # exponents are natural numbers
        exponent = (b if b.value >= 0 else _negated(b)).typed
        exponent += ".toNat" if b.whole is not None else ".floor.toNat"

    def raised(text: Text) -> Text:
        return Text(f"{text.beside(Level.APPLICATION)} ^ {exponent}", Level.POWER)

    if b.value < 0:
        ratio = Text(f"1 / {raised(a.ratio).text}", Level.PRODUCT)
        return Exact(a.value**b.value.numerator, None, ratio)
    is_whole = a.whole is not None and b.whole is not None
    whole = raised(a.whole) if is_whole and a.whole is not None else None
    return Exact(a.value**times, whole, raised(a.ratio))
