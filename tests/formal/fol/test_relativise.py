from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.smtlib import SMTLIB
from neurosym.formal.fol.dialects.tptp import TPTP
from neurosym.formal.fol.relativise import relativise
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
    Implies,
    Less,
    Not,
    Number,
    Or,
    Truth,
    Variable,
    bound_by,
    walk,
)
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory
from tests.formal.fol.strategies import Feature, theories
from tests.formal.fol.test_tptp import _e_prover

_Z3 = Path(sys.executable).parent / "z3"
_SORTED = frozenset({Feature.EQUALITY, Feature.FUNCTIONS, Feature.SORTS, Feature.DISTINCT,
                     Feature.XOR, Feature.TRUTH})  # fmt: skip


def _answers(theory: Theory) -> list[str]:
    script = "(set-option :timeout 400)\n" + SMTLIB.print_theory(theory)
    done = subprocess.run(
        [str(_Z3), "-in", "-T:5", "-memory:1000"],
        input=script, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.split()


def _n(value: int) -> Number:
    return Number(Fraction(value))


def _asked(claim: Formula, signature: Signature, *premises: Formula) -> Theory:
    return make_theory(map(Statement, premises), Statement(claim), declared=signature)


@settings(max_examples=60, deadline=None)
@given(theories(_SORTED, max_depth=3))
def test_a_solver_says_the_same_with_and_without_sorts(theory: Theory) -> None:
    plain = relativise(theory)
    pairs = list(zip(_answers(theory), _answers(plain), strict=False))
    known = [pair for pair in pairs if {"sat", "unsat"} >= set(pair)]
    assume(known)
    assert all(one == other for one, other in known)


@given(theories(_SORTED))
def test_only_entity_is_left(theory: Theory) -> None:
    plain = relativise(theory)
    assert plain.signature.sorts == {}
    for table in (plain.signature.functions, plain.signature.predicates):
        assert {sort for kind in table.values() for sort in kind.args} <= {"Entity"}
    for formula in plain.formulas:
        assert all(v.sort == "Entity" for item in walk(formula) for v in bound_by(item))


@given(theories(_SORTED - {Feature.SORTS}))
def test_a_theory_without_sorts_stays_as_it_is(theory: Theory) -> None:
    assert relativise(theory) is theory


def test_a_small_theory_in_full() -> None:
    signature = Signature(
        sorts={"Color": Enumeration(("red", "blue")), "people": None},
        functions={"likes": SymbolType(("people",), "Color"), "bob": SymbolType((), "people")},
        predicates={"Color": SymbolType(("people",), "Bool")},
    )
    person = Variable("p", "people")
    premise = ForAll(person, Equals(Apply("likes", (person,)), Apply("red")))
    theory = make_theory(
        [Statement(premise, "All like red.")], None,
        [Option("A", Exists(person, Atom("Color", (person,))), OptionTest.COULD, "Some.")],
        declared=signature, source="text",
    )  # fmt: skip
    plain = relativise(theory)
    x, x1, p = Variable("x"), Variable("x1"), Variable("p")
    red, blue = Apply("red"), Apply("blue")

    def guard(sort: str, term: Variable | Apply) -> Atom:
        return Atom(sort, (term,))

    assert [item.formula for item in plain.premises] == [
        Exists(x, guard("Entity", x)),
        guard("Color_", red),
        guard("Color_", blue),
        ForAll(x, Implies(guard("Color_", x), Or((Equals(x, red), Equals(x, blue))))),
        Distinct((red, blue)),
        Exists(x, guard("people", x)),
        ForAll(x1, Implies(guard("people", x1), guard("Color_", Apply("likes", (x1,))))),
        guard("people", Apply("bob")),
        ForAll(p, Implies(guard("people", p), Equals(Apply("likes", (p,)), red))),
    ]
    assert [item.sentence for item in plain.premises] == [""] * 8 + ["All like red."]
    some = Exists(p, And((guard("people", p), Atom("Color", (p,)))))
    assert plain.options == (Option("A", some, OptionTest.COULD, "Some."),)
    assert (plain.source, plain.repairs) == ("text", ())


def test_a_predicate_gets_a_name_that_no_thing_function_or_member_has() -> None:
    a, m = Apply("a"), Apply("m")
    signature = Signature(
        sorts={"D": Enumeration(("m",))},
        functions={"a": SymbolType((), "Entity"), "f": SymbolType(("Entity",), "Entity")},
        predicates={
            "a": SymbolType(("Entity",), "Bool"), "a_": SymbolType((), "Bool"),
            "m": SymbolType(("D",), "Bool"), "f": SymbolType((), "Bool"),
            "D": SymbolType((), "Bool"),
        },
    )  # fmt: skip
    own = And((Atom("a", (a,)), Atom("a_"), Atom("m", (m,)), Atom("f"), Atom("D")))
    plain = relativise(_asked(own, signature))
    assert plain.claim is not None
    renamed = And((Atom("a__", (a,)), Atom("a_"), Atom("m_", (m,)), Atom("f_"), Atom("D")))
    assert plain.claim.formula == renamed
    assert not plain.signature.functions.keys() & plain.signature.predicates.keys()


def test_without_sorts_only_what_shares_its_name_is_renamed() -> None:
    premise = Statement(And((Atom("P", (Apply("P"),)), Atom("Q", (Apply("P"),)))), "told")
    option = Option("A", Not(Atom("P", (Apply("b"),))), OptionTest.COULD, "asked")
    plain = relativise(make_theory([premise], options=[option], source="text"))
    renamed = And((Atom("P_", (Apply("P"),)), Atom("Q", (Apply("P"),))))
    assert plain.premises == (Statement(renamed, "told"),)
    assert plain.options == (
        Option("A", Not(Atom("P_", (Apply("b"),))), OptionTest.COULD, "asked"),
    )
    assert plain.source == "text"
    assert relativise(plain) is plain


def test_functions_of_numbers_have_values_of_their_sort_outside_of_the_range_too() -> None:
    signature = Signature(
        sorts={"Seat": Range((1, 2)), "Col": None},
        functions={"of": SymbolType(("Col", "Seat"), "Col")},
    )
    x1, x2 = Variable("x1"), Variable("x2")
    value = Atom("Col", (Apply("of", (x1, x2)),))
    typing = ForAll(x1, Implies(Atom("Col", (x1,)), ForAll(x2, value)))
    plain = relativise(_asked(Atom("p"), signature))
    assert typing in [item.formula for item in plain.premises]


def test_counts_of_what_is_not_listed_are_said_by_quantifiers() -> None:
    count = Count((X,), Atom("p", (X,)))
    plain = relativise(make_theory([Statement(Less(count, _n(1)))]))
    assert [item.formula for item in plain.premises] == [
        ForAll(X, Implies(Atom("p", (X,)), Truth(False)))
    ]


def _follows(theory: Theory, tmp_path: Path) -> str:
    return _e_prover(TPTP.print_theory(theory), tmp_path)


COLORS = Signature({"Color": Enumeration(("red", "blue"))}, {"best": SymbolType((), "Color")})
SEATS = Signature({"seats": Range((1, 2)), "days": Range((2, 3))},
                  {"mine": SymbolType((), "seats"), "today": SymbolType((), "days")})  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "signature", "answer"),
    [
        (Or((Equals(Apply("best"), Apply("red")), Equals(Apply("best"), Apply("blue")))), COLORS,
         "Theorem"),
        (Not(Equals(Apply("red"), Apply("blue"))), COLORS, "Theorem"),
        (Equals(Apply("best"), Apply("red")), COLORS, "CounterSatisfiable"),
        (Or((Equals(Apply("mine"), _n(1)), Equals(Apply("mine"), _n(2)))), SEATS, "Theorem"),
        (Implies(Equals(Apply("mine"), Apply("today")), Equals(Apply("mine"), _n(2))), SEATS,
         "Theorem"),
        (Not(Equals(Apply("mine"), _n(9))), SEATS, "Theorem"),
        (Exists(Variable("s", "seats"), Equals(Variable("s", "seats"), _n(2))), SEATS, "Theorem"),
        (Equals(Apply("mine"), _n(2)), SEATS, "CounterSatisfiable"),
    ],
)  # fmt: skip
def test_a_prover_decides_what_has_sorts(
    claim: Formula, signature: Signature, answer: str, tmp_path: Path
) -> None:
    assert _follows(_asked(claim, signature), tmp_path) == answer


