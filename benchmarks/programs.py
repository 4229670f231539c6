"""Programs that models wrote in Logic-LM's formats, recorded with the data, read and decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.statistics import share
from benchmarks.theories import Item, count_repairs, decide_all, is_right, read_items
from neurosym.backends.provers import ProverName, make_prover
from neurosym.errors import FormulaError, InputError, SortError
from neurosym.formal.fol.dialects.registry import DialectName, dialect_named, find_dialect
from neurosym.formal.fol.theory import Theory

__all__ = ["measure"]

_DIALECTS = {
    "proofwriter": DialectName.RULES,
    "prontoqa": DialectName.RULES,
    "logical_deduction": DialectName.CSP,
    "ar_lsat": DialectName.PUZZLE,
    "folio": DialectName.FOL,
}
"""What the programs of each data set are written in, by the name of its folder."""


def measure(path: Path, dialect: DialectName | None = None) -> dict[str, Any]:
    """For each model, how many of its programs can be read, and how many then answer right.

    Args:
        path: Items with ``llm_programs`` under ``extra``, by model.
        dialect: What they are written in; ``None`` goes by the folder's name, or by the texts.

    Raises:
        InputError: There are no programs, or it cannot be told what they are written in.
    """
    items = read_items(path)
    programs: dict[str, list[tuple[Item, str]]] = {}
    for item in items:
        for model, text in item.extra.get("llm_programs", {}).items():
            programs.setdefault(model, []).append((item, text))
    if not programs:
        raise InputError(
            f"{path.name} holds no programs", hint='Give items with "llm_programs" under "extra".'
        )
    texts = [text for pairs in programs.values() for _, text in pairs]
    dialect = dialect or _DIALECTS.get(path.parent.name) or _guess(texts)
    return {
        "items": len(items),
        "dialect": dialect.value,
        "models": {
            model: {
                "programs": len(pairs),
                "tolerant reading": _report(pairs, dialect, tolerant=True),
                "strict reading": _report(pairs, dialect, tolerant=False),
            }
            for model, pairs in sorted(programs.items())
        },
    }


def _guess(texts: Sequence[str]) -> DialectName:
    found = Counter(name for text in texts if (name := find_dialect(text)) is not None)
    if not found:
        raise InputError(
            "it cannot be told what the programs are written in", hint="Name it with --dialect."
        )
    return found.most_common(1)[0][0]


def _report(
    pairs: Sequence[tuple[Item, str]], dialect: DialectName, *, tolerant: bool
) -> dict[str, Any]:
    theories: list[Theory] = []
    read: list[Item] = []
    faults: Counter[str] = Counter()
    for item, text in pairs:
        try:
            theories.append(dialect_named(dialect).parse_theory(text, tolerant=tolerant))
            read.append(item)
        except FormulaError as error:
            faults[_kind(error.problem, text)] += 1
        except SortError:
            faults["formulas do not fit together"] += 1
    outcomes = decide_all(theories, make_prover(ProverName.Z3))
    answers = [outcome.answer for outcome in outcomes]
    right = is_right(answers, [item.label for item in read])
    given = sum(answer is not None for answer in answers)
    total = len(pairs)
    report: dict[str, Any] = {
        "readable": share(len(read), total),
        "right": share(sum(right), total),
        "wrong": share(given - sum(right), total),
        "abstained": share(len(read) - given, total),
        "malformed": share(total - len(read), total),
        "right where answered": share(sum(right), given) if given else None,
        "outcomes": _outcomes([item.status.value for item in outcomes], right),
        "why malformed": dict(faults.most_common(8)),
    }
    if tolerant:
        report["repaired"] = sum(bool(theory.repairs) for theory in theories)
        report["repairs"] = count_repairs(
            (theory.repairs, good) for theory, good in zip(theories, right, strict=True)
        )
    return report


def _outcomes(statuses: Sequence[str], right: Sequence[bool]) -> dict[str, dict[str, int]]:
    counts = Counter(statuses)
    good = Counter(status for status, mark in zip(statuses, right, strict=True) if mark)
    return {status: {"programs": n, "right": good[status]} for status, n in counts.most_common()}


def _kind(problem: str, program: str) -> str:
    """A fault without the names it is about, so that faults of a kind are counted together."""
    formulas = " ".join(line.partition(":::")[0] for line in program.split("\n"))
    named = set(re.findall(r"\w+", formulas)) - {"a", "is", "in", "of"}
    words = re.sub(r"'[^']*'|\w+\(…\)", "…", problem).split()
    return " ".join("…" if word.strip(",") in named else word for word in words[:9])
