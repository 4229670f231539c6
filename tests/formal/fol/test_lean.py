from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import FormulaError, InexpressibleError
from neurosym.formal.fol.dialects.base import Dialect, make_theory
from neurosym.formal.fol.dialects.lean import LEAN, theorem_text
from neurosym.formal.fol.dialects.lean_printer import identifier
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
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
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory
from neurosym.formal.lean.policy import objections
from neurosym.formal.lean.source import read_source
from neurosym.formal.lean.theorem import read_theorem
from tests.formal.fol.strategies import Feature, formulas, theories

_SAID = frozenset(Feature) - {Feature.COUNT}

P, Q, R = Atom("P"), Atom("Q"), Atom("R")
X, Y = Variable("x"), Variable("y")
A, B = Apply("a"), Apply("b")


def _n(value: int) -> Number:
    return Number(Fraction(value))


def test_is_a_dialect() -> None:
    assert isinstance(LEAN, Dialect)
    assert LEAN.name == "lean"


@pytest.mark.parametrize("read", [LEAN.parse_formula, LEAN.parse_theory])
def test_lean_is_not_read(read: object) -> None:
    assert callable(read)
    with pytest.raises(FormulaError, match="line 1, column 1: Lean is printed, not read") as caught:
        read("theorem t : True := trivial")
    assert caught.value.hint == "Write it in another dialect, such as fol or smtlib."


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (And((P, Or((Q, R)))), "P ∧ (Q ∨ R)"),
        (And((P, And((Q, R)))), "P ∧ (Q ∧ R)"),
        (Implies(Implies(P, Q), R), "(P → Q) → R"),
        (Iff(P, Iff(Q, R)), "P ↔ (Q ↔ R)"),
        (Not(Not(P)), "¬ ¬ P"),
        (Not(And((P, Q))), "¬ (P ∧ Q)"),
        (Not(Equals(A, B)), "a ≠ b"),
        (And((Equals(A, B), P)), "(a = b) ∧ P"),
        (Xor(P, And((Q, R))), "¬ (P ↔ (Q ∧ R))"),
        (And((ForAll(X, P), Q)), "(∀ x : Entity, P) ∧ Q"),
        (ForAll(X, Exists(Y, Atom("R", (X, Y)))), "∀ x : Entity, ∃ y : Entity, R x y"),
        (Distinct((A, B, Apply("c"))), "a ≠ b ∧ a ≠ c ∧ b ≠ c"),
        (Or((Truth(True), Truth(False))), "True ∨ False"),
        (Atom("P", (Apply("f", (A, Apply("g", (B,)))),)), "P (f a (g b))"),
        (ForAll(Variable("p", "people"), P), "∀ p : people, P"),
        # Bare numerals would be natural numbers, whose subtraction stops at 0.
        (LessEqual(Arithmetic("-", _n(3), _n(5)), _n(-2)), "(3 - 5 : Int) ≤ (-2)"),
        (Less(Number(Fraction(1, 3)), _n(1)), "((1 / 3 : Rat) : Rat) < 1"),
        (Less(Apply("n"), Arithmetic("*", _n(2), Arithmetic("+", Apply("n"), _n(1)))),
         "n < 2 * (n + 1)"),
    ],
)  # fmt: skip
def test_prints(formula: Formula, text: str) -> None:
    assert LEAN.print_formula(formula) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("Cold", "Cold"), ("x1", "x1"), ("fun", "«fun»"), ("at", "«at»"), ("café", "«café»"),
     # What a library or the policy for proofs takes for more than a name.
     ("lemma", "«lemma»"), ("tactic", "«tactic»"), ("Meta", "«Meta»"), ("admit", "«admit»"),
     ("a b", "«a b»"), ("1980", "«1980»"), ("a.b", "«a.b»"), ("it's", "«it's»"), ("_", "«_»")],
)  # fmt: skip
def test_names_are_quoted_where_lean_would_not_take_them(name: str, text: str) -> None:
    assert identifier(name) == text


