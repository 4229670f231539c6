"""What the checks make of statements, and what a model is told."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from neurosym.backends.lean.statements import Probe, Probed
from neurosym.candidate import Candidate, CheckState, Completion, Outcome, Verdict
from neurosym.checks.lean_statement import (
    check_back_translation,
    check_quantifiers,
    check_statement_numbers,
    run_statement_checks,
    statement_feedback,
)
from neurosym.checks.names import CheckName, StatementCheckName
from neurosym.formal.lean.statement import read_statement
from neurosym.problem import Kind, Problem
from neurosym.status import Status

PASSED, FAILED = CheckState.PASSED, CheckState.FAILED
UNDECIDED, NOT_APPLICABLE = CheckState.UNDECIDED, CheckState.NOT_APPLICABLE
TEXT = "For every natural number there is a larger one that is a multiple of 6."
RIGHT = ": ∀ n : Nat, ∃ m : Nat, n < m ∧ 6 ∣ m"
NONE = Probed(tried=3)


def problem(text: str = TEXT) -> Problem:
    return Problem("p", text, Kind.THEOREM)


def outcome(status: Status = Status.SOLVED, **probed: Probed) -> Outcome:
    evidence = {"probes": json.dumps({name: asdict(item) for name, item in probed.items()})}
    if status is Status.REFUTED:
        evidence["error"] = "its negation is proved: by decide"
    return Outcome(status, None if status is Status.REFUTED else "theorem …", evidence)


ALL_GOOD = outcome(vacuity=NONE, emptiness=NONE, triviality=NONE, negation=NONE)


def candidate(text: str, found: Outcome, asked: str = TEXT) -> Candidate:
    statement = read_statement(f"theorem t {text}")
    checks = run_statement_checks(problem(asked), statement, found)
    completion = Completion(text, None, 1, 1, "stop", 0)
    return Candidate(0, completion, statement, Verdict(found, checks))


def states(item: Candidate) -> dict[str, CheckState]:
    return {check.name: check.state for check in item.verdict.checks}


def test_a_statement_that_says_what_is_asked_passes() -> None:
    found = candidate(RIGHT, ALL_GOOD)
    assert set(states(found).values()) == {PASSED}
    assert list(states(found))[-1] == StatementCheckName.BACK_TRANSLATION
    assert statement_feedback(found) is None
    detail = found.verdict.checks[-1].detail
    assert "there is a natural number m such that n is less than m and 6 divides m" in detail


@pytest.mark.parametrize(
    ("found", "name", "state"),
    [
        (outcome(vacuity=Probed("by omega", 3)), StatementCheckName.VACUITY, FAILED),
        (outcome(triviality=NONE), StatementCheckName.VACUITY, NOT_APPLICABLE),
        (outcome(vacuity=Probed(missing=4)), StatementCheckName.VACUITY, UNDECIDED),
        (outcome(emptiness=Probed("by assumption", 1)), StatementCheckName.TRIVIALITY, FAILED),
        (
            outcome(emptiness=NONE, triviality=Probed("by\n  intros\n  omega", 1)),
            StatementCheckName.TRIVIALITY,
            UNDECIDED,
        ),
        (outcome(negation=Probed("by decide", 1)), StatementCheckName.NEGATION, FAILED),
        (outcome(negation=NONE), StatementCheckName.NEGATION, PASSED),
        (Outcome(Status.MALFORMED), StatementCheckName.ELABORATION, FAILED),
        (Outcome(Status.MALFORMED), StatementCheckName.NEGATION, UNDECIDED),
        (Outcome(Status.TIMEOUT), StatementCheckName.ELABORATION, UNDECIDED),
    ],
)
def test_what_lean_found_is_told(found: Outcome, name: StatementCheckName, state: str) -> None:
    assert states(candidate(RIGHT, found))[name] == state


def test_what_closed_an_easy_one_is_told_in_a_line() -> None:
    easy = Probed("by\n  intros\n  omega", 1)
    check = candidate(RIGHT, outcome(triviality=easy)).verdict.check(StatementCheckName.TRIVIALITY)
    assert check is not None
    assert check.detail == "it is proved at once (by intros; omega)"


@pytest.mark.parametrize(
    ("text", "stated", "state"),
    [
        (TEXT, RIGHT, PASSED),
        (TEXT, RIGHT.replace("6", "7"), FAILED),
        ("The sum of two odd numbers is even.", "(a b : Nat) : a = b", UNDECIDED),
        ("Three is odd.", ": 3 % 2 = 1", PASSED),
        ("It is more than 1,000.", "(n : Nat) : n > 1000", PASSED),
        ("All is well.", "(p : Prop) : p", NOT_APPLICABLE),
    ],
)
def test_the_numbers_of_the_text_are_looked_for(text: str, stated: str, state: CheckState) -> None:
    check = check_statement_numbers(problem(text), read_statement(f"theorem t {stated}"))
    assert (check.name, check.state) == (CheckName.NUMBERS, state)


def test_numbers_of_definitions_count() -> None:
    statement = read_statement("def bound := 40\ntheorem t (n : Nat) : n < bound")
    assert check_statement_numbers(problem("n is below 40."), statement).state is PASSED


@pytest.mark.parametrize(
    ("text", "stated", "state"),
    [
        (TEXT, RIGHT, PASSED),
        (TEXT, "(n : Nat) : ∃ m, n < m", PASSED),
        (TEXT, ": ∃ n : Nat, n < n", FAILED),
        (TEXT, "(n m : Nat) : n < m", FAILED),
        ("There is no largest number.", "(n : Nat) : ∃ m, n < m", NOT_APPLICABLE),
        ("There is no n below 0.", "(n : Nat) : ¬ n < 0", NOT_APPLICABLE),
        ("Some number is not 3.", ": ¬ ∀ n : Nat, n = 3", PASSED),
        ("There is exactly one even prime.", ": ∃! p : Nat, P p", PASSED),
        ("There is a unique n with n + 1 = 2.", ": ∃ n : Nat, n + 1 = 2", FAILED),
        ("There is a unique n.", ": ∃ n, P n ∧ ∀ m, P m → m = n", PASSED),
        # A definition may hold the quantifier.
        ("There is a preimage of each point.", "(f : Nat → Nat) : Surjective f", UNDECIDED),
        ("One and one is 2.", ": 1 + 1 = 2", NOT_APPLICABLE),
    ],
)
def test_the_quantifiers_of_the_text_are_looked_for(
    text: str, stated: str, state: CheckState
) -> None:
    check = check_quantifiers(problem(text), read_statement(f"theorem t {stated}"))
    assert (check.name, check.state) == (StatementCheckName.QUANTIFIERS, state)


@pytest.mark.parametrize(
    ("text", "stated", "state", "told"),
    [
        ("n is even iff n + 2 is.", "(n : Nat) : n % 2 = 0 ↔ (n + 2) % 2 = 0", PASSED, ""),
        ("n is even iff n + 2 is.", "(n : Nat) : n % 2 = 0 → (n + 2) % 2 = 0", FAILED, '"iff"'),
        ("3 divides 6.", ": 3 ∣ 6", PASSED, "read back: 3 divides 6"),
        ("3 divides 6.", ": 3 < 6", FAILED, '"divides"'),
        ("n is less than 5.", "(n : Nat) : n = 5", FAILED, '"less than"'),
        ("The sum of a and b is 5.", "(a b : Nat) : a * b = 5", FAILED, '"sum of"'),
        ("The product of a and b is 5.", "(a b : Nat) : Nat.mul a b = 5", PASSED, ""),
        ("n is not 5.", "(n : Nat) : n = 5", UNDECIDED, '"is not"'),
        ("n is 5.", "(n : Nat) (h : n < 30) : n = 5", UNDECIDED, "speak of 30"),
        ("n is prime.", "(n : Nat) : Nat.Prime n", PASSED, "n is prime"),
        ("n is prime.", "(n : Nat) : Nat.Perfect n", UNDECIDED, "Nat.Perfect"),
    ],
)
def test_statements_are_held_against_the_words_of_the_text(
    text: str, stated: str, state: CheckState, told: str
) -> None:
    check = check_back_translation(problem(text), read_statement(f"theorem t {stated}"))
    assert (check.name, check.state) == (StatementCheckName.BACK_TRANSLATION, state)
    assert told in check.detail
    assert "read back: " in check.detail


def said(found: Candidate) -> str:
    feedback = statement_feedback(found)
    assert feedback is not None
    return feedback.told()


def test_a_model_is_told_what_is_wrong() -> None:
    error = "unknown identifier `ℕ`\nat: theorem stated (n : ℕ) : n = n := sorry"
    told = said(candidate(RIGHT, Outcome(Status.MALFORMED, None, {"error": error})))
    assert error in told
    assert "Lean does not accept" in told
    told = said(candidate(RIGHT, outcome(Status.REFUTED)))
    assert "false" in told
    assert "by decide" in told
    told = said(candidate(RIGHT.replace("6", "7"), ALL_GOOD))
    assert "numbers fails: not used: 6" in told
    assert "negation" not in told
    told = said(candidate(RIGHT, outcome(vacuity=Probed("by omega", 1))))
    assert "contradictory" in told


def test_what_cannot_be_read_is_to_be_written_again() -> None:
    found = Outcome(Status.MALFORMED, None, {"error": "there is no theorem"})
    completion = Completion("?", None, 1, 1, "stop", 0)
    told = said(Candidate(0, completion, None, Verdict(found)))
    assert "there is no theorem" in told


def test_a_probe_has_a_check() -> None:
    assert {item.value for item in Probe} - {"emptiness"} <= set(StatementCheckName)
