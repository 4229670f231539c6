"""MPS."""

import math
import time
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InputError
from neurosym.formal.optimization.expression import (
    Constant,
    Power,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.formats.lp import print_lp, read_lp
from neurosym.formal.optimization.formats.mps import print_mps, read_mps
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Domain, Model, Sense, Variable
from neurosym.formal.optimization.rows import MAX_COLUMNS
from tests.formal.optimization.exchange import (
    WHOLE,
    agree,
    legal_names,
    models,
    optimum_in_scip,
    optimum_of_file,
    optimum_of_model,
    optimum_of_quadratic_model,
    without_comments,
)

X, Y = Reference("x"), Reference("y")
TWO = Constant(Fraction(2))

FARM = """* A comment.
NAME          farm
OBJSENSE
    MAX
ROWS
 N  profit
 L  labour
 G  water
 E  both
 N  unused
COLUMNS
    M1        'MARKER'                 'INTORG'
    x         profit             2.0   labour             1.0
    x         water             -2.0   unused             7
    M2        'MARKER'                 'INTEND'
    y         profit             3.0   labour             2.0
    y         water              3.0   both               1
    z         profit            -1.5   both               1
RHS
    RHS       labour              40   profit            -10
    RHS       water              -30   both                5
RANGES
    RNG       labour              35   both               -2
BOUNDS
 UP BND       x                   15
 MI BND       z
 UP BND       z                    8
ENDATA
"""


def program(
    columns: str = " x obj 1 c 1\n y obj 1 c 1\n",
    rhs: str = " RHS c 1\n",
    rest: str = "",
    rows: str = " N obj\n G c\n",
    head: str = "",
) -> str:
    return f"NAME plan\n{head}ROWS\n{rows}COLUMNS\n{columns}RHS\n{rhs}{rest}ENDATA\n"


def bounded(bounds: str, columns: str = " x obj 1 c 1\n y obj 1 c 1\n") -> Variable:
    return read_mps(program(columns, rest=f"BOUNDS\n{bounds}")).variables[0]


INTEGERS = " M 'MARKER' 'INTORG'\n x obj 1 c 1\n M 'MARKER' 'INTEND'\n y obj 1 c 1\n"


# What is printed and read


@given(models())
def test_linear_and_whole_models_mean_the_same_when_read_back(model: Model) -> None:
    text = print_mps(model)
    again = read_mps(text)
    assert (again.digest, again.name) == (model.digest, "plan")
    assert print_mps(again) == text


@given(models(products_in_objective=True, products_in_rows=True))
def test_quadratic_models_mean_the_same_when_read_back(model: Model) -> None:
    text = print_mps(model)
    assert read_mps(text).digest == model.digest
    assert print_mps(read_mps(text)) == text


@given(models(strange_names=True))
def test_names_that_the_format_cannot_hold_are_explained(model: Model) -> None:
    text = print_mps(model)
    again = read_mps(text)
    assert again.digest == model.digest
    assert without_comments(print_mps(again), "*") == without_comments(text, "*")
    names = {item.name for item in again.variables}
    for kept in {"x", "ship[Oslo,Bergen]", "2nd", "e9"} & {item.name for item in model.variables}:
        assert kept in names
    for made in legal_names(text, "*"):
        assert made.isascii() and len(made) <= 255


@settings(max_examples=40, deadline=None)
@given(models(numbers=WHOLE))
def test_highs_finds_the_same_in_what_we_print(model: Model) -> None:
    text = print_mps(model)
    assert agree(optimum_of_file(text, ".mps"), optimum_of_model(read_mps(text)))


@settings(max_examples=40)
@given(models(products_in_objective=True, products_in_rows=True))
def test_both_formats_say_the_same(model: Model) -> None:
    assert read_mps(print_mps(read_lp(print_lp(model)))).digest == model.digest


def test_an_example() -> None:
    model = read_mps(FARM)
    assert (model.name, model.source) == ("farm", FARM)
    assert read_mps(FARM, name="mine").name == "mine"
    assert (model.objective.name, model.objective.sense) == ("profit", Sense.MAXIMIZE)
    assert [item.name for item in model.constraints] == [
        "labour", "labour_2", "water", "both", "both_2"
    ]  # fmt: skip
    assert model.variables == (
        Variable("x", (), Domain.INTEGER, Constant(Fraction(0)), Constant(Fraction(15))),
        Variable("y", lower=Constant(Fraction(0))),
        Variable("z", upper=Constant(Fraction(8))),
    )
    assert agree(optimum_of_file(FARM, ".mps"), optimum_of_model(model))


def test_an_example_is_printed() -> None:
    model = read_model(
        "var x integer >= 0\nvar y >= -2 <= 3.5\nvar z binary\nvar free\n"
        "maximize gain: 2 * x + y - 5 + z\nc: x + 3 * y <= 9\nd: x - z = 1"
    )
    assert (
        print_mps(model)
        == """NAME model
OBJSENSE
    MAX
ROWS
 N  gain
 L  c
 E  d
COLUMNS
    MARKER  'MARKER'  'INTORG'
    x  gain  2
    x  c  1
    x  d  1
    MARKER  'MARKER'  'INTEND'
    y  gain  1
    y  c  3
    MARKER  'MARKER'  'INTORG'
    z  gain  1
    z  d  -1
    MARKER  'MARKER'  'INTEND'
    free  gain  0
RHS
    RHS  gain  5
    RHS  c  9
    RHS  d  1
BOUNDS
 PL BND  x
 LO BND  y  -2
 UP BND  y  3.5
 BV BND  z
 FR BND  free
ENDATA
"""
    )


def test_names_with_spaces_are_made_legal() -> None:
    model = read_lp("min\n cost: 2 x\nst\n c: x >= 1\nend")
    spaced = Model(model.objective, model.constraints, model.variables, name="two  words")
    assert print_mps(spaced).startswith("NAME two words\n")


def test_products_in_rows_are_printed_row_by_row() -> None:
    rows = " l: x + y <= 9\n q: 3 x + [ 2 x ^ 2 + 3 x * y + y ^ 2 ] <= 4\n r: [ x * y ] >= -1"
    model = read_lp(f"max\n x + y\nst\n{rows}\nend")
    text = print_mps(model)
    assert text.endswith(
        "QCMATRIX q\n    x  x  2\n    x  y  1.5\n    y  x  1.5\n    y  y  1\n"
        "QCMATRIX r\n    x  y  0.5\n    y  x  0.5\nENDATA\n"
    )
    assert read_mps(text).constraints == model.constraints
    assert agree(optimum_in_scip(text, ".mps"), optimum_of_quadratic_model(model))


# Ways to write


def test_fixed_form_holds_names_with_spaces() -> None:
    text = """NAME          two words
ROWS
 N  the cost
 G  at least
COLUMNS
    red car   the cost           1.0   at least           1.0
    blue      the cost           2.0   at least           1.0
RHS
              at least           3.0
BOUNDS
 UP           red car            2.0
ENDATA
"""
    model = read_mps(text)
    assert model.name == "two words"
    assert [item.name for item in model.variables] == ["red car", "blue"]
    assert optimum_of_model(model) == pytest.approx(4)
    with pytest.raises(FormulaError, match="there is no column red cat") as error:
        read_mps(text.replace(" UP           red car ", " UP           red cat "))
    assert (error.value.line, error.value.column) == (11, 15)
    assert "Did you mean red car?" in error.value.hint


@pytest.mark.parametrize(
    "head",
    ["OBJSENSE\n    MAX\n", "OBJSENSE MAX\n", "OBJSENSE\n maximize\n", "OBJSENSE MAXIMIZE\n"],
)
def test_senses(head: str) -> None:
    assert read_mps(program(head=head)).objective.sense is Sense.MAXIMIZE
    assert read_mps(
        program(head=head.lower().replace("objsense", "OBJSENSE").replace("max", "min"))
    )
    assert read_mps(program()).objective.sense is Sense.MINIMIZE


def test_the_right_hand_side_of_the_objective_is_taken_away() -> None:
    model = read_mps(program(rhs=" RHS c 1 obj 5\n"))
    assert model.objective.expression == add(X, Y, Constant(Fraction(-5)))


@pytest.mark.parametrize("rhs", [" RHS c 1\n", " c 1\n", "\tRHS\tc\t1\n", " c 1 obj 0\n"])
def test_sets_need_no_names(rhs: str) -> None:
    assert optimum_of_model(read_mps(program(rhs=rhs))) == pytest.approx(1)


@pytest.mark.parametrize(
    ("kind", "span", "lower", "upper"),
    [
        ("L", "3", 7, 10), ("L", "-3", 7, 10), ("G", "3", 10, 13), ("G", "-3", 10, 13),
        ("E", "3", 10, 13), ("E", "-3", 7, 10), ("E", "0", 10, 10), ("L", "1e30", None, 10),
    ],
)  # fmt: skip
def test_ranges(kind: str, span: str, lower: int | None, upper: int | None) -> None:
    text = program(rows=f" N obj\n {kind} c\n", rhs=" RHS c 10\n", rest=f"RANGES\n RNG c {span}\n")
    instance = read_mps(text).instance
    assert max(instance.row_lower) == (-math.inf if lower is None else lower)
    assert min(instance.row_upper) == (math.inf if upper is None else upper)
    assert agree(optimum_of_file(text, ".mps"), optimum_of_model(read_mps(text)))


def test_a_row_between_two_sides_is_printed_as_it_was_read() -> None:
    model = read_mps(FARM)
    text = print_mps(model)
    assert text.count("    RNG  ") == 2
    assert read_mps(text).constraints == model.constraints
    assert agree(optimum_of_file(text, ".mps"), optimum_of_model(model))
    apart = read_model("var x >= 0\nvar y\nminimize x\na: x + y >= 1\nb: x + y <= 3\nb_2: y <= 3")
    assert "RANGES" not in print_mps(apart), "their names would be lost"


@pytest.mark.parametrize(
    ("bounds", "lower", "upper", "domain"),
    [
        ("", 0, None, Domain.CONTINUOUS),
        (" UP B x 3\n", 0, 3, Domain.CONTINUOUS),
        (" UP x 3\n", 0, 3, Domain.CONTINUOUS),
        (" LO B x -3.5\n", Fraction(-7, 2), None, Domain.CONTINUOUS),
        (" FX B x 3\n", 3, 3, Domain.CONTINUOUS),
        (" FR B x\n", None, None, Domain.CONTINUOUS),
        (" FR x\n", None, None, Domain.CONTINUOUS),
        (" FR x 0\n", None, None, Domain.CONTINUOUS),
        (" FR B x 0\n", None, None, Domain.CONTINUOUS),
        (" MI B x\n", None, None, Domain.CONTINUOUS),
        (" PL B x\n", 0, None, Domain.CONTINUOUS),
        (" BV B x\n", None, None, Domain.BINARY),
        (" LI B x 2\n", 2, None, Domain.INTEGER),
        (" UI B x 2\n", 0, 2, Domain.INTEGER),
        (" UI B x 1\n", None, None, Domain.BINARY),
        (" UP B x 1e30\n", 0, None, Domain.CONTINUOUS),
        (" UP B x Inf\n", 0, None, Domain.CONTINUOUS),
        (" LO B x -1e20\n", None, None, Domain.CONTINUOUS),
        (" LO B x -9\n UP B x -3\n", -9, -3, Domain.CONTINUOUS),
        (" UP B x -3\n LO B x -9\n", -9, -3, Domain.CONTINUOUS),
        (" MI B x\n UP B x -3\n", None, -3, Domain.CONTINUOUS),
    ],
)
def test_bounds(
    bounds: str, lower: Fraction | None, upper: Fraction | None, domain: Domain
) -> None:
    wanted = [None if limit is None else Constant(Fraction(limit)) for limit in (lower, upper)]
    assert bounded(bounds) == Variable("x", (), domain, *wanted)
    text = program(rhs=" RHS c -20\n", rest=f"BOUNDS\n{bounds}")
    assert agree(optimum_of_file(text, ".mps"), optimum_of_model(read_mps(text)))


def test_an_upper_bound_below_zero_takes_the_lower_bound_away() -> None:
    found = bounded(" UP B x -3\n")
    assert (found.lower, found.upper) == (None, Constant(Fraction(-3)))
    kept = bounded(" LO B x 0\n UP B x -3\n")
    assert (kept.lower, kept.upper) == (Constant(Fraction(0)), Constant(Fraction(-3)))


@pytest.mark.parametrize(
    ("bounds", "lower", "upper", "domain"),
    [
        ("", None, None, Domain.BINARY),
        (" PL B x\n", 0, None, Domain.INTEGER),
        (" LO B x 1\n", 1, None, Domain.INTEGER),
        (" UP B x 7\n", 0, 7, Domain.INTEGER),
        (" FR B x\n", None, None, Domain.INTEGER),
    ],
)
def test_whole_columns_without_bounds_are_binary_as_highs_has_it(
    bounds: str, lower: int | None, upper: int | None, domain: Domain
) -> None:
    wanted = [None if limit is None else Constant(Fraction(limit)) for limit in (lower, upper)]
    assert bounded(bounds, INTEGERS) == Variable("x", (), domain, *wanted)
    text = program(INTEGERS, head="OBJSENSE\n MAX\n", rows=" N obj\n L c\n", rhs=" RHS c 20\n",
                   rest=f"BOUNDS\n{bounds} UP B y 3\n")  # fmt: skip
    assert agree(optimum_of_file(text, ".mps"), optimum_of_model(read_mps(text)))


@pytest.mark.parametrize(
    "section", ["QUADOBJ\n x x 2\n x y 3\n", "QMATRIX\n x x 2\n x y 3\n y x 3\n"]
)
def test_products_in_the_objective(section: str) -> None:
    assert read_mps(program(rest=section)).objective.expression == add(
        X, Y, Power(X, TWO), multiply(Constant(Fraction(3)), X, Y)
    )


@pytest.mark.parametrize(
    "section",
    [
        "QCMATRIX q\n x x 2\n x y 1\n y x 1\n y y 3\n",
        "QCMATRIX   q\n x x 2\n y x 2\n y y 3\n",
        "RANGES\n R q 1\nQCMATRIX q\n x x 2\n y y 3\nQCMATRIX c\n x x -1\n",
        "QUADOBJ\n x x 1\n x y 3\nQCMATRIX q\n x x 2\n x y 3\n y y 3\n",
    ],
)
def test_scip_finds_the_same_with_products_in_rows(section: str) -> None:
    columns = " x obj -1 c 1\n x q 1\n y obj -1 c 1\n y q 1\n"
    text = program(columns, rows=" N obj\n G c\n L q\n", rhs=" RHS c 1 q 4\n", rest=section)
    found = optimum_of_quadratic_model(read_mps(text))
    assert agree(optimum_in_scip(text, ".mps"), found)
    assert agree(optimum_of_quadratic_model(read_mps(print_mps(read_mps(text)))), found)


def test_products_of_a_row_in_fixed_form() -> None:
    text = """NAME          two words
ROWS
 N  cost
 L  at most
COLUMNS
    red car   cost              -1.0   at most            1.0
RHS
    RHS       at most            6.0
QCMATRIX   at most
    red car   red car            1.0
ENDATA
"""
    assert optimum_of_quadratic_model(read_mps(text)) == pytest.approx(-2, abs=1e-4)
    with pytest.raises(FormulaError, match="there is no row at most2") as error:
        read_mps(text.replace("QCMATRIX   at most", "QCMATRIX   at most2"))
    assert (error.value.line, error.value.column) == (9, 12)


# Errors


@pytest.mark.parametrize(
    ("text", "problem", "line", "column"),
    [
        ("", "ends too early; expected ENDATA", 1, 1),
        ("NAME x\nROWS\n N obj\nCOLUMNS\n x obj 1\n", "ends too early", 5, 9),
        (" N obj\nENDATA\n", "belongs to no section", 1, 2),
        ("NAME x\nROWS\n N obj\nENDATA\n", "no section COLUMNS before ENDATA", 4, 1),
        ("NAME x\nCOLUMNS\n x obj 1\nENDATA\n", "no section ROWS before COLUMNS", 2, 1),
        ("NAME x\nROWS\n N obj\nBOUNDS\nENDATA\n", "no section COLUMNS before BOUNDS", 4, 1),
        ("NAME x\nROWS\n L c\nCOLUMNS\n x c 1\nENDATA\n", "there is no objective", 6, 1),
        (program() + " x\n", "something after ENDATA", 11, 2),
        (program(rest="LIMITS\n"), "there is no section LIMITS", 10, 1),
        (program(rest="ROWS\n"), "ROWS stands twice", 10, 1),
        (program(rest="BOUNDS x\n"), "unexpected 'x' after BOUNDS", 10, 8),
        (program(rest="SOS1\n"), "special ordered sets are not supported", 10, 1),
        (program(rest="INDICATORS\n IF c x 1\n"), "a row depends on x, which is not binary", 11, 7),
        (program(rest="INDICATORS\n IF c x 2\n"), "column is 0 or 1; expected 0 or 1", 11, 9),
        (program(rest="INDICATORS\n IF c x\n"), "the line has 3 words; expected 4", 11, 8),
        (program(rest="INDICATORS\n IN c x 1\n"), "IN is no type of indicator; exp", 11, 2),
        (program(rest="INDICATORS\n IF d x 1\n"), "there is no row d", 11, 5),
        (program(rest="INDICATORS\n IF obj x 1\n"), "obj is no constraint", 11, 5),
        (program(rest="INDICATORS\n IF c z 1\n"), "there is no column z", 11, 7),
        (program(rest="INDICATORS\n IF c x 1\n IF c y 1\n"), "c depends on two columns", 12, 5),
        (program(rest="QCMATRIX\n"), "QCMATRIX names no row", 10, 9),
        (program(rest="QCMATRIX d\n"), "there is no row d", 10, 10),
        (program(rest="QCMATRIX c d\n"), "there is no row c d", 10, 10),
        (program(rest="QCMATRIX obj\n"), "obj is no constraint", 10, 10),
        (program(rest="QCMATRIX c\n x x 1\nQCMATRIX c\n"), "QCMATRIX c stands twice", 12, 1),
        (program(rest="QCMATRIX c\n x x 1\n x x 1\n"), "product of x and x is given twice", 12, 2),
        (program(rest="QCMATRIX c\n x z 1\n"), "there is no column z", 11, 4),
        (program(rest="QCMATRIX c\n x x inf\n"), "a coefficient is infinite", 11, 6),
        (program(" x c 1\n", rows=" G c\n", rest="QUADOBJ\n x x 1\n"), "no objective", 8, 1),
        (program(head="OBJSENSE\n  UP\n"), "this is no sense; expected MAX or MIN", 3, 3),
        (program(rows=" N obj\n G\n"), "the line has 1 words; expected 2", 4, 3),
        (program(rows=" N obj\n Q c\n"), "Q is no type of row; expected N, L, G or E", 4, 2),
        (program(rows=" N obj\n G c\n L c\n"), "two rows are called c", 5, 4),
        (program(" x obj\n"), "the line has 2 words; expected 3 or 5", 6, 7),
        (program(" x obj 1 c 2 d 3\n"), "the line has 7 words", 6, 14),
        (program(" x obj 1 d 2\n"), "there is no row d", 6, 10),
        (program(" x obj one\n"), "'one' is no number", 6, 8),
        (program(" x obj nan\n"), "'nan' is no number", 6, 8),
        (program(" x obj 1 c -inf\n"), "a coefficient is infinite", 6, 12),
        (program(" x obj 1e999\n"), "too large", 6, 8),
        (program(" x obj 1\n x obj 2\n"), "x has two entries in obj", 7, 4),
        (program(" x obj 1\n y c 2\n x c 2\n"), "the column x stands in two places", 8, 2),
        (program(" x obj 1\n RHS obj 1\n"), "RHS is no name of a column", 7, 2),
        (program(" M 'MARKER' 'INTO'\n"), "this is no marker; expected", 6, 4),
        (program(rhs=" RHS d 1\n"), "there is no row d", 9, 6),
        (program(rhs=" RHS c x\n"), "'x' is no number", 9, 8),
        (program(rhs=" RHS c 1\n RHS c 2\n"), "c has two sides", 10, 6),
        (program(rhs=" RHS c 1\n RHS2 obj 2\n"), "RHS2 is a second set of sides", 10, 2),
        (program(rhs=" RHS c inf\n"), "no finite number keeps to this", 9, 8),
        (program(rhs=" RHS obj inf\n"), "the objective is infinite", 9, 10),
        (program(rest="RANGES\n R c one\n"), "'one' is no number", 11, 6),
        (program(rest="RANGES\n R obj 1\n"), "obj has no sides", 11, 8),
        (program(rest="BOUNDS\n UP B z 1\n"), "there is no column z", 11, 7),
        (program(rest="BOUNDS\n UX B x 1\n"), "UX is no type of bound", 11, 2),
        (program(rest="BOUNDS\n SC B x 1e30\n"), "x is semi-continuous and has no", 11, 9),
        (program(rest="BOUNDS\n SI B x 3\n PL B x\n"), "x is .* no finite upper bound", 11, 9),
        (program(rest="BOUNDS\n MI B x\n SC B x -3\n"), "x is .* no finite lower bound", 12, 9),
        (program(rest="BOUNDS\n SC B x\n"), "there is no column B", 11, 5),
        (program(rest="BOUNDS\n SN B x 1\n"), "SN is no type of bound", 11, 2),
        (program(rest="BOUNDS\n UP B x\n"), "there is no column B", 11, 5),
        (program(rest="BOUNDS\n UP B x one\n"), "'one' is no number", 11, 9),
        (program(rest="BOUNDS\n LO B x inf\n"), "no finite number", 11, 9),
        (program(rest="BOUNDS\n FR B z\n"), "there is no column z", 11, 7),
        (program(rest="QUADOBJ\n x z 1\n"), "there is no column z", 11, 4),
        (program(rest="QUADOBJ\n x y 1\n y x 1\n"), "product of y and x is given twice", 12, 2),
        (program(rest="QUADOBJ\n x y 1e\n"), "'1e' is no number", 11, 6),
    ],
)
def test_errors_name_their_place(text: str, problem: str, line: int, column: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        read_mps(text)
    assert (error.value.line, error.value.column) == (line, column)
    assert str(error.value).splitlines()[-1].endswith("^")
    assert error.value.hint


@given(st.data())
def test_any_text_is_read_or_refused(data: st.DataObject) -> None:
    lines = FARM.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        words = lines[at].split(" ")
        change = data.draw(st.sampled_from(["", "x", "1", "'MARKER'", "y", "-1e30", "\t", "E"]))
        words[data.draw(st.integers(0, len(words) - 1))] = change
        lines[at] = " ".join(words)
    try:
        model = read_mps("\n".join(lines))
    except FormulaError as error:
        assert error.hint
    else:
        # A column named "1" is read, but other readers would take it for a number: it is renamed.
        again = read_mps(print_mps(model)).variables
        assert [replace(item, name="") for item in again] == [
            replace(item, name="") for item in model.variables
        ]


def test_lines_may_end_as_on_windows() -> None:
    assert read_mps(FARM.replace("\n", "\r\n")).digest == read_mps(FARM).digest


def test_too_many_columns_are_refused_at_once() -> None:
    columns = "".join(f" x{k} obj 1\n" for k in range(1_000_000))
    started = time.process_time()
    with pytest.raises(InputError, match="500,000 variables") as error:
        read_mps(program(columns))
    assert time.process_time() - started < 2
    assert f"{MAX_COLUMNS:,}" in error.value.hint


def test_a_hundred_thousand_columns_are_read_in_linear_time() -> None:
    # Five times the columns, five times the processor time; a quadratic step would take 25.
    assert _seconds_to_read(100_000) < 10 * _seconds_to_read(20_000)


def _seconds_to_read(count: int) -> float:
    """The less of two times, for a busy machine makes any one of them longer."""
    return min(_seconds_of_one(count) for _ in range(2))


def _seconds_of_one(count: int) -> float:
    rows = " N obj\n" + "".join(f" G c{k}\n" for k in range(count))
    columns = "".join(
        f" x{k} obj 1 c{k} {k % 97 + 1}\n x{k} c{(k + count // 3) % count} 2.5\n"
        for k in range(count)
    )
    text = program(columns, rows=rows, rhs="")
    started = time.process_time()
    model = read_mps(text)
    seconds = time.process_time() - started
    assert (len(model.variables), len(model.constraints)) == (count, count)
    return seconds


def test_a_mark_before_the_text_is_no_part_of_it() -> None:
    assert read_mps(f"\ufeff{FARM}") == read_mps(FARM)
    assert read_mps(f"\ufeff{FARM}").source == FARM
