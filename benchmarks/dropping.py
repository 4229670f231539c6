"""What dropping samples saves that cannot change a vote any more, on recorded lengths.

All samples of a problem are begun at once and get a token each at a time, as in a batch. Waiting
for all costs all their tokens; with dropping, those in flight end where the leader of those that
have ended can no longer be caught. The answer is the same by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recorded import replay
from benchmarks.statistics import bootstrap_mean
from neurosym.errors import InputError
from neurosym.selection.labelled import LabelledVote
from neurosym.selection.majority import Majority
from neurosym.selection.stopping import is_decided

__all__ = ["measure", "measure_votes"]


def measure(path: Path, samples: int) -> dict[str, Any]:
    """Replay the samples of a file; see :func:`measure_votes`."""
    _, votes = replay(path, samples, pool=False)
    return measure_votes(votes)


def measure_votes(votes: Sequence[LabelledVote]) -> dict[str, Any]:
    """Tokens that are sampled with dropping, against those of all samples.

    Args:
        votes: The samples of each problem.

    Raises:
        InputError: It is not known how many tokens the samples have.
    """
    all_tokens, kept, ended_early = [], [], []
    for vote in votes:
        lengths = [item.completion.completion_tokens for item in vote.candidates]
        moment = _decided(vote, lengths)
        all_tokens.append(sum(lengths))
        kept.append(sum(min(length, moment) for length in lengths))
        ended_early.append(moment < max(lengths, default=0))
    saved = [
        1 - part / whole if whole else 0.0 for part, whole in zip(kept, all_tokens, strict=True)
    ]
    if not sum(all_tokens):
        raise InputError(
            "the samples do not say how many tokens they have",
            hint="Take samples that `neurosym record` wrote.",
        )
    return {
        "problems": len(votes),
        "samples": max(len(vote.candidates) for vote in votes),
        "tokens of all samples": sum(all_tokens),
        "tokens with dropping": sum(kept),
        "saved": 1 - sum(kept) / sum(all_tokens),
        "saved of a problem": {"value": float(np.mean(saved)), "interval": bootstrap_mean(saved)},
        "problems cut short": float(np.mean(ended_early)),
    }


def _decided(vote: LabelledVote, lengths: Sequence[int]) -> int:
    """How many tokens the longest sample in flight has when no other answer can win any more."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    for ended in range(1, len(order) + 1):
        places = order[:ended]
        candidates = [vote.candidates[i] for i in places]
        selection = Majority().select(candidates, [vote.labels[i] for i in places])
        left = len(order) - ended
        if selection.label is not None and is_decided(selection.weights, left):
            return lengths[places[-1]]
    return max(lengths, default=0)
