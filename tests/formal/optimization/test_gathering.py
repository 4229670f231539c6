"""Columns that are 0 or between bounds, and rows that depend on a column, as files have them."""

import time

import pytest

from neurosym.errors import FormulationError
from neurosym.formal.optimization.formats.lp import print_lp, read_lp
from neurosym.formal.optimization.formats.mps import print_mps, read_mps
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import AnyOf, Implies, Model
from tests.formal.optimization.exchange import (
    agree,
    optimum_in_scip,
    optimum_of_file,
    optimum_of_model,
)


def lp(rows: str, rest: str, objective: str = "x + y") -> str:
    return f"Minimize\n {objective}\nSubject To\n{rows}\n{rest}End\n"


def mps(bounds: str, row: str = "G", side: str = "1", rest: str = "") -> str:
    return (
        f"NAME plan\nROWS\n N obj\n {row} c\nCOLUMNS\n x obj 1 c 1\n y obj 1 c 1\nRHS\n"
        f" RHS c {side}\nBOUNDS\n{bounds} UP B y 0.5\n{rest}ENDATA\n"
    )


def said(model: Model) -> list[str]:
    """The constraints of a model in the modelling language."""
    text = print_model(model)
    return [line for line in text.splitlines() if line.startswith(("c", "x_semi"))]


def check_what_is_printed(model: Model) -> None:
    """That each format says the same of a model."""
    found = optimum_of_model(model)
    assert agree(optimum_of_model(read_lp(print_lp(model))), found)
    assert agree(optimum_of_model(read_mps(print_mps(model))), found)
    assert agree(optimum_of_model(read_model(print_model(model))), found)


# Semi-continuous columns


@pytest.mark.parametrize("section", ["Semi-Continuous", "semis", "SEMI"])
@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        ("2 <= x <= 5", 2.0),
        ("x <= 5", 1.0),
        ("x = 3", 3.0),
        ("1.5 <= x <= 5\nGenerals\n x", 2.0),
    ],
)
def test_a_section_of_semi_continuous_variables(section: str, bounds: str, wanted: float) -> None:
    text = lp(" c: x + y >= 1", f"Bounds\n y <= 0.5\n {bounds}\n{section}\n x\n")
    model = read_lp(text)
    assert optimum_of_model(model) == pytest.approx(wanted)
    assert agree(optimum_of_file(text, ".lp"), wanted)
    assert agree(optimum_in_scip(text, ".lp"), wanted)
    check_what_is_printed(model)


def test_bounds_may_stand_after_semi_continuous_variables() -> None:
    text = lp(" c: x + y >= 1", "Semis\n x\nBounds\n 2 <= x <= 5\n y <= 0.5\n")
    assert said(read_lp(text))[-1] == "x_semi: x = 0 or x >= 2"
    assert agree(optimum_of_file(text, ".lp"), optimum_of_model(read_lp(text)))


@pytest.mark.parametrize(
    ("bounds", "side", "wanted"),
    [
        ("-5 <= x <= -2", -9, -5.0),
        ("-5 <= x <= -2", 0, 0.0),
        ("-5 <= x <= 2", -9, -5.0),
    ],
)
def test_semi_continuous_variables_below_0(bounds: str, side: int, wanted: float) -> None:
    # HiGHS takes no lower bounds below 0.
    text = lp(f" c: x + y >= {side}", f"Bounds\n {bounds}\nSemis\n x\n")
    assert optimum_of_model(read_lp(text)) == pytest.approx(wanted)
    assert agree(optimum_in_scip(text, ".lp"), wanted)


def test_where_nothing_is_between_the_bounds_0_is_left() -> None:
    text = lp(" c: x + y >= 0.2", "Bounds\n 5 <= x <= 2\nSemis\n x\n")
    assert optimum_of_model(read_lp(text)) == pytest.approx(0.2)
    assert agree(optimum_of_file(text, ".lp"), 0.2)


def test_a_name_that_is_taken_is_no_name_of_what_is_semi_continuous() -> None:
    text = lp(" x_semi: x + y >= 1", "Bounds\n 2 <= x <= 5\nSemis\n x\n")
    assert [item.name for item in read_lp(text).constraints] == ["x_semi", "x_semi_2"]


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        (" LO B x 2\n SC B x 5\n", 2.0),
        (" SC B x 5\n LO B x 2\n", 2.0),
        (" SC B x 5\n", 1.0),
        (" LO B x 2.5\n SI B x 5\n", 3.0),
    ],
)
def test_semi_continuous_bounds(bounds: str, wanted: float) -> None:
    text = mps(bounds)
    model = read_mps(text)
    assert optimum_of_model(model) == pytest.approx(wanted)
    assert agree(optimum_of_file(text, ".mps"), wanted)
    assert agree(optimum_in_scip(text, ".mps"), wanted)
    check_what_is_printed(model)


