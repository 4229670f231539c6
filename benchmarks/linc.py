"""Ways of voting over recorded samples of LINC, all on the same ones."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.recorded import replay
from benchmarks.statistics import COVERAGES, accuracy_at_coverage, compare_paired, share
from benchmarks.theories import count_repairs, is_right, read_items
from neurosym import Solution
from neurosym.formal.fol.theory import Theory
from neurosym.selection.calibration import Calibration, calibrate, cross_validate
from neurosym.selection.labelled import LabelledVote
from neurosym.selection.majority import Majority
from neurosym.selection.proofs import proof_state
from neurosym.selection.reliability import (
    brier_score,
    expected_calibration_error,
    reliability_table,
)
from neurosym.solution import Selection

__all__ = ["flat_vote", "measure"]

_RECORDED, _FLAT, _DEFAULT = "recorded flat vote", "flat vote", "default weights"
_FITTED, _UNGROUPED = "fitted on other stories", "fitted on other problems"


@dataclass(frozen=True, slots=True)
class _Way:
    """What one way of choosing makes of each problem.

    Attributes:
        right: Whether its answer is right.
        confidence: How sure it is.
        margin: The winner's share of the weight over that of the next answer.
    """

    right: list[bool]
    confidence: list[float]
    margin: list[float]

    @property
    def accuracy(self) -> float:
        return sum(self.right) / len(self.right)


def measure(path: Path, seeds: int = 20, samples: int = 10) -> dict[str, Any]:
    """Replay the samples, and count votes over them in every way.

    Args:
        path: Problems with their samples, and what the recorded system found of each.
        seeds: Ways of dealing the problems out to folds.
        samples: Samples of each problem.
    """
    solutions, votes = replay(path, samples)
    ways: dict[str, _Way] = {
        _FLAT: _way(votes, lambda vote: _chosen(Majority().select, Calibration(), vote)),
        _DEFAULT: _way(
            votes, lambda vote: _chosen(Calibration().selector.select, Calibration(), vote)
        ),
    }
    fitted = {
        _FITTED: [_cross_validated(votes, seed) for seed in range(seeds)],
        _UNGROUPED: [
            _cross_validated([replace(vote, group="") for vote in votes], seed)
            for seed in range(seeds)
        ],
    }
    ways |= {name: _typical(runs) for name, runs in fitted.items()}
    right = {name: way.right for name, way in ways.items()}
    if recorded := _recorded(path):
        right = {_RECORDED: recorded, **right}
    return {
        "problems": len(votes),
        "stories": len({vote.group for vote in votes}),
        "accuracy": {
            **{name: share(sum(marks), len(marks)) for name, marks in right.items()},
            "oracle": share(sum(bool(vote.right) for vote in votes), len(votes)),
        },
        "folds dealt out anew": {name: _spread(runs, ways[_FLAT]) for name, runs in fitted.items()},
        "paired": {
            f"{second} over {first}": compare_paired(
                right[second], right[first], [vote.group for vote in votes]
            )
            for first, second in combinations(right, 2)
        },
        "abstention": [
            {
                "coverage": coverage,
                **{
                    name: statistics.mean(
                        accuracy_at_coverage(way.confidence, way.right, coverage)
                        for way in fitted.get(name, [way])
                    )
                    for name, way in ways.items()
                },
            }
            for coverage in COVERAGES
        ],
        "confidence": {name: _trust(way) for name, way in ways.items()},
        "margin": {name: _margins(way) for name, way in ways.items()},
        "where samples ended": _endings(solutions, votes),
        "repairs": _repairs(solutions, votes),
        "factors, fitted on all": dict(calibrate(votes, model="", task="").factors),
    }


# ---------------------------------------------------------------- samples


def _recorded(path: Path) -> list[bool]:
    """Which problems the recorded system's own flat vote has right; none if it left no results."""
    items = read_items(path)
    if not all("sample_results" in item.extra for item in items):
        return []
    answers = [flat_vote(item.extra["sample_results"]) for item in items]
    return is_right(answers, [item.label for item in items])


