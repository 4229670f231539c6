"""Large linear models are proved like small ones: exactly, or told to be nearly so."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from neurosym.backends.optimization import certify, equations
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.conflicts import find_conflict
from neurosym.backends.optimization.equations import solve_both
from neurosym.candidate import CheckState
from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model
from neurosym.presentation.limits import limits_of
from neurosym.status import Status
from tests.backends.optimization.settling import settled

PERIODS = 600


def stock(most: int) -> str:
    """What to make in each period, at costs that change, at most so much of it."""
    spans = range(PERIODS)
    lines = [f"var make{t} >= 0 <= {most}\nvar keep{t} >= 0" for t in spans]
    costs = [f"{3 + t % 5}/3 * make{t} + 0.1 * keep{t}" for t in spans]
    lines.append(f"minimize {' + '.join(costs)}")
    before = ["0", *(f"keep{t}" for t in spans)]
    lines += [f"c{t}: {before[t]} + make{t} - keep{t} = {7 + t % 4}" for t in spans]
    return "\n".join(lines)


def ring(count: int) -> str:
    """A model whose vertex is one kernel."""
    rows = [f"c{k}: x{k} + 1/3 * x{(k + 1) % count} >= {1 + k % 3}" for k in range(count)]
    variables = [f"var x{k} >= 0 <= 9" for k in range(count)]
    total = " + ".join(f"x{k}" for k in range(count))
    return "\n".join([*variables, f"minimize {total}", *rows])


# ------------------------------------------------------------------- proofs


def test_an_optimum_with_many_tight_rows_is_proved_and_has_prices(
    backend: OptimizationBackend,
) -> None:
    outcome, model, found, checks = settled(backend, stock(12), seconds=60)
    assert outcome.status is Status.SOLVED
    assert found.is_exact
    assert checks["proof"].state is CheckState.PASSED
    assert found.second is None, "a proof makes it needless"
    prices = [limit.price for limit in limits_of(model, found) if limit.name.startswith("c")]
    assert len(prices) == PERIODS
    assert None not in prices


def test_that_many_rows_cannot_hold_together_is_proved(backend: OptimizationBackend) -> None:
    outcome, model, found, checks = settled(backend, stock(8), seconds=60)
    assert outcome.status is Status.INFEASIBLE
    assert checks["proof"].state is CheckState.PASSED
    assert (dual_bound(model.instance, found.multipliers, cost=False) or 0) > 0


def test_a_conflict_of_more_constraints_than_trials_is_told_without_any() -> None:
    count = 250
    lines = [f"var x{k}" for k in range(count)]
    lines += ["minimize 0", *(f"c{k}: x{k + 1} >= x{k} + 1" for k in range(count - 1))]
    instance = read_model("\n".join([*lines, f"back: x0 >= x{count - 1}"])).instance
    asked: list[Instance] = []

    async def is_infeasible(rest: Instance) -> bool:
        asked.append(rest)
        return False

    proof = (Fraction(1),) * count
    assert (dual_bound(instance, proof, cost=False) or 0) > 0
    found = asyncio.run(find_conflict(instance, proof, is_infeasible))
    assert len(found.names) == count
    assert not found.is_minimal
    assert not asked


def test_numbers_written_one_by_one_are_exact_however_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("neurosym.formal.optimization.grounding.MAX_EXACT", 1)
    assert read_model("var x\nvar y\nminimize 0.1 x + y\nc: x + y >= 1").instance.is_exact
    over = "set S = a, b\nvar x{i in S}\nminimize sum{i in S} 0.1 * x[i]\nc: x[a] >= 1"
    assert not read_model(over).instance.is_exact


def test_of_rounded_numbers_a_proof_says_so(
    backend: OptimizationBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neurosym.formal.optimization.grounding.MAX_EXACT", 1)
    text = "set S = a, b\nvar x{i in S} >= 0\nminimize sum{i in S} 0.1 * x[i]\nc: x[a] >= 2"
    _, _, found, checks = settled(backend, text, seconds=60)
    assert found.is_exact
    for name in ("proof", "feasibility"):
        assert checks[name].state is CheckState.PASSED
        assert "rounded to 16 digits" in checks[name].detail


# ------------------------------------------------------------------- without a vertex


@pytest.fixture
def no_vertex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certify, "vertex", lambda *_: None)


@pytest.mark.usefixtures("no_vertex")
def test_simple_fractions_near_a_solution_prove_it(backend: OptimizationBackend) -> None:
    outcome, _, found, checks = settled(backend, stock(12), seconds=60)
    assert outcome.status is Status.SOLVED
    assert found.is_exact
    assert checks["proof"].state is CheckState.PASSED


@pytest.mark.usefixtures("no_vertex")
def test_simple_fractions_near_a_solution_prove_that_there_is_none(
    backend: OptimizationBackend,
) -> None:
    outcome, _, _, checks = settled(backend, stock(8), seconds=60)
    assert outcome.status is Status.INFEASIBLE
    assert checks["proof"].state is CheckState.PASSED


@pytest.mark.usefixtures("no_vertex")
def test_what_is_only_nearly_proved_is_told_as_that(backend: OptimizationBackend) -> None:
    outcome, model, found, checks = settled(backend, ring(50), seconds=60)
    assert outcome.status is Status.SOLVED
    assert not found.is_exact
    assert checks["proof"].state is CheckState.UNDECIDED
    assert "nothing is better by more than" in checks["proof"].detail
    assert checks["agreement"].state is CheckState.PASSED
    assert not [limit for limit in limits_of(model, found) if limit.price is not None]


# ------------------------------------------------------------------- equations


def triangle(choose: random.Random, size: int) -> list[dict[int, Fraction]]:
    """A matrix with a triangle on either side of a kernel of a third of its size."""
    third = size // 3
    rows: list[dict[int, Fraction]] = []
    for row in range(size):
        most = row + 1 if row < third else size if row >= 2 * third else 2 * third
        least = row if row >= 2 * third else 0
        places = {*choose.sample(range(least, most), min(4, most - least)), row}
        numbers = {k: Fraction(choose.choice([1, -1, 2, 3, 7]), 3) for k in places}
        rows.append({**numbers, row: Fraction(50)})  # which no others make singular
    order = choose.sample(range(size), size)
    rows = [{order[k]: value for k, value in row.items()} for row in rows]
    choose.shuffle(rows)
    return rows


def banded(choose: random.Random, size: int) -> list[dict[int, Fraction]]:
    """A matrix without any triangle."""
    return [
        {k % size: Fraction(choose.randint(1, 9)) for k in range(row, row + 3)}
        for row in range(size)
    ]


@pytest.mark.parametrize("make", [triangle, banded])
@pytest.mark.parametrize("seed", range(20))
def test_equations_are_solved_exactly_both_ways(
    make: Callable[[random.Random, int], list[dict[int, Fraction]]], seed: int
) -> None:
    choose = random.Random(seed)
    rows = make(choose, 30)
    right, cost = ([Fraction(choose.randint(-9, 9)) for _ in rows] for _ in range(2))
    found = solve_both(rows, right, cost)
    assert found is not None
    x, y = found
    assert [sum(value * x[k] for k, value in row.items()) for row in rows] == right
    assert [
        sum((row[column] * y[k] for k, row in enumerate(rows) if column in row), Fraction(0))
        for column in range(30)
    ] == cost


@pytest.mark.parametrize(
    "rows",
    [
        [{0: Fraction(1)}, {0: Fraction(2)}],
        [{}, {0: Fraction(1), 1: Fraction(1)}],
        [{0: Fraction(1), 1: Fraction(2)}, {0: Fraction(2), 1: Fraction(4)}],
    ],
)
def test_singular_equations_have_no_solution(rows: list[dict[int, Fraction]]) -> None:
    assert solve_both(rows, [Fraction(1)] * 2, [Fraction(1)] * 2) is None


def test_equations_that_take_too_long_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    ones = [Fraction(1)] * 40
    rows = banded(random.Random(0), 40)
    monkeypatch.setattr(equations, "MAX_KERNEL", 39)
    assert solve_both(rows, ones, ones) is None
    growing = [{0: Fraction(1, 10**9)}]
    growing += [{k: Fraction(1, 10**90), k - 1: Fraction(1)} for k in range(1, 40)]
    assert solve_both(growing, ones, ones) is None
