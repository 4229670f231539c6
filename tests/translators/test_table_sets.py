"""Tables over the same things share a set, whatever their order, and are read in other layouts."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.formal.optimization.language.reader import read_model
from neurosym.translators.argument import sentences
from neurosym.translators.model_grammar import rest_grammar
from neurosym.translators.tables import Data, print_data, read_data
from tests.translators.gbnf import Grammar

PLANTS = "| Plant | Capacity (tons) |\n|--|--|\n| Oslo | 1,200 |\n| Bergen | 900 |"
COSTS = "| Plant / Market | Rome | Bonn |\n|--|--|--|\n| Oslo | 5.5 | 7 |\n| Bergen | 6 | 4 |"
MARKETS = "Market,Demand\nRome,800\nBonn,700"
TRANSPORT = (
    "each{i in Plant}: sum{j in Market} ship[i, j] <= capacity[i]",
    "each{j in Market}: sum{i in Plant} ship[i, j] >= demand[j]",
)
OBJECTIVE = "minimize sum{i in Plant, j in Market} table_value[i, j] * ship[i, j]"


def shape(data: Data) -> tuple[list[set[tuple[str, ...]]], list[tuple[str, ...]]]:
    return [{*item.elements} for item in data.sets], [item.over for item in data.parameters]


def shuffled(table: str) -> str:
    """The same table, its rows the other way round, and its columns but for the first."""
    lines = [line.strip("|").split("|") for line in table.split("\n")]
    head, rule, *rows = [[first, *reversed(others)] for first, *others in lines]
    return "\n".join(f"|{'|'.join(cells)}|" for cells in (head, rule, *reversed(rows)))


@pytest.mark.parametrize("tables", [*permutations((PLANTS, COSTS, MARKETS))])
def test_tables_over_the_same_things_share_their_sets(tables: tuple[str, ...]) -> None:
    data = read_data("\n\n".join(tables))
    assert {item.name for item in data.sets} == {"Plant", "Market"}
    assert {item.name: item.over for item in data.parameters} == {
        "capacity": ("Plant",),
        "table_value": ("Plant", "Market"),
        "demand": ("Market",),
    }


def test_some_of_the_things_are_a_set_apart() -> None:
    fewer = "| Plant | Crew |\n|--|--|\n| Oslo | 5 |"
    assert len(read_data(f"{PLANTS}\n\n{fewer}").sets) == 2


@pytest.mark.parametrize(("head", "count"), [("Machine", 1), ("Machines", 1), ("Product", 2)])
def test_short_names_are_the_same_only_of_the_same_kind(head: str, count: int) -> None:
    table = "| {} | n |\n|--|--|\n| A | 1 |\n| B | 2 |"
    data = read_data(f"{table.format('Machine')}\n\n{table.format(head)}")
    assert len(data.sets) == count


def test_places_in_another_order_across_are_one_set() -> None:
    data = read_data("| From/To | B | A |\n|--|--|--|\n| A | 1 | 2 |\n| B | 3 | 4 |")
    assert len(data.sets) == 1
    assert data.parameters[0].values["A", "B"] == 1


def test_the_grammar_writes_the_transport_model_of_three_tables() -> None:
    told = "Ship all. No plant ships more than it has. Each market gets what it needs."
    data = read_data("\n\n".join([told, PLANTS, COSTS, MARKETS]))
    sentence, more, last = sentences(data.text)
    grammar = Grammar(rest_grammar(sentences(data.text), {"ship": ("Plant", "Market")}, data))
    lines = [f" 1: {sentence}", f"# 2: {more}", TRANSPORT[0], f"# 3: {last}", TRANSPORT[1]]
    assert grammar.accepts("\n".join([*lines, OBJECTIVE, ""]))


@pytest.mark.parametrize(
    ("sentence", "claim", "expected"),
    [
        ("If Oslo is built, Bergen has to be built.",
         "if built[Oslo] = 1 then built[Bergen] = 1", True),
        ("Bergen may be built only if Oslo is.", "built[Bergen] <= built[Oslo]", True),
        ("At most one of the plants may be built.", "built[Oslo] + built[Bergen] <= 1", True),
        ("At most one of the plants may be built.", "sum{i in Plant} built[i] <= 1", True),
        ("Each plant can ship what it has.", "if built[Oslo] = 1 then built[Bergen] = 1", False),
    ],
)  # fmt: skip
def test_places_may_depend_on_each_other(sentence: str, claim: str, expected: bool) -> None:
    told = [sentence, "Minimize the cost of 1 plant."]
    grammar = Grammar(rest_grammar(told, {"built": ("Plant",)}, read_data(PLANTS)))
    model = f" 1: {sentence}\n{claim}\n# 2: {told[1]}\nminimize sum{{i in Plant}} built[i]\n"
    assert grammar.accepts(model) is expected


@pytest.mark.parametrize(
    "tables",
    [
        (PLANTS, COSTS, MARKETS),
        (COSTS, MARKETS, PLANTS),
        (shuffled(PLANTS), COSTS, "Market,Demand\nBonn,700\nRome,800"),
        (PLANTS, shuffled(COSTS), MARKETS),
        (shuffled(COSTS), PLANTS, MARKETS),
    ],
)
async def test_the_optimum_is_the_same_in_every_order(tables: tuple[str, ...]) -> None:
    variables = "var ship{i in Plant, j in Market} >= 0\n"
    claims = "".join(
        claim.replace("each{", f"c{number}{{").replace("}:", "}:", 1) + "\n"
        for number, claim in enumerate(TRANSPORT)
    )
    text = print_data(read_data("\n\n".join(tables))) + variables + OBJECTIVE + "\n" + claims
    backend = OptimizationBackend(workers=1)
    try:
        outcome = await backend.run(read_model(text), Limits(seconds=20))
    finally:
        await backend.aclose()
    assert outcome.answer == 800 * Fraction(11, 2) + 700 * 4


@pytest.mark.parametrize(
    "text",
    [
        "Item\tWeight\tValue\nLamp\t2.5\t30\nDesk\t7\t60",
        "Item;Weight;Value\nLamp;2.5;30\nDesk;7;60",
        "Item;Weight;Value\nLamp;2,5;30\nDesk;7,0;60",
        "Item,Weight,Value\nLamp,2.5,30\nDesk,7,60",
    ],
)
def test_cells_may_be_separated_in_several_ways(text: str) -> None:
    data = read_data(f"Pack a van.\n{text}\n")
    assert shape(data) == ([{("Lamp",), ("Desk",)}], [("Item",), ("Item",)])
    weight, value = data.parameters
    assert [*weight.values.values(), *value.values.values()] == [Fraction(5, 2), 7, 30, 60]
    assert data.text.strip() == "Pack a van."


def test_a_comma_between_semicolons_is_decimal_only_where_it_parts_no_thousands() -> None:
    data = read_data("Item;Cost\nLamp;1,200\nDesk;2,500")
    assert [*data.parameters[0].values.values()] == [1200, 2500]


@pytest.mark.parametrize(
    "prose",
    [
        "\tEach lamp takes 3 hours\n\tEach desk takes 5 hours",
        "Lamps take 3 hours; desks take 5\nA lamp is 3 kg of weight; a desk is 7",
        "Use 3 lamps, 5 kg;\nuse 7 desks, 8 kg;",
    ],
)
def test_prose_with_such_signs_is_no_table(prose: str) -> None:
    assert read_data(prose) == Data(prose)


@pytest.mark.parametrize("missing", ["n/a", "-", "", "—", "N/A"])
def test_a_value_that_is_missing_is_told(missing: str) -> None:
    data = read_data(
        f"| Food | Fat | Price |\n|--|--|--|\n| Oats | 3 | 2 |\n| Milk | {missing} | 4 |"
    )
    assert [item.name for item in data.parameters] == ["price"]
    assert data.text == "Fat of Oats: 3.\nFat of Milk: not given."


@pytest.mark.parametrize(
    ("head", "cells", "unit"),
    [
        ("Price", ("0.30", "$0.50"), "$"),
        ("Price ($)", ("$0.30", "0.50"), "$"),
        ("Weight (kg)", ("5", "7 kg"), "kg"),
        ("Weight (kg)", ("5", "700 g"), None),  # grams are no kilograms
        ("Weight", ("5", "700 g"), None),
        ("Price", ("$5", "€5"), None),
    ],
)
def test_a_number_without_a_unit_is_measured_as_its_column(
    head: str, cells: tuple[str, str], unit: str | None
) -> None:
    rows = f"| Oats | {cells[0]} | 5 |\n| Milk | {cells[1]} | 6 |"
    data = read_data(f"| Food | {head} | Fat |\n|--|--|--|\n{rows}")
    assert [item.unit for item in data.parameters] == ([""] if unit is None else [unit, ""])


def test_a_single_column_is_not_turned_for_a_currency_that_is_left_out() -> None:
    data = read_data("| Food | Price |\n|--|--|\n| Oats | 0.30 |\n| Milk | $0.50 |")
    assert [item.name for item in data.parameters] == ["price"]
