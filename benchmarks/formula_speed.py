"""Formulas read a second on one core, none of them remembered from before."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.theories import read_items
from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.infix_reader import read_formula
from neurosym.formal.fol.dialects.lenient import read_leniently
from neurosym.formal.fol.dialects.nltk import NLTK_NOTATION
from neurosym.formal.fol.dialects.notation import Notation
from neurosym.formal.fol.dialects.unicode import UNICODE_NOTATION

__all__ = ["measure"]


def measure(path: Path, rounds: int = 5) -> dict[str, Any]:
    """Read all distinct formulas of a file.

    Args:
        path: FOLIO's items with their formulas, in unicode, or LINC's samples, in NLTK's logic.
        rounds: Times to read them all.
    """
    formulas: dict[Notation, dict[str, None]] = {}
    for item in read_items(path):
        for notation, text in _formulas(item.extra):
            formulas.setdefault(notation, {})[text] = None
    return {
        notation.name: {
            "distinct formulas": len(texts),
            "characters of one, mean": statistics.mean(map(len, texts)),
            "strict reading": _speed(list(texts), notation, rounds, tolerant=False),
            "tolerant reading": _speed(list(texts), notation, rounds, tolerant=True),
        }
        for notation, texts in formulas.items()
    }


def _formulas(extra: dict[str, Any]) -> Iterator[tuple[Notation, str]]:
    if "premises-FOL" in extra:
        yield from ((UNICODE_NOTATION, text) for text in extra["premises-FOL"])
    if "conclusion-FOL" in extra:
        yield UNICODE_NOTATION, extra["conclusion-FOL"]
    for sample in extra.get("samples", []):
        for line in sample.split("\n"):
            if line.strip().startswith("FOL:"):
                yield NLTK_NOTATION, line.strip().removeprefix("FOL:").strip()


def _speed(texts: list[str], notation: Notation, rounds: int, *, tolerant: bool) -> dict[str, Any]:
    """Formulas a second of processor time, which others on the machine do not take away."""
    speeds, refused = [], 0
    for _ in range(rounds + 1):
        read_formula.cache_clear()
        refused = 0
        begin = time.process_time()
        for text in texts:
            try:
                if tolerant:
                    read_leniently(notation, text)
                else:
                    read_formula(notation, text)
            except FormulaError:
                refused += 1
        speeds.append(len(texts) / (time.process_time() - begin))
    del speeds[0]  # grammars are loaded in it
    return {"a second": statistics.median(speeds), "rounds": speeds, "refused": refused}
