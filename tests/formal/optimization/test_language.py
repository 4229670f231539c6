"""The modelling language: what is printed is read back, and errors show their place."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from neurosym.errors import FormulaError, FormulationError, InexpressibleError, InputError
from neurosym.formal.grammar import MAX_CHARACTERS, MAX_DEPTH
from neurosym.formal.optimization.expression import (
    Comparison,
    Constant,
    Function,
    Multiply,
    Power,
    Reference,
)
from neurosym.formal.optimization.language.printer import print_model, print_number
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
from neurosym.formal.optimization.review import review
from tests.formal.optimization.strategies import models

SHIPPING = """# Fish goes out.
set Markets = Oslo, Bergen "where it is sold"
set Routes = (Oslo, Bergen), (Bergen, Oslo)

param demand{Markets} = Oslo: 30, Bergen: 12.5 unit "tonnes"
param share = 70%
var ship{m in Markets} integer >= 0 <= 2 demand[m] unit "tonnes" "what is shipped there"
var open binary; var 'two words' = 1/4
# A line by itself,
# and another one.
minimize cost: sum{m in Markets} 2.5 * ship[m] + 50 open unit "dollars"
enough{m in Markets: m != Oslo} @3: ship[m] >= demand[m] * share "Each gets its share."
either: if ship[Oslo] > 4 then ship[Bergen] ≤ 5
most: at_most 1 of (ship[Oslo] >= 4, open = 1)
between: 1 <= ship[Oslo] <= 9 # both sides
"""


# ------------------------------------------------------------------- what is written is read


def test_the_page_on_the_language_holds_models_and_nothing_that_is_not_in_it() -> None:
    page = (Path(__file__).parents[3] / "docs" / "modelling.md").read_text("utf-8")
    shown = re.findall(r"```\n(.*?)```", page, re.DOTALL)
    assert len(shown) == 2
    for text in shown:
        model = read_model(text)
        assert read_model(print_model(model)) == model
        assert (model.notes, review(model)) == ((), ())
    section = page.split("## What a constraint may say")[1].split("##")[0]
    claims = [claim for claim in re.findall(r"`([^`]*)`", section) if "…" not in claim]
    assert len(claims) == 6
    for claim in claims:
        read_model(f"var x\nvar y\nmaximize x\nc: {claim}")
    functions = set(re.findall(r"`(\w+)\(x", page))
    assert functions == {"piecewise", *(item.value for item in Function)}


@settings(max_examples=200)
@given(models())
def test_a_model_that_is_printed_is_read_back(model: Model) -> None:
    assert read_model(print_model(model)) == model


def test_every_kind_of_statement_is_read() -> None:
    model = read_model(SHIPPING)
    assert [item.width for item in model.sets] == [1, 2]
    demand, share = model.parameters
    assert demand.values == {("Oslo",): 30, ("Bergen",): Fraction(25, 2)}
    assert (demand.unit, share.values) == ("tonnes", {(): Fraction(7, 10)})
    ship, opened, words = model.variables
    assert (ship.domain, opened.domain, words.domain) == (
        Domain.INTEGER, Domain.BINARY, Domain.CONTINUOUS,
    )  # fmt: skip
    assert words.lower == words.upper == Constant(Fraction(1, 4)), "'=' is both bounds"
    assert [item.name for item in model.constraints] == [
        "enough", "either", "most", "between", "between_2",
    ]  # fmt: skip
    enough = model.constraints[0]
    assert (enough.sentence, enough.source) == (3, "Each gets its share.")
    assert read_model(print_model(model)) == model


@pytest.mark.parametrize("newline", ["\n", "\r\n", " ; ", "\n\n\t\n", "\n# said\n  # twice\n"])
def test_statements_stand_on_lines_with_comments_between_them(newline: str) -> None:
    lines = ["var x >= 0", "minimize x", "least: x >= 2"]
    assert read_model(newline.join(lines) + newline) == read_model("\n".join(lines))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7%", Fraction(7, 100)),
        ("-12.5%", Fraction(-1, 8)),
        ("1/3", Fraction(1, 3)),
        ("−2/4", Fraction(-1, 2)),
        (".5", Fraction(1, 2)),
        ("+3.", Fraction(3)),
        ("2.5e-3", Fraction(1, 400)),
        ("1E3", Fraction(1000)),
    ],
)
def test_data_is_exact(text: str, value: Fraction) -> None:
    [parameter] = read_model(f"param p = {text}\nminimize p").parameters
    assert parameter.values == {(): value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5, 2), "2.5"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(-7), "-7"),
        (Fraction(3, 10**20), "0.00000000000000000003"),
    ],
)
def test_numbers_are_printed_without_rounding(value: Fraction, text: str) -> None:
    assert print_number(value) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("50 x", "50 * x"),
        ("50 x ^ 2", "50 * (x ^ 2)"),
        ("-x ^ 2", "-(x ^ 2)"),
        ("x / 4", "0.25 * x"),
        ("2 * 3 * x", "6 * x"),
        ("x - (y - 3)", "x + -1 * (y - 3)"),
        ("x - y - 3", "(x - y) - 3"),
        ("-x + y", "(-x) + y"),
        ("x ^ -1", "x ^ (-1)"),
        ("2 * -x + y", "-2 * x + y"),
        ("x + -1", "x - 1"),
        ("x - -2 * y", "x + 2 * y"),
        ("x / -4", "-0.25 * x"),
        ("x * -y", "x * (-y)"),
        ("20% * x", "0.2 * x"),
    ],
)
def test_how_strongly_signs_bind(text: str, meant: str) -> None:
    first, second = (
        read_model(f"var x\nvar y\nminimize {each}".replace("+ -1", "- 1"))
        for each in (text, meant)
    )
    assert first.objective == second.objective


def test_a_power_after_a_number_is_of_the_variable_alone() -> None:
    expression = read_model("var x\nminimize 50 x^2").objective.expression
    squared = Power(Reference("x"), Constant(Fraction(2)))
    assert expression == Multiply((Constant(Fraction(50)), squared))


def test_a_sum_of_a_thousand_terms_is_read() -> None:
    model = read_model("var x\nvar y\nminimize " + " - ".join(["x", "3 y"] * 500))
    assert model.instance.cost.tolist() == [-498, -1500]
    assert read_model(print_model(model)) == model


def test_words_with_quotes_are_printed_so_that_they_can_be_read() -> None:
    model = read_model("var x\nminimize x")
    said = replace(model, variables=(replace(model.variables[0], meaning='the "big"\none'),))
    assert read_model(print_model(said)).variables[0].meaning == "the 'big' one"


@pytest.mark.parametrize("name", ["it's", "'", "''", "x'", "'70s", "a'b'c"])
def test_a_quote_in_a_name_is_written_twice(name: str) -> None:
    reference = Reference(name)
    model = Model(
        Objective(Sense.MINIMIZE, reference),
        (Constraint(f"c{name}", Relation(reference, Comparison.AT_LEAST, Constant(Fraction(1)))),),
        (Variable(name),),
    )
    assert read_model(print_model(model)) == model


@pytest.mark.parametrize("name", ["two\nlines", ""])
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    model = read_model("var x\nminimize x")
    with pytest.raises(InexpressibleError, match="no way to write the name"):
        print_model(replace(model, variables=(Variable(name),)))


def test_what_a_model_is_called_and_laid_out_like_does_not_count() -> None:
    one = read_model("var x\nminimize   2 x # so\n", name="a")
    assert one == read_model("var x\nminimize 2*x", name="a")
    assert one.constraints == ()
    chain = read_model("var x\nvar y\nminimize x\nc: x <= y < 3").constraints
    assert [item.claim for item in chain] == [
        Relation(Reference("x"), Comparison.AT_MOST, Reference("y")),
        Relation(Reference("y"), Comparison.LESS, Constant(Fraction(3))),
    ]


# ------------------------------------------------------------------- errors of form

MARK = "¦"
"""Stands before the place that the caret has to point at."""


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("var ships\nminimize 3 ¦shps", "shps is not declared", "Did you mean ships?"),
        ("set Towns = a\nvar x{t in ¦Tows}\nminimize 0", "Tows is not", "Did you mean Towns?"),
        ("set Towns = a\nparam p{¦Town} = a: 1\nminimize 0", "Town is not", "mean Towns?"),
        ("set S = a\nminimize (sum{i in S} 1) + ¦i", "i is not declared", "before it is used"),
        ("minimize sum{i in ¦Nowhere} 1", "Nowhere is not declared as a set", "Declare"),
        ("minimize ¦x", "x is not declared", "before it is used"),
        ("var x\nminimize x\n¦maximize 2 x", "two objectives", "Keep one"),
        ("var x\nc: x >= 2¦", "no objective", "minimize 0"),
        ("var x\nvar ¦x\nminimize x", "x is declared twice", "own name"),
        ("var x\nparam ¦x = 3\nminimize x", "x is declared twice", "own name"),
        ("var x\nminimize x\nc: x >= 1\n¦c: x >= 2", "c is declared twice", "own name"),
        ("set S = a, b, ¦a\nminimize 0", "a is in S twice", ""),
        ("set S = (a, b), ¦c\nminimize 0", "2 parts", ""),
        ("set S = (a, b)\nvar x{¦i in S}\nminimize 0", "2 parts", ""),
        ("set S = a\nparam p{S} = a: 1, ¦a: 2\nminimize 0", "two values for a", ""),
        ("set S = a\nvar x{i in S, ¦i in S}\nminimize 0", "same name", "Rename"),
        ("var x >= 0 ¦>= 2\nminimize x", "two bounds on the same side", "Keep one"),
        ("var x ¦> 0\nminimize x", "a bound is given by", ""),
        ("var x <= ¦y\nminimize x", "y is not declared", "before it is used"),
        ("param p = 1/¦0\nminimize p", "divided by zero", ""),
        ("param p = ¦1e999\nminimize p", "more than 300 digits", "units"),
        ("minimize ¦" + "9" * 5000, "more than 300 digits", "units"),
        ("var x\nminimize 1/¦2 x", "two ways", "(1/2) * x"),
        ("var x\nminimize 1/¦-2 x", "two ways", "(1/2) * x"),
        ("var x\nminimize x\nc @¦1.5: x >= 1", "no number of a sentence", ""),
        ("var x\nminimize x\nc: ¦at_most 3 of (x >= 1, x >= 2)", "3 of 2 is no count", ""),
        ("var x\nminimize piecewise(¦x, (1, 0), (0, 1))", "left to right", ""),
        ("var x\nminimize ¦sin(x, x)", "sin takes one argument", ""),
        ("var x\nminimize x +¦", "ends too early", ""),
        ("var x\nminimize x\nc: x ¦$ 3", "unexpected character '$'", ""),
        ("var x\nminimize 2 ¦)", "unexpected ')'", ""),
    ],
)  # fmt: skip
def test_an_error_shows_its_place(text: str, problem: str, hint: str) -> None:
    before, _, after = text.partition(MARK)
    with pytest.raises(FormulaError) as caught:
        read_model(before + after)
    error = caught.value
    last = before.rsplit("\n", 1)[-1]
    shown = str(error).split("\n")
    assert problem in error.problem
    assert hint in error.hint
    assert error.hint
    assert error.line == before.count("\n") + 1
    assert shown[0].startswith(f"line {error.line}, column {error.column}: ")
    assert shown[-1].strip() == "^"
    assert error.column == len(last) + 1, str(error)
    assert shown[-1].index("^") == 2 + min(error.column - 1, 60), "two spaces before the line"


def test_a_syntax_error_says_what_could_have_stood_there() -> None:
    with pytest.raises(FormulaError) as caught:
        read_model("var x\nminimize x\nc: x 3")
    assert caught.value.expected
    assert "expected" in str(caught.value)


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(FormulaError, match=f"{MAX_CHARACTERS + 1} characters"):
        read_model("#" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("opening", ["(", "abs(", "-("])
def test_what_is_nested_too_deeply_is_refused(opening: str) -> None:
    deep = MAX_DEPTH + 50
    with pytest.raises(FormulaError, match="nested more than"):
        read_model(f"var x\nminimize {opening * deep}x{')' * deep}")
    assert read_model(f"var x\nminimize {opening * 40}x{')' * 40}").variables


# ------------------------------------------------------------------- errors of content


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("var x{i in S}\nminimize x", "x has 1 indices, but is used with 0", "one index"),
        ("var x\nminimize x[Oslo]", "x has 0 indices, but is used with 1", "one index"),
        ("var x{i in S}\nminimize x[Olso]", "Olso, an index of x, is not in S", "mean Oslo?"),
        ("var x{i in S}\nminimize sum{j in T} x[j]", "Rom, an index of x, is not in S", ""),
        ("var x{i in S}\nminimize sum{i in S: i != Olso} x[i]", "Olso", "Mend its name"),
        ("var x{i in S}\nminimize sum{i in S: i < Rom} x[i]", "have no order", "one set"),
        ("var x\nminimize x / 0", "divided by zero", "divisor"),
        ("param p{S} = Oslo: 2, Wien: 0\nvar x\nminimize sum{i in S} x / p[i]", "by zero", ""),
        ("minimize 0 ^ -1", "cannot be computed", "Mend"),
        ("minimize ((9 ^ 999) ^ 999) ^ 999", "cannot be computed: a power is too large", ""),
        ("minimize 1e200 * 1e200", "too large for solvers", "units"),
        ("var x\nvar y\nminimize 1e200 * 1e200 * x * y", "too large for solvers", "units"),
        ("var x >= 0 <= 1e30\nmaximize x", "x: 1e+30 is too large for solvers", "other units"),
        ("var x\nmaximize x\nc: x >= -1e20", "c: -1e+20 is too large for solvers", "give none"),
        ("var x\nvar y\nmaximize x\na: x + y <= 1\nc: y - 1e25 x <= 2", "c: -1e+25 is too", ""),
        ("var x\nmaximize gain: 1e20 x", "gain: 1e+20 is too large for solvers", ""),
        ("var x\nmaximize x\nc: 1e22 x * x <= 1", "c: 1e+22 is too large for solvers", ""),
        ("minimize log(0)", "cannot be computed", "Mend"),
        ("minimize sum{i in S} i", "not all its elements are numbers", "parameter"),
        ("var x\nvar y <= 2 x\nminimize y", "the bound of y holds a variable", "constraint"),
        ("var x\nvar y <= x * x\nminimize y", "the bound of y holds a variable", "constraint"),
        ("param p{S} = Oslo: 1\nminimize p[Oslo]", "p has no value for Wien", "Give one"),
        ("param p{S} = Oslo: 1, Wien: 2, Rom: 3\nminimize 0", "a value for Rom", "Mend"),
        ("param p{S} = 5\nminimize 0", "p has no value for Oslo", "Give one"),
        ("var x\nvar y\nminimize piecewise(x*y, (0, 0), (1, 1))", "not linear", "variable"),
        ("var x\nvar y\nminimize 0\nc: x * y != 2", "asked to differ", ""),
        ("var x\nvar y\nminimize 0\nc: if x * y >= 2 then x <= 1", "not linear", "variable"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_together_are_told(text: str, problem: str, hint: str) -> None:
    model = read_model(f"set S = Oslo, Wien\nset T = Rom\n{text}")
    with pytest.raises(FormulationError) as caught:
        _ = model.instance
    assert problem in str(caught.value)
    assert hint in caught.value.hint
    assert caught.value.hint
    with pytest.raises(InputError):
        _ = model.digest
