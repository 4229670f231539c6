"""One contract for all solvers: the same models, the same optima; what one cannot take is said."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pulp
import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization import cbc, highs, scip
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.certify import Certifier
from neurosym.backends.optimization.choice import choose, structure_of
from neurosym.backends.optimization.findings import FINDINGS, Findings, SecondOpinion
from neurosym.backends.optimization.solvers import SolverName
from neurosym.backends.optimization.task import Answer, Ending, Task, task_of
from neurosym.backends.optimization.workers import Workers
from neurosym.candidate import CheckState, Outcome
from neurosym.checks.certified import certificate_checks
from neurosym.errors import OptionError
from neurosym.formal.optimization.certificates import objective_value, violations
from neurosym.formal.optimization.convexity import multiplied_out
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model
from neurosym.status import Status
from tests.backends.optimization.settling import settled
from tests.formal.optimization.brute_force import best

HIGHS, CBC, SCIP, CPSAT = SolverName
LINEAR = [HIGHS, CBC, SCIP]
ALL = [*SolverName]

KNAPSACK = (
    "set S = a, b, c, d\n"
    "param v{S} = a: 10, b: 13, c: 7, d: 8\nparam w{S} = a: 3, b: 4, c: 2, d: 3\n"
    "var take{i in S} binary\nmaximize sum{i in S} v[i] * take[i]\n"
    "fits: sum{i in S} w[i] * take[i] <= 7"
)

LINEAR_MODELS = {
    "two variables": ("var x >= 0\nvar y >= 0\nmaximize 3 x + 5 y\n"
                      "a: x <= 4\nb: 2 y <= 12\nc: 3 x + 2 y <= 18", 36),
    "equations": ("var x\nvar y\nminimize x - y + 2\na: x + y = 3\nb: x - y = 1.5", 3.5),
    "a range": ("var x\nminimize x\na: -2.5 <= x <= 9", -2.5),
    "at its upper bound": ("var x >= -3 <= 7.5\nvar y >= 0 <= 1\nmaximize x - y\na: x + y >= 0",
                           7.5),
    "an offset alone": ("var x >= 0 <= 1\nminimize 7\na: x >= 0.5", 7),
    "rows without columns": ("var x >= 0\nminimize x\na: 0 <= 1\nb: 2 >= 1", 0),
    "no row": ("var x >= 2\nminimize 3 x", 6),
    "nothing to decide": ("minimize 3\na: 1 <= 2", 3),
    "never": ("var x >= 0\nvar y >= 0\nminimize x\na: x + y <= 1\nb: x + y >= 2", None),
    "bounds in conflict": ("var x >= 3 <= 2\nminimize x", None),
    "a false row": ("var x >= 0 <= 1\nminimize x\na: 1 <= 0", None),
    "a false row alone": ("minimize 3\na: 1 <= 0", None),
    "no end": ("var x >= 0\nvar y >= 0\nmaximize x\na: x - y <= 1", math.inf),
    "no end and no row": ("var x\nminimize x", -math.inf),
}  # fmt: skip
"""Each with its optimum; ``None`` if there is no point, infinite if there is no end."""

MIXED_MODELS = {
    "whole and not": ("var x integer >= 0 <= 9\nvar y >= 0 <= 9\nmaximize x + y\n"
                      "a: 2 x + 2 y <= 7\nb: y <= 0.25", 3.25),
    "no end, whole and not": ("var x integer >= 0\nvar y >= 0\nmaximize x\na: x - y <= 1.5",
                              math.inf),
}  # fmt: skip

WHOLE_MODELS = {
    "knapsack": (KNAPSACK, 23),
    "decimals": ("var x integer >= 0 <= 10\nvar y integer >= 0 <= 10\nmaximize 0.1 x + 0.2 y\n"
                 "a: 0.3 x + 0.7 y <= 2.1", 0.7),
    "negative numbers": ("var x integer >= -5 <= 5\nminimize x\na: 2 x >= -7", -3),
    "without bounds": ("var x integer\nminimize x\na: x >= -7.5", -7),
    "of no account": ("var x integer\nvar y integer >= 0 <= 3\nmaximize y\na: y <= 2", 2),
    "parity": ("var x integer >= 0 <= 9\nvar y integer >= 0 <= 9\nminimize x\n"
               "a: 2 x + 4 y = 7", None),
    "no whole number between": ("var x integer >= 0.4 <= 0.6\nminimize x", None),
    "no whole end": ("var x integer >= 0\nvar y integer >= 0\nmaximize x\na: x - y <= 1", math.inf),
    "logic": ("var x integer >= 0 <= 9\nvar y integer >= 0 <= 9\nmaximize x + 2 y\n"
              "a: if x >= 1 then y <= 3\nb: x != 0\nc: at_most 1 of (x >= 7, y >= 2)", 12),
}  # fmt: skip


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    started = Workers(workers=1)
    yield started
    started.close()


def check(workers: Workers, solver: SolverName, text: str, optimum: float | None) -> None:
    instance = read_model(text).instance
    assert choose(instance, solver).first is solver
    answer = asyncio.run(workers.solve(solver, task_of(instance, seconds=20)))
    assert answer.solver.lower().startswith(solver.value.replace("cpsat", "cp-sat"))
    assert any(character.isdigit() for character in answer.solver), "its version"
    if optimum is None:
        assert answer.ending is Ending.INFEASIBLE, answer
    elif math.isinf(optimum):
        assert answer.ending is Ending.UNBOUNDED, answer
    else:
        assert answer.ending is Ending.OPTIMAL, answer
        assert answer.objective == pytest.approx(optimum, abs=1e-6)
        x = [Fraction(value) for value in answer.x.tolist()]
        assert len(x) == instance.columns
        assert float(objective_value(instance, x)) == pytest.approx(optimum, abs=1e-6)
        assert all(
            item.relative < 1e-6 for item in violations(instance, x) if item.value.denominator == 1
        )


@pytest.mark.parametrize("name", LINEAR_MODELS)
@pytest.mark.parametrize("solver", LINEAR)
def test_linear_models(workers: Workers, solver: SolverName, name: str) -> None:
    check(workers, solver, *LINEAR_MODELS[name])


@pytest.mark.parametrize("name", MIXED_MODELS)
@pytest.mark.parametrize("solver", LINEAR)
def test_models_of_whole_and_other_numbers(workers: Workers, solver: SolverName, name: str) -> None:
    check(workers, solver, *MIXED_MODELS[name])


@pytest.mark.parametrize("name", WHOLE_MODELS)
@pytest.mark.parametrize("solver", ALL)
def test_models_of_whole_numbers(workers: Workers, solver: SolverName, name: str) -> None:
    check(workers, solver, *WHOLE_MODELS[name])


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("var x >= 0 <= 10\nvar y >= 0 <= 10\nmaximize x * y\na: x + y <= 7", 12.25),
        ("var x >= -3 <= 3\nminimize x ^ 2 - 2 x + 5", 4),
        ("var x >= 0 <= 9\nvar y >= 0 <= 9\nminimize x + y\na: x * y >= 4", 4),
        ("var x integer >= 0 <= 9\nmaximize 7 x - x * x", 12),
        ("var x >= 1 <= 3\nminimize exp(x) - log(x)", math.e),
        ("var x >= -5 <= 4\nmaximize abs(x) + 1", 6),
        ("var x >= -5 <= 4\nminimize max(x, 1 - x, -9)", 0.5),
        ("var x >= 0.5 <= 4\nmaximize 3 / x", 6),
        ("var x >= 0 <= 4\nmaximize sqrt(x) + sin(0) * cos(x)", 2),
        ("var x >= 0 <= 9\nminimize x\na: x ^ 3 = 27", 3),
        ("var x >= 0 <= 3\nmaximize 2 ^ x", 8),
        ("var x >= 0 <= 9\nvar y >= 0 <= 9\nmaximize x\na: x * y >= 1\nb: x + y <= 1", None),
        ("set S = a, b\nvar x{i in S} >= 0 <= 9\nmaximize sum{i in S} (4 x[i] - x[i] ^ 2)", 8),
    ],
)
def test_models_that_are_not_linear(workers: Workers, text: str, optimum: float | None) -> None:
    instance = read_model(text).instance
    assert choose(instance, SCIP).first is SCIP, "it takes them all"
    answer = asyncio.run(workers.solve(SCIP, task_of(instance, seconds=20)))
    if optimum is None:
        assert answer.ending is Ending.INFEASIBLE
        return
    assert answer.ending is Ending.OPTIMAL
    assert answer.objective == pytest.approx(optimum, abs=1e-4)
    x = [Fraction(value) for value in answer.x.tolist()]
    assert float(objective_value(instance, x)) == pytest.approx(optimum, abs=1e-4)


def test_what_scip_cannot_take_fails_in_words(workers: Workers) -> None:
    instance = read_model("var x >= -2 <= 3\nvar y >= 1 <= 3\nmaximize x ^ y").instance
    answer = asyncio.run(workers.solve(SCIP, task_of(instance, seconds=20)))
    assert answer.ending is Ending.FAILED
    assert "no variable to the power of a variable" in answer.message


# ------------------------------------------------------------------- choice

CASES = {
    "linear": ("var x >= 0\nminimize x", "linear", {HIGHS, CBC, SCIP}, (HIGHS, CBC)),
    "mixed": ("var x integer >= 0\nvar y\nminimize x\na: y >= x", "mixed-integer linear",
              {HIGHS, CBC, SCIP}, (HIGHS, CBC)),
    "whole": (KNAPSACK, "mixed-integer linear", set(ALL), (HIGHS, CBC)),
    "logic": (WHOLE_MODELS["logic"][0], "mixed-integer linear", set(ALL), (CPSAT, HIGHS)),
    "quadratic": ("var x >= 0\nminimize (x - 1) ^ 2\na: x * x <= 9", "quadratic", {SCIP},
                  (SCIP, None)),
    "convex": ("var x >= 0\nminimize (x - 1) ^ 2\na: x <= 9", "quadratic", {SCIP, HIGHS},
               (HIGHS, SCIP)),
    "convex but maximized": ("var x >= 0 <= 9\nmaximize (x - 1) ^ 2", "quadratic", {SCIP},
                             (SCIP, None)),
    "cubic": ("var x >= 0\nminimize x * x * x", "nonlinear", {SCIP}, (SCIP, None)),
    "functions": ("var x >= 0\nminimize exp(x)", "nonlinear", {SCIP}, (SCIP, None)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_solvers_are_chosen_by_structure(name: str) -> None:
    text, structure, able, chosen = CASES[name]
    instance = read_model(text).instance
    choice = choose(instance)
    assert structure_of(instance) == structure
    assert (choice.first, choice.second) == chosen
    assert choice.reason
    for wanted in SolverName:
        if wanted in able:
            asked = choose(instance, wanted)
            assert (asked.first, asked.spare) == (wanted, None), "nobody else was asked for"
            assert asked.second is not wanted
        else:
            with pytest.raises(OptionError, match=f"{wanted} cannot solve this model") as caught:
                choose(instance, wanted)
            assert all(name.value in caught.value.hint for name in able)


# ------------------------------------------------------------------- as a backend


@pytest.fixture(scope="module")
def backend() -> Iterator[OptimizationBackend]:
    started = OptimizationBackend(workers=1)
    yield started
    started.close()


def decided(backend: OptimizationBackend, text: str) -> Outcome:
    return asyncio.run(backend.run(read_model(text), Limits(seconds=20)))


def test_an_outcome_is_the_exact_optimum_with_what_proves_it(backend: OptimizationBackend) -> None:
    outcome = decided(
        backend, "var x >= 0\nvar y >= 0\nminimize x + y\na: 3 x + y >= 1\nb: x + 7 y >= 2"
    )
    assert (outcome.status, outcome.answer) == (Status.SOLVED, Fraction(1, 2))
    found = Findings.from_json(outcome.evidence[FINDINGS])
    assert found.values == (Fraction(1, 4), Fraction(1, 4))
    assert found.multipliers == (Fraction(3, 10), Fraction(1, 10))
    assert found.is_exact
    assert found.second is None, "the proof makes it needless"
    assert found.solver.startswith("HiGHS")
    assert Findings.from_json(found.to_json()) == found


def test_a_model_whose_parts_do_not_fit_is_malformed(backend: OptimizationBackend) -> None:
    outcome = decided(backend, "set S = a\nvar x{i in S}\nminimize x[b]")
    assert outcome.status is Status.MALFORMED
    assert "b, an index of x, is not in S" in outcome.evidence["error"]


def test_numbers_that_are_too_large_are_malformed(backend: OptimizationBackend) -> None:
    assert decided(backend, "var x\nminimize 1e200 * 1e200 * x").status is Status.MALFORMED


@pytest.mark.parametrize("size", ["1e19", "1e16", "1e-10"])
def test_coefficients_of_any_size_count(backend: OptimizationBackend, size: str) -> None:
    outcome = decided(backend, f"var x >= 0\nvar y >= 0\nmaximize x\nc: {size} x + y <= 3 * {size}")
    assert (outcome.status, outcome.answer) == (Status.SOLVED, 3)
    assert Findings.from_json(outcome.evidence[FINDINGS]).is_exact


def test_that_a_solver_refuses_numbers_is_told_in_words() -> None:
    linear = task_of(read_model("var x >= 0\nmaximize x\nc: x <= 3").instance, seconds=5)
    square = ["*", ["number", math.inf], ["column", 0], ["column", 0]]
    for task in (
        replace(linear, lower=linear.lower + math.inf),
        replace(linear, maximize=False, nonlinear_cost=square),
    ):
        answer = highs.solve(task)
        assert (answer.ending, answer.message) == (Ending.FAILED, "it refuses the model's numbers")


def test_that_cbc_stopped_early_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(problem: Any, _: object) -> None:
        problem.status, problem.sol_status = pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible

    monkeypatch.setattr(pulp.LpProblem, "solve", stop)
    task = task_of(read_model("var x >= 0 <= 3\nmaximize x").instance, seconds=5)
    answer = cbc.solve(task)
    assert answer.ending is Ending.LIMIT
    assert answer.message == "it stopped before it knew its solution to be the best"


def test_where_the_first_solver_fails_the_second_solves(backend: OptimizationBackend) -> None:
    # A third has no finite decimals, so that CP-SAT would need too large numbers for it.
    text = (
        "var x integer >= 0 <= 9\nvar y integer >= 0 <= 9\nmaximize x + 5/3 * y\n"
        "a: 1/3 * x + 1/7 * y <= 2\nb: if x >= 5 then y <= 1"
    )
    model = read_model(text)
    assert choose(model.instance).first is CPSAT
    outcome = decided(backend, text)
    found = Findings.from_json(outcome.evidence[FINDINGS])
    assert (outcome.status, outcome.answer) == (Status.SOLVED, best(model))
    assert found.solver.startswith("HiGHS")
    assert "CP-SAT" in found.reason
    assert found.second is not None
    assert found.second.solver.startswith("CBC")


CONVEX = "var x >= 0\nvar y >= 0\nminimize x + y + x^2 + 2*x*y + 3*y^2\nc: x + y >= 4"


def test_the_optimum_of_a_convex_objective_is_proved(backend: OptimizationBackend) -> None:
    outcome, _, found, checks = settled(backend, CONVEX)
    assert (outcome.status, outcome.answer) == (Status.SOLVED, 20)
    assert found.is_exact
    assert checks["proof"].state is CheckState.PASSED
    assert found.second is None


NEARLY_CONVEX = "var x >= 0\nvar y >= 0\nminimize x^2 + 2*x*y + 0.999999999999*y^2\nc: x + y >= 4"


def test_a_second_solver_agrees_on_an_objective_that_is_nearly_convex(
    backend: OptimizationBackend,
) -> None:
    outcome, _, found, checks = settled(backend, NEARLY_CONVEX)
    assert outcome.status is Status.SOLVED
    assert outcome.answer == pytest.approx(16)
    assert checks["proof"].state is CheckState.UNDECIDED
    assert found.second is not None
    assert found.second.objective == pytest.approx(16)
    assert checks["agreement"].detail.endswith("finds the same")


def found_with_only(
    there: SolverName, solve_by: Callable[[Task], Answer], instance: Instance
) -> Findings:
    """What is found where no other solver can be asked."""

    async def solve(name: SolverName, task: Task) -> Answer:
        return solve_by(task) if name is there else Answer(Ending.FAILED, name, "not there")

    return asyncio.run(Certifier(instance, choose(instance), solve, 20, 1e-6).run())


def test_a_convex_objective_needs_no_scip() -> None:
    found = found_with_only(HIGHS, highs.solve, read_model(CONVEX).instance)
    assert (found.ending, found.objective, found.values) == (Ending.OPTIMAL, 20, (4, 0))
    instance = read_model(NEARLY_CONVEX).instance
    found = found_with_only(HIGHS, highs.solve, instance)
    assert found.ending is Ending.OPTIMAL
    agreement = {check.name: check for check in certificate_checks(instance, found)}["agreement"]
    assert (agreement.state, agreement.detail) == (CheckState.UNDECIDED, "scip: not there")


def test_where_highs_fails_on_a_convex_objective_scip_solves() -> None:
    found = found_with_only(SCIP, scip.solve, read_model(CONVEX).instance)
    assert found.ending is Ending.OPTIMAL
    assert found.objective == pytest.approx(20)
    assert found.reason == "the model is quadratic and convex, but highs failed: not there"
    assert found.second is None


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("var x\nvar y\nmaximize 3*x + y - x^2 - y^2 - x*y\nc: x + y <= 4\nd: y >= 0", 2.25),
        ("var x\nvar y >= -4 <= 9\nminimize x^2 - 4*x - y + 1", -12),
        ("var x\nvar y\nminimize (x + y)^2\nc: x - y = 1", 0),
        ("var x >= 0\nvar y >= 0\nminimize (x + y)^2\nc: x + y >= 3\nd: x + y <= 2", None),
        # Without end, which HiGHS does not see for what it adds to the squares.
        ("var x\nvar y\nminimize (x + y)^2 - x + y\nc: x + y >= 2", math.inf),
    ],
)  # fmt: skip
def test_highs_solves_convex_objectives(text: str, optimum: float | None) -> None:
    instance = multiplied_out(read_model(text).instance)
    answer = highs.solve(task_of(instance, seconds=5))
    if optimum is None:
        assert answer.ending is Ending.INFEASIBLE
    elif math.isinf(optimum):
        assert answer.ending is Ending.FAILED
        assert "adds to the squares" in answer.message
    else:
        assert answer.ending is Ending.OPTIMAL
        assert answer.objective == pytest.approx(optimum, abs=1e-5)


def test_where_there_is_no_end_solvers_may_stop_at_different_points() -> None:
    instance = read_model("var x >= 0\nvar y >= 0\nminimize x^2 - y").instance
    second = SecondOpinion("other", Ending.UNBOUNDED, -2.0)
    found = Findings(
        Ending.UNBOUNDED, "one", "", values=(Fraction(0), Fraction(9)), objective=Fraction(-9),
        second=second,
    )  # fmt: skip
    checks = {check.name: check for check in certificate_checks(instance, found)}
    assert checks["agreement"].detail == "other says unbounded as well"


def test_ten_digits_of_an_objective_are_told(backend: OptimizationBackend) -> None:
    *_, checks = settled(backend, "var x >= 9999999995\nminimize x")
    assert checks["objective value"].detail == "9999999995"


def test_a_solver_that_was_asked_for_is_not_replaced() -> None:
    model = read_model("var x integer >= 0 <= 9\nmaximize 1/3 * x\na: 1/7 * x <= 1")
    named = OptimizationBackend(solver=CPSAT, workers=1)
    try:
        outcome = asyncio.run(named.run(model, Limits(seconds=20)))
        assert outcome.status is Status.FAILED
        assert "too far apart" in outcome.evidence["error"]
        with pytest.raises(OptionError, match="cpsat cannot solve"):
            asyncio.run(named.run(read_model("var x >= 0\nminimize x"), Limits()))
    finally:
        named.close()


@pytest.mark.parametrize("solver", LINEAR)
def test_any_solver_that_was_asked_for_gets_an_exact_optimum(solver: SolverName) -> None:
    named = OptimizationBackend(solver=solver, workers=1)
    text = "var x >= 0 <= 1\nvar n integer >= 0 <= 5\nmaximize x + n\na: 3 x + 7 n <= 23"
    try:
        outcome = asyncio.run(named.run(read_model(text), Limits(seconds=20)))
    finally:
        named.close()
    found = Findings.from_json(outcome.evidence[FINDINGS])
    assert outcome.answer == 3 + Fraction(2, 3)
    assert found.is_exact
    assert found.second is not None
    assert found.second.objective == pytest.approx(11 / 3)
