"""What-if questions and what is odd about models."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.errors import OptionError
from neurosym.formal.optimization.changes import apply_changes, read_change
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.review import Oddity, review, unmoved

MODEL = """set Plants = Oslo, Bergen
param capacity{Plants} = Oslo: 3, Bergen: 5 unit "tonnes"
param price = 4 unit "dollars / tonne"
var make{p in Plants} >= 0 <= capacity[p] unit "tonnes"
var trips integer >= 0 unit "trips"
maximize price * sum{p in Plants} make[p]
few: trips <= 7
joint: make[Oslo] + make[Bergen] <= 6
"""


def test_a_change_is_read_with_indices_and_percentages() -> None:
    assert read_change("capacity=120") == ("capacity", (), Fraction(120))
    assert read_change(" cost[a, b c] = 2.5 ") == ("cost", ("a", "b c"), Fraction(5, 2))
    assert read_change("share=40%") == ("share", (), Fraction(2, 5))
    assert read_change("budget=1,200") == ("budget", (), Fraction(1200))
    assert read_change("budget=-1,234,567.5e1") == ("budget", (), Fraction(-12345675))


@pytest.mark.parametrize(
    "text",
    ["capacity", "capacity=", "=3", "capacity=a lot", "a=1=2", "a=41,5", "a=4,1,5", "a=1,2000"],
)
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match="cannot read"):
        read_change(text)


def test_parameters_limits_and_variables_get_other_numbers() -> None:
    changes = map(read_change, ["capacity[Oslo]=9", "joint=8", "trips=2", "price=5"])
    text = print_model(apply_changes(read_model(MODEL), changes))
    assert "Oslo: 9" in text
    assert "make[Oslo] + make[Bergen] <= 8" in text
    assert "var trips integer >= 2 <= 2" in text
    assert "param price = 5" in text


PLAIN = """var boats integer >= 0
var canoes integer >= 0
maximize 4 * boats + 2 * canoes
trips: boats + canoes <= 20
time: 30 * boats + 20 * canoes <= 500
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("500=600", "time: 30 * boats + 20 * canoes <= 600"),
        ("30=45", "time: 45 * boats + 20 * canoes <= 500"),
        ("4=5.5", "maximize 5.5 * boats + 2 * canoes"),
    ],
)
def test_a_number_that_stands_in_one_place_gets_another(change: str, expected: str) -> None:
    text = print_model(apply_changes(read_model(PLAIN), [read_change(change)]))
    assert expected in text
    assert len(text.split("\n")) == len(print_model(read_model(PLAIN)).split("\n"))


@pytest.mark.parametrize(
    ("change", "problem"),
    [("20=25", "20 stands in trips, time"), ("7=8", "there is no 7")],
)
def test_a_number_of_several_places_or_none_is_refused(change: str, problem: str) -> None:
    with pytest.raises(OptionError, match=problem) as caught:
        apply_changes(read_model(PLAIN), [read_change(change)])
    assert caught.value.hint


