"""Equality that needs algebra, by math-verify and SymPy. Only ever called in a sandboxed worker.

SymPy's parser evaluates text as Python, and neither parsing nor simplifying need end
(``9**9**9``). So nothing here sets a time limit or guards itself: the worker is isolated, and it is
killed. math-verify's own time-outs rest on signals and would fight with that, so they are off.
"""

from __future__ import annotations

import logging
from fractions import Fraction

import sympy
from math_verify import verify

from neurosym.answers.compare import numbers_same
from neurosym.answers.mathtext import Expression, parse_mathematics
from neurosym.values import Value

__all__ = ["equal"]

# It warns at each call that time-outs are off, which is meant.
logging.getLogger("math_verify").setLevel(logging.ERROR)


def equal(a: Value, b: Value) -> bool:
    """Whether two answers are equal as mathematics: expressions, equations, sets, matrices.

    Text is LaTeX where it holds a backslash, else Python or calculator notation, else LaTeX after
    all. What cannot be read equals nothing. Real numbers compare by
    :func:`~neurosym.answers.compare.numbers_same`.
    """
    left, right = _expression(a), _expression(b)
    if left is None or right is None:
        return False
    if _is_real(left) and _is_real(right):
        return numbers_same(_number(left), _number(right))
    # verify() treats its sides differently ("x = 1" against "1"), equality must not.
    return any(
        verify(gold, answer, timeout_seconds=None)
        for gold, answer in ((left, right), (right, left))
    )


def _expression(value: Value) -> Expression:
    """Make a SymPy object; ``None`` where the value has none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return sympy.sympify(value)
    if isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    if isinstance(value, str):
        return parse_mathematics(value)
    if isinstance(value, tuple | frozenset):
        members = [_expression(item) for item in value]
        if None in members:
            return None
        return (sympy.Tuple if isinstance(value, tuple) else sympy.FiniteSet)(*members)
    return None


def _is_real(expression: Expression) -> bool:
    return bool(
        isinstance(expression, sympy.Expr) and expression.is_number and expression.is_extended_real
    )


def _number(expression: Expression) -> int | float:
    return int(expression) if expression.is_Integer else float(expression.evalf(20))
