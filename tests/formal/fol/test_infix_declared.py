"""What is declared is what it was declared to be, however it is spelled."""

from __future__ import annotations

import pytest

from neurosym.errors import FormulaError
from neurosym.formal.fol.dialects.infix import LATEX, NLTK, UNICODE, InfixDialect
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Equals,
    ForAll,
    Not,
    Or,
    Variable,
)

DECLARED = """\
Declarations:
sort Letter = {w, x1, "y"}
z : Letter
u : Bool
v : Letter -> Letter
Premises:
"""
W, Z = Apply("w"), Apply("z")


def test_declared_names_that_are_spelled_like_variables_are_none() -> None:
    theory = UNICODE.parse_theory(
        DECLARED + '¬(w = x1) ∧ u\nv(y) = z ∨ v("y") = w\n∀w:Letter (w = z)\n'
    )
    bound = Variable("w", "Letter")
    of_y = Apply("v", (Apply("y"),))
    assert [item.formula for item in theory.premises] == [
        And((Not(Equals(W, Apply("x1"))), Atom("u"))),
        Or((Equals(of_y, Z), Equals(of_y, W))),
        ForAll(bound, Equals(bound, Z)),
    ]
    assert set(theory.signature.functions) == {"z", "v"}, "members are not declared again"
    again = UNICODE.parse_theory(UNICODE.print_theory(theory))
    assert again.premises == theory.premises


@pytest.mark.parametrize(
    ("dialect", "premise"),
    [(LATEX, r"w \neq x1 \land u"), (NLTK, "w != x1 & u")],
    ids=["latex", "nltk"],
)
def test_they_are_none_in_other_notations(dialect: InfixDialect, premise: str) -> None:
    expected = UNICODE.parse_theory(DECLARED + "w ≠ x1 ∧ u")
    for tolerant in (False, True):
        theory = dialect.parse_theory(DECLARED + premise, tolerant=tolerant)
        assert theory.digest == expected.digest


def test_what_is_not_declared_is_still_a_variable() -> None:
    for line, problem in (
        ("t = w ∨ w = y1", "the variable y1 is not bound"),
        ("u ∧ w", "the variable w stands where a formula belongs"),
        ("z = u", "the variable u is not bound"),
        ("z = v", "the variable v is not bound"),
    ):
        with pytest.raises(FormulaError, match=problem):
            UNICODE.parse_theory(DECLARED + line)


def test_what_is_declared_in_one_theory_is_none_in_the_next() -> None:
    assert UNICODE.parse_theory(DECLARED + "w = z").premises[0].formula == Equals(W, Z)
    with pytest.raises(FormulaError, match="the variable w is not bound"):
        UNICODE.parse_theory("Premises:\nw = z")
