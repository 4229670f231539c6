"""How good confidence is, set against what was right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

__all__ = [
    "ReliabilityBin",
    "brier_score",
    "expected_calibration_error",
    "reliability_table",
    "wilson",
    "wilson_by_groups",
]

_Z = NormalDist().inv_cdf(0.975)


def wilson(right: float, total: float) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    part = right / total
    middle = part + _Z**2 / (2 * total)
    half = _Z * math.sqrt(part * (1 - part) / total + _Z**2 / (4 * total**2))
    scale = 1 + _Z**2 / total
    low, high = (middle - half) / scale, (middle + half) / scale
    # Where none or all are right one of them is the part itself, but for rounding.
    return max(0.0, min(part, low)), min(1.0, max(part, high))


def wilson_by_groups(right: Sequence[int], total: Sequence[int]) -> tuple[float, float]:
    """95 % interval of a proportion of things of which those of a group go together.

    Wilson's, for as many things as would vary as much if each were on its own: the effective sample
    size of Korn and Graubard (1998, "Confidence intervals for proportions with small expected
    number of positive counts"), with the variance of the ratio between groups. Where all or none
    are right nothing tells how far they go together, and each group counts once.

    Args:
        right: How many things of each group are right.
        total: How many there are of each group, with one at least in all.
    """
    from scipy.special import stdtrit

    count, groups = sum(total), sum(n > 0 for n in total)
    part = sum(right) / count
    effective = float(groups)
    if groups > 1 and 0 < part < 1:
        spread = sum((k - part * n) ** 2 for k, n in zip(right, total, strict=True))
        variance = groups / (groups - 1) * spread / count**2
        # Few groups tell less of the variance.
        known = (_Z / float(stdtrit(groups - 1, 0.975))) ** 2 * part * (1 - part)
        effective = known / variance if variance * count > known else float(count)
    return wilson(part * effective, effective)


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
