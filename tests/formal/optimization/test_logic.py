"""Logic and piecewise functions as rows: they allow what the claim allows, and no more."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from neurosym.backends.optimization import highs
from neurosym.backends.optimization.auxiliary import feasibility
from neurosym.backends.optimization.task import Ending, task_of
from neurosym.errors import FormulationError
from neurosym.formal.optimization.expression import (
    ZERO,
    Comparison,
    Constant,
    Expression,
    Piecewise,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Domain,
    Implies,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)
from tests.formal.optimization.brute_force import Point, box_points, column_point, holds_at

SMALL = st.builds(Fraction, st.integers(-3, 3), st.sampled_from([1, 1, 2, 3]))


@st.composite
def linear(draw: DrawFn, names: list[str]) -> Expression:
    terms = [
        multiply(Constant(draw(SMALL)), Reference(name))
        for name in draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    ]
    return add(*terms, Constant(draw(SMALL)))


@st.composite
def relations(draw: DrawFn, names: list[str]) -> Relation:
    sides = [draw(linear(names)) for _ in range(2)]
    return Relation(sides[0], draw(st.sampled_from(Comparison)), sides[1])


@st.composite
def piecewise_relations(draw: DrawFn, names: list[str]) -> Relation:
    places = sorted(draw(st.lists(SMALL.map(lambda x: 2 * x), min_size=2, max_size=4, unique=True)))
    points = tuple((place, draw(SMALL)) for place in places)
    value = Piecewise(draw(linear(names)), points)
    side = add(value, draw(linear(names)))
    # Two strict sides would need a gap that continuous mixtures of the points do not have.
    signs = [Comparison.AT_MOST, Comparison.EQUAL, Comparison.AT_LEAST]
    return Relation(side, draw(st.sampled_from(signs)), draw(linear(names)))


@st.composite
def claims(draw: DrawFn, names: list[str]) -> Claim:
    inside = relations(names)
    match draw(st.sampled_from(["differ", "implies", "any", "count", "pieces", "if pieces"])):
        case "differ":
            return replace(draw(inside), comparison=Comparison.DIFFERENT)
        case "implies":
            return Implies(draw(inside), draw(inside))
        case "any":
            return AnyOf(tuple(draw(st.lists(inside, min_size=2, max_size=3))))
        case "pieces":
            return draw(piecewise_relations(names))
        case "if pieces":
            return Implies(draw(inside), draw(piecewise_relations(names)))
    parts = tuple(draw(st.lists(inside, min_size=1, max_size=3)))
    signs = [Comparison.AT_MOST, Comparison.AT_LEAST, Comparison.EQUAL]
    return Count(draw(st.sampled_from(signs)), draw(st.integers(0, len(parts))), parts)


@st.composite
def boxed_models(draw: DrawFn) -> Model:
    """Whole variables within few values, and one or two claims about them."""
    variables = []
    for name in ["x", "y", "z"][: draw(st.integers(1, 3))]:
        lower = draw(st.integers(-2, 1))
        upper = Constant(Fraction(lower + draw(st.integers(0, 3))))
        variables.append(Variable(name, (), Domain.INTEGER, Constant(Fraction(lower)), upper))
    names = [variable.name for variable in variables]
    found = draw(st.lists(claims(names), min_size=1, max_size=2))
    constraints = tuple(Constraint(f"c{k}", claim) for k, claim in enumerate(found))
    return Model(Objective(Sense.MINIMIZE, ZERO), constraints, tuple(variables))


def is_allowed(model: Model, point: Point) -> bool:
    """Whether HiGHS finds values for the columns that were added, with the variables held."""
    instance = feasibility(model.instance)
    x = column_point(model, point)
    lower, upper = instance.lower.copy(), instance.upper.copy()
    lower[: len(x)] = upper[: len(x)] = np.array([*x, None], dtype=object)[:-1]
    held = replace(instance, lower=lower, upper=upper)
    ending = highs.solve(task_of(held, seconds=10)).ending
    assert ending in (Ending.OPTIMAL, Ending.INFEASIBLE)
    return ending is Ending.OPTIMAL


@settings(max_examples=200)
@given(boxed_models())
def test_rows_allow_the_points_that_the_claims_allow(model: Model) -> None:
    for point in box_points(model):
        assert is_allowed(model, point) == holds_at(model, point), dict(point)


# ------------------------------------------------------------------- by hand


def allowed(text: str) -> list[tuple[int, ...]]:
    """All whole points within the bounds that the rows allow."""
    model = read_model(text)
    return [
        tuple(map(int, column_point(model, point)))
        for point in box_points(model)
        if is_allowed(model, point)
    ]


TWO = "var x integer >= 0 <= 2\nvar y integer >= 0 <= 2\nminimize 0\n"


@pytest.mark.parametrize(
    ("claim", "points"),
    [
        ("if x >= 1 then y = 2", [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)]),
        ("x != y", [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]),
        ("x >= 2 or y >= 2", [(0, 2), (1, 2), (2, 0), (2, 1), (2, 2)]),
        ("exactly 1 of (x = 2, y = 2)", [(0, 2), (1, 2), (2, 0), (2, 1)]),
        ("at_most 0 of (x >= 1, y >= 1)", [(0, 0)]),
        ("at_least 2 of (x < 1, y < 1, x + y > 3)", [(0, 0)]),
        ("y = piecewise(x, (0, 2), (1, 0), (2, 2))", [(0, 2), (1, 0), (2, 2)]),
        ("y >= piecewise(x, (0.5, 0), (2, 1.5))", [(1, 1), (1, 2), (2, 2)]),
    ],
)
def test_what_claims_allow(claim: str, points: list[tuple[int, ...]]) -> None:
    assert allowed(TWO + f"c: {claim}") == points


def test_logic_for_each_element_of_a_set_that_is_meant() -> None:
    text = (
        "set S = a, b, c\nvar x{i in S} binary >= 0 <= 1\nminimize 0\n"
        "c{i in S, j in S: i < j, i != b}: if x[i] = 1 then x[j] = 0"
    )
    assert allowed(text) == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0)]


def test_a_piecewise_function_for_each_element_in_the_objective() -> None:
    model = read_model(
        "set S = a, b\nparam at{S} = a: 1, b: 3\nvar x{i in S} >= 0 <= 4\n"
        "minimize sum{i in S} piecewise(x[i], (0, 0), (2, 4), (4, 5))\nc{i in S}: x[i] >= at[i]"
    )
    answer = highs.solve(task_of(model.instance, seconds=10))
    assert answer.ending is Ending.OPTIMAL
    assert answer.objective == pytest.approx(2 + 4.5)


def test_columns_that_were_added_are_told_apart_from_the_variables() -> None:
    instance = read_model(TWO + "c: x != y").instance
    assert (instance.columns, instance.auxiliary) == (4, 2)
    assert instance.integer.tolist() == [True] * 4


# ------------------------------------------------------------------- what rows cannot say


@pytest.mark.parametrize(
    ("declared", "claim", "column"),
    [
        ("var x >= 0", "if y >= 1 then x <= 5", "x"),
        ("set S = a, b\nvar x{i in S} <= 9", "x[a] >= 3 or x[b] >= 3", "x[a]"),
        ("var x integer", "x != 3", "x"),
        ("var x integer >= 0", "at_least 1 of (x + y = 2, y = 0)", "x"),
    ],
)
def test_a_bound_that_is_missing_is_named(declared: str, claim: str, column: str) -> None:
    model = read_model(f"{declared}\nvar y binary\nminimize 0\nfork: {claim}")
    with pytest.raises(FormulationError) as caught:
        _ = model.instance
    assert f"constraint fork needs bounds: {column} has none" in str(caught.value)
    assert "least and a greatest value" in caught.value.hint


def test_a_bound_that_is_missing_in_some_of_many_is_named() -> None:
    model = read_model(
        "set S = a, b\nparam f{S} = a: 0, b: 1\nvar x\nminimize 0\n"
        "each{i in S}: at_most 0 of (1 < f[i] * x)"
    )
    with pytest.raises(FormulationError, match="needs bounds: x has none"):
        _ = model.instance


@pytest.mark.parametrize(
    "claim", ["x != y", "if x >= 1 then y <= 2", "if x = 1 then y = 2", "x > 1 or y > 1"]
)
def test_a_strict_inequality_of_continuous_values_in_logic_is_refused(claim: str) -> None:
    model = read_model(f"var x >= 0 <= 9\nvar y >= 0 <= 9\nminimize 0\nfork: {claim}")
    with pytest.raises(FormulationError, match="constraint fork needs a strict") as caught:
        _ = model.instance
    assert "integers" in caught.value.hint


def test_what_the_hint_at_a_condition_of_continuous_values_says_can_be_done() -> None:
    text = "var x >= 0 <= 9\nvar y binary\nmaximize x - 20 * y\nc: if x {sign} 1 then y = 1"
    with pytest.raises(FormulationError) as caught:
        _ = read_model(text.format(sign=">=")).instance
    assert "> in place of >=" in caught.value.hint
    answer = highs.solve(task_of(read_model(text.format(sign=">")).instance, seconds=10))
    assert answer.objective == pytest.approx(1)


def test_logic_of_continuous_values_that_needs_no_strict_inequality_is_held() -> None:
    model = read_model(
        "var x >= 0 <= 9\nvar on binary\nmaximize x - 3 on\nc: if on < 1 then x <= 2.5"
    )
    answer = highs.solve(task_of(model.instance, seconds=10))
    assert answer.objective == pytest.approx(6)
