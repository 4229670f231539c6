"""What further samples are worth, in words."""

from __future__ import annotations

from dataclasses import replace

from neurosym.presentation.plan import told_plan
from neurosym.selection.planning import Plan

PLAN = Plan(
    (2, 4),
    {"": (0.5, 0.51), "0 agree, not sound": (0.1, 0.2), "1 agree, sound": (0.5, 0.7)},
    {"": ((0.5, 3.5),), "0 agree, not sound": ((0.6, 4.0),), "1 agree, sound": ((0.5, 2.5),)},
)


def test_it_says_of_each_sign_what_comes_next_and_what_that_brings() -> None:
    assert told_plan("math", PLAN, 0.01).splitlines() == [
        "math: what 2 samples are worth, at 0.01 for each further one",
        "  1 agree, sound      4 samples                           right on 70% instead of 50%",
        "  0 agree, not sound  1 round of refinement, 4.0 samples  right on 60% instead of 10%",
        "  anything else       2 samples                           right on 50%",
    ]


def test_a_plan_without_refinements_says_so() -> None:
    told = told_plan("math", replace(PLAN, refined={}), 0.01)
    assert "0 agree, not sound  4 samples" in told
    assert "It knows of fresh samples only" in told.splitlines()[-1]


def test_without_a_plan_it_says_what_is_missing() -> None:
    assert told_plan("math", None, 0.01) == (
        "math: too few problems of three samples or more to plan by"
    )
