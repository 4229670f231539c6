"""What numbers are said of, and which way limits go, told from the wording."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.translators.attribution import said_of
from neurosym.translators.cues import bounds_of, may_limit
from neurosym.translators.model_grammar import rest_grammar
from neurosym.translators.templates import find_multiple, relates
from tests.translators.gbnf import Grammar


def owners(text: str, *names: str) -> dict[float, set[str]]:
    found = said_of([text], {name: name for name in names})
    return {float(number): set(of) for number, of in found.items()}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("A boat seats 4 and a canoe seats 2.", ("boats", "canoes"), {4: "boats", 2: "canoes"}),
        # What follows in the same sentence is still about the thing named last.
        ("A boat takes 20 minutes and 3 people.", ("boats", "canoes"), {20: "boats", 3: "boats"}),
        # Two things named before one number share it.
        ("Boats and canoes take 3 people.", ("boats", "canoes"), {}),
        ("A boat seats 4 and a canoe 4.", ("boats", "canoes"), {4: "both"}),
        # What all names have tells nothing apart.
        ("A small line makes 150, a large line makes 500.", ("small_lines", "large_lines"),
         {150: "small_lines", 500: "large_lines"}),
        # Single letters are names where they are capitals.
        ("Truck A takes 3 boxes while truck B takes a 5.", ("truck_A", "truck_B"),
         {3: "truck_A", 5: "truck_B"}),
        # A word of a name that stands for something else.
        ("Trawling nets 3 tons of fish.", ("fish_farming", "trawling"), {3: "trawling"}),
        ("For each acre, trawling costs 10, nets 3 tons of fish.", ("fish_farming", "trawling"),
         {10: "trawling", 3: "trawling"}),
        # Lists are told in their order, or with each thing beside its number.
        ("The profit of boats is 4 and that of canoes 2 respectively.", ("boats", "canoes"),
         {4: "boats", 2: "canoes"}),
        ("They cost 4 and 2 dollars respectively.", ("boats", "canoes"),
         {4: "boats", 2: "canoes"}),
        ("They cost 4, 3 and 2 dollars respectively.", ("boats", "canoes"), {}),
        ("Both sell: 4 dollars for boats and 2 for canoes respectively.", ("boats", "canoes"),
         {4: "boats", 2: "canoes"}),
        ("Boats and canoes seat 4 and 2 people respectively.", ("boats", "canoes"),
         {4: "boats", 2: "canoes"}),
        ("It costs 4 and 2 dollars for boats and canoes, respectively.", ("boats", "canoes"),
         {4: "boats", 2: "canoes"}),
        ("A boat has 4 and 2 seats and oars respectively, and a canoe 3 and 5 respectively.",
         ("boats", "canoes"), {4: "boats", 2: "boats", 3: "canoes", 5: "canoes"}),
        ("Boats and canoes need 3 and 4 hours and 5 and 6 litres respectively.",
         ("boats", "canoes"), {}),
        ("It costs 4 and 2 for boats and the others, respectively.", ("boats", "canoes"), {}),
        # A list that goes on behind the number.
        ("Make at least 40 boats or canoes.", ("boats", "canoes"), {}),
        ("Make 40 boats and sell them.", ("boats", "canoes"), {40: "boats"}),
        # Shares are nobody's.
        ("At least 30% are canoes.", ("boats", "canoes"), {}),
        # What is said before in a sentence of its own is no part of a list.
        ("There must be more boats than canoes, but there must be 10 canoes.", ("boats", "canoes"),
         {10: "canoes"}),
        ("Boats, rafts and canoes take 3.", ("boats", "rafts", "canoes"), {}),
        # A number that is also said of something else.
        ("A boat seats 4 and there are 4 piers.", ("boats", "canoes"), {4: "boats"}),
        ("A boat seats 4. There are 4 piers.", ("x", "y"), {}),
        ("Of the two things, a boat takes 2.", ("boats", "canoes"), {2: "boats"}),
        ("A boat takes 3 hours, a canoe takes the same.", ("boats", "canoes"), {}),
    ],
)  # fmt: skip
def test_a_number_is_said_of_the_thing_that_its_clause_names(
    text: str, names: tuple[str, ...], expected: dict[int, str]
) -> None:
    wanted = {
        float(number): set(names) if name == "both" else {name} for number, name in expected.items()
    }
    assert owners(text, *names) == wanted


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("At least 40 boats and at most 20 canoes.", {40}, {20}),
        ("No less than 1,200 and no more than 1,500.", {1200}, {1500}),
        ("40 trips or more, and 20 trips or fewer.", {40}, {20}),
        ("There must be more than 40 and fewer than 50.", {40}, {50}),
        ("A minimum of 40, a maximum of $50.", {40}, {50}),
        ("It cannot exceed 40.", set(), {40}),
        ("There are 40 boats.", set(), set()),
        ("At least 8 boats and 5 canoes.", {8, 5}, set()),
        ("At most 80 hours of work and 5 times the boats.", set(), {80}),
        ("At least 8 boats, and 20% of them canoes.", {8}, set()),
        ("At least 2 times as many boats.", set(), set()),
        ("At least 1/3 of the boats.", set(), set()),
        ("They cannot make more than 40.", set(), {40}),
        ("It cannot be less than 5, nor must it exceed 9.", {5}, {9}),
        ("It doesn't exceed 40.", set(), {40}),
        ("They cannot rest, but must make more than 40.", {40}, set()),
        ("At least 10 must be made and 3 hours are needed.", {10}, set()),
        ("At least 40 boats and at most 40 canoes.", set(), set()),
        # Said elsewhere without such words, it may be anything there.
        ("At least 40 boats. A boat costs 40.", set(), set()),
    ],
)
def test_limits_in_so_many_words(text: str, lower: set[int], upper: set[int]) -> None:
    found = bounds_of(text)
    assert {number for number, is_upper in found.items() if not is_upper} == lower
    assert {number for number, is_upper in found.items() if is_upper} == upper


@pytest.mark.parametrize(
    ("sentence", "may"),
    [
        ("How many should be made to reduce the cost?", False),
        ("Find the minimum cost that must be paid.", False),
        ("The company wants to maximize what it should earn.", False),
        ("How many should be made if at most 40 can be sold?", True),
        ("There must be more boats than canoes.", True),
        ("A boat costs $40.", True),
        ("A park lends boats.", False),
    ],
)
def test_what_only_asks_states_no_limit(sentence: str, may: bool) -> None:
    assert may_limit(sentence) is may


TOLD = [
    "Snowmobiles carry 150 packages in 2 hours while sleds carry 125 packages in 3 hours.",
    "At least 1000 packages must be carried.",
    "At least 30% of all trips must be by sled.",
    "There can be no more than twice as many sled trips as snowmobile trips.",
    "There must be more sleds than snowmobiles.",
    "How few trips should be made?",
]


CLAIMS = {
    2: "150 * snowmobiles + 125 * sleds >= 1000",
    3: "sleds >= 0.3 * (snowmobiles + sleds)",
    4: "sleds <= 2 * snowmobiles",
    5: "sleds >= snowmobiles + 1",
}


def model(claims: dict[int, str]) -> str:
    lines = []
    for number, sentence in enumerate(TOLD, start=1):
        lines.append(f"{'#' if number > 1 else ''} {number}: {sentence}")
        lines += claims[number].split("; ") if claims.get(number) else []
    return "\n".join([*lines, "minimize sleds + snowmobiles", ""])


@pytest.mark.parametrize(
    ("place", "claim", "holds"),
    [
        (2, "150 * snowmobiles >= 1000", False),  # sleds carry packages, too
        (2, "2 * snowmobiles + 3 * sleds >= 1000", False),  # hours are no packages
        (2, "125 * snowmobiles + 150 * sleds >= 1000", False),
        (2, "150 * snowmobiles + 125 * sleds <= 1000", False),
        (2, "150 * snowmobiles + 125 * sleds = 1000", False),
        (2, "1000 * snowmobiles >= 1000", False),  # a limit multiplies nothing
        (2, "", False),  # said in so many words
        (2, "sleds >= 1000; sleds >= snowmobiles", False),  # nothing is compared
        (2, "sleds >= 150", False),  # the number of another sentence
        (1, "sleds >= 125", False),  # what a sled carries limits nothing
        (3, "snowmobiles >= 0.3 * (snowmobiles + sleds)", False),
        (3, "sleds <= 0.3 * (snowmobiles + sleds)", False),
        (3, "sleds >= 0.3 * snowmobiles", False),
        (3, "sleds >= 30 * snowmobiles", False),
        (4, "", False),
        (4, "sleds >= 2 * snowmobiles", False),
        (4, "snowmobiles <= 2 * sleds", False),
        (5, "sleds - snowmobiles >= 0", True),
        (5, "", False),  # which of them is more has to be said
        (6, "sleds >= 1000", False),
    ],
)
def test_the_grammar_of_known_variables_keeps_to_the_wording(
    place: int, claim: str, holds: bool
) -> None:
    grammar = Grammar(rest_grammar(TOLD, {"snowmobiles": (), "sleds": ()}))
    assert grammar.accepts(model(CLAIMS))
    assert grammar.accepts(model({**CLAIMS, place: claim})) is holds


def test_a_limit_of_one_thing_is_a_limit_of_that() -> None:
    told = ["There must be at least 3 boats and at most 20 canoes.", "There are 480 minutes."]
    grammar = Grammar(rest_grammar(told, {"boats": (), "canoes": ()}))

    def accepts(*claims: str) -> bool:
        lines = [f" 1: {told[0]}", *claims[:-1], f"# 2: {told[1]}", claims[-1], "minimize boats"]
        return grammar.accepts("\n".join([*lines, ""]))

    assert accepts("boats >= 3", "canoes <= 20", "boats + canoes <= 480")
    assert not accepts("boats >= 3", "canoes <= 20", "boats + canoes <= 20")
    assert not accepts("canoes >= 3", "canoes <= 20", "boats + canoes <= 480")
    assert not accepts("boats >= 3", "boats + canoes <= 480")
    assert not accepts("boats >= 3", "canoes <= 20", "boats + canoes >= 480")  # all there is


def test_what_there_is_of_something_limits_what_takes_it() -> None:
    told = [
        "A boat takes 20 minutes and 3 litres while a canoe takes 40 minutes and 1 litre.",
        "There are 480 minutes available.",
    ]
    grammar = Grammar(rest_grammar(told, {"boats": (), "canoes": ()}))

    def accepts(*claims: str) -> bool:
        lines = [f" 1: {told[0]}", f"# 2: {told[1]}", *claims, "minimize boats", ""]
        return grammar.accepts("\n".join(lines))

    assert accepts("20 * boats + 40 * canoes <= 480")
    assert not accepts("3 * boats + 1 * canoes <= 480")
    assert not accepts("20 * boats <= 480")
    assert not accepts()


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("There must be more sleds than snowmobiles.", True),
        ("The sleds cannot exceed the snowmobiles.", True),
        ("At least 40% are sleds.", True),
        ("If sleds are used, a guide is needed.", True),
        ("If a sled carries 4, how many are needed?", False),
        ("A sled carries 4.", False),
        ("At least 40 sleds are needed.", False),
    ],
)
def test_what_compares_or_depends_is_told_from_what_limits(sentence: str, does: bool) -> None:
    assert relates(sentence) is does


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Use at least ten times more buses than gondolas.", ("buses", 10, "gondolas", False)),
        ("At most twice as many buses as gondolas.", ("buses", 2, "gondolas", True)),
        ("They want twice as many gondolas than buses.", ("gondolas", 2, "buses", None)),
        ("Three times the number of buses of gondolas.", ("buses", 3, "gondolas", None)),
        ("The buses must be twice the number of gondolas.", ("buses", 2, "gondolas", None)),
        (
            "The number of buses must be at least three times as much as the number of gondolas.",
            ("buses", 3, "gondolas", False),
        ),
        (
            "Use at least twice as many crews of buses as crews of gondolas.",
            ("buses", 2, "gondolas", False),
        ),
        ("At most half as many buses as gondolas.", ("buses", Fraction(1, 2), "gondolas", True)),
        (
            "The buses must be at least half the number of gondolas.",
            ("buses", Fraction(1, 2), "gondolas", False),
        ),
        ("At least half of the buses must be as clean as gondolas.", None),
        ("Twice as many buses as buses.", None),
        ("There are two buses.", None),
        ("It takes twice as much time to fill buses as gondolas.", None),
    ],
)
def test_multiples_are_told_from_their_wording(
    sentence: str, expected: tuple[str, Fraction | int, str, bool | None] | None
) -> None:
    found = find_multiple(sentence, {"buses": "buses", "gondolas": "gondolas"})
    told = found and (found.first, found.factor, found.second, found.is_upper)
    assert told == expected
