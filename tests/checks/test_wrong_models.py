"""Wrong models that a plain sentence gives away: the right check fails, and on right ones none."""

from __future__ import annotations

import pytest

from neurosym.candidate import CheckState
from neurosym.checks.model_text import text_checks
from neurosym.formal.optimization.language.reader import read_model
from neurosym.problem import Kind, Problem

DECLARED = "var boats integer >= 0\nvar canoes integer >= 0\nvar rafts integer >= 0\n"


def failed(sentence: str, claim: str, text: str = "") -> dict[str, str]:
    """The checks that fail on a claim that a sentence makes, and why."""
    said = sentence.replace('"', "")
    model = f'{DECLARED}maximize boats + canoes + rafts\nc @1: {claim} "{said}"'
    whole = text or f"{said} Maximize the trips."
    checks = text_checks(Problem("w", whole, Kind.OPTIMIZATION), read_model(model))
    return {item.name: item.detail for item in checks if item.state is CheckState.FAILED}


SHARE = "At most 30% of the trips can be by canoe."
THIRD = "At least a third of the trips must be by canoe."
HALF = "At least 50% of the trips must be by canoe."
ALL = "(boats + canoes + rafts)"


@pytest.mark.parametrize(
    ("sentence", "claim", "check"),
    [
        # A limit of another thing.
        ("At most 25 trips can be by canoe.", "canoes <= 25", ""),
        ("At most 25 trips can be by canoe.", "boats <= 25", "attribution"),
        ("At most 25 trips can be by canoe or boat.", "boats <= 25", ""),
        ("Make at least 40 boats or canoes.", "boats + canoes >= 40", ""),
        ("Make at least 40 boats or canoes.", "canoes >= 40", ""),
        # A share for another thing, or the other way round.
        (SHARE, f"canoes <= 0.3 * {ALL}", ""),
        (SHARE, "0.7 * canoes <= 0.3 * boats + 0.3 * rafts", ""),
        (SHARE, f"boats <= 0.3 * {ALL}", "shares"),
        (SHARE, f"canoes >= 0.3 * {ALL}", "shares"),
        (SHARE, "canoes <= 0.3 * (boats + canoes)", ""),
        (HALF, f"canoes >= 0.5 * {ALL}", ""),
        (HALF, f"boats >= 0.5 * {ALL}", "shares"),
        (HALF, f"canoes <= 0.5 * {ALL}", "shares"),
        (HALF, "boats <= 0.5 * (boats + canoes)", ""),  # of two, it says the same
        ("No more than 30% of the trips can be by canoe.", f"canoes <= 0.3 * {ALL}", ""),
        ("The share of canoes cannot be more than 30% of the total.", f"canoes <= 0.3 * {ALL}", ""),
        ("At least 30% of the trips must be by canoe or raft.", f"canoes >= 0.3 * {ALL}", ""),
        ("At least 30% of the trips must not be by canoe.", f"boats + rafts >= 0.3 * {ALL}", ""),
        ("At least 30% of the trips must not be by canoe.", f"boats >= 0.3 * {ALL}", ""),
        ("The share of canoes cannot exceed 30% of the total.", f"canoes >= 0.3 * {ALL}", "shares"),
        # A share in words.
        (THIRD, f"canoes >= 1/3 * {ALL}", ""),
        (THIRD, "2 * canoes >= boats + rafts", ""),
        (THIRD, f"boats >= 1/3 * {ALL}", "shares"),
        (THIRD, f"canoes <= 1/3 * {ALL}", "shares"),
        (THIRD, "canoes >= 1/3 * boats", "shares"),
        ("At least half of them must be canoes.", f"canoes >= 0.5 * {ALL}", ""),
        ("At least half of them must be canoes.", f"rafts >= 0.5 * {ALL}", "shares"),
        ("No more than two thirds of all trips can be by raft.", f"rafts <= 2/3 * {ALL}", ""),
        ("No more than two thirds of all trips can be by raft.", f"rafts >= 2/3 * {ALL}", "shares"),
        ("At most 1/4 of the trips can be by raft.", f"rafts >= 1/4 * {ALL}", "shares"),
        ("Half of the trips are by raft.", f"rafts <= 0.5 * {ALL}", ""),
        ("At least half of the canoes must be rented as rafts.", "rafts >= 0.5 * canoes", ""),
        ("The canoes must be at least a third of the count for rafts.", "canoes >= 1/3 * rafts",
         ""),
        ("At most 30% of the trips be by canoe, and at least 20% of the trips be by raft.",
         f"rafts >= 0.2 * {ALL}", ""),
        ("At most 30% of the trips be by canoe, and at least 20% of the trips be by raft.",
         f"rafts <= 0.2 * {ALL}", "shares"),
        # A multiple turned round.
        ("There must be at least twice as many boats as canoes.", "boats >= 2 * canoes", ""),
        ("There must be at least twice as many boats as canoes.", "canoes <= 0.5 * boats", ""),
        ("There must be at least twice as many boats as canoes.", "canoes >= 2 * boats",
         "comparisons"),
        ("There must be at least twice as many boats as canoes.", "boats <= 2 * canoes",
         "comparisons"),
        ("There are three times as many boats as canoes.", "boats = 3 * canoes", ""),
        ("There are three times as many boats as canoes.", "boats >= 3 * canoes", ""),
        ("There are three times as many boats as canoes.", "3 * boats = canoes", "comparisons"),
        ("At least twice as many boats as canoes cannot be had.", "boats <= 2 * canoes", ""),
        ("There must be at least twice as many boats as canoes.", "boats + rafts >= 2 * canoes",
         ""),
        ("There must be at most half as many boats as canoes.", "boats <= 0.5 * canoes", ""),
        ("There must be at most half as many boats as canoes.", "2 * boats <= canoes", ""),
        ("There must be at most half as many boats as canoes.", "canoes <= 0.5 * boats",
         "comparisons"),
        # Two things that are compared, the other way round.
        ("There must be more boats than canoes.", "boats >= canoes", ""),
        ("There must be more boats than canoes.", "boats >= canoes + 1", ""),
        ("There must be more boats than canoes.", "canoes - boats <= -1", ""),
        ("There must be more boats than canoes.", "boats <= canoes", "comparisons"),
        ("There must be more boats than canoes.", "boats + 1 <= canoes", "comparisons"),
        ("There must be more boats than canoes.", "boats >= canoes + rafts", ""),
        ("There must be fewer boats than canoes.", "boats <= canoes", ""),
        ("There must be fewer boats than canoes.", "2 * boats >= 2 * canoes", "comparisons"),
        ("The number of boats must exceed the number of canoes.", "boats >= canoes", ""),
        ("The number of boats must exceed the number of canoes.", "boats <= canoes",
         "comparisons"),
        ("The number of boats must not exceed the number of canoes.", "boats <= canoes", ""),
        ("The number of boats must not exceed the number of canoes.", "boats >= canoes",
         "comparisons"),
        ("The number of boats need not exceed the number of canoes.", "boats >= canoes", ""),
        ("Boats must be at least double the canoes.", "boats >= 2 * canoes", ""),
        ("Boats must be at least double the canoes.", "canoes >= 2 * boats", "comparisons"),
        ("The ratio of boats to canoes must be at least 2 to 1.", "boats >= 2 * canoes", ""),
        ("The ratio of boats to canoes must be at least 2 to 1.", "canoes >= 2 * boats",
         "comparisons"),
        ("There must be at least 5 more boats than canoes.", "boats >= canoes + 5", ""),
        ("There must be at least 5 more boats than canoes.", "canoes <= boats - 5", ""),
        ("There must be at least 5 more boats than canoes.", "canoes >= boats + 5", "comparisons"),
        ("There must be at least 5 more boats than canoes.", "canoes <= boats + 5", "comparisons"),
        ("There must be at least 5 more boats than canoes.", "boats = canoes + 5", ""),
        ("The difference between boats and canoes must not exceed 4.", "boats - canoes <= 4", ""),
        ("The difference between boats and canoes must not exceed 4.", "canoes - boats <= 4", ""),
        ("The difference between boats and canoes must not exceed 4.", "boats - canoes >= 4",
         "comparisons"),
        # Two limits of one sentence turned round.
        ("At least 60 boats are needed and no more than 40 canoes.", "boats >= 60", ""),
        ("At least 60 boats are needed and no more than 40 canoes.", "boats <= 60",
         "inequality directions"),
        ("At least 60 boats are needed and no more than 40 canoes.", "canoes >= 40",
         "inequality directions"),
        # What is said of another number of the sentence says nothing of this one.
        ("There are 300 seats and at least 60 boats must be used.", "4 * boats + 2 * rafts <= 300",
         ""),
        ("300 seats are available and at least 60 boats must be used.",
         "4 * boats + 2 * rafts >= 300", "inequality directions"),
        # Numbers in the wrong order.
        ("Boats and canoes take 3 and 5 people respectively, 90 in all.",
         "3 * boats + 5 * canoes <= 90", ""),
        ("Boats and canoes take 3 and 5 people respectively, 90 in all.",
         "5 * boats + 3 * canoes <= 90", "attribution"),
    ],
)  # fmt: skip
def test_what_a_plain_sentence_says_otherwise_fails(sentence: str, claim: str, check: str) -> None:
    found = failed(sentence, claim)
    found.pop("numbers", None)  # a claim of its own has not all the numbers of the text
    found.pop("constants", None)
    assert [*found] == ([check] if check else []), found


