from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import Dialect
from neurosym.formal.fol.dialects.smtlib import SMTLIB, Spelling, formula_text, symbol
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Truth,
    Variable,
    Xor,
)
from tests.formal.fol.strategies import Names, formulas

_AWKWARD = st.text(
    st.characters(min_codepoint=32, exclude_characters="|\\\x7f", exclude_categories=["Cs", "Cc"]),
    max_size=6,
).filter(lambda name: name not in {"and", "or", "not", "xor", "=", "=>", "<", "<=", ">", ">=", "+",
    "-", "*", "/", "ite", "true", "false", "count"})  # fmt: skip
_AWKWARD_OR_RESERVED = _AWKWARD | st.sampled_from(
    ["let", "forall", "as", "_", "!", "assert", "a b"]
)


def _n(value: int) -> Number:
    return Number(Fraction(value))


P, Q = Atom("p"), Atom("q")
X = Variable("x")


def test_is_a_dialect() -> None:
    assert isinstance(SMTLIB, Dialect)
    assert SMTLIB.name == "smtlib"


@given(formulas())
def test_a_formula_reads_back_as_it_was(formula: Formula) -> None:
    assert SMTLIB.parse_formula(SMTLIB.print_formula(formula)) == formula


@settings(max_examples=60)
@given(formulas(names=Names(*[_AWKWARD_OR_RESERVED] * 5)))
def test_awkward_names_read_back(formula: Formula) -> None:
    assert SMTLIB.parse_formula(SMTLIB.print_formula(formula)) == formula


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("p", P),
        ("true", Truth(True)),
        ("(=> p q r)", Implies(P, Implies(Q, Atom("r")))),
        ("(xor p q r)", Xor(Xor(P, Q), Atom("r"))),
        ("(and p (and p q))", And((P, And((P, Q))))),
        ("(= (not p) q r)", And((Iff(Not(P), Q), Iff(Q, Atom("r"))))),
        ("(= a b c)", And((Equals(Apply("a"), Apply("b")), Equals(Apply("b"), Apply("c"))))),
        ("(= a b)", Equals(Apply("a"), Apply("b"))),
        ("(and (= p q) p)", And((Iff(P, Q), P))),
        ("(= (as p Bool) q)", Iff(P, Q)),
        ("(= ((as p Bool) a) (q a))", Iff(Atom("p", (Apply("a"),)), Atom("q", (Apply("a"),)))),
        ("(distinct (not p) q)", Xor(Not(P), Q)),
        ("(< 1 2 3)", And((Less(_n(1), _n(2)), Less(_n(2), _n(3))))),
        ("(> 1 2)", Less(_n(2), _n(1))),
        ("(>= 1 2)", LessEqual(_n(2), _n(1))),
        ("(= (- 3) 1.50)", Equals(_n(-3), Number(Fraction(3, 2)))),
        ("(= (/ 1 3) (/ (- 1) 3))", Equals(Number(Fraction(1, 3)), Number(Fraction(-1, 3)))),
        ("(= n (- n 1 2))", Equals(Apply("n"), Arithmetic("-", Arithmetic("-", Apply("n"), _n(1)),
            _n(2)))),
        ("(= 0 (- n))", Equals(_n(0), Arithmetic("-", _n(0), Apply("n")))),
        ("(= 1 (/ n 2))", Equals(_n(1), Arithmetic("*", Number(Fraction(1, 2)), Apply("n")))),
        ("(! (or p q) :named n :weight 2)", Or((P, Q))),
        ("(ite p q r)", And((Implies(P, Q), Implies(Not(P), Atom("r"))))),
        ("(= (ite p 1 2) n)", And((Implies(P, Equals(_n(1), Apply("n"))),
            Implies(Not(P), Equals(_n(2), Apply("n")))))),
        ("(not (r (ite p a (ite p b c))))", Not(And((Implies(P, Atom("r", (Apply("a"),))),
            Implies(Not(P), Atom("r", (Apply("c"),))))))),
        ("(let ((m (ite p a b))) (r m m))", And((
            Implies(P, Atom("r", (Apply("a"), Apply("a")))),
            Implies(Not(P), Atom("r", (Apply("b"), Apply("b"))))))),
        ("|p|", P),
        ("(|let| |a b|)", Atom("let", (Apply("a b"),))),
        ("; before\n(and p ; within\n q)", And((P, Q))),
        ("(forall ((x A) (y B)) (r x y))", ForAll(Variable("x", "A"), ForAll(Variable("y", "B"),
            Atom("r", (Variable("x", "A"), Variable("y", "B")))))),
        ("(= 2 (count ((x A)) (p x)))", Equals(_n(2), Count((Variable("x", "A"),),
            Atom("p", (Variable("x", "A"),))))),
    ],
)  # fmt: skip
def test_reads(text: str, formula: Formula) -> None:
    assert SMTLIB.parse_formula(text) == formula


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Iff(P, Q), "(= (as p Bool) q)"),
        (Iff(Not(P), Q), "(= (not p) q)"),
        (Equals(Number(Fraction(-1, 3)), Number(Fraction(-5, 4))), "(= (- (/ 1 3)) (- 1.25))"),
        (Atom("let", (Apply(""), Apply("x y"))), "(|let| || |x y|)"),
        (ForAll(X, Atom("p", (X,))), "(forall ((x Entity)) (p x))"),
    ],
)
def test_prints(formula: Formula, text: str) -> None:
    assert SMTLIB.print_formula(formula) == text


