"""How an optimum changes with each limit, against optima of the models with that limit moved."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from neurosym.backends.optimization.highs import solve
from neurosym.backends.optimization.steps import Steps
from neurosym.backends.optimization.task import Ending, task_of
from neurosym.backends.optimization.vertex import vertex
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model

_LITTLE = Fraction(1, 1000)


def made(seed: int) -> Instance:
    """A small model of small whole numbers, where many limits meet."""
    random_ = random.Random(seed)
    names = [f"x{k}" for k in range(random_.randint(2, 4))]
    lines = [f"var {name} >= {random_.choice(['0', '0', '-2'])} <= 3" for name in names]
    lines.append(f"var free\n{random_.choice(['minimize', 'maximize'])} ")
    lines[-1] += " + ".join(f"{random_.randint(-2, 3)}*{name}" for name in names)
    lines.append(f"tied: free = {' + '.join(names)}")
    for row in range(random_.randint(2, 6)):
        terms = " + ".join(f"{random_.randint(-1, 2)}*{name}" for name in names)
        lines.append(
            f"c{row}: {terms} {random_.choice(['<=', '<=', '>='])} {random_.randint(0, 3)}"
        )
    return read_model("\n".join(lines)).instance


def optimum(instance: Instance) -> tuple[tuple[Fraction, ...], Fraction] | None:
    answer = solve(task_of(instance, seconds=10))
    if answer.ending is not Ending.OPTIMAL:
        return None
    corner = vertex(instance, answer)
    assert corner is not None
    pairs = zip(instance.cost, corner.x, strict=True)
    return corner.x, sum((cost * value for cost, value in pairs), Fraction(0))


def moved(instance: Instance, row: int, by: Fraction) -> Fraction | None:
    """The optimum once the limits of a row are moved."""
    lower, upper = instance.row_lower.copy(), instance.row_upper.copy()
    lower[row] += by
    upper[row] += by
    found = optimum(replace(instance, row_lower=lower, row_upper=upper))
    return None if found is None else found[1]


@pytest.mark.parametrize("seed", range(40))
def test_the_rates_are_those_of_the_models_with_a_limit_moved(seed: int) -> None:
    instance = made(seed)
    found = optimum(instance)
    if found is None:
        return
    x, objective = found
    steps = Steps(instance, x)
    for row in range(instance.rows):
        total = sum((value * x[column] for column, value in instance.entries(row)), Fraction(0))
        if total not in (instance.row_lower[row], instance.row_upper[row]):
            assert steps.of_row(row).price == 0
            continue
        rates = steps.of_row(row)
        for by, rate in ((-_LITTLE, rates.less), (_LITTLE, rates.more)):
            other = moved(instance, row, by)
            assert rate == (None if other is None else (other - objective) / by)


def test_bounds_have_rates_as_rows_have_them() -> None:
    for sense, sign in (("minimize", -1), ("maximize", 1)):
        text = f"var x >= -9 <= 3\nvar y >= 0\n{sense} {2 * sign}*x + {sign}*y\nc: x + y <= 3"
        instance = read_model(text).instance
        steps = Steps(instance, (Fraction(3), Fraction(0)))
        assert (steps.of_column(0).less, steps.of_column(0).more) == (sign, 0)
        assert steps.of_row(0).price is None


def test_a_point_that_is_no_optimum_has_no_rates() -> None:
    instance = read_model("var x >= 0\nmaximize x\nc: x <= 4").instance
    with pytest.raises(ValueError, match="no optimum"):
        Steps(instance, (Fraction(1),))


def test_a_model_of_floating_point_numbers_has_rates_too() -> None:
    instance = read_model("var x >= 0\nmaximize 3*x\nc: 2*x <= 4").instance
    numbers = {
        name: getattr(instance, name).astype(np.float64)
        for name in ("cost", "values", "row_lower", "row_upper", "lower", "upper")
    }
    assert Steps(replace(instance, **numbers), (Fraction(2),)).of_row(0).price == Fraction(3, 2)
