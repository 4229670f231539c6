"""Formulas that do not quite fit together are mended as they were meant, and never silently."""

from __future__ import annotations

import pytest
from hypothesis import given

from neurosym.errors import SortError
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.dialects.lenient import read_leniently
from neurosym.formal.fol.repairs import mend_theory
from neurosym.formal.fol.signature import Range, Signature, SymbolType
from neurosym.formal.fol.syntax import Apply, Atom, free_variables
from neurosym.formal.fol.theory import Option, OptionTest, Repair, Statement, Theory
from tests.formal.fol.strategies import ALL, theories


def mend(*texts: str, declared: Signature | None = None) -> Theory:
    """A theory of these formulas, the last of which is the claim."""
    read = [read_leniently(UNICODE.notation, text) for text in texts]
    assert not any(repairs for _, repairs in read), "this is about whole theories"
    *premises, claim = [Statement(formula) for formula, _ in read]
    return mend_theory(premises, claim, declared=declared)


def printed(theory: Theory) -> list[str]:
    return [UNICODE.print_formula(formula) for formula in theory.formulas]


def kinds(theory: Theory) -> list[str]:
    return [repair.kind for repair in theory.repairs]


# ------------------------------------------------------------------- nothing to mend


@given(theories(ALL))
def test_a_theory_that_fits_is_left_alone(theory: Theory) -> None:
    mended = mend_theory(
        theory.premises, theory.claim, theory.options, declared=theory.signature, source="text"
    )
    assert mended.repairs == ()
    assert mended.source == "text"
    assert mended.digest == theory.digest


def test_repairs_made_before_are_kept_in_front() -> None:
    before = Repair("brackets", "1 closing at the end added")
    premise = Statement(read_leniently(UNICODE.notation, "P(x)")[0])
    mended = mend_theory([premise], repairs=[before])
    assert [repair.kind for repair in mended.repairs] == ["brackets", "free variable"]


def test_sentences_labels_and_tests_stay_with_their_formulas() -> None:
    formula, _ = read_leniently(UNICODE.notation, "Likes(x)")
    option = Option("B", formula, OptionTest.CANNOT, "Nobody likes.")
    mended = mend_theory([Statement(formula, "All like.")], None, [option])
    assert mended.premises[0].sentence == "All like."
    [kept] = mended.options
    assert (kept.label, kept.test, kept.sentence) == ("B", OptionTest.CANNOT, "Nobody likes.")
    assert not free_variables(kept.formula)


# ------------------------------------------------------------------- scope


@pytest.mark.parametrize(
    ("text", "meaning", "repaired"),
    [
        ("∀x P(x) → Q(x)", "∀x (P(x) → Q(x))", ["scope"]),
        ("∃x P(x) ∧ Q(x)", "∃x (P(x) ∧ Q(x))", ["scope"]),
        ("∃x P(x) ∧ Q(x) ∧ R(x)", "∃x (P(x) ∧ Q(x) ∧ R(x))", ["scope"]),
        ("∀x ∀y R(x, y) → R(y, x)", "∀x ∀y (R(x, y) → R(y, x))", ["scope", "scope"]),
        ("∀x ∃y R(x, y) ∧ P(y)", "∀x ∃y (R(x, y) ∧ P(y))", ["scope"]),
        ("∀x P(x) → (∃y R(x, y) ∧ P(y))", "∀x (P(x) → ∃y (R(x, y) ∧ P(y)))", ["scope", "scope"]),
        ("¬(∃x P(x) ∧ Q(x))", "¬∃x (P(x) ∧ Q(x))", ["scope"]),
        ("∀x P(x) → Q(a)", "∀x P(x) → Q(a)", []),
        # What the outer quantifier binds is not free beside the inner one.
        ("∀x (P(x) → ∃x Q(x)) ∧ R(x)", "∀x ((P(x) → ∃x Q(x)) ∧ R(x))", ["scope"]),
        ("∀x (P(x) → ∃x Q(x)) ∧ R(y)", "∀y (∀x (P(x) → ∃x Q(x)) ∧ R(y))", ["free variable"]),
        ("∀x P(x) → ∀x Q(x)", "∀x P(x) → ∀x Q(x)", []),
        ("P(x) → Q(x)", "∀x (P(x) → Q(x))", ["free variable"]),
        ("R(x, y)", "∀x ∀y R(x, y)", ["free variable", "free variable"]),
        ("∀x P(x) → R(x, y)", "∀y ∀x (P(x) → R(x, y))", ["scope", "free variable"]),
    ],
)
def test_a_quantifier_reaches_as_far_as_its_variable(
    text: str, meaning: str, repaired: list[str]
) -> None:
    theory = mend(text)
    assert (printed(theory), kinds(theory)) == ([meaning], repaired)


def test_the_records_name_the_variables() -> None:
    theory = mend("∀x P(x) → R(x, y)")
    assert [repair.detail for repair in theory.repairs] == [
        "the quantifier of x reaches further", "y stands for everything"
    ]  # fmt: skip


# ------------------------------------------------------------------- one symbol