@pytest.mark.parametrize("name", ["", "a»b", "a\nb", "a\x00"])
def test_a_name_that_cannot_be_spelled_is_refused(name: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        LEAN.print_formula(Atom(name))
    assert str(caught.value) == f"Lean has no way to write the name {name!r}"


def test_no_binder_hides_another_name() -> None:
    formula = ForAll(X, Exists(X, Atom("x", (X, Apply("x")))))
    assert LEAN.print_formula(formula) == ("∀ x_v2 : Entity, ∃ x_v2_v1 : Entity, x_v1 x_v2_v1 x")


SIGNATURE = Signature(
    sorts={"Color": Enumeration(("red", "fun", "rec")), "lockers": Range((1, 2)), "people": None},
    functions={
        "paint": SymbolType(("lockers",), "Color"),
        "home": SymbolType(("people", "lockers"), "lockers"),
        "at": SymbolType((), "people"),
    },
    predicates={
        "at": SymbolType(("people",), "Bool"),
        "Tall": SymbolType(("Real", "Int"), "Bool"),
        "Int": SymbolType((), "Bool"),
    },
)
C, L = Variable("c", "Color"), Variable("n", "lockers")


def _puzzle() -> Theory:
    count = Count((C, L), Equals(Apply("paint", (L,)), C))
    return make_theory(
        [
            Statement(ForAll(L, Less(Apply("red"), Apply("paint", (L,)))), "Red is least.\nYes."),
            Statement(Exists(L, And((Atom("at", (Apply("at"),)), Atom("Int"))))),
            Statement(ForAll(L, Atom("Tall", (L, L)))),
            Statement(Atom("Tall", (_n(-1), _n(1)))),
        ],
        Statement(Equals(count, _n(2)), "Two."),
        declared=SIGNATURE,
    )


PUZZLE = """\
namespace Problem

inductive Color where
  | red
  | «fun»
  | rec_v1

def rank_Color : Color → Int
  | .red => 0
  | .«fun» => 1
  | .rec_v1 => 2

def lockers (n : Int) : Prop := n = 1 ∨ n = 2

open Classical in
theorem claim {Entity : Type} [Nonempty Entity] {people : Type} [Nonempty people]
    (at_v1 : people → Prop)
    (Tall : Rat → Int → Prop)
    (Int_v1 : Prop)
    (paint : Int → Color)
    (home : people → Int → Int)
    («at» : people)
    (typing_2 : ∀ x1 : people, ∀ x2 : Int, lockers x2 → lockers (home x1 x2))
    -- Red is least.
    -- Yes.
    (premise_1 : ∀ n : Int, lockers n → (rank_Color Color.red < rank_Color (paint n)))
    (premise_2 : ∃ n : Int, lockers n ∧ (at_v1 «at» ∧ Int_v1))
    (premise_3 : ∀ n : Int, lockers n → Tall (n : Rat) n)
    (premise_4 : Tall (-1) 1)
    -- Two.
    : ((([Color.red, Color.«fun», Color.rec_v1] : List Color).flatMap (fun c => \
([1, 2] : List Int).filter (fun n => decide (paint n = c)))).length : Int) = 2 := by
  sorry

end Problem
"""


def test_a_theorem_in_full() -> None:
    assert LEAN.print_theory(_puzzle()) == PUZZLE


def test_a_small_theorem() -> None:
    theory = make_theory([Statement(ForAll(X, Atom("Cold", (X,))))], Statement(Atom("Cold", (A,))))
    assert LEAN.print_theory(theory) == (
        "theorem claim {Entity : Type} [Nonempty Entity]\n"
        "    (Cold : Entity → Prop)\n"
        "    (a : Entity)\n"
        "    (premise_1 : ∀ x : Entity, Cold x)\n"
        "    : Cold a := by\n"
        "  sorry\n\n"
    )


def test_premises_can_have_numbers_of_their_own() -> None:
    theory = make_theory([Statement(P), Statement(Implies(P, Q))], Statement(Q))
    text = theorem_text(theory, (3, 7))
    assert re.findall(r"premise_\d+ : [^)]+", text) == ["premise_3 : P", "premise_7 : P → Q"]


def test_each_option_is_a_theorem() -> None:
    options = [
        Option("A", P, OptionTest.MUST, "It rains."),
        Option("B", And((P, Q)), OptionTest.CANNOT),
    ]
    text = LEAN.print_theory(make_theory([], None, options))
    assert "theorem option_1 " in text
    assert "    -- Option A must hold.\n    -- It rains.\n    : P := by" in text
    assert "theorem option_2 " in text
    assert "    -- Option B cannot hold.\n    : ¬ (P ∧ Q) := by" in text


@pytest.mark.parametrize("test", [OptionTest.COULD, OptionTest.NEED_NOT])
def test_what_some_solution_satisfies_is_no_theorem(test: OptionTest) -> None:
    with pytest.raises(InexpressibleError, match=f"option A {test.value} hold follows from no"):
        LEAN.print_theory(make_theory([], None, [Option("A", P, test)]))


def test_something_has_to_be_asked() -> None:
    with pytest.raises(InexpressibleError, match="a Lean theorem needs something to prove"):
        LEAN.print_theory(make_theory([Statement(P)]))


def test_what_is_counted_has_to_be_listed() -> None:
    formula = Equals(Count((X,), Atom("p", (X,))), _n(1))
    with pytest.raises(InexpressibleError, match="of sort Entity, whose members are not listed"):
        LEAN.print_formula(formula)


def test_a_real_number_is_no_whole_one() -> None:
    declared = Signature(predicates={"P": SymbolType(("Int",), "Bool")})
    half = Atom("P", (Number(Fraction(1, 2)),))
    unsettled = Theory((), Statement(half), signature=declared)  # from an old run log, perhaps
    with pytest.raises(InexpressibleError, match="no whole number that"):
        LEAN.print_theory(unsettled)


def _is_balanced(text: str) -> bool:
    level = 0
    for sign in re.sub(r"«[^»]*»", "", text):
        level += {"(": 1, ")": -1}.get(sign, 0)
        if level < 0:
            return False
    return level == 0


@given(formulas(_SAID))
def test_brackets_are_balanced(formula: Formula) -> None:
    assert _is_balanced(LEAN.print_formula(formula))


@given(theories(has_options=False), st.just(Statement(Truth(True))))
def test_every_symbol_of_a_theorem_is_bound_once(theory: Theory, claim: Statement) -> None:
    asked = make_theory(theory.premises, theory.claim or claim, declared=theory.signature)
    text = LEAN.print_theory(asked)
    binders = re.findall(r"^    \((\S+) : ", text, re.MULTILINE)
    expected = {*asked.signature.functions, *asked.signature.predicates}
    assert len(binders) == len(set(binders))
    assert expected <= {name.strip("«»").removesuffix("_v1") for name in binders}
    assert text.count("sorry") == 1


@given(theories(has_options=False), st.just(Statement(Truth(True))))
def test_what_is_printed_is_one_theorem_for_lean_to_judge(theory: Theory, claim: Statement) -> None:
    text = LEAN.print_theory(
        make_theory(theory.premises, theory.claim or claim, declared=theory.signature)
    )
    found = read_theorem(text)
    assert (found.name or "").split(".")[-1] == "claim"
    assert found.proof is None
    assert found.statement == re.findall(r"^    : (.*) := by$", text, re.MULTILINE)[0]
    premises = re.findall(r"^    \((premise_\d+) : .*\)$", found.binders, re.MULTILINE)
    assert premises == [f"premise_{number}" for number in range(1, len(theory.premises) + 1)]
    # The theorem may be judged: nothing in it is refused, whatever the sentences and names are.
    assert objections(read_source(found.with_proof("by decide").text), ()) == ()
    assert read_theorem(found.text) == found
