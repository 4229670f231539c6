"""What programs return, as plain data (see ``neurosym.values``). Runs inside the sandbox."""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

__all__ = ["to_plain"]


def to_plain(value: object) -> object:
    """Turn numbers of SymPy, NumPy and ``decimal`` into Python's own, exact ones exactly.

    Symbolic expressions become text. What is not known stays as it is, for the encoder to refuse.
    """
    kind = type(value)
    if value is None or kind in (bool, int, float, str, Fraction, datetime.date):
        return value
    if kind is Decimal:
        assert isinstance(value, Decimal)
        return _from_decimal(value)
    if kind is complex:
        assert isinstance(value, complex)
        return value.real if value.imag == 0 else str(value)
    if kind in (list, tuple, set, frozenset):
        return _container(value)
    if kind is dict:
        assert isinstance(value, dict)
        return {_key(key): to_plain(item) for key, item in value.items()}
    package = kind.__module__.partition(".")[0]
    if package == "sympy":
        return _from_sympy(value)
    if package == "numpy":
        return to_plain(value.tolist())  # type: ignore[attr-defined]
    return value


def _container(value: Any) -> object:
    items = [to_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return frozenset(tuple(item) if isinstance(item, list) else item for item in items)
    return items


def _key(key: object) -> str:
    return key if type(key) is str else str(to_plain(key))


def _from_decimal(value: Decimal) -> object:
    if not value.is_finite():
        return float(value)
    exact = Fraction(value)
    if exact.denominator == 1:
        return exact.numerator
    # Decimals are written in digits, so the float with the same digits is what was meant: an amount
    # of money is 12.5, not 25/2. Those with more digits than a float has stay exact.
    near = float(value)
    return near if Decimal(repr(near)) == value else exact


def _from_sympy(value: Any) -> object:
    sympy = sys.modules["sympy"]
    if isinstance(value, sympy.Basic):
        return _from_basic(value, sympy)
    if isinstance(value, sympy.MatrixBase):
        return [[to_plain(item) for item in row] for row in value.tolist()]
    return value


def _from_basic(value: Any, sympy: Any) -> object:
    if value in (sympy.true, sympy.false):
        return bool(value)
    if isinstance(value, sympy.Integer):
        return int(value)
    if isinstance(value, sympy.Rational):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, sympy.Float) or value in (sympy.oo, -sympy.oo, sympy.nan):
        return float(value)
    if isinstance(value, sympy.FiniteSet):
        return frozenset(to_plain(item) for item in value)
    if isinstance(value, sympy.Tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, sympy.Dict):
        return {_key(key): to_plain(item) for key, item in value.items()}
    return str(value)
