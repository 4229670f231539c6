"""The answer of the least expected loss."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.selection.ballots import Ballots
from neurosym.selection.consistency import PerplexityConsistency
from neurosym.selection.minimum_risk import MinimumRisk, part_that_differs
from neurosym.selection.weighted import VerifierWeighted
from neurosym.values import Value
from tests.builders import candidate

_ends = st.sampled_from([-math.inf, -2, -0.5, 0, 1, Fraction(4, 3), 2, math.inf])
intervals = st.builds(
    "{}{}, {}{}".format, st.sampled_from("(["), _ends, _ends, st.sampled_from(")]")
)
values: st.SearchStrategy[Value] = st.recursive(
    st.one_of(st.integers(-3, 3), st.booleans(), st.text(max_size=2), intervals),
    lambda inner: st.one_of(
        st.frozensets(st.integers(0, 4), max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    ),
    max_leaves=6,
)


def choose(*answers: Value) -> tuple[Value, float]:
    """The answer chosen and its share, where each of them was given once."""
    classes: list[Value] = []
    for answer in answers:
        if answer not in classes:
            classes.append(answer)
    votes = [candidate(i, answer) for i, answer in enumerate(answers)]
    selection = MinimumRisk().select(votes, [classes.index(answer) for answer in answers])
    assert selection.candidate is not None
    return answers[selection.candidate], selection.share


def test_the_set_that_most_others_nearly_are() -> None:
    middle = frozenset({1, 2, 3})
    answers = [frozenset({9}), frozenset({9}), frozenset({1, 2}), frozenset({2, 3}), middle]
    chosen, share = choose(*answers)
    assert chosen == middle, "although another one was given twice"
    assert share == pytest.approx((1 + 2 * 2 / 3) / 5)


def test_a_plan_most_of_whose_decisions_are_agreed_on() -> None:
    plans: list[Value] = [
        {"boats": 9, "rafts": 9}, {"boats": 9, "rafts": 9},
        {"boats": 3, "rafts": 4}, {"boats": 3, "rafts": 5}, {"boats": 2, "rafts": 4},
        {"boats": 3, "rafts": 6},
    ]  # fmt: skip
    assert choose(*plans)[0] == {"boats": 3, "rafts": 4}


def test_numbers_are_right_or_wrong() -> None:
    assert choose(10, 11, 12, 99, 99)[0] == 99, "the middle one is near to most and still wrong"


@pytest.mark.parametrize(
    ("one", "other", "loss"),
    [
        (frozenset({1, 2}), frozenset({2, 3}), 2 / 3),
        (frozenset(), frozenset(), 0.0),
        ((1, 2), (1, 3), 0.5),
        ((1, 2), (1, 2, 3), 1.0),
        ({"x": 1, "y": 2}, {"x": 1}, 0.5),
        ({"x": (1, 2)}, {"x": (1, 3)}, 0.5),
        (Fraction(1, 2), 0.5, 0.0),
        (1, True, 1.0),
        ("a", "b", 1.0),
        (3, 4, 1.0),
        ((), (), 0.0),
        (((1, 2), 5), ((1, 3), 5), 0.25),
        (((1, 2), 5), ((True, 2), 5), 0.25),
        (({"x": 1}, "[1, 2]"), ({"x": 2}, "[1,2]"), 0.5),
        ({"x": (1, 2), "y": 1}, {"x": (1, 3), "z": 1}, 2.5 / 3),
        (("[1, 2]", 5), ("[1, 3]", 5), 0.25),
        ({"x": "[1, 2]"}, {"x": "[0, 2]"}, 0.5),
        ("[1, 2]", frozenset({1, 2}), 1.0),
        ("[1, 2]", "x", 1.0),
    ],
)
def test_how_much_differs(one: Value, other: Value, loss: float) -> None:
    assert part_that_differs(one, other) == pytest.approx(loss)
    assert MinimumRisk()._losses([one, other])[0, 1] == pytest.approx(loss)


@pytest.mark.parametrize(
    ("one", "other", "loss"),
    [
        ("[2, 5)", "[2,5)", 0.0),
        ("[2, 5)", "[2, 8)", 0.5),
        ("[0, 4]", "[2, 6]", 2 / 3),
        ("[0, 3/2]", "[0, 2]", 0.25),
        ("[0, 1]", "[2, 3]", 1.0),
        ("[0, 1]", "[1, 2]", 1.0),
        ("[2, 5]", "[2, 5)", 0.25),
        ("[2, 5]", "(2, 5)", 0.5),
        ("[0, 100]", "[0, 99]", 0.01),
        ("[0, 100]", "[0, 99)", 0.25),
        ("[2, 2]", "[2, 2]", 0.0),
        ("[2, 2]", "[3, 3]", 1.0),
        ("[2, 2]", "[2, 3]", 1.0),
        ("(-inf, 3]", "(-oo, 3]", 0.0),
        ("(-inf, 3]", "(-inf, 5]", 0.5),
        ("(-inf, 3]", "(-inf, 3)", 0.25),
        ("(-inf, 3]", "(-inf, inf)", 0.5),
        ("(-inf, 3]", "[1, inf)", 1.0),
        ("[1, 3]", "[1, inf)", 1.0),
        ("[-1e308, 1e308]", "[0, 1e308]", 0.5),
        ("(5, 2)", "(5, 3)", 1.0),
        ("(2, 2)", "(2, 3)", 1.0),
        (f"[0, 1{400 * '0'}]", f"[0, 2{400 * '0'}]", 1.0),
    ],
)
def test_how_much_of_two_intervals_differs(one: str, other: str, loss: float) -> None:
    assert part_that_differs(one, other) == part_that_differs(other, one)
    assert part_that_differs(one, other) == pytest.approx(loss, rel=1e-12, abs=0.0)


def test_the_interval_that_most_others_nearly_are() -> None:
    middle = "[0, 10]"
    chosen, share = choose("[50, 60]", "[50, 60]", "[0, 9]", "[1, 10]", middle)
    assert chosen == middle, "although another one was given twice"
    assert share == pytest.approx((1 + 2 * 0.9) / 5)


@given(intervals, intervals, intervals)
def test_no_way_round_by_a_third_interval_is_shorter(one: str, other: str, third: str) -> None:
    direct = part_that_differs(one, other)
    assert direct <= part_that_differs(one, third) + part_that_differs(third, other) + 1e-12
    assert (direct == 0) == (one == other)


@given(values, values)
def test_a_loss_is_symmetric_between_0_and_1_and_0_for_the_same(one: Value, other: Value) -> None:
    loss = part_that_differs(one, other)
    assert 0 <= loss <= 1
    assert loss == pytest.approx(part_that_differs(other, one))
    assert part_that_differs(one, one) == 0


@given(st.lists(values, min_size=1, max_size=6))
def test_losses_of_many_are_those_of_each_two(answers: list[Value]) -> None:
    losses = MinimumRisk()._losses(answers)
    each = [[part_that_differs(one, other) for other in answers] for one in answers]
    assert losses == pytest.approx(np.array(each))


def test_samples_that_are_left_out_leave_their_answers() -> None:
    answers = [frozenset({1}), frozenset({2, 3}), frozenset({2, 4})]
    votes = [candidate(i, answer) for i, answer in enumerate(answers)]
    ballots = Ballots.of([(votes, [0, 1, 2])]).take(np.array([[2, 1]]))
    chosen = MinimumRisk().choose(ballots)
    assert chosen.labels.tolist() == [2], "of equals the first that is left"


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9))
def test_where_answers_are_right_or_wrong_it_is_the_vote(answers: list[int]) -> None:
    votes = [candidate(i, answer) for i, answer in enumerate(answers)]
    classes = list(dict.fromkeys(answers))
    labels = [classes.index(answer) for answer in answers]
    assert MinimumRisk().select(votes, labels) == VerifierWeighted().select(votes, labels)


def test_of_equal_risks_the_likelier_answer_wins_wherever_it_stands() -> None:
    """Two sets are as near to all as each other, and the likeliest of all is further away."""
    further, one, other = frozenset({9}), frozenset({1, 2}), frozenset({2, 3})
    likelihoods = {further: -0.1, one: -0.3, other: -0.2}
    for answers in ([further, one, other], [further, other, one], [one, other, further]):
        votes = [
            candidate(i, answer, logprobs=(likelihoods[answer],))
            for i, answer in enumerate(answers)
        ]
        chosen = MinimumRisk().select(votes, range(3))
        assert answers[chosen.candidate or 0] == other


def test_how_heavy_all_votes_are_together_changes_nothing() -> None:
    answers = [frozenset({1}), frozenset({1, 2}), frozenset({1, 3}), frozenset({9})]
    found = []
    for scale in (0.0, -23.0):
        likely = [
            candidate(i, answer, logprobs=(scale + logprob,))
            for i, (answer, logprob) in enumerate(zip(answers, (-2, -1, -0.9, -0.8), strict=True))
        ]
        risk = MinimumRisk(PerplexityConsistency())
        found.append(risk.select(likely, range(4)).label)
    assert found == [2, 2]
