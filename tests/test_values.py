"""Answers as plain data: what is written comes back, and what is too much is refused."""

from __future__ import annotations

import ast
import datetime
import json
import math
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.values import (
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_MEMBERS,
    MAX_TEXT,
    Value,
    ValueTooLargeError,
    decode,
    encode,
    literal,
)

KEYS = st.text().filter(lambda key: not key.startswith("$"))
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.fractions()
    | st.dates()
)  # fmt: skip
HASHABLE = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.frozensets(inner, max_size=4),
    max_leaves=12,
)
VALUES = st.recursive(
    HASHABLE,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def same(a: Any, b: Any) -> bool:
    """Equal in value and type at every level, where NaN equals itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, frozenset):
        return len(a) == len(b) and all(any(same(x, y) for y in b) for x in a)
    return bool(a == b)


@given(VALUES)
def test_a_value_comes_back_through_json_as_it_was(value: Value) -> None:
    written = json.loads(json.dumps(encode(value), allow_nan=False))
    assert same(decode(written), value)


@given(VALUES)
def test_writing_what_was_read_changes_nothing(value: Value) -> None:
    written = encode(value)
    assert json.dumps(encode(decode(written))) == json.dumps(written)


@given(st.lists(HASHABLE, max_size=6, unique=True))
def test_the_order_of_a_set_does_not_show(members: list[Any]) -> None:
    assert encode(set(members)) == encode(frozenset(reversed(members)))


@given(st.lists(LEAVES, max_size=5))
def test_lists_and_mutable_sets_come_back_as_tuples_and_frozen_ones(items: list[Any]) -> None:
    assert same(decode(encode(items)), tuple(items))
    assert same(decode(encode(set(items))), frozenset(items))


@given(st.integers() | st.integers(min_value=2**60, max_value=2**400).map(lambda n: -n))
def test_integers_are_exact_for_readers_that_have_only_floats(number: int) -> None:
    written = encode(number)
    assert written == {"$int": hex(number)} or abs(written) <= 2**53


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text() | st.sampled_from(["$int", "$float", "$fraction", "$date", "$set", "$x"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_what_nobody_encoded_is_refused_or_read_as_plain_data(data: Any) -> None:
    try:
        value = decode(data)
    except ValueError:
        return
    assert isinstance(value, bool | int | float | str | Fraction | tuple | frozenset | dict
                      | datetime.date | None)  # fmt: skip


class Number(int):
    """A subclass, which may lie in any of its methods."""


@pytest.mark.parametrize(
    "value",
    [object(), Number(1), Decimal(1), 1j, b"x", range(3), datetime.datetime(2024, 1, 1), int, len,
     {1: 2}, {"$int": 1}, {None: 1}, [object()], {"a": {Number(1)}}, iter([])],
)  # fmt: skip
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("largest", "too_large"),
    [
        (nested(MAX_DEPTH), nested(MAX_DEPTH + 1)),
        ([0] * (MAX_ITEMS - 1), [0] * MAX_ITEMS),
        ([[0] * 99] * 99, [[0] * 100] * 100),
        ("x" * MAX_TEXT, "x" * (MAX_TEXT + 1)),
        (10 ** (MAX_TEXT - 1), 10 ** (MAX_TEXT + 1)),
        (-(10 ** (MAX_TEXT - 1)), -(10 ** (MAX_TEXT + 1))),
        (Fraction(1, 10 ** (MAX_TEXT - 1)), Fraction(1, 10 ** (MAX_TEXT + 1))),
        ({"k" * MAX_TEXT: 1}, {"k" * (MAX_TEXT + 1): 1}),
    ],
    ids=["depth", "items", "items in all", "text", "integer", "negative", "fraction", "key"],
)
def test_the_caps_are_where_they_are_said_to_be(largest: Any, too_large: Any) -> None:
    assert encode(decode(encode(largest))) == encode(largest)
    with pytest.raises(ValueTooLargeError):
        encode(too_large)


def test_a_value_that_holds_itself_is_too_deep() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueTooLargeError):
        encode(value)


def test_a_huge_integer_is_refused_without_counting_its_digits() -> None:
    huge = 1 << 10**8
    begin = time.perf_counter()
    with pytest.raises(ValueTooLargeError):
        encode(huge)
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    "data",
    [{"$int": "ten"}, {"$int": 5}, {"$int": None}, {"$float": "x"}, {"$float": []},
     {"$fraction": [1]}, {"$fraction": [1, 0]}, {"$fraction": [1, 2, 3]}, {"$fraction": 1},
     {"$fraction": [0.5, 2]}, {"$fraction": [True, 2]}, {"$date": "yesterday"}, {"$date": 3},
     {"$set": 1}, {"$set": [{"a": 1}]}, {"$other": 1}, {"$": 1}, json.loads("[" * 99 + "]" * 99),
     object(), {"a": b"x"}],
)  # fmt: skip
def test_data_that_was_not_encoded_is_refused(data: Any) -> None:
    with pytest.raises(ValueError):
        decode(data)


@given(VALUES)
def test_a_literal_is_python_without_imports(value: Value) -> None:
    tree = ast.parse(literal(value), mode="eval")
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called <= {"float", "frozenset", "set"}


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_the_literal_of_a_simple_value_is_that_value(value: Value) -> None:
    assert same(eval(literal(value)), value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 3), "1 / 3"),
        (datetime.date(2024, 2, 29), "'2024-02-29'"),
        ((1, (2,)), "[1, [2]]"),
        (frozenset({2, 1}), "{1, 2}"),
        (frozenset(), "set()"),
        ({"a": Fraction(1, 2)}, "{'a': 1 / 2}"),
        (math.inf, "float('inf')"),
    ],
)
def test_literals_are_what_a_person_would_write(value: Value, expected: str) -> None:
    assert literal(value) == expected


@given(HASHABLE)
def test_the_literal_of_a_set_can_be_evaluated_whatever_its_members(value: Value) -> None:
    names = {"float": float, "set": set, "frozenset": frozenset}
    assert len(eval(literal(frozenset({value})), names)) == 1


def test_a_set_of_too_many_members_is_refused_both_ways() -> None:
    members = range(MAX_MEMBERS + 1)
    with pytest.raises(ValueTooLargeError, match="at most 500 members"):
        encode(frozenset(members))
    with pytest.raises(ValueTooLargeError, match="at most 500 members"):
        decode([{"$set": list(members)}])
    assert decode(encode(frozenset(members[1:]))) == frozenset(members[1:])
