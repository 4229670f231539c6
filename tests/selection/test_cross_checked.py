"""Samples of one route are kept where another comes to the same answer."""

from __future__ import annotations

from neurosym.candidate import Candidate, CheckState
from neurosym.selection.cross_checked import CrossChecked
from neurosym.selection.majority import Majority
from neurosym.solution import Selection
from tests.builders import candidate, labels


def by_routes(*routes: list[int | None]) -> list[Candidate]:
    answers = [(route, answer) for route, given in enumerate(routes) for answer in given]
    return [candidate(i, answer, variant=route) for i, (route, answer) in enumerate(answers)]


def choose(votes: list[Candidate], **options: float) -> Selection:
    return CrossChecked(**options).select(votes, labels(votes))


def test_what_both_routes_say_beats_what_one_says_often() -> None:
    votes = by_routes([1, 1, 1, 2], [2, 3])
    assert Majority().select(votes, labels(votes)).label == 0
    selection = choose(votes)
    assert votes[selection.candidate or 0].answer == 2
    assert selection.weights == (0.0, 2.0, 0.0)
    assert choose(votes, alone=0.9).label == 0


def test_where_no_answer_is_confirmed_all_samples_vote() -> None:
    votes = by_routes([1, 1], [2])
    assert choose(votes).weights == (2.0, 1.0)


def test_samples_without_an_answer_stay_in_the_vote_and_confirm_nothing() -> None:
    votes = by_routes([1, None, None], [None, 1])
    assert choose(votes).share == 2 / 5
    votes = by_routes([1, None], [None, None])
    assert choose(votes).share == 1 / 4


def test_one_route_confirms_nothing_of_its_own() -> None:
    votes = by_routes([1, 1, 2])
    assert choose(votes).weights == (2.0, 1.0)


def test_what_the_checks_said_counts_among_the_confirmed() -> None:
    failed = {"answer kind": CheckState.FAILED}
    votes = [candidate(0, 1, checks=failed), candidate(1, 1, checks=failed, variant=1),
             candidate(2, 2), candidate(3, 2, variant=1)]  # fmt: skip
    assert choose(votes).label == 1


def test_two_wordings_of_a_route_do_not_confirm_each_other_where_there_is_another() -> None:
    votes = [candidate(0, 1, variant=0, route=0), candidate(1, 1, variant=2, route=0),
             candidate(2, 2, variant=0, route=0), candidate(3, 2, variant=1, route=1)]  # fmt: skip
    assert choose(votes).weights == (0.0, 2.0)
    assert choose(votes[:3]).weights == (2.0, 1.0)
