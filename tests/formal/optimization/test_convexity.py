"""Whether a quadratic objective is convex, and how it is multiplied out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.formal.optimization.certificates import objective_value
from neurosym.formal.optimization.convexity import has_convex_cost, multiplied_out
from neurosym.formal.optimization.language.reader import read_model


@pytest.mark.parametrize(
    ("objective", "is_convex"),
    [
        ("minimize x + y + x^2 + 2*x*y + 3*y^2", True),
        ("maximize x*(500 - 4*x) - y^2", True),
        ("minimize (x + y)^2", True),
        ("minimize x^2 - y", True),
        ("minimize 1000000000000*x^2 + y^2", True),
        ("maximize x^2", False),
        ("minimize x*y", False),
        ("minimize x^2 + 3*x*y + 2*y^2", False),
        ("minimize 1000000000000*x^2 - y^2", False),
        ("minimize x^2*y", False),
        ("minimize x + y", False),
        ("minimize x*y + y - y*x", False),
    ],
)
def test_convex_objectives_are_known(objective: str, is_convex: bool) -> None:
    instance = read_model(f"var x\nvar y\n{objective}\nc: x + y >= 4").instance
    assert has_convex_cost(instance) is is_convex


@pytest.mark.parametrize(
    "rest", ["var y integer\nminimize x^2", "var y\nminimize x^2\nc: x*y >= 1"]
)
def test_what_else_is_not_linear_is_not_for_a_solver_of_convex_ones(rest: str) -> None:
    assert not has_convex_cost(read_model(f"var x\n{rest}").instance)


def test_an_objective_that_is_multiplied_out_is_the_same() -> None:
    instance = read_model("var x\nvar y\nminimize 3 + x - 2*(x - 2*y + 1)^2 + x*y").instance
    other = multiplied_out(instance)
    for x, y in ((0, 0), (1, 0), (0, 1), (2, -3), (Fraction(1, 3), 5)):
        point = (Fraction(x), Fraction(y))
        assert objective_value(other, point) == objective_value(instance, point)
