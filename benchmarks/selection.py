"""Ways to choose among recorded samples, all on the same ones, at every number of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.allocated import measure_allocation
from benchmarks.held_out import ask_holdout
from benchmarks.recorded import Recorded, orders_of, replay, sample_is_right, selections
from benchmarks.statistics import (
    COVERAGES,
    accuracy_at_coverage,
    bootstrap_mean,
    compare_paired,
)
from benchmarks.trusted import measure_trust
from neurosym import Adaptive, Select
from neurosym.selection.arrays import Array, Marks, Numbers
from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Choices, Selector, WeightedVote
from neurosym.selection.calibration import Calibration, calibrate, cross_validate
from neurosym.selection.labelled import LabelledVote, fold_places
from neurosym.selection.named import named_selector
from neurosym.selection.planning import signs
from neurosym.selection.resampling import Costs, Outlook, Reach, seen_reach
from neurosym.selection.stopping import is_settled, round_totals
from neurosym.selection.weighted import VerifierWeighted
from neurosym.solution import Selection
from neurosym.translators.formats import WordProblemRoute

__all__ = ["measure", "measure_votes"]

_FITTED = "verified, fitted"
_STOPS = (0.8, 0.85, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class _HeldOut(WeightedVote):
    """Votes weighted by factors that were fitted on the other folds.

    Attributes:
        selectors: The vote with the factors of each fold.
        folds: The fold that each problem is in.
    """

    selectors: Sequence[VerifierWeighted]
    folds: Numbers

    def weights(self, ballots: Ballots) -> Array:
        """The weight of each candidate."""
        products = np.array([item.products(ballots.features) for item in self.selectors])
        weights = products[self.folds[:, None], ballots.states]
        return np.where(ballots.is_there, weights, 0.0)


def _held_out(votes: Sequence[LabelledVote]) -> _HeldOut:
    selectors, folds = [], np.zeros(len(votes), dtype=np.intp)
    for number, held in enumerate(fold_places(votes)):
        folds[held] = number
        rest = [vote for i, vote in enumerate(votes) if i not in set(held)]
        selectors.append(calibrate(rest, model="", task="").selector)
    return _HeldOut(selectors, folds)


def measure(
    path: Path,
    samples: int,
    draws: int,
    seed: int,
    holdout: Path | None = None,
    routes: WordProblemRoute = WordProblemRoute.PROGRAM,
) -> dict[str, Any]:
    """Replay the samples of a file and compare the ways; see :func:`measure_votes`."""
    _, votes = replay(path, samples, pool=False, routes=routes)
    return measure_votes(votes, draws, seed, holdout)


def measure_votes(
    votes: Sequence[LabelledVote], draws: int, seed: int, holdout: Path | None = None
) -> dict[str, Any]:
    """Accuracy of each way to choose, at every number of samples, and what stopping early saves.

    Args:
        votes: The samples of each problem, all of one number.
        draws: Random orders of the samples, over which a number of samples is averaged.
        seed: Of the orders.
        holdout: State of a holdout that is asked how good each way is; ``None`` tells all.
    """
    recorded = Recorded.of(votes)
    ballots = recorded.ballots
    rules: dict[str, Selector] = {
        word.value: named_selector(word, VerifierWeighted())
        for word in Select
        if not (word.needs_logprobs and np.isnan(ballots.logprobs[ballots.is_drawn]).any())
    }
    rules[_FITTED] = _held_out(votes)
    whole = {name: rule.choose(ballots) for name, rule in rules.items()}
    right = {name: recorded.is_right(choices) for name, choices in whole.items()}
    orders = orders_of(recorded, draws, seed)
    if holdout is not None:
        # Fitted weights have seen the held-out half.
        marks = {name: part.tolist() for name, part in right.items() if name != _FITTED}
        return {
            "problems": len(votes),
            "holdout": ask_holdout(marks, recorded.groups, holdout),
        }
    fitted = cross_validate(votes)
    confidence = {name: _confidence(choices) for name, choices in whole.items()}
    confidence[_FITTED] = [confidence for _, confidence in fitted]
    return {
        "problems": len(votes),
        "samples": ballots.labels.shape[1],
        "accuracy": {
            **{name: _mean(marks, recorded.groups) for name, marks in right.items()},
            "oracle": _mean(np.asarray(sample_is_right(recorded).any(axis=1)), recorded.groups),
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
        "planned": _planned(votes, recorded, orders),
        "allocated": {
            name: measure_allocation(recorded, rules[name], orders)
            for name in ("majority", "verified")
        },
        "trusted": _trusted(votes, whole["verified"], fitted, recorded),
        "abstention": _abstention(confidence, right),
        "resampling": _resampling(votes),
    }


def _mean(marks: Marks, groups: Sequence[str]) -> dict[str, Any]:
    return {
        "value": float(marks.mean()),
        "right": int(marks.sum()),
        "interval": bootstrap_mean(marks.astype(float).tolist(), groups),
    }


def _confidence(choices: Choices) -> list[float]:
    """By the rule of succession, before any curve is fitted."""
    return [Calibration().confidence(selection) for selection in selections(choices)]


def _trusted(
    votes: Sequence[LabelledVote],
    verified: Choices,
    fitted: Sequence[tuple[Selection, float]],
    recorded: Recorded,
) -> dict[str, list[dict[str, float]]]:
    """Answers to act on under a bound on false ones, by cautious and by fitted confidence."""
    cautious = [(item, Calibration().confidence(item)) for item in selections(verified)]
    hits = [item.label in vote.right for (item, _), vote in zip(fitted, votes, strict=True)]
    return {
        "verified": measure_trust(cautious, recorded.is_right(verified), recorded.groups),
        _FITTED: measure_trust(fitted, np.array(hits), recorded.groups),
    }


def _abstention(
    confidence: Mapping[str, Sequence[float]], right: Mapping[str, Marks]
) -> list[dict[str, float]]:
    """Accuracy of each way on the part of the problems that it is surest of."""
    return [
        {
            "coverage": coverage,
            **{
                name: accuracy_at_coverage(confidence[name], marks.tolist(), coverage)
                for name, marks in right.items()
            },
        }
        for coverage in COVERAGES
    ]


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
    most = recorded.ballots.labels.shape[1]
    totals = round_totals(Adaptive().first, most, Adaptive().growth)
    right, tokens, samples = [], [], []
    for order in orders:
        goes_on = np.ones(len(order), dtype=bool)
        is_right, spent, drawn = (np.zeros(len(order)) for _ in range(3))
        for total in totals:
            columns = order[:, :total]
            taken = recorded.ballots.take(columns)
            choices, standing = rule.choose(taken), rule.standing(taken)
            settled = [
                is_settled(selection, stop, most - total, full=full)
                for selection, full in zip(
                    selections(standing), rule.full_votes(taken).tolist(), strict=True
                )
            ]
            ends = goes_on & (np.array(settled) | (total == most))
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
        "part of all samples": float(np.mean(samples) / most),
        # Recordings need not say how many tokens a sample took.
        "part of all tokens": float(np.mean(tokens) / whole) if whole else None,
    }


_PRICES = (0.0, 0.002, 0.005, 0.01, 0.02)


def _planned(
    votes: Sequence[LabelledVote], recorded: Recorded, orders: Sequence[Numbers]
) -> list[dict[str, float]]:
    """What as many samples as a problem is worth come to, at some prices of a sample.

    The plan of each fold, and the weights of its vote, are fitted on the other folds.
    """
    places = fold_places(votes)
    fitted = []
    for held in places:
        rest = [vote for i, vote in enumerate(votes) if i not in set(held)]
        fitted.append(calibrate(rest, model="", task=""))
    found = []
    for price in _PRICES:
        right, tokens, samples = 0.0, 0.0, 0.0
        for held, calibration in zip(places, fitted, strict=True):
            plan, selector = calibration.plan, calibration.selector
            if plan is None:
                return []
            part = recorded.only(held)
            for order in orders:
                columns = order[held]
                first = part.ballots.take(columns[:, : plan.numbers[0]])
                told = signs(first, selector.choose(first))
                wanted = np.array([plan.course(sign, price).samples for sign in told])
                for number in plan.numbers:
                    here = wanted == number
                    taken = columns[:, :number]
                    marks = part.is_right(selector.choose(part.ballots.take(taken)))
                    spent = np.take_along_axis(part.tokens, taken, axis=1).sum(axis=1)
                    right += float(marks[here].sum())
                    tokens += float(spent[here].sum())
                    samples += float(number * here.sum())
        count = len(votes) * len(orders)
        found.append(
            {
                "price": price,
                "accuracy": right / count,
                "samples": samples / count,
                "tokens": tokens / count,
            }
        )
    return found


def _resampling(votes: Sequence[LabelledVote]) -> dict[str, Any]:
    """Where sampling until a sample is sound ends: predicted, and seen."""
    judged = [vote.judged for vote in votes]
    outlook = Outlook.of(judged)
    most = max(item.samples for item in judged)
    predicted, seen = outlook.reach(most), seen_reach(judged, most)
    return {
        "accepts right samples": asdict(outlook.accepts_right),
        "accepts wrong samples": asdict(outlook.accepts_wrong),
        "spread over problems": {
            **asdict(outlook.verifier),
            "right samples": asdict(outlook.difficulty),
        },
        "ceiling": outlook.ceiling,
        "best number of samples": {
            f"wrong costs {cost}": predicted.best_number(Costs(wrong=cost)) for cost in (1, 2, 4)
        },
        "predicted": _curve(predicted),
        "seen": _curve(seen),
    }


def _curve(reach: Reach) -> Mapping[str, list[float]]:
    return {"right": reach.right.tolist(), "wrong": reach.wrong.tolist()}
