"""PrOntoQA's own formulas, in the manner of TPTP, decided by two provers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.statistics import share
from benchmarks.theories import Item, count_repairs, decide_all, is_right, read_items
from neurosym.backends.provers import ProverName, make_prover
from neurosym.errors import FormulaError, SortError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.tptp import TPTP
from neurosym.formal.fol.theory import Repair, Statement, Theory

__all__ = ["measure"]


def measure(path: Path) -> dict[str, Any]:
    """Read the formulas of every item tolerantly, since its names are capitalised, and decide."""
    items = read_items(path)
    theories: dict[str, Theory] = {}
    unreadable = {}
    for item in items:
        try:
            theories[item.id] = _theory(item)
        except (FormulaError, SortError) as error:
            unreadable[item.id] = str(error).partition("\n")[0]
    read = [item for item in items if item.id in theories]
    report: dict[str, Any] = {"items": len(items), "unreadable": unreadable}
    for prover in ProverName:
        outcomes = decide_all([theories[item.id] for item in read], make_prover(prover))
        right = is_right([item.answer for item in outcomes], [item.label for item in read])
        report[f"prover {prover.value}"] = {
            "right": share(sum(right), len(items)),
            "outcomes": dict(Counter(item.status.value for item in outcomes).most_common()),
            "not right": [item.id for item, good in zip(read, right, strict=True) if not good],
        }
        if prover is ProverName.BOTH:
            noted = [
                item.evidence.get("cross-check", item.evidence.get("error", "failed"))
                for item in outcomes
            ]
            report["agreement"] = dict(Counter(noted).most_common())
            report["repairs"] = count_repairs(
                (theories[item.id].repairs, good) for item, good in zip(read, right, strict=True)
            )
    return report


def _theory(item: Item) -> Theory:
    statements: list[Statement] = []
    repairs: dict[Repair, None] = {}
    for text in (*item.extra["premises-TPTP"], item.extra["conclusion-TPTP"]):
        formula, found = TPTP.read_formula(text, tolerant=True)
        statements.append(Statement(formula))
        repairs |= dict.fromkeys(found)
    *premises, claim = statements
    return make_theory(premises, claim, repairs=tuple(repairs))
