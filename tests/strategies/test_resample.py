"""Sampling until no check speaks against a sample."""

from __future__ import annotations

import pytest

from neurosym import AbstentionReason, Budget, Resample, Solution, Solver
from neurosym.candidate import Prompt
from neurosym.errors import OptionError
from neurosym.problem import Kind
from neurosym.runtime.paths import calibration_folder
from neurosym.selection.calibration import Calibration, save_calibration
from neurosym.selection.resampling import Judged, Outlook
from neurosym.testing import ScriptedEngine

pytestmark = pytest.mark.usefixtures("own_cache")

QUESTION = "A crate holds 12 eggs. How many eggs do 5 crates hold?"
SOUND = "    return 12 * 5"
UNSOUND = "    return 12 * 5 + 0.5"
"""Half an egg: the check of the kind of answer speaks against it."""
FAILING = "    return 12 / 0"


def solve(texts: list[str], budget: Budget | None = None, **values: object) -> Solution:
    def script(_: Prompt, seed: int) -> str:
        return texts[(seed - engine.requests[0].params.seed) % len(texts)] + "\n```"

    engine = ScriptedEngine(script)
    with Solver(Resample(**values), engine=engine, budget=budget) as solver:  # type: ignore[arg-type]
        return solver.solve(QUESTION)


@pytest.mark.parametrize(
    ("texts", "drawn"),
    [
        ([SOUND], 1),
        ([FAILING, UNSOUND, SOUND, FAILING], 3),
        ([UNSOUND] * 5 + [SOUND], 6),
    ],
)
def test_it_ends_with_the_first_sound_sample(texts: list[str], drawn: int) -> None:
    solution = solve(texts)
    assert solution.answer == 60
    assert len(solution.candidates) == solution.usage.samples == drawn


def test_without_a_sound_sample_there_is_no_answer() -> None:
    solution = solve([UNSOUND, FAILING], max=4)
    assert solution.answer is None
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.NO_SUPPORT
    assert solution.abstention.detail == (
        "of 4 samples 2 have an answer, and checks speak against each"
    )


def test_what_is_refined_may_be_sound() -> None:
    solution = solve([FAILING, FAILING, SOUND], max=2, refine=1)
    assert solution.answer == 60
    assert solution.candidates[2].parent == 0
    assert len(solve([FAILING, SOUND], max=4, refine=1).candidates) == 2


def keep(judged: list[Judged]) -> None:
    calibration = Calibration(model="scripted", task=Kind.MATH.value, outlook=Outlook.of(judged))
    save_calibration(calibration, calibration_folder())


def test_no_more_samples_are_drawn_than_are_worth_it() -> None:
    # Some problems are easy; on the others right samples are found late, or wrong ones accepted.
    keep([Judged(8, 0, 0, 0), Judged(1, 0, 0, 7), Judged(0, 0, 1, 7)] * 15)
    few = solve([UNSOUND], max=16, wrong=4.0)
    many = solve([UNSOUND], max=16, wrong=0.1)
    assert 0 < len(few.candidates) < len(many.candidates) == 16


def test_where_no_sample_is_worth_it_none_is_drawn() -> None:
    keep([Judged(1, 1, 3, 3)] * 20)
    solution = solve([SOUND], wrong=10.0)
    assert solution.usage.samples == 0
    assert solution.abstention is not None
    assert solution.abstention.reason is AbstentionReason.NOT_WORTH_IT
    assert solution.abstention.detail == (
        "a wrong answer costs 10 and none 0, and the checks accept 50% of right samples and 50% of "
        "wrong ones"
    )


def test_the_budget_ends_it_too() -> None:
    solution = solve([UNSOUND], budget=Budget(samples=3))
    assert solution.usage.samples == 3
    assert solution.answer is None


@pytest.mark.parametrize("values", [{"max": 0}, {"wrong": -1.0}, {"none": float("nan")}])
def test_impossible_values_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        Resample(**values)  # type: ignore[arg-type]