def test_a_let_means_what_it_meant_where_it_was_given() -> None:
    # The inner x must not catch the x that y stands for.
    read = SMTLIB.parse_formula(
        "(exists ((x A)) (let ((y x)) (forall ((x A)) (let ((x y) (y x)) (r x y)))))"
    )
    outer, inner = Variable("x", "A"), Variable("x_", "A")
    assert read == Exists(outer, ForAll(inner, Atom("r", (outer, inner))))


def test_a_let_of_formulas_is_written_out() -> None:
    assert SMTLIB.parse_formula("(let ((f (or p q)) (g p)) (= g f))") == Iff(P, Or((P, Q)))


def test_shadowed_variables_keep_their_sorts() -> None:
    inner = Variable("x", "B")
    assert SMTLIB.parse_formula("(forall ((x A)) (or (p x) (exists ((x B)) (p x))))") == ForAll(
        Variable("x", "A"),
        Or((Atom("p", (Variable("x", "A"),)), Exists(inner, Atom("p", (inner,))))),
    )


def test_a_variable_never_hides_a_constant_or_an_outer_variable() -> None:
    x_of_b = Variable("x", "B")
    formula = ForAll(X, Exists(x_of_b, Atom("r", (X, x_of_b, Apply("x"), Apply("x_1")))))
    assert SMTLIB.print_formula(formula) == (
        "(forall ((x_2 Entity)) (exists ((x_3 B)) (r x_2 x_3 x x_1)))"
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("", 1, 1, "the text is empty"),
        ("(and p\n  q", 2, 4, "the text ends too early"),
        ("(and p q))", 1, 10, "unexpected ')'"),
        ("p\nq", 2, 1, "a second formula begins"),
        ("(and p\x00 q)", 1, 7, "unexpected character '\\x00'"),
        ("|a\\b|", 1, 1, "unexpected character '|'"),
        ("(or p 3x)", 1, 7, "unexpected character '3'"),
        ("()", 1, 1, "the brackets are empty"),
        ("(p)", 1, 1, "p stands in brackets without arguments"),
        ("((p) q)", 1, 2, "a symbol has to stand first in the brackets"),
        ("(and)", 1, 1, "(and …) takes at least 2 parts, not 0"),
        ("(and p)", 1, 1, "(and …) takes at least 2 parts, not 1"),
        ("(not p q)", 1, 1, "(not …) takes 1 parts, not 2"),
        ("(p (and q r))", 1, 4, "a formula (and …) stands where a term belongs"),
        ("(or p (+ 1 2))", 1, 7, "a term (+ …) stands where a formula belongs"),
        ("(and p (q p))", 1, 11, "p is a predicate, but stands where a term belongs"),
        ("(forall ((x A)) x)", 1, 17, "the variable x stands where a formula belongs"),
        ("(forall ((x A)) (x a))", 1, 18, "the variable x takes no arguments"),
        ("(forall () p)", 1, 9, "variables in brackets have to stand here"),
        ("(forall ((x A) (x B)) p)", 1, 17, "x is bound twice"),
        ("(forall ((and A)) p)", 1, 11, "a symbol without a meaning of its own has to stand here"),
        ("(forall ((b Bool)) p)", 1, 13,
         "truth values cannot be quantified over or given to a symbol"),
        ("(= (/ 1 0) 2)", 1, 4, "only division by a number other than 0 is read"),
        ("(= (ite p 1) 2)", 1, 4, "(ite …) takes 3 parts, not 2"),
        ('(p "s")', 1, 4, "unexpected '\"s\"'"),
        ("(_ bv1 2)", 1, 2, "_ cannot stand alone here"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_where(text: str, line: int, column: int, problem: str) -> None:
    with pytest.raises(FormulaError) as caught:
        SMTLIB.parse_formula(text)
    error = caught.value
    assert (error.problem, error.line, error.column) == (problem, line, column)
    shown = str(error).split("\n")
    assert shown[0].startswith(f"line {line}, column {column}: {problem}")
    assert shown[2] == " " * (column + 1) + "^"
    assert error.hint


@pytest.mark.parametrize("name", ["a|b", "a\\b", "a\x00b", "and", "="])
def test_a_name_that_cannot_be_spelled_is_refused(name: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        SMTLIB.print_formula(Atom(name))
    assert repr(name) in str(caught.value) or "a\\" in str(caught.value)
    assert caught.value.hint == "Give the symbol another name."


def test_a_symbol_is_a_predicate_or_a_function() -> None:
    with pytest.raises(InexpressibleError, match="both a predicate and a thing or function: p"):
        SMTLIB.print_formula(Atom("p", (Apply("p"),)))


def test_doubling_lets_are_refused_in_time() -> None:
    lets = "".join(f"(let ((a{i + 1} (and a{i} a{i}))) " for i in range(40))
    text = f"(let ((a0 p)) {lets}a40{')' * 41}"
    begin = time.monotonic()
    with pytest.raises(FormulaError, match="too long when each let is written out"):
        SMTLIB.parse_formula(text)
    assert time.monotonic() - begin < 5


def test_a_choice_is_made_where_its_condition_is_bound() -> None:
    # Both conditions read alike, but each is about another x.
    read = SMTLIB.parse_formula(
        "(forall ((x A)) (= (ite (p x) 1 2) (count ((x A)) (= (ite (p x) 1 2) 1))))"
    )
    x = Variable("x", "A")
    about = Atom("p", (x,))
    inner = And((Implies(about, Equals(_n(1), _n(1))), Implies(Not(about), Equals(_n(2), _n(1)))))
    count = Count((x,), inner)
    assert read == ForAll(
        x, And((Implies(about, Equals(_n(1), count)), Implies(Not(about), Equals(_n(2), count))))
    )


def test_too_many_choices_say_what_to_write_instead() -> None:
    cases = " ".join(f"(ite p{i} 1 0)" for i in range(11))
    with pytest.raises(FormulaError, match="more than 10 choices between terms") as caught:
        SMTLIB.parse_formula(f"(= (+ {cases}) 3)")
    assert "assert (=> c (= v a))" in caught.value.hint


def test_deep_lets_are_refused() -> None:
    lets = "".join(f"(let ((a{i + 1} (not (not (not a{i}))))) " for i in range(70))
    with pytest.raises(FormulaError, match="nested more than 150 deep"):
        SMTLIB.parse_formula(f"(let ((a0 p)) {lets}a70{')' * 71}")


@pytest.mark.parametrize(
    "text", ["(" * 10_000 + ")" * 10_000, "(not " * 10_000 + "p" + ")" * 10_000]
)
def test_ten_thousand_brackets_are_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="nested more than 150 deep"):
        SMTLIB.parse_formula(text)


def test_a_very_long_name_is_read_and_printed() -> None:
    name = "n" * 500_000
    assert SMTLIB.print_formula(SMTLIB.parse_formula(name)) == name


def test_symbols_may_be_renamed_while_printing() -> None:
    spelling = Spelling(
        function=lambda name: f"f_{name}", predicate=lambda name: f"p_{name}",
        variable=lambda name: f"v_{name}", sort=lambda name: f"S_{name}",
    )  # fmt: skip
    formula = ForAll(X, Atom("a b", (X, Apply("x"))))
    assert formula_text(formula, spelling) == "(forall ((v_x S_Entity)) (p_a b v_x f_x))"


def test_a_symbol_is_quoted_only_where_it_has_to_be() -> None:
    assert [symbol(name) for name in ("a-b", "1a", "é", "let", "x!")] == [
        "a-b", "|1a|", "|é|", "|let|", "x!",
    ]  # fmt: skip
