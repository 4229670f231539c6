"""As many samples as a problem is worth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym import Planned, Select, Solution, Solver
from neurosym.candidate import Prompt
from neurosym.engines.replay import ReplayEngine
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


REFINED = replace(
    PLAN,
    curves={**PLAN.curves, "0 agree, not sound": (0.1, 0.2, 0.3)},
    refined={"": ((0.5, 4.0),), "0 agree, not sound": ((0.6, 4.0), (0.8, 5.0))},
)


def keep(plan: Plan = PLAN) -> None:
    calibration = Calibration(model="scripted", task=Kind.MATH.value, plan=plan)
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


def refine(*attempts: str, **values: object) -> Solution:
    """Solve where the model writes one thing after another, as often as it is told of the last."""

    def script(prompt: Prompt, _: int) -> str:
        *_, before, told = (message.content for message in prompt.messages)
        is_told = "ZeroDivisionError" in told
        written = next((i for i, text in enumerate(attempts, 1) if is_told and text in before), 0)
        return f"    return {attempts[written]}\n```"

    strategy = Planned(**values)  # type: ignore[arg-type]
    with Solver(strategy, engine=ScriptedEngine(script)) as solver:
        return solver.solve(QUESTION)


@pytest.mark.parametrize(
    ("values", "parents"),
    [
        ({}, [None, None, 0, 1]),
        ({"price": 0.6}, [None, None]),
        ({"max": 4}, [None, None, 0, 1]),
        ({"max": 3}, [None, None]),
        ({"max": 1}, [None]),
        ({"shuffle": True}, [None] * 8),
    ],
)
def test_what_fails_is_refined_where_that_is_worth_more(
    values: dict[str, object], parents: list[int | None]
) -> None:
    keep(REFINED)
    solution = refine("12 / 0", "12 * 5", **values)
    assert [item.parent for item in solution.candidates] == parents
    assert [item.index for item in solution.candidates] == list(range(len(parents)))
    assert solution.usage.samples == len(parents)
    assert solution.answer == (60 if 0 in parents else None)


def test_what_a_first_round_has_not_mended_is_refined_again() -> None:
    keep(REFINED)
    solution = refine("12 / 0", "12 // 0", "12 * 5")
    assert [item.parent for item in solution.candidates] == [None, None, 0, 1, 2, 3]
    assert solution.answer == 60


def test_recorded_samples_are_not_asked_to_be_refined(tmp_path: Path) -> None:
    keep(REFINED)
    path = tmp_path / "recorded.jsonl"
    samples = [f"    return {i} / 0\n" for i in range(8)]
    path.write_text(json.dumps({"question": QUESTION, "samples": samples, "model": "scripted"}))
    with Solver(Planned(), engine=ReplayEngine(path)) as solver:
        solution = solver.solve(QUESTION)
    assert [item.parent for item in solution.candidates] == [None] * 8


def test_what_is_not_known_to_be_wrong_is_drawn_anew() -> None:
    keep(REFINED)
    solution = solve(["12 * 5", "12 + 5"])
    assert [item.parent for item in solution.candidates] == [None] * 4


def test_without_a_plan_it_says_so_and_blames_no_problem() -> None:
    with pytest.raises(OptionError, match="no calibration says"):
        solve(["12 * 5"])


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(OptionError, match="price is -1"):
        Planned(price=-1)


def test_a_plan_is_of_the_verified_vote() -> None:
    with pytest.raises(OptionError, match="select is majority"):
        Planned(select=Select.MAJORITY)
