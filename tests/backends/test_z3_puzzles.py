"""Puzzles: options with their tests, listed things, ranges, counts and order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.z3.backend import Z3Backend
from neurosym.backends.z3.decide import passes
from neurosym.formal.fol.theory import OptionTest
from neurosym.status import Status
from tests.backends.theories import ENDLESS, decided, read

WEEK = """\
Declarations:
sort Day = {mon, tue, wed}
sort Talk = {art, bees, cars}
on : Talk -> Day
Premises:
distinct(on(art), on(bees), on(cars))
on(art) < on(bees)
Options:
"""
"""Three talks on three days; art before bees."""


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Backend]:
    backend = Z3Backend(workers=1)
    yield backend
    backend.close()


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ("A) must on(art) = mon\nB) must on(art) < on(bees)\nC) must on(cars) = wed", "B"),
        ("A) could on(art) = wed\nB) could on(bees) = mon\nC) could on(cars) = tue", "C"),
        ("A) cannot on(art) = wed\nB) cannot on(art) = mon\nC) cannot on(cars) = mon", "A"),
        ("A) need not on(art) < on(bees)\nB) need not on(cars) = wed\nC) need not mon < tue", "B"),
        ("A) must on(art) = mon\nB) could on(art) = wed\nC) cannot on(bees) = mon", "C"),
    ],
)
def test_the_one_option_that_passes_its_test_is_the_answer(
    z3: Z3Backend, options: str, answer: str
) -> None:
    outcome = decided(z3, WEEK + options)
    assert (outcome.status, outcome.answer) == (Status.SOLVED, answer)
    assert outcome.evidence["reason"] == f"only option {answer} passes its test"


def test_what_is_said_of_each_option(z3: Z3Backend) -> None:
    outcome = decided(z3, WEEK + "A) on(art) < on(bees)\nB) on(art) = mon\nC) on(art) = wed")
    assert outcome.evidence["options"].splitlines() == [
        "A: must be true", "B: could be true, need not", "C: cannot be true"
    ]  # fmt: skip


def test_several_options_that_pass_are_no_answer(z3: Z3Backend) -> None:
    outcome = decided(
        z3, WEEK + "A) could on(art) = mon\nB) could on(art) = tue\nC) must mon = tue"
    )
    assert (outcome.status, outcome.answer) == (Status.UNKNOWN, None)
    assert outcome.evidence["reason"] == "options A and B all pass their tests"


def test_no_option_that_passes_is_no_answer(z3: Z3Backend) -> None:
    outcome = decided(z3, WEEK + "A) must on(art) = mon\nB) could on(art) = wed")
    assert (outcome.status, outcome.answer) == (Status.UNKNOWN, None)
    assert outcome.evidence["reason"] == "no option passes its test"


def test_options_under_premises_that_contradict_each_other(z3: Z3Backend) -> None:
    text = WEEK.replace("Options:", "on(bees) = mon\nOptions:") + "A) must on(art) = mon"
    outcome = decided(z3, text)
    assert (outcome.status, outcome.answer) == (Status.CONTRADICTION, None)
    assert outcome.evidence["used"] == "2 3"


def test_an_option_that_is_not_decided_in_time_is_no_answer(z3: Z3Backend) -> None:
    text = f"Premises:\n{ENDLESS}Options:\nA) must ∃x R(a, x)\nB) must R(a, b)\n"
    outcome = decided(z3, text, seconds=3)
    assert (outcome.status, outcome.answer) == (Status.TIMEOUT, None)
    assert outcome.evidence["options"].splitlines() == [
        "A: must be true", "B: not decided in time"
    ]  # fmt: skip


@pytest.mark.parametrize("hold", [True, False, None])
@pytest.mark.parametrize("fail", [True, False, None])
def test_a_test_is_passed_failed_or_open(hold: bool | None, fail: bool | None) -> None:
    def opposite(state: bool | None) -> bool | None:
        return None if state is None else not state

    assert passes(OptionTest.COULD, hold, fail) is hold
    assert passes(OptionTest.CANNOT, hold, fail) is opposite(hold)
    assert passes(OptionTest.NEED_NOT, hold, fail) is fail
    assert passes(OptionTest.MUST, hold, fail) is opposite(fail)


# ------------------------------------------------------------------- what is listed


_LISTED = """\
Declarations:
sort Day = {mon, tue, wed, thu}
sort Size = {1, 2, 5}
sort Free
size : Day -> Size
best : Day
busy : Day -> Bool
Premises:
"""


@pytest.mark.parametrize(
    ("premises", "claim", "status"),
    [
        # Members of a list are all there is, are all different, and have their order.
        ("busy(mon)\nbusy(tue)\nbusy(wed)\nbusy(thu)", "∀d:Day busy(d)", Status.PROVED),
        ("busy(mon)\nbusy(tue)\nbusy(wed)", "∀d:Day busy(d)", Status.UNKNOWN),
        ("¬busy(mon)", "mon ≠ tue", Status.PROVED),
        ("¬busy(mon)", "mon < tue ∧ tue < thu ∧ ¬(wed < tue)", Status.PROVED),
        ("best > tue\nbest ≠ thu", "best = wed", Status.PROVED),
        ("∀d:Day (busy(d) → d ≤ tue)\nbusy(best)", "best = wed", Status.REFUTED),
        # Values of a range.
        ("size(mon) > 2", "size(mon) = 5", Status.PROVED),
        ("size(mon) < size(tue)\nsize(tue) < size(wed)", "size(mon) + size(tue) = 3",
         Status.PROVED),
        ("busy(mon)", "size(mon) = 3", Status.REFUTED),
        ("busy(mon)", "∃i:Size ∀d:Day (size(d) ≤ i)", Status.PROVED),
        ("size(mon) = 3", "busy(mon)", Status.CONTRADICTION),
        # Counts.
        ("#{d:Day | busy(d)} = 4", "busy(thu)", Status.PROVED),
        ("#{d:Day | busy(d)} = 1\nbusy(mon)", "busy(thu)", Status.REFUTED),
        ("#{d:Day | busy(d)} ≥ 2", "busy(mon)", Status.UNKNOWN),
        ("#{d:Day | busy(d)} > 4", "busy(mon)", Status.CONTRADICTION),
        ("¬busy(mon)", "#{d:Day, e:Day | d < e} = 6", Status.PROVED),
        ("¬busy(mon)", "#{i:Size | i > 1} = 2", Status.PROVED),
        ("size(mon) = #{d:Day | busy(d)}\nbusy(wed)\nbusy(tue)\n¬busy(mon)", "busy(thu)",
         Status.REFUTED),
        # All different.
        ("distinct(size(mon), size(tue), size(wed))\nsize(mon) = 1\nsize(tue) = 2", "size(wed) = 5",
         Status.PROVED),
        ("distinct(size(mon), size(tue), size(wed), size(thu))", "busy(mon)",
         Status.CONTRADICTION),
        # Things of a sort that lists none.
        ("∀f:Free likes(f, mon)", "∃f:Free likes(f, tue)", Status.UNKNOWN),
    ],
)  # fmt: skip
def test_listed_things_ranges_counts_and_order(
    z3: Z3Backend, premises: str, claim: str, status: Status
) -> None:
    outcome = decided(z3, f"{_LISTED}{premises}\nConclusion:\n{claim}")
    assert outcome.status is status


def test_a_countermodel_calls_listed_things_by_their_names(z3: Z3Backend) -> None:
    outcome = decided(z3, f"{_LISTED}best > wed\nsize(best) = 5\nConclusion:\nbusy(best)")
    shown = outcome.evidence["countermodel"]
    assert "best = thu" in shown
    assert "size(thu) = 5" in shown
    assert "busy(thu)" not in shown


# ------------------------------------------------------------------- worlds that are listed


def test_a_symbol_of_too_many_cases_is_not_called_false(z3: Z3Backend) -> None:
    members = ", ".join(f"a{i}" for i in range(13))
    outcome = decided(
        z3,
        f"Declarations:\nsort D = {{{members}}}\nL : D * D * D -> Bool\nQ : D -> Bool\n"
        "P : Int -> Bool\nPremises:\nL(a1, a1, a1)\nQ(a2)\nP(3)\nConclusion:\nQ(a3)",
    )
    assert outcome.status is Status.UNKNOWN
    *told, rest = outcome.evidence["countermodel"].splitlines()
    assert "Q(a2)" in told[0]
    assert rest == "everything else is false, but of L and P nothing is told here"


@pytest.mark.parametrize(
    ("text", "worlds", "complete", "untold"),
    [
        ("P(a) ∨ Q(a)", 1, False, {"a", "P", "Q"}),
        ("P(a) ∧ ¬P(a)", 0, True, {"a", "P"}),
        ("Declarations:\nsort D = {ann, bob}\nP : D -> Bool\nPremises:\nP(ann)", 2, True, set()),
        (
            "Declarations:\nsort D = {ann, bob}\nP : D -> Bool\nN : Int -> Bool\n"
            "Premises:\nP(ann)\nN(0)",
            2, False, {"N"},
        ),
    ],
)  # fmt: skip
def test_solutions_are_all_there_are_only_if_nothing_is_left_out(
    z3: Z3Backend, text: str, worlds: int, complete: bool, untold: set[str]
) -> None:
    found = asyncio.run(z3.solutions(read(text), Limits(seconds=10), 5))
    assert (len(found.worlds), found.complete, set(found.untold)) == (worlds, complete, untold)


def test_options_that_say_the_same_are_named(z3: Z3Backend) -> None:
    outcome = decided(z3, WEEK + "A) must on(art) < on(bees)\nB) must on(art) < on(bees)\n"
                      "C) must on(cars) = mon")  # fmt: skip
    assert outcome.status is Status.UNKNOWN
    assert (
        outcome.evidence["reason"] == "options A and B all pass their tests; A and B say the same"
    )
