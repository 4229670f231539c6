"""What more samples could reach is told with each run, at the costs of its strategy."""

from __future__ import annotations

import json

import pytest

from neurosym import Problem, Solver
from neurosym.cli.solve import ModelOptions, solve_question
from neurosym.problem import Kind
from neurosym.runtime.paths import calibration_folder
from neurosym.selection.calibration import Calibration, save_calibration
from neurosym.selection.resampling import Judged, Outlook
from neurosym.strategies.spec import read_strategy
from neurosym.testing import ScriptedEngine

pytestmark = pytest.mark.usefixtures("own_cache")

COSTS = "a wrong one costs 4 and none 0.5, "
ALIKE = "a wrong answer costs what a right one is worth, "


def solve(strategy: str, *, as_json: bool) -> None:
    engine = ScriptedEngine(["    return 36\n```"])
    with Solver(read_strategy(strategy), engine=engine) as solver:
        problem = Problem("p", "How many eggs are 3 dozen?")
        solve_question(solver, problem, options=ModelOptions(), as_json=as_json, explain=False)


@pytest.mark.parametrize(
    ("strategy", "told"), [("resample(wrong=4, none=0.5)", COSTS), ("vote(samples=1)", ALIKE)]
)
def test_a_question_is_told_it_at_the_costs_of_its_strategy(
    capsys: pytest.CaptureFixture[str], strategy: str, told: str
) -> None:
    judged = [Judged(8, 0, 0, 0), Judged(1, 0, 0, 7)] * 20
    kept = Calibration(model="scripted", task=Kind.MATH.value, outlook=Outlook.of(judged))
    save_calibration(kept, calibration_folder())
    solve(strategy, as_json=False)
    assert told in capsys.readouterr().err
    solve(strategy, as_json=True)
    shown = capsys.readouterr()
    assert told in json.loads(shown.out)["outlook"]
    assert told not in shown.err


def test_nothing_is_told_where_nothing_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    solve("vote(samples=1)", as_json=True)
    assert "outlook" not in json.loads(capsys.readouterr().out)
