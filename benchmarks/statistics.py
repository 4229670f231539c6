"""Intervals and curves for results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from neurosym.selection.reliability import wilson

__all__ = [
    "COVERAGES",
    "accuracy_at_coverage",
    "bootstrap_mean",
    "compare_paired",
    "mean",
    "pass_at",
    "quartiles",
    "share",
]


COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Parts of the problems at which a curve of abstention is told."""


def share(count: int, total: int) -> dict[str, Any]:
    """A part of a whole, with its interval."""
    return {"count": count, "of": total, "value": count / total, "interval": wilson(count, total)}


def pass_at(k: int, samples: int, right: int) -> float:
    """The unbiased estimate of pass@k (Chen et al. 2021, arXiv:2107.03374, section 2.1).

    Args:
        k: How many may be tried, at most as many as there are samples.
        samples: How many were tried.
        right: How many of them are right.
    """
    if samples - right < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / i for i in range(samples - right + 1, samples + 1))


def quartiles(values: Sequence[float]) -> dict[str, Any]:
    """The median of some values, their other quartiles, and how many they are."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return {
        "median": round(float(middle), 3),
        "quartiles": [round(float(low), 3), round(float(high), 3)],
        "n": len(values),
    }


def bootstrap_mean(
    values: Sequence[float], groups: Sequence[str] | None = None, draws: int = 10_000
) -> tuple[float, float]:
    """95 % interval of a mean by the percentile bootstrap, seeded.

    Args:
        values: One of each problem.
        groups: What each problem belongs to; problems of one group are drawn together. ``None``
            takes each for itself.
        draws: How often all are drawn again.
    """
    known: dict[str | int, int] = {}
    names = range(len(values)) if groups is None else groups
    group = [known.setdefault(name, len(known)) for name in names]
    sums, sizes = np.bincount(group, weights=values), np.bincount(group)
    picks = np.random.default_rng(0).integers(len(sums), size=(draws, len(sums)))
    means = sums[picks].sum(axis=1) / sizes[picks].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def mean(values: Sequence[float]) -> dict[str, Any]:
    """A mean over problems, with its interval."""
    return {"value": sum(values) / len(values), "interval": bootstrap_mean(values)}


def compare_paired(
    first: Sequence[bool], second: Sequence[bool], groups: Sequence[str]
) -> dict[str, float]:
    """What two ways make of the same problems: the difference, and how likely it is by chance.

    Args:
        first: Which problems the one way has right.
        second: Which the other has.
        groups: What each problem belongs to; problems of one group stand or fall together.

    Returns:
        ``difference`` in accuracy, how many ``only the first`` and ``only the second`` has right,
        ``p`` of so uneven a split, two-sided and exact (McNemar 1947), which takes each problem for
        itself, and ``p by groups``, of a permutation test that swaps the ways in whole groups.
    """
    from scipy.stats import binomtest

    pairs = list(zip(first, second, strict=True))
    won, lost = pairs.count((True, False)), pairs.count((False, True))
    gains: dict[str, int] = {}
    for group, (one, other) in zip(groups, pairs, strict=True):
        gains[group] = gains.get(group, 0) + one - other
    return {
        "difference": (won - lost) / len(pairs),
        "only the first": won,
        "only the second": lost,
        "p": float(binomtest(won, won + lost).pvalue) if won + lost else 1.0,
        "p by groups": _permuted(list(gains.values())),
    }


def _permuted(gains: Sequence[int], draws: int = 100_000) -> float:
    """How often random signs bring the sum at least as far from nought, seeded."""
    data = np.asarray([gain for gain in gains if gain])
    signs = np.random.default_rng(0).choice(np.array([-1, 1]), size=(draws, len(data)))
    as_far = np.count_nonzero(np.abs(signs @ data) >= abs(data.sum()))
    return float((as_far + 1) / (draws + 1))


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
