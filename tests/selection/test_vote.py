"""What a person may rely on when programs vote."""

from __future__ import annotations

from dataclasses import replace
from math import log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import Candidate, CheckState
from neurosym.checks.names import TheoryCheckName, passed
from neurosym.selection.ballots import Ballots, sample_places
from neurosym.selection.base import Selector
from neurosym.selection.calibration import Calibration
from neurosym.selection.consistency import PerplexityConsistency, ReasoningPruning
from neurosym.selection.cross_checked import CrossChecked
from neurosym.selection.majority import Majority
from neurosym.selection.minimum_risk import MinimumRisk
from neurosym.selection.scored import BestOfN
from neurosym.selection.sound import SoundVote
from neurosym.selection.weighted import VerifierWeighted
from neurosym.solution import Selection
from neurosym.values import Value
from tests.builders import candidate, labels

SELECTORS = [
    Majority(),
    VerifierWeighted(),
    PerplexityConsistency(),
    ReasoningPruning(),
    BestOfN(),
    SoundVote(),
    CrossChecked(),
    MinimumRisk(),
]

Spoken = tuple[Value, str, int, float, bool]
"""Answer, text, route and probability of a sample, and whether it passes a check."""
spoken = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 3), st.frozensets(st.integers(0, 2), max_size=2)),
        st.sampled_from("abcdefgh"),
        st.integers(0, 1),
        st.sampled_from([0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95]),
        st.booleans(),
    ),
    max_size=12,
)


def test_majority_takes_the_most_frequent_answer() -> None:
    votes = [candidate(i, a) for i, a in enumerate([7, 5, 5, None, 7, 5])]
    selection = Majority().select(votes, labels(votes))
    assert votes[selection.candidate or 0].answer == 5
    assert selection.share == 3 / 6


@pytest.mark.parametrize("selector", SELECTORS)
def test_no_candidate_is_no_answer(selector: Selector) -> None:
    assert selector.select([], []).candidate is None
    nothing = selector.choose(Ballots.of([([], []), ([], [])]))
    assert nothing.candidates.tolist() == nothing.labels.tolist() == [-1, -1]
    assert nothing.shares.tolist() == [0, 0]
    assert selector.choose(Ballots.of([])).candidates.tolist() == []


@pytest.mark.parametrize("selector", SELECTORS)
def test_failed_programs_never_win_even_as_the_majority(selector: Selector) -> None:
    votes = [candidate(i, a) for i, a in enumerate([None, None, None, 4])]
    selection = selector.select(votes, labels(votes))
    assert selection.candidate == 3
    assert selection.share < 0.5


@pytest.mark.parametrize("selector", SELECTORS)
def test_all_failed_is_no_answer(selector: Selector) -> None:
    votes = [candidate(i, None) for i in range(3)]
    assert selector.select(votes, labels(votes)).candidate is None


def test_a_tie_goes_to_the_likelier_answer() -> None:
    votes = [candidate(0, 1, logprobs=(-2.0,)), candidate(1, 2, logprobs=(-0.5,))]
    assert Majority().select(votes, labels(votes)).candidate == 1


def test_a_tie_without_log_probabilities_goes_to_the_first_answer() -> None:
    votes = [candidate(0, 9), candidate(1, 2)]
    assert Majority().select(votes, labels(votes)).candidate == 0


def test_checks_turn_a_close_vote() -> None:
    failed = {"answer kind": CheckState.FAILED}
    votes = [
        candidate(0, 1, checks=failed),
        candidate(1, 1, checks=failed),
        candidate(2, 2),
    ]
    assert Majority().select(votes, labels(votes)).candidate == 0
    assert VerifierWeighted().select(votes, labels(votes)).candidate == 2


def test_one_failed_check_does_not_overturn_a_clear_majority() -> None:
    failed = {"numbers": CheckState.FAILED}
    votes = [candidate(i, 1, checks=failed) for i in range(6)] + [candidate(6, 2)]
    assert VerifierWeighted().select(votes, labels(votes)).label == 0


def drawn(spoken: list[Spoken]) -> list[Candidate]:
    """Candidates in this order, with indices of their own."""
    return [
        candidate(i, answer, text=text, variant=route, logprobs=(log(p),),
                  checks={"numbers": CheckState.PASSED if passed else CheckState.FAILED})
        for i, (answer, text, route, p, passed) in enumerate(spoken)
    ]  # fmt: skip


def chosen(selector: Selector, spoken: list[Spoken]) -> Value:
    votes = drawn(spoken)
    selection = selector.select(votes, labels(votes))
    return None if selection.candidate is None else votes[selection.candidate].answer


def is_clear(selector: Selector, spoken: list[Spoken]) -> bool:
    """Whether more than the order of first appearance decides."""
    votes = drawn(spoken)
    return not selector.select(votes, labels(votes)).by_place


@pytest.mark.parametrize("selector", SELECTORS)
@given(spoken, st.randoms(use_true_random=False))
def test_the_order_of_candidates_matters_only_in_ties(
    selector: Selector, said: list[Spoken], random: Random
) -> None:
    other = random.sample(said, len(said))
    if is_clear(selector, said):
        assert chosen(selector, said) == chosen(selector, other)


