"""Whole and real numbers, ranges and what may leave them, and counts of what is not listed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.backends.z3.backend import Z3Backend
from neurosym.backends.z3.lowering import lower
from neurosym.backends.z3.process import Z3Process
from neurosym.errors import InexpressibleError, SortError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.sorts import Range, Signature, SymbolType
from neurosym.formal.fol.syntax import (
    Apply,
    Arithmetic,
    Atom,
    Distinct,
    Equals,
    Formula,
    Less,
    LessEqual,
    Number,
    Term,
)
from neurosym.formal.fol.theory import Statement, Theory
from neurosym.status import Status
from tests.backends.theories import decided, read
from tests.formal.fol.strategies import ALL, theories


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Backend]:
    backend = Z3Backend(workers=1)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def process() -> Iterator[Z3Process]:
    process = Z3Process(256 << 20)
    yield process
    process.kill()


# ------------------------------------------------------------------- whole and real numbers


_VALUES = {"k": Fraction(2), "s": Fraction(3), "r": Fraction(3, 2), "q": Fraction(2)}
_SORTS = {"k": "Int", "s": "Seat", "r": "Real", "q": "Real"}
_NUMBERS = Signature(
    sorts={"Seat": Range((1, 2, 3))},
    functions={name: SymbolType((), sort) for name, sort in _SORTS.items()},
    predicates={"Heavy": SymbolType(("Real",), "Bool")},
)
_literals = st.fractions(-3, 3, max_denominator=3)
_terms: st.SearchStrategy[Term] = st.recursive(
    st.sampled_from([Apply(name) for name in _VALUES]) | _literals.map(Number),
    lambda inner: st.one_of(
        st.builds(Arithmetic, st.sampled_from(["+", "-"]), inner, inner),
        st.builds(lambda value, term: Arithmetic("*", Number(value), term), _literals, inner),
    ),
    max_leaves=4,
)
_relations: st.SearchStrategy[Formula] = st.one_of(
    st.builds(
        lambda make, one, other: make(one, other),
        st.sampled_from([Equals, Less, LessEqual]), _terms, _terms,
    ),
    st.builds(Distinct, st.tuples(_terms, _terms, _terms)),
)  # fmt: skip


def _value(term: Term) -> Fraction:
    match term:
        case Apply(function=name):
            return _VALUES[name]
        case Number(value=value):
            return value
        case Arithmetic(operator=sign, left=left, right=right):
            one, other = _value(left), _value(right)
            return one + other if sign == "+" else one - other if sign == "-" else one * other
    raise AssertionError(term)


def _is_true(formula: Formula) -> bool:
    match formula:
        case Equals(left=left, right=right):
            return _value(left) == _value(right)
        case Less(left=left, right=right):
            return _value(left) < _value(right)
        case LessEqual(left=left, right=right):
            return _value(left) <= _value(right)
        case Distinct(terms=terms):
            return len(set(map(_value, terms))) == len(terms)
    raise AssertionError(formula)


@settings(max_examples=60)
@given(claim=_relations)
def test_numbers_of_all_kinds_are_what_exact_arithmetic_says(z3: Z3Backend, claim: Formula) -> None:
    premises = [Statement(Equals(Apply(name), Number(value))) for name, value in _VALUES.items()]
    theory = make_theory(premises, Statement(claim), declared=_NUMBERS)
    expected = Status.PROVED if _is_true(claim) else Status.REFUTED
    assert decided(z3, theory).status is expected


@settings(max_examples=30)
@given(term=_terms)
def test_a_whole_number_where_a_real_one_belongs_is_the_same_number(
    z3: Z3Backend, term: Term
) -> None:
    same = Statement(Atom("Heavy", (Number(_value(term)),)))
    values = [Statement(Equals(Apply(name), Number(value))) for name, value in _VALUES.items()]
    theory = make_theory(
        [*values, same], Statement(Atom("Heavy", (term,))), declared=_NUMBERS
    )  # fmt: skip
    assert decided(z3, theory).status is Status.PROVED


@settings(max_examples=60)
@given(theory=theories(ALL))
def test_z3_is_left_nothing_to_convert(process: Z3Process, theory: Theory) -> None:
    try:
        script = lower(theory)
    except (SortError, InexpressibleError):
        return
    claim = [] if script.claim is None else [script.claim]
    stated = [f"(assert {formula})" for formula in (*script.premises, *claim, *script.options)]
    assert script.declarations[0] == "(set-option :int-real-coercions false)"
    assert process.ask("\n".join(["(reset)", *script.declarations, *stated]), 5) == ""


_BIG = "Declarations:\nBig : Int -> Bool\nr : Real\nPremises:\n"


def test_a_real_number_in_a_theory_that_was_not_settled_is_not_rounded(z3: Z3Backend) -> None:
    # Theories of old run logs may be such.
    theory = read(_BIG + "1 < r\nConclusion:\nBig(1)")
    unsettled = Theory((Statement(Atom("Big", (Apply("r"),))),), theory.claim,
                       signature=theory.signature)  # fmt: skip
    outcome = decided(z3, unsettled)
    assert outcome.status is Status.MALFORMED
    assert "a real number stands where a whole one belongs" in outcome.evidence["error"]


# ------------------------------------------------------------------- ranges


_SEATS = """\
Declarations:
sort Seat = {1, 2, 3}
sort Col = {red, blue}
sort Gap = {2, 5}
of : Seat -> Col
next : Seat -> Seat
far : Col × Seat -> Gap
mine : Seat
free : Seat -> Bool
k : Int
Premises:
"""


@pytest.mark.parametrize(
    ("premises", "claim", "status"),
    [
        # Outside of its range a function has some value of its sort, of which nothing is known.
        ("mine = 3", "of(mine + 1) = red ∨ of(mine + 1) = blue", Status.PROVED),
        ("mine = 3", "of(mine + 1) = red", Status.UNKNOWN),
        ("mine = 3", "next(mine + 1) ≤ 3", Status.PROVED),
        ("mine = 3", "next(mine + 1) = 7", Status.REFUTED),
        ("mine = 3", "next(mine + 1) = 2", Status.UNKNOWN),
        ("next(k) = 7", "free(1)", Status.CONTRADICTION),
        ("k > 5", "next(next(k)) ≥ 1", Status.PROVED),
        ("k > 5", "far(red, k) = 2 ∨ far(red, k) = 5", Status.PROVED),
        ("far(red, k) ≠ 2", "far(red, k) = 5", Status.PROVED),
        ("k > 5\nfree(k)", "free(1)", Status.UNKNOWN),
        ("∀n:Int (next(n) = 2)", "next(mine) = 2", Status.PROVED),
        ("∀s:Seat (next(s) = 2)", "next(mine + 3) = 2", Status.UNKNOWN),
    ],
)
def test_what_is_calculated_may_leave_the_range(
    z3: Z3Backend, premises: str, claim: str, status: Status
) -> None:
    outcome = decided(z3, f"{_SEATS}{premises}\nConclusion:\n{claim}")
    assert outcome.status is status


def test_only_what_may_leave_its_range_costs_a_quantifier() -> None:
    inside = lower(read(f"{_SEATS}next(mine) = 2\nnext(3) = 1\n∀s:Seat (next(next(s)) = s)"))
    assert not any("forall" in line for line in inside.declarations)
    outside = lower(read(f"{_SEATS}next(mine + 1) = 2"))
    assert sum("forall" in line for line in outside.declarations) == 1


# ------------------------------------------------------------------- counts


@pytest.mark.parametrize(
    ("premises", "claim", "status"),
    [
        ("#{x | P(x)} ≤ 1\nP(a)\nP(b)", "a = b", Status.PROVED),
        ("#{x | P(x)} ≤ 2\nP(a)\nP(b)", "a = b", Status.UNKNOWN),
        ("#{x | P(x)} = 2\ndistinct(a, b)\nP(a)\nP(b)", "∀x (P(x) → x = a ∨ x = b)",
         Status.PROVED),
        ("∀x (#{y | R(x, y)} > 1)", "∃x ∃y (x ≠ y)", Status.PROVED),
        ("#{x | P(x)} ≥ 5", "#{x | P(x)} ≥ 4", Status.PROVED),
        ("#{x | P(x)} ≥ 10", "P(a)", Status.UNKNOWN),
        ("#{x | P(x)} ≤ 4\ndistinct(a, b, c, d, e)\nP(a)\nP(b)\nP(c)\nP(d)", "¬P(e)",
         Status.PROVED),
        ("#{x | P(x)} < 1\nP(a)", "Q(a)", Status.CONTRADICTION),
        ("#{x | P(x)} = 1.5", "Q(a)", Status.CONTRADICTION),
    ],
)  # fmt: skip
def test_counts_of_what_is_not_listed(
    z3: Z3Backend, premises: str, claim: str, status: Status
) -> None:
    outcome = decided(z3, f"{premises}\n⊢ {claim}")
    assert outcome.status is status
