"""What solvers say is right and proved: on hundreds of models of which the truth is known."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import FINDINGS, Findings
from neurosym.backends.optimization.task import Ending
from neurosym.formal.optimization.certificates import (
    dual_bound,
    improves,
    objective_value,
    recession_violations,
    violations,
)
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Domain, Model, Sense
from neurosym.formal.optimization.tangents import best_possible
from neurosym.status import Status
from tests.backends.optimization import made_models as made
from tests.formal.optimization.brute_force import best, holds_at, objective_at, variable_keys

EACH = 50
"""Models of each of the eight kinds."""


def solved(backend: OptimizationBackend, model: Model) -> tuple[Status, Findings]:
    outcome = asyncio.run(backend.run(model, Limits(seconds=20)))
    found = Findings.from_json(outcome.evidence[FINDINGS])
    assert (outcome.answer == found.objective) or outcome.status is not Status.SOLVED
    return outcome.status, found


def clean(instance: Instance, values: tuple[Fraction, ...]) -> bool:
    return len(values) == instance.columns and not list(violations(instance, values))


# ------------------------------------------------------------------- eight kinds of models


@pytest.mark.parametrize("kind", [made.solvable_lp, made.solvable_qp])
@pytest.mark.parametrize("seed", range(EACH))
def test_an_optimum_of_a_linear_or_convex_model_is_proved_exactly(
    backend: OptimizationBackend,
    seed: int,
    kind: Callable[[random.Random], tuple[Model, Fraction]],
) -> None:
    model, optimum = kind(random.Random(seed))
    status, found = solved(backend, model)
    assert (status, found.objective) == (Status.SOLVED, optimum)
    assert found.is_exact
    assert clean(model.instance, found.values)
    assert objective_value(model.instance, found.values) == optimum
    assert best_possible(model.instance, found.values, found.multipliers) == optimum
    check_tampering(model, found)


@pytest.mark.parametrize("seed", range(EACH))
def test_that_a_linear_model_has_no_point_is_proved(
    backend: OptimizationBackend, seed: int
) -> None:
    model = made.infeasible_lp(random.Random(seed))
    status, found = solved(backend, model)
    assert status is Status.INFEASIBLE
    bound = dual_bound(model.instance, found.multipliers, cost=False)
    assert bound is not None
    assert bound > 0
    assert found.conflict
    assert found.conflict_is_minimal
    assert not found.values


@pytest.mark.parametrize("kind", [made.unbounded_lp, made.unbounded_milp, made.unbounded_qp])
@pytest.mark.parametrize("seed", range(EACH))
def test_that_a_model_has_no_end_is_proved(
    backend: OptimizationBackend, seed: int, kind: Callable[[random.Random], Model]
) -> None:
    model = kind(random.Random(seed))
    status, found = solved(backend, model)
    assert status is Status.UNBOUNDED
    assert improves(model.instance, found.direction) > 0
    assert not list(recession_violations(model.instance, found.direction))
    assert clean(model.instance, found.values), "and there is a point to start from"


@pytest.mark.parametrize("seed", range(EACH))
def test_a_mixed_optimum_is_feasible_exactly_and_agreed_on(
    backend: OptimizationBackend, seed: int
) -> None:
    model = made.solvable_milp(random.Random(seed))
    status, found = solved(backend, model)
    assert status is Status.SOLVED
    assert found.is_exact
    assert clean(model.instance, found.values)
    assert objective_value(model.instance, found.values) == found.objective
    assert found.second is not None
    assert found.second.ending is Ending.OPTIMAL
    assert found.objective is not None
    assert found.second.objective == pytest.approx(float(found.objective), abs=1e-6)
    if all(item.domain is Domain.INTEGER for item in model.variables):
        assert found.objective == best(model)
    check_tampering(model, found)


@pytest.mark.parametrize("seed", range(EACH))
def test_that_there_is_no_whole_point_is_agreed_on(backend: OptimizationBackend, seed: int) -> None:
    model = made.infeasible_milp(random.Random(seed))
    assert best(model) is None
    status, found = solved(backend, model)
    assert status is Status.INFEASIBLE
    assert not found.values
    assert found.conflict
    if found.multipliers:
        assert (dual_bound(model.instance, found.multipliers, cost=False) or 0) > 0
    else:
        assert found.second is not None
        assert found.second.ending is Ending.INFEASIBLE


# ------------------------------------------------------------------- tampering


def tampered(value: Fraction) -> Iterator[Fraction]:
    """All numbers that differ in one digit, above or below the line, or in sign."""
    above, below = str(abs(value.numerator)), str(value.denominator)
    for text, other, is_above in ((above, below, True), (below, above, False)):
        for place, digit in enumerate(text):
            for new in "0123456789":
                changed = int(text[:place] + new + text[place + 1 :])
                if new == digit or (not is_above and not changed):
                    continue
                top, bottom = (changed, int(other)) if is_above else (int(other), changed)
                yield Fraction(top, bottom) * (-1 if value < 0 else 1)
    if value:
        yield -value


def check_tampering(model: Model, found: Findings) -> None:
    """A wrong digit anywhere in a solution is seen, and none in its proof makes it prove more."""
    instance = model.instance
    names = variable_keys(model)
    for place, value in enumerate(found.values):
        for wrong in tampered(value):
            values = (*found.values[:place], wrong, *found.values[place + 1 :])
            is_seen = (
                not clean(instance, values) or objective_value(instance, values) != found.objective
            )
            point = dict(zip(names, values, strict=True))
            is_as_good = holds_at(model, point) and objective_at(model, point) == found.objective
            assert is_seen is not is_as_good, (place, value, wrong)
    assert found.objective is not None
    sign = 1 if model.objective.sense is Sense.MINIMIZE else -1
    for place, value in enumerate(found.multipliers):
        for wrong in tampered(value):
            multipliers = (*found.multipliers[:place], wrong, *found.multipliers[place + 1 :])
            bound = best_possible(instance, found.values, multipliers)
            assert bound is None or sign * bound <= sign * found.objective


def test_tampering_is_of_every_digit() -> None:
    assert set(tampered(Fraction(1, 2))) == {
        Fraction(k, 2) for k in (0, *range(2, 10))
    } | {Fraction(1, k) for k in (1, *range(3, 10))} | {Fraction(-1, 2)}  # fmt: skip
