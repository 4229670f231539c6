"""What limits a decision, as a person wrote it down and not as a solver was told it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import Findings, found_of
from neurosym.backends.optimization.steps import Rates
from neurosym.backends.optimization.task import Ending
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.presentation.decision import BINDING, NO_SLACK, decision_table, limits_table
from neurosym.presentation.limits import limits_of, why_no_prices


async def solved(text: str) -> tuple[Model, Findings]:
    backend = OptimizationBackend(workers=1)
    try:
        outcome = await backend.run(read_model(text), Limits(seconds=20))
    finally:
        await backend.aclose()
    known = found_of(outcome)
    assert known is not None
    return known


FLOUR = """param flour = {}
var x >= 0
var y >= 0
maximize profit: 2*x + 3*y
a: {}
b: 4 >= y
"""


@pytest.mark.parametrize("claim", ["x + y <= flour", "flour >= x + y", "flour - x >= y"])
async def test_a_shadow_price_is_of_one_more_whatever_side_the_limit_is_on(claim: str) -> None:
    model, found = await solved(FLOUR.format(10, claim))
    _, more = await solved(FLOUR.format(11, claim))
    prices = {item.name: item.price for item in limits_of(model, found)}
    assert found.objective is not None
    assert more.objective is not None
    assert prices == {"a": more.objective - found.objective, "b": 1}
    assert prices["a"] == 2


async def test_the_price_of_a_demand_written_first_is_what_one_more_costs() -> None:
    text = "var x >= 0\nvar y >= 0\nminimize cost: 2*x + 3*y\na: 10 <= x + y\nb: x <= 4"
    assert [item.price for item in limits_of(*await solved(text))] == [3, -1]


async def test_where_more_limits_meet_than_fix_a_decision_less_and_more_have_a_price_each() -> None:
    text = "var x >= 0\nvar y >= 0\nmaximize x + y\nflour: x <= 1\nsugar: y <= 1\noven: x + y <= {}"
    model, found = await solved(text.format(2))
    assert [item.price for item in limits_of(model, found)] == [None, None, None]
    assert [item.rates for item in limits_of(model, found)] == [Rates(Fraction(1), Fraction(0))] * 3
    table = limits_table(model, found)
    assert [row[3] for row in table.rows] == ["0 to 1"] * 3
    assert "may have two prices" in table.below
    for room, prices in (("1.5", [0, 0, 1]), ("3", [1, 1, 0])):
        model, found = await solved(text.format(room))
        assert [item.price for item in limits_of(model, found)] in (prices, [0, 0, 1])
        assert not why_no_prices(model, found)


async def test_a_limit_has_its_price_whatever_meets_elsewhere() -> None:
    text = (
        "var a >= 0 <= 3\nvar b >= 0\nvar p >= 0\nmaximize 3*a + 2*b + 5*p\n"
        "c1: a + b <= 4\nc2: a + 3*b <= 6\nc3: 9 >= 2*p\nc4: 0*p <= 0"
    )
    known = await solved(text)
    prices = {row[0]: row[3] for row in limits_table(*known).rows}
    assert prices == {
        "c1": "0 to 2", "c2": "0 to 0.6666666667", "c3": "2.5", "c4": "0 for more",
        "a": "1 to 2.333333333",
    }  # fmt: skip


async def test_equations_that_say_too_much_together_have_no_price_alone() -> None:
    text = (
        "set P = a, b\nset Q = c, d\nvar x{p in P, q in Q} >= 0\n"
        "minimize x['a', 'c'] + 4*x['a', 'd'] + 2*x['b', 'c'] + 3*x['b', 'd']\n"
        "one{p in P}: sum{q in Q} x[p, q] = 1\nother{q in Q}: sum{p in P} x[p, q] = 1"
    )
    assert [row[3] for row in limits_table(*await solved(text)).rows] == ["–"] * 4


async def test_in_a_large_model_the_limits_are_not_moved_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("neurosym.backends.optimization.prices.MAX_SIZE", 1)
    model, found = await solved(
        "var x >= 0\nvar y >= 0\nmaximize x + y\na: x <= 1\nb: y <= 1\nc: x + y <= 2"
    )
    assert [item.rates for item in limits_of(model, found)] == [None, None, None]
    assert "more limits meet" in limits_table(model, found).below


PLANTS = """set P = Oslo, Bergen
set M = north, south
param cap{P} = Oslo: 120, Bergen: 90
var ship{p in P, m in M} >= 0
minimize sum{p in P, m in M} ship[p, m]
supply{p in P}: cap[p] >= sum{m in M} ship[p, m]
demand{m in M}: sum{p in P} ship[p, m] >= 70
"""


async def test_a_constraint_over_sets_says_what_it_does_of_each_element() -> None:
    known = await solved(PLANTS)
    assert [(item.name, item.says) for item in limits_of(*known)] == [
        ("supply[Oslo]", "ship[Oslo,north] + ship[Oslo,south] <= 120"),
        ("supply[Bergen]", "ship[Bergen,north] + ship[Bergen,south] <= 90"),
        ("demand[north]", "ship[Oslo,north] + ship[Bergen,north] >= 70"),
        ("demand[south]", "ship[Oslo,south] + ship[Bergen,south] >= 70"),
    ]
    assert "from" not in limits_table(*known).columns, "none of them has a sentence"


async def test_pieces_of_the_objective_are_no_constraints() -> None:
    alone = "var x >= 0 <= 20\nmaximize z: x - piecewise(x, (0, 0), (10, 15), (20, 20))"
    assert limits_table(*await solved(alone)).rows == ()
    text = (
        "var x integer >= 0 <= 20\nvar y integer >= 0 <= 20\n"
        "minimize z: piecewise(x, (0, 0), (10, 50), (20, 70)) + 4*y\n"
        'need @2: x + y >= 30 "At least 30 units."'
    )
    assert limits_table(*await solved(text)).rows == (
        ("need", "x + y >= 30", BINDING, "2: At least 30 units."),
        ("x", "x <= 20", BINDING, ""),
    )


async def test_pieces_of_the_objective_are_said_once_where_they_conflict() -> None:
    backend = OptimizationBackend(workers=1)
    text = "var x >= 0\nminimize z: piecewise(x, (0, 0), (10, 50), (20, 70))\nneed: x >= 30"
    try:
        outcome = await backend.run(read_model(text), Limits(seconds=20))
    finally:
        await backend.aclose()
    assert outcome.evidence["reason"] == (
        "these cannot hold together: need: x >= 30; z: piecewise(x, (0, 0), (10, 50), (20, 70))"
    )


async def test_logic_and_pieces_are_one_constraint_however_many_rows_they_take() -> None:
    text = """set P = a, b
