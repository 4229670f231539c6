"""Which way round a table stands, and what goes from each row to each column."""

from __future__ import annotations

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Parameter
from neurosym.translators.layouts import margin_rows
from neurosym.translators.tables import Data, missing_cells, print_data, read_data

ROWS = (
    ("Plant", "Oslo", "Bergen", "Supply"),
    ("A", "3", "5", "80"),
    ("B", "4", "1", "50"),
    ("Demand", "60", "70", ""),
)


def table(*rows: tuple[str, ...]) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|--" * len(rows[0]) + "|", *body])


def with_corner(corner: str, crossing: str = "") -> str:
    head, *body, last = ROWS
    return table((corner, *head[1:]), *body, (*last[:-1], crossing))


def by_name(data: Data) -> dict[str, Parameter]:
    return {item.name: item for item in data.parameters}


@pytest.mark.parametrize(
    ("corner", "crossing", "name", "unit"),
    [
        ("Plant", "", "table_value", ""),
        ("Plant", "-", "table_value", ""),
        ("Plant", "130", "table_value", ""),  # the sum of each margin
        ("", "", "table_value", ""),
        ("Cost", "", "cost", ""),
        ("Cost per unit ($)", "", "cost_per_unit", "$"),
        ("Unit cost / unit", "", "unit_cost", ""),
        ("Cost from Plant to Market", "", "cost", ""),
        ("Plant / Market", "", "table_value", ""),
    ],
)
def test_a_table_with_margins_goes_from_its_rows_to_its_columns(
    corner: str, crossing: str, name: str, unit: str
) -> None:
    text = with_corner(corner, crossing)
    data = read_data(text)
    assert data.text == ""
    assert missing_cells(text) == ()
    down, across = data.sets
    assert down.elements == (("A",), ("B",))
    assert across.elements == (("Oslo",), ("Bergen",))
    found = by_name(data)
    assert [*found] == [name, "supply", "demand"]
    assert found[name].unit == unit
    assert found[name].over == (down.name, across.name)
    assert found[name].values["A", "Bergen"] == 5
    assert found["supply"].over == (down.name,)
    assert found["demand"].over == (across.name,)


def test_what_is_measured_in_a_corner_needs_no_margins() -> None:
    data = read_data(table(*(row[:3] for row in (("Distance (km)", *ROWS[0][1:]), *ROWS[1:3]))))
    [distance] = data.parameters
    assert (distance.name, distance.unit, len(distance.over)) == ("distance", "km", 2)


def test_a_cost_beside_the_table_is_one_of_its_rows() -> None:
    data = read_data(
        table(
            ("Plant", "Oslo", "Bergen", "Capacity", "Fixed cost"),
            ("A", "$3", "$5", "80 t", "$100"),
            ("B", "$4", "$1", "50 t", "$200"),
            ("Demand", "60 t", "70 t", "", ""),
        )
    )
    found = by_name(data)
    assert {name: len(item.over) for name, item in found.items()} == {
        "table_value": 2, "capacity": 1, "fixed_cost": 1, "demand": 1,
    }  # fmt: skip
    assert [item.unit for item in found.values()] == ["$", "t", "$", "t"]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ((("Item", "Price", "Weight"), ("Lamp", "3", "5"), ("Desk", "4", "1")),
         ["price", "weight"]),
        ((("Month", "Demand", "Cost"), ("Jan", "3", "5"), ("Feb", "4", "1")), ["demand", "cost"]),
        # Hours and kilograms are not one sort of number.
        ((("Good", "Labour (h)", "Wood (kg)", "Demand"), ("Chair", "3", "5", "8"),
          ("Table", "4", "1", "5"), ("Available", "60", "70", "")), ["labour", "wood", "demand"]),
        # Where the margins cross there is a number of its own.
        ((*ROWS[:3], ("Demand", "60", "70", "10")), ["oslo", "bergen", "supply"]),
        ((("Food", "Protein", "Fat"), ("Oats (kg)", "3", "5"), ("Milk (kg)", "4", "1")),
         ["protein", "fat"]),
        ((("Good", "Price", "Size"), ("Oats (kg)", "3", "5"), ("Milk (litre)", "4", "1")),
         ["price", "size"]),
        ((("Good", "Least quantity", "Most"), ("Oats (kg)", "3", "5"), ("Milk (l)", "4", "1")),
         ["least_quantity", "most"]),
    ],
)  # fmt: skip
def test_columns_that_are_different_things_said_stay_by_themselves(
    rows: tuple[tuple[str, ...], ...], names: list[str]
) -> None:
    data = read_data(table(*rows))
    assert [item.name for item in data.parameters] == names
    assert [len(item.elements) for item in data.sets] == [2]


