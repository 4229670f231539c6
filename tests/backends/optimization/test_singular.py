"""Where a solver is not to be trusted it is not believed, and no point goes without checks."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from fractions import Fraction

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import (
    Findings,
    ModelText,
    SecondOpinion,
    found_of,
)
from neurosym.backends.optimization.task import Ending
from neurosym.candidate import CheckState
from neurosym.checks.certified import certificate_checks
from neurosym.checks.machinery import settle
from neurosym.formal.optimization.formats.registry import ModelFormat, read_model_file
from neurosym.formal.optimization.language.reader import read_model
from neurosym.status import Status
from tests.backends.optimization.settling import settled


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("var x >= 0 <= 5\nminimize log(x)", "give x a least value above 0"),
        ("var x >= 0 <= 5\nvar y >= 0 <= 5\nmaximize x/y\nc: x + y <= 6", "x / y: y may be 0"),
        ("var x >= -1 <= 1\nminimize 1/x", "1 / x: x may be 0"),
        ("var x >= 0 <= 5\nvar y >= 0 <= 5\nmaximize x\nc: y/x >= 0.5", "y / x: x may be 0"),
    ],
)
def test_at_a_pole_nothing_is_certain(backend: OptimizationBackend, text: str, told: str) -> None:
    outcome, _, found, checks = settled(backend, text)
    assert (outcome.status, outcome.answer) == (Status.UNKNOWN, None)
    assert told in outcome.evidence["reason"]
    assert checks["proof"].state is CheckState.UNDECIDED
    assert Findings.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("var x >= 0.5 <= 4\nvar y >= 1 <= 5\nmaximize x/y\nc: x + y <= 6", 4),
        ("var x >= -2 <= 5\nminimize 2 * x\nc: log(x) >= 0\nd: x >= 0.5", 2),
        ("var x integer >= 1 <= 5\nminimize (x - 3)^2 + 6/x", 2),
    ],
)
def test_with_a_bound_there_is_an_answer(
    backend: OptimizationBackend, text: str, answer: int
) -> None:
    outcome, _, _, _ = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert isinstance(outcome.answer, int | Fraction)
    assert float(outcome.answer) == pytest.approx(answer, abs=1e-5)


DIVERSE = """set S = a, b, c
param q{{S}} = a: 0.2, b: 0.3, c: 0.5
var p{{i in S}} >= 0
{goal}
all: sum{{i in S}} p[i] = 1
twice: p[a] >= 2 * p[b]
"""


@pytest.mark.parametrize(
    ("text", "answer", "tolerance"),
    [
        ("var x >= 0\nminimize x*log(x)", -1 / math.e, 1e-5),
        ("var x >= 0 <= 0.5\nmaximize x*log(x)", 0, 1e-8),
        ("var x >= 0 <= 9\nminimize x^2*log(x)", -0.5 / math.e, 1e-5),
        ("var x >= 0 <= 1\nvar y >= 0 <= 1\nminimize x*log(x)\nc: x + y = 1\nd: y >= 1", 0, 1e-8),
        # SCIP stops at 0 if it is given this as it stands.
        ("var x >= 0 <= 5\nvar y >= 0 <= 5\nmaximize 2*x - 2*x*log(x)\n"
         "c: x*log(x) + 0.5*x*y + 2*x >= 0", 2, 1e-5),
        (DIVERSE.format(goal="maximize -sum{i in S} p[i]*log(p[i])"), 1.06121, 1e-4),
        (DIVERSE.format(goal="minimize sum{i in S} p[i]*log(p[i]/q[i])"), 0.06970, 1e-4),
    ],
)  # fmt: skip
def test_an_entropy_has_an_optimum(
    backend: OptimizationBackend, text: str, answer: float, tolerance: float
) -> None:
    outcome, _, _, checks = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert isinstance(outcome.answer, int | Fraction)
    assert float(outcome.answer) == pytest.approx(answer, abs=tolerance)
    assert checks["feasibility"].state is CheckState.PASSED


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("maximize 2*log(x) + 3*log(y)\nc: x + y <= 10", 2 * math.log(4) + 3 * math.log(6)),
        ("minimize 3/x + 4/y\nc: x + y <= 10", (3**0.5 + 2) ** 2 / 10),
        ("minimize x + y + 1/x + 1/y", 4),
        ("minimize x + y\nc: log(x) + log(y) >= 1", 2 * math.exp(0.5)),
        ("maximize 3*log(x) + 7*log(1 - x)\nc: x <= 1", 3 * math.log(0.3) + 7 * math.log(0.7)),
        ("maximize x*log(y)\nc: x + y <= 10", 8.325294),
    ],
)
def test_an_optimum_away_from_the_pole_is_certain(
    backend: OptimizationBackend, text: str, answer: float
) -> None:
    outcome, _, _, checks = settled(backend, f"var x >= 0\nvar y >= 0\n{text}")
    assert outcome.status is Status.SOLVED
    assert isinstance(outcome.answer, int | Fraction)
    assert float(outcome.answer) == pytest.approx(answer, rel=1e-5)
    assert checks["feasibility"].state is CheckState.PASSED


def test_utilities_of_many_shares_have_an_optimum(backend: OptimizationBackend) -> None:
    names = ", ".join(f"a{k}" for k in range(40))
    text = (
        f"set S = {names}\nvar x{{i in S}} >= 0\nmaximize sum{{i in S}} log(x[i])\n"
        "c: sum{i in S} x[i] <= 10"
    )
    outcome, _, _, _ = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert isinstance(outcome.answer, int | Fraction)
    assert float(outcome.answer) == pytest.approx(40 * math.log(10 / 40), rel=1e-5)


def test_that_nothing_is_possible_is_certain_at_a_pole_too(backend: OptimizationBackend) -> None:
    text = "var x >= 0 <= 9\nvar y >= 0 <= 9\nmaximize x\nc: log(x) + log(y) >= 20"
    outcome, _, _, _ = settled(backend, text)
    assert outcome.status is Status.INFEASIBLE


@pytest.mark.parametrize(
    "text",
    [
        # What is best is at the pole, or as near to it as the model may be moved.
        "var x >= 0 <= 5\nmaximize 1/x - x",
        "var x >= 0\nvar y >= 0\nmaximize log(x) + log(y)\nc: x + y <= 0.001",
        "var x >= 0 <= 0\nmaximize log(x)",
    ],
)
def test_an_optimum_at_the_pole_is_not_certain(backend: OptimizationBackend, text: str) -> None:
    outcome, _, _, _ = settled(backend, text)
    assert (outcome.status, outcome.answer) == (Status.UNKNOWN, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("var x >= 0.0000000001 <= 1\nmaximize 1/x", "solvers take it for 0"),
        ("var x >= 0 <= 1000\nvar y >= 0 <= 1000\nmaximize y\nc: x^8 >= 10^19\n"
         "d: y + x <= 1000", "x ^ 8 may be so great"),
        ("var x >= 0\nmaximize log(x + 1)", "SCIP 10.0 stops at"),
    ],
)  # fmt: skip
def test_what_a_solver_takes_for_zero_or_infinite_is_not_certain(
    backend: OptimizationBackend, text: str, told: str
) -> None:
    outcome, _, _, _ = settled(backend, text)
    assert (outcome.status, outcome.answer) == (Status.UNKNOWN, None)
    assert told.replace("SCIP 10.0 ", "") in outcome.evidence["reason"]


def test_that_linear_rows_conflict_is_certain_at_a_pole_too(backend: OptimizationBackend) -> None:
    text = "var x >= 0\nvar y >= 0\nminimize 1/x\na: x + y <= 1\nb: x + y >= 2"
    outcome, _, _, checks = settled(backend, text)
    assert outcome.status is Status.INFEASIBLE
    assert checks["proof"].state is CheckState.PASSED


def test_an_objective_other_than_the_solver_said_is_a_failed_check(
    backend: OptimizationBackend,
) -> None:
    outcome, model, found, _ = settled(backend, "var x >= 1 <= 4\nmaximize x * x")
    assert outcome.status is Status.SOLVED
    assert found.claimed == pytest.approx(16)
    lied = certificate_checks(model.instance, replace(found, claimed=17.0))
    assert settle(outcome, lied).status is Status.FAILED


def test_a_point_without_a_value_is_a_failed_check(backend: OptimizationBackend) -> None:
    outcome, _, found, _ = settled(backend, "var x >= 1 <= 4\nmaximize log(x)")
    nowhere = replace(found, values=(Fraction(0),), objective=None)
    wider = read_model("var x >= 0 <= 4\nmaximize log(x)").instance
    checks = certificate_checks(wider, nowhere)
    assert settle(outcome, checks).status is Status.FAILED


# ------------------------------------------------------------------- strict limits


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("var x integer >= 0 <= 5\nvar y integer >= 0 <= 5\nmaximize x*y - x\nc: x*y < 12\n"
         "d: x != y", 8),
        ("var x integer >= 0 <= 9\nvar y integer >= 0 <= 9\nmaximize x + y\nc: x^2 + y^2 < 25", 6),
        ("var x integer >= 0 <= 9\nmaximize x\nc: x * x > 81", None),
    ],
)  # fmt: skip
def test_strict_limits_of_whole_numbers_are_strict(
    backend: OptimizationBackend, text: str, answer: int | None
) -> None:
    outcome, _, _, _ = settled(backend, text)
    assert outcome.answer == answer
    assert outcome.status is (Status.INFEASIBLE if answer is None else Status.SOLVED)


def test_a_strict_limit_that_is_met_exactly_is_no_answer(backend: OptimizationBackend) -> None:
    text = "var x integer >= 1 <= 9\nvar y integer >= 1 <= 2\nmaximize x\nc: x / y < 2"
    outcome, _, _, checks = settled(backend, text)
    assert (outcome.status, outcome.answer) == (Status.FAILED, None)
    assert checks["feasibility"].state is CheckState.FAILED


# ------------------------------------------------------------------- another solver


def test_that_one_says_unbounded_of_whole_numbers_is_no_contradiction(
    backend: OptimizationBackend,
) -> None:
    text = "var x integer\nvar y integer\nminimize x\nc: 2 * x - 2 * y = 1"
    outcome, model, found, checks = settled(backend, text)
    assert outcome.status is Status.INFEASIBLE
    assert "c: 2 * x - 2 * y = 1" in outcome.evidence["reason"]
    assert found.second is not None
    assert found.second.ending is Ending.UNBOUNDED
    assert checks["agreement"].state is CheckState.UNDECIDED
    assert "without knowing" in checks["agreement"].detail
    turned = replace(
        found, ending=Ending.UNBOUNDED, second=replace(found.second, ending=Ending.INFEASIBLE)
    )
    states = {c.name: c.state for c in certificate_checks(model.instance, turned)}
    assert states["agreement"] is CheckState.UNDECIDED
    solved = replace(found, ending=Ending.OPTIMAL, objective=Fraction(1))
    states = {c.name: c.state for c in certificate_checks(model.instance, solved)}
    assert states["agreement"] is CheckState.FAILED


def test_of_numbers_that_need_not_be_whole_it_is_one(backend: OptimizationBackend) -> None:
    text = "var x >= 0\nminimize x\nc: x <= 4\nd: x >= 5"
    _, model, found, _ = settled(backend, text)
    other = replace(found, second=SecondOpinion("another", Ending.UNBOUNDED))
    states = {c.name: c.state for c in certificate_checks(model.instance, other)}
    assert states["agreement"] is CheckState.FAILED


# ------------------------------------------------------------------- proofs and sizes


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("var x >= 0 <= 4\nvar y >= 1 <= 3\nmaximize 2*x + 3*y", CheckState.PASSED),
        ("var x integer >= 0 <= 4\nminimize 2*x", CheckState.PASSED),
        ("var x integer >= 0.5 <= 4\nminimize 2*x", CheckState.UNDECIDED),
    ],
)
def test_bounds_alone_prove_an_optimum(
    backend: OptimizationBackend, text: str, state: CheckState
) -> None:
    outcome, _, _, checks = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert checks["proof"].state is state


@pytest.mark.parametrize(
    "text",
    [
        "minimize 3",
        "maximize 3\nc: 1 <= 2",
        "var x >= 0 <= 1\nminimize 0 * x\nc: x >= 0.5",
        "var x integer >= 0 <= 5\nmaximize 3\nc: 2 * x >= 3",
        "var x\nvar y\nminimize 3\nc: x^2 + y^2 <= 4",
    ],
)
def test_where_all_points_are_as_good_nothing_is_to_be_proved(
    backend: OptimizationBackend, text: str
) -> None:
    outcome, _, _, checks = settled(backend, text)
    assert outcome.status is Status.SOLVED
    assert checks["proof"].state is CheckState.PASSED
    assert "the same everywhere" in checks["proof"].detail


def test_a_proof_of_three_hundred_equations(backend: OptimizationBackend) -> None:
    count = 300
    rows = [f"c{k}: x{k} + 1/3 * x{(k + 1) % count} >= {1 + k % 3}" for k in range(count)]
    variables = [f"var x{k} >= 0" for k in range(count)]
    total = " + ".join(f"x{k}" for k in range(count))
    _, _, found, checks = settled(backend, "\n".join([*variables, f"minimize {total}", *rows]))
    assert found.is_exact
    assert checks["proof"].state is CheckState.PASSED


def test_why_a_linear_model_has_no_proof_is_not_whole_numbers(backend: OptimizationBackend) -> None:
    _, model, found, _ = settled(backend, "var x >= 0\nmaximize x\nc: x <= 4")
    checks = certificate_checks(model.instance, replace(found, multipliers=()))
    [detail] = [check.detail for check in checks if check.name == "proof"]
    assert "whole" not in detail
    assert "nonlinear" not in detail


def test_limits_and_bounds_count_among_numbers_too_far_apart(backend: OptimizationBackend) -> None:
    text = "var x >= 0\nvar y >= 0\nminimize x + y\na: 0.000001 x + y >= 3\nb: x <= 1000000000"
    _, _, _, checks = settled(backend, text)
    assert checks["scaling"].state is CheckState.FAILED


def test_a_model_too_long_to_be_read_again_is_solved(backend: OptimizationBackend) -> None:
    count = 30_000
    names = [f"amount_number_{k}" for k in range(count)]
    lines = [f"{name} >= {k % 7}" for k, name in enumerate(names)]
    text = "minimize\n" + "\n+ ".join(names) + "\nst\nc: amount_number_0 >= 3\nbounds\n"
    model = read_model_file(text + "\n".join(lines) + "\nend\n", ModelFormat.LP)
    outcome = asyncio.run(backend.run(model, Limits(seconds=60)))
    assert outcome.status is Status.SOLVED
    text = outcome.evidence["model"]
    assert isinstance(text, ModelText)
    assert len(text) > 1_000_000
    known = found_of(outcome)
    assert known is not None
    assert known[0] is model
    assert known[1].objective == sum(k % 7 for k in range(count)) + 3
