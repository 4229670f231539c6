"""Theories of one formula a line: in sections or bare, with errors placed in the whole text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from neurosym.errors import FormulaError, InexpressibleError, SortError
from neurosym.formal.fol.dialects.base import Dialect
from neurosym.formal.fol.dialects.infix import LATEX, NLTK, UNICODE, InfixDialect
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType
from neurosym.formal.fol.syntax import ENTITY, Apply, Atom
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory
from tests.formal.fol.strategies import ALL, theories

WEEK = """\
// What is known of the week.
Declarations:
sort Day = {mon, tue, "the rest"}
sort Slot = {3, 1, 2}
sort Person
busy : Day -> Int
at : Person × Day → Slot
"keen on" : Person × Day -> Bool
boss : Person
Premises:
∀d:Day (busy(d) ≤ 3) ::: No day has more than three meetings.
  // and
mon < tue

"keen on"(boss, "the rest")
Conclusion:
busy(mon) < 5 ::: There are fewer than five meetings on Monday.
"""


def fault(text: str, dialect: Dialect = UNICODE) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        dialect.parse_theory(text)
    assert caught.value.hint
    return caught.value


# ------------------------------------------------------------------- reading


def test_a_theory_in_sections() -> None:
    theory = UNICODE.parse_theory(WEEK)
    assert [item.sentence for item in theory.premises] == [
        "No day has more than three meetings.", "", ""
    ]  # fmt: skip
    assert theory.claim is not None
    assert theory.claim.sentence == "There are fewer than five meetings on Monday."
    assert theory.source == WEEK
    assert theory.repairs == ()
    assert theory.signature == Signature(
        sorts={
            "Day": Enumeration(("mon", "tue", "the rest")),
            "Slot": Range((1, 2, 3)),
            "Person": None,
        },
        functions={
            "busy": SymbolType(("Day",), "Int"),
            "at": SymbolType(("Person", "Day"), "Slot"),
            "boss": SymbolType((), "Person"),
        },
        predicates={"keen on": SymbolType(("Person", "Day"), "Bool")},
    )


def test_a_bare_theory_has_premises_and_the_claim_after_a_turnstile() -> None:
    text = "// about bob\n\n∀x (P(x) → Q(x)) ::: All P are Q.\nP(bob)\n{} Q(bob) ::: So is Bob."
    read = [UNICODE.parse_theory(text.format(sign)) for sign in ("⊢", "|-", "∴")]
    for theory in read:
        assert [item.sentence for item in theory.premises] == ["All P are Q.", ""]
        assert theory.claim == Statement(Atom("Q", (Apply("bob"),)), "So is Bob.")
    assert len({theory.digest for theory in read}) == 1


def test_a_theory_may_ask_nothing_and_state_nothing() -> None:
    assert UNICODE.parse_theory("P(bob)").claim is None
    assert UNICODE.parse_theory("").formulas == ()
    assert UNICODE.parse_theory("Premises:\n").formulas == ()


def test_options_with_their_tests() -> None:
    theory = UNICODE.parse_theory(
        "Premises:\nP ∨ Q\nOptions:\nA) P\nB) could Q ::: maybe\nC) cannot ¬P\nD) need not P ∨ Q"
    )
    assert theory.claim is None
    assert [(item.label, item.test, item.sentence) for item in theory.options] == [
        ("A", OptionTest.MUST, ""),
        ("B", OptionTest.COULD, "maybe"),
        ("C", OptionTest.CANNOT, ""),
        ("D", OptionTest.NEED_NOT, ""),
    ]


def test_a_predicate_may_be_called_like_a_test() -> None:
    [option] = UNICODE.parse_theory("Premises:\nP\nOptions:\nA) could(bob)").options
    assert (option.test, option.formula) == (OptionTest.MUST, Atom("could", (Apply("bob"),)))


def test_numbers_in_quotes_are_names() -> None:
    declared = "Declarations:\nsort Route = {{{}}}\nPremises:\nP"
    theory = UNICODE.parse_theory(declared.format('"1", "2"'))
    assert theory.signature.sorts == {"Route": Enumeration(("1", "2"))}
    theory = UNICODE.parse_theory(declared.format("-2, 1"))
    assert theory.signature.sorts == {"Route": Range((-2, 1))}


@pytest.mark.parametrize(
    ("dialect", "premise"),
    [(NLTK, "all x. (Dog(x) -> Kind(x))"), (LATEX, r"\forall x\, (Dog(x) \rightarrow Kind(x))")],
    ids=["nltk", "latex"],
)
def test_theories_in_other_notations(dialect: InfixDialect, premise: str) -> None:
    theory = dialect.parse_theory(f"Premises:\n{premise}\nDog(rex)\nConclusion:\nKind(rex)")
    plain = UNICODE.parse_theory("∀x (Dog(x) → Kind(x))\nDog(rex)\n⊢ Kind(rex)")
    assert theory.digest == plain.digest


# ------------------------------------------------------------------- round trip


@pytest.mark.parametrize("dialect", [UNICODE, LATEX], ids=lambda dialect: dialect.name)
@given(theory=theories(ALL))
def test_what_is_printed_is_read_back_alike(dialect: InfixDialect, theory: Theory) -> None:
    read = dialect.parse_theory(dialect.print_theory(theory))
    assert (read.premises, read.claim, read.options) == (
        theory.premises, theory.claim, theory.options
    )  # fmt: skip
    assert dict(read.signature.sorts) == dict(theory.signature.sorts)
    used = {**read.signature.functions, **read.signature.predicates}
    for name, kind in {**theory.signature.functions, **theory.signature.predicates}.items():
        # What is about things only need not be declared, and is forgotten where it is not used.
        assert used.get(name, kind) == kind
        assert name in used or {*kind.args, kind.result} <= {ENTITY, "Bool"}


def test_reading_tolerantly_what_follows_the_dialect_changes_nothing() -> None:
    for text in (WEEK, "Premises:\nP(bob)\nOptions:\nA) must P(mia)\nB) could P(rex)\n"):
        strict, tolerant = (UNICODE.parse_theory(text, tolerant=flag) for flag in (False, True))
        assert tolerant == strict


def test_a_name_that_cannot_be_declared_is_refused() -> None:
    theory = Theory((), signature=Signature(sorts={"Day": Enumeration(("mon, tue",))}))
    with pytest.raises(InexpressibleError, match="cannot be declared"):
        UNICODE.print_theory(theory)
    awkward = Theory((Statement(Atom("a ::: b")),))
    with pytest.raises(InexpressibleError, match="cannot stand in a line"):
        UNICODE.print_theory(awkward)


def test_options_are_printed_with_their_tests() -> None:
    option = Option("B", Atom("P"), OptionTest.NEED_NOT, "It need\nnot be.")
    printed = UNICODE.print_theory(Theory((), options=(option,)))
    assert printed == "Premises:\nOptions:\nB) need not P ::: It need not be.\n"


# ------------------------------------------------------------------- tolerant reading


def test_repairs_name_the_line() -> None:
    theory = UNICODE.parse_theory("Premises:\nP(bob).\n∀x P(x) → Q(x)\n", tolerant=True)
    assert [(repair.kind, repair.detail) for repair in theory.repairs] == [
        ("end", "line 2: a mark after the end is left out"),
        ("scope", "the quantifier of x reaches further"),
    ]


def test_headings_written_otherwise_are_read_and_recorded() -> None:
    theory = UNICODE.parse_theory("## Premises:\nP(bob)\n**Query:**\nQ(bob)\n", tolerant=True)
    assert theory.claim == Statement(Atom("Q", (Apply("bob"),)))
    assert {repair.kind for repair in theory.repairs} >= {"section heading"}


# ------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("P(a)\n\n// note\n\nQ(b", 5, 4, "the text ends too early"),
        ("P(a)\n  ⊢ Q(", 2, 7, "the text ends too early"),
        ("P(a)\n   Q(b) ∧ ::: sentence", 2, 10, "the text ends too early"),
        ("P(a)\n⊢ P\n⊢ Q", 3, 3, "there are two claims"),
        ("Premises:\nP\nConclusion:\nQ\nR", 5, 1, "there are two claims"),
        ("Premises:\nP\nConclusion:\n", 3, 12, "the conclusion is empty"),
        ("Premises:\nP\nPremises:\nQ", 3, 1, "the section Premises is there twice"),
        ("Premises:\nP\nNotes:\nQ", 3, 1, "there is no section 'Notes' in this format"),
        ("Conclusion:\nP", 2, 2, "there is no section Premises"),
        ("P\nPremises:\nQ", 1, 1, "there is text before the first section"),
        ("Premises:\nP\nOptions:\nA) P\nA) Q", 5, 1, "there are two options A"),
        ("Premises:\nP\nOptions:\nP", 4, 1, "an option without its letter"),
        ("Premises:\nP\nOptions:\nA) could P ∧", 4, 13, "the text ends too early"),
        ("Premises:\nP\nConclusion:\nQ\nOptions:\nA) P", 6, 1,
         "there is a conclusion and there are options"),
        ("Declarations:\nsort\nPremises:\nP", 2, 1, "this declares nothing"),
        ("Declarations:\nsort D = {a}\nsort D = {b}\nPremises:\nP", 3, 1, "D is declared twice"),
        ("Declarations:\nP : Int -> Bool\nP : Bool\nPremises:\nP", 3, 1, "P is declared twice"),
    ],
)  # fmt: skip
def test_errors_have_their_place_in_the_whole_text(
    text: str, line: int, column: int, problem: str
) -> None:
    error = fault(text)
    assert (error.line, error.column, error.problem) == (line, column, problem)
    assert f"\n  {text.splitlines()[line - 1]}\n" in str(error)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("P(a)\nP(a, b)", "P is used with 2 and with 1 arguments"),
        ("Declarations:\nP : Day -> Bool\nPremises:\nP(a)", "'Day', which is not declared"),
        ("Premises:\n∀d:Day P(d)", "'Day', which is not declared"),
        ("Declarations:\nsort Day = {mon}\nPremises:\n∀x P(x)\nP(mon)", "different sorts"),
        ("Declarations:\nsort Day = {}\nPremises:\nP", "Day has no members"),
        ("Declarations:\nsort Day = {mon, tue, mon}\nPremises:\nP", "mon, a member of Day, is"),
        ("Declarations:\nsort A = {a}\nsort B = {a}\nPremises:\nP", "a, a member of B, is listed"),
        ("Declarations:\nsort Int = {a}\nPremises:\nP", "the sort Int is built in"),
        ("∀x ∀y (R(x, y) → x < y)", "compared or calculated with, but is no number"),
    ],
)
def test_what_does_not_fit_together_is_a_sort_error(text: str, match: str) -> None:
    with pytest.raises(SortError, match=match) as caught:
        UNICODE.parse_theory(text)
    assert caught.value.hint


def test_a_text_that_is_too_long_is_refused() -> None:
    error = fault("Premises:\n" + "P\n" * 600_000)
    assert "characters long" in error.problem


def test_five_thousand_premises_are_read_and_printed_in_reasonable_time() -> None:
    lines = [f"∀x (P{i}(x) ∧ Q(x, c{i}) → P{i + 1}(x)) ::: Sentence {i}." for i in range(5000)]
    begun = time.monotonic()
    theory = UNICODE.parse_theory("\n".join([*lines, "⊢ P5000(bob)"]))
    printed = UNICODE.print_theory(theory)
    assert time.monotonic() - begun < 60
    assert len(theory.premises) == 5000
    assert printed.splitlines()[1:5001] == lines
