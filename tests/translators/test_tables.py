"""Tables in questions: what of them becomes data, and what stays words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.formal.optimization.model import Parameter
from neurosym.translators.cells import Cell, read_cell
from neurosym.translators.tables import Data, missing_cells, read_data

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


def test_a_table_with_a_thing_in_each_column_is_turned() -> None:
    data = read_data(
        "| Input | Product A | Product B |\n|---|---|---|\n"
        "| Resin | 6 pounds | 12 pounds |\n| Labor | 9 hours | 6.5 hours |"
    )
    assert data.text == ""
    [product] = data.sets
    assert (product.name, product.elements) == ("Product", (("Product_A",), ("Product_B",)))
    resin, labor = data.parameters
    assert (resin.name, resin.unit, values(resin)) == ("resin", "pounds", [6, 12])
    assert (labor.name, labor.unit, values(labor)) == ("labor", "hours", [9, Fraction(13, 2)])


def test_a_table_whose_rows_and_columns_are_measured_alike_is_not_turned() -> None:
    data = read_data("| Glue | Line 1 | Line 2 |\n|---|---|---|\n| G | 20 | 50 |\n| H | 30 | 35 |")
    assert [item.name for item in data.sets] == ["Glue"]


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
    other = table.replace("max", "var").replace("min", "set")
    data = read_data(f"{table}\n\n{other}")
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


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("$1,250.50", Fraction(250100, 200), "$"),
        ("-$5", -5, "$"),
        ("$-5", -5, "$"),
        ("(500)", -500, ""),
        ("−3", -3, ""),
        ("7 %", Fraction(7, 100), ""),
        ("7 percent", Fraction(7, 100), ""),
        ("5kg", 5, "kg"),
        ("5 cubic feet", 5, "cubic feet"),
        ("12 (at most)", 12, ""),
        (".5", Fraction(1, 2), ""),
        ("**3**", 3, ""),
        ("1 000", 1000, ""),
        ("1\u202f250.5 kg", Fraction(2501, 2), "kg"),
        ("1e3", 1000, ""),
        ("-2.5E-1 kg", Fraction(-1, 4), "kg"),
        ("12 €", 12, "€"),
        ("12€", 12, "€"),
        ("1/2", Fraction(1, 2), ""),
        ("2 1/4", Fraction(9, 4), ""),
    ],
)
def test_a_plain_number_is_read_with_its_unit(cell: str, value: Fraction, unit: str) -> None:
    assert read_cell(cell) == Cell(Fraction(value), unit)


@pytest.mark.parametrize(
    "cell",
    ["", "-", "5k", "$7M", "5 million", "e5", "1e999", "1e5x", "1 00", "$5 €", "1/0", "1/2/24",
     "1,5", "2,75", "8h30", "3x4", "4WD", "2nd", "3-5",
     "5 or 6", "--5", "$5%", "N/A", "9" * 61, "(a)" + " " * 5000 + "x"],
)  # fmt: skip
def test_what_is_no_plain_number_is_left_in_words(cell: str) -> None:
    assert read_cell(cell) is None


def test_a_column_measured_in_two_ways_is_left_in_words() -> None:
    data = read_data("| Box | Weight | Price |\n|--|--|--|\n| A | 5 kg | 1 |\n| B | 700 g | 2 |")
    assert [item.name for item in data.parameters] == ["price"]
    assert "Weight of A: 5 kg." in data.text


def test_a_first_row_of_data_is_not_taken_for_heads() -> None:
    text = "Small truck, 200 kg, $50\nLarge truck, 500 kg, $90\nVan, 100 kg, $20"
    assert read_data(text) == Data(text)
    prose = "Each chair takes 3 hours, 5 kg\nEach table takes 5 hours, 8 kg\nThere are 40 h, 60 kg"
    assert read_data(prose) == Data(prose)


def test_totals_are_no_element() -> None:
    data = read_data("| Box | Weight |\n|--|--|\n| A | 5 |\n| B | 7 |\n| Total | 12 |")
    assert data.sets[0].elements == (("A",), ("B",))
    assert data.text == "Weight of Total: 12."


def test_margins_of_a_table_of_both_are_over_one_side_each() -> None:
    data = read_data(
        "| Plant / Market | Oslo | Bergen | Supply |\n|--|--|--|--|\n"
        "| A | 3 | 5 | 40 |\n| B | 4 | 1 | 30 |\n| Demand | 20 | 25 | |"
    )
    plants, markets = data.sets
    assert [len(plants.elements), len(markets.elements)] == [2, 2]
    cost, supply, demand = data.parameters
    assert (cost.over, len(cost.values)) == ((plants.name, markets.name), 4)
    assert (supply.name, supply.over, values(supply)) == ("supply", (plants.name,), [40, 30])
    assert (demand.name, demand.over, values(demand)) == ("demand", (markets.name,), [20, 25])


def test_two_tables_in_a_row_without_outer_bars_are_two() -> None:
    data = read_data("A | cost\n--|--\nx | 1\ny | 2\nB | size\n--|--\nu | 3\nv | 4")
    assert [item.name for item in data.parameters] == ["cost", "size"]


def test_an_escaped_bar_is_part_of_a_cell() -> None:
    data = read_data("| A | n |\n|--|--|\n| x \\| y | 1 |\n| z | 2 |")
    assert data.sets[0].elements == (("x_y",), ("z",))


def test_names_are_fit_for_python_as_well() -> None:
    heads = ["Yield", "Return", "Class", "Area m²", "pulp", "range", "i"]
    row = " | ".join(["1"] * len(heads))
    data = read_data(f"| None | {' | '.join(heads)} |\n|{'--|' * 8}\n| i | {row} |\n| b | {row} |")
    names = [item.name for item in (*data.sets, *data.parameters)]
    assert len(names) == 8
    program = "".join(f"{name} = 1\n" for name in names)
    compile(program, "names", "exec")
    assert not {"pulp", "range", "i", "None"} & set(names)
    assert data.sets[0].elements == (("ni",), ("b",))


@pytest.mark.parametrize("line", ["a," * 70_000, "| " * 5000, "a,b\n" * 3 + "x" * 200_000])
def test_long_lines_are_no_tables(line: str) -> None:
    assert not read_data(line).sets


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("$0.60", "", ("Price of Peas",)),
        ("1,240.5", "TBD", ("Protein (g/kg) of Peas",)),
        ("$0.60", "-", ()),  # there may be no price
        ("abroad", "", ()),  # no number is missing
    ],
)
def test_numbers_that_a_table_leaves_open_are_named(
    old: str, new: str, expected: tuple[str, ...]
) -> None:
    assert missing_cells(FOODS.replace(old, new)) == expected


def test_an_empty_cell_between_places_is_a_way_that_there_is_not() -> None:
    assert (
        missing_cells("| Plant / Port | X | Y |\n|---|---|---|\n| P | 3 |  |\n| Q | 4 | 5 |") == ()
    )
