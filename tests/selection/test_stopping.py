"""When to stop sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.selection.stopping import is_decided, is_settled, lead_probability
from neurosym.solution import Selection

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


def test_without_votes_or_with_a_tie_it_is_a_coin() -> None:
    assert lead_probability([]) == 0.5
    assert lead_probability([4, 4]) == pytest.approx(0.5)
    assert lead_probability([4]) == pytest.approx(1 - 0.5**5)


def test_what_was_chosen_must_lead() -> None:
    by_rating = Selection(7, 1, (7.0, 1.0), 1 / 8, (1.0,) * 8)
    assert not is_settled(by_rating, 0.6)
    assert is_settled(Selection(0, 0, (7.0, 1.0), 7 / 8, (1.0,) * 8), 0.95)
    assert not is_settled(Selection(None, None), 0.6)


def test_nothing_is_as_probable_as_one() -> None:
    sure = Selection(0, 0, (500.0,), 1.0, (1.0,) * 500)
    assert not is_settled(sure, 1.0)
    assert not is_settled(sure, 1.0, left=500)
    assert is_settled(sure, 1.0, left=499)
