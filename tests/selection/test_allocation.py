"""Where the next sample of many problems goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.selection.allocation import allocation_index


def test_problems_without_samples_come_first_and_the_unsure_before_the_sure() -> None:
    totals = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 2.0], [3.0, 1.0]])
    index = allocation_index(totals, np.array([0, 4, 4, 4]), 1.0)
    assert np.argsort(-index).tolist() == [0, 2, 3, 1]


def test_the_index_is_that_of_the_paper() -> None:
    index = allocation_index(np.array([[5.0, 1.0, 2.0]]), np.array([9]), 4.0)
    assert index == pytest.approx([2 / 3 - 3 / 9])


def test_of_equal_leads_the_one_with_fewer_samples_comes_first() -> None:
    index = allocation_index(np.array([[1.0], [4.0]]), np.array([2, 8]), 1.0)
    assert index[0] > index[1]


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=1, max_size=6))
def test_the_order_of_answers_plays_no_role(rows: list[list[float]]) -> None:
    totals = np.array(rows)
    drawn = np.full(len(rows), 3)
    turned = allocation_index(totals[:, ::-1], drawn, 1.0)
    assert allocation_index(totals, drawn, 1.0).tolist() == turned.tolist()


def test_a_budget_goes_further_where_it_is_allocated() -> None:
    """Half of the problems are easy, and half nearly even: these need the samples."""
    random = np.random.default_rng(0)
    ease = np.where(np.arange(200) % 2 == 0, 0.95, 0.62)
    votes = (random.random((200, 2000)) > ease[:, None]).astype(int)

    def accuracy(drawn: np.ndarray[tuple[int], np.dtype[np.intp]]) -> float:
        return float(np.mean([v[:n].mean() < 0.5 for v, n in zip(votes, drawn, strict=True)]))

    totals, drawn = np.zeros((200, 2)), np.zeros(200, dtype=np.intp)
    for _ in range(200 * 9):
        row = int(allocation_index(totals, drawn, 4.0).argmax())
        totals[row, votes[row, drawn[row]]] += 1
        drawn[row] += 1
    assert drawn[1::2].mean() > 2 * drawn[::2].mean()
    assert accuracy(drawn) > accuracy(np.full(200, 9)) + 0.03
