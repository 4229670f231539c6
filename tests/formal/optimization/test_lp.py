"""The LP format."""

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError, InputError
from neurosym.formal.optimization.expression import (
    ONE,
    ZERO,
    Call,
    Comparison,
    Constant,
    Divide,
    Function,
    Multiply,
    Power,
    Reference,
    add,
    multiply,
)
from neurosym.formal.optimization.formats.lp import print_lp, read_lp
from neurosym.formal.optimization.formats.lp_tokens import Tokens, is_legal
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import (
    Constraint,
    Domain,
    Model,
    Objective,
    Relation,
    Sense,
    Variable,
)
from neurosym.formal.optimization.rows import MAX_COLUMNS
from tests.formal.optimization.exchange import (
    WHOLE,
    agree,
    legal_names,
    models,
    optimum_of_file,
    optimum_of_model,
    without_comments,
)

X, Y = Reference("x"), Reference("y")
TWO = Constant(Fraction(2))

FARM = r"""\ A comment.
Maximize
 profit: 2 x + 3 y - 1.5 z + 10
Subject To
 labour: x + 2 y + z <= 40  \ hours
 -5 <= x - y <= 10
 water: 3 y >= 2 x - 30
Bounds
 y <= 12
 -inf <= z <= 8
 z >= -3
Generals
 x
Binary
 y
End
"""


def program(rows: str = " c: x + y >= 1", rest: str = "", objective: str = "obj: x + y") -> str:
    return f"Minimize\n {objective}\nSubject To\n{rows}\n{rest}End\n"


def said(rows: str) -> list[tuple[str, dict[str, Fraction], Comparison, Fraction]]:
    """Names, coefficients, comparisons and sides of the rows of a program."""
    found = []
    for constraint in read_lp(program(rows)).constraints:
        assert isinstance(constraint.claim, Relation)
        left, right = constraint.claim.left, constraint.claim.right
        terms = left.terms if hasattr(left, "terms") else (left,)
        values = {}
        for term in terms:
            if isinstance(term, Multiply):
                factor, reference = term.factors
                values[reference.name] = factor.value
            elif isinstance(term, Reference):
                values[term.name] = Fraction(1)
        found.append((constraint.name, values, constraint.claim.comparison, right.value))
    return found


def only(rows: str) -> tuple[dict[str, Fraction], Comparison, Fraction]:
    [(_, *rest)] = said(rows)
    return rest[0], rest[1], rest[2]


def variable(name: str, rest: str) -> Variable:
    [found] = [item for item in read_lp(program(rest=rest)).variables if item.name == name]
    return found


# What is printed and read


@given(models())
def test_linear_and_whole_models_mean_the_same_when_read_back(model: Model) -> None:
    text = print_lp(model)
    assert read_lp(text).digest == model.digest
    assert print_lp(read_lp(text)) == text


@given(models(products_in_objective=True, products_in_rows=True))
def test_quadratic_models_mean_the_same_when_read_back(model: Model) -> None:
    text = print_lp(model)
    assert read_lp(text).digest == model.digest
    assert print_lp(read_lp(text)) == text


