"""Counts of things that are not listed, compared with small numbers, are said by quantifiers."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.formal.fol.counting import MAX_COUNTED, without_counts
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.syntax import Count, Formula, walk
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory
from tests.formal.fol.worlds import World, holds, worlds


def said(text: str, *, is_asked: bool = False) -> Formula:
    """A premise, or a claim, without counts."""
    statement = Statement(UNICODE.parse_formula(text))
    theory = make_theory([], statement) if is_asked else make_theory([statement])
    [formula] = without_counts(theory).formulas
    return formula


def _number_of(body: str, world: World, names: str) -> int:
    """How many values of the named variables make a formula true, by looking."""
    [count] = [
        item for item in walk(said(f"#{{{names} | {body}}} = 99")) if isinstance(item, Count)
    ]
    return sum(
        holds(count.body, world, dict(zip(count.variables, things, strict=True)))
        for things in product(world.things, repeat=len(count.variables))
    )


_SIGNS = {
    "=": int.__eq__, "≠": int.__ne__, "<": int.__lt__, "≤": int.__le__, ">": int.__gt__,
    "≥": int.__ge__,
}  # fmt: skip
_BODIES = ["P(x)", "¬P(x) ∨ Q(a)", "∃y (R(x, y) ∧ y ≠ x)", "∀x_1 (P(x_1) → R(x_1, x))", "⊤"]


@given(
    body=st.sampled_from(_BODIES),
    sign=st.sampled_from(sorted(_SIGNS)),
    number=st.integers(-1, 4),
    size=st.integers(1, 3),
    is_first=st.booleans(),
    frame=st.sampled_from(["{}", "¬({})", "Q(a) → {}", "{} → Q(a)", "{} ↔ Q(a)"]),
    is_asked=st.booleans(),
)
def test_it_says_what_counting_says(
    body: str, sign: str, number: int, size: int, is_first: bool, frame: str, is_asked: bool
) -> None:
    count = f"#{{x | {body}}}"
    text = f"{count} {sign} {number}" if is_first else f"{number} {sign} {count}"
    formula = said(frame.format(text), is_asked=is_asked)
    assert not any(isinstance(item, Count) for item in walk(formula))
    basis = UNICODE.parse_formula(f"Q(a) ∧ ∀x ({body})")
    for world in worlds([basis], size, 64):
        found = _number_of(body, world, "x")
        pair = (found, number) if is_first else (number, found)
        meant = UNICODE.parse_formula(frame.format("⊤" if _SIGNS[sign](*pair) else "⊥"))
        assert holds(formula, world) == holds(meant, world)


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("is_asked", [True, False])
def test_pairs_are_counted(number: int, is_asked: bool) -> None:
    formula = said(f"#{{x, y | R(x, y)}} = {number}", is_asked=is_asked)
    for world in worlds([UNICODE.parse_formula("∀x ∀y R(x, y)")], 2):
        assert holds(formula, world) == (_number_of("R(x, y)", world, "x, y") == number)


@pytest.mark.parametrize(
    ("text", "premise", "claim"),
    [
        ("#{x | P(x)} ≤ 2", "∃x_1 ∃x_2 ∀x (P(x) → x = x_1 ∨ x = x_2)",
         "¬∃x_1 ∃x_2 ∃x_3 (distinct(x_1, x_2, x_3) ∧ P(x_1) ∧ P(x_2) ∧ P(x_3))"),
        ("#{x | P(x)} < 2", "∃x_1 ∀x (P(x) → x = x_1)",
         "¬∃x_1 ∃x_2 (distinct(x_1, x_2) ∧ P(x_1) ∧ P(x_2))"),
        ("∀y (#{x | R(x, y)} ≥ 1)", "∀y ∃x_1 R(x_1, y)", "∀y ∃x_1 R(x_1, y)"),
        ("#{x | P(x)} ≤ 0 → Q(a)", "¬∃x_1 P(x_1) → Q(a)", "¬∃x_1 P(x_1) → Q(a)"),
        ("Q(a) → #{x | P(x)} ≤ 0", "Q(a) → ∀x (P(x) → ⊥)", "Q(a) → ¬∃x_1 P(x_1)"),
    ],
)  # fmt: skip
def test_it_is_said_as_provers_like_it(text: str, premise: str, claim: str) -> None:
    assert UNICODE.print_formula(said(text)) == premise
    assert UNICODE.print_formula(said(text, is_asked=True)) == claim


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("#{x | P(x)} = 1.5", "#{x | P(x)} ≥ 2 ∧ #{x | P(x)} ≤ 1"),
        ("#{x | P(x)} < 1.5", "#{x | P(x)} ≤ 1"),
        ("#{x | P(x)} > 1.5", "#{x | P(x)} ≥ 2"),
        ("#{x | P(x)} ≥ -0.5", "⊤"),
    ],
)
def test_numbers_between_two_counts(text: str, same: str) -> None:
    assert said(text) == said(same)


def test_what_binds_around_and_within_stays_what_it_is() -> None:
    # x_1 is bound around the count and its name would be taken within.
    formula = said("∀x_1 (#{x | R(x, x_1)} ≥ 1)")
    assert UNICODE.print_formula(formula) == "∀x_1 ∃x_1_ R(x_1_, x_1)"
    formula = said("#{x | #{y | R(x, y)} ≥ 2} ≥ 1")
    shown = "∃x_1 ∃y_1 ∃y_2 (distinct(y_1, y_2) ∧ R(x_1, y_1) ∧ R(x_1, y_2))"
    assert UNICODE.print_formula(formula) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"#{{x | P(x)}} ≤ {MAX_COUNTED + 1}",
        "#{x | P(x)} = #{x | Q(x)}",
        "#{x | P(x)} = k",
        "#{x | P(x)} + 1 ≤ 2",
    ],
)
def test_other_counts_stay(text: str) -> None:
    theory = make_theory([Statement(UNICODE.parse_formula(text))])
    assert without_counts(theory) is theory


def test_counts_of_listed_things_stay() -> None:
    text = "Declarations:\nsort D = {m, t}\nPremises:\n#{d:D | P(d)} = 1"
    theory = UNICODE.parse_theory(text)
    assert without_counts(theory) is theory


def test_counts_inside_each_other_do_not_grow_beyond_all_measure() -> None:
    text = "P(a)"
    for i in range(8):
        text = f"#{{x{i} | Q(x{i}) ∧ {text}}} ≥ 10"
    theory = make_theory([Statement(UNICODE.parse_formula(text))])
    assert without_counts(theory) is theory


def test_premises_claim_and_options_are_changed_and_sentences_kept() -> None:
    count, other = UNICODE.parse_formula("#{x | P(x)} ≥ 1"), UNICODE.parse_formula("P(a)")
    some = UNICODE.parse_formula("∃x_1 P(x_1)")
    claimed = make_theory([Statement(other, "one"), Statement(count, "two")], Statement(count, "c"))
    changed = without_counts(claimed)
    assert changed.premises == (Statement(other, "one"), Statement(some, "two"))
    assert changed.claim == Statement(some, "c")
    asked = make_theory([], options=[Option("A", count, OptionTest.COULD, "s")], source="text")
    assert without_counts(asked).options == (Option("A", some, OptionTest.COULD, "s"),)
    assert without_counts(asked).source == "text"


def test_a_theory_without_counts_stays_as_it_is() -> None:
    theory = Theory((Statement(UNICODE.parse_formula("P(a)")),))
    assert without_counts(theory) is theory
