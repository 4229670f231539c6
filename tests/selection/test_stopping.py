"""When to stop sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.selection.stopping import is_decided, lead_probability

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
