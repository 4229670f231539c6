"""When to stop sampling, since more samples would change nothing, or hardly anything."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["is_decided", "lead_probability"]


def is_decided(totals: Sequence[float], left: float) -> bool:
    """Whether the leader can no longer be caught.

    Args:
        totals: Weight of each answer so far; none if there is no answer yet.
        left: Most weight that the samples still to come can have together.
    """
    first, second = _first_two(totals)
    # One that draws level may win the tie.
    return first - second > left + 1e-9


def lead_probability(totals: Sequence[float]) -> float:
    """How probable it is that the leader stays ahead of the next answer, however many samples come.

    Under a uniform prior the share of the leader among the two is Beta(first + 1, second + 1); this
    is the probability that it is over one half (Aggarwal et al. 2023, arXiv:2305.11860, section 3).

    Args:
        totals: Weight of each answer so far; samples count their weight.
    """
    from scipy.special import betaincc

    first, second = _first_two(totals)
    return float(betaincc(first + 1, second + 1, 0.5))


def _first_two(totals: Sequence[float]) -> tuple[float, float]:
    first, second, *_ = (*sorted(totals, reverse=True), 0.0, 0.0)
    return first, second