BOUNDED = """set F = oats, milk, eggs
param price{F} = oats: 3, milk: 11, eggs: 25
param most{F} = oats: 4, milk: 5, eggs: 6
var eat{f in F} integer >= 0 <= 7.5
var other >= 0
minimize sum{f in F} price[f] * eat[f] + sum{f in F} most[f] * eat[f]
enough: sum{f in F} eat[f] >= 9
cap{f in F: f != milk}: eat[f] <= 8
bar{f in F}: most[f] >= eat[f]
either: eat['oats'] >= 2 or other >= 13
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("7.5=6", "var eat{f in F} integer >= 0 <= 6"),
        ("11=12", "param price{F} = oats: 3, milk: 12, eggs: 25"),
        ("13=14", "either: eat[oats] >= 2 or other >= 14"),
        ("eat[oats]=2", "'eat[oats]': eat[oats] = 2"),
        ("cap[eggs]=2", "'limit of cap'{F} = oats: 8, milk: 8, eggs: 2"),
        ("bar[ eggs ]=2", "'limit of bar'{F} = oats: 4, milk: 5, eggs: 2"),
    ],
)
def test_bounds_values_and_elements_get_other_numbers(change: str, expected: str) -> None:
    changed = apply_changes(read_model(BOUNDED), [read_change(change)])
    text = print_model(changed)
    assert expected in text
    assert read_model(text).instance.rows == changed.instance.rows
    before = print_model(read_model(BOUNDED)).splitlines()
    assert len(set(text.splitlines()) - set(before)) <= 2, "all else is as it was"


def test_elements_may_get_other_numbers_one_after_the_other() -> None:
    changes = ["cap[eggs]=2", "cap[oats]=3", "eat[milk]=1", "eat[milk]=4", "bar[eggs]=9"]
    model = apply_changes(read_model(BOUNDED), map(read_change, changes))
    instance = model.instance
    limits = dict(zip(instance.row_names, instance.row_upper.tolist(), strict=True))
    assert (limits["cap[eggs]"], limits["cap[oats]"], limits["eat[milk]"]) == (2, 3, 4)
    assert model.parameters[1].values[("eggs",)] == 6, "it stands in the objective as well"
    assert [item.name for item in model.parameters[2:]] == ["limit of cap", "limit of bar"]


@pytest.mark.parametrize(
    ("change", "problem", "told"),
    [
        ("eat[rice]=2", r"there is no eat\[rice\] to change", "eat[oats], eat[milk], eat[eggs]"),
        ("cap[milk]=2", r"there is no cap\[milk\] to change", "cap[oats], cap[eggs]"),
        ("eat=2", "there is no eat to change", "There are price, most"),
    ],
)
def test_elements_that_are_not_there_name_those_that_are(
    change: str, problem: str, told: str
) -> None:
    with pytest.raises(OptionError, match=problem) as caught:
        apply_changes(read_model(BOUNDED), [read_change(change)])
    assert told in (caught.value.hint or "")


def test_a_number_with_a_comma_that_groups_no_thousands_names_nothing() -> None:
    with pytest.raises(OptionError, match="there is no 50,0"):
        apply_changes(read_model(PLAIN), [read_change("50,0=600")])


@pytest.mark.parametrize("change", ["nothing=1", "capacity=1", "capacity[Rome]=1", "make=3"])
def test_changes_of_what_is_not_there_name_what_is(change: str) -> None:
    with pytest.raises(OptionError) as caught:
        apply_changes(read_model(MODEL), [read_change(change)])
    assert caught.value.hint


def test_a_sound_model_has_nothing_odd() -> None:
    sound = MODEL.replace("few: trips <= 7", "few: trips <= 7")
    assert [note.oddity for note in review(read_model(sound))] == []


@pytest.mark.parametrize(
    ("change", "oddity"),
    [
        (("joint: ", "param spare = 3\njoint: "), Oddity.UNUSED),
        (("few: trips <= 7\n", "few: trips >= 7\n"), Oddity.UNBOUNDED_INTEGER),
        (("maximize price * sum{p in Plants} make[p]", "maximize 3"), Oddity.NO_OBJECTIVE),
        (("make[Oslo] + make[Bergen] <= 6", "make[Oslo] + trips <= 6"), Oddity.UNIT_CLASH),
        (("few: trips <= 7\n", "few: trips <= 7\nodd: 3 <= 4\n"), Oddity.TRIVIAL),
    ],
)
def test_what_is_odd_is_noted(change: tuple[str, str], oddity: Oddity) -> None:
    assert oddity in [note.oddity for note in review(read_model(MODEL.replace(*change)))]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("var x >= 2 <= 1\nmaximize x", "no value keeps to the bounds 2 <= x <= 1"),
        ("var x >= 0 <= -5\nmaximize x", "no value keeps to the bounds 0 <= x <= -5"),
        ("var x integer >= 0.4 <= 0.6\nmaximize x",
         "no value keeps to the bounds 0.4 <= x <= 0.6 and whole"),
        ("var x <= 3\nmaximize x\nd: 0 >= 1", "d never holds: 0 >= 1"),
        ("var x <= 3\nmaximize x\nd: x - x >= 3", "d never holds: 0 >= 3"),
    ],
)  # fmt: skip
def test_what_no_decision_can_keep_to_is_noted(text: str, detail: str) -> None:
    [note] = [n for n in review(read_model(text)) if n.oddity is Oddity.CONTRADICTION]
    assert note.detail == detail


@pytest.mark.parametrize(
    "text", ["var x >= 2 <= 2\nmaximize x\nd: 0 <= 1", "var x integer >= 0.4\nminimize x"]
)
def test_what_can_be_kept_to_is_no_contradiction(text: str) -> None:
    assert Oddity.CONTRADICTION not in [note.oddity for note in review(read_model(text))]


@pytest.mark.parametrize("objective", ["0 * trips", "trips - trips", "trips * trips * 0", "3"])
def test_an_objective_that_cancels_out_is_empty(objective: str) -> None:
    model = read_model(f"var trips >= 0 <= 9\nmaximize {objective}\nc: trips <= 3")
    assert [note.oddity for note in unmoved(model)] == [Oddity.NO_OBJECTIVE]


@pytest.mark.parametrize("row", ["0 * x <= 3", "x - x <= 3", "x*y - y*x <= 1", "4 <= 5"])
def test_a_constraint_that_cancels_out_is_trivial(row: str) -> None:
    model = read_model(f"var x >= 0 <= 9\nvar y >= 0 <= 9\nmaximize x + y\nc: {row}\nd: x <= y")
    assert [(note.oddity, note.name) for note in unmoved(model)] == [(Oddity.TRIVIAL, "c")]


def test_a_constraint_of_which_only_some_rows_cancel_out_is_not_trivial() -> None:
    text = "set S = a, b\nparam w{S} = a: 0, b: 2\nvar x{i in S} >= 0\nmaximize x[a] * x[b]\n"
    assert [*unmoved(read_model(text + "c{i in S}: w[i] * x[i] <= 4"))] == []
    assert [*unmoved(read_model(text + "c{i in S, j in S : i != j}: 0 * x[i] <= x[j]^2"))] == []


# ------------------------------------------------------------------- units

MEASURED = """param width = 3 unit "m"
param price = 2 unit "dollars per kg"
var x >= 0 unit "m"
var y >= 0 unit "kg"
var z >= 0 unit "m^2"
var trips >= 0 unit "trips"
var rate >= 0 unit "kg per trip"
"""


def clashes(text: str) -> list[str]:
    notes = review(read_model(MEASURED + text))
    return [note.detail for note in notes if note.oddity is Oddity.UNIT_CLASH]


@pytest.mark.parametrize(
    ("objective", "row", "told"),
    [
        ("maximize x", "x <= y", "meter against kilogram"),
        ("maximize x", "x^2 <= x", "meter^2 against meter"),
        ("maximize x", "abs(x) <= y", "meter against kilogram"),
        ("maximize x", "max(x, y) <= 3", "meter and kilogram are compared"),
        ("maximize x", "x - y <= 3", "meter and kilogram are added"),
        ("maximize x", "x * z / trips <= x", "meter^3/trip against meter"),
        ('maximize price * y unit "euros"', "x <= 3", "dollar against euro"),
        ('maximize price * y unit "cents"', "x <= 3", "dollar against cent"),
    ],
)
def test_different_units_that_meet_are_told(objective: str, row: str, told: str) -> None:
    [found] = clashes(f"{objective}\nc: {row}")
    assert found.endswith(told)


def test_a_bound_in_another_unit_than_its_variable_is_told() -> None:
    assert clashes('var w >= 0 <= width unit "kg"\nmaximize w') == ["w: meter against kilogram"]
    assert clashes('var w >= 0 <= 2 * width unit "kg"\nmaximize w') == []


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        ("kg", "kilograms"),
        ("$", "dollars"),
        ("m^2", "square meters"),
        ("USD per kg", "$/kg"),
        ("km/h", "kilometers per hour"),
        ("mph", "miles per hour"),
        ("kg of flour", "kilograms of sugar"),
        ("thousands of dollars", "thousand dollars"),
        ("machine hours", "machine-hours"),
        ("dollars a trip", "dollar / trip"),
        ("ratio", "%"),
        ("shares", "share"),
    ],
)
def test_one_unit_by_several_names(unit: str, other: str) -> None:
    text = f'var a >= 0 unit "{unit}"\nvar b >= 0 unit "{other}"\nmaximize a\nc: a <= b\n'
    assert clashes(text) == []
    assert clashes(text + "d: x * a <= b") != []


@pytest.mark.parametrize(
    "row",
    ["x * x <= z", "x^2 + z <= 3", "rate * trips <= y", "y / rate <= trips", "10 * x <= y",
     "sqrt(z) <= x", "max(x, 3) <= width", "-x + width >= 0", "x / 2 <= y", "exp(x / width) <= 9"],
)  # fmt: skip
def test_units_that_agree_or_are_unknown_are_no_clash(row: str) -> None:
    assert clashes(f'maximize price * y unit "dollars"\nc: {row}') == []


BRACKETS = """var 'x[1]' >= 0
var 'x[2]' >= 0
minimize 'x[1]' + 'x[2]'
'cap[1]': 'x[1]' <= 4
'cap[a, b]': 'x[2]' <= 3
'dem[1][2]': 'x[1]' + 'x[2]' >= 5
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("cap[1]=1", "'cap[1]': 'x[1]' <= 1"),
        ("cap[a,b]=2", "'cap[a, b]': 'x[2]' <= 2"),
        ("dem[1][2] = 6", "'dem[1][2]': 'x[1]' + 'x[2]' >= 6"),
        ("x[2]=2", "var 'x[2]' >= 2 <= 2"),
    ],
)
def test_names_with_brackets_as_files_have_them_are_changed(change: str, told: str) -> None:
    changed = apply_changes(read_model(BRACKETS), [read_change(change)])
    assert told in print_model(changed)


def test_a_whole_number_without_bound_is_odd_whatever_its_name() -> None:
    model = read_model("var 'n[1]' integer >= 0\nmaximize 'n[1]'\nc: 'n[1]' >= 2")
    assert [(note.oddity, note.name) for note in review(model)] == [
        (Oddity.UNBOUNDED_INTEGER, "n[1]")
    ]
