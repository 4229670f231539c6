"""What runs over problems with known answers come to: one row a problem, and what rows add up to.

Rows hold no text of any problem. A measurement may be made in parts, on other days or machines, and
the rows of its parts put together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.held_out import ask_holdout
from benchmarks.statistics import COVERAGES, accuracy_at_coverage, mean
from neurosym.errors import InputError
from neurosym.selection.reliability import (
    brier_score,
    expected_calibration_error,
    reliability_table,
    wilson,
)

__all__ = ["FITTED", "Choice", "Measured", "Row", "merge", "read", "report"]

FITTED = "weighted vote, fitted on the other folds"
"""The way whose weights are fitted on other problems of the same data."""

_MAIN = "weighted vote"
_ABOUT = ("benchmark", "data", "engine", "settings")


@dataclass(frozen=True, slots=True)
class Choice:
    """What one way of choosing makes of a problem: its answer's confidence, and whether right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one problem.

    Attributes:
        id: The problem's.
        samples: Which samples are right.
        ways: What each way of choosing among them makes of it.
        ended: How its samples ended, and how many did so.
        tokens: Of the completions, by method.
        others: Whether other methods are right: one greedy sample, the model's own answers.
        facts: What else is counted of a problem: numbers, whose means are reported.
    """

    id: str
    samples: tuple[bool, ...]
    ways: Mapping[str, Choice]
    ended: Mapping[str, int]
    tokens: Mapping[str, int]
    others: Mapping[str, bool] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement that was made before.

    Attributes:
        about: What was measured, with which engine and settings.
        sessions: The sessions in which it was made.
        rows: What came of each problem.
    """

    about: Mapping[str, Any]
    sessions: Sequence[Mapping[str, Any]]
    rows: Sequence[Row]


def read(path: Path) -> Measured:
    """A result that a benchmark wrote.

    Raises:
        InputError: It has no rows.
    """
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if "items" not in data:
        raise InputError(f"{path} has no rows", hint="Give results of measurements of accuracy.")
    about = {key: data.get(key) for key in _ABOUT}
    return Measured(about, data.get("sessions", []), [_row(item) for item in data["items"]])


def report(rows: Sequence[Row], holdout: Path | None = None) -> dict[str, Any]:
    """Accuracy with intervals, what abstaining buys, how far confidence is to be trusted, cost.

    Ways and other methods that some rows lack are left out; the mean of a fact is over the rows
    that have it. A problem without any sample counts as wrong.

    Args:
        rows: What came of each problem.
        holdout: State of a holdout that is asked how many each way has right; then nothing else is
            told, for whoever tunes on these problems run after run. ``None`` tells all.

    Raises:
        InputError: There are no rows, or the holdout was asked too often.
    """
    if not rows:
        raise InputError("no problem is left to measure", hint="Skip fewer, or take more.")
    ways = {name: [row.ways[name] for row in rows] for name in _common(row.ways for row in rows)}
    others = {
        name: [row.others[name] for row in rows] for name in _common(row.others for row in rows)
    }
    means = [sum(row.samples) / max(1, len(row.samples)) for row in rows]
    voted = [choice.right for choice in ways[_MAIN]]
    if holdout is not None:
        # Fitted weights have seen the held-out half.
        asked = others | {
            name: [choice.right for choice in way] for name, way in ways.items() if name != FITTED
        }
        names = [row.id for row in rows]
        return {"problems": len(rows), "holdout": ask_holdout(asked, names, holdout)}
    return {
        "problems": len(rows),
        "accuracy": {
            **{name: _share(right) for name, right in others.items()},
            "mean of samples": mean(means),
            **{name: _share([choice.right for choice in way]) for name, way in ways.items()},
            "oracle": _share([any(row.samples) for row in rows]),
        },
        **{f"vote over {name}": _gain(voted, right) for name, right in others.items()},
        "abstention": [
            {"coverage": coverage, **{name: _at(way, coverage) for name, way in ways.items()}}
            for coverage in COVERAGES
        ],
        "confidence": {name: _trust(way) for name, way in ways.items()},
        "facts": _means(rows),
        "where samples ended": _total(row.ended for row in rows),
        "where problems ended": _endings(rows, voted),
        "completion tokens": _total(row.tokens for row in rows),
        "items": [asdict(row) for row in rows],
    }


def merge(paths: Iterable[Path]) -> dict[str, Any]:
    """Report on the problems of several results together.

    The sessions in which the parts were made are listed one by one.

    Raises:
        InputError: A problem is in two of them, they are not of one measurement, or have no rows.
    """
    parts = [read(path) for path in paths]
    rows = [row for part in parts for row in part.rows]
    doubles = [name for name, count in Counter(row.id for row in rows).items() if count > 1]
    if doubles:
        raise InputError(f"{doubles[0]} is in two parts", hint="Give each part once.")
    about = parts[0].about
    for key in _ABOUT:
        if any(_told(part, key) != _told(parts[0], key) for part in parts):
            raise InputError(
                f"the parts differ in their {key}", hint="Merge parts of one measurement."
            )
    return {
        **about,
        **report(rows),
        "sessions": [session for part in parts for session in part.sessions],
    }


def _told(part: Measured, key: str) -> Any:
    """What a part says it is of; how many samples the engine worked on at once is nothing of it."""
    told = part.about[key]
    return {**told, "parallel": None} if key == "engine" else told


def _row(data: dict[str, Any]) -> Row:
    ways = {name: Choice(**choice) for name, choice in data["ways"].items()}
    return Row(**{**data, "ways": ways, "samples": tuple(data["samples"])})


def _common(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names that all have, in the order of the first."""
    first, *rest = parts
    return [name for name in first if all(name in part for part in rest)]


def _share(right: Sequence[bool]) -> dict[str, Any]:
    count = sum(right)
    return {"value": count / len(right), "right": count, "interval": wilson(count, len(right))}


def _gain(one: Sequence[bool], other: Sequence[bool]) -> dict[str, Any]:
    gains = [float(a) - float(b) for a, b in zip(one, other, strict=True)]
    return mean(gains)


def _at(way: Sequence[Choice], coverage: float) -> float:
    confidences, right = [choice.confidence for choice in way], [choice.right for choice in way]
    return accuracy_at_coverage(confidences, right, coverage)


def _trust(way: Sequence[Choice]) -> dict[str, Any]:
    confidences, right = [choice.confidence for choice in way], [choice.right for choice in way]
    table = reliability_table(confidences, right)
    return {
        "brier": brier_score(confidences, right),
        "expected calibration error": expected_calibration_error(table),
        "reliability": [asdict(line) for line in table],
    }


def _means(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.facts.items():
            found.setdefault(name, []).append(value)
    return {
        name: {"mean": sum(values) / len(values), "problems": len(values)}
        for name, values in found.items()
    }


def _total(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in counts:
        total.update(part)
    return dict(total.most_common())


def _endings(rows: Sequence[Row], voted: Sequence[bool]) -> dict[str, int]:
    """Where each problem was won or lost."""
    endings = Counter(
        "answered right"
        if won
        else "a right sample was outvoted"
        if any(row.samples)
        else "no sample was right"
        for row, won in zip(rows, voted, strict=True)
    )
    return dict(endings.most_common())
