"""As many samples as a problem is worth."""

from __future__ import annotations

import pytest

from neurosym import Planned, Select, Solution, Solver
from neurosym.candidate import Prompt
from neurosym.errors import OptionError
from neurosym.problem import Kind
from neurosym.runtime.paths import calibration_folder
from neurosym.selection.calibration import Calibration, load_calibration, save_calibration
from neurosym.selection.planning import Plan
from neurosym.testing import ScriptedEngine

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"
PLAN = Plan(
    (2, 4, 8), {"": (0.5, 0.6, 0.7), "2 agree, sound": (0.9, 0.9, 0.9), "1 agree, sound": (0, 1, 1)}
)


def keep() -> None:
    calibration = Calibration(model="scripted", task=Kind.MATH.value, plan=PLAN)
    save_calibration(calibration, calibration_folder())
    assert load_calibration("scripted", Kind.MATH.value, calibration_folder()) == calibration


def solve(answers: list[str], **values: float) -> Solution:
    def script(_: Prompt, seed: int) -> str:
        return f"    return {answers[(seed - engine.requests[0].params.seed) % len(answers)]}\n```"

    engine = ScriptedEngine(script)
    with Solver(Planned(**values), engine=engine) as solver:  # type: ignore[arg-type]
        return next(solver.solve_many([QUESTION]))


@pytest.mark.parametrize(
    ("answers", "price", "drawn"),
    [
        (["12 * 5"], 0.005, 2),
        (["12 * 5", "12 + 5"], 0.005, 4),
        (["12 * 5", "12 + 5"], 0.6, 2),
        (["12 / 0", "12 / 0", "12 * 5"], 0.005, 8),
        (["12 / 0", "12 / 0", "12 * 5"], 0.06, 2),
    ],
)
def test_the_first_two_decide_how_many_there_are(
    answers: list[str], price: float, drawn: int
) -> None:
    keep()
    assert len(solve(answers, price=price).candidates) == drawn


def test_without_a_plan_it_says_so_and_blames_no_problem() -> None:
    with pytest.raises(OptionError, match="no calibration says"):
        solve(["12 * 5"])


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(OptionError, match="price is -1"):
        Planned(price=-1)


def test_a_plan_is_of_the_verified_vote() -> None:
    with pytest.raises(OptionError, match="select is majority"):
        Planned(select=Select.MAJORITY)
