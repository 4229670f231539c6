"""Curves of confidence, against what a simulation put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.selection.arrays import Array
from neurosym.selection.curves import Curve, choose_curve, fit_isotonic, fit_logistic


def drawn(count: int, probability: object, seed: int = 0) -> tuple[Array, Array]:
    """Evidence of answers, and whether they are right with a probability that depends on it."""
    random = np.random.default_rng(seed)
    odds = random.uniform(-3, 3, count)
    right = random.random(count) < probability(odds)  # type: ignore[operator]
    return np.column_stack([odds, np.zeros(count)]), right.astype(float)


def logistic(odds: Array) -> Array:
    return 1 / (1 + np.exp(-(0.5 + 0.8 * odds)))


def step(odds: Array) -> Array:
    """As probable as a coin, but for what speaks clearly for an answer."""
    return np.where(odds > 2, 0.98, np.where(odds > -2, 0.5, 0.05))


def test_a_logistic_curve_is_found_again() -> None:
    curve = fit_logistic(*drawn(4000, logistic))
    assert (curve.slope, curve.intercept) == pytest.approx((0.8, 0.5), abs=0.1)
    assert curve.weight_slope == 0
    assert curve.probability(1.0, 0.0) == pytest.approx(logistic(np.array(1.0)), abs=0.02)


def test_an_isotonic_curve_follows_a_step() -> None:
    curve = fit_isotonic(*drawn(4000, step))
    found = [curve.probability(odds, 0.0) for odds in (-2.8, -1.0, 1.0, 2.8)]
    assert found == pytest.approx([0.05, 0.5, 0.5, 0.98], abs=0.06)


@pytest.mark.parametrize(("probability", "is_isotonic"), [(logistic, False), (step, True)])
def test_cross_validation_tells_which_curve_fits(probability: object, is_isotonic: bool) -> None:
    evidence, target = drawn(2000, probability)
    curve, brier = choose_curve(evidence, target, np.arange(2000) % 5)
    assert bool(curve.steps) is is_isotonic
    fresh, right = drawn(4000, probability, seed=1)
    seen = np.mean(
        [(curve.probability(*row) - r) ** 2 for row, r in zip(fresh, right, strict=True)]
    )
    assert brier == pytest.approx(seen, abs=0.015)


samples = st.lists(
    st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.booleans()), min_size=2, max_size=40
)


@given(samples, st.lists(st.floats(-20, 20), min_size=2, max_size=5))
def test_an_isotonic_curve_rises_and_is_never_certain(
    given_samples: list[tuple[float, float, bool]], odds: list[float]
) -> None:
    evidence = np.array([row[:2] for row in given_samples])
    curve = fit_isotonic(evidence, np.array([float(row[2]) for row in given_samples]))
    assert curve.slope >= 0
    assert curve.weight_slope >= 0
    found = [curve.probability(value, 0.0) for value in sorted(odds)]
    assert found == sorted(found)
    assert all(0 < value < 1 for value in found)


def test_one_corner_is_a_level() -> None:
    curve = fit_isotonic(np.zeros((6, 2)), np.array([1.0, 1.0, 0.0, 1.0, 1.0, 0.0]))
    assert len(curve.steps) == 1
    assert curve.probability(3.0, 1.0) == pytest.approx(0.64, abs=0.05)


def test_between_its_corners_it_is_straight() -> None:
    curve = Curve(1.0, 0.0, 0.0, ((0.0, 0.2), (2.0, 0.6)))
    assert [curve.probability(odds, 0.0) for odds in (-1, 0, 1, 2, 9)] == pytest.approx(
        [0.2, 0.2, 0.4, 0.6, 0.6]
    )


def test_what_speaks_for_an_answer_never_makes_it_less_probable() -> None:
    evidence = np.array([[1.0, 0.0]] * 6 + [[2.0, 0.0]] * 6)
    target = np.array([1.0] * 6 + [0.0] * 6)
    curve = fit_logistic(evidence, target)
    assert curve.slope == 0
    assert curve.probability(2.0, 0.0) == pytest.approx(0.5, abs=0.01)
