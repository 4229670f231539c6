"""When to stop sampling, since more samples would change nothing, or hardly anything."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.errors import OptionError
from neurosym.solution import Selection

__all__ = ["check_stop", "doubled", "is_decided", "is_settled", "lead_probability"]


def check_stop(stop: float) -> None:
    """Refuse what is no probability to stop at.

    Raises:
        OptionError: It is 0.5 or less, or over 1.
    """
    if not 0.5 < stop <= 1:
        raise OptionError(f"stop is {stop}", hint="Give a probability over 0.5 and up to 1.")


def doubled(first: int, most: int) -> list[int]:
    """How many samples there are after each round, if each draws as many again as there are."""
    totals = [min(first, most)]
    while totals[-1] < most:
        totals.append(min(2 * totals[-1], most))
    return totals


def is_settled(selection: Selection, stop: float, left: float | None = None) -> bool:
    """Whether more samples would hardly change what a vote chose.

    Args:
        selection: What it chose. A sample counts one at most, as the one that most speaks for does.
        stop: How probable it must be that the leader stays ahead; nothing is as probable as 1.
        left: How many samples are still to come, where none of them can count more than one;
            ``None`` where that is not known.
    """
    if selection.candidate is None or selection.label is None:
        return False
    strongest = max(selection.votes)
    totals = [weight / strongest for weight in selection.weights]
    if totals[selection.label] < max(totals):
        return False  # what was chosen does not lead, so that a lead says nothing of it
    if left is not None and is_decided(totals, left):
        return True
    return stop < 1 and lead_probability(totals) >= stop


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
