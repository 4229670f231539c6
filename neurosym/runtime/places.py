"""Places of samples among those of one prompt."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["runs_of"]


def runs_of(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending places as runs of neighbours: the first of each, and how many it has."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
