"""In words, what sampling until a sample is sound can reach."""

from __future__ import annotations

from neurosym.selection.resampling import Costs, Outlook, Rate

__all__ = ["told_outlook"]

_MOST = 64
"""Samples that are looked ahead to."""
_LITTLE = 0.005


def told_outlook(kind: str, outlook: Outlook) -> str:
    """What labelled problems of a kind say of more samples.

    Args:
        kind: The kind of problem.
        outlook: What they say.
    """
    reach, costs = outlook.reach(_MOST), Costs()
    worth, best = reach.utility(costs), reach.best_number(costs)
    more = f"more than {best} sample{'' if best == 1 else 's'}"
    until = f"{more} make it worse" if worth[best] - worth[-1] > _LITTLE else f"{more} add little"
    if best == 0:
        until = "not one sample is worth acting on"
    return (
        f"{kind}: the checks accept {_told(outlook.accepts_right)} of right samples and "
        f"{_told(outlook.accepts_wrong)} of wrong ones. Sampling until they accept one ends right "
        f"on at most {outlook.ceiling:.0%} of such problems; where a wrong answer costs what a "
        f"right one is worth, {until}."
    )


def _told(rate: Rate) -> str:
    return f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%})"
