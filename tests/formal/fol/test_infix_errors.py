"""What is wrong with a formula is said with its place, and no text takes the reader down."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.infix import LATEX, NLTK, UNICODE, InfixDialect
from neurosym.formal.fol.syntax import And, Atom, depth
from neurosym.formal.grammar import MAX_CHARACTERS, MAX_DEPTH

_ALL = pytest.mark.parametrize("dialect", [UNICODE, LATEX, NLTK], ids=lambda dialect: dialect.name)


def fault(dialect: InfixDialect, text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        dialect.parse_formula(text)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "problem", "expected"),
    [
        ("P(a", 1, 4, "the text ends too early", ")"),
        ("(P ∧ Q", 1, 7, "the text ends too early", ")"),
        ("P(a))", 1, 5, "unexpected ')'", "the end"),
        ("P ∧", 1, 4, "the text ends too early", "a name"),
        ("∧ P", 1, 1, "unexpected '∧'", "a name"),
        ("P ∧ ∨ Q", 1, 5, "unexpected '∨'", "a name"),
        ("P\n∧\n)", 3, 1, "unexpected ')'", "a name"),
        ("P Q", 1, 3, "unexpected 'Q'", "→"),
        ("P()", 1, 3, "unexpected ')'", "a name"),
        ("∀ (P)", 1, 3, "unexpected '('", "a name"),
        ("a = b = c", 1, 7, "unexpected '='", "the end"),
        ("", 1, 1, "the text ends too early", "a name"),
        ("  \n ", 1, 1, "the text ends too early", "a name"),
        ("P\x00", 1, 2, "unexpected character '\\x00'", "→"),
        ("\x00", 1, 1, "unexpected character '\\x00'", "a name"),
        ("P & Q", 1, 3, "unexpected character '&'", "∧"),
        ('"no end', 1, 1, "unexpected character '\"'", "a name"),
    ],
)
def test_the_place_and_what_could_stand_there(
    text: str, line: int, column: int, problem: str, expected: str
) -> None:
    error = fault(UNICODE, text)
    assert (error.line, error.column, error.problem) == (line, column, problem)
    assert expected in error.expected
    assert str(error).startswith(f"line {line}, column {column}: {problem}; expected ")


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("∀x (P(x) ∧ Q(y))", 14, "the variable y is not bound by a quantifier"),
        ("∀x P(x) ∧ Q(x)", 13, "the variable x is not bound by a quantifier"),
        ("P(Q ∧ R)", 3, "a formula stands where a thing or number belongs"),
        ("P(a, ⊤)", 6, "a formula stands where a thing or number belongs"),
        ("P(∀x Q(x))", 4, "a formula stands where a thing or number belongs"),
        ("P ∧ 3", 5, "a number stands where a formula belongs"),
        ("a + b", 1, "a number stands where a formula belongs"),
        ("P ∧ #{x | Q(x)}", 7, "a number stands where a formula belongs"),
        ("∀x (x(a))", 5, "the variable x stands where a predicate or function belongs"),
        ("∀x P(x(a))", 6, "the variable x stands where a predicate or function belongs"),
        ("∀x (x)", 5, "the variable x stands where a predicate or function belongs"),
        ("distinct(a)", 10, "one thing alone cannot be different"),
        ("#{x, x | P(x)} = 1", 6, "the variable x is bound twice at once"),
    ],
)
def test_what_follows_the_grammar_and_still_makes_no_sense(
    text: str, column: int, problem: str
) -> None:
    error = fault(UNICODE, text)
    assert (error.line, error.column, error.problem) == (1, column, problem)


@pytest.mark.parametrize(
    ("text", "column"), [("all x (P(x))", 7), ("P -> ", 5), ("all x. (P(y))", 11), ("P(a", 4)]
)
def test_places_in_nltks_logic(text: str, column: int) -> None:
    assert fault(NLTK, text).column == column


@pytest.mark.parametrize(
    ("text", "column"), [(r"a \neg", 3), (r"P \top", 3), (r"P \foo Q", 3), (r"\mathit{P", 1)]
)
def test_a_command_of_latex_is_read_whole(text: str, column: int) -> None:
    # \ne is no part of \neg, nor \to of \top.
    assert fault(LATEX, text).column == column


def test_the_message_shows_the_line_with_a_caret() -> None:
    assert str(fault(UNICODE, "P(a) ∧\nQ(b))")).splitlines()[1:] == ["  Q(b))", "      ^"]


def test_of_a_long_line_the_part_around_the_caret_is_shown() -> None:
    text = " ∧ ".join(["P(a)"] * 100) + " ∧ ∧ " + " ∧ ".join(["Q(b)"] * 100)
    _, shown, caret = str(fault(UNICODE, text)).splitlines()
    assert len(shown) <= 130
    assert shown[len(caret) - 1 :].startswith("∧ Q(b)")


# ------------------------------------------------------------------- size


def test_brackets_nest_as_deeply_as_one_likes() -> None:
    assert UNICODE.parse_formula("(" * 10_000 + "P" + ")" * 10_000) == Atom("P")
    error = fault(UNICODE, "(" * 10_000 + "P")
    assert error.column == 10_002
    assert {")", "∧", "→"} <= set(error.expected)


@_ALL
@pytest.mark.parametrize("count", [MAX_DEPTH, 10_000, 100_000])
def test_formulas_nested_too_deeply_are_refused(dialect: InfixDialect, count: int) -> None:
    sign = {"unicode": "¬", "nltk": "-", "latex": r"\lnot "}[dialect.name]
    assert f"nested more than {MAX_DEPTH} deep" in fault(dialect, sign * count + "P").problem


def test_the_deepest_formula_is_read_and_printed() -> None:
    formula = UNICODE.parse_formula("¬" * (MAX_DEPTH - 5) + "P(a)")
    assert depth(formula) == MAX_DEPTH - 3
    assert UNICODE.parse_formula(UNICODE.print_formula(formula)) == formula


def test_a_text_of_a_million_characters_is_read_and_a_longer_one_refused() -> None:
    begun = time.monotonic()
    formula = UNICODE.parse_formula("P(a)" + " ∧ P(a)" * 142_000)
    assert isinstance(formula, And)
    assert len(formula.parts) == 142_001
    assert time.monotonic() - begun < 60
    error = fault(UNICODE, " " * MAX_CHARACTERS + "P")
    assert error.problem == f"the text is {MAX_CHARACTERS + 1} characters long"


@_ALL
@given(text=st.text(st.sampled_from('PQxyaz01 ().,:=<>-+·∀∃¬∧∨→{}|#&"\\\n\x00é'), max_size=40))
def test_any_text_is_a_formula_or_a_formula_error(dialect: InfixDialect, text: str) -> None:
    try:
        formula = dialect.parse_formula(text)
    except FormulaError as error:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        return
    try:
        printed = dialect.print_formula(formula)
    except InexpressibleError:
        assert dialect is NLTK  # a proposition may be called as only a variable can be printed
        return
    assert dialect.parse_formula(printed) == formula
