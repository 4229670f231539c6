"""What is not declared is inferred from where it stands, and what does not fit is said."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given

from neurosym.errors import SortError
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.signature import (
    Enumeration,
    Range,
    Signature,
    SymbolType,
    settle,
    sort_of,
)
from neurosym.formal.fol.syntax import (
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    ForAll,
    Formula,
    Less,
    Not,
    Number,
    Variable,
)
from neurosym.formal.fol.theory import Theory
from tests.formal.fol.strategies import ALL, theories

_WEEK = Signature(
    sorts={"Day": Enumeration(("mon", "tue")), "Slot": Range((1, 2, 3)), "Person": None},
    functions={"bob": SymbolType((), "Person"), "slot": SymbolType(("Day",), "Slot")},
)


def read(*texts: str) -> list[Formula]:
    return [UNICODE.parse_formula(text) for text in texts]


def inferred(*texts: str, declared: Signature | None = None) -> dict[str, str]:
    """Types of all symbols, as they would be declared."""
    _, signature = settle(read(*texts), declared)
    symbols = {**signature.functions, **signature.predicates}
    return {
        name: f"{' × '.join(kind.args)}{' -> ' if kind.args else ''}{kind.result}"
        for name, kind in symbols.items()
    }


@pytest.mark.parametrize(
    ("texts", "types"),
    [
        (["P(a)"], {"P": "Entity -> Bool", "a": "Entity"}),
        (["P"], {"P": "Bool"}),
        (["age(bob) > 3"], {"age": "Entity -> Int", "bob": "Entity"}),
        (["age(bob) > 2.5"], {"age": "Entity -> Real", "bob": "Entity"}),
        (["a = b", "b = 3"], {"a": "Int", "b": "Int"}),
        (["a = b", "b = 3", "P(a)"], {"a": "Int", "b": "Int", "P": "Int -> Bool"}),
        (["a = 3", "a = 0.5"], {"a": "Real"}),
        (["a + b = c"], {"a": "Int", "b": "Int", "c": "Int"}),
        (["f(a) = #{x | P(x)}"], {"f": "Entity -> Int", "a": "Entity", "P": "Entity -> Bool"}),
        (["distinct(a, b, 1)"], {"a": "Int", "b": "Int"}),
        # A numeral among things is the name of one.
        (["∀x (Older(x, 1980))"], {"Older": "Entity × Entity -> Bool", "1980": "Entity"}
         | {"Older": "Entity × Int -> Bool"}),
    ],
)  # fmt: skip
def test_sorts_are_inferred_from_where_symbols_stand(
    texts: list[str], types: dict[str, str]
) -> None:
    found = inferred(*texts)
    types.pop("1980", None)
    assert found == types


def test_a_numeral_that_stands_among_things_is_the_name_of_one() -> None:
    formulas, signature = settle(
        read("∀x Year(x)", "Year(1980)", "born(bob) = 1980", "Year(born(bob))")
    )
    assert formulas[1] == Atom("Year", (Apply("1980"),))
    assert formulas[2] == Equals(Apply("born", (Apply("bob"),)), Apply("1980"))
    assert signature.functions["1980"] == SymbolType((), "Entity")
    distinct, _ = settle([*read("∀x P(x)", "P(a)"), Distinct((Apply("a"), Number(Fraction(3))))])
    assert distinct[2] == Distinct((Apply("a"), Apply("3")))


def test_declared_sorts_carry_over_to_what_is_not_declared() -> None:
    found = inferred("P(mon)", "f(mon) = bob", "g(bob) = slot(tue)", declared=_WEEK)
    assert found == {
        "bob": "Person",
        "slot": "Day -> Slot",
        "P": "Day -> Bool",
        "f": "Day -> Person",
        "g": "Person -> Slot",
    }


_MIXED = Signature(
    sorts={"Slot": Range((1, 2, 3)), "Late": Range((3, 4))},
    functions={
        "slot": SymbolType((), "Slot"),
        "late": SymbolType((), "Late"),
        "k": SymbolType((), "Int"),
        "r": SymbolType((), "Real"),
    },
    predicates={
        "Busy": SymbolType(("Slot",), "Bool"),
        "Big": SymbolType(("Int",), "Bool"),
        "Heavy": SymbolType(("Real",), "Bool"),
    },
)


@pytest.mark.parametrize(
    ("texts", "types"),
    [
        (["∀n:Int P(n)", "P(1.5)"], {"P": "Real -> Bool"}),
        (["P(#{x | Q(x)})", "P(0.5)"], {"P": "Real -> Bool", "Q": "Entity -> Bool"}),
        (["P(slot)", "P(2)"], {"P": "Slot -> Bool"}),
        (["P(slot)", "P(7)"], {"P": "Int -> Bool"}),
        (["P(slot)", "P(late)"], {"P": "Int -> Bool"}),
        (["P(slot)", "P(r)", "P(k)"], {"P": "Real -> Bool"}),
        (["f(ann) = slot", "f(bob) = 9"], {"f": "Entity -> Int", "ann": "Entity", "bob": "Entity"}),
        # What is compared or calculated may be any number.
        (["c < slot"], {"c": "Int"}),
        (["c = slot + 1"], {"c": "Int"}),
        (["P(slot + 1)"], {"P": "Int -> Bool"}),
        (["c + 1 = d", "d < 0.5"], {"c": "Real", "d": "Real"}),
        # What stands where numbers of one kind belong is one of them.
        (["Busy(c)", "c < 2"], {"c": "Slot"}),
        (["Big(c)", "c > 1.5"], {"c": "Int"}),
        (["Big(c)", "Busy(c)", "Heavy(c)"], {"c": "Slot"}),
        (["Heavy(c)", "c = 3"], {"c": "Real"}),
    ],
)  # fmt: skip
def test_what_is_inferred_of_numbers_does_not_depend_on_the_order(
    texts: list[str], types: dict[str, str]
) -> None:
    for order in permutations(texts):
        found = inferred(*order, declared=_MIXED)
        declared = {*_MIXED.functions, *_MIXED.predicates}
        assert {name: kind for name, kind in found.items() if name not in declared} == types


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Big(r)", "argument 1 of Big is r (Real); expected a whole number"),
        ("Big(1.5)", "argument 1 of Big is the number 3/2 (Real); expected a whole number"),
        ("Big(k + 1/2)", "argument 1 of Big is what is calculated (Real); expected a whole number"),
        ("∀x:Real (Heavy(x) → Big(x))", "argument 1 of Big is x (Real); expected a whole number"),
        ("Busy(r)", "argument 1 of Busy is r (Real); expected something of sort Slot (1, 2, 3)"),
        ("Busy(4)", "argument 1 of Busy is the number 4 (Int); expected something of sort Slot"),
        ("Busy(0)", "argument 1 of Busy is the number 0 (Int); expected something of sort Slot"),
        ("Busy(2.5)", "argument 1 of Busy is the number 5/2 (Real)"),
    ],
)
def test_a_number_of_the_wrong_kind_is_said_and_never_rounded(text: str, said: str) -> None:
    with pytest.raises(SortError) as caught:
        settle(read("Heavy(r)", text), _MIXED)
    first, shown = str(caught.value).splitlines()
    assert first.startswith(f"formula 2: {said}")
    assert shown.startswith("  ")
    assert read(shown) == read(text)
    assert caught.value.hint.endswith("otherwise.")


@pytest.mark.parametrize(
    "text",
    ["Heavy(3)", "Heavy(k)", "Heavy(slot)", "Heavy(k + slot)", "Big(slot)", "Big(k · 2)",
     "Busy(3)", "Busy(slot + 1)", "Busy(k)", "Busy(late)", "Big(#{s:Slot | Busy(s)})",
     "k = 1.5", "slot = 9", "slot < r"],
)  # fmt: skip
def test_whole_numbers_are_widened_and_numbers_compared_and_calculated_with(text: str) -> None:
    assert settle(read(text), _MIXED) == (tuple(read(text)), _MIXED)


def test_a_long_range_is_shortened_where_it_is_shown() -> None:
    declared = Signature({"Year": Range(tuple(range(1900, 2000)))},
                         predicates={"War": SymbolType(("Year",), "Bool")})  # fmt: skip
    with pytest.raises(SortError, match=r"of sort Year \(1900, 1901, …, 1999\)"):
        settle(read("War(1)"), declared)


def test_what_is_declared_stays_even_if_it_does_not_occur() -> None:
    _, signature = settle([], _WEEK)
    assert signature == _WEEK
    assert signature.members() == {"mon": "Day", "tue": "Day"}


def test_a_predicate_may_share_its_name_with_a_function() -> None:
    _, signature = settle(read("Dog(rex)", "Likes(mia, Dog)"))
    assert signature.predicates["Dog"] == SymbolType(("Entity",), "Bool")
    assert signature.functions["Dog"] == SymbolType((), "Entity")


@pytest.mark.parametrize(
    ("texts", "match"),
    [
        (["P(a)", "P(a, b)"], "P is used with 2 and with 1 arguments"),
        (["f(a) = f"], "f is used with 0 and with 1 arguments"),
        (["P(mon)", "P(bob)"], r"argument 1 of P \(Day\) and bob \(Person\)"),
        (["mon = bob"], "different sorts"),
        (["mon < 3"], "stands where something of sort 'Day' belongs"),
        (["mon + mon = 3"], "stands where something of sort 'Day' belongs"),
        (["bob < bob"], "is compared or calculated with, but is no number"),
        (["∀x (x < 3)"], "is compared or calculated with, but is no number"),
        (["∀x ∀y (x < y)"], "is compared or calculated with, but is no number"),
        (["∀x (x < a)"], "is compared or calculated with, but is no number"),
        (["∀d:Night P(d)"], "d is of sort 'Night', which is not declared"),
        (["#{d:Night | P(d)} = 1"], "d is of sort 'Night', which is not declared"),
        (["distinct(mon, bob)"], "different sorts"),
        (["slot(bob) = 1"], "different sorts"),
    ],
)
def test_what_does_not_fit_together_is_said(texts: list[str], match: str) -> None:
    with pytest.raises(SortError, match=match) as caught:
        settle(read(*texts), _WEEK)
    assert caught.value.hint
    assert str(caught.value).startswith(f"formula {len(texts)}: ")
    assert read(str(caught.value).splitlines()[-1]) == read(texts[-1])


def test_what_was_expected_is_said() -> None:
    with pytest.raises(SortError, match="different sorts; expected something of sort Day"):
        settle(read("P(mon)", "P(bob)"), _WEEK)
    with pytest.raises(SortError, match="no number; expected a number, or a member of a list"):
        settle(read("bob < bob"), _WEEK)


def test_a_long_formula_is_cut_where_it_is_shown_and_an_unspeakable_one_is_not_shown() -> None:
    long = " ∧ ".join(f"P(thing_number_{i})" for i in range(50))
    with pytest.raises(SortError) as caught:
        settle(read(f"P ∧ {long}"))
    assert len(str(caught.value)) < 300
    assert str(caught.value).endswith("…")
    quoted = Atom('"', (Apply("a"),))
    with pytest.raises(SortError) as caught:
        settle([quoted, Atom('"')])
    assert str(caught.value) == 'formula 2: " is used with 0 and with 1 arguments'


@pytest.mark.parametrize(
    "texts",
    [
        ["mon < tue"],  # members of a list have its order
        ["∀d:Day (d ≤ tue)"],
        ["slot(mon) + 1 < slot(tue)"],
        ["slot(mon) = 2.5"],
        ["∀i:Slot (i < 9)"],
        ["∀i:Int ∃j:Int (i < j)"],
        ["∀r:Real (r < 1/2 ∨ r ≥ 0)"],
    ],
)
def test_numbers_of_several_kinds_and_listed_things_are_compared(texts: list[str]) -> None:
    formulas, _ = settle(read(*texts), _WEEK)
    assert list(formulas) == read(*texts)


@pytest.mark.parametrize(
    ("signature", "match"),
    [
        (Signature(functions={"a": SymbolType((), "Day")}), "over sort 'Day'"),
        (Signature({"Day": Enumeration(())}), "Day has no members"),
        (Signature({"Slot": Range(())}), "Slot has no members"),
        (Signature({"Day": Enumeration(("a", "a"))}), "a, a member of Day, is listed twice"),
        (Signature({"D": Enumeration(("a",)), "E": Enumeration(("a",))}), "a, a member of E"),
        (Signature({"Real": None}), "Real is built in"),
    ],
)
def test_declarations_that_make_no_sense_are_said(signature: Signature, match: str) -> None:
    with pytest.raises(SortError, match=match):
        settle([Atom("P", (Apply("a"),))], signature)


def test_two_ranges_may_hold_the_same_numbers() -> None:
    declared = Signature({"A": Range((1, 2)), "B": Range((2, 3))})
    assert settle(read("∀a:A ∃b:B (a < b)"), declared)[1] == declared


def test_a_formula_where_a_term_belongs_is_said() -> None:
    with pytest.raises(SortError, match="Not stands where a thing or number belongs"):
        settle([Atom("P", (Not(Atom("Q")),))])  # type: ignore[arg-type]


@given(theories(ALL))
def test_settling_twice_is_settling_once(theory: Theory) -> None:
    assert settle(theory.formulas, theory.signature) == (theory.formulas, theory.signature)


def test_the_sort_of_a_term() -> None:
    x = Variable("x", "Day")
    half, one = Number(Fraction(1, 2)), Number(Fraction(1))
    for term, sort in [
        (x, "Day"),
        (half, "Real"),
        (one, "Int"),
        (Arithmetic("+", one, half), "Real"),
        (Arithmetic("*", one, one), "Int"),
        (Count((x,), Atom("P")), "Int"),
        (Apply("mon"), "Day"),
        (Apply("slot", (x,)), "Slot"),
    ]:
        assert sort_of(term, _WEEK) == sort


def test_a_numeral_compared_with_a_thing_is_no_endless_search() -> None:
    with pytest.raises(SortError, match="the number 3"):
        settle([ForAll(Variable("x"), Less(Number(Fraction(3)), Variable("x")))])
