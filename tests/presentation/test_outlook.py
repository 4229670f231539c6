"""What more samples could reach, in words."""

from __future__ import annotations

import pytest

from neurosym.presentation.outlook import told_outlook
from neurosym.selection.resampling import Judged, Outlook


@pytest.mark.parametrize(
    ("judged", "says"),
    [
        ([Judged(8, 0, 0, 0)] * 20, "samples add little"),
        ([Judged(8, 0, 0, 0), Judged(0, 0, 1, 7)] * 20, "more than 1 sample make it worse"),
        ([Judged(1, 1, 3, 3)] * 20, "not one sample is worth acting on"),
    ],
)
def test_it_says_when_more_are_worse_and_when_they_only_add_little(
    judged: list[Judged], says: str
) -> None:
    told = told_outlook("math", Outlook.of(judged))
    assert told.startswith("math: the checks accept ")
    assert says in told
