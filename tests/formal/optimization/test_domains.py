"""Where expressions have no value within bounds: found, told, and never overlooked."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from neurosym.formal.optimization.certificates import value_of
from neurosym.formal.optimization.domains import edge_of_domain
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
from neurosym.formal.optimization.instance import Instance, NonlinearRow
from neurosym.formal.optimization.intervals import Interval
from neurosym.formal.optimization.language.reader import read_model

BOX = "var x >= 0 <= 5\nvar y >= 0 <= 5\nvar z >= -2 <= 2\nvar n integer >= 0.5 <= 5\n"


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("minimize log(x)", "log(x): x may be 0 or less; give x a least value above 0"),
        ("maximize x/y\nc: x + y <= 6", "x / y: y may be 0; give y a least value above 0"),
        ("minimize 1/z", "1 / z: z may be 0; give z a least value above 0"),
        ("minimize 1/(x - 5)", "give x - 5 a greatest value below 0 by a constraint"),
        ("minimize x\nc: x^(-2) <= 3", "x ^ (-2): x may be 0"),
        ("minimize x\nc: x^(-0.5) <= 3", "x may be 0 or less"),
        ("minimize y / (x*z + 3)", "x * z + 3 may be 0"),
        ("minimize exp(1/sin(x))", "sin(x) may be 0"),
        ("minimize x/(x + y)", "x + y may be 0"),
        ("minimize x/(x + y)\nc: x + y >= -1", "x + y may be 0"),
        ("minimize x/y\nc: y >= 0.0000000001", "y may be so near to 0 that solvers take it for 0"),
        ("minimize log(x)\nc: x >= 0.0000000001", "give x a least value above 0.000001"),
        ("minimize 1/(z - 3)^20 + (10 * x)^15", "solvers take it for infinite"),
        ("minimize exp(x^8)", "exp(x ^ 8) may be so great"),
        ("minimize x*log(x)", "log(x): x may be 0 or less"),
    ],
)
def test_an_edge_is_told_with_the_bound_that_mends_it(rest: str, told: str) -> None:
    assert told in edge_of_domain(read_model(BOX + rest).instance)


@pytest.mark.parametrize(
    "rest",
    [
        "minimize log(n) + 1/n",
        "minimize x/(y + 1)",
        "minimize x/(z*z + 1)",
        "minimize x/(z^2 + 1) + y/exp(z)",
        "minimize sqrt(z) + z^0.5 + z^3",
        "minimize log(y)\nc: 2 y >= 1",
        "minimize x/(x + y)\nc: 3 x + 3 y >= 1",
        "minimize log(3 - z)",
        "minimize 1/max(z, 1) + 1/(abs(z) + 1) + 1/min(n, 3)",
        "minimize x + y",
        "minimize exp(8 * x) + x^20",
    ],
)
def test_what_has_a_value_everywhere_is_left_alone(rest: str) -> None:
    assert edge_of_domain(read_model(BOX + rest).instance) == ""


def test_a_column_is_named_as_it_was_written() -> None:
    text = "set S = Oslo, Bergen\nvar x{s in S} >= 0\nminimize sum{s in S} 1 / x[s]"
    assert edge_of_domain(read_model(text).instance).startswith("1 / x[Oslo]: x[Oslo] may be 0;")


# ------------------------------------------------------------------- nothing is overlooked

NUMBERS = st.fractions(-3, 3, max_denominator=4)
LEAVES = st.builds(Constant, NUMBERS) | st.builds(Column, st.integers(0, 2))


def _larger(inside: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(inside, inside)
    exponents = st.sampled_from([-2, -1, 0, 2, 3, Fraction(-1, 2)]).map(Fraction)
    unary = [Function.LOG, Function.EXP, Function.ABS, Function.SIN, Function.COS]
    return st.one_of(
        st.builds(Add, pairs),
        st.builds(Multiply, pairs),
        inside.map(lambda part: Multiply((part, part))),
        st.builds(Divide, inside, inside),
        st.builds(Power, inside, st.builds(Constant, exponents)),
        st.builds(Call, st.sampled_from(unary), st.tuples(inside)),
        st.builds(Call, st.sampled_from([Function.MIN, Function.MAX]), pairs),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=6)


def _box(tree: Expression, lower: Fraction, width: Fraction) -> Instance:
    ends = f">= {lower} <= {lower + width}"
    text = f"var a {ends}\nvar b {ends}\nvar c {ends}\nminimize a*b*c\nr: a*b*c <= 3"
    instance = read_model(text).instance
    row = NonlinearRow("r", tree, -math.inf, Fraction(0))
    object.__setattr__(instance, "nonlinear", (row,))
    return instance


@settings(max_examples=400, deadline=None)
@given(TREES, NUMBERS, st.fractions(0, 2, max_denominator=3), st.data())
def test_where_no_edge_is_told_there_is_a_value(
    tree: Expression, lower: Fraction, width: Fraction, data: st.DataObject
) -> None:
    instance = _box(tree, lower, width)
    assume(not edge_of_domain(instance))
    shares = st.sampled_from([Fraction(k, 4) for k in range(5)])
    for _ in range(5):
        point = [lower + width * data.draw(shares) for _ in range(3)]
        try:
            value_of(tree, point)
        except OverflowError:
            assume(False)


# ------------------------------------------------------------------- intervals


@settings(max_examples=300)
@given(
    st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS), st.fractions(0, 1), st.fractions(0, 1)
)
def test_intervals_hold_what_is_made_of_their_numbers(
    one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction], s: Fraction, t: Fraction
) -> None:
    first, second = (Interval(min(ends), max(ends)) for ends in (one, other))
    a, b = one[0] + s * (one[1] - one[0]), other[0] + t * (other[1] - other[0])
    made = [(first + second, a + b), (first * second, a * b)]
    made += [(first.power(k), a**k) for k in (0, 1, 2, 3)]
    if b:
        made += [(second.inverse(), 1 / b), (second.power(-2), b**-2)]
    for interval, value in made:
        assert interval.lower <= value <= interval.upper


def test_intervals_without_end_and_huge_ones() -> None:
    whole = Interval(-math.inf, math.inf)
    assert whole * Interval(Fraction(0), Fraction(0)) == Interval(Fraction(0), Fraction(0))
    assert whole.power(2) == Interval(Fraction(0), math.inf)
    assert whole.power(3) == whole
    assert Interval(Fraction(2), Fraction(3)).power(100_000).upper == math.inf
    assert Interval(Fraction(1), math.inf).inverse() == Interval(Fraction(0), Fraction(1))
    assert Interval(Fraction(0), Fraction(2)).inverse() == Interval(Fraction(1, 2), math.inf)
    assert Interval(Fraction(-2), Fraction(0)).inverse() == Interval(-math.inf, Fraction(-1, 2))
