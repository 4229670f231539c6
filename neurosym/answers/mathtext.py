"""Text as a SymPy object. Only ever called in a sandboxed worker.

SymPy's parser evaluates text as Python, so reading a model's text is running it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import sympy
from math_verify import parse
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

__all__ = ["Expression", "parse_mathematics"]

Expression: TypeAlias = Any
"""A SymPy object; SymPy has no type hints."""

_TRANSFORMATIONS = (*standard_transformations, convert_xor, implicit_multiplication_application)


def parse_mathematics(
    text: str, symbols: Mapping[str, Expression] | None = None, *, tolerant: bool = True
) -> Expression:
    """Read an expression, equation, set or matrix; ``None`` where a text is none.

    It is LaTeX where it holds a backslash, else Python or calculator notation ("2x^2").

    Args:
        text: The text.
        symbols: What certain names stand for. All others are real symbols.
        tolerant: Whether to take text that is neither as LaTeX after all, whose parser passes over
            what it does not understand ("2 + (" is 2): right for answers, wrong for problems.
    """
    symbols = symbols or {}
    text = text.replace("$", "")
    parsed = None if "\\" in text else _parse_plain(text, symbols)
    if parsed is None and (tolerant or "\\" in text):
        # With text it cannot parse, math-verify gives the text back among the results.
        found = parse(f"${text}$", parsing_timeout=None)
        parsed = next((item for item in found if not isinstance(item, str)), None)
    return None if parsed is None else _with_symbols(parsed, symbols)


def _parse_plain(text: str, symbols: Mapping[str, Expression]) -> Expression:
    try:
        parsed = parse_expr(text, local_dict=dict(symbols), transformations=_TRANSFORMATIONS)
        # Sequences become SymPy's own; functions, modules and the like are refused.
        parsed = sympy.sympify(parsed, strict=True)
    except Exception:  # whatever evaluating a model's text raises
        return None
    return parsed if isinstance(parsed, sympy.Basic | sympy.MatrixBase) else None


def _with_symbols(expression: Expression, symbols: Mapping[str, Expression]) -> Expression:
    """Make one "x" of both parsers': LaTeX symbols come out as real, plain ones as complex."""
    return expression.xreplace(
        {
            symbol: symbols.get(symbol.name, sympy.Symbol(symbol.name, real=True))
            for symbol in expression.free_symbols
        }
    )
