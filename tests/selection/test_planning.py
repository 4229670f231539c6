"""How many samples a problem is worth, against a simulation of easy and hard problems."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from neurosym.candidate import CheckState
from neurosym.checks.names import TheoryCheckName, passed
from neurosym.selection.labelled import LabelledVote, stacked
from neurosym.selection.majority import Majority
from neurosym.selection.planning import Plan, fit_plan, signs
from neurosym.selection.resampling import Judged
from neurosym.selection.weighted import VerifierWeighted
from neurosym.values import Value
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
    fitted = fit_plan(votes(), Majority())
    assert fitted is not None
    return fitted


def test_where_the_first_samples_differ_more_are_worth_it(plan: Plan) -> None:
    assert plan.numbers == (2, 4, 8, 16)
    assert set(plan.curves) == {"", "1 agree, sound", "2 agree, sound"}
    gains = {sign: curve[-1] - curve[0] for sign, curve in plan.curves.items()}
    assert gains["1 agree, sound"] > gains[""] > gains["2 agree, sound"]
    assert plan.course("1 agree, sound", 0.01).samples > plan.course("2 agree, sound", 0.01).samples


def test_what_samples_cost_decides_how_many_are_drawn(plan: Plan) -> None:
    numbers = [plan.course("1 agree, sound", price).samples for price in (0.0, 0.01, 0.05, 1.0)]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] == 16
    assert numbers[-1] == 2
    assert plan.course("3 agree, not sound", 0.01).samples == plan.course("", 0.01).samples


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
    assert fit_plan(votes(20, samples=1), Majority()) is None
    assert fit_plan(votes(20, samples=2), Majority()) is None


def test_a_plan_goes_as_far_as_half_of_the_problems_do() -> None:
    whole = fit_plan(votes(40, samples=8), Majority())
    assert whole is not None
    assert whole.numbers == (2, 4, 8)
    one_longer = votes(40, samples=8) + votes(1, samples=16)
    fitted = fit_plan(one_longer, Majority())
    assert fitted is not None
    assert fitted.numbers == whole.numbers
    assert fitted.curves[""] == pytest.approx(whole.curves[""], abs=0.05)
    some_shorter = fit_plan(votes(40, samples=8) + votes(39, samples=3), Majority())
    assert some_shorter is not None
    assert some_shorter.curves[""] == pytest.approx(whole.curves[""], abs=0.03)
    assert fit_plan(votes(9, samples=8), Majority()) is None, "too few to count on"


def refined_votes(
    problems: int, seed: int, samples: int = 8, rounds: int = 3
) -> list[LabelledVote]:
    """Half of the problems are hard to begin and easy to mend, the others the other way round.

    On the former most samples fail, and what fails is mostly mended when told. On the latter
    samples differ, a check fails, and the model only says again what it has said.
    """
    rng = random.Random(seed)
    failed = {"numbers": CheckState.FAILED}

    def one_problem(is_mendable: bool) -> LabelledVote:
        def begun() -> Value:
            if is_mendable:
                return 0 if rng.random() < 0.1 else None
            return 0 if rng.random() < 0.6 else rng.randint(1, 3)

        def again(before: Value) -> Value:
            return (0 if rng.random() < 0.6 else None) if is_mendable else before

        drawn = [candidate(i, begun(), checks=failed) for i in range(samples)]
        latest = list(drawn)
        for _ in range(rounds):
            wrong = [item for item in latest if item.answer != 0 or not is_mendable]
            latest = [
                replace(candidate(i, again(item.answer), checks=failed), parent=item.index)
                for i, item in enumerate(wrong, start=len(drawn))
            ]
            drawn += latest
        classes = labels(drawn)
        right = {c for c, item in zip(classes, drawn, strict=True) if item.answer == 0}
        return LabelledVote(drawn, classes, frozenset(right))

    return [one_problem(bool(number % 2)) for number in range(problems)]


def come_to(
    votes: list[LabelledVote], course: Callable[[str], tuple[int, int]]
) -> tuple[float, float]:
    """Accuracy, and samples a problem, of going on from two samples in some way."""
    right = cost = 0
    for vote in votes:
        first = vote.lines[:2]
        begun = [vote.candidates[line[0]] for line in first]
        ballots = stacked([LabelledVote(begun, labels(begun), frozenset())])[0]
        [sign] = signs(ballots, Majority().choose(ballots))
        samples, rounds = course(sign)
        places = [line[0] for line in vote.lines[:samples]]
        places += [place for line in first for place in line[1 : rounds + 1]]
        chosen = Majority().select(
            [vote.candidates[place] for place in places], [vote.labels[place] for place in places]
        )
        right += chosen.label in vote.right
        cost += len(places)
    return right / len(votes), cost / len(votes)


def test_what_is_mended_when_told_is_refined_and_the_rest_drawn_anew() -> None:
    plan = fit_plan(refined_votes(120, seed=0), Majority())
    assert plan is not None
    planned = {sign: plan.course(sign, 0.005) for sign in plan.curves}
    assert set(planned) == {"", "0 agree, not sound", "1 agree, not sound", "2 agree, not sound"}
    fails, differ = planned["0 agree, not sound"], planned["1 agree, not sound"]
    assert fails.rounds > 0
    assert fails.samples == 2
    assert (differ.samples, differ.rounds) == (8, 0)
    assert fails.right == pytest.approx(0.97, abs=0.04)
    assert 2 + fails.rounds < fails.cost < 2 + 2 * fails.rounds, "what is mended is left alone"
    fresh_only = plan.course("0 agree, not sound", 0.005, may_refine=False)
    assert (fresh_only.samples, fresh_only.rounds) == (8, 0)

    def of_plan(sign: str) -> tuple[int, int]:
        course = plan.course(sign, 0.005)
        return course.samples, course.rounds

    new = refined_votes(100, seed=1)
    accuracy, cost = come_to(new, of_plan)
    alone = {
        "fresh": [come_to(new, lambda _, n=n: (n, 0)) for n in range(2, 9)],  # type: ignore[misc]
        "refined": [come_to(new, lambda _, n=n: (2, n)) for n in range(4)],  # type: ignore[misc]
    }
    for way, reached in alone.items():
        assert reached[-1][1] > cost - 0.5, f"{way} alone may cost as much"
        assert max(right for right, _ in reached) < accuracy - 0.05, way


def test_a_plan_that_knows_refinements_is_kept_as_json_and_older_ones_are_read() -> None:
    plan = fit_plan(refined_votes(40, seed=0), Majority())
    assert plan is not None
    data = json.loads(json.dumps(asdict(plan)))
    assert Plan.from_json(data) == plan
    del data["refined"]
    assert Plan.from_json(data) == replace(plan, refined={})


def test_two_samples_that_were_refined_are_enough_for_a_plan() -> None:
    plan = fit_plan(refined_votes(40, seed=0, samples=2), Majority())
    assert plan is not None
    assert plan.numbers == (2,)
    assert plan.course("0 agree, not sound", 0.005).rounds > 0


def test_few_refinements_teach_nothing_of_them() -> None:
    few = refined_votes(9, seed=0) + [vote.drawn for vote in refined_votes(40, seed=1)]
    plan = fit_plan(few, Majority())
    assert plan is not None
    assert plan.refined == {}


def test_each_sample_leads_the_line_of_what_it_was_written_again_as() -> None:
    parents = [None, None, 0, 1, 3, None, 0]
    vote = LabelledVote(
        [replace(candidate(i), parent=parent) for i, parent in enumerate(parents)],
        [0] * 7,
        frozenset(),
    )
    assert vote.lines == [[0, 2], [1, 3, 4], [5]]


def test_what_is_put_together_of_samples_is_none_of_them_written_again() -> None:
    check = passed(TheoryCheckName.POOLED)
    pooled = replace(candidate(2), verdict=replace(candidate().verdict, checks=(check,)), parent=0)
    vote = LabelledVote([candidate(0), candidate(1), pooled], [0] * 3, frozenset())
    assert vote.lines == [[0], [1]]


def test_what_is_no_sample_is_left_out_of_what_samples_teach() -> None:
    sample, again = candidate(0, 5), replace(candidate(1, 7), parent=0)
    vote = LabelledVote([sample, again, candidate(2, 8)], (0, 1, 2), frozenset({1, 2}))
    drawn = vote.drawn
    assert [item.answer for item in drawn.candidates] == [5, 8]
    assert list(drawn.labels) == [0, 1]
    assert drawn.right == frozenset({1})
    assert vote.judged == Judged(right_accepted=1, wrong_accepted=1)
