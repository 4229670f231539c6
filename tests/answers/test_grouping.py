"""Sorting answers into classes of equal ones; all here is decided without a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.answers import Equivalence
from neurosym.backends.base import Limits
from neurosym.backends.pool import Call
from neurosym.candidate import Outcome
from neurosym.status import Status
from neurosym.values import Value
from tests.answers.values import values


class _NeverAsked:
    async def run(self, job: Call, limits: Limits) -> Outcome:
        raise AssertionError(f"arithmetic decides this: {job}")


class _ShowsNothing:
    """A worker that times out on everything."""

    async def run(self, job: Call, limits: Limits) -> Outcome:
        return Outcome(Status.TIMEOUT)


def group(*answers: Value) -> tuple[int, ...]:
    return asyncio.run(Equivalence(_NeverAsked()).group(answers))


@pytest.mark.parametrize(
    ("answers", "labels"),
    [
        ([], ()),
        ([None], (-1,)),
        ([12, 13, "12", 12.0, None, "13"], (0, 1, 0, 0, -1, 1)),
        ([None, float("nan"), "", 5], (-1, -1, -1, 0)),
        # a class of bare numbers takes the first unit that joins it
        ([12, "12 km", "12 miles", 12], (0, 0, 1, 0)),
        (["12 miles", "12 km", 12], (0, 1, 0)),
        # through the percent sign, 45 does not become the same as 0.45
        ([45, "45%", 0.45], (0, 0, 1)),
        (["45%", 45, 0.45], (0, 0, 0)),
        ([True, 1, "yes", "1"], (0, 1, 0, 1)),
        (["B", "B) 12", "C"], (0, 0, 1)),
        ([(1, 2), "(2, 1)", "{2, 1}", "[1, 2]"], (0, 1, 0, 0)),
        # near values don't chain: each is compared with the first of its class
        ([1.0000, 1.0000008, 1.0000016], (0, 0, 1)),
        # of two classes that are near enough, a number joins the nearer
        ([1.5, 1.5000020, 1.5000013], (0, 1, 1)),
        # integers are exact
        ([10**9, 10**9 + 1, 10**9 + 0.0], (0, 1, 0)),
        ([float("inf"), "inf", float("-inf"), 10**400], (0, 0, 1, 2)),
    ],
)
def test_answers_fall_into_classes(answers: list[Value], labels: tuple[int, ...]) -> None:
    assert group(*answers) == labels


@given(st.lists(values, max_size=8))
def test_labels_count_up_from_zero_and_no_answer_gets_minus_one(answers: list[Value]) -> None:
    equivalence = Equivalence(_ShowsNothing())
    labels = asyncio.run(equivalence.group(answers))
    assert len(labels) == len(answers)
    fresh = [label for label in dict.fromkeys(labels) if label >= 0]
    assert fresh == list(range(len(fresh)))
    for answer, label in zip(answers, labels, strict=True):
        missing = asyncio.run(equivalence.group([answer])) == (-1,)
        assert (label == -1) is missing


@given(
    st.lists(
        st.sampled_from([1, 2, 1.0, "2", "1/2", 0.5, Fraction(1, 2), "3,000", 3000]), max_size=9
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_plain_numbers_changes_only_the_names_of_the_classes(
    answers: list[Value], random: object
) -> None:
    shuffled = list(enumerate(answers))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _partition(range(len(answers)), group(*answers)) == _partition(
        [index for index, _ in shuffled], group(*(answer for _, answer in shuffled))
    )


def _partition(items: Sequence[int], labels: tuple[int, ...]) -> set[frozenset[int]]:
    return {
        frozenset(item for item, other in zip(items, labels, strict=True) if other == label)
        for label in labels
    }


@pytest.mark.parametrize(
    ("answer", "gold", "right"),
    [
        (12, 12, True),
        ("$12.00", 12, True),
        (12.0004, 12, True),  # PAL's rule: less than 1e-3 off
        (12.002, 12, False),
        (13, 12, False),
        (1_000_001, 1_000_000, False),
        (2.0004, "2.0009", True),
        (0.0004, 0.0009, False),  # of a small gold, 1e-3 may be all there is
        (0.3333333, "1/3", True),
        (1e-4, 0, True),
        (None, 12, False),
        (None, None, False),
        (float("nan"), float("nan"), False),
        (float("inf"), 12, False),
        (10**400, 12.5, False),
        (True, 1, False),
        ("12 km", "12 miles", False),
        ("yes", True, True),
    ],
)
def test_scoring_an_answer(answer: Value, gold: Value, right: bool) -> None:
    assert asyncio.run(Equivalence(_NeverAsked()).matches(answer, gold)) is right


LETTERED = ("A) 12 km", "B) 13.5 km", "C) 20", "D) none of these")
BARE = ("12", "1/3", "0.67", "2/3")


@pytest.mark.parametrize(
    ("answer", "gold", "choices", "right"),
    [
        ("B", "B", LETTERED, True),
        ("(b)", "B", LETTERED, True),
        ("B) 13.5 km", "B", LETTERED, True),
        (13.5, "B", LETTERED, True),
        ("13.5 km", "B", LETTERED, True),
        ("B", 13.5, LETTERED, True),
        ("B", "B) 13.5 km", LETTERED, True),
        ("None of these.", "D", LETTERED, True),
        ("A", "B", LETTERED, False),
        (12, "B", LETTERED, False),
        (None, "B", LETTERED, False),
        (99, "B", LETTERED, False),
        ("E", "B", LETTERED, False),
        # equals no option, but rounds to one as it is printed there
        (13.4712, "B", LETTERED, True),
        (13.2, "B", LETTERED, False),
        (19.8, "C", LETTERED, True),
        # bare options get letters in their order
        ("B", "1/3", BARE, True),
        (1 / 3, "B", BARE, True),
        ("A", "1/3", BARE, False),
        # 0.6666 is the content of D, so that it also rounds to C doesn't matter
        (2 / 3, "D", BARE, True),
        (2 / 3, "C", BARE, False),
        # texts that only begin as if they had letters
        ("D.C.", "A", ("D.C.", "Oslo"), True),
        ("A", "D.C.", ("D.C.", "Oslo"), True),
        ("B", "Oslo", ("D.C.", "Oslo"), True),
        # it would round to two options, so it is neither
        (12.3, "A", ("12", "12.3 or so", "12.34"), False),
    ],
)
def test_scoring_against_options(
    answer: Value, gold: Value, choices: tuple[str, ...], right: bool
) -> None:
    assert asyncio.run(Equivalence(_ShowsNothing()).matches(answer, gold, choices)) is right


@given(values, values, st.lists(st.text(max_size=8), max_size=4))
def test_scoring_never_raises(answer: Value, gold: Value, choices: list[str]) -> None:
    assert asyncio.run(Equivalence(_ShowsNothing()).matches(answer, gold, choices)) in (True, False)
