"""What a budget for all problems buys if it goes where the vote is least sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.recorded import Recorded
from neurosym.selection.allocation import allocation_index
from neurosym.selection.arrays import Array, Numbers
from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Selector, WeightedVote

__all__ = ["measure_allocation"]

_EXPLORATIONS = (0.25, 1.0, 4.0)


def measure_allocation(
    recorded: Recorded, rule: Selector, orders: Sequence[Numbers]
) -> list[dict[str, float]]:
    """Accuracy and tokens at each mean number of samples a problem, over all orders.

    Args:
        recorded: The samples.
        rule: Chooses among those drawn; under it weights of equal answers are added up.
        orders: Orders in which each problem's samples come.
    """
    assert isinstance(rule, WeightedVote)
    most = recorded.ballots.labels.shape[1]
    found = []
    for exploration in _EXPLORATIONS:
        right, tokens = np.zeros(most), np.zeros(most)
        for order in orders:
            ballots = recorded.ballots.take(order)
            spent = np.take_along_axis(recorded.tokens, order, axis=1).cumsum(axis=1)
            weights = rule.weights(ballots)
            for k, drawn in enumerate(_served(ballots, weights, exploration)):
                choices = rule.choose(_only(ballots, drawn))
                right[k] += recorded.is_right(choices).mean()
                rows = np.arange(len(drawn))
                tokens[k] += np.where(drawn > 0, spent[rows, drawn - 1], 0.0).mean()
        found += [
            {
                "exploration": exploration,
                "samples": k + 1,
                "accuracy": float(right[k] / len(orders)),
                "tokens": float(tokens[k] / len(orders)),
            }
            for k in range(most)
        ]
    return found


def _served(ballots: Ballots, weights: Array, exploration: float) -> list[Numbers]:
    """How many samples each problem has, when all have so many together as k each would be."""
    problems, most = ballots.labels.shape
    scale = weights.max(initial=0.0) or 1.0
    totals = np.zeros((problems, ballots.classes))
    drawn = np.zeros(problems, dtype=np.intp)
    index = allocation_index(totals, drawn, exploration)
    stages = []
    for served in range(1, problems * most + 1):
        row = int(index.argmax())
        label = ballots.labels[row, drawn[row]]
        if label >= 0:
            totals[row, label] += weights[row, drawn[row]] / scale
        drawn[row] += 1
        one = slice(row, row + 1)
        again = allocation_index(totals[one], drawn[one], exploration)[0]
        index[row] = again if drawn[row] < most else -np.inf
        if served % problems == 0:
            stages.append(drawn.copy())
    return stages


def _only(ballots: Ballots, drawn: Numbers) -> Ballots:
    """The first so many samples of each problem."""
    is_there = ballots.is_there & (np.arange(ballots.labels.shape[1]) < drawn[:, None])
    return replace(
        ballots,
        labels=np.where(is_there, ballots.labels, -1),
        is_there=is_there,
        is_drawn=ballots.is_drawn & is_there,
    )
