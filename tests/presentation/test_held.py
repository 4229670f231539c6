"""Constraints at a point, as they were written."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from neurosym.backends.optimization.auxiliary import feasibility
from neurosym.backends.optimization.solvers import SolverName
from neurosym.backends.optimization.task import Ending, task_of
from neurosym.backends.optimization.workers import Workers
from neurosym.formal.optimization.language.reader import read_model
from neurosym.presentation.held import Point

LOGIC = """set P = a, b
param fix{P} = a: 10, b: 20
var x{p in P} integer >= 0 <= 8
var on{p in P} binary
maximize profit: sum{p in P} (5*x[p] - fix[p]*on[p])
link{p in P}: if x[p] > 0 then on[p] = 1
some: x['a'] >= 3 or x['b'] >= 3
one: at_most 1 of (on['a'] = 1, on['b'] = 1)
"""


def faults(text: str, *values: float) -> list[tuple[str, str]]:
    point = Point(read_model(text), [Fraction(value) for value in values])
    return [(item.name, item.how) for item in point.broken()]


def test_logic_is_taken_at_its_word() -> None:
    assert faults(LOGIC, 0, 8, 0, 1) == []
    assert Point(read_model(LOGIC), list(map(Fraction, (0, 8, 0, 1)))).objective() == 20
    told = faults(LOGIC, 2, 2, 1, 0)
    assert [name for name, _ in told] == ["link[b]", "some"]
    assert told[0][1] == "if x[p] > 0 then on[p] = 1 does not hold"
    assert [name for name, _ in faults(LOGIC, 3, 3, 1, 1)] == ["one"]


def test_pieces_are_between_their_points_and_nowhere_else() -> None:
    text = "var x >= 0\nvar r >= 0\nmaximize r\nc: r <= piecewise(x, (0, 0), (10, 50), (30, 110))"
    assert faults(text, 20, 80) == []
    assert faults(text, 20, 81) == [("c", "81 <= 80 does not hold")]
    assert faults(text, 31, 0) == [("c", "is not defined at this point")]


def test_bounds_and_whole_numbers_hold_but_for_rounding() -> None:
    text = "param most = 5\nvar x integer >= 1 <= most\nmaximize x"
    assert faults(text, 5 + 1e-8) == []
    assert faults(text, 0.5) == [("x", "0.5 >= 1 does not hold"), ("x", "0.5 is not whole")]


@pytest.mark.parametrize(("value", "held"), [(4, True), (5, False), (5 + 1e-9, False)])
def test_a_strict_limit_of_whole_numbers_is_strict(value: float, held: bool) -> None:
    assert (faults("var x integer >= 0\nmaximize x\nc: x < 5", value) == []) is held


def test_what_has_no_value_at_a_point_says_so() -> None:
    text = "var x >= 0 <= 1\nmaximize 1 / x\nc: log(x) <= 3"
    assert faults(text, 0) == [("c", "is not defined at this point")]
    assert Point(read_model(text), [Fraction(0)]).objective() is None


def test_a_strict_limit_is_exact_of_whole_numbers_and_kept_by_equality_of_others() -> None:
    text = "var x{} >= 0\nvar y{} >= 0\nmaximize x\nc: x * y < 6"
    whole, others = text.format(" integer", " integer"), text.format("", "")
    assert faults(whole, 2, 3) == [("c", "6 < 6 does not hold")]
    assert faults(whole, 2, 2.999999999) == [("c", "6 < 6 does not hold")]
    assert faults(others, 2, 3) == []
    assert faults(others, 2, 3.1) == [("c", "6.2 < 6 does not hold")]


EVERYTHING = """var x integer >= 0 <= 6
var y integer >= 0 <= 6
var z integer >= -3 <= 6
maximize x + piecewise(y, (0, 1), (2, 5), (6, 0))
a: if x > 2 then y != 3
b: exactly 2 of (x >= 3, y >= 3, z <= 0)
c: x < y + 4
d: z != x
e: x <= piecewise(z, (-3, 0), (0, 4), (6, 5))
f: x = 1 or y < 5 or z > 2
"""


async def test_what_holds_as_written_is_what_a_solver_finds_helping_columns_for() -> None:
    model = read_model(EVERYTHING)
    instance = model.instance
    draw = random.Random(0)
    workers = Workers(workers=1)
    held = []
    try:
        for _ in range(60):
            values = [Fraction(draw.randint(low, 6)) for low in (0, 0, -3)]
            lower, upper = instance.lower.copy(), instance.upper.copy()
            lower[:3] = upper[:3] = values
            fixed = feasibility(replace(instance, lower=lower, upper=upper))
            answer = await workers.solve(SolverName.HIGHS, task_of(fixed, seconds=10))
            held.append(not list(Point(model, values).broken()))
            assert held[-1] is (answer.ending is Ending.OPTIMAL), values
    finally:
        workers.close()
    assert 0 < sum(held) < 60
