"""Certificates: what proves something does, and what does not is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.formal.optimization.certificates import (
    dual_bound,
    improves,
    objective_value,
    recession_violations,
    value_of,
    violations,
)
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model

DIET = """var oats >= 0 <= 10
var milk integer >= 0
minimize 0.3 oats + 0.5 milk + 1
protein: 0.1 oats + 8 milk >= 8.3
fat: 2 oats - milk <= 6
"""


def instance_of(text: str) -> Instance:
    return read_model(text).instance


def fractions(*values: float | str | Fraction) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in values)


# ------------------------------------------------------------------- points


@pytest.mark.parametrize(
    ("x", "broken"),
    [
        (fractions(3, 1), []),
        (fractions("2.99999999999999999999", 1), ["protein"]),
        (fractions("3.00000000000000000001", 1), []),
        (fractions(4, 1), ["fat"]),
        (fractions(11, 16), ["oats"]),
        (fractions("11.5", 17), ["oats"]),
        (fractions(-1, 2), ["oats"]),
        (fractions(3, "1.5"), ["milk"]),
        (fractions(0, 0), ["protein"]),
        (fractions(11, -1), ["oats", "milk", "protein", "fat"]),
    ],
)
def test_what_a_point_breaks_is_named(x: tuple[Fraction, ...], broken: list[str]) -> None:
    assert [item.name for item in violations(instance_of(DIET), x)] == broken


def test_a_violation_says_by_how_much() -> None:
    [found] = violations(instance_of("var x\nminimize x\nc: 1000 x <= 3"), fractions("0.004"))
    assert [found.value, found.limit, found.scale] == [4, 3, 4]
    assert found.relative == 0.25
    [broken] = violations(instance_of("var x integer\nminimize x"), fractions("2.5"))
    assert broken.limit in (2, 3)
    [third] = violations(instance_of("var x >= 1/3\nminimize x"), fractions("0.333333333333333333"))
    assert 0 < third.relative < 1e-15


def test_the_objective_is_exact() -> None:
    assert objective_value(instance_of(DIET), fractions("0.1", "0.2")) == Fraction("1.13")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x ^ 2 - y", Fraction(9, 100) - 2),
        ("x * y * x", Fraction(18, 100)),
        ("y / x", Fraction(20, 3)),
        ("x ^ -y", Fraction(100, 9)),
        ("max(x, y, x * y) - min(x, y)", Fraction(17, 10)),
        ("abs(x - y)", Fraction(17, 10)),
    ],
)
def test_what_is_not_linear_is_exact_as_far_as_it_can_be(expression: str, value: Fraction) -> None:
    instance = instance_of(f"var x\nvar y\nminimize {expression}\nc: {expression} <= {value}")
    x = fractions("0.3", 2)
    assert objective_value(instance, x) == value
    assert not list(violations(instance, x))
    tight = instance_of(
        f"var x\nvar y\nminimize 0\nc: {expression} <= {value - Fraction(1, 10**30)}"
    )
    assert [item.name for item in violations(tight, x)] == ["c"]


def test_functions_are_as_exact_as_floating_point_numbers() -> None:
    instance = instance_of("var x\nminimize exp(x) + log(x) + sqrt(x) + sin(x) + cos(x)")
    assert float(objective_value(instance, fractions(1))) == pytest.approx(
        math.e + 1 + math.sin(1) + math.cos(1)
    )


@pytest.mark.parametrize(
    "expression", ["1 / x", "log(x)", "sqrt(x - 1)", "x ^ -1", "(x - 1) ^ 0.5"]
)
def test_where_a_function_has_no_value_is_told(expression: str) -> None:
    tree = instance_of(f"var x\nminimize {expression}").nonlinear_cost
    assert tree is not None
    with pytest.raises((ValueError, ZeroDivisionError)):
        value_of(tree, fractions(0))


# ------------------------------------------------------------------- duality

FACTORY = """var chairs >= 0
var tables >= 0
maximize 3 chairs + 5 tables
wood: chairs <= 4 + 0 * tables
saw: 2 tables <= 12
paint: 3 chairs + 2 tables <= 18
"""
"""The optimum is 36, with prices 0, 3/2 and 1 (Hillier and Lieberman's Wyndor Glass)."""


def test_the_right_prices_prove_an_optimum() -> None:
    instance = instance_of(FACTORY)
    assert dual_bound(instance, fractions(0, "1.5", 1)) == 36
    assert objective_value(instance, fractions(2, 6)) == 36


@pytest.mark.parametrize(
    ("prices", "bound"),
    [
        (fractions(0, "2.5", 1), 48),
        (fractions(3, "2.5", 0), 42),
        (fractions(0, "1.5", "0.999"), None),
        (fractions(0, 1, 1), None),
        (fractions(0, "1.5", -1), None),
        (fractions(-1, 4, 4), None),
        (fractions(0, 0, 0), None),
    ],
)
def test_other_prices_prove_less_or_nothing(
    prices: tuple[Fraction, ...], bound: int | None
) -> None:
    assert dual_bound(instance_of(FACTORY), prices) == bound


def test_bounds_of_columns_take_part_in_proofs() -> None:
    instance = instance_of("var x >= 2 <= 5\nvar y >= -1 <= 3\nminimize 2 x - y + 1")
    assert dual_bound(instance, ()) == 2 * 2 - 3 + 1
    greatest = instance_of("var x >= 2 <= 5\nvar y >= -1 <= 3\nmaximize 2 x - y + 1")
    assert dual_bound(greatest, ()) == 2 * 5 + 1 + 1


NEVER = "var x >= 0 <= 3\nvar y >= 0\nmaximize x\nlow: x + y <= 2\nhigh: x + 2 y >= 5\n"


def test_farkas_multipliers_prove_that_there_is_no_point() -> None:
    instance = instance_of(NEVER)
    assert dual_bound(instance, fractions(-2, 1), cost=False) == 1
    assert dual_bound(instance, fractions(2, 1), cost=False) is None
    assert dual_bound(instance, fractions("-1.5", 1), cost=False) is None
    assert dual_bound(instance, fractions(-3, 1), cost=False) == -1
    assert dual_bound(instance, fractions(0, 0), cost=False) == 0


def test_bounds_in_conflict_prove_that_there_is_no_point() -> None:
    instance = instance_of("var x >= 3 <= 2.5\nvar y >= 0\nminimize y\nc: x + y >= 1")
    assert dual_bound(instance, fractions(0), cost=False) == Fraction(1, 2)
    assert dual_bound(instance, fractions(0), cost=True) == 0, "of the objective it says nothing"


SMALL = st.integers(-4, 4)


@st.composite
def feasible(draw: st.DrawFn) -> tuple[Instance, tuple[Fraction, ...]]:
    """A linear model, and a point that keeps to it."""
    point = draw(st.lists(SMALL, min_size=1, max_size=3))
    lines = [
        f"var x{k} >= {value - draw(st.integers(0, 3))} <= {value + draw(st.integers(0, 3))}"
        for k, value in enumerate(point)
    ]
    terms = st.lists(SMALL, min_size=len(point), max_size=len(point))

    def said(row: list[int]) -> str:
        return " + ".join(f"({value}) * x{k}" for k, value in enumerate(row))

    sense = draw(st.sampled_from(["minimize", "maximize"]))
    lines.append(f"{sense} {said(draw(terms))} + ({draw(SMALL)})")
    for number, row in enumerate(draw(st.lists(terms, max_size=3))):
        value = sum(a * b for a, b in zip(row, point, strict=True))
        sign, right = draw(
            st.sampled_from(
                [("<=", value), ("<=", value + 2), (">=", value), (">=", value - 3), ("=", value)]
            )
        )
        lines.append(f"c{number}: {said(row)} {sign} {right}")
    return instance_of("\n".join(lines)), fractions(*point)


@settings(max_examples=200)
@given(feasible(), st.data())
def test_no_multipliers_prove_more_than_is_true(
    made: tuple[Instance, tuple[Fraction, ...]], data: st.DataObject
) -> None:
    instance, point = made
    number = st.builds(Fraction, SMALL, st.integers(1, 3))
    multipliers = data.draw(st.lists(number, min_size=instance.rows, max_size=instance.rows))
    assert not list(violations(instance, point))
    assert (dual_bound(instance, multipliers, cost=False) or 0) <= 0, "there is a point"
    bound = dual_bound(instance, multipliers)
    if bound is not None:
        best = objective_value(instance, point)
        assert bound <= best if str(instance.sense) == "minimize" else bound >= best


# ------------------------------------------------------------------- rays

OPEN = "var x >= 0\nvar y >= 1 <= 9\nvar z\nmaximize x + z\nc: x - z <= 4\nd: 1 <= x + y\n"


@pytest.mark.parametrize(
    ("direction", "gain", "left"),
    [
        (fractions(1, 0, 1), 2, []),
        (fractions(0, 0, 1), 1, []),
        (fractions(1, 0, 0), 1, ["c"]),
        (fractions(1, "0.001", 1), 2, ["y"]),
        (fractions(-1, 0, 0), -1, ["x", "d"]),
        (fractions(0, -1, 3), 3, ["y", "d"]),
    ],
)
def test_where_a_direction_leads(
    direction: tuple[Fraction, ...], gain: int, left: list[str]
) -> None:
    instance = instance_of(OPEN)
    assert improves(instance, direction) == gain
    assert list(recession_violations(instance, direction)) == left
    turned = replace(instance, cost=-instance.cost)
    assert improves(turned, direction) == -gain
