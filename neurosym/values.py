"""Answers as plain data: what may leave a sandbox, enter a run log, or be compared.

Values cross process borders and are stored as JSON. Types that JSON lacks are written as an object
with one key that starts with ``$``; nothing is ever unpickled.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Mapping, Sequence, Set, Sized
from fractions import Fraction
from typing import Any, TypeAlias

__all__ = [
    "MAX_DEPTH",
    "MAX_ITEMS",
    "MAX_MEMBERS",
    "MAX_TEXT",
    "Value",
    "ValueTooLargeError",
    "decode",
    "encode",
    "literal",
]

Value: TypeAlias = (
    None
    | bool
    | int
    | float
    | Fraction
    | str
    | datetime.date
    | tuple["Value", ...]
    | frozenset["Value"]
    | dict[str, "Value"]
)
"""Plain data. Exact numbers stay exact; symbolic expressions are text."""

MAX_DEPTH = 16
"""Deepest nesting of a value."""
MAX_ITEMS = 10_000
"""Most elements of a value, counted over all levels."""
MAX_MEMBERS = 500
"""Most members of one set. An attacker can make them collide, and then time is quadratic in it."""
MAX_TEXT = 100_000
"""Most characters of one text, and most digits of one integer."""

# 10**n has n+1 digits and about n*log2(10) bits; bits are cheap to count, digits are not.
_MAX_INT_BITS = int(MAX_TEXT * math.log2(10))
_MAX_DECIMAL_BITS = 10_000


class ValueTooLargeError(ValueError):
    """A value is nested too deeply, has too many elements, or is too long."""


def encode(value: object) -> Any:
    """Turn a value into JSON data, with caps on depth and size.

    Raises:
        TypeError: The value is not plain data.
        ValueTooLargeError: It is over :data:`MAX_DEPTH`, :data:`MAX_ITEMS`, :data:`MAX_MEMBERS` or
            :data:`MAX_TEXT`.
    """
    return _Encoder().encode(value, 0)


class _Encoder:
    def __init__(self) -> None:
        self.items = 0

    def encode(self, value: object, depth: int) -> Any:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise ValueTooLargeError(f"a value may have at most {MAX_ITEMS} elements")
        if depth > MAX_DEPTH:
            raise ValueTooLargeError(f"a value may be nested at most {MAX_DEPTH} deep")
        if value is None:
            return None
        # Exact types only: a subclass may lie about itself in any of its methods.
        write = _WRITERS.get(type(value))
        if write is None:
            raise TypeError(f"{type(value).__name__} is not plain data")
        return write(self, value, depth)

    def boolean(self, value: bool, _: int) -> Any:
        return value

    def integer(self, value: int, _: int = 0) -> Any:
        if value.bit_length() > _MAX_INT_BITS:
            raise ValueTooLargeError(f"an integer may have at most {MAX_TEXT} digits")
        # Readers that are not Python lose digits past 2**53; hexadecimal text is exact and fast.
        return value if abs(value) <= 2**53 else {"$int": hex(value)}

    def float(self, value: float, _: int) -> Any:
        return value if math.isfinite(value) else {"$float": repr(value)}

    def text(self, value: str, _: int = 0) -> Any:
        if len(value) > MAX_TEXT:
            raise ValueTooLargeError(f"a text may have at most {MAX_TEXT} characters")
        return value

    def fraction(self, value: Fraction, _: int) -> Any:
        return {"$fraction": [self.integer(value.numerator), self.integer(value.denominator)]}

    def date(self, value: datetime.date, _: int) -> Any:
        return {"$date": value.isoformat()}

    def sequence(self, value: Sequence[object], depth: int) -> Any:
        return [self.encode(item, depth + 1) for item in value]

    def set(self, value: Set[object], depth: int) -> Any:
        _check_members(value)
        members = [self.encode(item, depth + 1) for item in value]
        return {"$set": sorted(members, key=lambda item: json.dumps(item, sort_keys=True))}

    def mapping(self, value: Mapping[Any, object], depth: int) -> Any:
        if not all(type(key) is str and not key.startswith("$") for key in value):
            raise TypeError("the keys of a mapping must be texts that do not start with '$'")
        return {self.text(key): self.encode(item, depth + 1) for key, item in value.items()}


def _check_members(members: Sized) -> None:
    if len(members) > MAX_MEMBERS:
        raise ValueTooLargeError(f"a set may have at most {MAX_MEMBERS} members")


_WRITERS: dict[type, Callable[[_Encoder, Any, int], Any]] = {
    bool: _Encoder.boolean,
    int: _Encoder.integer,
    float: _Encoder.float,
    str: _Encoder.text,
    Fraction: _Encoder.fraction,
    datetime.date: _Encoder.date,
    list: _Encoder.sequence,
    tuple: _Encoder.sequence,
    set: _Encoder.set,
    frozenset: _Encoder.set,
    dict: _Encoder.mapping,
}


def decode(data: Any) -> Value:
    """Turn JSON data back into a value; the inverse of :func:`encode`.

    Lists come back as tuples and sets as frozensets, so that values can be compared and hashed.

    Raises:
        ValueError: The data was not written by :func:`encode`.
        ValueTooLargeError: It is nested too deeply, or a set has more than :data:`MAX_MEMBERS`.
            Other sizes are bounded by the data's own.
    """
    return _decode(data, 0)


def _decode(data: Any, depth: int) -> Value:
    if depth > 2 * MAX_DEPTH:  # a tagged set or fraction adds a level of JSON to each of its own
        raise ValueTooLargeError(f"a value may be nested at most {MAX_DEPTH} deep")
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if isinstance(data, list):
        return tuple(_decode(item, depth + 1) for item in data)
    if not isinstance(data, dict):
        raise ValueError(f"{type(data).__name__} is not an encoded value")
    if len(data) == 1:
        [(key, item)] = data.items()
        if key.startswith("$"):
            return _decode_tagged(key, item, depth)
    return {key: _decode(item, depth + 1) for key, item in data.items()}


def _decode_tagged(tag: str, item: Any, depth: int) -> Value:
    try:
        if tag == "$int":
            return int(item, 16)
        if tag == "$float":
            return float(item)
        if tag == "$fraction":
            numerator, denominator = (_decode(part, depth + 1) for part in item)
            if type(numerator) is int and type(denominator) is int:
                return Fraction(numerator, denominator)
        if tag == "$date":
            return datetime.date.fromisoformat(item)
        if tag == "$set":
            _check_members(item)
            return frozenset(_decode(member, depth + 1) for member in item)
    except ValueTooLargeError:
        raise
    except (TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{tag} holds something else: {error}") from error
    raise ValueError(f"unknown tag {tag!r} in an encoded value")


def literal(value: Value) -> str:
    """Python source that evaluates to the value, without imports.

    Fractions become quotients, dates texts, and sequences lists, or tuples where they are members
    of a set, which is how a person would write them. Integers too long for decimal digits, which
    take quadratic time and which Python refuses, are hexadecimal.
    """
    if type(value) is int:
        return hex(value) if value.bit_length() > _MAX_DECIMAL_BITS else str(value)
    if isinstance(value, Fraction):
        return f"{literal(value.numerator)} / {literal(value.denominator)}"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if isinstance(value, datetime.date):
        return repr(value.isoformat())
    if isinstance(value, tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(_member, value))) + "}" if value else "set()"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(item)}" for key, item in value.items()) + "}"
    return repr(value)


def _member(value: Value) -> str:
    """A member of a set as source: hashable, all the way down."""
    if isinstance(value, tuple):
        return "(" + "".join(f"{_member(item)}, " for item in value).rstrip(" ") + ")"
    if isinstance(value, frozenset):
        return "frozenset({" + ", ".join(sorted(map(_member, value))) + "})"
    return literal(value)
