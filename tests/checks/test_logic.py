"""Checks of theories: what they say, and that they never raise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.candidate import CheckState, Outcome
from neurosym.checks.logic import (
    check_back_translation,
    check_completeness,
    check_repairs,
    check_vocabulary,
    run_logic_checks,
)
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.theory import Repair, Theory
from neurosym.problem import Kind, Problem
from neurosym.status import Status
from neurosym.translators.fol import read_pairs
from tests.formal.fol.strategies import ALL, theories

PROBLEM = Problem("p", "All men are mortal. Socrates is a man. Is Socrates mortal?", Kind.LOGIC)


def pairs(*lines: str) -> Theory:
    """A theory of sentences and formulas in turn."""
    text = "".join(
        f"TEXT: {sentence}\nFOL: {formula}\n"
        for sentence, formula in zip(lines[::2], lines[1::2], strict=True)
    )
    theory = read_pairs(text)
    assert isinstance(theory, Theory)
    return theory


def test_each_check_speaks_once_and_in_the_same_order() -> None:
    theory = pairs("Socrates is a man.", "Man(Socrates)", "Socrates is mortal.", "Mortal(Socrates)")
    checks = run_logic_checks(PROBLEM, theory, Outcome(Status.UNKNOWN, "Uncertain"))
    assert [check.name for check in checks] == [
        "repairs", "completeness", "vocabulary", "consistency", "back-translation"
    ]  # fmt: skip


@given(theory=theories(ALL), status=st.sampled_from(Status), question=st.text(min_size=1))
def test_no_theory_and_no_problem_makes_a_check_raise(
    theory: Theory, status: Status, question: str
) -> None:
    question = question.replace("\x00", "?") + "?"
    checks = run_logic_checks(Problem("p", question, Kind.LOGIC), theory, Outcome(status))
    assert len(checks) == len({check.name for check in checks})


# ------------------------------------------------------------------- repairs


def test_repairs_are_counted_by_kind() -> None:
    clean = pairs("A", "P(Rex)")
    assert check_repairs(clean).state is CheckState.PASSED
    repairs = (Repair("scope", "a"), Repair("end", "b"), Repair("scope", "c"))
    check = check_repairs(Theory(clean.premises, clean.claim, repairs=repairs))
    assert (check.state, check.detail) == (CheckState.FAILED, "scope ×2, end")


# ------------------------------------------------------------------- completeness


@pytest.mark.parametrize(
    ("sentences", "state", "detail"),
    [
        (["All men are mortal.", "Socrates is a man."], CheckState.PASSED, ""),
        (["All men are mortal", "socrates is a man"], CheckState.PASSED, ""),
        (["All men are mortal."], CheckState.UNDECIDED, "left out: Socrates is a man."),
        ([], CheckState.UNDECIDED, "left out: All men are mortal. Socrates is a man."),
    ],
)
def test_a_sentence_that_has_no_formula_is_told(
    sentences: list[str], state: CheckState, detail: str
) -> None:
    lines = [part for text in [*sentences, "Socrates is mortal."] for part in (text, "P(Rex)")]
    check = check_completeness(PROBLEM, pairs(*lines))
    assert (check.state, check.detail) == (state, detail)


def test_a_theory_without_sentences_is_not_checked_for_completeness() -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ P(a)")
    assert check_completeness(PROBLEM, theory).state is CheckState.NOT_APPLICABLE


# ------------------------------------------------------------------- vocabulary


@pytest.mark.parametrize(
    ("text", "state", "named"),
    [
        ("∀x (P(x) → Q(x))\n⊢ Q(a)", CheckState.PASSED, ""),
        ("P(a)\n⊢ Q(a)", CheckState.FAILED, "Q"),
        ("P(a)\n⊢ Q(a) ∧ P(b)", CheckState.UNDECIDED, "Q"),
        ("P(a)\n⊢ ⊤", CheckState.PASSED, ""),
        ("P(Q)\n⊢ Q(a)", CheckState.FAILED, "Q"),  # a thing of that name is no predicate
        ("P(a)", CheckState.NOT_APPLICABLE, ""),
    ],
)
def test_whether_the_claim_speaks_of_what_the_premises_speak_of(
    text: str, state: CheckState, named: str
) -> None:
    check = check_vocabulary(UNICODE.parse_theory(text))
    assert check.state is state
    assert (named in check.detail) if named else not check.detail


# ------------------------------------------------------------------- consistency


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.PROVED, CheckState.PASSED),
        (Status.REFUTED, CheckState.PASSED),
        (Status.UNKNOWN, CheckState.PASSED),
        (Status.SOLVED, CheckState.PASSED),
        (Status.CONTRADICTION, CheckState.FAILED),
        (Status.TIMEOUT, CheckState.UNDECIDED),
        (Status.OUT_OF_MEMORY, CheckState.UNDECIDED),
    ],
)
def test_whether_the_premises_can_all_hold(status: Status, state: CheckState) -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ P(a)")
    outcome = Outcome(status, evidence={"reason": "premises 1 and 2"})
    [check] = [
        item for item in run_logic_checks(PROBLEM, theory, outcome) if item.name == "consistency"
    ]
    assert check.state is state
    assert (check.detail == "premises 1 and 2") == (state is CheckState.FAILED)


def test_a_proof_from_premises_that_may_contradict_each_other_leaves_it_open() -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ P(a)")
    outcome = Outcome(Status.PROVED, "True", {"consistency": "it is not known"})
    checks = {item.name: item for item in run_logic_checks(PROBLEM, theory, outcome)}
    assert checks["consistency"].state is CheckState.UNDECIDED


# ------------------------------------------------------------------- back-translation


_RIGHT = (
    "All men are mortal.",
    "all x. (Man(x) -> Mortal(x))",
    "Socrates is a man.",
    "Man(Socrates)",
)


@pytest.mark.parametrize(
    ("sentence", "formula", "why"),
    [
        ("Socrates is mortal.", "Mortal(Socrates)", ""),
        ("Socrates is not mortal.", "-Mortal(Socrates)", ""),
        ("Socrates isn't mortal.", "-Mortal(Socrates)", ""),
        ("No man is mortal.", "all x. (Man(x) -> -Mortal(x))", ""),
        ("Nobody chases Anne.", "-exists x. Chase(x, Anne)", ""),
        ("The bald eagle sees the lion.", "See(BaldEagle, Lion)", ""),
        ("Socrates is mortal.", "Immortal(Socrates)", "immortal is not said"),
        ("Socrates is mortal and kind.", "Mortal(Socrates)", "kind is left out"),
        ("Socrates is not mortal.", "Mortal(Socrates)", "a negation is lost or added"),
        ("Socrates is mortal.", "-Mortal(Socrates)", "a negation is lost or added"),
        ("Plato is mortal.", "Mortal(Socrates)", "socrat"),
    ],
)
def test_a_claim_that_says_something_else_fails_and_the_difference_is_named(
    sentence: str, formula: str, why: str
) -> None:
    check = check_back_translation(pairs(*_RIGHT, sentence, formula))
    assert check.state is (CheckState.FAILED if why else CheckState.PASSED)
    assert why in check.detail
    assert not why or sentence in check.detail


def test_one_premise_of_many_that_differs_leaves_it_open() -> None:
    lines = (*_RIGHT, "Plato is tall.", "Short(Plato)", "Plato is a man.", "Man(Plato)")
    check = check_back_translation(pairs(*lines))
    assert check.state is CheckState.UNDECIDED
    assert check.detail.startswith("1 of 4 sentences differ: ")
    half = check_back_translation(pairs("Bo is tall.", "Short(Bo)", "Bo is a man.", "Man(Bo)"))
    assert half.state is CheckState.FAILED


def test_formulas_without_sentences_are_not_checked() -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ Q(a)")
    assert check_back_translation(theory).state is CheckState.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("sentence", "formula", "state"),
    [
        ("Pingu cannot fly.", "-CannotFly(Pingu)", CheckState.FAILED),
        ("Pingu does not swim.", "-NotSwim(Pingu)", CheckState.FAILED),
        ("It is not so that Pingu cannot fly.", "-CannotFly(Pingu)", CheckState.PASSED),
    ],
)
def test_a_negation_is_not_to_be_made_twice(sentence: str, formula: str, state: CheckState) -> None:
    others = [part for name in "ABCDEF" for part in (f"{name} swims.", f"Swim({name})")]
    check = check_back_translation(pairs(sentence, formula, *others))
    if state is CheckState.FAILED:
        assert check.state is state
        assert "negated once more" in check.detail
    else:
        assert "negated once more" not in check.detail
