"""What dropping samples saves in flight once a vote is decided, on recorded lengths.

So many samples of a problem are in flight at once, and get a token each at a time, as in a batch;
where one ends, the next begins. Waiting for all costs all their tokens; with dropping, nothing goes
on once the leader of those that have ended stays ahead so probably. At 1 it can no longer be caught
by all the others, so that the answer is the same by construction.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recorded import replay
from benchmarks.statistics import mean
from neurosym.errors import InputError
from neurosym.selection.labelled import LabelledVote
from neurosym.selection.majority import Majority
from neurosym.selection.stopping import is_settled
from neurosym.translators.formats import WordProblemRoute

__all__ = ["measure", "measure_votes"]

_AT_ONCE = (1, 2, 4, 8, 16, 64)
"""Samples of a problem in flight at once, at most all of them."""
_STOPS = (1.0, 0.95, 0.85)


def measure(path: Path, samples: int, routes: WordProblemRoute) -> dict[str, Any]:
    """Replay the samples of a file; see :func:`measure_votes`."""
    _, votes = replay(path, samples, pool=False, routes=routes)
    return measure_votes(votes)


def measure_votes(votes: Sequence[LabelledVote]) -> dict[str, Any]:
    """Tokens that are sampled with dropping, against those of all samples, and what that costs.

    Args:
        votes: The samples of each problem.

    Raises:
        InputError: It is not known how many tokens the samples have.
    """
    lengths = [[item.completion.completion_tokens for item in vote.candidates] for vote in votes]
    whole = [sum(row) for row in lengths]
    if not sum(whole):
        raise InputError(
            "the samples do not say how many tokens they have",
            hint="Take samples that `neurosym record` wrote.",
        )
    most = max(map(len, lengths))
    return {
        "problems": len(votes),
        "samples": most,
        "tokens of all samples": sum(whole),
        "by probability that the leader stays ahead": {
            stop: {
                at_once: _saved(
                    [_kept(vote, row, at_once, stop)
                     for vote, row in zip(votes, lengths, strict=True)], whole
                )
                for at_once in sorted({min(n, most) for n in _AT_ONCE})
            }
            for stop in _STOPS
        },
    }  # fmt: skip


def _saved(kept: Sequence[tuple[int, bool]], whole: Sequence[int]) -> dict[str, Any]:
    tokens = [count for count, _ in kept]
    parts = [1 - a / b if b else 0.0 for a, b in zip(tokens, whole, strict=True)]
    return {
        "saved": 1 - sum(tokens) / sum(whole),
        "saved of a problem": mean(parts),
        "problems cut short": float(np.mean([part > 0 for part in parts])),
        "right": sum(is_right for _, is_right in kept),
    }


def _kept(
    vote: LabelledVote, lengths: Sequence[int], at_once: int, stop: float
) -> tuple[int, bool]:
    """Tokens that are sampled until the vote is decided, and whether it is right then."""
    spans: list[tuple[int, int]] = []
    free = [0] * at_once
    for length in lengths:
        begin = heapq.heappop(free)
        spans.append((begin, begin + length))
        heapq.heappush(free, begin + length)
    order = sorted(range(len(spans)), key=lambda i: (spans[i][1], i))
    for ended in range(1, len(order) + 1):
        places = order[:ended]
        candidates = [vote.candidates[i] for i in places]
        selection = Majority().select(candidates, [vote.labels[i] for i in places])
        left = len(order) - ended
        if is_settled(selection, stop, left, full=1, is_exact=True):
            break
    moment = spans[places[-1]][1]
    kept = sum(min(end, moment) - min(begin, moment) for begin, end in spans)
    return kept, selection.label in vote.right
