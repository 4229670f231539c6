"""How an optimum changes with each of the limits that meet at it, exactly.

Where more limits meet than it takes to fix a decision, several multipliers prove it, and a little
less of a limit may change the objective at another rate than a little more (Akgül 1984, A note on
shadow prices in linear programming). Each rate is the optimum of a small linear model: of the steps
away from the decision that keep to what is reached there, with that one limit moved. These models
differ in what is moved alone, so that each begins where the one before it ended, by the dual
simplex method. Bland's rule (1977) keeps the method from running in circles, and fractions from
rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from neurosym.formal.optimization.instance import Instance, exact
from neurosym.formal.optimization.model import Sense

__all__ = ["Rates", "Steps"]

_Line: TypeAlias = dict[int, Any]
"""A sum of steps: their factors (``flint.fmpq``, far faster than ``Fraction``) by their numbers."""
_ONE = -1
"""The number of what is always 1, whose factor is the constant of a sum."""
_FREE, _ABOVE, _FIXED = range(3)
"""A step may be any number, one that is at least 0, or none."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What the objective changes by for each unit by which a limit is raised, near where it is.

    Attributes:
        less: While it is lowered a little; ``None`` if that leaves no solution.
        more: While it is raised a little; ``None`` likewise.
    """

    less: Fraction | None
    more: Fraction | None

    @property
    def price(self) -> Fraction | None:
        """The one rate, if it is the same both ways."""
        return self.more if self.less == self.more else None

    def negated(self) -> Rates:
        """The same of a limit that is the negative of this one."""
        less, more = (None if rate is None else -rate for rate in (self.more, self.less))
        return Rates(less, more)


class Steps:
    """Steps away from an optimum, as a simplex method has them: some are sums of the others.

    A step is a change of a column or of what a row comes to. One that may only be negative stands
    for its negative.

    Args:
        instance: A linear model.
        x: An optimum of it, exactly.

    Raises:
        ValueError: It is none.
    """

    def __init__(self, instance: Instance, x: Sequence[Fraction]) -> None:
        self._is_maximized = instance.sense is Sense.MAXIMIZE
        self._kinds: dict[int, int] = {}
        self._signs: dict[int, int] = {}
        columns = self._columns = instance.columns
        for column in range(columns):
            self._add(column, x[column], instance.lower[column], instance.upper[column])
        self._sums: dict[int, _Line] = {}
        for row in range(instance.rows):
            entries = [(column, exact(value)) for column, value in instance.entries(row)]
            total = sum((value * x[column] for column, value in entries), Fraction(0))
            step = columns + row
            self._add(step, total, instance.row_lower[row], instance.row_upper[row])
            if self._kinds[step] != _FREE:
                self._sums[step] = self._line(entries, self._signs[step])
        costs = enumerate(map(exact, instance.cost.tolist()))
        self._cost = self._line(costs, -1 if self._is_maximized else 1)
        self._improve()

    def _add(self, step: int, value: Fraction, lower: Any, upper: Any) -> None:
        at_lower, at_upper = value == lower, value == upper
        self._signs[step] = -1 if at_upper and not at_lower else 1
        self._kinds[step] = _FIXED if at_lower and at_upper else (at_lower or at_upper) * _ABOVE

    def _line(self, terms: Iterable[tuple[int, Fraction]], sign: int) -> _Line:
        import flint

        return {
            column: flint.fmpq(value.numerator, value.denominator) * (sign * self._signs[column])
            for column, value in terms
            if value
        }

    def of_column(self, column: int) -> Rates:
        """The rates of the bound that a column is at."""
        return self._rates(column)

    def of_row(self, row: int) -> Rates:
        """The rates of the limit that a row is at."""
        return self._rates(self._columns + row)

    def _rates(self, step: int) -> Rates:
        if self._kinds[step] == _FREE:
            return Rates(Fraction(0), Fraction(0))
        less, more = self._moved(step, -1), self._moved(step, 1)
        return Rates(None if less is None else -less, more)

    def _moved(self, step: int, by: int) -> Fraction | None:
        """What the objective changes by if a limit is moved; ``None`` if no step keeps to that."""
        for line in (self._cost, *self._sums.values()):
            line.pop(_ONE, None)
        by *= self._signs[step]
        if step in self._sums:
            self._sums[step][_ONE] = -by
        else:
            for line in (self._cost, *self._sums.values()):
                if step in line:
                    line[_ONE] = by * line[step]
        if not self._restore():
            return None
        change = self._cost.get(_ONE)
        found = Fraction(0) if change is None else Fraction(int(change.p), int(change.q))
        return -found if self._is_maximized else found

    # ------------------------------------------------------------ the simplex method

    def _improve(self) -> None:
        """Exchange steps until none of the others makes the objective better.

        Raises:
            ValueError: There is a step that does.
        """
        while wrong := [step for step, cost in self._cost.items() if self._is_better(step, cost)]:
            entering = min(wrong)
            upwards = self._cost[entering] < 0
            stopped = [
                step
                for step, line in self._sums.items()
                if (factor := line.get(entering))
                and (
                    self._kinds[step] == _FIXED
                    or (self._kinds[step] == _ABOVE and (factor < 0) == upwards)
                )
            ]
            if not stopped:
                raise ValueError("the point is no optimum")
            self._exchange(min(stopped), entering)

    def _is_better(self, step: int, cost: Any) -> bool:
        return (cost < 0 and self._kinds[step] == _ABOVE) or self._kinds[step] == _FREE

    def _restore(self) -> bool:
        """Exchange steps until all keep to their limits; whether that can be."""
        while broken := [step for step, line in self._sums.items() if self._is_broken(step, line)]:
            leaving = min(broken)
            line = self._sums[leaving]
            upwards = line[_ONE] < 0
            ratios = [
                (abs(self._cost.get(step, 0) / factor), step)
                for step, factor in line.items()
                if step != _ONE
                and (
                    self._kinds[step] == _FREE
                    or (self._kinds[step] == _ABOVE and (factor > 0) == upwards)
                )
            ]
            if not ratios:
                return False
            self._exchange(leaving, min(ratios)[1])
        return True

    def _is_broken(self, step: int, line: _Line) -> bool:
        constant = line.get(_ONE, 0)
        kind = self._kinds[step]
        return bool(constant < 0 if kind == _ABOVE else constant != 0 and kind == _FIXED)

    def _exchange(self, leaving: int, entering: int) -> None:
        """Write a step as the sum of the others, instead of one that was such a sum."""
        line = self._sums.pop(leaving)
        factor = line.pop(entering)
        made = {step: -value / factor for step, value in line.items()}
        made[leaving] = 1 / factor
        for other in (self._cost, *self._sums.values()):
            scale = other.pop(entering, None)
            if scale is None:
                continue
            for step, value in made.items():
                total = other.get(step, 0) + scale * value
                if total:
                    other[step] = total
                else:
                    other.pop(step, None)
        self._sums[entering] = made
