"""Which of many problems the next sample is best spent on.

Each problem is a bandit of its own whose best arm is its most frequent answer; a budget for all of
them goes to those whose leader is least sure (GapE for several bandits: Gabillon et al. 2011,
"Multi-Bandit Best Arm Identification", section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Numbers

__all__ = ["allocation_index"]


def allocation_index(totals: Array, drawn: Numbers, exploration: float) -> Array:
    """How much each problem asks for another sample; the greatest index is served first.

    It is the root of ``exploration`` over the samples drawn, minus the lead of the first answer
    over the next as a part of the samples. A problem without samples comes before all others.

    Args:
        totals: Weight of each answer so far, of which a sample counts 1 at most; problems ×
            answers.
        drawn: Samples of each problem so far; problems.
        exploration: How much problems with few samples are preferred; 0 looks at leads alone.
    """
    import numpy as np

    padded = np.pad(np.asarray(totals, dtype=float), ((0, 0), (0, 2)))
    two = np.partition(padded, -2, axis=1)[:, -2:]
    count = np.maximum(drawn, 1)
    index: Array = np.sqrt(exploration / count) - (two[:, 1] - two[:, 0]) / count
    return np.where(np.asarray(drawn) == 0, np.inf, index)
