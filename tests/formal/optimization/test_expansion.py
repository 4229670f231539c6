"""Expressions multiplied out: the same values at the same points, and one form for many ways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.formal.optimization.certificates import value_of
from neurosym.formal.optimization.expansion import Monomial, Opaque, Sum, Terms, expand
from neurosym.formal.optimization.expression import (
    Add,
    Call,
    Column,
    Constant,
    Divide,
    Expression,
    Function,
    Multiply,
    Power,
)
from neurosym.formal.optimization.functions import FUNCTIONS, power_of
from neurosym.formal.optimization.language.reader import read_model

BOX = "var x >= -9 <= 9\nvar y >= -9 <= 9\nvar z >= -9 <= 9\nminimize exp(sin(x + y + z)) + "


def terms_of(text: str) -> Terms:
    tree = read_model(BOX + text).instance.nonlinear_cost
    assert isinstance(tree, Add)
    return expand(Add(tree.terms[1:]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x * x * x", "x^3"),
        ("(x + y)^2", "y*y + 2*x*y + x^2"),
        ("(x + 1) * (y - 1) * z", "x*y*z - z*x + z*y - z"),
        ("(2*x)^3 / 4", "2 * x^3"),
        ("x / y + z / y", "(x + z) / y"),
        ("x / y", "x * y^(-1)"),
        ("1 / (2*x*y)", "0.5 / y / x"),
        ("1 / (2*x + 4*y)", "0.5 / (2*y + x)"),
        ("abs(x - 2)", "abs(2 - x)"),
        ("abs(4*x - 8)", "4 * max(x - 2, 2 - x)"),
        ("max(x, 2*y)", "max(2*y, x)"),
        ("min(x, y)", "-max(-y, -x)"),
        ("max(x, x) + max(y)", "y + x"),
        ("sqrt(x) * sqrt(x)", "sqrt(x)^2"),
        ("exp(x*(y + 1))", "exp(x + x*y)"),
        ("x^0 + x^1", "x + 1"),
        ("log(x) * y / 2", "y * log(x) * 0.5"),
    ],
)
def test_many_ways_to_say_the_same(one: str, other: str) -> None:
    assert terms_of(one) == terms_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x * y / y", "x"),
        ("sqrt(x)^2", "x"),
        ("log(x) - log(x)", "0"),
        ("(y - y) * log(x)", "0"),
        ("max(x - x, y - y) * log(z)", "0"),
        ("log(x)^0", "1"),
        ("abs(x)", "x"),
        ("x / (y - y)", "0"),
        ("x * (log(x) + 1)", "x * log(x) + x"),
        ("x * (log(x) / y)", "x * log(x) / y"),
        ("exp(x)", "log(x)"),
        ("x^y", "y^x"),
        ("x / y", "y / x"),
    ],
)
def test_what_has_another_value_or_none_somewhere_stays_apart(one: str, other: str) -> None:
    assert terms_of(one) != terms_of(other)


def test_what_would_be_too_long_stays_a_product() -> None:
    long = "*".join(["(x + y + z + 1)"] * 3 + [f"(x + {k}*y - z)^{k}" for k in range(2, 9)])
    assert len(terms_of(long)) == 1
    assert terms_of(f"2 * {long}") == terms_of(f"{long} * (1 + 1)") != terms_of(long)
    assert len(terms_of("(x + y)^100000 + (2*x)^1000000000")) == 2


@pytest.mark.parametrize(
    ("text", "point", "value"),
    [
        ("x * log(x)", [0, 0, 0], 0),
        ("-3 * log(x / 10) * x", [0, 0, 0], 0),
        ("x * (log(x) / 2)", [0, 0, 0], 0),
        ("x^2 * y * log(3 * x)", [0, 5, 0], 0),
        ("(x - y) * log(2*x - 2*y)", [4, 4, 0], 0),
        ("x * log(x) / y", [0, 2, 0], 0),
        ("x * log(y)", [0, 0, 0], None),
        ("y * log(x)", [0, 2, 0], None),
        ("x * (log(x) + 1)", [0, 0, 0], None),
        ("x * log(x)", [-1, 0, 0], None),
        ("x * log(x) * log(y)", [0, 0, 0], None),
        ("x * log(x) / y", [0, 0, 0], None),
    ],
)
def test_a_number_outweighs_its_logarithm_at_zero(
    text: str, point: list[int], value: int | None
) -> None:
    tree = read_model(BOX + text).instance.nonlinear_cost
    assert isinstance(tree, Add)
    if value is None:
        with pytest.raises((ValueError, ZeroDivisionError)):
            value_of(Add(tree.terms[1:]), [*map(Fraction, point)])
    else:
        assert value_of(Add(tree.terms[1:]), [*map(Fraction, point)]) == value


# ------------------------------------------------------------------- values

NUMBERS = st.fractions(-3, 3, max_denominator=2)
LEAVES = st.builds(Constant, NUMBERS) | st.builds(Column, st.integers(0, 2))


def _larger(inside: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(inside, inside)
    exponents = st.sampled_from([-2, -1, 0, 1, 2, 3, Fraction(1, 2)]).map(Fraction)
    unary = [Function.LOG, Function.SQRT, Function.ABS, Function.EXP]
    return st.one_of(
        st.builds(Add, pairs),
        st.builds(Multiply, pairs),
        st.builds(Multiply, st.tuples(inside, inside, inside)),
        st.builds(Divide, inside, inside),
        st.builds(Power, inside, st.builds(Constant, exponents)),
        st.builds(Call, st.sampled_from(unary), st.tuples(inside)),
        st.builds(Call, st.sampled_from([Function.MIN, Function.MAX]), pairs),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=7)


def value_of_sum(terms: Sum, x: Sequence[Fraction]) -> Fraction:
    return sum((value * value_of_product(product, x) for product, value in terms), Fraction(0))


def value_of_product(product: Monomial, x: Sequence[Fraction]) -> Fraction:
    # t * log(t) is 0 at 0.
    logs = {
        factor: k for factor, k in product if isinstance(factor, Opaque) if factor.head == "log"
    }
    for log, k in logs.items():
        for factor, _ in product - {(log, k)}:
            if is_multiple(log, factor) and value_of_factor(factor, x) == 0:
                return value_of_product(product - {(log, k)}, x)
    return math.prod((value_of_factor(factor, x) ** k for factor, k in product), start=Fraction(1))


def is_multiple(log: Opaque, factor: int | Opaque) -> bool:
    """Whether a logarithm is of a multiple of a factor."""
    [inside] = map(dict, log.inside)
    by_itself = {frozenset([(factor, 1)]): Fraction(1)}
    if isinstance(factor, Opaque) and factor.head == "+" and len(inside) > 1:
        by_itself = dict(*factor.inside)
    return any(
        {product: ratio * value for product, value in by_itself.items()} == inside
        for ratio in (value / by_itself[product] for product, value in inside.items()
                      if by_itself.get(product))
    )  # fmt: skip


def value_of_factor(factor: int | Opaque, x: Sequence[Fraction]) -> Fraction:
    if isinstance(factor, int):
        return x[factor]
    inside = [value_of_sum(part, x) for part in factor.inside]
    match factor.head:
        case "+":
            return inside[0]
        case "/":
            return 1 / inside[0]
        case "^":
            return Fraction(power_of(*inside))
    return Fraction(FUNCTIONS[Function(factor.head)](*inside))


@settings(max_examples=600, deadline=None)
@given(TREES, st.lists(NUMBERS, min_size=3, max_size=3))
def test_the_value_is_the_same_and_is_had_at_the_same_points(
    tree: Expression, point: list[Fraction]
) -> None:
    try:
        value = value_of(tree, point)
    except OverflowError:
        return
    except (ValueError, ZeroDivisionError):
        with pytest.raises((ValueError, ArithmeticError)):
            value_of_sum(frozenset(expand(tree).items()), point)
        return
    found = value_of_sum(frozenset(expand(tree).items()), point)
    assert float(found) == pytest.approx(float(value), rel=1e-6, abs=1e-6)
