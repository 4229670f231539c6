from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from neurosym.errors import FormulaError, InexpressibleError, SortError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.smtlib import SMTLIB
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SymbolType
from neurosym.formal.fol.syntax import (
    And,
    Apply,
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
)
from neurosym.formal.fol.theory import Option, OptionTest, Repair, Statement, Theory
from tests.formal.fol.strategies import theories

_Z3 = Path(sys.executable).parent / "z3"


def _z3(script: str) -> list[str]:
    done = subprocess.run(
        [str(_Z3), "-in", "-T:20", "-memory:1000"],
        input=script, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


def _n(value: int) -> Number:
    return Number(Fraction(value))


X = Variable("x")


@given(theories())
def test_a_theory_reads_back_as_it_was(theory: Theory) -> None:
    assert replace(SMTLIB.parse_theory(SMTLIB.print_theory(theory)), source="") == theory


@settings(max_examples=40, deadline=None)
@given(theories())
def test_z3_reads_what_is_printed(theory: Theory) -> None:
    script = SMTLIB.print_theory(theory)
    assert script.count("(check-sat)\n") == max(1, len(theory.options))
    # To solve what Hypothesis comes up with may take Z3 forever; to read it does not.
    assert _z3(script.replace("(check-sat)", "")) == []


PUZZLE = """\
(set-logic ALL)
(declare-sort Entity 0)
(declare-datatypes ((Color 0)) (((red) (blue))))
(define-sort lockers () Int)
(define-fun is-lockers ((n lockers)) Bool (or (= n 1) (= n 2)))
(declare-fun paint (lockers) Color)
(declare-fun home (Color) lockers)
(declare-fun bob () Entity)
(declare-fun Cold (Entity) Bool)
(assert (! (forall ((x1 Color)) (is-lockers (home x1))) :named typing-home))

; Bob is cold.
; Or so it seems.
(assert (! (Cold bob) :named premise-1))

(assert (! (forall ((n lockers)) (=> (is-lockers n) (= (home (paint n)) n))) :named premise-2))

(assert (! (= (+ (ite (let ((c red)) (= (home c) 1)) 1 0) (ite (let ((c blue)) (= (home c) 1)) 1 0)) 1) :named premise-3))

; Hence.
(assert (! (not (distinct (home red) (home blue))) :named negated-claim))
(check-sat)
"""  # noqa: E501


def test_a_script_in_full() -> None:
    theory = SMTLIB.parse_theory(PUZZLE)
    n, c = Variable("n", "lockers"), Variable("c", "Color")
    assert theory.signature == Signature(
        sorts={"Color": Enumeration(("red", "blue")), "lockers": Range((1, 2))},
        functions={
            "paint": SymbolType(("lockers",), "Color"),
            "home": SymbolType(("Color",), "lockers"),
            "bob": SymbolType((), "Entity"),
        },
        predicates={"Cold": SymbolType(("Entity",), "Bool")},
    )
    assert theory.premises == (
        Statement(Atom("Cold", (Apply("bob"),)), "Bob is cold.\nOr so it seems."),
        Statement(ForAll(n, Equals(Apply("home", (Apply("paint", (n,)),)), n))),
        Statement(Equals(Count((c,), Equals(Apply("home", (c,)), _n(1))), _n(1))),
    )
    assert theory.claim is not None
    assert theory.claim.sentence == "Hence."
    assert theory.source == PUZZLE
    assert theory.repairs == ()
    assert SMTLIB.print_theory(theory) == PUZZLE
    assert _z3(PUZZLE) == ["unsat"]


def _sized(test: OptionTest, formula: Formula) -> Theory:
    declared = Signature({"Color": Enumeration(("red", "blue"))}, {"a": SymbolType((), "Color")})
    return make_theory([], None, [Option("A", formula, test)], declared=declared)


@pytest.mark.parametrize(
    ("test", "formula", "answer"),
    [
        (OptionTest.MUST, Or((Equals(Apply("a"), Apply("red")), Equals(Apply("a"), Apply("blue")))),
         "unsat"),
        (OptionTest.MUST, Equals(Apply("a"), Apply("red")), "sat"),
        (OptionTest.COULD, Equals(Apply("a"), Apply("red")), "sat"),
        (OptionTest.CANNOT, Equals(Apply("red"), Apply("blue")), "unsat"),
        (OptionTest.NEED_NOT, Equals(Apply("a"), Apply("red")), "sat"),
        (OptionTest.COULD, Less(Apply("blue"), Apply("red")), "unsat"),
        (OptionTest.MUST, LessEqual(Apply("red"), Apply("a")), "unsat"),
    ],
)  # fmt: skip
def test_an_option_is_asked_for_as_the_script_says(
    test: OptionTest, formula: Formula, answer: str
) -> None:
    theory = _sized(test, formula)
    script = SMTLIB.print_theory(theory)
    assert _z3(script) == [answer]
    assert SMTLIB.parse_theory(script).options == theory.options


def test_numbers_in_a_range_are_all_there_are() -> None:
    n = Variable("n", "seats")
    declared = Signature({"seats": Range((-1, 2))})
    count = Equals(Count((n,), Less(n, _n(1))), _n(1))
    none = Not(Exists(n, Less(_n(2), n)))
    theory = make_theory([], Statement(And((count, none))), declared=declared)
    script = SMTLIB.print_theory(theory)
    assert _z3(script) == ["unsat"]
    assert SMTLIB.parse_theory(script).claim == theory.claim


def test_a_quantifier_over_a_range_without_its_guard_is_over_whole_numbers() -> None:
    script = PUZZLE.split("; Bob")[0] + "(assert (exists ((n lockers)) (< 5 n)))"
    (premise,) = SMTLIB.parse_theory(script).premises
    number = Variable("n", "Int")
    assert premise.formula == Exists(number, Less(_n(5), number))


def test_what_is_counted_has_to_be_listed() -> None:
    theory = make_theory([Statement(Equals(Count((X,), Atom("p", (X,))), _n(1)))])
    with pytest.raises(InexpressibleError, match="of sort Entity, whose members are not listed"):
        SMTLIB.print_theory(theory)


def test_a_count_of_too_many_cases_is_refused() -> None:
    declared = Signature({"D": Range(tuple(range(100)))})
    variables = tuple(Variable(name, "D") for name in "abcd")
    theory = make_theory(
        [Statement(Equals(Count(variables, Truth(True)), _n(1)))], declared=declared
    )
    with pytest.raises(InexpressibleError, match="a count over 100000000 cases is too long"):
        SMTLIB.print_theory(theory)


HEAD = "(declare-sort Entity 0)\n(declare-const bob Entity)\n(declare-fun p (Entity) Bool)\n"


@pytest.mark.parametrize(
    ("command", "column", "problem"),
    [
        ("(assert (q bob))", 9, "q is not declared"),
        ("(assert (p ann))", 12, "ann is not declared"),
        ("(assert bob)", 9, "bob is no predicate, but stands where a formula belongs"),
        ("(declare-const bob Entity)", 16, "bob is declared twice"),
        ("(declare-const c Colour)", 18, "the sort Colour is not declared"),
        ("(declare-fun r (Bool) Bool)", 17,
         "truth values cannot be quantified over or given to a symbol"),
        ("(declare-sort List 1)", 20, "only sorts without arguments are read"),
        ("(define-fun r ((x Entity)) Bool (r x))", 1,
         "a definition that uses itself is not read"),
        ("(define-fun r ((x Entity)) Bool (p x))(assert (r bob bob))", 47,
         "this is defined with 1 arguments, not 2"),
        ("(define-fun r () Bool (p bob))(assert (p r))", 42,
         "what is defined as a formula stands where a term belongs"),
        ("(define-fun r () Entity bob)(assert r)", 37,
         "what is defined as a term stands where a formula belongs"),
        ("(define-fun p () Bool true)", 13, "p is declared twice"),
        ("(define-fun-rec r ((x Entity)) Bool (p x))", 1,
         "the command define-fun-rec is not read"),
        ("(assert (p bob))(reset-assertions)", 17, "the command reset-assertions is not read"),
        ("(reset)", 1, "the command reset is not read"),
        ("(check-sat-assuming (p))", 1, "the command check-sat-assuming is not read"),
        ("(pop 1)", 1, "more is taken back here than (push 1) began"),
        ("(push -1)", 7, "a number from 0 to 1000 has to stand here"),
        ("(push 1)(declare-const c Entity)(pop 1)(assert (p c))", 51, "c is not declared"),
        ("(exit)(assert (p bob))", 7, "nothing is read after (exit)"),
        ("(declare-datatypes ((T 0)) (((c (f Int)))))", 30,
         "only members without arguments are read"),
        ("(maximize 3)", 1, "the command maximize is not read"),
        ("p", 1, "a command in brackets has to stand here"),
        ("(assert (p bob)", 16, "the text ends too early"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_in_a_script(command: str, column: int, problem: str) -> None:
    with pytest.raises(FormulaError) as caught:
        SMTLIB.parse_theory(HEAD + command)
    error = caught.value
    assert (error.problem, error.line, error.column) == (problem, 4, column)


_BOB = Atom("p", (Apply("bob"),))
_DENIED = "(assert (! (not (p bob)) :named negated-claim))"
_OPTION = "(push 1)(assert (! (p bob) :named option-{}-could))(check-sat)(pop 1)"


def test_what_is_taken_back_is_not_asserted() -> None:
    theory = SMTLIB.parse_theory(
        HEAD + "(push 1)(assert (p bob))(push)(declare-fun q () Bool)(assert q)(check-sat)(pop 2)"
        "(declare-fun q (Entity) Bool)(assert (q bob))(check-sat)" + _DENIED + "(check-sat)(exit)"
    )
    assert [item.formula for item in theory.premises] == [Atom("q", (Apply("bob"),))]
    assert theory.claim == Statement(_BOB)


def test_what_is_asked_and_taken_back_is_what_the_theory_asks() -> None:
    theory = SMTLIB.parse_theory(f"{HEAD}(assert (p bob))(push 1){_DENIED}(check-sat)(pop 1)")
    assert (theory.premises, theory.claim) == ((Statement(_BOB),), Statement(_BOB))
    # What was declared for a question is no less declared for being taken back with it.
    theory = SMTLIB.parse_theory(
        HEAD + "(push 1)(declare-const c Int)(assert (! (= c c) :named option-A-could))(pop 1)"
        + _OPTION.format("B")
    )  # fmt: skip
    assert theory.signature.functions["c"] == SymbolType((), "Int")
    assert [option.label for option in theory.options] == ["A", "B"]


@pytest.mark.parametrize(
    ("script", "command", "problem"),
    [
        ("(push 1)(assert (p bob))" + _OPTION.format("A") + "\n(pop 1)", "(pop 1)", "more or less"),
        ("(assert (p bob))" + _OPTION.format("A") + "\n(assert (not (p bob)))",
         "(assert (not (p bob)))", "more or less"),
        (_OPTION.format("A") + "(assert (p bob))(push 1)"
         "(assert (! (p bob) :named option-B-could))\n(check-sat)(pop 1)",
         "(check-sat)", "more or less"),
        (_DENIED + "(check-sat)(assert (p bob))\n(check-sat)", "(check-sat)", "more or less"),
        (_DENIED + "(check-sat)\n(assert (p bob))", "(assert (p bob))", "more or less"),
        ("(push 1)" + _DENIED + "(assert (p bob))\n(pop 1)", "(pop 1)", "more or less"),
        ("(assert (! (p bob) :named option-A-could))\n(assert (! (p bob) :named option-B-must))",
         "(assert (! (p bob) :named option-B-must))", "a claim or an option is still asserted"),
        (_DENIED + "\n(assert (! (p bob) :named option-A-must))",
         "(assert (! (p bob) :named option-A-must))", "a claim or an option is still asserted"),
    ],
)  # fmt: skip
def test_nothing_is_asked_under_assertions_that_the_theory_lacks(
    script: str, command: str, problem: str
) -> None:
    with pytest.raises(FormulaError, match=problem) as caught:
        SMTLIB.parse_theory(HEAD + script)
    assert str(caught.value).split("\n")[1].strip().startswith(command)
    assert "(push 1)" in caught.value.hint


def test_a_definition_stands_for_what_it_defines() -> None:
    theory = SMTLIB.parse_theory(
        HEAD + "(declare-fun r (Entity Entity) Bool)(declare-const ann Entity)"
        "(define-fun who ((c Bool)) Entity (ite c bob ann))"
        "(define-fun all ((y Entity)) Bool (forall ((x Entity)) (r x y)))"
        "(define-fun some () Bool (exists ((x Entity)) (all x)))"
        "(assert (and some (p (who (p ann)))))(assert (= some (all bob)))"
    )
    y, x = Variable("x"), Variable("x_")
    some = Exists(y, ForAll(x, Atom("r", (x, y))))
    ann = Atom("p", (Apply("ann"),))
    chosen = And((Implies(ann, _BOB), Implies(Not(ann), ann)))
    every = ForAll(X, Atom("r", (X, Apply("bob"))))
    assert [item.formula for item in theory.premises] == [And((some, chosen)), Iff(some, every)]


def test_what_only_looks_like_a_sort_said_of_a_function_is_asserted() -> None:
    typing = "(forall ((x1 Color)) (is-lockers (home x1)))"
    assert PUZZLE.count(typing) == 1
    script = PUZZLE.replace(typing, "(forall ((c Color)) (= (home c) 1))")
    assert len(SMTLIB.parse_theory(script).premises) == 4
    other = SMTLIB.parse_theory(PUZZLE.replace(typing, "(is-lockers (home red))")).premises[0]
    home = Apply("home", (Apply("red"),))
    assert other.formula == Or((Equals(home, _n(1)), Equals(home, _n(2))))


def test_a_second_claim_is_refused() -> None:
    claim = "(assert (! (not (p bob)) :named negated-claim))\n"
    with pytest.raises(FormulaError, match="line 5, column 1: there is a second claim"):
        SMTLIB.parse_theory(HEAD + claim * 2)


def test_a_symbol_fits_its_declaration() -> None:
    with pytest.raises(SortError, match="p is used with 2 and with 1 arguments"):
        SMTLIB.parse_theory(HEAD + "(assert (p bob bob))")


def test_tolerant_reading_notes_what_it_mends() -> None:
    theory = SMTLIB.parse_theory(HEAD + "(assert (and (q bob)))) (assert (p bob)", tolerant=True)
    assert [item.formula for item in theory.premises] == [
        Atom("q", (Apply("bob"),)),
        Atom("p", (Apply("bob"),)),
    ]
    assert theory.repairs == (
        Repair("brackets", "dropped 1 ')' that closed nothing"),
        Repair("brackets", "added 1 ')' at the end"),
        Repair("one part", "read (and φ) as φ"),
        Repair("declaration", "declared q"),
    )


@settings(max_examples=30)
@given(theories())
def test_tolerant_reading_changes_nothing_that_is_right(theory: Theory) -> None:
    text = SMTLIB.print_theory(theory)
    assert SMTLIB.parse_theory(text, tolerant=True) == SMTLIB.parse_theory(text)


def test_five_thousand_premises() -> None:
    head = "(declare-sort Entity 0)(declare-fun p (Entity) Bool)(declare-fun q (Entity) Bool)\n"
    line = "(assert (forall ((x Entity)) (=> (p x) (exists ((y Entity)) (and (q y) (p x))))))\n"
    begin = time.monotonic()
    theory = SMTLIB.parse_theory(head + line * 5000)
    assert len(theory.premises) == 5000
    assert time.monotonic() - begin < 30
