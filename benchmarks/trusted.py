"""How many answers can be acted on under a bound on false ones, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neurosym.selection.arrays import Marks
from neurosym.selection.conformal import select_answers
from neurosym.selection.trust import answer_scores
from neurosym.solution import Selection

__all__ = ["measure_trust"]

_RATES = (0.1, 0.2, 0.3)
_SPLITS = 200


def measure_trust(
    chosen_by: Sequence[tuple[Selection, float]], right: Marks, groups: Sequence[str]
) -> list[dict[str, float]]:
    """Conformal selection over random splits into labelled and new problems.

    Args:
        chosen_by: What a vote chose for each problem, and its confidence.
        right: Whether that is right.
        groups: What each problem shares with others; a group is not split.

    Returns:
        For each bound, the mean part of what is chosen that is wrong, and the mean part of the
        right answers that is chosen (the power).
    """
    scores = answer_scores(chosen_by)
    answered = np.array([item.label is not None for item, _ in chosen_by])
    names = [group or str(place) for place, group in enumerate(groups)]
    known = sorted(set(names))
    place = np.array([known.index(name) for name in names])
    random = np.random.default_rng(0)
    sides = [random.random(len(known)) < 0.5 for _ in range(_SPLITS)]
    found = []
    for rate in _RATES:
        false, power, chosen = [], [], []
        for side in sides:
            labelled = side[place]
            wrong, new = answered & labelled & ~right, answered & ~labelled
            count = int((answered & labelled).sum())
            picked = select_answers(scores[:, wrong], scores[:, new], rate, labelled=count).chosen
            is_right = right[new]
            false.append((picked & ~is_right).sum() / max(picked.sum(), 1))
            power.append((picked & is_right).sum() / max(is_right.sum(), 1))
            chosen.append(picked.mean())
        found.append(
            {
                "bound": rate,
                "false": float(np.mean(false)),
                "power": float(np.mean(power)),
                "chosen": float(np.mean(chosen)),
            }
        )
    return found