def read_slowly(text: str) -> Model | str:
    """What is read term by term, or the error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tokens, "terms", lambda _: iter(()))
        return read_or_error(text)


def read_or_error(text: str) -> Model | str:
    try:
        return read_lp(text)
    except (FormulaError, InputError) as error:
        return str(error)


_BITS = st.sampled_from(
    ["+", "-", "2", "3.5", "1e400", "inf", "x", "y", "e2", "st", "subject", "to", "bounds", "user",
     "cuts", "multi-objectives", "semi-continuous", "free", "*", "[", "]", "^ 2", "/ 2", ":", "<=",
     ">= 3", "->", "\\ words\n", "\n", "c: x + y <= 4\n", "+ x", "- 2 y", "+ 3 * z", "- z"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_BITS, max_size=12).map(" ".join), st.sampled_from(["objective", "rows"]))
def test_runs_of_terms_are_read_as_one_by_one(bits: str, where: str) -> None:
    text = program(objective=f"x + {bits}") if where == "objective" else program(f"x - {bits}")
    assert read_or_error(text) == read_slowly(text)


@given(models(strange_names=True))
def test_names_that_the_format_cannot_hold_are_explained(model: Model) -> None:
    text = print_lp(model)
    again = read_lp(text)
    assert again.digest == model.digest
    assert without_comments(print_lp(again), "\\") == without_comments(text, "\\")
    for kept in {"x"} & {item.name for item in model.variables}:
        assert kept in {item.name for item in again.variables}
    for made, name in legal_names(text, "\\").items():
        assert made.isascii() and len(made) <= 255 and name.startswith('"')


@settings(max_examples=40, deadline=None)
@given(models(numbers=WHOLE))
def test_highs_finds_the_same_in_what_we_print(model: Model) -> None:
    text = print_lp(model)
    assert agree(optimum_of_file(text, ".lp"), optimum_of_model(read_lp(text)))


def test_highs_reads_long_rows_and_all_legal_letters() -> None:
    names = [f"a{letter}{k}" for k, letter in enumerate("_!\"#$%&@`'{}|~?().,;" * 4)]
    rows = "\n".join(f" {name}: {name} >= {k}" for k, name in enumerate(names))
    text = print_lp(read_lp(program(rows, objective="obj: " + " + ".join(names))))
    assert not legal_names(text, "\\")
    assert max(map(len, text.splitlines())) <= 100
    assert agree(optimum_of_file(text, ".lp"), float(sum(range(len(names)))))


def test_an_example() -> None:
    model = read_lp(FARM, name="farm")
    assert (model.name, model.source) == ("farm", FARM)
    assert model.objective.sense is Sense.MAXIMIZE
    assert model.objective.name == "profit"
    assert [item.name for item in model.constraints] == ["labour", "c2", "c2_2", "water"]
    assert model.variables == (
        Variable("x", domain=Domain.INTEGER, lower=Constant(Fraction(0))),
        Variable("y", domain=Domain.BINARY),
        Variable("z", lower=Constant(Fraction(-3)), upper=Constant(Fraction(8))),
    )
    assert optimum_of_model(model) == pytest.approx(2 * 11 + 3 + 4.5 + 10)


def test_an_example_is_printed() -> None:
    assert (
        print_lp(read_lp(FARM))
        == """Maximize
 profit: 2 x + 3 y - 1.5 z + 10
Subject To
 labour: x + 2 y + z <= 40
 c2: x - y >= -5
 c2_2: x - y <= 10
 water: - 2 x + 3 y >= -30
Bounds
 -3 <= z <= 8
Generals
 x
Binaries
 y
