"""Points that refute a solver: found where they are easy to find, and never false."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.formal.optimization.certificates import objective_value, violations
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.probing import counterexample

MARGIN = Fraction(1, 10**4)


@pytest.mark.parametrize(
    ("text", "solution"),
    [
        ("var x >= 1 <= 5\nminimize log(x)", [5]),
        ("var x >= 0\nmaximize log(x + 1)", [10**6]),
        ("var x\nminimize x * x", [3]),
        ("var x <= 4\nminimize x^3", [-1]),
        ("var x integer >= 0.5 <= 6\nvar y >= 0 <= 2\nmaximize x * y\nc: x + y <= 7", [3, 2]),
    ],
)
def test_a_better_point_is_found(text: str, solution: list[int]) -> None:
    instance = read_model(text).instance
    values = [Fraction(value) for value in solution]
    objective = objective_at(text, values)
    found = counterexample(instance, values, objective, MARGIN)
    assert found is not None
    assert not [*violations(instance, found)]
    better = objective_at(text, list(found)) - objective
    assert better > 0 if "maximize" in text else better < 0


def objective_at(text: str, values: list[Fraction]) -> Fraction:
    return objective_value(read_model(text).instance, values)


@pytest.mark.parametrize(
    ("text", "solution"),
    [
        ("var x >= 1 <= 5\nminimize log(x)", [1]),
        ("var x integer >= 0.5 <= 5.5\nmaximize x * x", [5]),
        ("var x\nminimize x * x", [0]),
    ],
)
def test_of_an_optimum_there_is_none(text: str, solution: list[int]) -> None:
    values = [Fraction(value) for value in solution]
    objective = objective_at(text, values)
    assert counterexample(read_model(text).instance, values, objective, MARGIN) is None


def test_a_point_where_there_is_said_to_be_none() -> None:
    feasible = read_model(
        "var x >= 0 <= 4\nvar y >= 0\nminimize x\nc: x*y <= 0\nd: x >= 2"
    ).instance
    found = counterexample(feasible, (), None, MARGIN)
    assert found is not None
    assert not [*violations(feasible, found)]
    none = read_model("var x >= 0 <= 4\nminimize x\nc: x*x <= -1").instance
    assert counterexample(none, (), None, MARGIN) is None
    assert counterexample(read_model("minimize 3").instance, (), None, MARGIN) is None