@pytest.mark.parametrize(
    ("text", "claim", "check"),
    [
        ("A boat costs $12 and a raft costs $9. Rent at most 40 items.",
         "12 * boats + 9 * rafts <= 40", "units"),
        ("A boat costs $12 and a raft costs $9. Rent at most 40 boats.",
         "12 * boats + 9 * rafts <= 40", "units"),
        ("A boat costs $12 and a raft costs $9. Rent at most 40 items.",
         "boats + rafts <= 40", ""),
        ("A boat costs $12 and a raft costs $9. There are 40 to spend.",
         "12 * boats + 9 * rafts <= 40", ""),
        ("A boat costs $12 and a raft costs $9. Spend at most $40 on 40 boats.",
         "12 * boats + 9 * rafts <= 40", ""),
        # Hours that stand there as hours are not also there as minutes.
        ("A boat takes 3 hours and a raft 5 hours.", "3 * boats + 5 * rafts <= 180", "constants"),
        ("A boat takes 20 minutes and a raft 50 minutes. There are 3 hours.",
         "20 * boats + 50 * rafts <= 180", ""),
    ],
)  # fmt: skip
def test_what_is_measured_is_compared_with_what_is_measured(
    text: str, claim: str, check: str
) -> None:
    found = failed("", claim, f"{text} Maximize the trips.")
    assert found.keys() & {"units", "constants"} == ({check} if check else set())


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        ("Each boat needs some paint.", "some paint"),
        ("Each boat requires a certain amount of steel.", "a certain amount of steel"),
        ("Boats earn $5. The paint in the shed is limited.", "The paint in the shed is limited"),
        ("The owner has an unknown budget.", "an unknown budget"),
        ("Each boat takes several hours to build.", "several hours"),
        # Numbers of the same thing in another sentence, by name or by their unit.
        ("Each boat needs some paint. There are 40 tins of paint, 2 for a boat.", ""),
        ("The owner has a limited budget. He cannot spend more than $500.", ""),
        ("Each boat takes a certain amount of time. A raft takes 3 hours, a boat 4.", ""),
        ("Each boat requires certain resources: 4 planks.", ""),
        ("The owner has some 40 boats.", ""),
        ("The number of boats is limited to 12.", ""),
        ("The shed has 3 boats and some of them leak.", ""),
    ],
)
def test_an_amount_without_a_number_is_told(text: str, unsaid: str) -> None:
    found = failed("", "boats >= 0", f"{text} Maximize the trips.")
    assert found.get("given data", "") == (
        f"no number in the text says how much: {unsaid!r}" if unsaid else ""
    )
