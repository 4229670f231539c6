"""When to stop sampling."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import Candidate, CheckState
from neurosym.selection.ballots import Ballots
from neurosym.selection.base import Selector
from neurosym.selection.consistency import PerplexityConsistency, ReasoningPruning
from neurosym.selection.cross_checked import CrossChecked
from neurosym.selection.majority import Majority
from neurosym.selection.minimum_risk import MinimumRisk
from neurosym.selection.scored import BestOfN
from neurosym.selection.sound import SoundVote
from neurosym.selection.stopping import (
    in_samples,
    is_decided,
    is_settled,
    lead_of_all,
    lead_probability,
    round_totals,
)
from neurosym.selection.weighted import VerifierWeighted
from neurosym.solution import Selection
from tests.builders import candidate, labels

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
    assert lead_of_all(totals) - 0.005 <= ahead_of_all <= lead_probability(totals) + 0.005
    assert lead_of_all([first, others[0]]) == pytest.approx(lead_probability([first, others[0]]))


def test_against_all_it_is_at_most_as_probable_as_against_the_next() -> None:
    assert lead_of_all([6, 1, 1, 1]) == pytest.approx(0.895, abs=0.001)
    assert lead_of_all([6, 1, 1, 1], 8) < lead_probability([6, 1, 1, 1], 8)
    assert lead_of_all([3]) == lead_probability([3])
    assert lead_of_all([]) == lead_probability([]) == 0.5
    assert lead_of_all([1, 1, 1, 1]) == 0.0, "no less than nothing"
    votes = Selection(0, 0, (6.0, 1.0, 1.0, 1.0), 6 / 9, (1.0,) * 9)
    assert is_settled(votes, 0.95, full=1)
    assert not is_settled(votes, 0.95, full=1, of_all=True)


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


def standing(rule: Selector, votes: list[Candidate]) -> Selection:
    found = rule.standing(Ballots.of([(votes, labels(votes))]))
    return found.selection(0, len(votes), max(labels(votes)) + 1)


def test_an_answer_of_one_route_may_yet_be_confirmed() -> None:
    programs, prose = [1, 2, 2, 2, 2, 2], [1, 1, 1, 3, 4, 5]
    votes = [candidate(i, answer, variant=0) for i, answer in enumerate(programs)]
    votes += [candidate(6 + i, answer, variant=1) for i, answer in enumerate(prose)]
    rule = CrossChecked()
    assert votes[rule.select(votes, labels(votes)).candidate or 0].answer == 1
    assert not is_settled(standing(rule, votes), 0.6, 4, full=1)
    votes.append(candidate(12, 2, variant=1))
    assert votes[rule.select(votes, labels(votes)).candidate or 0].answer == 2
    agreed = [candidate(i, 1, variant=i % 2) for i in range(8)]
    assert is_settled(standing(rule, agreed), 0.95, 4, full=1)


def test_what_is_not_confirmed_may_lose_to_what_comes_to_be() -> None:
    votes = [candidate(i, 1) for i in range(8)]
    assert CrossChecked().select(votes, labels(votes)).label == 0
    assert not is_settled(standing(CrossChecked(), votes), 0.6, 8, full=1)


def test_a_better_sample_may_come_where_the_best_is_taken() -> None:
    failed = {"units": CheckState.FAILED}
    weak = [candidate(i, 1, checks=failed) for i in range(8)]
    sound = [candidate(i, 1) for i in range(8)]
    likely = [candidate(i, 1, logprobs=(-0.5,)) for i in range(8)]
    rule = BestOfN(VerifierWeighted({"units=failed": 0.5}))
    assert is_settled(standing(rule, sound), 0.95, 8, full=1)
    assert not is_settled(standing(rule, weak), 0.6, 8, full=1)
    assert not is_settled(standing(rule, likely), 0.6, 8, full=1)


def test_what_has_parts_may_lose_to_what_shares_more_of_them() -> None:
    sets = [candidate(i, frozenset({1, 2})) for i in range(8)]
    numbers = [candidate(i, 1) for i in range(8)]
    assert not is_settled(standing(MinimumRisk(), sets), 0.6, 8, full=1)
    assert is_settled(standing(MinimumRisk(), numbers), 0.95, 8, full=1)


def test_texts_that_are_the_same_stand_as_many_where_probabilities_weigh() -> None:
    votes = [candidate(i, 1, logprobs=(-0.5,)) for i in range(4)]
    for rule in (PerplexityConsistency(), ReasoningPruning()):
        assert standing(rule, votes).weights == (4.0,)
        assert rule.full_votes(Ballots.of([(votes, labels(votes))])).tolist() == [1.0]
