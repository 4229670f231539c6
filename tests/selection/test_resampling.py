"""What resampling with an imperfect verifier reaches, against simulations of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import InputError, OptionError
from neurosym.selection.resampling import (
    Costs,
    Judged,
    Rate,
    Reach,
    Spread,
    Verifier,
    ceiling,
    fit_difficulty,
    fit_verifier,
    seen_reach,
    verifier_rates,
)

MOST = 60
VERIFIER = Verifier(Spread.at(0.9), Spread.at(0.1))
DIFFICULTY = Spread(0.6, 0.9)


def simulate(
    problems: int, seed: int = 0, verifier: Verifier = VERIFIER
) -> tuple[Reach, list[Judged]]:
    """Samples of many problems, each judged: where sampling ends, and what they add up to."""
    random = np.random.default_rng(seed)
    p, true, false = (
        random.beta(spread.alpha, spread.beta, problems)[:, None]
        for spread in (DIFFICULTY, verifier.true_positives, verifier.false_positives)
    )
    right = random.random((problems, MOST)) < p
    rates = np.where(right, true, false)
    accepted = random.random((problems, MOST)) < rates
    first = np.where(accepted.any(axis=1), accepted.argmax(axis=1), MOST)
    ends_right = right[np.arange(problems), np.minimum(first, MOST - 1)]
    numbers = np.arange(MOST + 1)[:, None]
    reach = Reach(
        ((first < numbers) & ends_right).mean(axis=1),
        ((first < numbers) & ~ends_right).mean(axis=1),
    )
    judged = [
        Judged(int((r & a).sum()), int((r & ~a).sum()), int((~r & a).sum()), int((~r & ~a).sum()))
        for r, a in zip(right, accepted, strict=True)
    ]
    return reach, judged


UNEVEN = Verifier(Spread(0.3, 0.2), Spread(0.2, 1.8))
"""A verifier that accepts nothing that is right on some problems, and much that is wrong on few."""


@pytest.mark.parametrize("verifier", [VERIFIER, UNEVEN])
def test_the_predicted_curve_is_that_of_a_simulation(verifier: Verifier) -> None:
    simulated, judged = simulate(40_000, verifier=verifier)
    predicted = Reach.predicted(verifier, DIFFICULTY, MOST)
    assert predicted.right == pytest.approx(simulated.right, abs=0.01)
    assert predicted.wrong == pytest.approx(simulated.wrong, abs=0.01)
    assert predicted.precision[1:] == pytest.approx(simulated.precision[1:], abs=0.015)
    assert predicted.right[-1] < ceiling(verifier, DIFFICULTY) + 0.01
    fitted = Reach.predicted(fit_verifier(judged[:4000]), fit_difficulty(judged[:4000]), MOST)
    assert fitted.right == pytest.approx(simulated.right, abs=0.02)
    assert fitted.wrong == pytest.approx(simulated.wrong, abs=0.02)


def test_the_ceiling_is_where_many_samples_end() -> None:
    many = Reach.predicted(VERIFIER, DIFFICULTY, 500)
    assert many.right[-1] == pytest.approx(ceiling(VERIFIER, DIFFICULTY), abs=0.005)
    assert many.none[-1] < 0.005


def test_more_samples_make_it_worse_where_wrong_answers_cost() -> None:
    simulated, _ = simulate(200_000)
    costs = Costs(wrong=2.0, none=0.0)
    predicted = Reach.predicted(VERIFIER, DIFFICULTY, MOST)
    best = predicted.best_number(costs)
    assert 1 < best < 15
    worth = simulated.utility(costs)
    assert worth[best] == pytest.approx(worth.max(), abs=0.002)
    assert worth[MOST] < worth[best] - 0.05, "what is left are problems that end falsely accepted"


def test_a_perfect_verifier_has_no_such_number() -> None:
    perfect = Verifier(Spread.at(1.0), Spread.at(0.0))
    reach = Reach.predicted(perfect, DIFFICULTY, MOST)
    assert reach.best_number(Costs(wrong=10)) == MOST
    assert reach.precision[1:] == pytest.approx(1.0, abs=1e-6)


def test_where_wrong_answers_cost_too_much_nothing_is_worth_drawing() -> None:
    reach = Reach.predicted(VERIFIER, Spread(0.5, 50), MOST)
    assert reach.best_number(Costs(wrong=10)) == 0
    assert reach.best_number(Costs(wrong=10, none=9.95)) > 0


def test_quality_and_difficulty_are_found_from_labelled_samples() -> None:
    _, judged = simulate(3000, seed=1)
    difficulty = fit_difficulty(judged)
    true, false = verifier_rates(judged)
    assert true.low < 0.9 < true.high
    assert false.low < 0.1 < false.high
    spread = fit_verifier(judged).true_positives
    assert spread.alpha / (spread.alpha + spread.beta) == pytest.approx(0.9, abs=0.01)
    assert spread.alpha + spread.beta > 100, "all problems are judged alike"
    assert (difficulty.alpha, difficulty.beta) == pytest.approx((0.6, 0.9), rel=0.1)


def test_what_was_seen_is_the_mean_over_all_orders() -> None:
    simulated, judged = simulate(20_000, seed=2)
    few = 10
    seen = seen_reach(judged, few)
    assert seen.right == pytest.approx(simulated.right[: few + 1], abs=0.01)
    assert seen.wrong == pytest.approx(simulated.wrong[: few + 1], abs=0.01)


def test_two_orders_by_hand() -> None:
    seen = seen_reach([Judged(1, 0, 0, 1), Judged(0, 0, 1, 0)], 3)
    assert seen.right.tolist() == [0.0, 0.25, 0.5, 0.5]
    assert seen.wrong.tolist() == [0.0, 0.5, 0.5, 0.5]
    assert seen.none.tolist() == [1.0, 0.25, 0.0, 0.0]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=5))
def test_a_rate_lies_in_its_interval(problems: list[tuple[int, int]]) -> None:
    rate = Rate.of([hits for hits, _ in problems], [hits + misses for hits, misses in problems])
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


@pytest.mark.parametrize("problems", [30, 182])
@pytest.mark.parametrize(
    "spread",
    [Spread.at(0.1), Spread(2, 6), Spread(0.2, 1.8), Spread(0.2, 0.2), Spread(9, 1)],
    ids=str,
)
def test_a_rate_is_in_its_interval_as_often_as_that_says(spread: Spread, problems: int) -> None:
    random = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        counts = random.integers(0, 11, problems)
        hits = random.binomial(counts, random.beta(spread.alpha, spread.beta, problems))
        rate = Rate.of(hits.tolist(), counts.tolist())
        held += rate.low <= spread.alpha / (spread.alpha + spread.beta) <= rate.high
    assert held / 400 > 0.92


def test_samples_that_differ_by_problem_alone_count_once_a_problem() -> None:
    assert Rate.of([10, 0] * 50, [10] * 100) == pytest.approx(Rate.of([1, 0] * 50, [1] * 100))
    assert Rate.of([0] * 50, [10] * 50) == Rate.of([0] * 50, [1] * 50)


def test_nothing_teaches_nothing() -> None:
    assert verifier_rates([]) == (Rate(0.5, 0, 1), Rate(0.5, 0, 1))
    assert fit_verifier([]) == Verifier(Spread(1, 1), Spread(1, 1))
    with pytest.raises(InputError, match="no samples"):
        fit_difficulty([Judged()])
    with pytest.raises(InputError, match="no problems"):
        seen_reach([], 3)
    with pytest.raises(OptionError, match="wrong is -1"):
        Costs(wrong=-1)
    with pytest.raises(OptionError, match="none is inf"):
        Costs(none=math.inf)
