"""Intervals and curves for results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["accuracy_at_coverage", "bootstrap_mean", "wilson"]


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def bootstrap_mean(values: Sequence[float], draws: int = 10_000) -> tuple[float, float]:
    """95 % interval of a mean by the percentile bootstrap over problems, seeded."""
    data = np.asarray(values, dtype=float)
    picks = np.random.default_rng(0).integers(len(data), size=(draws, len(data)))
    low, high = np.percentile(data[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def accuracy_at_coverage(
    confidences: Sequence[float], right: Sequence[bool], coverage: float
) -> float:
    """Accuracy on the most confident part of the problems.

    Where the cut falls among problems of one confidence, each of them counts in part, so that
    their order in the file plays no role.

    Args:
        confidences: Confidence of each problem's answer.
        right: Whether it is right.
        coverage: The part of the problems that is answered, in (0, 1].
    """
    wanted = coverage * len(confidences)
    taken, won = 0.0, 0.0
    for level in sorted(set(confidences), reverse=True):
        marks = [r for c, r in zip(confidences, right, strict=True) if c == level]
        part = min(1.0, (wanted - taken) / len(marks))
        taken += part * len(marks)
        won += part * sum(marks)
        if taken >= wanted - 1e-9:
            break
    return won / taken
