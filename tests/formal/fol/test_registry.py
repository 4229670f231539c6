"""Dialects by name, and finding out which one a text is written in."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError, OptionError
from neurosym.formal.fol.dialects.base import Dialect
from neurosym.formal.fol.dialects.registry import (
    DialectName,
    claim_form,
    dialect_named,
    find_dialect,
    read_theory,
)
from neurosym.formal.fol.theory import Theory
from tests.formal.fol.strategies import ALL, DEFAULT_NAMES, Feature, Names, theories

THEORY = "∀x (Man(x) → Mortal(x)) ::: All men are mortal.\nMan(ada)\n⊢ Mortal(ada)"


def theory() -> Theory:
    return read_theory(THEORY)[0]


@pytest.mark.parametrize("name", DialectName)
def test_every_name_has_its_dialect(name: DialectName) -> None:
    assert isinstance(dialect_named(name), Dialect)


@pytest.mark.parametrize("name", DialectName)
def test_what_a_dialect_prints_is_found_to_be_its_own(name: DialectName) -> None:
    try:
        text = dialect_named(name).print_theory(theory())
    except InexpressibleError:
        assert name in (DialectName.CSP, DialectName.PUZZLE), "they have no things to speak of"
        return
    assert find_dialect(text) is name


_PLAIN = frozenset({Feature.EQUALITY, Feature.FUNCTIONS, Feature.XOR, Feature.DISTINCT})
_FEATURES = {
    DialectName.NLTK: _PLAIN | {Feature.SORTS},
    DialectName.TPTP: _PLAIN | {Feature.SORTS, Feature.TRUTH},
    DialectName.RULES: frozenset({Feature.SORTS}),
}
# Of longer names, since NLTK's logic takes single letters for variables.
_WORDS = Names(
    DEFAULT_NAMES.predicates,
    DEFAULT_NAMES.functions.filter(lambda name: len(name) > 2),
    st.integers(0, 99).map(lambda number: f"bob_{number}"),
    DEFAULT_NAMES.variables,
    DEFAULT_NAMES.sorts,
)


_OF_THINGS = [n for n in DialectName if n not in (DialectName.CSP, DialectName.PUZZLE)]


@pytest.mark.parametrize("name", _OF_THINGS)
@settings(max_examples=60)
@given(data=st.data())
def test_no_theory_that_is_printed_is_taken_for_another(
    name: DialectName, data: st.DataObject
) -> None:
    features = _FEATURES.get(name, ALL)
    names = _WORDS if name is DialectName.NLTK else DEFAULT_NAMES
    theory = data.draw(theories(features, names, max_depth=2))
    try:
        text = dialect_named(name).print_theory(theory)
    except InexpressibleError:
        return
    if not text.strip():
        return  # TPTP says nothing where there is nothing to say
    found = find_dialect(text)
    if found is not name:  # then either may have printed it, and it means the same
        assert found is not None
        printed, read = (dialect_named(each).parse_theory(text) for each in (name, found))
        assert printed.digest == read.digest


SEATS = """\
# Declarations
people = EnumSort([Ann, Bob])
seats = EnumSort([1, 2])
sits = Function([people] -> [seats])
# Constraints
sits(Bob) == 1 ::: All dogs -> rain & thunder.
# Options
Question ::: Which?
is_sat(sits(Ann) == 2) ::: (A)
"""
CARS = """\
Domain:
1: the oldest car
2: the newest car
Variables:
sedan [IN] [1, 2]
truck [IN] [1, 2]
Constraints:
Query:
A) truck == 1 ::: The truck is the oldest.
"""


@pytest.mark.parametrize(("text", "name"), [(SEATS, "puzzle"), (CARS, "csp")])
def test_puzzles_are_found_and_stay_what_they_are_in_logic(text: str, name: str) -> None:
    theory, found = read_theory(text)
    assert found == name
    assert find_dialect(dialect_named(found).print_theory(theory)) == name
    printed = dialect_named(DialectName.FOL).print_theory(theory)
    again, found = read_theory(printed)
    assert (again.digest, found) == (theory.digest, "fol")
    assert read_theory(printed, file_name="s.fol")[0].digest == theory.digest


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        *((f"a.{name}", name.value) for name in DialectName),
        ("a.p", "tptp"),
        ("a.SMT2", "smtlib"),
        ("a.tex", "latex"),
        ("a.lean", "lean"),
        ("a.txt", None),
    ],
)
def test_a_file_name_tells_more_than_its_text(file_name: str, name: str | None) -> None:
    assert find_dialect("P(a)", file_name) == name


@pytest.mark.parametrize(
    "text",
    [
        "All men are mortal. Ada is a man. Is Ada mortal?",
        "Tom likes all dogs. Rex is a dog. Does Tom like Rex?",
        "Johnson & Johnson is a company. Every company pays taxes.",
        "Premises:\nAll men are mortal.\nSocrates is a man.\nConclusion:\nSocrates is mortal.",
        "Facts:\nAnn is tall.\nRules:\nTall people see more.\nQuery:\nAnn sees more.",
        "# Constraints\nNo two people share a seat.\n# Options\nA) Ann sits first.",
        "- Ann sits left of Bob\n- Bob sits left of Cat",
        "Ann -> Bob: 5 km\nBob -> Cat: 3 km\nHow far is it from Ann to Cat?",
        "A price of at least $3 is ≤ what Tom has. Let $x \\leq 5$ be the price.",
        "theorem of Pythagoras: what is the third side?",
    ],
)
def test_plain_words_are_in_no_dialect(text: str) -> None:
    assert find_dialect(text) is None


def test_who_gives_plain_words_is_told_what_can_be_read() -> None:
    with pytest.raises(OptionError, match="nothing tells") as caught:
        read_theory("Ada is mortal")
    assert "nltk, latex" in caught.value.hint
    assert "lean" not in caught.value.hint, "it is not read"


DECLARED = """\
Declarations:
 sort Day = {mon, tue}
 sort N = {1, 2, 3}
 f : Day -> N
