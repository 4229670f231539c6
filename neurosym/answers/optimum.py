"""Answers to optimization problems: optimal values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from neurosym.values import Value

__all__ = ["GOLD_TOLERANCE", "OptimumComparison"]

_SAME = 1e-6
"""Relative difference below which two optima are one: solvers round."""
GOLD_TOLERANCE = 1e-4
"""Relative difference to the right answer that counts as right (Mamo, LLMOPT)."""


class OptimumComparison:
    """Says which optima are the same; see :class:`neurosym.runtime.domain.Comparison`."""

    async def group(self, values: Sequence[Value]) -> tuple[int, ...]:
        """Classes of equal answers, from 0 in the order first seen; no answer gets -1."""
        seen: list[float] = []
        labels = []
        for value in values:
            number = _number(value)
            if number is None:
                labels.append(-1)
                continue
            label = next((k for k, other in enumerate(seen) if _close(number, other, _SAME)), None)
            if label is None:
                label = len(seen)
                seen.append(number)
            labels.append(label)
        return tuple(labels)

    async def matches(self, answer: Value, gold: Value, choices: Sequence[str] = ()) -> bool:
        """Whether an answer is right, within :data:`GOLD_TOLERANCE`."""
        found, wanted = _number(answer), _number(gold)
        return found is not None and wanted is not None and _close(found, wanted, GOLD_TOLERANCE)


def _number(value: Value) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction | str):
        return None
    try:
        number = float(value.replace(",", "") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _close(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))