@pytest.mark.parametrize("selector", SELECTORS)
@given(spoken)
def test_doubling_every_candidate_changes_no_winner(selector: Selector, said: list[Spoken]) -> None:
    assert chosen(selector, said) == chosen(selector, said * 2)


@pytest.mark.parametrize("selector", SELECTORS)
@given(spoken)
def test_the_answer_is_always_one_that_a_candidate_gave(
    selector: Selector, said: list[Spoken]
) -> None:
    votes = drawn(said)
    selection = selector.select(votes, labels(votes))
    asks_for_more = isinstance(selector, SoundVote)
    may_win = [a is not None and (passes or not asks_for_more) for a, *_, passes in said]
    assert (selection.candidate is None) == (not any(may_win))
    if selection.candidate is not None:
        assert votes[selection.candidate].answer is not None
        assert labels(votes)[selection.candidate] == selection.label
        assert 0 < selection.share <= 1 + 1e-9


@given(st.lists(st.integers(1, 3), min_size=2, max_size=8))
def test_what_is_put_together_of_samples_takes_nothing_from_them(said: list[int]) -> None:
    votes = [candidate(i, a, text="x", logprobs=(-0.5,)) for i, a in enumerate(said)]
    pooled = replace(
        votes[0], verdict=replace(votes[0].verdict, checks=(passed(TheoryCheckName.POOLED),))
    )
    for selector in (Majority(), PerplexityConsistency(), ReasoningPruning()):
        alone = selector.select(votes, labels(votes))
        beside = [pooled, *votes]
        found = selector.select(beside, labels(beside))
        assert sorted(found.weights) == sorted(alone.weights)


@pytest.mark.parametrize(
    ("weights", "margin"),
    [((3.0, 1.0), 0.5), ((1.0, 4.0, 3.0), 0.125), ((2.0,), 1.0), ((2.0, 2.0), 0.0), ((), 0.0)],
)
def test_the_margin_is_how_far_the_first_answer_is_ahead(
    weights: tuple[float, ...], margin: float
) -> None:
    assert Selection(None, None, weights).margin == pytest.approx(margin)


def again(parent: Candidate, index: int, answer: Value, **values: object) -> Candidate:
    """What a sample was written again as."""
    return replace(candidate(index, answer, **values), parent=parent.index)  # type: ignore[arg-type]


def test_a_sample_that_stands_by_a_wrong_answer_counts_it_once() -> None:
    failed = {"numbers": CheckState.FAILED}
    sound, stubborn = candidate(0, 60), candidate(1, 17, checks=failed)
    votes = [sound, stubborn]
    for index in (2, 3, 4):
        votes.append(again(votes[-1], index, 17, checks=failed))
    selection = VerifierWeighted().select(votes, labels(votes))
    assert selection.candidate == 0
    assert selection.weights == (1.0, 0.7)
    assert selection.votes == (1.0, 0.7, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("selector", SELECTORS)
def test_saying_the_same_again_changes_nothing(selector: Selector) -> None:
    votes = [candidate(i, a, logprobs=(-0.2,)) for i, a in enumerate([60, 17, 17, None])]
    before = selector.select(votes, labels(votes))
    votes += [again(votes[2], 4, 17, logprobs=(-0.2,)), again(votes[3], 5, None)]
    votes.append(again(votes[4], 6, 17, logprobs=(-0.3,)))
    after = selector.select(votes, labels(votes))
    assert after == replace(before, votes=(*before.votes, 0.0, 0.0, 0.0))


def test_a_sample_counts_an_answer_by_the_best_way_it_was_written() -> None:
    failed = {"numbers": CheckState.FAILED}
    first = candidate(0, 17, checks=failed)
    votes = [first, again(first, 1, 17), candidate(2, 60)]
    selection = VerifierWeighted().select(votes, labels(votes))
    assert selection.votes == (0.0, 1.0, 1.0)
    assert BestOfN().select(votes, labels(votes)).votes == (0.0, 1.0, 1.0)
    assert SoundVote().select(votes, labels(votes)).votes == (0.0, 1.0, 1.0)


def test_a_sample_with_several_answers_counts_each() -> None:
    """The check that it failed may err: neither answer takes the vote from the other."""
    first = candidate(0, 17, checks={"numbers": CheckState.FAILED})
    votes = [first, again(first, 1, 60), candidate(2, 17)]
    assert VerifierWeighted().select(votes, labels(votes)).weights == (1.7, 1.0)


def test_what_is_put_together_of_samples_is_of_none_of_them() -> None:
    sample = candidate(0, 1)
    check = passed(TheoryCheckName.POOLED)
    pooled = replace(again(sample, 1, 1), verdict=replace(sample.verdict, checks=(check,)))
    votes = [sample, pooled, again(sample, 2, 1)]
    assert sample_places(votes) == [0, 1, 0]
    assert VerifierWeighted().select(votes, labels(votes)).votes == (1.0, 1.0, 0.0)


def test_one_sound_sample_among_many_is_told_as_one_of_all() -> None:
    failed = {"answer kind": CheckState.FAILED}
    votes = [candidate(i, i, checks=failed) for i in range(4)] + [candidate(4, 9)]
    selection = SoundVote().select(votes, labels(votes))
    assert selection.candidate == 4
    assert selection.share == 1 / 5
    assert Calibration().confidence(selection) == pytest.approx(2 / 7)
