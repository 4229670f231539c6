"""Where solvers round, stop early, or take too little for nothing."""

from __future__ import annotations

import asyncio
from fractions import Fraction

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.solvers import SolverName, read_solver
from neurosym.candidate import CheckState
from neurosym.errors import OptionError
from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.language.reader import read_model
from neurosym.status import Status
from tests.backends.optimization.settling import settled

# ------------------------------------------------------------------- what is told to solvers


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (None, "auto"),
        ("highs", "highs"),
        ("scip(gap=0.001)", "scip(gap=0.001)"),
        ("auto(gap=0, nodes=100)", "auto(gap=0.0, nodes=100)"),
    ],
)
def test_a_solver_is_read_as_it_is_written(text: str | None, written: str) -> None:
    spec = read_solver(text)
    assert str(spec) == written
    assert read_solver(written) == spec


@pytest.mark.parametrize("text", ["scp", "scip(gap=2)", "highs(nodes=-1)", "cbc(speed=3)", "("])
def test_a_solver_that_is_none_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(OptionError) as caught:
        OptimizationBackend(solver=text)
    assert caught.value.hint
    assert "<" not in caught.value.hint


KNAPSACK = (
    "set Things = "
    + ", ".join(f"t{i}" for i in range(40))
    + "\nparam size{Things} = "
    + ", ".join(f"t{i}: {(i * 7919) % 97 + 40}" for i in range(40))
    + "\nvar take{t in Things} binary\n"
    "maximize kept: sum{t in Things} (size[t] + 3) * take[t]\n"
    "room: sum{t in Things} size[t] * take[t] <= 1501"
)


@pytest.mark.parametrize("solver", ["highs", "cbc", "scip"])
def test_a_gap_ends_a_search_early_and_is_told(solver: str) -> None:
    backend = OptimizationBackend(solver=f"{solver}(gap=0.2)", workers=1)
    try:
        outcome, _, found, checks = settled(backend, KNAPSACK)
    finally:
        backend.close()
    assert outcome.status is Status.SOLVED
    assert found.gap == 0.2
    assert checks["agreement"].state is CheckState.PASSED, "both are within the gap"


def test_a_limit_of_nodes_ends_a_search_and_its_best_decision_is_kept() -> None:
    backend = OptimizationBackend(solver="scip(gap=0, nodes=20)", workers=1)
    try:
        outcome, _, found, checks = settled(backend, EOQ)
    finally:
        backend.close()
    assert outcome.status is Status.TIMEOUT
    assert outcome.answer is None
    assert found.objective == pytest.approx(447.2135955)
    assert "nothing passes 447.21" in checks["proof"].detail


def test_what_cannot_count_nodes_is_not_asked_to() -> None:
    text = "var a integer >= 0 <= 9\nvar b integer >= 0 <= 9\nmaximize a + b\nc: a <= 3 or b <= 4"
    found = {}
    for solver in ("auto", "auto(nodes=1000)"):
        backend = OptimizationBackend(solver=solver, workers=1)
        try:
            found[solver] = settled(backend, text)[2].solver.split()[0]
        finally:
            backend.close()
    assert found == {"auto": "CP-SAT", "auto(nodes=1000)": "HiGHS"}
    limited = OptimizationBackend(solver=f"{SolverName.CPSAT}(nodes=5)", workers=1)
    try:
        with pytest.raises(OptionError, match="cannot solve this model"):
            asyncio.run(limited.run(read_model(text), Limits(seconds=5)))
    finally:
        limited.close()


# ------------------------------------------------------------------- what solvers round

EOQ = "var x >= 1 <= 10000\nminimize cost: 50000/x + x"
CAN = (
    "var r >= 0.1 <= 100\nvar h >= 0.1 <= 100\n"
    "minimize 2*3.14159*r^2 + 2*3.14159*r*h\nv: 3.14159*r^2*h >= 500"
)


@pytest.mark.parametrize(("text", "optimum"), [(EOQ, 447.2135955), (CAN, 348.7341)])
def test_convex_models_that_are_not_linear_end(
    backend: OptimizationBackend, text: str, optimum: float
) -> None:
    outcome, _, found, checks = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert outcome.answer == pytest.approx(optimum, rel=1e-5)
    assert found.seconds < 10
    assert "nothing passes" in checks["proof"].detail


@pytest.mark.parametrize(
    "text",
    [
        "var x >= -5 <= 5\nvar y >= -5 <= 5\n"
        "minimize 1000000000*x^2 + 0.000001*y^2 - 0.000004*y\nc: x + y >= 1",
        "var x >= 0 <= 1\nvar y >= 0 <= 1000000\nmaximize x*y\nc: x^2 <= 0.000000000001",
    ],
)
def test_numbers_far_apart_are_seen_in_what_is_not_linear(
    backend: OptimizationBackend, text: str
) -> None:
    _, _, _, checks = settled(backend, text)
    assert checks["scaling"].state is CheckState.FAILED


def test_a_power_is_no_number_to_measure(backend: OptimizationBackend) -> None:
    text = "var x >= 0 <= 2\nmaximize x^3 - x^2 + 1000000 * x\nc: 1000000 * x <= 1000000"
    _, _, _, checks = settled(backend, text)
    assert checks["scaling"].state is CheckState.PASSED


@pytest.mark.parametrize(
    "text",
    [
        "var x\nminimize x\nc: x >= 1\nd: x <= 0.99999999",
        "var x\nvar y\nminimize x\nc: x + y >= 1\nd: x + y <= 0.9999999",
        "var x >= 0\nvar y >= 0\nmaximize x + y\nc: x + 2*y <= 3\nd: 2*x + 4*y >= 6.0000001",
    ],
)
def test_what_no_point_keeps_exactly_is_proved_to_have_none(
    backend: OptimizationBackend, text: str
) -> None:
    outcome, _, found, checks = settled(backend, text)
    assert outcome.status is Status.INFEASIBLE
    assert (dual_bound(read_model(text).instance, found.multipliers, cost=False) or 0) > 0
    assert checks["proof"].state is CheckState.PASSED
    assert len(found.conflict) == 2


def test_a_point_that_rounding_makes_fit_gives_way_to_one_that_fits(
    backend: OptimizationBackend,
) -> None:
    outcome, _, found, checks = settled(
        backend,
        "var x >= 0\nvar y >= 0\nvar b binary\nvar d binary\nminimize x + 2*y + 30*b + 10*d\n"
        "c1: x <= 100000000*b\nc2: y <= 100000000*d\nc3: x + y >= 25",
    )
    assert outcome.answer == 55
    assert found.values == (25, 0, 1, 0)
    assert checks["feasibility"].state is CheckState.PASSED
    assert checks["agreement"].state is not CheckState.FAILED


def test_half_of_a_thing_is_not_rounding_however_many_there_are() -> None:
    from neurosym.formal.optimization.certificates import violations

    model = read_model("var x integer >= 0 <= 100000000\nmaximize x")
    [broken] = violations(model.instance, [Fraction("10000000.4")])
    assert broken.relative == pytest.approx(0.4)


def test_what_is_missing_of_a_model_without_end_is_named(backend: OptimizationBackend) -> None:
    _, _, _, checks = settled(backend, "var x >= 0\nvar y\nmaximize 2*x - y\nc: x + y <= 4")
    assert checks["proof"].state is CheckState.PASSED
    assert "y >= …" in checks["proof"].detail
