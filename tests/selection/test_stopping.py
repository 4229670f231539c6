"""When to stop sampling."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import CheckState
from neurosym.selection.ballots import Ballots
from neurosym.selection.cross_checked import CrossChecked
from neurosym.selection.majority import Majority
from neurosym.selection.minimum_risk import MinimumRisk
from neurosym.selection.scored import BestOfN
from neurosym.selection.sound import SoundVote
from neurosym.selection.stopping import (
    in_samples,
    is_decided,
    is_settled,
    lead_probability,
    round_totals,
)
from neurosym.selection.weighted import VerifierWeighted
from neurosym.solution import Selection
from tests.builders import candidate

votes = st.lists(st.integers(0, 8), max_size=4)


@given(votes, st.integers(0, 8))
def test_what_is_decided_no_further_votes_can_change(totals: list[int], left: int) -> None:
    can_be_caught = max(totals, default=0) == 0 or any(
        other + left >= max(totals)
        for i, other in enumerate([*totals, 0])
        if i != totals.index(max(totals))
    )
    assert is_decided(totals, left) is not can_be_caught


@pytest.mark.parametrize("totals", [[3], [3, 1], [5, 4, 2], [2.5, 0.5]])
def test_the_probability_of_staying_ahead_is_that_of_a_simulation(totals: list[float]) -> None:
    first, second, *_ = [*totals, 0.0]
    drawn = np.random.default_rng(0).beta(first + 1, second + 1, 200_000)
    assert lead_probability(totals) == pytest.approx((drawn > 0.5).mean(), abs=0.005)


@pytest.mark.parametrize(
    ("totals", "left"), [([3], 5), ([3, 1], 12), ([5, 4, 2], 1), ([5, 4], 2), ([2.5, 0.5], 4)]
)
def test_of_samples_that_are_left_it_is_that_of_a_simulation(
    totals: list[float], left: int
) -> None:
    random = np.random.default_rng(0)
    first, second, *_ = [*totals, 0.0]
    gained = random.binomial(left, random.beta(second + 1, first + 1, 200_000))
    lead = first + left - gained - second - gained
    simulated = (lead > 0).mean() + (lead == 0).mean() / 2
    assert lead_probability(totals, left) == pytest.approx(simulated, abs=0.005)


@pytest.mark.parametrize("totals", [[3, 1], [6, 1, 1, 1], [4, 3, 3], [9, 3, 3, 1, 0]])
def test_it_bounds_the_probability_of_staying_ahead_of_all(totals: list[int]) -> None:
    first, *others = totals
    drawn = np.random.default_rng(0).dirichlet(np.array(totals) + 1.0, 200_000)
    ahead_of_all = (drawn.argmax(axis=1) == 0).mean()
    lacking = sum(1 - lead_probability([first, other]) for other in others)
    assert 1 - lacking - 0.005 <= ahead_of_all <= lead_probability(totals) + 0.005


@given(votes, st.integers(0, 300))
def test_the_fewer_are_left_the_surer_is_a_leader(totals: list[int], left: int) -> None:
    few, more = lead_probability(totals, left), lead_probability(totals, 2 * left + 2)
    assert lead_probability(totals) - 1e-6 <= more <= few + 1e-9
    if is_decided(totals, left):
        assert few == pytest.approx(1)


@given(st.integers(1, 20), st.integers(1, 80), st.floats(1, 4))
def test_rounds_go_on_to_the_most_there_may_be(first: int, most: int, growth: float) -> None:
    totals = round_totals(first, most, growth)
    assert totals == sorted(set(totals))
    assert (totals[0], totals[-1]) == (min(first, most), most)
    assert all(b <= max(growth * a, a + 1) for a, b in itertools.pairwise(totals))


def test_rounds_grow_as_asked() -> None:
    assert round_totals(2, 16) == [2, 4, 8, 16]
    assert round_totals(2, 16, 1.5) == [2, 3, 4, 6, 9, 13, 16]
    assert round_totals(2, 5, 1.0) == [2, 3, 4, 5]


def test_without_votes_or_with_a_tie_it_is_a_coin() -> None:
    assert lead_probability([]) == 0.5
    assert lead_probability([4, 4]) == pytest.approx(0.5)
    assert lead_probability([4]) == pytest.approx(1 - 0.5**5)


def test_what_was_chosen_must_lead() -> None:
    by_rating = Selection(7, 1, (7.0, 1.0), 1 / 8, (1.0,) * 8)
    assert not is_settled(by_rating, 0.6, full=1)
    assert is_settled(Selection(0, 0, (7.0, 1.0), 7 / 8, (1.0,) * 8), 0.95, full=1)
    assert not is_settled(Selection(None, None), 0.6, full=1)


def test_nothing_is_as_probable_as_one() -> None:
    sure = Selection(0, 0, (500.0,), 1.0, (1.0,) * 500)
    assert not is_settled(sure, 1.0, full=1)
    assert not is_settled(sure, 1.0, left=500, full=1, is_exact=True)
    assert is_settled(sure, 1.0, left=499, full=1, is_exact=True)
    assert not is_settled(sure, 1.0, left=499, full=1), (
        "a later one may count more than each so far"
    )
    assert is_settled(sure, 0.99, left=499, full=1)


def test_samples_that_fail_a_check_count_less_than_one_that_fails_none() -> None:
    weak = Selection(0, 0, (1.0,), 1.0, (0.25,) * 4)
    assert in_samples(weak, 1.0) == [1.0]
    assert not is_settled(weak, 0.9, full=1.0)
    assert is_settled(weak, 0.9, full=0.25), "four, if none can weigh more"
    assert in_samples(Selection(0, 0, (4.0,), 1.0, (2.0, 2.0)), 1.0) == [2.0]
    assert in_samples(Selection(None, None, (), 0.0, ()), 0.0) == []


def test_what_a_sample_would_weigh_that_fails_no_check() -> None:
    failed = {"units": CheckState.FAILED, "numbers": CheckState.UNDECIDED}
    ballots = Ballots.of([([candidate(0, 1, checks=failed)], [0]), ([candidate(0, 1)], [0])])
    scorer = VerifierWeighted({"units=failed": 0.5, "units=passed": 1.5, "numbers=undecided": 0.8})
    for rule in (scorer, CrossChecked(scorer), MinimumRisk(scorer)):
        assert rule.full_votes(ballots).tolist() == [1.5 * 0.8, 1.0]
    for other in (Majority(), BestOfN(scorer), SoundVote()):
        assert other.full_votes(ballots).tolist() == [1.0, 1.0]
