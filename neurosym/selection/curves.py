"""Curves that turn how a vote went into the probability that its answer is right.

A logistic curve (Platt 1999) needs few labelled problems; isotonic regression (Zadrozny and Elkan
2002, doi:10.1145/775047.775151) assumes only that more evidence never makes an answer less
probable. Which of them is better is up to cross-validation.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from neurosym.selection.reliability import brier_score

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Numbers

__all__ = ["Curve", "choose_curve", "fit_isotonic", "fit_logistic"]

_PENALTY = 1.0
"""Strength of the ridge penalty on the slope in the weight."""
_DIGITS = 6
"""Evidence that differs less than by this many digits is the same."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The probability that an answer is right, rising in what speaks for it.

    Attributes:
        slope: Slope in the log-odds of the vote's share.
        weight_slope: Slope in the logarithm of the chosen candidate's weight: an answer that all
            agree on may rest on weak evidence, such as ten searches that found no proof.
        intercept: What is added to both; the sum is the evidence.
        steps: Evidence and probability at the corners of an isotonic curve, between which it is
            straight; none for the logistic curve in the evidence.
    """

    slope: float
    weight_slope: float
    intercept: float
    steps: tuple[tuple[float, float], ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The curve whose fields were written as JSON.

        Raises:
            KeyError: A field is missing.
            TypeError: They are not its fields.
            ValueError: A step is no pair.
        """
        steps = tuple((float(at), float(value)) for at, value in data["steps"])
        return cls(**{**data, "steps": steps})

    def evidence(self, log_odds: float, log_weight: float) -> float:
        """What speaks for an answer, in one number."""
        return self.slope * log_odds + self.weight_slope * log_weight + self.intercept

    def probability(self, log_odds: float, log_weight: float) -> float:
        """Estimated probability that an answer is right, in (0, 1).

        Args:
            log_odds: Log-odds of the share of the vote, made cautious by the rule of succession.
            log_weight: Logarithm of what the chosen candidate weighs.
        """
        at = self.evidence(log_odds, log_weight)
        if not self.steps:
            return (1 + math.tanh(at / 2)) / 2  # the logistic function, which never overflows so
        place = bisect_right(self.steps, at, key=lambda step: step[0])
        if place == 0 or place == len(self.steps):
            return self.steps[max(place - 1, 0)][1]
        (low, lower), (high, upper) = self.steps[place - 1], self.steps[place]
        return lower + (upper - lower) * (at - low) / (high - low)


def fit_logistic(evidence: Array, target: Array) -> Curve:
    """A logistic curve fitted to smoothed targets (Platt 1999, equation 5).

    Args:
        evidence: Log-odds of the share and log-weight of the chosen candidate; problems × 2.
        target: 1 where the answer is right, else 0; problems.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit

    smooth = _smoothed(target)
    design = np.column_stack([evidence, np.ones(len(evidence))])
    # Where all weights are alike their slope teaches nothing, and stays at 0.
    penalty = np.array([0.0, _PENALTY, 0.0])

    def loss(beta: Array) -> tuple[float, Array]:
        z = design @ beta
        away = float((np.logaddexp(0, z) - smooth * z).sum() + penalty @ beta**2)
        return away, design.T @ (expit(z) - smooth) + 2 * penalty * beta

    start = np.array([1.0, 0.0, 0.0])
    # What speaks for an answer never makes it less probable, whatever few problems seem to say.
    bounds = [(0, None), (0, None), (None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    slope, weight_slope, intercept = found.x
    return Curve(float(slope), float(weight_slope), float(intercept))


def fit_isotonic(evidence: Array, target: Array) -> Curve:
    """A curve that only rises, in what a logistic curve takes for the evidence.

    Its arguments are those of :func:`fit_logistic`.
    """
    import numpy as np
    from scipy.optimize import isotonic_regression

    logistic = fit_logistic(evidence, target)
    at = evidence @ np.array([logistic.slope, logistic.weight_slope]) + logistic.intercept
    places, inverse, counts = np.unique(at.round(_DIGITS), return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=_smoothed(target)) / counts
    levels = isotonic_regression(means, weights=counts).x.round(_DIGITS)
    # Of each level, its two ends are corners.
    inner = (levels[1:-1] == levels[:-2]) & (levels[1:-1] == levels[2:])
    is_corner = np.concatenate([[True], ~inner, [True]])[: len(levels)]
    corners = zip(places[is_corner].tolist(), levels[is_corner].tolist(), strict=True)
    return Curve(logistic.slope, logistic.weight_slope, logistic.intercept, tuple(corners))


def choose_curve(evidence: Array, target: Array, folds: Numbers) -> tuple[Curve, float]:
    """The curve with the lower cross-validated Brier score, and that score.

    Args:
        evidence: As of :func:`fit_logistic`.
        target: As there.
        folds: The fold of each problem.
    """
    ways = (fit_logistic, fit_isotonic)
    scores = [_held_out_brier(fit, evidence, target, folds) for fit in ways]
    best = scores.index(min(scores))
    return ways[best](evidence, target), scores[best]


def _smoothed(target: Array) -> Array:
    """Targets that are not quite certain, as no further problem of theirs would be."""
    import numpy as np

    positives, negatives = target.sum(), (1 - target).sum()
    smooth: Array = np.where(target > 0, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    return smooth


def _held_out_brier(
    fit: Callable[[Array, Array], Curve], evidence: Array, target: Array, folds: Numbers
) -> float:
    import numpy as np

    predicted = np.zeros_like(target)
    for held in np.unique(folds):
        curve = fit(evidence[folds != held], target[folds != held])
        predicted[folds == held] = [curve.probability(*row) for row in evidence[folds == held]]
    return brier_score(predicted.tolist(), [bool(value) for value in target])
