"""Ways to choose among recorded samples, all on the same ones, at every number of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recorded import replay
from benchmarks.statistics import (
    COVERAGES,
    accuracy_at_coverage,
    bootstrap_mean,
    compare_paired,
)
from neurosym import Adaptive, Select
from neurosym.selection.arrays import Array, Marks, Numbers
from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector, WeightedVote
from neurosym.selection.calibration import (
    Calibration,
    LabelledVote,
    calibrate,
    fold_places,
)
from neurosym.selection.named import named_selector
from neurosym.selection.resampling import (
    Costs,
    Judged,
    Reach,
    ceiling,
    fit_difficulty,
    fit_verifier,
    seen_reach,
    verifier_rates,
)
from neurosym.selection.stopping import is_settled
from neurosym.selection.weighted import VerifierWeighted
from neurosym.solution import Selection

__all__ = ["Recorded", "measure", "measure_votes"]

_FITTED = "verified, fitted"
_STOPS = (0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Samples of many problems, and which of their answers are right.

    Attributes:
        ballots: The samples.
        right: Whether each class of equal answers is right; problems × classes.
        tokens: Completion tokens of each sample; problems × samples.
        groups: What each problem shares with others.
    """

    ballots: Ballots
    right: Marks
    tokens: Array
    groups: tuple[str, ...]

    @classmethod
    def of(cls, votes: Sequence[LabelledVote]) -> Recorded:
        """The labelled votes, as arrays."""
        ballots = Ballots.of([(vote.candidates, vote.labels) for vote in votes])
        right = np.zeros((len(votes), ballots.classes), dtype=bool)
        tokens = np.zeros(ballots.labels.shape)
        for row, vote in enumerate(votes):
            right[row, sorted(vote.right)] = True
            tokens[row, : len(vote.candidates)] = [
                item.completion.completion_tokens for item in vote.candidates
            ]
        return cls(ballots, right, tokens, tuple(vote.group for vote in votes))

    def is_right(self, choices: Choices) -> Marks:
        """Whether each problem's chosen answer is."""
        rows = np.arange(len(self.right))
        return (choices.labels >= 0) & self.right[rows, np.maximum(choices.labels, 0)]


@dataclass(frozen=True, slots=True)
class _HeldOut(WeightedVote):
    """Votes weighted by factors that were fitted on the other folds.

    Attributes:
        products: Weight of each combination of check states; folds × combinations.
        folds: The fold that each problem is in.
    """

    products: Array
    folds: Numbers

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate."""
        weights = self.products[self.folds[:, None], ballots.states]
        return np.where(ballots.is_there, weights, 0.0)


def _held_out(votes: Sequence[LabelledVote], ballots: Ballots) -> _HeldOut:
    products, folds = [], np.zeros(len(votes), dtype=np.intp)
    for number, held in enumerate(fold_places(votes)):
        folds[held] = number
        rest = [vote for i, vote in enumerate(votes) if i not in set(held)]
        selector = calibrate(rest, model="", task="").selector
        products.append(selector.products(ballots.features))
    return _HeldOut(np.array(products), folds)


def measure(path: Path, samples: int, draws: int, seed: int) -> dict[str, Any]:
    """Replay the samples of a file and compare the ways; see :func:`measure_votes`."""
    _, votes = replay(path, samples, pool=False)
    return measure_votes(votes, draws, seed)


def measure_votes(votes: Sequence[LabelledVote], draws: int, seed: int) -> dict[str, Any]:
    """Accuracy of each way to choose, at every number of samples, and what stopping early saves.

    Args:
        votes: The samples of each problem, all of one number.
        draws: Random orders of the samples, over which a number of samples is averaged.
        seed: Of the orders.
    """
    recorded = Recorded.of(votes)
    ballots = recorded.ballots
    rules: dict[str, Selector] = {
        word.value: named_selector(word, VerifierWeighted())
        for word in Select
        if not (word.needs_logprobs and np.isnan(ballots.logprobs[ballots.is_drawn]).any())
    }
    rules[_FITTED] = _held_out(votes, ballots)
    whole = {name: rule.choose(ballots) for name, rule in rules.items()}
    right = {name: recorded.is_right(choices) for name, choices in whole.items()}
    confidence = {name: _confidence(choices) for name, choices in whole.items()}
    orders = _orders(recorded, draws, seed)
    return {
        "problems": len(votes),
        "samples": ballots.labels.shape[1],
        "accuracy": {
            **{name: _mean(marks) for name, marks in right.items()},
            "oracle": _mean(np.asarray(_sample_is_right(recorded).any(axis=1))),
        },
        "paired with majority": {
            name: compare_paired(marks.tolist(), right["majority"].tolist(), recorded.groups)
            for name, marks in right.items()
            if name != "majority"
        },
        "by samples": {name: _by_samples(recorded, rule, orders) for name, rule in rules.items()},
        "adaptive": {
            name: [_adaptive(recorded, rules[name], orders, stop) for stop in _STOPS]
            for name in ("majority", "verified", _FITTED)
        },
        "abstention": [
            {
                "coverage": coverage,
                **{
                    name: accuracy_at_coverage(confidence[name], marks.tolist(), coverage)
                    for name, marks in right.items()
                },
            }
            for coverage in COVERAGES
        ],
        "resampling": _resampling(recorded),
    }


def _mean(marks: Marks) -> dict[str, Any]:
    return {
        "value": float(marks.mean()),
        "right": int(marks.sum()),
        "interval": bootstrap_mean(marks.astype(float).tolist()),
    }


def _sample_is_right(recorded: Recorded) -> Marks:
    labels = recorded.ballots.labels
    found = np.take_along_axis(recorded.right, np.maximum(labels, 0), axis=1)
    return np.asarray(found & (labels >= 0))


def _selections(choices: Choices) -> list[Selection]:
    problems, candidates = choices.votes.shape
    classes = choices.totals.shape[1]
    return [choices.selection(row, candidates, classes) for row in range(problems)]


def _confidence(choices: Choices) -> list[float]:
    """By the rule of succession, before any curve is fitted."""
    return [Calibration().confidence(selection) for selection in _selections(choices)]


def _orders(recorded: Recorded, draws: int, seed: int) -> list[Numbers]:
    """Random orders of each problem's samples, padding last."""
    random = np.random.default_rng(seed)
    lots = random.random((draws, *recorded.ballots.labels.shape))
    lots = np.where(recorded.ballots.is_there, lots, 2.0)
    return list(np.argsort(lots, axis=2))


