"""Which verdicts are the same, and which are right."""

from __future__ import annotations

import pytest

from neurosym.answers.verdicts import VerdictComparison
from neurosym.runtime.domain import Comparison
from neurosym.values import Value

COMPARISON = VerdictComparison()
LETTERED = ("A) True", "B) False", "C) Uncertain")
BARE = ("Yes", "No")
SEATS = ("A) Ann sits first", "B) Bob sits first")


async def test_equal_verdicts_are_grouped_in_the_order_first_seen() -> None:
    assert isinstance(COMPARISON, VerdictComparison)
    comparison: Comparison = COMPARISON
    values: list[Value] = ["True", None, "Uncertain", " true ", "Unknown", "False", "yes", None]
    assert await comparison.group(values) == (0, -1, 1, 0, 1, 2, 0, -1)
    assert await comparison.group([]) == ()
    assert await comparison.group(["A", "a", "B"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("answer", "gold", "choices", "is_right"),
    [
        ("True", "True", (), True),
        ("True", "true", (), True),
        ("True", True, (), True),
        ("False", False, (), True),
        ("False", "no", (), True),
        ("Uncertain", "Unknown", (), True),
        ("Uncertain", "undetermined", (), True),
        ("True", "False", (), False),
        ("Uncertain", "False", (), False),
        (None, "True", (), False),
        ("True", None, (), False),
        (None, None, (), False),
        # The letter of an option, or its text.
        ("True", "A", LETTERED, True),
        ("Uncertain", "C", LETTERED, True),
        ("False", "A", LETTERED, False),
        ("B", "False", LETTERED, True),
        ("A", "B", LETTERED, False),
        ("True", "A", BARE, True),
        ("False", "B", BARE, True),
        ("True", "B", BARE, False),
        ("A", "Ann sits first", SEATS, True),
        ("B", "b", SEATS, True),
        ("A", "Bob sits first", SEATS, False),
        ("A", "True", SEATS, False),
    ],
)
async def test_which_answers_are_right(
    answer: Value, gold: Value, choices: tuple[str, ...], is_right: bool
) -> None:
    assert await COMPARISON.matches(answer, gold, choices) is is_right
    assert await COMPARISON.matches(gold, answer, choices) is is_right
