"""When to stop sampling, since more samples would change nothing, or hardly anything."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.errors import OptionError
from neurosym.solution import Selection

__all__ = [
    "check_stop",
    "in_samples",
    "is_decided",
    "is_settled",
    "lead_of_all",
    "lead_probability",
    "round_totals",
]


def check_stop(stop: float) -> None:
    """Refuse what is no probability to stop at.

    Raises:
        OptionError: It is 0.5 or less, or over 1.
    """
    if not 0.5 < stop <= 1:
        raise OptionError(f"stop is {stop}", hint="Give a probability over 0.5 and up to 1.")


def round_totals(first: int, most: int, growth: float = 2.0) -> list[int]:
    """How many samples there are after each round.

    Args:
        first: Samples of the first.
        most: Samples of all.
        growth: How many times as many there are after each further round; it has one at least.
    """
    totals = [min(first, most)]
    while totals[-1] < most:
        totals.append(min(max(int(growth * totals[-1]), totals[-1] + 1), most))
    return totals


def in_samples(selection: Selection, full: float) -> list[float]:
    """How many samples stand behind each answer.

    Args:
        selection: What a vote chose.
        full: What a sample weighs that fails no check, which counts one; so does one that weighs
            more.
    """
    one = max(full, *selection.votes, 0.0) or 1.0
    return [weight / one for weight in selection.weights]


def is_settled(
    selection: Selection,
    stop: float,
    left: int | None = None,
    *,
    full: float,
    is_exact: bool = False,
    of_all: bool = False,
) -> bool:
    """Whether more samples would hardly change what a vote chose.

    Args:
        selection: What it chose.
        stop: How probable it must be that the leader stays ahead; nothing is as probable as 1.
        left: How many samples are still to come at most; ``None`` where that is not known.
        full: What a sample weighs that fails no check, as those that come may; see
            :func:`in_samples`.
        is_exact: Whether none of them can count more than the strongest so far, so that a leader
            that none of them can catch is one for sure.
        of_all: Whether it must be as probable that none of all others overtakes the leader, and not
            only that the next does not.
    """
    if selection.candidate is None or selection.label is None:
        return False
    totals = in_samples(selection, full)
    if totals[selection.label] < max(totals):
        return False  # what was chosen does not lead, so that a lead says nothing of it
    if is_exact and left is not None and is_decided(totals, left):
        return True
    lead = lead_of_all if of_all else lead_probability
    return stop < 1 and lead(totals, left) >= stop


def is_decided(totals: Sequence[float], left: float) -> bool:
    """Whether the leader can no longer be caught.

    Args:
        totals: Weight of each answer so far; none if there is no answer yet.
        left: Most weight that the samples still to come can have together.
    """
    first, second = _first_two(totals)
    # One that draws level may win the tie.
    return first - second > left + 1e-9


def lead_probability(totals: Sequence[float], left: int | None = None) -> float:
    """How probable it is that the leader stays ahead of the next answer.

    Under a uniform prior the share of the leader among the two is Beta(first + 1, second + 1).
    However many samples come, this is the probability that it is over one half (Aggarwal et al.
    2023, arXiv:2305.11860, section 3). Of as many as are left, the second gets a number that is
    beta-binomial; it is the probability that this does not bring it past the leader, where a tie
    counts half.

    Of the other answers it says nothing; see :func:`lead_of_all`.

    Args:
        totals: Weight of each answer so far; samples count their weight.
        left: Samples that are still to come, which count 1 each; ``None`` is any number.
    """
    import numpy as np
    from scipy.special import betaincc, betaln

    first, second = _first_two(totals)
    if left is None:
        return float(betaincc(first + 1, second + 1, 0.5))
    gained = np.arange(left + 1)
    ways = -betaln(gained + 1, left - gained + 1) - np.log(left + 1)
    share = betaln(gained + second + 1, left - gained + first + 1) - betaln(second + 1, first + 1)
    ahead = np.sign((first + left - gained - second - gained).round(9))
    return float(np.exp(ways + share) @ (1 + ahead) / 2)


def lead_of_all(totals: Sequence[float], left: int | None = None) -> float:
    """How probable it is at least that the leader stays ahead of all other answers.

    Under a Dirichlet prior the shares of any two are as :func:`lead_probability` has it, so that
    this is one minus the sum of what that lacks to 1 against each. With votes of 6, 1, 1 and 1 it
    is 0.895, the probability itself 0.910, and that of staying ahead of the next alone 0.965.

    Args:
        totals: Weight of each answer so far; samples count their weight.
        left: Samples that are still to come, which count 1 each; ``None`` is any number.
    """
    first, *others = sorted(totals, reverse=True) or [0.0]
    lacking = [1 - lead_probability([first, other], left) for other in others or [0.0]]
    return max(0.0, 1 - sum(lacking))


def _first_two(totals: Sequence[float]) -> tuple[float, float]:
    first, second, *_ = (*sorted(totals, reverse=True), 0.0, 0.0)
    return first, second