End
"""
    )


def test_indexed_models_are_written_out() -> None:
    text = print_lp(
        read_model(
            "set Towns = Oslo, Bergen\nparam need{Towns} = Oslo: 30, Bergen: 12\n"
            "var ship{t in Towns} integer >= 0\nminimize cost: sum{t in Towns} 2 * ship[t]\n"
            "enough{t in Towns}: ship[t] >= need[t]"
        )
    )
    assert text == (
        '\\ variable ship(Oslo) stands for "ship[Oslo]"\n'
        '\\ variable ship(Bergen) stands for "ship[Bergen]"\n'
        '\\ row enough(Oslo) stands for "enough[Oslo]"\n'
        '\\ row enough(Bergen) stands for "enough[Bergen]"\n'
        "Minimize\n cost: 2 ship(Oslo) + 2 ship(Bergen)\n"
        "Subject To\n enough(Oslo): ship(Oslo) >= 30\n enough(Bergen): ship(Bergen) >= 12\n"
        "Generals\n ship(Oslo)\n ship(Bergen)\nEnd\n"
    )


def test_logic_is_printed_as_its_rows() -> None:
    model = read_model("var x >= 0 <= 9\nvar y >= 0 <= 9\nmaximize x + y\neither: x <= 3 or y <= 2")
    text = print_lp(model)
    assert "either.choice(2)" in text
    assert optimum_of_file(text, ".lp") == pytest.approx(12)


def test_numbers_that_do_not_end_are_rounded_and_that_is_said() -> None:
    model = Model(
        Objective(Sense.MINIMIZE, multiply(Constant(Fraction(1, 3)), X)), (), (Variable("x"),)
    )
    text = print_lp(model)
    assert text.startswith("\\ numbers whose decimals do not end are rounded to 17 digits\n")
    assert " objective: 0.33333333333333333 x\n" in text


@pytest.mark.parametrize(
    "objective",
    [
        Power(X, Constant(Fraction(3))),
        Divide(X, Y),
        multiply(X, X, Y),
        multiply(Power(X, TWO), Power(Y, TWO)),
        Call(Function.EXP, (X,)),
        multiply(Constant(Fraction(1, 10**301)), X),
    ],
)
def test_what_the_format_cannot_say(objective: Multiply) -> None:
    model = Model(Objective(Sense.MINIMIZE, objective), (), (Variable("x"), Variable("y")))
    with pytest.raises(InexpressibleError) as error:
        print_lp(model)
    assert error.value.hint


def test_a_side_that_would_be_read_as_infinite_is_refused() -> None:
    # Solvers hold the numbers of the model, but not their square, which the format writes out.
    square = Power(add(X, Constant(Fraction(10**11))), TWO)
    said = Relation(square, Comparison.AT_MOST, Constant(Fraction(10**19)))
    model = Model(Objective(Sense.MINIMIZE, X), (Constraint("c", said),), (Variable("x"),))
    with pytest.raises(InexpressibleError, match="infinite"):
        print_lp(model)


def test_products_are_multiplied_out() -> None:
    square = Power(add(X, multiply(TWO, Y), Constant(Fraction(1))), TWO)
    model = Model(Objective(Sense.MINIMIZE, square), (), (Variable("x"), Variable("y")))
    assert " objective: 2 x + 4 y + 1 + [ 2 x ^ 2 + 8 x * y + 8 y ^ 2 ] / 2\n" in print_lp(model)


# Ways to write


@pytest.mark.parametrize("word", ["max", "MAXIMUM", "Maximize"])
@pytest.mark.parametrize("rows", ["st", "S.T.", "st.", "subject  to", "Such That", "SUBJECT TO"])
def test_sections_are_called_in_many_ways(word: str, rows: str) -> None:
    model = read_lp(f"{word} x + y\n{rows}\n c: x <= 4\nbound\n y <= 2\nint\n x\nbin y\nend")
    assert model.objective.sense is Sense.MAXIMIZE
    assert [item.domain for item in model.variables] == [Domain.INTEGER, Domain.BINARY]
    assert optimum_of_model(model) == pytest.approx(5)


def test_a_program_on_one_line() -> None:
    assert optimum_of_model(read_lp("max x st x <= 4.5 end")) == pytest.approx(4.5)


@pytest.mark.parametrize(
    ("rows", "values", "comparison", "side"),
    [
        ("c: 3x+-2 y>=1", {"x": 3, "y": -2}, Comparison.AT_LEAST, 1),
        ("c: - x + - - y = -.5", {"x": -1, "y": 1}, Comparison.EQUAL, Fraction(-1, 2)),
        ("c: 1e3 x + 2.5E-1y =< 1e+2", {"x": 1000, "y": Fraction(1, 4)}, Comparison.AT_MOST, 100),
        ("c: x => 2", {"x": 1}, Comparison.AT_LEAST, 2),
        ("c: x < 2", {"x": 1}, Comparison.AT_MOST, 2),
        ("c: x > 2", {"x": 1}, Comparison.AT_LEAST, 2),
        ("c: 2 <= x", {"x": 1}, Comparison.AT_LEAST, 2),
        ("c: 2 * x + 1 <= 5 + y", {"x": 2, "y": -1}, Comparison.AT_MOST, 4),
        ("c: x + x + 0 y <= 5", {"x": 2}, Comparison.AT_MOST, 5),
        ("c: x <= 3\n y", {"x": 1, "y": -3}, Comparison.AT_MOST, 0),
        ("c:\n x\n + y\n <=\n 3", {"x": 1, "y": 1}, Comparison.AT_MOST, 3),
        ("c: x >= 0.1", {"x": 1}, Comparison.AT_LEAST, Fraction(1, 10)),
    ],
)  # fmt: skip
def test_rows(
    rows: str, values: dict[str, Fraction], comparison: Comparison, side: Fraction
) -> None:
    if rows.endswith("3\n y"):
        # A number at the end of a line is a side; the next line is another row.
        with pytest.raises(FormulaError, match="unexpected 'End'"):
            read_lp(program(rows))
        return
    assert only(rows) == (values, comparison, side)


def test_a_new_line_begins_a_row() -> None:
    found = said(" x <= 5\n -y <= 3\n x >= 2 y\n 3 y <= 9\n x + y >= 2 x\n + 3 y\n z = 1")
    assert [(name, side) for name, _, _, side in found] == [
        ("c1", 5), ("c2", 3), ("c3", 0), ("c4", 9), ("c5", 0), ("c6", 1)
    ]  # fmt: skip
    assert found[4][1] == {"x": -1, "y": -2}


def test_rows_between_two_sides_are_two() -> None:
    for rows in ("r: -5 <= x + y <= 10", "r: 10 >= x + y >= -5"):
        assert said(rows) == [
            ("r", {"x": 1, "y": 1}, Comparison.AT_LEAST, -5),
            ("r_2", {"x": 1, "y": 1}, Comparison.AT_MOST, 10),
        ]


def test_a_side_of_infinity_says_nothing() -> None:
    assert said("r: -inf <= x + y <= Infinity\n s: x >= -1e30") == []
    assert only("r: -1e20 <= x + y <= 4") == ({"x": 1, "y": 1}, Comparison.AT_MOST, 4)


def test_rows_without_names_do_not_take_others() -> None:
    assert [row[0] for row in said("x >= 1\nc1: y >= 1\nx + y >= 3")] == ["c1_2", "c1", "c3"]


@pytest.mark.parametrize(
    ("bounds", "lower", "upper"),
    [
        ("", 0, None),
        ("x >= 2", 2, None),
        ("2 <= x", 2, None),
        ("x <= 2", 0, 2),
        ("x = 3", 3, 3),
        ("3 = x", 3, 3),
        ("x free", None, None),
        ("x FREE", None, None),
        ("-INF <= x <= +infinity", None, None),
        ("-inf <= x <= 5", None, 5),
        ("5 >= x >= -2.5", Fraction(-5, 2), 5),
        ("x >= -1e30", None, None),
        ("x <= -3", 0, -3),
        ("x >= 2 x <= 3", 2, 3),
        ("x >= 2\n-1 <= x", -1, None),
    ],
)
def test_bounds(bounds: str, lower: Fraction | None, upper: Fraction | None) -> None:
    found = variable("x", f"Bounds\n{bounds}\n")
    assert [found.lower, found.upper] == [
        None if limit is None else Constant(Fraction(limit)) for limit in (lower, upper)
    ]


def test_a_binary_variable_keeps_its_bounds() -> None:
    assert variable("x", "Bounds\nx free\nBinaries\nx\n") == Variable("x", domain=Domain.BINARY)
    fixed = variable("x", "Bounds\nx = 1\nBinaries\nx\n")
    assert fixed.domain is Domain.INTEGER
    assert fixed.lower == fixed.upper == Constant(Fraction(1))


def test_products() -> None:
    model = read_lp(
        program("q: [ x^2 - 3 x*y ] + y <= 4", objective="x + [ 2 x ^ 2 + 4 x * y ] / 2")
    )
    assert model.objective.expression == add(X, Power(X, TWO), multiply(TWO, X, Y))
    assert isinstance(model.constraints[0].claim, Relation)
    assert model.constraints[0].claim.left == add(
        Y, Power(X, TWO), multiply(Constant(Fraction(-3)), X, Y)
    )


@pytest.mark.parametrize(
    "text",
    [
        FARM.replace(" -5 <= x - y <= 10\n", "")
        .replace("3 y >= 2 x - 30", "3 y - 2 x >= -30")
        .replace(" y <= 12\n", ""),
        program(" c: 0 x >= -1", objective="obj: 0"),
        program(" c: x >= 1.5", "General\n x\n"),
        program(" c: x + y >= 1", "Bounds\n x <= -3\n"),
        program(" c: x + y >= 1", "Bounds\n x free\n", "obj: 2 x + 3 y"),
        program(" c: x + y <= 1e30", "Bounds\n x >= 2\n y <= 1e20\n"),
    ],
)
def test_highs_finds_the_same_in_what_others_write(text: str) -> None:
    assert agree(optimum_of_file(text, ".lp"), optimum_of_model(read_lp(text)))


# Names and endings that other programs write


@pytest.mark.parametrize(
    "name",
    ["x[0]", "x[1,2]", "flow[Oslo,Bergen]", "x[a](b)[c]", "x[-1]", "größe", "été", "変数", "x₁",
     "l’eau", "a→b", "x'", "a.b;c", "E/2"],
)  # fmt: skip
def test_names_are_kept(name: str) -> None:
    rows = f" {name}: 2 {name} + y >= 4\n [ {name}*{name} + y ^2 ] <= 9"
    model = read_lp(program(rows, f"Bounds\n {name} <= 3\n", f"obj: - {name} + 3 * {name} + y"))
    assert [item.name for item in model.variables] == [name, "y"]
    assert [item.name for item in model.constraints] == [f"{name}_row", "c2"]
    assert model.instance.column_names[0] == name
    assert model.instance.upper[0] == 3
    assert read_model(print_model(model)).instance.column_names[0] == name
    assert read_lp(print_lp(model)).digest == model.digest


def test_what_pulp_writes_is_read(tmp_path: Path) -> None:
    problem = pulp.LpProblem("größen", pulp.LpMinimize)
    size, other = pulp.LpVariable("größe", lowBound=0), pulp.LpVariable("été_変数", lowBound=1)
    problem += 3 * size + other
    problem += size + other >= 4, "größer"
    problem.writeLP(str(tmp_path / "model.lp"))
    model = read_lp((tmp_path / "model.lp").read_text(encoding="utf-8"))
    assert {item.name for item in model.variables} == {"größe", "été_変数"}
    assert [item.name for item in model.constraints] == ["größer"]
    assert optimum_of_model(model) == 4


def test_a_mark_before_the_text_is_no_part_of_it() -> None:
    assert read_lp(f"\ufeff{FARM}") == read_lp(FARM)
    assert read_lp(f"\ufeff{FARM}").source == FARM


@pytest.mark.parametrize("rest", ["", "\n", "\nBounds\n x <= 3\n", "\nGenerals\n x"])
def test_a_text_without_its_end_is_read_and_told(rest: str) -> None:
    model = read_lp(f"Minimize\n x\nSubject To\n c: x >= 1{rest}")
    assert model == read_lp(f"Minimize\n x\nSubject To\n c: x >= 1{rest}\nEnd")
    [note] = model.notes
    assert "no End" in note
    assert model.instance.notes == (note,)
    assert read_lp(FARM).notes == ()


# Errors


@pytest.mark.parametrize(
    ("text", "problem", "line", "column"),
    [
        ("", "ends too early; expected Minimize or Maximize", 1, 1),
        ("x + y\n", "unexpected 'x'; expected Minimize", 1, 1),
        ("max\n x\nbounds\n x <= 3\nend", "Bounds stands before Subject To", 3, 1),
        ("max\n x\nend", "there is no section Subject To", 3, 1),
        ("max\n x\nst\n x <= 1\nmin\n x\nend", "two objectives", 5, 1),
        ("max\n x\nst\n x <= 1\nbounds\n x <=", "ends too early; expected a number", 6, 6),
        ("max\n x\nst\n x <=\n", "ends too early; expected a number or a variable", 4, 6),
        ("max\n x\nst\n c: x <= 1\nend\nx", "unexpected 'x' after End", 6, 1),
        ("max\n x +\nst\n c: x <= 1\nend", "unexpected 'st'", 3, 1),
        ("max\n inf\nst\nend", "the objective is infinite", 2, 2),
        (program(" c: x + y"), "unexpected 'End'; expected <=, = or >=", 5, 1),
        (program(" c: x y <= 2"), "unexpected 'y'; expected [+], - or <=", 4, 7),
        (program(" c: 2 3 x <= 2"), "unexpected '3'", 4, 7),
        (program(" c: x <= 2\n c: y <= 3"), "two rows are called c", 5, 2),
        (program(" c: x <= 2 <= 3"), "two sides has a variable", 4, 5),
        (program(" c: 1 <= x >= 2"), "compared in two ways", 4, 12),
        (program(" c: 1 <= x <= 2 <= 3"), "unexpected '<='", 4, 17),
        (program(" c: <= 2"), "unexpected '<='; expected a number or a variable", 4, 5),
        (program(" c: x == 2"), "unexpected '='", 4, 8),
        (program(" c: x <= 1..2"), "unexpected '.2'", 4, 12),
        (program(" c: (x + y) <= 2"), r"unexpected character '\('", 4, 5),
        (program(" c: größe + é ≤ 2"), "unexpected character '≤'", 4, 15),
        (program(" c: x[1,2] + x[1 <= 2"), r"unexpected '\['", 4, 15),
        ("\ufeffmax\n x\nst\n x[1] <= 1 ÷ 2", "unexpected character '÷'", 4, 12),
        ("\ufeffmaxx\n x", "unexpected 'maxx'; expected Minimize", 1, 1),
        (program(" c: nan x <= 2"), "'nan' is no number", 4, 5),
        (program(" c: x <= NaN"), "'NaN' is no number", 4, 10),
        (program(" c: inf x <= 2"), "a coefficient is infinite", 4, 5),
        (program(" c: 1e999 x <= 2"), "too large", 4, 5),
        (program(" c: 1e999999999 x <= 2"), "too large", 4, 5),
        (program(" c: x >= inf"), "no finite number keeps to this", 4, 7),
        (program(" c: x = 1e20"), "no finite number keeps to this", 4, 7),
        (program(" c: x + inf <= 3"), "a row is infinite", 4, 5),
        (program(" c: inf <= x <= inf"), "no finite number keeps to this", 4, 5),
        (program(" c: x = 1 -> y <= 3"), "a row depends on x, which is not binary", 4, 5),
        (program(" c: 2 x = 1 -> y <= 3"), "a condition is of one variable alone", 4, 5),
        (program(" c: x + y = 1 -> y <= 3"), "a condition is of one variable alone", 4, 5),
        (program(" c: [ x ^ 2 ] = 1 -> y <= 3"), "a condition is of one variable alone", 4, 5),
        (program(" c: x + 1 = 1 -> y <= 3"), "a condition is of one variable alone", 4, 5),
        (program(" c: 1 -> y <= 3"), "unexpected '->'; expected <=, = or >=", 4, 7),
        (program(" c: x >= 1 -> y <= 3"), "a condition is an equation", 4, 7),
        (program(" c: x = 1 = 1 -> y <= 3"), "a condition is an equation", 4, 11),
        (program(" c: x = 2 -> y <= 3"), "a condition is that of = 0 or = 1", 4, 9),
        (program(" c: x = y -> y <= 3"), "a condition is that of = 0 or = 1", 4, 9),
        (program(" c: x = inf -> y <= 3"), "a condition is that of = 0 or = 1", 4, 9),
        (program(" c: x = 1 -> y"), "unexpected 'End'; expected <=, = or >=", 5, 1),
        (program(" c: x = 1 ->"), "unexpected 'End'; expected a number or a variable", 5, 1),
        (program(" c: x = 1 -> y = 1 -> x <= 3"), "unexpected '->'", 4, 20),
        (program(" c: x = 1 <-> y <= 3"), "unexpected '->'", 4, 12),
        (program(" c: [ x * y * z ] <= 3"), r"unexpected '\*'", 4, 13),
        (program(" c: [ x ^ 3 ] <= 3"), "unexpected '3'; expected 2", 4, 11),
        (program(" c: [ x ] <= 3"), r"expected \* or \^ 2", 4, 9),
        (program(" c: [ x ^ 2 ] / 3 <= 3"), "unexpected '3'; expected 2", 4, 17),
        (program(rest="Limits\n x <= 3\n"), "Limits begins no section", 5, 1),
        (program(rest="Bounds\n x <= y\n"), "unexpected 'y'; expected a number", 6, 7),
        (program(rest="Bounds\n x <= nan\n"), "'nan' is no number", 6, 7),
        (program(rest="Bounds\n x >= inf\n"), "no finite number", 6, 7),
        (program(rest="Bounds\n x 3\n"), "unexpected '3'; expected <=, = or >= or free", 6, 4),
        (program(rest="Bounds\n 1 <= x >= 3\n"), "compared in two ways", 6, 9),
        (program(rest="Generals\n x 3\n"), "unexpected '3'; expected a variable", 6, 4),
        (program(rest="Generals\n y\nBinarys\n x\n"), "Binarys is neither in the objective", 7, 1),
        (program(rest="Semi-Continuous\n y x\n"), "y is semi-continuous and has no", 6, 2),
        (program(rest="Semis\n x\nBounds\n x >= 2\n"), "x is semi-.* no finite upper bound", 6, 2),
        (program(rest="Bounds\n -inf<=x<=-1\nSemi\n x\n"), "x is .* no finite lower bound", 8, 2),
        (program(rest="Semis\n x <= 3\n"), "unexpected '<='; expected a variable", 6, 4),
        (program(rest="SOS\n s: S1:: x:1\n"), "special ordered sets are not", 5, 1),
        (program(rest="Lazy Constraints\n x <= 3\n"), "lazy constraints are not", 5, 1),
    ],
)
def test_errors_name_their_place(text: str, problem: str, line: int, column: int) -> None:
    with pytest.raises(FormulaError, match=problem) as error:
        read_lp(text)
    assert (error.value.line, error.value.column) == (line, column)
    assert str(error.value).splitlines()[-1].endswith("^")
    assert error.value.hint


@given(
    st.lists(
        st.sampled_from([*"xy123+-*/^:<>=[].\n\\ é(", "st", "bounds", "free", "end", "inf", "int"]),
        max_size=30,
    )
)
def test_any_text_is_read_or_refused(parts: list[str]) -> None:
    for text in (
        " ".join(parts),
        f"min\n x\nst\n c: {''.join(parts)}\nend",
        program(rest="".join(parts)),
    ):
        try:
            model = read_lp(text)
        except FormulaError as error:
            assert error.hint
        else:
            again = read_lp(print_lp(model)).variables
            # A name that solvers cannot read is written as another, which a comment tells.
            assert [replace(it, name="") for it in again] == [
                replace(it, name="") for it in model.variables
            ]
            assert {it.name for it in model.variables if is_legal(it.name)} <= {
                it.name for it in again
            }


def test_lines_may_end_as_on_windows() -> None:
    assert read_lp(FARM.replace("\n", "\r\n")).digest == read_lp(FARM).digest
    with pytest.raises(FormulaError) as error:
        read_lp(FARM.replace("y <= 12", "y <= ?").replace("\n", "\r\n"))
    assert (error.value.line, error.value.column) == (9, 7)


def test_large_models_are_printed_as_solvers_take_them() -> None:
    elements = ", ".join(f"e{k}" for k in range(20_001))
    over = "var x{i in S} >= 0\nminimize sum{i in S} 0.1 * x[i]\nc: x[e7] >= 1"
    text = print_lp(read_model(f"set S = {elements}\n{over}"))
    assert "\n\\ numbers are those of floating point" in text
    assert "0.1 x(e7) + 0.1 x(e8)" in text
    assert without_comments(print_lp(read_lp(text)), "\\") == without_comments(text, "\\")


def test_large_files_keep_their_numbers() -> None:
    text = program(objective="obj: " + "\n + ".join(f"0.1 x{k}" for k in range(20_001)))
    model = read_lp(text.replace("x + y", "x7"))
    assert model.instance.cost[7] == Fraction(1, 10)
    assert not print_lp(model).startswith("\\")


@pytest.mark.parametrize(
    ("rest", "variable"),
    [
        (
            "Bounds\n 1 <= w <= 4\n",
            Variable("w", (), Domain.CONTINUOUS, ONE, Constant(Fraction(4))),
        ),
        ("Generals\n w\n", Variable("w", (), Domain.INTEGER, ZERO)),
        ("Binaries\n x w\n", Variable("w", (), Domain.BINARY)),
    ],
)
def test_a_variable_in_no_row_is_read_and_told(rest: str, variable: Variable) -> None:
    text = program(rest=rest)
    model = read_lp(text)
    assert model.variables[-1] == variable
    assert agree(optimum_of_file(text, ".lp"), optimum_of_model(model))
    assert model.notes == ("w is neither in the objective nor in a row, and changes nothing",)
    assert read_lp(print_lp(model)).variables == model.variables


def test_a_name_that_is_almost_right_is_suggested() -> None:
    [note] = read_lp(program(" c: ship_oslo <= 2", "Bounds\n ship_olso <= 1\n")).notes
    assert note.endswith("did you mean ship_oslo?")
    bounds = "\n".join(f" w{k} <= 1" for k in range(9))
    assert read_lp(program(rest=f"Bounds\n{bounds}\n")).notes[5].startswith("4 more variables")


def test_too_many_variables_are_refused_at_once() -> None:
    names = "\n + ".join(f"x{k}" for k in range(1_000_000))
    started = time.process_time()
    with pytest.raises(InputError, match="500,000 variables") as error:
        read_lp(program(objective=f"obj: {names}"))
    assert time.process_time() - started < 2
    assert f"{MAX_COLUMNS:,}" in error.value.hint


def test_a_hundred_thousand_variables_are_read_in_linear_time() -> None:
    # Five times the variables, five times the processor time; a quadratic step would take 25.
    assert _seconds_to_read(100_000) < 10 * _seconds_to_read(20_000)


def _seconds_to_read(count: int) -> float:
    names = [f"x{k}" for k in range(count)]
    rows = "\n".join(
        f" c{k}: {k % 97 + 1} x{k} + 2.5 x{k * 7 % count} >= {k}" for k in range(count)
    )
    text = program(rows, objective="obj: " + "\n + ".join(names))
    started = time.process_time()
    model = read_lp(text)
    seconds = time.process_time() - started
    assert (len(model.variables), len(model.constraints)) == (count, count)
    return seconds
