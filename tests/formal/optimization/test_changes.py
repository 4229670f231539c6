"""What-if questions and what is odd about models."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.errors import OptionError
from neurosym.formal.optimization.changes import apply_changes, read_change
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.review import Oddity, review

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
