"""Theories of a data set, decided at once and set against their labels."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.answers.verdicts import VerdictComparison
from neurosym.backends.base import Backend, Limits
from neurosym.candidate import Outcome
from neurosym.errors import BackendError
from neurosym.formal.fol.theory import Repair, Theory
from neurosym.status import Status
from neurosym.values import Value

__all__ = ["Item", "count_repairs", "decide_all", "is_right", "read_items"]

_AT_ONCE = 16
"""Theories in the hands of a prover; more would only wait inside it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a data set: its label, and what else there is under ``extra``."""

    id: str
    label: Value
    extra: dict[str, Any]


def read_items(path: Path) -> list[Item]:
    """The items of a JSONL file."""
    # Other line separators may stand inside a JSON text.
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    return [Item(row["id"], row["answer"], row["extra"]) for row in rows]


def decide_all(theories: Sequence[Theory], backend: Backend[Theory]) -> list[Outcome]:
    """What a prover finds of each theory; where two contradict each other, that they failed."""

    async def run() -> list[Outcome]:
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(theory: Theory) -> Outcome:
            async with turns:
                try:
                    return await backend.run(theory, Limits())
                except BackendError as error:
                    return Outcome(Status.FAILED, evidence={"error": str(error)})

        try:
            return await asyncio.gather(*map(one, theories))
        finally:
            await backend.aclose()

    return asyncio.run(run())


def is_right(answers: Sequence[Value], labels: Sequence[Value]) -> list[bool]:
    """Which answers are right; Unknown and Uncertain are one."""

    async def run() -> list[bool]:
        comparison = VerdictComparison()
        pairs = zip(answers, labels, strict=True)
        return [await comparison.matches(answer, label) for answer, label in pairs]

    return asyncio.run(run())


def count_repairs(read: Iterable[tuple[Sequence[Repair], bool]]) -> dict[str, dict[str, int]]:
    """For each kind of repair, how many theories needed it and how many of these end right."""
    needed: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for repairs, is_good in read:
        for kind in {repair.kind for repair in repairs}:
            needed[kind] += 1
            right[kind] += is_good
    return {kind: {"theories": n, "right": right[kind]} for kind, n in needed.most_common()}