def test_names_that_differ_in_case_and_inflection_become_the_most_frequent() -> None:
    theory = mend("∀x (Likes(x) → Nice(x))", "Like(bob)", "Likes(mia)", "NICE(bob)")
    assert printed(theory) == ["∀x (Likes(x) → Nice(x))", "Likes(bob)", "Likes(mia)", "Nice(bob)"]
    assert [repair.detail for repair in theory.repairs] == [
        "'Like' read as 'Likes'", "'NICE' read as 'Nice'"
    ]  # fmt: skip


def test_things_are_merged_as_predicates_are() -> None:
    assert printed(mend("P(BaldEagle)", "Q(bald_eagle)", "R(BaldEagle)")) == [
        "P(BaldEagle)", "Q(BaldEagle)", "R(BaldEagle)"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "texts",
    [
        ("P(Bus)", "P(Bu)"),  # no inflection
        ("Admired(a, b)", "Admires(b, a)"),  # a passive turns the arguments round
        ("Like(bob, mia)", "∀x (Likes(x) → Like(x, x))"),  # one formula tells them apart
        ("P(Jane)", "P(Jan)"),
        ("Item1(a)", "Item2(a)"),
    ],
)
def test_what_may_be_two_symbols_stays_two(texts: tuple[str, ...]) -> None:
    theory = mend(*texts)
    assert "variant names" not in kinds(theory)


def test_a_declared_symbol_is_the_one_that_variants_become() -> None:
    declared = Signature(predicates={"Like": SymbolType(("Entity",), "Bool")})
    theory = mend("Likes(bob)", "Likes(mia)", "Like(rex)", declared=declared)
    assert printed(theory) == ["Like(bob)", "Like(mia)", "Like(rex)"]


def test_two_declared_symbols_stay_two_however_alike() -> None:
    kind = SymbolType(("Entity",), "Bool")
    declared = Signature(predicates={"Like": kind, "Likes": kind})
    theory = mend("Likes(bob)", "Likes(mia)", "Like(rex)", declared=declared)
    assert printed(theory) == ["Likes(bob)", "Likes(mia)", "Like(rex)"]
    assert theory.repairs == ()


# ------------------------------------------------------------------- one name, several uses


def test_the_shorter_of_two_arities_is_said_of_something() -> None:
    theory = mend("Owns(bob, rex)", "∀x (Owns(x) → Happy(x))", "Happy(bob)")
    assert printed(theory)[1] == "∀x (∃Owns_1 Owns(x, Owns_1) → Happy(x))"
    assert kinds(theory) == ["arities"]
    assert theory.signature.predicates["Owns"] == SymbolType(("Entity", "Entity"), "Bool")


def test_a_proposition_or_thing_of_the_same_name_is_another_symbol() -> None:
    theory = mend("Rain", "Rain(monday)", "P(father(bob), father)")
    assert theory.formulas[0] == Atom("Rain/0")
    assert theory.formulas[2] == Atom(
        "P", (Apply("father", (Apply("bob"),)), Apply("father/0"))
    )  # fmt: skip
    assert kinds(theory) == ["arities", "arities"]


def test_a_name_that_is_a_predicate_and_a_thing_is_noted_and_kept() -> None:
    theory = mend("Dog(rex)", "Likes(mia, Dog)")
    assert printed(theory) == ["Dog(rex)", "Likes(mia, Dog)"]
    assert theory.repairs == (Repair("two roles", "'Dog' is a predicate and a thing"),)


# ------------------------------------------------------------------- comparisons


def test_order_among_things_is_a_relation() -> None:
    theory = mend("∀x ∀y (Heavier(x, y) → x > y)", "Heavier(bob, mia)", "mia < bob")
    assert printed(theory) == [
        '∀x ∀y (Heavier(x, y) → "less than"(y, x))', "Heavier(bob, mia)", '"less than"(mia, bob)'
    ]  # fmt: skip
    assert kinds(theory) == ["comparison"]


def test_order_among_things_and_numbers_makes_names_of_the_numbers() -> None:
    theory = mend("∀x (P(x) → x ≥ 3)", "P(bob)")
    assert printed(theory)[0] == '∀x (P(x) → "at most"("3", x))'


@pytest.mark.parametrize("premise", ["c(4) = red", "Busy(4)", "Big(1.5)"])
def test_a_number_that_does_not_fit_where_numbers_are_declared_is_no_name(premise: str) -> None:
    declared = Signature(
        sorts={"Seat": Range((1, 2, 3)), "Col": None},
        functions={"c": SymbolType(("Seat",), "Col")},
        predicates={"Big": SymbolType(("Int",), "Bool"), "Busy": SymbolType(("Seat",), "Bool")},
    )
    with pytest.raises(SortError, match="argument 1 of"):
        mend(premise, declared=declared)
    with pytest.raises(SortError, match="but is no number"):
        mend("∀x ∀y (x < y → Heavier(y, x))", premise, declared=declared)


def test_order_among_numbers_stays() -> None:
    theory = mend("age(bob) > 30", "age(bob) ≥ 20")
    assert printed(theory) == ["30 < age(bob)", "20 ≤ age(bob)"]
    assert theory.repairs == ()


def test_what_does_not_fit_even_so_is_an_error() -> None:
    declared = Signature(sorts={"Day": None}, functions={"mon": SymbolType((), "Day")})
    with pytest.raises(SortError, match="different sorts"):
        mend("∀x P(x)", "P(mon)", declared=declared)