def test_one_thing_does_not_make_one_color(tmp_path: Path) -> None:
    # Were things not guarded, the premise would contradict that colors differ.
    x, y = Variable("x"), Variable("y")
    alone = ForAll(x, ForAll(y, Equals(x, y)))
    theory = _asked(Equals(Apply("red"), Apply("blue")), COLORS, alone)
    assert _follows(theory, tmp_path) == "CounterSatisfiable"


X = Variable("x")
N = Variable("n", "Int")


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        (Less(Apply("a"), _n(2)), "comparisons of numbers"),
        (Equals(Apply("a"), Arithmetic("+", Apply("a"), _n(1))), "arithmetic"),
        (Equals(Count((X,), Atom("p", (X,))), Apply("a")), "counts"),
        (ForAll(N, Atom("q", (N,))), "variables of the sort Int"),
        (Atom("p", (Number(Fraction(1, 2)),)), "symbols of the sort Real"),
    ],
)
def test_what_needs_numbers_is_refused(formula: Formula, what: str) -> None:
    with pytest.raises(InexpressibleError) as caught:
        relativise(make_theory([Statement(formula)]))
    assert str(caught.value) == f"logic without sorts has no {what}"
    assert caught.value.hint == "Use the SMT-LIB dialect for this theory."


def test_sentences_and_claims_are_kept() -> None:
    theory = replace(
        _asked(Equals(Apply("best"), Apply("red")), COLORS),
        claim=Statement(Equals(Apply("best"), Apply("red")), "Red is best."),
    )
    assert relativise(theory).claim == theory.claim
