"""What each sentence may claim of known variables, and has to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from neurosym.translators.argument import sentences
from neurosym.translators.model_grammar import rest_grammar
from tests.translators.gbnf import Grammar

BAKERY = (
    "A bakery makes two kinds of loaves, rye loaves and oat loaves. "
    "Each rye loaf takes 30 minutes and earns $4 while each oat loaf takes 20 and earns $3. "
)
FERRIES = (
    "A harbour runs ferries and rafts. A ferry moves 90 units of sand and a raft moves 40 units of "
    "salt. A ferry needs 12 workers while a raft needs 5 workers. "
)
FIELDS = (
    "A farm grows corn and beans. Each acre of corn takes 3 days to weed and earns $40. Each acre "
    "of beans takes 2 days to weed and earns $30. "
)
FUNDS = (
    "An investor allocates funds across two options: X and Y. Each unit of investment in options X "
    "and Y costs $5 and $6 respectively. "
)
MORE, LESS = "Maximize the earnings.", "Minimize the number of trips."


def numbered(told: Sequence[str]) -> list[str]:
    """Sentences as they stand behind the sign that ends the declarations."""
    return [f"{'#' if n > 1 else ''} {n}: {sentence}" for n, sentence in enumerate(told, start=1)]


def holds(text: str, names: str, claims: str) -> bool:
    """Whether the last sentence but one may claim this, where those before it claim nothing."""
    told = sentences(text)
    variables = names.split()
    grammar = Grammar(rest_grammar(told, dict.fromkeys(variables, ())))
    lines = numbered(told)
    objective = f"{'maximize' if text.endswith(MORE) else 'minimize'} {' + '.join(variables)}"
    lines[-1:-1] = claims.split("; ") if claims else []
    return grammar.accepts("\n".join([*lines, objective, ""]))


LOAVES, BOATS, CROPS = "rye_loaves oat_loaves", "ferries rafts", "corn beans"


@pytest.mark.parametrize(
    ("text", "names", "claims", "expected"),
    [
        # A number of kinds is part of nothing.
        (f"{BAKERY}At most 300 minutes can be used. {MORE}", LOAVES,
         "30 * rye_loaves + 20 * oat_loaves <= 300", True),
        (f"{BAKERY}At most 300 minutes can be used. {MORE}", LOAVES,
         "2 * rye_loaves + 2 * oat_loaves <= 300", False),
        # What both names have is counted of both; what one has, of that one, as it is.
        (f"{BAKERY}At most 50 loaves can be sold. {MORE}", LOAVES,
         "rye_loaves + oat_loaves <= 50", True),
        (f"{BAKERY}At most 50 loaves can be sold. {MORE}", LOAVES,
         "30 * rye_loaves + 20 * oat_loaves <= 50", False),
        (f"{BAKERY}At least 10 rye loaves are sold. {MORE}", LOAVES, "rye_loaves >= 10", True),
        (f"{BAKERY}At least 10 rye loaves are sold. {MORE}", LOAVES, "4 * rye_loaves >= 10", False),
        (f"{FERRIES}At least 20 ferries or rafts must go. {LESS}", BOATS,
         "ferries + rafts >= 20", True),
        (f"{FERRIES}At least 20 ferries or rafts must go. {LESS}", BOATS, "ferries >= 20", False),
        # What is only measured in units is not measured alike.
        (f"{FERRIES}At least 700 units of sand must be moved. {LESS}", BOATS,
         "90 * ferries >= 700", True),
        # What there is, is not exceeded; it has to be claimed, in words as in digits.
        (f"{FERRIES}There are 90 workers available. {LESS}", BOATS,
         "12 * ferries + 5 * rafts <= 90", True),
        (f"{FERRIES}There are 90 workers available. {LESS}", BOATS,
         "12 * ferries + 5 * rafts = 90", False),
        (f"{FERRIES}There are 90 workers available. {LESS}", BOATS, "", False),
        (f"{FERRIES}There are ninety workers available. {LESS}", BOATS,
         "12 * ferries + 5 * rafts <= 90", True),
        (f"{FERRIES}There are ninety workers available. {LESS}", BOATS, "", False),
        # What is needed is met where little is wanted; without any such word, not exceeded where
        # much is.
        (f"{FERRIES}The harbour wants to move 90 workers. {LESS}", BOATS,
         "12 * ferries + 5 * rafts >= 90", True),
        (f"{FERRIES}The harbour wants to move 90 workers. {LESS}", BOATS,
         "12 * ferries + 5 * rafts <= 90", False),
        (f"{FERRIES}The harbour employs 90 workers. {MORE}", BOATS,
         "12 * ferries + 5 * rafts <= 90", True),
        (f"{FERRIES}The harbour employs 90 workers. {MORE}", BOATS, "", False),
        # Every acre is one of corn or of beans.
        (f"{FIELDS}The farm owns 180 acres. {MORE}", CROPS, "corn + beans <= 180", True),
        (f"{FIELDS}The farm owns 180 acres. {MORE}", CROPS, "40 * corn + 30 * beans = 180", False),
        # A multiple compares; it is not what things take.
        (f"{FERRIES}Use at least 3 times as many rafts as ferries. {LESS}", BOATS,
         "rafts >= 3 * ferries", True),
        (f"{FERRIES}There must be more ferries than rafts. {LESS}", BOATS,
         "ferries >= rafts + 1", True),
        (f"{FERRIES}There must be more ferries than rafts. {LESS}", BOATS, "", False),
        # A share has to be claimed where its words leave nothing open.
        (f"{FERRIES}At least 30% of the trips must be by raft. {LESS}", BOATS,
         "rafts >= 0.3 * (ferries + rafts)", True),
        (f"{FERRIES}At least 30% of the trips must be by raft. {LESS}", BOATS, "", False),
        (f"{FERRIES}At least a third of them must be rafts. {LESS}", BOATS,
         "rafts >= 1/3 * (ferries + rafts)", True),
        (f"{FERRIES}At least 1/3 of the trips must be by raft. {LESS}", BOATS,
         "rafts >= 1/3 * (ferries + rafts)", True),
        (f"{FERRIES}At least a third of them must be rafts. {LESS}", BOATS, "", False),
        # What names do not say is not told from the wording.
        (f"{FERRIES}There are 90 workers available. {LESS}", "x y", "12 * x + 5 * y <= 90", True),
        (f"{FERRIES}There are 90 workers available. {LESS}", "x y", "", True),
        # What a list says of one thing each limits none.
        (f"{FERRIES}Ferries and rafts earn $700 and $200 respectively. {MORE}", BOATS, "", True),
        (f"{FERRIES}Ferries and rafts earn $700 and $200 respectively. {MORE}", BOATS,
         "12 * ferries + 5 * rafts <= 700", False),
        # What is counted may be said before the number.
        (f"{FERRIES}The number of workers on all trips combined must be at least 90. {LESS}", BOATS,
         "12 * ferries + 5 * rafts >= 90", True),
        (f"{FERRIES}The number of workers on all trips combined must be at least 90. {LESS}", BOATS,
         "ferries + rafts >= 90", False),
        # Of some of the things, it is what these take.
        ("A club has boats, rafts and buoys. A boat costs $5, a raft costs $3 and a buoy costs $2. "
         f"Boats and buoys must not cost more than $70 in all. {LESS}", "boats rafts buoys",
         "5 * boats + 2 * buoys <= 70", True),
        ("A club has boats, rafts and buoys. A boat costs $5, a raft costs $3 and a buoy costs $2. "
         f"Boats and buoys must not cost more than $70 in all. {LESS}", "boats rafts buoys",
         "5 * boats + 3 * rafts + 2 * buoys <= 70", False),
        # What is distributed is what is decided, so its limits are of the things as they are.
        (f"{FUNDS}The total investment across both options cannot exceed $900. {LESS}", "X Y",
         "X + Y <= 900", True),
        (f"{FUNDS}The total investment across both options cannot exceed $900. {LESS}", "X Y",
         "5 * X + 6 * Y <= 900", False),
        (f"{FUNDS}Option X has a limit of $500, while for option Y it is $400. {LESS}", "X Y",
         "X <= 500; Y <= 400", True),
        (f"{FUNDS}Option X has a limit of $500, while for option Y it is $400. {LESS}", "X Y",
         "5 * X <= 500; Y <= 400", False),
        (f"{FUNDS}Option Y needs a minimum of $70. {LESS}", "X Y", "Y >= 70", True),
        (f"{FUNDS}Option Y needs a minimum of $70. {LESS}", "X Y", "6 * Y >= 70", False),
        (f"{FUNDS}The funds in X and Y combined must be at least $70, while all cannot exceed $99 "
         f"in total. {LESS}", "X Y", "X + Y >= 70; X + Y <= 99", True),
        (f"{FUNDS}Both have to be integers. {LESS}", "X Y", "X <= Y", False),
        (f"{FUNDS}All of $900 is to be allocated between X and Y. {LESS}", "X Y", "X + Y = 900",
         True),
        (f"{FUNDS}All of $900 is to be allocated between X and Y. {LESS}", "X Y", "X + Y <= 900",
         False),
        (f"{FUNDS}At least 40 units of investment must go to X and Y. {LESS}", "X Y",
         "X + Y >= 40", True),
        (f"{FUNDS}At least 40 units of investment must go to X and Y. {LESS}", "X Y",
         "5 * X + 6 * Y >= 40", False),
        (f"{FUNDS}Option Y, on the other hand, needs a minimum of $70. {LESS}", "X Y", "Y >= 70",
         True),
        # What is spelled out is claimed as it is.
        (f"{FUNDS}Twice the funds in X minus those in Y must be at least $20. {LESS}", "X Y",
         "2 * X - Y >= 20", True),
        (f"{FUNDS}Twice the funds in X minus those in Y must be at least $20. {LESS}", "X Y",
         "2 * X + Y >= 20", False),
        (f"{FUNDS}Twice the funds in X minus those in Y must be at least $20. {LESS}", "X Y", "",
         False),
    ],
)  # fmt: skip
def test_a_sentence_claims_what_it_says(text: str, names: str, claims: str, expected: bool) -> None:
    assert holds(text, names, claims) is expected


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("maximize 4 * rye_loaves + 3 * oat_loaves", True),
        ("maximize 2 * rye_loaves + 3 * oat_loaves", False),  # two kinds
        ("maximize 0 * rye_loaves + 3 * oat_loaves", False),
        ("maximize 1 * rye_loaves + 3 * oat_loaves", False),
        ("maximize rye_loaves + 3 * oat_loaves", True),
        ("maximize 7 * (rye_loaves + oat_loaves)", False),  # times
    ],
)
def test_an_objective_takes_what_things_earn(objective: str, expected: bool) -> None:
    told = [*sentences(BAKERY), "Make no more than 7 times as many rye loaves as oat loaves."]
    told.append(MORE)
    grammar = Grammar(rest_grammar(told, dict.fromkeys(LOAVES.split(), ())))
    lines = numbered(told)
    lines.insert(3, "rye_loaves <= 7 * oat_loaves")
    assert grammar.accepts("\n".join([*lines, objective, ""])) is expected


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("minimize 5 * X + 6 * Y", True),
        ("minimize 6 * X + 5 * Y", False),
        ("minimize 7 * X + 6 * Y", False),  # a factor that is spelled out elsewhere
        ("minimize X + 2 * Y", False),  # these two
    ],
)
def test_a_number_that_is_a_limit_too_may_be_what_a_thing_costs(
    objective: str, expected: bool
) -> None:
    told = [
        *sentences(FUNDS),
        "X and Y combined must be at least 6.",
        "7 times the funds in X plus those in Y must be at least 5.",
        "These two are safe.",
        LESS,
    ]
    grammar = Grammar(rest_grammar(told, dict.fromkeys("XY", ())))
    lines = numbered(told)
    lines[4:] = ["7 * X + Y >= 5", *lines[4:]]
    lines[3:] = ["X + Y >= 6", *lines[3:]]
    assert grammar.accepts("\n".join([*lines, objective, ""])) is expected


def test_a_letter_that_names_ends_a_sentence_and_an_initial_does_not() -> None:
    told = sentences(
        "There are mixture A and mixture B. Mixture A takes 3. It is by J. Smith. "
        "Of X, Y and Z. All go."
    )
    assert told == (
        "There are mixture A and mixture B.",
        "Mixture A takes 3.",
        "It is by J. Smith.",
        "Of X, Y and Z.",
        "All go.",
    )
