"""How good confidence is, set against what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "ReliabilityBin",
    "brier_score",
    "expected_calibration_error",
    "reliability_table",
    "wilson",
]


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def brier_score(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean squared difference of confidence and outcome (Brier 1950); 0 is best, 0.25 a coin."""
    return sum((c - r) ** 2 for c, r in zip(confidences, right, strict=True)) / len(confidences)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers whose confidence fell between two bounds.

    Attributes:
        low: Lower bound, included.
        high: Upper bound, excluded but for 1.
        count: Answers in the bin.
        confidence: Their mean confidence.
        accuracy: The fraction that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability_table(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 5
) -> list[ReliabilityBin]:
    """Mean confidence against accuracy in bins of equal width; empty bins are left out."""
    table = []
    for k in range(bins):
        low, high = k / bins, (k + 1) / bins
        inside = [
            (c, r)
            for c, r in zip(confidences, right, strict=True)
            if low <= c < high or (c == 1 and k == bins - 1)
        ]
        if inside:
            count = len(inside)
            table.append(
                ReliabilityBin(
                    low,
                    high,
                    count,
                    sum(c for c, _ in inside) / count,
                    sum(r for _, r in inside) / count,
                )
            )
    return table


def expected_calibration_error(table: Sequence[ReliabilityBin]) -> float:
    """Mean distance of confidence and accuracy, weighted by count (Naeini et al. 2015)."""
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.confidence - row.accuracy) for row in table) / total
