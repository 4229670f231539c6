"""In words, what sampling until a sample is sound can reach."""

from __future__ import annotations

from neurosym.selection.resampling import Costs, Outlook, Rate

__all__ = ["told_outlook"]

_MOST = 64
"""Samples that are looked ahead to."""


def told_outlook(kind: str, outlook: Outlook) -> str:
    """What labelled problems of a kind say of more samples, in three sentences.

    Args:
        kind: The kind of problem.
        outlook: What they say.
    """
    best = outlook.reach(_MOST).best_number(Costs())
    until = {
        0: "not one sample is worth acting on",
        _MOST: f"more samples help up to {_MOST} at least",
    }.get(best, f"more than {best} samples make it worse")
    return (
        f"{kind}: the checks accept {_told(outlook.accepts_right)} of right samples and "
        f"{_told(outlook.accepts_wrong)} of wrong ones. Sampling until they accept one ends right "
        f"on at most {outlook.ceiling:.0%} of such problems; where a wrong answer costs what a "
        f"right one is worth, {until}."
    )


def _told(rate: Rate) -> str:
    return f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%})"
