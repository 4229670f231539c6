"""Files of many variables are read and written out in a time that a solver's own stands beside."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import highspy
import pytest

from neurosym.backends.optimization import highs
from neurosym.backends.optimization.task import task_of
from neurosym.formal.optimization.formats.registry import read_model_file
from tests.timing import least

_FAST = 25
"""Times HiGHS's own reading and solving; 4 to 14 on an idle machine, over 30 term by term."""
_GROWTH = 30
"""Times as long for ten times the variables; 10 to 18, since Python looks after more objects."""


def transport(plants: int, markets: int) -> str:
    """A transport model in the LP format."""
    chance = random.Random(0)
    needs = [chance.randint(20, 99) for _ in range(markets)]
    has = sum(needs) // plants + 50
    costs = " + ".join(
        f"{chance.randint(100, 999) / 10} x_{p}_{m}" for p in range(plants) for m in range(markets)
    )
    rows = [
        f"s{p}: {' + '.join(f'x_{p}_{m}' for m in range(markets))} <= {has}" for p in range(plants)
    ]
    rows += [
        f"d{m}: {' + '.join(f'x_{p}_{m}' for p in range(plants))} >= {needs[m]}"
        for m in range(markets)
    ]
    return "\n".join(["Minimize", f"cost: {costs}", "Subject To", *rows, "End\n"])


def scattered(size: int) -> str:
    """A model of as many rows as variables, each row of three of them."""
    chance = random.Random(0)
    costs = " + ".join(f"{chance.randint(1, 99)} x{k}" for k in range(size))
    rows = [
        " + ".join(f"{chance.randint(1, 90) / 10} x{k}" for k in sorted({n, n * 7 % size, n // 2}))
        + f" <= {chance.randint(10, 99)}"
        for n in range(size)
    ]
    return "\n".join(["Maximize", f"gain: {costs}", "Subject To", *rows, "End\n"])


def ours(file: Path) -> float:
    model = read_model_file(file.read_text(), file_name=file.name)
    return highs.solve(task_of(model.instance, seconds=60)).objective


def columns(file: Path) -> int:
    return read_model_file(file.read_text(), file_name=file.name).instance.columns


def bare(file: Path) -> float:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.readModel(str(file))
    solver.run()
    return float(solver.getInfo().objective_function_value)


def file_of(text: str, suffix: str, folder: Path) -> Path:
    """A file of a model that is given in the LP format."""
    file = folder / f"model{len(text)}.lp"
    file.write_text(text)
    if suffix == "lp":
        return file
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(file))
    solver.writeModel(str(file.with_suffix(".mps")))
    return file.with_suffix(".mps")


@pytest.mark.parametrize("suffix", ["lp", "mps"])
@pytest.mark.parametrize("text", [transport(60, 200), scattered(6000)], ids=["wide", "long"])
def test_a_large_file_takes_a_few_times_what_highs_takes(
    text: str, suffix: str, tmp_path: Path
) -> None:
    file = file_of(text, suffix, tmp_path)
    assert ours(file) == pytest.approx(bare(file))
    mine, theirs = least([partial(ours, file), partial(bare, file)])
    assert mine < _FAST * theirs


@pytest.mark.parametrize("suffix", ["lp", "mps"])
def test_ten_times_the_variables_take_not_much_more_than_ten_times_as_long(
    suffix: str, tmp_path: Path
) -> None:
    files = [file_of(scattered(size), suffix, tmp_path) for size in (1500, 15000)]
    small, large = least([partial(columns, file) for file in files])
    assert large < _GROWTH * small
