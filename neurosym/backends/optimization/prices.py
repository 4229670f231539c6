"""Shadow prices: what the objective changes by for one more of a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from neurosym.backends.optimization.findings import Findings
from neurosym.backends.optimization.steps import Rates, Steps
from neurosym.formal.optimization.certificates import dual_bound
from neurosym.formal.optimization.instance import Instance, exact

__all__ = ["MAX_SIZE", "Multipliers", "lacks_prices", "prices_of"]

MAX_SIZE = 7_000
"""Greatest product of rows and columns of a model whose limits are moved one by one."""


@dataclass(frozen=True)
class Multipliers:
    """Prices where there is no other proof of an optimum than the one that was found.

    Attributes:
        instance: The model.
        multipliers: Of its rows, shape (m,).
    """

    instance: Instance
    multipliers: Sequence[Fraction]

    def of_row(self, row: int) -> Rates:
        """The rates of the limit that a row is at."""
        return Rates(self.multipliers[row], self.multipliers[row])

    def of_column(self, column: int) -> Rates:
        """The rates of the bound that a column is at."""
        return Rates(self._reduced[column], self._reduced[column])

    @cached_property
    def _reduced(self) -> list[Fraction]:
        """What the objective changes by for one more of each column, at the rows' prices."""
        reduced = [exact(value) for value in self.instance.cost.tolist()]
        for row, price in enumerate(self.multipliers):
            if price:
                for column, value in self.instance.entries(row):
                    reduced[column] -= price * exact(value)
        return reduced


def prices_of(instance: Instance, found: Findings) -> Steps | Multipliers | None:
    """Whoever knows the prices of limits at an optimum; ``None`` if they are not known.

    Where more limits meet than it takes to fix the decision, multipliers that prove it need not be
    prices: others prove it as well. Which limits have one all the same is found by moving each of
    them, in small models.
    """
    if not _is_proved(instance, found):
        return None
    if _may_be_moved(instance, found):
        try:
            return Steps(instance, found.values)
        except ValueError:  # the check of feasibility tells it
            return None
    return None if _meets_more(instance, found) else Multipliers(instance, found.multipliers)


def lacks_prices(instance: Instance, found: Findings) -> bool:
    """Whether an optimum is proved, and more limits meet there than :func:`prices_of` can price."""
    return (
        not _may_be_moved(instance, found)
        and _is_proved(instance, found)
        and _meets_more(instance, found)
    )


def _may_be_moved(instance: Instance, found: Findings) -> bool:
    return found.is_exact and instance.rows * instance.columns <= MAX_SIZE


def _is_proved(instance: Instance, found: Findings) -> bool:
    """Whether there are multipliers that prove the optimum, without which there are no prices."""
    if not (found.multipliers and instance.is_linear):
        return False
    return dual_bound(instance, found.multipliers) == found.objective


def _meets_more(instance: Instance, found: Findings) -> bool:
    """Whether more rows and bounds are reached at a decision than there are columns."""
    x = np.array(found.values, dtype=np.float64)
    entries = instance.values.astype(np.float64) * x[instance.indices]
    activity = np.bincount(instance.entry_rows, entries, minlength=instance.rows)
    reached = 0
    for value, lower, upper in (
        (activity, instance.row_lower, instance.row_upper),
        (x, instance.lower, instance.upper),
    ):
        sides = [np.asarray(side, dtype=np.float64) for side in (lower, upper)]
        at = [np.isclose(value, side, rtol=1e-9, atol=1e-9) for side in sides]
        reached += int((at[0] | at[1]).sum())
    return reached > instance.columns