def flat_vote(results: Sequence[str]) -> str | None:
    """LINC's vote: errors are dropped, and of ties the first seen wins.

    Olausson et al. 2023, arXiv:2310.15164, section 3.
    """
    counted = Counter(result for result in results if result != "Error")
    return counted.most_common(1)[0][0] if counted else None


# ---------------------------------------------------------------- ways of choosing

_Choice = tuple[Selection, float]


def _chosen(
    select: Callable[..., Selection], calibration: Calibration, vote: LabelledVote
) -> _Choice:
    selection = select(vote.candidates, vote.labels)
    return selection, calibration.confidence(selection)


def _way(votes: Sequence[LabelledVote], choose: Callable[[LabelledVote], _Choice]) -> _Way:
    return _way_of(votes, [choose(vote) for vote in votes])


def _way_of(votes: Sequence[LabelledVote], choices: Sequence[_Choice]) -> _Way:
    return _Way(
        right=[
            selection.label in vote.right
            for vote, (selection, _) in zip(votes, choices, strict=True)
        ],
        confidence=[confidence for _, confidence in choices],
        margin=[selection.margin for selection, _ in choices],
    )


def _cross_validated(votes: Sequence[LabelledVote], seed: int) -> _Way:
    return _way_of(votes, cross_validate(votes, seed=seed))


def _typical(runs: Sequence[_Way]) -> _Way:
    """The run of median accuracy, so that no lucky one stands for all."""
    return sorted(runs, key=lambda way: way.accuracy)[(len(runs) - 1) // 2]


# ---------------------------------------------------------------- reports


def _spread(runs: Sequence[_Way], flat: _Way) -> dict[str, float]:
    accuracies = [way.accuracy for way in runs]
    alone = [""] * len(flat.right)
    tests = [compare_paired(way.right, flat.right, alone)["p"] for way in runs]
    return {
        "mean": statistics.mean(accuracies),
        "standard deviation": statistics.pstdev(accuracies),
        "least": min(accuracies),
        "most": max(accuracies),
        "seeds": len(runs),
        "p over the flat vote, median": statistics.median(tests),
        "p over the flat vote, most": max(tests),
        "mean brier": statistics.mean(brier_score(way.confidence, way.right) for way in runs),
    }


def _trust(way: _Way) -> dict[str, Any]:
    table = reliability_table(way.confidence, way.right)
    return {
        "brier": brier_score(way.confidence, way.right),
        "expected calibration error": expected_calibration_error(table),
        "reliability": [asdict(row) for row in table],
    }


def _margins(way: _Way) -> dict[str, float | None]:
    def mean(wanted: bool) -> float | None:
        found = [m for m, right in zip(way.margin, way.right, strict=True) if right is wanted]
        return statistics.mean(found) if found else None

    return {"where right": mean(True), "where wrong": mean(False)}


def _endings(
    solutions: Sequence[Solution], votes: Sequence[LabelledVote]
) -> Mapping[str, dict[str, int]]:
    """How many samples end in each state of a proof, and how many of these are right."""
    ends: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for solution, vote in zip(solutions, votes, strict=True):
        for candidate, label in zip(solution.candidates, vote.labels, strict=True):
            state = proof_state(candidate)
            name = "malformed" if state is None else state.value
            ends[name] += 1
            right[name] += label in vote.right
    return {name: {"samples": n, "right": right[name]} for name, n in ends.most_common()}


def _repairs(
    solutions: Sequence[Solution], votes: Sequence[LabelledVote]
) -> dict[str, dict[str, int]]:
    return count_repairs(
        (candidate.formalization.repairs, label in vote.right)
        for solution, vote in zip(solutions, votes, strict=True)
        for candidate, label in zip(solution.candidates, vote.labels, strict=True)
        if isinstance(candidate.formalization, Theory)
    )