Premises:
 f(mon) = 1
Conclusion:
 f(mon) = 2
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (DECLARED, "fol"),  # the arrow is one of a declaration
        (DECLARED.replace("f(mon) = 1", "-P(mon) & f(mon) = tue"), "nltk"),
        ("P(a)\n|- P(a)", "fol"),  # in NLTK's logic, a is a variable
        ("P(bob)\n|- P(bob)", "fol"),
        ("P(bob) -> Q(bob)\n|- Q(bob)", "nltk"),
        ("Premises:\nP(bob) |\n", "nltk"),
        ("Premises:\nP(bob\n", "fol"),
        ('Premises:\n"old -> friend"(bob)\n', "fol"),
        ("P(bob)\nQ(bob) ::: From P -> Q and & all x. it follows.\n|- P(bob)", "fol"),
        (r"\mathit{Man}(ada)", "latex"),
        ("$P(a)$", "latex"),
        ("∀x (old friend(x) → nice person(x))", "fol"),
        ("theorem claim (p : Prop) : p := by\n  sorry", "lean"),
    ],
)
def test_what_tells_the_dialects_of_formulas_apart(text: str, name: str) -> None:
    assert find_dialect(text) == name


def test_numbers_that_are_declared_are_numbers() -> None:
    theory, _ = read_theory(DECLARED)
    assert theory == dialect_named(DialectName.FOL).parse_theory(DECLARED)
    with pytest.raises(FormulaError, match="1 is no number in the logic of nltk") as caught:
        read_theory(DECLARED, DialectName.NLTK)
    assert (caught.value.line, "--from fol" in caught.value.hint) == (6, True)
    named = DECLARED.replace("1, 2, 3", '"1", "2"').replace("f(mon) = 2", "f(mon) != 2")
    assert read_theory(named)[1] is DialectName.NLTK


@pytest.mark.parametrize(
    "text", ["age(ann) = 3\n|- age(ann) = 4", "Premises:\n-ann = bob\nConclusion:\nann = bob"]
)
def test_who_means_one_of_two_things_is_asked_which(text: str) -> None:
    with pytest.raises(OptionError, match="can be read as fol or nltk") as caught:
        read_theory(text)
    assert "--from" in caught.value.hint
    assert read_theory(text, file_name="a.fol")[1] is DialectName.FOL
    assert read_theory(text, DialectName.NLTK)[1] is DialectName.NLTK


@pytest.mark.parametrize(
    "name", [n for n in DialectName if n not in (DialectName.LEAN, DialectName.CSP)]
)
def test_every_dialect_says_how_a_claim_is_written(name: DialectName) -> None:
    assert claim_form(name)


@pytest.mark.parametrize(
    "text", ["\n" * 300_000, "all " * 200_000, ": " * 200_000, "a b " * 200_000]
)
def test_a_long_text_of_no_sense_is_looked_through_in_time(text: str) -> None:
    begun = time.monotonic()
    find_dialect(text)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "name",
    [n for n in DialectName if n not in (DialectName.LEAN, DialectName.CSP, DialectName.PUZZLE)],
)
def test_a_theory_means_the_same_in_every_dialect_that_can_say_it(name: DialectName) -> None:
    text = dialect_named(name).print_theory(theory())
    again, found = read_theory(text)
    assert found is name
    assert [item.formula for item in again.premises] == [item.formula for item in theory().premises]
    assert again.claim is not None
    assert again.claim.formula == theory().claim.formula  # type: ignore[union-attr]
