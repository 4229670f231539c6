"""What a model meant is read, each change is recorded, and nothing is guessed beyond that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.infix import LATEX, NLTK, UNICODE, InfixDialect
from neurosym.formal.fol.dialects.lenient import read_leniently
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Exists,
    ForAll,
    Formula,
    Implies,
    Less,
    Not,
    Variable,
)
from tests.formal.fol.strategies import ALL, Feature, formulas

_FOREIGN = "signs of another notation are used"


def lenient(text: str, dialect: InfixDialect = NLTK) -> tuple[str, dict[str, str]]:
    """The formula in unicode logic, and the repairs by their kind."""
    formula, repairs = read_leniently(dialect.notation, text)
    return UNICODE.print_formula(formula), {repair.kind: repair.detail for repair in repairs}


# ------------------------------------------------------------------- repairs


@pytest.mark.parametrize(
    ("text", "meaning", "repairs"),
    [
        # Connectives and quantifiers of other notations.
        ("¬P(rex) & Q(rex)", "¬P(rex) ∧ Q(rex)", {"connective": _FOREIGN}),
        ("~P(rex)", "¬P(rex)", {"connective": _FOREIGN}),
        ("P(rex) && Q(rex)", "P(rex) ∧ Q(rex)", {"connective": _FOREIGN}),
        ("P(rex) || Q(rex)", "P(rex) ∨ Q(rex)", {"connective": _FOREIGN}),
        ("P(rex) AND Q(rex)", "P(rex) ∧ Q(rex)", {"connective": _FOREIGN}),
        ("P(rex) → Q(rex)", "P(rex) → Q(rex)", {"connective": _FOREIGN}),
        ("P(rex) ⇔ Q(rex)", "P(rex) ↔ Q(rex)", {"connective": _FOREIGN}),
        ("P(rex) xor Q(rex)", "P(rex) ⊕ Q(rex)", {"connective": _FOREIGN}),
        ("rex == bob", "rex = bob", {"connective": _FOREIGN}),
        ("rex ≠ bob", "rex ≠ bob", {"connective": _FOREIGN}),
        ("Cost(rex) > 5", "5 < Cost(rex)", {"connective": _FOREIGN}),
        ("P[rex]", "P(rex)", {"connective": _FOREIGN}),
        ("P{rex}", "P(rex)", {"connective": _FOREIGN}),
        ("no x. (P(x) & Q(x))", "¬∃x (P(x) ∧ Q(x))", {"connective": _FOREIGN}),
        ("forall x: P(x)", "∀x P(x)", {"connective": _FOREIGN}),
        # Quantifiers.
        ("all x (P(x) -> Q(x))", "∀x (P(x) → Q(x))",
         {"quantifier dot": "no dot after a quantifier"}),
        ("all x, y. R(x, y)", "∀x ∀y R(x, y)",
         {"quantifier": "one quantifier for several variables"}),
        ("exists(x, P(x))", "∃x P(x)",
         {"quantifier": "∃(x, …) read as ∃x (…)"}),
        ("exists(x). (P(x) & Q(x))", "∃x (P(x) ∧ Q(x))",
         {"quantifier": "∃(x) read as ∃x"}),
        ("all (x). exists (y). R(x, y)", "∀x ∃y R(x, y)",
         {"quantifier": "∃(x) read as ∃x"}),
        ("no x, y. R(x, y)", "¬∃x ∃y R(x, y)",
         {"connective": _FOREIGN, "quantifier": "one quantifier for several variables"}),
        # Lists, sets and a word before the formula.
        ("Has(rex, [Cold, Fever])", "Has(rex, list(Cold, Fever))",
         {"list": "a list in [ is one thing", "connective": _FOREIGN}),
        ("Has(rex, {Cold, Fever})", "Has(rex, set(Cold, Fever))",
         {"list": "a list in { is one thing", "connective": _FOREIGN}),
        ("rex ∈ Dogs", "member(rex, Dogs)", {"membership": "rex ∈ Dogs is a relation"}),
        ("If P(rex) -> Q(rex)", "P(rex) → Q(rex)",
         {"words": "'If' before a formula is left out"}),
        # Ends, brackets and commas.
        ("P(rex).", "P(rex)", {"end": "a mark after the end is left out"}),
        ("P(rex) & ... & Q(rex)", "P(rex) ∧ Q(rex)", {"ellipsis": "an ellipsis is left out"}),
        ("P(rex)) & Q(rex)", "P(rex) ∧ Q(rex)",
         {"brackets": "a bracket that closes nothing is left out"}),
        ("all x. (P(x) -> (Q(x) & R(x)", "∀x (P(x) → Q(x) ∧ R(x))",
         {"brackets": "2 closing at the end added"}),
        ("P(rex), Q(rex)", "P(rex) ∧ Q(rex)", {"comma": "a comma between formulas read as ∧"}),
        # Names.
        ("Tall man(rex)", '"Tall man"(rex)', {"several words": "'Tall man' is one name"}),
        ("Live(rex, New York)", 'Live(rex, "New York")',
         {"several words": "'New York' is one name"}),
        ("Live(rex, The House of Lords)", 'Live(rex, "The House of Lords")',
         {"several words": "'The House of Lords' is one name"}),
        ("P('rex')", "P(rex)", {"quotes": "'rex' stands in quotes"}),
        ('P("New York")', 'P("New York")', {"quotes": '"New York" stands in quotes'}),
        ("P(bald-eagle)", 'P("bald-eagle")', {"name spelling": "'bald-eagle' is a name"}),
        ("P(C++)", 'P("C++")', {"name spelling": "'C++' is a name"}),
        ("P($100)", 'P("$100")', {"name spelling": "'$100' is a name"}),
        ("P(rex, 3.5)", 'P(rex, "3.5")', {"name spelling": "'3.5' is a name"}),
    ],
)  # fmt: skip
def test_each_repair_of_nltks_logic_and_its_record(
    text: str, meaning: str, repairs: dict[str, str]
) -> None:
    assert lenient(text) == (meaning, repairs)


@pytest.mark.parametrize(
    ("text", "meaning", "kinds"),
    [
        ("all x. (P(x) -> Q(x))", "∀x (P(x) → Q(x))", ["connective", "quantifier dot"]),
        ("∀x. P(x)", "∀x P(x)", ["quantifier dot"]),
        ("∀x, y R(x, y)", "∀x ∀y R(x, y)", ["quantifier"]),
        ("∀(x) P(x)", "∀x P(x)", ["quantifier"]),
        ("-P(a)", "¬P(a)", ["connective"]),
        ("P(a) & Q(a)", "P(a) ∧ Q(a)", ["connective"]),
        ("¬(P(a)", "¬P(a)", ["brackets"]),
        ("P(2pm)", 'P("2pm")', ["name spelling"]),
        ("(age(a) > 3", "3 < age(a)", ["brackets"]),
        ("P(a) → Q(a) → R(a).", "P(a) → Q(a) → R(a)", ["end"]),
    ],
)
def test_repairs_of_unicode_logic(text: str, meaning: str, kinds: list[str]) -> None:
    formula, repairs = lenient(text, UNICODE)
    assert (formula, list(repairs)) == (meaning, kinds)


@pytest.mark.parametrize(
    ("text", "meaning", "kinds"),
    [
        (r"\forall x. P(x)", "∀x P(x)", ["quantifier dot"]),
        (r"\forall x (P(x) \land Q(x)", "∀x (P(x) ∧ Q(x))", ["brackets"]),
        (r"\nexists x P(x)", "¬∃x P(x)", ["connective"]),
        ("P(a) & Q(a)", "P(a) ∧ Q(a)", ["connective"]),
    ],
)
def test_repairs_of_latex(text: str, meaning: str, kinds: list[str]) -> None:
    formula, repairs = lenient(text, LATEX)
    assert (formula, list(repairs)) == (meaning, kinds)


def test_a_repair_made_twice_is_recorded_once() -> None:
    _, repairs = read_leniently(NLTK.notation, "all x (P(x) -> exists y (R(x, y)))")
    assert [repair.kind for repair in repairs] == ["quantifier dot"]


def test_mended_or_not_implication_associates_as_in_the_dialect() -> None:
    left = Implies(Implies(Atom("P"), Atom("Q")), Atom("R"))
    right = Implies(Atom("P"), Implies(Atom("Q"), Atom("R")))
    assert read_leniently(NLTK.notation, "P -> Q -> R")[0] == left
    assert read_leniently(NLTK.notation, "(P -> Q -> R")[0] == left
    assert read_leniently(UNICODE.notation, "P → Q → R")[0] == right
    assert read_leniently(UNICODE.notation, "(P → Q → R")[0] == right


def test_free_variables_are_left_free_for_whoever_sees_the_whole_theory() -> None:
    x = Variable("x")
    assert read_leniently(NLTK.notation, "all x. P(x) -> Q(x)") == (
        Implies(ForAll(x, Atom("P", (x,))), Atom("Q", (x,))), ()
    )  # fmt: skip
    formula, _ = read_leniently(NLTK.notation, "exists x P(x) & Q(x).")
    assert formula == And((Exists(x, Atom("P", (x,))), Atom("Q", (x,))))


def test_a_dash_before_an_operand_is_negation_and_between_two_a_difference() -> None:
    mended: Formula = Less(Apply("a"), Apply("b"))
    assert read_leniently(UNICODE.notation, "(a < b")[0] == mended
    assert lenient("(a - b = 3", UNICODE)[0] == 'a - b = "3"'
    assert lenient("(P(rex) -> - Q(rex)")[0] == "P(rex) → ¬Q(rex)"
    assert read_leniently(NLTK.notation, "- - P(rex")[0] == Not(Not(Atom("P", (Apply("rex"),))))


# ------------------------------------------------------------------- no repairs


@pytest.mark.parametrize("dialect", [UNICODE, LATEX], ids=lambda dialect: dialect.name)
@given(formula=formulas(ALL))
def test_what_follows_the_dialect_is_read_without_repairs(
    dialect: InfixDialect, formula: Formula
) -> None:
    assert read_leniently(dialect.notation, dialect.print_formula(formula)) == (formula, ())


@given(formulas(frozenset({Feature.EQUALITY, Feature.FUNCTIONS})))
def test_what_follows_nltks_logic_is_read_without_repairs(formula: Formula) -> None:
    try:
        text = NLTK.print_formula(formula)
    except InexpressibleError:
        return  # some names are too short for it
    assert read_leniently(NLTK.notation, text) == (formula, ())


@pytest.mark.parametrize(
    "text", ["P(rex) iff Q(rex)", "P <=> Q", "!P ^ Q", "all x y. R(x, y)", "all x.(P(x))", "P(x)"]
)
def test_all_spellings_that_nltk_knows_need_no_repair(text: str) -> None:
    assert read_leniently(NLTK.notation, text)[1] == ()


# ------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rex is a dog",
        "Rex is a dog.",
        "The cat(rex)",  # a sentence that went wrong, not a name
        "P(rex) -> ",
        "-> P(rex)",
        "all. P(rex)",
        "∃! x P(x)",  # "exactly one" would become "some"
        "... & P(rex)",
        "P(rex) ...",
        "P(rex,)",
        "P(rex; mia)",
        '"no end',
        "∀xP(x)",  # whether xP is bound or x cannot be seen
        "\x00",
    ],
)
def test_what_cannot_be_understood_is_refused_at_its_own_place(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read_leniently(NLTK.notation, text)
    with pytest.raises(FormulaError) as strict:
        NLTK.parse_formula(text)
    assert str(caught.value) == str(strict.value)


@pytest.mark.parametrize("dialect", [UNICODE, LATEX, NLTK], ids=lambda dialect: dialect.name)
@given(
    st.lists(
        st.sampled_from(
            [
                *("all", "exists", "no", "forall", "not", "and", "or", "iff", "xor", "is", "the"),
                *("->", "<->", "!=", ">=", "...", "x", "y", "rex", "mia", "P", "Q", "Tall", "3"),
                *("3.5", "7th", "C++", '"New-York"', "'a'", "“b”", "\\land", "\\forall"),
                *"∀∃∄¬∧∨→↔⊕&|=<-+*~()[],.:;…$#{}",
            ]
        ),
        max_size=14,
    ),
    st.sampled_from(["", " "]),
)
def test_any_text_is_read_or_refused(dialect: InfixDialect, parts: list[str], gap: str) -> None:
    text = gap.join(parts)
    try:
        formula, repairs = read_leniently(dialect.notation, text)
    except FormulaError:
        return
    if repairs:
        with pytest.raises(FormulaError):
            dialect.parse_formula(text)
    assert isinstance(formula, Formula)
    assert len(set(repairs)) == len(repairs)
