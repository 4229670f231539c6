"""In words, what sampling until a sample is sound can reach."""

from __future__ import annotations

from neurosym.selection.resampling import Costs, Outlook, Rate

__all__ = ["told_outlook"]

_MOST = 64
"""Samples that are looked ahead to."""
_LITTLE = 0.005
_ALIKE = Costs()
"""A wrong answer costs what a right one is worth."""


def told_outlook(kind: str, outlook: Outlook, costs: Costs = _ALIKE) -> str:
    """What labelled problems of a kind say of more samples.

    Args:
        kind: The kind of problem.
        outlook: What they say.
        costs: What wrong answers and abstentions cost.
    """
    reach = outlook.reach(_MOST)
    worth, best = reach.utility(costs), reach.best_number(costs)
    more = f"more than {best} sample{'' if best == 1 else 's'}"
    until = f"{more} make it worse" if worth[best] - worth[-1] > _LITTLE else f"{more} add little"
    if best == 0:
        until = "not one sample is worth acting on"
    where = (
        "a wrong answer costs what a right one is worth"
        if costs == _ALIKE
        else f"a right answer is worth 1, a wrong one costs {costs.wrong:g} and none {costs.none:g}"
    )
    return (
        f"{kind}: the checks accept {_told(outlook.accepts_right)} of right samples and "
        f"{_told(outlook.accepts_wrong)} of wrong ones. Sampling until they accept one ends right "
        f"on at most {outlook.ceiling:.0%} of such problems; where {where}, {until}."
    )


def _told(rate: Rate) -> str:
    return f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%})"
