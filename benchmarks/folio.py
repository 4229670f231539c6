"""FOLIO's own formulas: how many can be read, and how many then give their label."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.statistics import share
from benchmarks.theories import Item, count_repairs, decide_all, is_right, read_items
from neurosym.backends.provers import ProverName, make_prover
from neurosym.candidate import Outcome
from neurosym.errors import FormulaError, SortError
from neurosym.formal.fol.dialects.registry import DialectName, dialect_named
from neurosym.formal.fol.theory import Theory

__all__ = ["measure"]


def measure(path: Path) -> dict[str, Any]:
    """Read the formulas of every item strictly and tolerantly, and decide them."""
    items = read_items(path)
    strict = _read(items, tolerant=False)
    tolerant = _read(items, tolerant=True)
    decided = _decide(tolerant, ProverName.Z3)
    both = _decide(tolerant, ProverName.BOTH)
    right = _right(items, decided)
    return {
        "items": len(items),
        "strict reading": _summary(items, strict, _decide(strict, ProverName.Z3)),
        "tolerant reading": _summary(items, tolerant, decided),
        "repairs": count_repairs(
            (theory.repairs, right[item.id])
            for item in items
            if isinstance(theory := tolerant[item.id], Theory)
        ),
        "not right": [
            _account(item, tolerant[item.id], decided.get(item.id))
            for item in items
            if not right[item.id]
        ],
        "both provers": {
            **dict(Counter(_agreement(outcome) for outcome in both.values()).most_common()),
            "right": sum(_right(items, both).values()),
        },
    }


def _read(items: list[Item], *, tolerant: bool) -> dict[str, Theory | str]:
    """The theory of each item, or why there is none."""
    dialect = dialect_named(DialectName.FOL)
    found: dict[str, Theory | str] = {}
    for item in items:
        premises, claim = item.extra["premises-FOL"], item.extra["conclusion-FOL"]
        try:
            text = "\n".join(["Premises:", *premises, "Conclusion:", claim])
            found[item.id] = dialect.parse_theory(text, tolerant=tolerant)
        except (FormulaError, SortError) as error:
            found[item.id] = str(error).partition("\n")[0]
    return found


def _decide(theories: dict[str, Theory | str], prover: ProverName) -> dict[str, Outcome]:
    readable = {name: item for name, item in theories.items() if isinstance(item, Theory)}
    outcomes = decide_all(list(readable.values()), make_prover(prover))
    return dict(zip(readable, outcomes, strict=True))


def _right(items: list[Item], decided: dict[str, Outcome]) -> dict[str, bool]:
    answers = [decided[item.id].answer if item.id in decided else None for item in items]
    marks = is_right(answers, [item.label for item in items])
    return {item.id: mark for item, mark in zip(items, marks, strict=True)}


def _summary(
    items: list[Item], theories: dict[str, Theory | str], decided: dict[str, Outcome]
) -> dict[str, Any]:
    right = sum(_right(items, decided).values())
    return {
        "readable": share(len(decided), len(theories)),
        "right": share(right, len(items)),
        "outcomes": dict(Counter(item.status.value for item in decided.values()).most_common()),
    }


def _account(item: Item, theory: Theory | str, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None or isinstance(theory, str):
        return {"id": item.id, "label": item.label, "found": "unreadable", "reason": theory}
    return {
        "id": item.id,
        "label": item.label,
        "found": outcome.status.value,
        "reason": outcome.evidence.get("reason", outcome.evidence.get("error", "")),
        "repairs": sorted({repair.kind for repair in theory.repairs}),
    }


def _agreement(outcome: Outcome) -> str:
    noted = outcome.evidence.get("cross-check", outcome.evidence.get("error", "failed"))
    return noted.partition(":")[0]