def _by_samples(
    recorded: Recorded, rule: Selector, orders: Sequence[Numbers]
) -> list[dict[str, float]]:
    """Accuracy and tokens at each number of samples, over all orders."""
    found = []
    for count in range(1, recorded.ballots.labels.shape[1] + 1):
        right, tokens = [], []
        for order in orders:
            columns = order[:, :count]
            choices = rule.choose(recorded.ballots.take(columns))
            right.append(recorded.is_right(choices).mean())
            tokens.append(np.take_along_axis(recorded.tokens, columns, axis=1).sum(axis=1).mean())
        found.append(
            {"samples": count, "accuracy": float(np.mean(right)), "tokens": float(np.mean(tokens))}
        )
    return found


def _adaptive(
    recorded: Recorded, rule: Selector, orders: Sequence[Numbers], stop: float
) -> dict[str, float | None]:
    """What sampling in rounds until the leader stays ahead with some probability comes to."""
    whole = recorded.tokens.sum(axis=1).mean()
    rounds = Adaptive(max=recorded.ballots.labels.shape[1]).rounds
    right, tokens, samples = [], [], []
    for order in orders:
        goes_on = np.ones(len(order), dtype=bool)
        is_right, spent, drawn = (np.zeros(len(order)) for _ in range(3))
        for total in rounds:
            columns = order[:, :total]
            choices = rule.choose(recorded.ballots.take(columns))
            settled = [is_settled(selection, stop) for selection in _selections(choices)]
            ends = goes_on & (np.array(settled) | (total == rounds[-1]))
            is_right[ends] = recorded.is_right(choices)[ends]
            spent[ends] = np.take_along_axis(recorded.tokens, columns, axis=1).sum(axis=1)[ends]
            drawn[ends] = total
            goes_on &= ~ends
        right.append(is_right.mean())
        tokens.append(spent.mean())
        samples.append(drawn.mean())
    return {
        "stop": stop,
        "accuracy": float(np.mean(right)),
        "samples": float(np.mean(samples)),
        "tokens": float(np.mean(tokens)),
        "part of all samples": float(np.mean(samples) / recorded.ballots.labels.shape[1]),
        # Recordings need not say how many tokens a sample took.
        "part of all tokens": float(np.mean(tokens) / whole) if whole else None,
    }


def _resampling(recorded: Recorded) -> dict[str, Any]:
    """Where sampling until the checks accept ends: predicted, and seen.

    A sample is accepted if the checks leave it as much weight as any.
    """
    weights = VerifierWeighted().weights(recorded.ballots)
    has_answer = recorded.ballots.labels >= 0
    accepted = has_answer & (weights >= weights.max(initial=0.0) - 1e-9)
    right = _sample_is_right(recorded)
    there = recorded.ballots.is_there
    judged = [
        Judged(int((r & a).sum()), int((r & ~a).sum()), int((~r & a & t).sum()),
               int((~r & ~a & t).sum()))
        for r, a, t in zip(right, accepted, there, strict=True)
    ]  # fmt: skip
    most = recorded.ballots.labels.shape[1]
    verifier, difficulty = fit_verifier(judged), fit_difficulty(judged)
    true, false = verifier_rates(judged)
    predicted, seen = Reach.predicted(verifier, difficulty, most), seen_reach(judged, most)
    return {
        "accepts right samples": asdict(true),
        "accepts wrong samples": asdict(false),
        "spread over problems": {**asdict(verifier), "right samples": asdict(difficulty)},
        "ceiling": ceiling(verifier, difficulty),
        "best number of samples": {
            f"wrong costs {cost}": predicted.best_number(Costs(wrong=cost)) for cost in (1, 2, 4)
        },
        "predicted": _curve(predicted),
        "seen": _curve(seen),
    }


def _curve(reach: Reach) -> Mapping[str, list[float]]:
    return {"right": reach.right.tolist(), "wrong": reach.wrong.tolist()}