def test_a_whole_column_stays_whole_where_it_is_semi_continuous() -> None:
    marked = " M 'MARKER' 'INTORG'\n x obj 1 c 1\n M 'MARKER' 'INTEND'\n"
    text = mps(" LO B x 1.5\n SC B x 5\n").replace(" x obj 1 c 1\n", marked)
    assert optimum_of_model(read_mps(text)) == pytest.approx(2)
    assert agree(optimum_in_scip(text, ".mps"), 2.0)


# Rows that depend on a column

BOXES = "Bounds\n x <= 9\n y <= 9\nBinaries\n b\n"


@pytest.mark.parametrize("objective", ["- x - 2 y + 30 b", "- x - 2 y - 30 b", "y - x - b"])
@pytest.mark.parametrize(
    "rows",
    [
        " c: b = 1 -> x + y <= 3\n d: b = 0 -> x - y >= 1",
        " c: b = 1 -> x + y = 3",
        " b = 1 ->\n x + y <= 3\n x + y - b <= 8",
        " c: b = 0 -> x + 3 b <= 2",
    ],
)
def test_rows_after_an_arrow_hold_where_the_condition_does(rows: str, objective: str) -> None:
    text = lp(rows, BOXES, objective)
    model = read_lp(text)
    assert agree(optimum_in_scip(text, ".lp"), optimum_of_model(model))
    check_what_is_printed(model)


def test_what_is_said_after_an_arrow() -> None:
    model = read_lp(lp(" c: b = 1 -> 1 <= x + y <= 3\n c4: b = 0 -> x <= 4 + y", BOXES))
    assert said(model) == [
        "c: if b >= 1 then x + y >= 1",
        "c_2: if b >= 1 then x + y <= 3",
        "c4: if b <= 0 then x - y <= 4",
    ]
    assert all(isinstance(item.claim, Implies) for item in model.constraints)


def test_a_binary_variable_may_be_one_by_its_bounds() -> None:
    bounds = "Bounds\n x <= 9\n y <= 9\n b <= 1\nGenerals\n b\n"
    text = lp(" c: b = 1 -> x + y <= 3", bounds, "- x - y - 30 b")
    assert agree(optimum_in_scip(text, ".lp"), optimum_of_model(read_lp(text)))


def test_a_row_after_an_arrow_needs_bounds_and_says_where() -> None:
    model = read_lp(lp(" c: b = 1 -> x + y <= 3", "Binaries\n b\n"))
    with pytest.raises(FormulationError, match="line 4: constraint c needs bounds: x"):
        assert model.instance


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize(("row", "side"), [("G", 1), ("L", -1), ("E", 4)])
def test_a_section_of_indicators(row: str, side: int, value: int) -> None:
    # With b at the other value, which costs 3, the row c need not hold.
    columns = f" y obj 1 c 1\n b obj {3 if value == 0 else -3} d 1\n"
    bounds = " LO B x -4\n UP B x 9\n BV B b\n"
    text = mps(bounds, row, str(side), f"INDICATORS\n IF c b {value}\n")
    text = text.replace(" y obj 1 c 1\n", columns).replace("COLUMNS\n", " N d\nCOLUMNS\n")
    model = read_mps(text)
    assert agree(optimum_in_scip(text, ".mps"), optimum_of_model(model))
    check_what_is_printed(model)


def test_many_rows_after_arrows_are_written_out_in_seconds() -> None:
    count = 3000
    rows = "\n".join(f" b{k} = 1 -> x{k} <= 3" for k in range(count))
    bounds = "\n".join(f" x{k} <= 9" for k in range(count))
    names = "\n".join(f" b{k}" for k in range(count))
    model = read_lp(lp(rows, f"Bounds\n{bounds}\nBinaries\n{names}\n", "x0"))
    started = time.process_time()
    assert model.instance.rows == 3 * count
    # Three or four of the processor; far more if each put all bounds together anew.
    assert time.process_time() - started < 10


def test_both_kinds_are_claims_of_the_model() -> None:
    text = lp(" c: b = 1 -> x + y <= 3", f"{BOXES}Bounds\n x >= 2\nSemis\n x\n")
    kinds = [type(item.claim) for item in read_lp(text).constraints]
    assert kinds == [Implies, AnyOf]
