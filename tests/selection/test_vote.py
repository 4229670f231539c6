"""What a person may rely on when programs vote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import CheckState
from neurosym.selection.base import Selector, WeightedVote
from neurosym.selection.consistency import PerplexityConsistency, ReasoningPruning
from neurosym.selection.cross_checked import CrossChecked
from neurosym.selection.majority import Majority
from neurosym.selection.minimum_risk import MinimumRisk
from neurosym.selection.scored import BestOfN
from neurosym.selection.weighted import VerifierWeighted
from neurosym.solution import Selection
from tests.builders import candidate, labels

SELECTORS = [
    Majority(),
    VerifierWeighted(),
    PerplexityConsistency(),
    ReasoningPruning(),
    BestOfN(),
    CrossChecked(),
    MinimumRisk(),
]
answers = st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=12)


def test_majority_takes_the_most_frequent_answer() -> None:
    votes = [candidate(i, a) for i, a in enumerate([7, 5, 5, None, 7, 5])]
    selection = Majority().select(votes, labels(votes))
    assert votes[selection.candidate or 0].answer == 5
    assert selection.share == 3 / 6


@pytest.mark.parametrize("selector", SELECTORS)
def test_no_candidate_is_no_answer(selector: Selector) -> None:
    assert selector.select([], []).candidate is None


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


@pytest.mark.parametrize("selector", SELECTORS)
@given(answers)
def test_the_order_of_candidates_matters_only_in_ties(
    selector: Selector, given_answers: list[int | None]
) -> None:
    votes = [candidate(i, a) for i, a in enumerate(given_answers)]
    forward = selector.select(votes, labels(votes))
    backward_votes = votes[::-1]
    backward = selector.select(backward_votes, labels(backward_votes))
    best = max(forward.weights, default=0.0)
    is_vote = isinstance(selector, WeightedVote)  # of equal ratings the first sample is the best
    if is_vote and sum(weight == best for weight in forward.weights) == 1 and best > 0:
        assert forward.candidate is not None and backward.candidate is not None
        assert votes[forward.candidate].answer == backward_votes[backward.candidate].answer


@pytest.mark.parametrize("selector", SELECTORS)
@given(answers)
def test_doubling_every_candidate_changes_no_winner(
    selector: Selector, given_answers: list[int | None]
) -> None:
    once = [candidate(i, a) for i, a in enumerate(given_answers)]
    twice = [candidate(i, a) for i, a in enumerate(given_answers * 2)]
    assert selector.select(once, labels(once)).label == selector.select(twice, labels(twice)).label


@pytest.mark.parametrize("selector", SELECTORS)
@given(answers)
def test_the_answer_is_always_one_that_a_candidate_gave(
    selector: Selector, given_answers: list[int | None]
) -> None:
    votes = [candidate(i, a) for i, a in enumerate(given_answers)]
    selection = selector.select(votes, labels(votes))
    gave_none = all(answer is None for answer in given_answers)
    assert (selection.candidate is None) == gave_none
    if selection.candidate is not None:
        assert votes[selection.candidate].answer is not None
        assert 0 < selection.share <= 1


@pytest.mark.parametrize(
    ("weights", "margin"),
    [((3.0, 1.0), 0.5), ((1.0, 4.0, 3.0), 0.125), ((2.0,), 1.0), ((2.0, 2.0), 0.0), ((), 0.0)],
)
def test_the_margin_is_how_far_the_first_answer_is_ahead(
    weights: tuple[float, ...], margin: float
) -> None:
    assert Selection(None, None, weights).margin == pytest.approx(margin)
