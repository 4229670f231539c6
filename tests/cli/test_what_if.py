"""``neurosym solve`` of a question, whose model is solved again with other numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym import SampleAndVote, SolvedModel, Solver
from neurosym.cli import app, options, planning
from neurosym.cli.exits import Exit
from neurosym.formal.optimization.model import Model
from neurosym.testing import ScriptedEngine
from neurosym.translators.five_elements import FiveElementsTranslator

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A cart carries 3 kg and a van 9 kg. There can be at most 20 trips. Maximize the weight."
MODEL = """var carts integer >= 0
var vans integer >= 0
# 2: There can be at most 20 trips.
carts + vans <= 20
maximize 3 * carts + 9 * vans
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, float]]:
    """What solves models with other numbers, and for how long at most, as they are solved."""
    found: list[tuple[str | None, float]] = []
    solve = planning.solve_model

    def watched(model: Model, *, solver: str | None, seconds: float) -> SolvedModel:
        found.append((solver, seconds))
        return solve(model, solver=solver, seconds=seconds)

    monkeypatch.setattr(planning, "solve_model", watched)
    return found


def run(monkeypatch: pytest.MonkeyPatch, reply: str, *arguments: str) -> int | str | None:
    """The exit code of the command, to which an engine always says the same."""

    def build(**_: Any) -> Solver:
        engine = ScriptedEngine([reply])
        return Solver(SampleAndVote(samples=1), engine=engine, translator=FiveElementsTranslator())

    monkeypatch.setattr(options, "build_solver", build)
    monkeypatch.setattr("sys.argv", ["neurosym", "solve", *arguments])
    with pytest.raises(SystemExit) as ended:
        app.main()
    return ended.value.code


def test_the_model_of_a_question_is_solved_again_by_whom_and_as_long_as_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    asked: list[tuple[str | None, float]],
) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text(QUESTION)
    given = ("--solver", "cbc", "--budget-seconds", "7", "--json")
    assert run(monkeypatch, MODEL, str(plan), "--what-if", "20=30", *given) == Exit.ANSWERED
    found = json.loads(capsys.readouterr().out)
    assert found["objective"] == 270
    assert found["solver"].startswith("CBC")
    assert asked == [("cbc", 7.0)]


def test_where_there_is_no_model_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: list[tuple[str | None, float]],
) -> None:
    assert run(monkeypatch, "No idea.", QUESTION, "--what-if", "20=30") == Exit.ABSTAINED
    assert "--what-if changes nothing" in capsys.readouterr().err
    assert asked == []
