"""Rules that choose programs by the tests they pass, against probabilities worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from neurosym.errors import OptionError
from neurosym.selection.pass_matrix import B4, CodeT, MaxPass, MbrExec, PassRule, best_solution

Matrix = NDArray[np.bool_]
RULES: list[PassRule] = [B4(10, 10), CodeT(), MaxPass(), MbrExec()]
matrices = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: st.lists(
        st.lists(st.booleans(), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    ).map(lambda rows: np.array(rows, dtype=bool))
)


def integral(hits: int, misses: int, prior_hits: float, prior_misses: float) -> float:
    """Probability of hits and misses under Beta(prior_hits, prior_misses), but for its constant."""
    found, _ = quad(
        lambda p: p ** (hits + prior_hits - 1) * (1 - p) ** (misses + prior_misses - 1),
        0, 1, epsabs=0, epsrel=1e-12, limit=200,
    )  # fmt: skip
    return float(found)


def probability(
    matrix: Matrix, right: tuple[bool, ...], valid: tuple[bool, ...], rule: B4
) -> float:
    """Of right solutions and tests, given which passes which, up to a constant."""
    x, y = np.array(right), np.array(valid)
    if (matrix[x] != y).any():
        return 0.0  # a right solution passes the right tests, and those alone
    on_right, on_wrong = matrix[~x][:, y], matrix[~x][:, ~y]
    return (
        integral(int(x.sum()), int((~x).sum()), rule.alpha, 1)
        * integral(int(y.sum()), int((~y).sum()), rule.alpha, 1)
        * integral(int(on_right.sum()), int((~on_right).sum()), 1, 1)
        * integral(int(on_wrong.sum()), int((~on_wrong).sum()), 1, rule.beta)
    )


@settings(max_examples=25, deadline=None)
@given(matrices.filter(lambda matrix: matrix.shape[0] <= 4 and matrix.shape[1] <= 4))
def test_b4_rates_groups_as_integration_over_all_unknowns_does(matrix: Matrix) -> None:
    rule = B4(5, 8)
    patterns, group = np.unique(matrix, axis=0, return_inverse=True)
    members = np.bincount(group.ravel()).astype(float)
    ratings = rule.rate(patterns, members, patterns.sum(axis=1).astype(float))
    for k, pattern in enumerate(patterns):
        right = tuple((matrix == pattern).all(axis=1).tolist())
        expected = log(probability(matrix, right, tuple(pattern.tolist()), rule))
        assert ratings[k] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(matrices.filter(lambda matrix: matrix.size <= 9 and bool(matrix.any())))
def test_b4_finds_the_likeliest_of_all_ways_to_be_right(matrix: Matrix) -> None:
    """Not only whole groups are tried here, but any solutions and tests."""
    rule = B4(10, 10)
    solutions, tests = matrix.shape
    ways = {
        (right, valid): probability(matrix, right, valid, rule)
        for right in product((False, True), repeat=solutions)
        for valid in product((False, True), repeat=tests)
        if any(right) and any(valid)
    }
    chosen, _ = best_solution(rule, matrix)
    assert chosen is not None
    best = max(ways.values())
    assert max(p for (right, _), p in ways.items() if right[chosen]) == pytest.approx(best)


def test_the_baselines_on_a_matrix_that_parts_them() -> None:
    lines = ["1110000", "1110000", "1110000", "1111100", "1111100", "1111110", "0000001"]
    matrix = np.array([[c == "1" for c in line] for line in lines])
    assert best_solution(MbrExec(), matrix) == (0, 3 / 7)
    assert best_solution(CodeT(), matrix) == (3, 2 / 7), "5 tests by 2: 7.07 against 6 and 5.2"
    assert best_solution(MaxPass(), matrix) == (5, 1 / 7)


@pytest.mark.parametrize("rule", RULES)
def test_what_passes_nothing_is_never_chosen(rule: PassRule) -> None:
    assert best_solution(rule, np.zeros((3, 4), dtype=bool)) == (None, 0.0)
    only = np.array([[False, False], [False, False], [False, True]])
    assert best_solution(rule, only) == (2, 1 / 3)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=50, deadline=None)
@given(matrices, st.randoms(use_true_random=False))
def test_the_order_of_solutions_and_tests_matters_only_in_ties(
    rule: PassRule, matrix: Matrix, random: object
) -> None:
    rows = np.array(random.sample(range(len(matrix)), len(matrix)))  # type: ignore[attr-defined]
    columns = np.array(random.sample(range(matrix.shape[1]), matrix.shape[1]))  # type: ignore[attr-defined]
    before, after = best_solution(rule, matrix), best_solution(rule, matrix[rows][:, columns])
    assert (before[0] is None) == (after[0] is None)
    patterns, group = np.unique(matrix, axis=0, return_inverse=True)
    members = np.bincount(group.ravel()).astype(float)
    sizes = patterns.sum(axis=1).astype(float)
    ratings = np.where(sizes > 0, rule.rate(patterns, members, sizes), -np.inf)
    best = ratings.round(9) == ratings.round(9).max()
    best &= members == members[best].max()
    if before[0] is not None and after[0] is not None and best.sum() == 1:
        assert (matrix[before[0]] == matrix[rows[after[0]]]).all()
        assert before[1] == after[1]


def hits(rules: Mapping[str, PassRule], seed: int, passes_wrong: float) -> dict[str, int]:
    """How often of 300 times each rule chooses a right solution.

    Few are right, and wrong ones pass half of the right tests, and some of the wrong ones.
    """
    random = np.random.default_rng(seed)
    found = dict.fromkeys(rules, 0)
    for _ in range(300):
        right, valid = random.random(15) < 0.2, random.random(30) < 0.3
        luck = random.random((15, 30)) < np.where(valid, 0.5, passes_wrong)
        matrix = np.where(right[:, None], valid, luck)
        for name, rule in rules.items():
            chosen, _ = best_solution(rule, matrix)
            found[name] += chosen is not None and bool(right[chosen])
    return found


def test_b4_is_better_where_wrong_solutions_pass_many_tests() -> None:
    """The hard region: few are right, and wrong solutions pass half of the right tests."""
    found = hits({"b4": B4(10, 10), "codet": CodeT(), "max pass": MaxPass()}, 0, 0.1)
    assert found["b4"] > found["codet"] + 30
    assert found["b4"] > found["max pass"] + 30


def test_the_default_priors_suit_wrong_solutions_that_hardly_pass_wrong_tests() -> None:
    """And those of the simulation above any others."""
    rules = {"default": B4(), "mild": B4(10, 10), "codet": CodeT()}
    seldom, often = hits(rules, 1, 0.02), hits(rules, 1, 0.2)
    assert seldom["default"] >= seldom["codet"]
    assert seldom["mild"] >= seldom["codet"]
    assert often["mild"] > often["default"] + 60, "what the docstring warns of"


@pytest.mark.parametrize("values", [(0.0, 1.0), (1.0, -1.0), (float("nan"), 1.0)])
def test_priors_are_positive(values: tuple[float, float]) -> None:
    with pytest.raises(OptionError, match="is "):
        B4(*values)
