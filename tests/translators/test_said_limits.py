"""Limits that sentences spell out whole."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from neurosym.translators.said_limits import said_limits
from neurosym.translators.said_sums import Sum, find_sum, tokens_of
from neurosym.translators.things import called


def told(sentence: str, names: str, *measures: str) -> list[str]:
    return [*map(str, said_limits(sentence, called(sentence, names.split()), frozenset(measures)))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Twice the hours for rafts plus three times those for boats must be at least 20.",
         "2 * rafts + 3 * boats >= 20"),
        ("Half of the money for rafts minus a quarter of that for boats should not exceed 90.",
         "0.5 * rafts - 0.25 * boats <= 90"),
        ("The combined effort of 10 rafts, two and a half times the boats and the buoys cannot "
         "exceed 200 due to the wind.", "10 * rafts + 2.5 * boats + buoys <= 200"),
        ("The sum of twice the rafts and the boats must be at least 30.",
         "2 * rafts + boats >= 30"),
        ("The score, calculated as 4 times the rafts plus two times the boats, must not exceed "
         "1,500.", "4 * rafts + 2 * boats <= 1500"),
        ("The weight is at least 80 tons, calculated as twice the number of rafts plus one time "
         "the number of boats.", "2 * rafts + boats >= 80"),
        ("The difference between the money for boats and that for rafts should be no less than "
         "$30.", "boats - rafts >= 30"),
        ("The difference in hours between boats and twice the rafts should not exceed 5, for the "
         "sake of balance.", "boats - 2 * rafts <= 5"),
        ("The combined number of rafts (with a factor of 3) and boats, minus the buoys, must be "
         "at least 10.", "3 * rafts + boats - buoys >= 10"),
        ("For balance between boats and rafts, 5 times the boats minus twice the rafts should be "
         "at most 70.", "5 * boats - 2 * rafts <= 70"),
        ("There must be at least 5 more boats than rafts.", "boats - rafts >= 5"),
        ("There must be at most 5 fewer boats than rafts.", "rafts - boats <= 5"),
        ("The boats need at least 20 more hours than 1.5 times the rafts, as a rule.",
         "boats - 1.5 * rafts >= 20"),
        ("Boats must be at least by a hundred more than rafts.", "boats - rafts >= 100"),
        ("The boats cannot exceed the rafts by more than 10.", "boats - rafts <= 10"),
        ("The boats must exceed twice the rafts by at least 10.", "boats - 2 * rafts >= 10"),
        ("They cannot make more than a combined total of 100 from five times the rafts plus four "
         "times the boats.", "5 * rafts + 4 * boats <= 100"),
        ("Twice the rafts minus the boats should be exactly 4.", "2 * rafts - boats = 4"),
        ("Twice the rafts combined with the boats cannot exceed 200.", "2 * rafts + boats <= 200"),
        ("The combined number of twice the rafts and four times the boats must not be less than "
         "that of the buoys, by law.", "2 * rafts + 4 * boats - buoys >= 0"),
        ("The rafts must be at least twice the boats.", "rafts - 2 * boats >= 0"),
        ("The rafts should never exceed the boats.", "rafts - boats <= 0"),
        ("The ratio of rafts to boats must be at least 2 to 1.", "rafts - 2 * boats >= 0"),
        ("The ratio between the rafts and the boats should not exceed 3:2.",
         "rafts - 1.5 * boats <= 0"),
        ("The ratio of rafts to boats has to be exactly 4.", "rafts - 4 * boats = 0"),
        ("There must be more rafts than boats.", "rafts - boats > 0"),
        ("There have to be fewer rafts than boats.", "boats - rafts > 0"),
        ("The number of rafts must exceed twice the number of boats.", "rafts - 2 * boats > 0"),
        ("Rafts should be less than the boats and buoys combined.", "boats + buoys - rafts > 0"),
        ("Twice the rafts minus the boats must not exceed -20.", "2 * rafts - boats <= -20"),
        ("At most 10 boats more than rafts may go (boats - 2 rafts <= 10).",
         "boats - 2 * rafts <= 10"),
    ],
)  # fmt: skip
def test_what_is_spelled_out_is_read(sentence: str, expected: str) -> None:
    assert told(sentence, "rafts boats buoys", "hour") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "The combined weight of rafts and boats must be at least 10.",  # nothing is reckoned
        "A raft takes 5 minutes and a boat takes 10 minutes, of at most 300 minutes.",
        "Each raft plus each boat must have at least 4 seats.",
        "10 rafts and 15 boats can carry at most 300 people.",
        "There must be at least ten times more boats than rafts.",
        "The boat company must move at least 3000 tons of rafts.",
        "At least 40% of the rafts must be boats.",
        "There must be at least twice as many rafts as boats.",
        "Twice the total of rafts and boats must be at least 40.",  # of both, or of one
        "The difference between rafts and boats plus buoys must be at least 4.",
        "Rafts plus 30% of the boats must be at least 4.",
        "Twice the rafts plus twice the rafts must be at least 4.",
        "Twice the rafts plus the boats must be at least 20 and at most 50.",
        "Twice the rafts plus the boats must be at least 20 of the 60 guests.",
        "2 of the rafts must be at least 15 m long.",
        "The rafts exceed the rafts by at least 5.",
        "The difference between rafts and boats, when reduced by buoys, should not exceed 7.",
        "They yield a minimum score, calculated as 2 times the rafts plus 3 times the boats.",
        "The ratio of rafts to boats is 2 to 1.",
        "The ratio of rafts to boats must be at least 2 and that of boats to buoys at least 3.",
        "The ratio of the cost of rafts to that of boats must be at least 2.",
        "There may be more rafts than boats.",
        "There are more rafts than boats.",
        "Rafts must not number more than boats.",
        "Rafts are more popular than boats, so they must be kept dry.",
        "They must carry more people on rafts than on boats.",
        "The cost of rafts must exceed the cost of boats.",
        "There must be more rafts than boats and more boats than buoys.",
    ],
)
def test_what_is_not_spelled_out_whole_is_left(sentence: str) -> None:
    assert told(sentence, "rafts boats buoys") == []


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            "cans bottles",
            "A can requires 12 units of sugar and a bottle requires 20 units of sugar.",
        ),
        ("boats rafts", "A boat needs 3 people and a raft needs 5."),
        ("pills shots", "A pill requires 3 units of fever medicine while a shot requires 5 units."),
        ("lamps desks", "Lamps require 2 units of labor."),
        ("boats rafts", "To get a boat, one needs 3 units of wood."),
        ("bread cakes", "If bread needs 3 units and cakes need 4 units, how many should be made?"),
        ("bread cakes", "Up to 3 units of sugar can be added to bread."),
        ("boats rafts", "The number of boats must be at least 20% more than the number of rafts."),
        (
            "boats rafts",
            "The number of boats must be at least 20 percent more than the number of rafts.",
        ),
        ("boats rafts", "The number of boats cannot exceed the rafts by more than 10 percent."),
        ("boats rafts", "The difference between boats and rafts cannot exceed 10%."),
        ("boats rafts", "Twice the rafts plus the boats must be at least 20% of the total."),
        ("boats rafts", "Boats must be between 20 and 30% of all."),
        ("boats rafts", "Boats must be between 2 and 3 times the rafts."),
        ("boats rafts", "A boat costs at least 5 dollars more than a raft."),
        ("boats rafts", "Building a boat needs at least 5 more hours than a raft."),
        ("laptops tablets", "The cost of laptops must be at least twice the cost of tablets."),
        ("laptops tablets", "A laptop weighs no more than a tablet."),
        ("laptops tablets", "The time for laptops cannot exceed the time for tablets."),
        (
            "boats rafts",
            "The weight of boats must not exceed the weight of rafts by more than 100 kg.",
        ),
        ("boats rafts", "The difference in price between boats and rafts must be at most 5."),
        ("buses cars", "Buses have a capacity of 40 and cars have a capacity of 4."),
        ("buses cars", "Buses can transport up to 40 people while cars up to 4."),
        ("boats rafts", "Boats can store up to 20 units and rafts up to 10 units."),
        ("boats rafts", "Boats must hire at least 3 people."),
        ("cakes pies", "An oven bakes up to 30 cakes."),
        ("cakes pies", "A box has at most 30 cakes."),
        ("cakes pies", "A worker needs 30 cakes."),
        ("bread cakes", "The baking time of bread is at least 4 and of cakes at least 5."),
        ("bread cakes", "The maximum profit on bread is 4 and on cakes 5."),
        ("boats rafts", "In total the boats and rafts must move at least 20."),
        ("phones laptops", "Three phones plus two laptops need at least 30 minutes."),
        ("phones laptops", "A bundle of 3 phones plus 2 laptops costs at least $30."),
        ("boats rafts", "The price of a boat ranges from 5 to 10 dollars."),
        ("boats rafts", "The boats must be between 5 and 10 meters long."),
        ("boats rafts", "Passengers on boats must be between 5 and 10 years old."),
        ("boats rafts", "Each boat must be between 5 and 10 feet."),
        ("cakes rafts", "The store doesn't need 30 cakes."),
        ("cakes rafts", "There is no need for at least 30 cakes."),
        ("cakes rafts", "Cakes are not limited to 30."),
        ("X Y", "Here X need not be at least twice Y."),
        ("X Y", "Here X cannot be at least twice Y."),
        (
            "trucks vans",
            "Twice the trucks plus the vans may be at least 20 but does not have to be.",
        ),
        ("boats rafts", "If there are at least 5 boats, there must be at most 3 rafts."),
        ("trucks vans", "Unless trucks plus vans are at least 20, there is a fine."),
        ("boats rafts buoys", "If buoys are used, there must be at least 5 more boats than rafts."),
        (
            "laptops tablets phones",
            "The number of laptops must be at least the number of tablets or phones.",
        ),
        ("laptops tablets phones", "Laptops cannot exceed tablets, nor phones."),
        ("boats rafts buoys", "Boats should exceed rafts, and buoys by at least 5."),
        (
            "laptops tablets phones",
            "The total laptops and tablets cannot exceed the phones and 20.",
        ),
        ("boats rafts", "At least 5 boats must be used for 3 rafts."),
        ("trucks vans", "At least 5 trucks instead of 3 vans."),
        (
            "X Y",
            "Product X earns $5, product Y earns $6, and they cannot exceed 20 together "
            "(X + Y <= 20), where X is at least 3.",
        ),
        ("vans trucks", "It costs $5 (vans = 5) for each."),
        ("vans trucks", "If the vans are used (vans = 1) then trucks are 3."),
        ("vans trucks", "A penalty applies to vans (vans > 20) of $50 each."),
        ("vans trucks", "If vans are used (vans > 0), at least 5 trucks are needed."),
        ("X Y", "It holds that (max X, Y <= 3)."),
        ("vans trucks", "At least 5k vans are needed."),
        ("vans trucks", "At least 1e5 vans are needed."),
        ("vans trucks", "At least -5 vans are needed."),
        ("vans trucks", "Twice the vans plus 1/0 times the trucks must be at least 7."),
        ("boats rafts", "The founders have 20 boats."),
    ],
)
@pytest.mark.parametrize("measure", ["none", "hour"])
def test_what_is_no_plain_limit_of_how_many_is_left_to_the_model(
    names: str, sentence: str, measure: str
) -> None:
    assert told(sentence, names, measure) == []


def test_number_words_of_a_name_are_no_factors() -> None:
    sentence = "The number of double decker buses cannot exceed the number of minibuses."
    names = "double_decker_buses minibuses"
    assert told(sentence, names) == ["double_decker_buses - minibuses <= 0"]


@pytest.mark.parametrize("text", ["5 " * 10_000, "up to 5, " * 2_000, "1" * 20_000])
def test_long_texts_are_left_in_no_time(text: str) -> None:
    start = time.monotonic()
    assert told(text, "rafts boats") == []
    assert time.monotonic() - start < 1


def test_two_limits_of_a_sentence_are_both_read_or_neither() -> None:
    both = (
        "Rafts need at least 20 more hours than boats, while boats need at least 10 more hours "
        "than buoys."
    )
    assert told(both, "rafts boats buoys", "hour") == ["rafts - boats >= 20", "boats - buoys >= 10"]
    assert told(f"{both[:-1]} but 5 are lost.", "rafts boats buoys", "hour") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Bounds: rafts: [0, 15] Boats: [2 - 20].", ["rafts <= 15", "boats >= 2", "boats <= 20"]),
        ("Rafts must be between 3 and 8.", ["rafts >= 3", "rafts <= 8"]),
        ("The boats range from 10 hours to 20.", ["boats >= 10", "boats <= 20"]),
        ("There is a maximum of 25 hours for rafts, 15 for boats and 5 for buoys, as agreed.",
         ["rafts <= 25", "boats <= 15", "buoys <= 5"]),
        ("There must be at least 5 hours on rafts and 7 on boats.",
         ["rafts >= 5", "boats >= 7"]),
        ("The rafts require at least 5 hours, the boats no more than 7, and the buoys 8 or less.",
         ["rafts >= 5", "boats <= 7", "buoys <= 8"]),
        ("Boats and buoys can have a maximum of 50 hours each, while rafts can have 30 each.",
         ["boats <= 50", "buoys <= 50", "rafts <= 30"]),
        ("There must be at least 8 boats.", ["boats >= 8"]),
        ("There may be up to 50 units combined of rafts and boats, and 30 combined of boats and "
         "buoys.", ["rafts + boats <= 50", "boats + buoys <= 30"]),
        ("The sum of rafts and boats cannot exceed 90 units, while the total for boats and buoys "
         "must be at least 7.", ["rafts + boats <= 90", "boats + buoys >= 7"]),
        ("The combined hours of rafts and boats cannot exceed 90.", ["rafts + boats <= 90"]),
        ("The combined number of guests on rafts and boats cannot exceed 90.", []),
        ("The combined cost of rafts and boats cannot exceed 90.", []),
        ("At least $40 must be spent on boats.", []),
        ("At least 20 hours must go to rafts and at least 30 hours must go to boats.",
         ["rafts >= 20", "boats >= 30"]),
        ("There must be at least 8 kg of boats.", []),
        ("There must be at least 8 boats or rafts.", []),
        ("Each boat has at most 8 hours.", []),
        ("The boats cost at least 8 hours, the rafts 9.", []),
        ("[0, 15] for rafts and [2, 20] for boats.", []),
        ("Rafts: [20, 2].", []),
        ("Rafts: [2, 20] of the 60.", []),
        ("At most 25 hours for rafts and 15 for rafts.", []),
        ("At most 5 rafts per day and 3 boats.", []),
        ("The rafts have at most 5 hours and 3 boats.", []),
    ],
)  # fmt: skip
def test_lists_limit_each_thing(sentence: str, expected: list[str]) -> None:
    assert told(sentence, "rafts boats buoys", "hour") == expected


def test_things_go_by_the_letters_that_the_text_gives_them() -> None:
    text = (
        "Let there be some deep training (x_1) and light training (x2). Twice the deep training "
        "(x1) minus x_2 must be at least 8."
    )
    names = called(text, ["x1", "x2"])
    found = said_limits(text.partition(". ")[2], names)
    assert [str(item.sum) for item in found] == ["2 * x1 - x2"]


def test_a_name_may_hold_an_and() -> None:
    sentence = "Twice the bed and breakfast nights plus the camping nights must be at least 8."
    assert told(sentence, "bed_and_breakfast camping") == ["2 * bed_and_breakfast + camping >= 8"]


def test_a_difference_that_is_not_exceeded_goes_either_way() -> None:
    sentence = "The difference in hours between rafts and boats cannot exceed 5."
    assert told(sentence, "rafts boats", "hour") == ["rafts - boats <= 5", "boats - rafts <= 5"]
    assert told(sentence, "rafts boats") == []
    ahead = "The difference in hours between rafts and boats must be at least 5."
    assert told(ahead, "rafts boats", "hour") == ["rafts - boats >= 5"]


def test_names_that_cannot_be_told_apart_name_nothing() -> None:
    assert told("Twice the rafts plus the rafts must be at least 8.", "rafts rafts_") == []
    assert told("Twice the rafts must be at least 8.", "rafts") == []


def test_a_sum_is_written_in_the_modelling_language() -> None:
    terms = {"a": Fraction(-1, 4), "b": Fraction(-1), "c": Fraction(7)}
    assert str(Sum(terms)) == "-0.25 * a - b + 7 * c"


def test_differences_of_the_same_things_are_none() -> None:
    one, other = Sum({"a": Fraction(1)}), Sum({"b": Fraction(2)})
    assert one.minus(one) is None
    difference = one.minus(other)
    assert difference is not None
    assert (str(difference), difference.is_explicit) == ("a - 2 * b", True)


def test_what_stands_before_a_comma_may_be_no_part_of_a_sum() -> None:
    names = called("", ["rafts", "boats"])
    found = find_sum(tokens_of("For the rafts and boats, twice the rafts plus boats", names), names)
    assert found is not None
    assert (str(found[0]), found[1]) == ("2 * rafts + boats", 6)
    assert find_sum(tokens_of("nothing at all", names), names) is None
