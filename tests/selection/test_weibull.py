"""Mixtures of two Weibull distributions, against what made the values and a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import weibull_min

from neurosym.selection.weibull import Mixture, fit_mixtures

Array = NDArray[np.float64]


def draw(mixture: Mixture, count: int, seed: int = 0) -> Array:
    random = np.random.default_rng(seed)
    problems = np.arange(mixture.parts.shape[1])[:, None]
    part = (random.random((len(problems), count)) > mixture.parts[0][:, None]).astype(int)
    shapes, scales = mixture.shapes[part, problems], mixture.scales[part, problems]
    return np.asarray(scales * random.weibull(shapes), dtype=float)


MADE = Mixture(
    np.array([[0.4, 0.6, 0.5], [0.6, 0.4, 0.5]]),
    np.array([[6.0, 4.0, 9.0], [12.0, 20.0, 5.0]]),
    np.array([[0.4, 0.3, 0.2], [0.8, 0.9, 0.7]]),
)


def likelihood(mixture: Mixture, problem: int, values: Array) -> float:
    """By SciPy's own density."""
    parts = (
        mixture.parts[k, problem]
        * weibull_min.pdf(values, mixture.shapes[k, problem], scale=mixture.scales[k, problem])
        for k in (0, 1)
    )
    return float(np.log(sum(parts)).mean())


def test_what_made_the_values_is_found() -> None:
    values = draw(MADE, 4000)
    found = fit_mixtures(values, np.ones(values.shape, dtype=bool))
    assert found.parts == pytest.approx(MADE.parts, abs=0.03)
    assert found.scales == pytest.approx(MADE.scales, rel=0.03)
    assert found.shapes == pytest.approx(MADE.shapes, rel=0.1)


def test_no_optimiser_finds_likelier_components() -> None:
    values = draw(MADE, 40, seed=1)
    found = fit_mixtures(values, np.ones(values.shape, dtype=bool))

    def loss(theta: Array, problem: int) -> float:
        part, a, b, c, d = theta
        mixture = Mixture(
            np.array([[part], [1 - part]]), np.exp([[a], [b]]), np.exp([[c], [d]])
        )  # fmt: skip
        return -likelihood(mixture, 0, values[problem])

    for problem in range(3):
        low, high = np.log(np.quantile(values[problem], [0.25, 0.75]))
        best = minimize(
            loss, [0.5, 1.5, 1.5, low, high], args=(problem,), method="L-BFGS-B",
            bounds=[(0.2, 0.8), (-2, 3.9), (-2, 3.9), (-5, 1), (-5, 1)],
        )  # fmt: skip
        assert likelihood(found, problem, values[problem]) > -best.fun - 1e-3


def test_the_density_and_the_posterior_are_those_of_the_mixture() -> None:
    values = np.array([[0.2, 0.4, 0.8], [0.1, 0.3, 0.5], [0.6, 0.7, 0.9]])
    low, high = (
        MADE.parts[k][:, None] * weibull_min.pdf(values, MADE.shapes[k][:, None],
                                                 scale=MADE.scales[k][:, None])
        for k in (0, 1)
    )  # fmt: skip
    assert np.exp(MADE.log_densities(np.log(values))) == pytest.approx(
        np.array([low, high]) * values
    )
    assert MADE.posterior(np.log(values)) == pytest.approx(high / (low + high))


def test_padding_and_scale_change_nothing() -> None:
    values = draw(MADE, 30)
    is_there = np.ones(values.shape, dtype=bool)
    found = fit_mixtures(values, is_there)
    padded = np.hstack([1000 * values, np.full((3, 5), 7.0)])
    again = fit_mixtures(padded, np.hstack([is_there, np.zeros((3, 5), dtype=bool)]))
    assert again.shapes == pytest.approx(found.shapes)
    assert again.scales == pytest.approx(1000 * found.scales)


def test_values_that_hardly_differ_end_in_bounded_components() -> None:
    values = np.array([[0.5, 0.5, 0.5, 0.5000001], [1e-9, 1.0, 1.0, 1.0]])
    found = fit_mixtures(values, np.ones(values.shape, dtype=bool))
    for part in (found.parts, found.shapes, found.scales):
        assert np.isfinite(part).all()
    assert (found.parts >= 0.2 - 1e-9).all()
