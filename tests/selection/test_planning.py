"""How many samples a problem is worth, against a simulation of easy and hard problems."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace

import pytest

from neurosym.candidate import CheckState
from neurosym.selection.labelled import LabelledVote, stacked
from neurosym.selection.majority import Majority
from neurosym.selection.planning import Plan, fit_plan, signs
from neurosym.selection.resampling import Judged
from neurosym.selection.weighted import VerifierWeighted
from tests.builders import candidate, labels


def votes(problems: int = 200, samples: int = 16) -> list[LabelledVote]:
    """Half of the problems are easy; on the others the right answer is a little more frequent."""
    rng = random.Random(0)
    found = []
    for problem in range(problems):
        ease = 0.97 if problem % 2 else 0.5
        drawn = [
            candidate(i, 0 if rng.random() < ease else rng.randint(1, 4)) for i in range(samples)
        ]
        classes = labels(drawn)
        right = {c for c, item in zip(classes, drawn, strict=True) if item.answer == 0}
        found.append(LabelledVote(drawn, classes, frozenset(right)))
    return found


@pytest.fixture(scope="module")
def plan() -> Plan:
    fitted = fit_plan(*stacked(votes()), Majority())
    assert fitted is not None
    return fitted


def test_where_the_first_samples_differ_more_are_worth_it(plan: Plan) -> None:
    assert plan.numbers == (2, 4, 8, 16)
    assert set(plan.curves) == {"", "1 agree, sound", "2 agree, sound"}
    gains = {sign: curve[-1] - curve[0] for sign, curve in plan.curves.items()}
    assert gains["1 agree, sound"] > gains[""] > gains["2 agree, sound"]
    assert plan.samples("1 agree, sound", 0.01) > plan.samples("2 agree, sound", 0.01)


def test_what_samples_cost_decides_how_many_are_drawn(plan: Plan) -> None:
    numbers = [plan.samples("1 agree, sound", price) for price in (0.0, 0.01, 0.05, 1.0)]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == 16
    assert numbers[-1] == 2
    assert plan.samples("3 agree, not sound", 0.01) == plan.samples("", 0.01)


def test_a_plan_is_kept_as_json(plan: Plan) -> None:
    assert Plan.from_json(json.loads(json.dumps(asdict(plan)))) == plan


def test_signs_tell_agreement_and_soundness() -> None:
    failed = {"answer kind": CheckState.FAILED}
    problems = [
        [candidate(0, 5), candidate(1, 5)],
        [candidate(0, 5), candidate(1, 6)],
        [candidate(0, 5, checks=failed), candidate(1, 5, checks=failed)],
        [candidate(0, None), candidate(1, None)],
    ]
    ballots, _ = stacked([LabelledVote(part, labels(part), frozenset()) for part in problems])
    assert signs(ballots, VerifierWeighted().choose(ballots)) == [
        "2 agree, sound",
        "1 agree, sound",
        "2 agree, not sound",
        "0 agree, not sound",
    ]


def test_runs_of_one_sample_teach_no_plan() -> None:
    assert fit_plan(*stacked(votes(20, samples=1)), Majority()) is None
    assert fit_plan(*stacked(votes(20, samples=2)), Majority()) is None


def test_a_plan_goes_as_far_as_half_of_the_problems_do() -> None:
    whole = fit_plan(*stacked(votes(40, samples=8)), Majority())
    assert whole is not None
    assert whole.numbers == (2, 4, 8)
    one_longer = votes(40, samples=8) + votes(1, samples=16)
    fitted = fit_plan(*stacked(one_longer), Majority())
    assert fitted is not None
    assert fitted.numbers == whole.numbers
    assert fitted.curves[""] == pytest.approx(whole.curves[""], abs=0.05)
    some_shorter = fit_plan(*stacked(votes(40, samples=8) + votes(39, samples=3)), Majority())
    assert some_shorter is not None
    assert some_shorter.curves[""] == pytest.approx(whole.curves[""], abs=0.03)
    assert fit_plan(*stacked(votes(9, samples=8)), Majority()) is None, "too few to count on"


def test_what_is_no_sample_is_left_out_of_what_samples_teach() -> None:
    sample, again = candidate(0, 5), replace(candidate(1, 7), parent=0)
    vote = LabelledVote([sample, again, candidate(2, 8)], (0, 1, 2), frozenset({1, 2}))
    drawn = vote.drawn
    assert [item.answer for item in drawn.candidates] == [5, 8]
    assert list(drawn.labels) == [0, 1]
    assert drawn.right == frozenset({1})
    assert vote.judged == Judged(right_accepted=1, wrong_accepted=1)
