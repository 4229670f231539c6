"""What more samples could reach, in words."""

from __future__ import annotations

import pytest

from neurosym.presentation.outlook import told_outlook
from neurosym.selection.resampling import Costs, Judged, Outlook


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


def test_it_says_so_at_the_costs_that_are_named() -> None:
    outlook = Outlook.of([Judged(8, 0, 0, 0), Judged(1, 0, 0, 7), Judged(0, 0, 1, 7)] * 15)
    told = told_outlook("math", outlook, Costs(wrong=4, none=0.5))
    worth = "where a right answer is worth 1, a wrong one costs 4 and none 0.5, "
    best = outlook.reach(64).best_number(Costs(wrong=4, none=0.5))
    assert f"{worth}more than {best} sample" in told
    assert best != outlook.reach(64).best_number(Costs())
    assert told_outlook("math", outlook, Costs()) == told_outlook("math", outlook)
