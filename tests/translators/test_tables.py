"""Tables in questions: what of them becomes data, and what stays words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.formal.optimization.model import Parameter
from neurosym.translators.tables import Data, read_data

FOODS = """Mix a feed. Prices are in the table.

| Feed | Protein (g/kg) | Price | Grown |
|------|---------------:|-------|-------|
| Oats, whole | 110 | $0.30 | here (by the lake) |
| Peas | 1,240.5 | $0.60 | abroad |

Minimize the cost."""


def values(parameter: Parameter) -> list[Fraction]:
    return list(parameter.values.values())


def test_columns_of_numbers_become_parameters_over_the_rows() -> None:
    data = read_data(FOODS)
    [feed] = data.sets
    assert (feed.name, feed.elements) == ("Feed", (("Oats_whole",), ("Peas",)))
    protein, price = data.parameters
    assert (protein.name, protein.unit, protein.over) == ("protein", "g/kg", ("Feed",))
    assert values(protein) == [110, Fraction(12405, 10)]
    assert (price.name, price.unit, values(price)) == (
        "price",
        "$",
        [Fraction(3, 10), Fraction(3, 5)],
    )


def test_what_is_no_number_stays_in_the_text_in_words() -> None:
    text = read_data(FOODS).text
    assert "|" not in text
    assert text.startswith("Mix a feed.")
    assert text.endswith("Minimize the cost.")
    assert "Grown of Oats_whole: here (by the lake)." in text
    assert "Grown of Peas: abroad." in text
    assert "0.30" not in text


def test_the_order_of_the_rows_changes_no_value() -> None:
    lines = FOODS.split("\n")
    lines[4], lines[5] = lines[5], lines[4]
    one, other = read_data(FOODS), read_data("\n".join(lines))
    assert [dict(p.values) for p in one.parameters] == [dict(p.values) for p in other.parameters]


def test_comma_separated_lines_are_a_table_and_prose_is_none() -> None:
    data = read_data(
        "Ship to all:\ncity,demand,share\nOslo,12,30%\nBergen,7,70%\nAt most 5, if any."
    )
    [city] = data.sets
    assert city.elements == (("Oslo",), ("Bergen",))
    assert [values(item) for item in data.parameters] == [
        [12, 7],
        [Fraction(3, 10), Fraction(7, 10)],
    ]
    assert data.text == "Ship to all:\nAt most 5, if any."


@pytest.mark.parametrize(
    "corner", ["From / To", "from Plant to Market", "Plant\\Market", "Plant → Market"]
)
def test_a_table_from_each_row_to_each_column_is_one_parameter(corner: str) -> None:
    data = read_data(f"| {corner} | Oslo | Bergen |\n|--|--|--|\n| A | 3 | 5 |\n| B | 4 | 1 |")
    [parameter] = data.parameters
    assert [len(item.elements) for item in data.sets] == [2, 2]
    assert parameter.over == tuple(item.name for item in data.sets)
    assert parameter.values == {
        ("A", "Oslo"): 3, ("A", "Bergen"): 5, ("B", "Oslo"): 4, ("B", "Bergen"): 1,
    }  # fmt: skip


def test_distances_among_the_same_places_are_over_one_set() -> None:
    data = read_data("| From/To | A | B |\n|--|--|--|\n| A | 0 | 5 |\n| B | 5 | 0 |")
    [places] = data.sets
    assert data.parameters[0].over == (places.name, places.name)


def test_rows_that_are_counted_get_names_of_their_own() -> None:
    data = read_data("| Project | NPV |\n|--|--|\n| 1 | $16,000 |\n| 2 | $9,000 |")
    assert data.sets[0].elements == (("Project_1",), ("Project_2",))
    assert data.parameters[0].name == "npv"


def test_as_many_columns_name_a_row_as_it_takes() -> None:
    data = read_data("| Who | When | Minutes |\n|--|--|--|\n| Ann | day | 3 |\n| Ann | night | 5 |")
    assert data.sets[0].elements == (("Ann_day",), ("Ann_night",))
    assert "When" not in data.text


def test_names_are_words_of_the_language_and_each_is_its_own() -> None:
    table = "| Sum | 2nd price | 2nd price |\n|--|--|--|\n| max | 1 | 2 |\n| min | 3 | 4 |"
    data = read_data(f"{table}\n\n{table}")
    names = [item.name for item in (*data.sets, *data.parameters)]
    assert len(set(names)) == len(names) == 6
    assert all(name.isidentifier() and name != "sum" for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No table at all, just words, and commas,\nwhich go on, here,\nand end, at last",
        "| a | b |\n|--|--|",
        "| Course | Fulfils |\n|--|--|\n| Calculus | Yes |\n| Statistics | No |",
        "| x | y |\n|--|--|\n| 5 | 3 |\n| 7 | 9 |",
        "| ragged | row |\n|--|--|\n| a | 1 | 2 |\n| b | 1 |",
        "| same | n |\n|--|--|\n| a | 1 |\n| a | 2 |",
    ],
)
def test_what_is_no_table_of_named_rows_stays_as_it_is(text: str) -> None:
    assert read_data(text) == Data(text)
