"""Fitted weights and confidence recover what a simulation put in."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.candidate import Candidate, Check, CheckState
from neurosym.errors import InputError
from neurosym.selection.calibration import (
    Calibration,
    calibrate,
    cross_validate,
    load_calibration,
    save_calibration,
)
from neurosym.selection.curves import Curve
from neurosym.selection.labelled import LabelledVote
from neurosym.selection.majority import Majority
from neurosym.selection.reliability import (
    brier_score,
    expected_calibration_error,
    reliability_table,
)
from neurosym.selection.weighted import CAUTIOUS_FACTORS
from tests.builders import candidate, labels


def simulate(
    problems: int, *, when_right: float, when_wrong: float, seed: int = 0
) -> list[LabelledVote]:
    """Votes in which a check passes with one probability if right and with another if wrong."""
    rng = random.Random(seed)
    votes = []
    for _ in range(problems):
        skill = rng.betavariate(2, 2)
        candidates = []
        for i in range(8):
            right = rng.random() < skill
            passed = rng.random() < (when_right if right else when_wrong)
            state = CheckState.PASSED if passed else CheckState.FAILED
            answer = 0 if right else rng.randint(1, 3)
            candidates.append(candidate(i, answer, checks={"sim": state}))
        found = labels(candidates)
        gold = {k for k, c in zip(found, candidates, strict=True) if c.answer == 0}
        votes.append(LabelledVote(candidates, found, frozenset(gold)))
    return votes


def accuracy(votes: list[LabelledVote], calibration: Calibration | None) -> float:
    selector = Majority() if calibration is None else calibration.selector
    hits = [selector.select(v.candidates, v.labels).label in v.right for v in votes]
    return sum(hits) / len(hits)


def test_an_informative_check_is_given_weight_and_beats_the_majority() -> None:
    fitted = calibrate(simulate(300, when_right=0.8, when_wrong=0.3), model="m", task="math")
    assert fitted.factors["sim=passed"] > 2 * fitted.factors["sim=failed"]
    fresh = simulate(1000, when_right=0.8, when_wrong=0.3, seed=1)
    assert accuracy(fresh, fitted) > accuracy(fresh, None) + 0.02


def test_a_check_that_says_nothing_is_given_almost_no_weight() -> None:
    fitted = calibrate(simulate(300, when_right=0.5, when_wrong=0.5), model="m", task="math")
    assert abs(math.log(fitted.factors["sim=passed"] / fitted.factors["sim=failed"])) < 0.4


def test_where_the_problems_teach_nothing_the_cautious_factors_remain() -> None:
    votes = simulate(60, when_right=0.8, when_wrong=0.3)
    failed = Check("numbers", CheckState.FAILED)
    votes = [
        replace(vote, candidates=[_with(item, failed) for item in vote.candidates])
        for vote in votes
    ]
    fitted = calibrate(votes, model="m", task="math")
    assert fitted.factors["numbers=failed"] == pytest.approx(CAUTIOUS_FACTORS["numbers=failed"])


def _with(item: Candidate, check: Check) -> Candidate:
    return replace(item, verdict=replace(item.verdict, checks=(*item.verdict.checks, check)))


def test_the_fitted_confidence_is_calibrated_on_fresh_problems() -> None:
    fitted = calibrate(simulate(400, when_right=0.7, when_wrong=0.4), model="m", task="math")
    fresh = simulate(2000, when_right=0.7, when_wrong=0.4, seed=2)
    confidences, right = [], []
    for vote in fresh:
        selection = fitted.selector.select(vote.candidates, vote.labels)
        confidences.append(fitted.confidence(selection))
        right.append(selection.label in vote.right)
    assert expected_calibration_error(reliability_table(confidences, right)) < 0.06
    assert brier_score(confidences, right) < brier_score([sum(right) / len(right)] * 2000, right)
    assert fitted.brier == pytest.approx(brier_score(confidences, right), abs=0.03)


def test_cross_validation_shows_what_a_calibration_is_worth_on_fresh_problems() -> None:
    votes = simulate(300, when_right=0.8, when_wrong=0.3)
    held_out = cross_validate(votes)
    share = sum(
        selection.label in vote.right for vote, (selection, _) in zip(votes, held_out, strict=True)
    ) / len(votes)
    fitted = calibrate(votes, model="m", task="math")
    fresh = simulate(2000, when_right=0.8, when_wrong=0.3, seed=3)
    assert share == pytest.approx(accuracy(fresh, fitted), abs=0.06)
    with pytest.raises(InputError):
        cross_validate(votes[:11])


def test_confidence_before_any_fit_is_the_rule_of_succession() -> None:
    votes = [candidate(i, 1 if i < 6 else i) for i in range(8)]
    selection = Majority().select(votes, labels(votes))
    assert Calibration().confidence(selection) == pytest.approx(7 / 10)


def test_no_support_is_no_confidence() -> None:
    assert Calibration().confidence(Majority().select([], [])) == 0.0


def test_too_few_problems_are_refused_with_the_number_needed() -> None:
    with pytest.raises(InputError, match="9 labelled problems are too few"):
        calibrate(simulate(9, when_right=0.8, when_wrong=0.3), model="m", task="math")


def test_problems_that_are_all_wrong_are_refused() -> None:
    votes = [LabelledVote([candidate(0, 1)], (0,), frozenset())] * 20
    with pytest.raises(InputError, match="all right or all wrong"):
        calibrate(votes, model="m", task="math")


def test_a_calibration_is_kept_by_model_and_task(tmp_path: Path) -> None:
    fitted = calibrate(simulate(50, when_right=0.8, when_wrong=0.3), model="m/1", task="math")
    save_calibration(fitted, tmp_path)
    assert load_calibration("m/1", "math", tmp_path) == fitted
    assert load_calibration("m/1", "logic", tmp_path).problems == 0
    assert load_calibration("other", "math", tmp_path).problems == 0


def test_a_damaged_calibration_file_is_named(tmp_path: Path) -> None:
    path = save_calibration(Calibration(model="m", task="math"), tmp_path)
    path.write_text("{")
    with pytest.raises(InputError, match=str(path)):
        load_calibration("m", "math", tmp_path)


def test_the_reliability_table_counts_every_answer_once() -> None:
    confidences = [0.0, 0.1, 0.2, 0.5, 0.99, 1.0]
    table = reliability_table(confidences, [False, False, True, True, True, True])
    assert sum(row.count for row in table) == 6
    assert table[0].count == 2 and table[-1].count == 2
    assert table[-1].accuracy == 1.0


def test_a_calibration_of_an_older_version_is_not_used_and_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = save_calibration(Calibration(model="m", task="math"), tmp_path)
    path.write_text('{"factors": {}, "slope": 1.0, "model": "m", "task": "math"}')
    assert load_calibration("m", "math", tmp_path) == Calibration(model="m", task="math")
    assert "is of an older version" in caplog.text
    path.write_text('{"curve": "x", "outlook": null, "plan": null}')
    with pytest.raises(InputError, match="cannot be read"):
        load_calibration("m", "math", tmp_path)


def test_names_of_models_that_are_told_apart_stay_apart_and_may_be_long(tmp_path: Path) -> None:
    for model in ("a/b", "a_b", "org/" + "m" * 300, "org/" + "m" * 299 + "n"):
        assert load_calibration(model, "math", tmp_path).model == model
        save_calibration(Calibration(model=model, task="math", factors={model: 2.0}), tmp_path)
    for model in ("a/b", "a_b", "org/" + "m" * 300, "org/" + "m" * 299 + "n"):
        assert load_calibration(model, "math", tmp_path).factors == {model: 2.0}


def test_a_steep_curve_does_not_overflow() -> None:
    steep = Curve(slope=1000.0, weight_slope=0.0, intercept=0.0)
    assert (steep.probability(-3, 0), steep.probability(0, 0), steep.probability(3, 0)) == (
        0.0, 0.5, 1.0
    )  # fmt: skip
