"""Lists and premises in the words of a sentence."""

from __future__ import annotations

import pytest

from neurosym.backends.telling import join_words, name_premises


def test_lists_end_with_and() -> None:
    assert [join_words(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ([0], "premise 1"),
        ([0, 3, 4], "premises 1, 4 and 5"),
        (range(40), "premises 1 to 40"),
        ([*range(20), 30, 31], "premises 1 to 20, 31 and 32"),
        (range(0, 60, 2), "premises 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and others "
                          "(30 in all)"),
    ],
)  # fmt: skip
def test_many_premises_are_told_by_runs(places: list[int], told: str) -> None:
    assert name_premises(list(places)) == told