def test_what_there_is_of_each_column_is_no_row_of_a_list_and_is_told() -> None:
    rows = (("Good", "Labour (h)", "Price"), ("Chair", "3", "$5"), ("Table", "4", "$1"))
    text = table(*rows, ("Available", "60", ""))
    data = read_data(text)
    assert data.sets[0].elements == (("Chair",), ("Table",))
    assert data.text == "Available of Labour (h): 60."
    assert missing_cells(text) == ()
    assert missing_cells(table(*rows, ("Available", "?", ""))) == ("Labour (h) of Available",)


@pytest.mark.parametrize(
    ("labels", "margins"),
    [
        (["A", "B", "Demand"], {2}),
        (["Available", "A", "B", "Monthly demand (t)"], {0, 3}),
        (["Hours available per week", "A", "B"], {0}),
        (["Stock A", "Stock B", "Bond"], set()),
        (["High demand", "Low demand", "No change"], set()),
        (["Demand", "Capacity"], set()),  # nothing else is left
        (["Demand", "Unit cost", "Speed", "Time"], set()),
    ],
)
def test_only_an_amount_of_nothing_else_is_a_margin(labels: list[str], margins: set[int]) -> None:
    assert margin_rows(labels) == margins


@pytest.mark.parametrize(
    ("labels", "units"),
    [
        (("Profit ($)", "Labour (hours)"), ["$", "hours"]),
        (("Profit ($/unit)", "Wood"), ["$/unit", ""]),
        (("Selling price", "Labour"), ["", ""]),
    ],
)
def test_rows_that_are_measured_in_different_ways_are_said_of_the_columns(
    labels: tuple[str, str], units: list[str]
) -> None:
    data = read_data(
        table(("", "Chairs", "Tables"), (labels[0], "45", "80"), (labels[1], "5", "9"))
    )
    [things] = data.sets
    assert things.elements == (("Chairs",), ("Tables",))
    assert [item.unit for item in data.parameters] == units
    assert data.parameters[0].values == {("Chairs",): 45, ("Tables",): 80}


def test_what_there_is_stands_beside_the_things_in_words() -> None:
    text = table(
        ("", "Chairs", "Tables", "Available"), ("Profit", "45", "80", ""), ("Wood", "4", "9", "400")
    )
    data = read_data(text)
    assert data.sets[0].elements == (("Chairs",), ("Tables",))
    assert [item.name for item in data.parameters] == ["profit", "wood"]
    assert data.text == "Available of Wood: 400."
    assert missing_cells(text) == ()


@pytest.mark.parametrize("rows", [(0, 1, 2, 3), (0, 3, 2, 1), (0, 2, 3, 1)])
@pytest.mark.parametrize("columns", [(0, 1, 2, 3), (0, 3, 2, 1), (0, 2, 3, 1)])
async def test_the_optimum_is_the_same_in_every_order(
    rows: tuple[int, ...], columns: tuple[int, ...]
) -> None:
    data = read_data(table(*(tuple(ROWS[r][c] for c in columns) for r in rows)))
    model = read_model(
        print_data(data)
        + "var ship{i in Plant, j in Column} >= 0\n"
        + "minimize sum{i in Plant, j in Column} table_value[i, j] * ship[i, j]\n"
        + "has{i in Plant}: sum{j in Column} ship[i, j] <= supply[i]\n"
        + "needs{j in Column}: sum{i in Plant} ship[i, j] >= demand[j]\n"
    )
    backend = OptimizationBackend(workers=1)
    try:
        outcome = await backend.run(model, Limits(seconds=20))
    finally:
        await backend.aclose()
    assert outcome.answer == 3 * 60 + 5 * 20 + 50


def test_an_unnamed_side_is_the_things_of_another_table() -> None:
    told = table(("Plant", "Crew"), ("A", "7"), ("B", "9"))
    data = read_data(f"{told}\n\n{with_corner('Cost')}")
    assert [item.name for item in data.sets] == ["Plant", "Column"]
    assert by_name(data)["cost"].over == ("Plant", "Column")