var x{p in P} integer >= 0 <= 8
var r >= 0
maximize r - x['b']
differ{p in P}: x[p] != 2
gain: r <= piecewise(x['a'], (0, 0), (4, 10), (8, 12))
"""
    model, found = await solved(text)
    assert [row[:3] for row in limits_table(model, found).rows] == [
        ("differ[a]", "x[p] != 2", NO_SLACK),
        ("differ[b]", "x[p] != 2", NO_SLACK),
        ("gain", "r <= piecewise(x[a], (0, 0), (4, 10), (8, 12))", BINDING),
        ("x[a]", "x[a] <= 8", BINDING),
    ]
    assert [row[0] for row in decision_table(model, found).rows][:3] == ["x[a]", "x[b]", "r"]


async def test_bounds_that_hold_a_solution_are_limits_with_a_price() -> None:
    text = (
        "param most = 3\nvar x >= 1 <= most\nvar y >= 0 <= 9\nvar z >= 0\n"
        "maximize 2*x + y\nc: y + x + z <= 5\nd: z <= 4"
    )
    limits = {item.name: item for item in limits_of(*await solved(text))}
    assert limits["x"].says == "x <= most"
    assert limits["x"].price == 1
    assert limits["d"].slack == 4
    assert set(limits) == {"c", "d", "x"}


def test_rows_that_are_not_linear_are_limits_too_and_rounding_leaves_them_binding() -> None:
    model = read_model(
        "set P = a, b\nvar x{p in P} >= 0 <= 9\nminimize sum{p in P} x[p]\n"
        "low: x['a'] + x['b'] >= 1\nvol{p in P}: x[p] ^ 2 >= 4\n"
    )
    found = Findings(
        Ending.OPTIMAL, "s", "r", values=(Fraction(2 + 1e-9), Fraction(3)), objective=Fraction(5)
    )
    limits = [(item.name, item.slack) for item in limits_of(model, found)]
    assert limits == [("low", limits[0][1]), ("vol[a]", 0), ("vol[b]", 5)]
    nowhere = read_model("var x >= 0\nminimize x\nc: 1 / x <= 4\n")
    [limit] = limits_of(nowhere, replace(found, values=(Fraction(0),)))
    assert limit.slack is None
