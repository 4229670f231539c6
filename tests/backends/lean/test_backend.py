"""Proofs judged by the real Lean, as outcomes, checks and what a model is told."""

from __future__ import annotations

from neurosym.backends.lean.backend import LeanBackend, axioms_of, faults_of
from neurosym.backends.lean.elaboration import LEAN_LIMITS
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.verdict import LeanFault
from neurosym.candidate import Candidate, CheckState, Completion, Outcome, Verdict
from neurosym.checks.feedback import kept_proof, proof_feedback
from neurosym.checks.lean import lean_checks
from neurosym.formal.lean.proof import Proof
from neurosym.formal.lean.theorem import read_theorem
from neurosym.runtime.records import candidate_from_json, candidate_to_json
from neurosym.status import Status

ASKED = read_theorem(
    "prelude\nimport Tiny\ntheorem goal (p q : Prop) (hp : p) (hq : q) : And q p := sorry\n"
)


def proof(text: str) -> Proof:
    return Proof(ASKED, ASKED.with_proof(text))


async def judged(lean: FileElaborator, text: str) -> Candidate:
    given = proof(text)
    outcome = await LeanBackend(lean).run(given, LEAN_LIMITS)
    return Candidate(0, Completion(text, None, 1, 1, "stop", 0), given, Verdict(outcome))


async def test_a_proof_that_holds_answers(lean: FileElaborator) -> None:
    found = (await judged(lean, "And.intro hq hp")).verdict.outcome
    assert (found.status, found.answer) == (Status.PROVED, "proved")
    assert axioms_of(found) == ()
    assert faults_of(found) == {}
    assert {check.state for check in lean_checks(found)} == {CheckState.PASSED}


async def test_one_that_does_not_has_no_answer_and_says_why(lean: FileElaborator) -> None:
    candidate = await judged(lean, "And.intro hp hq")
    found = candidate.verdict.outcome
    assert (found.status, found.answer) == (Status.FAILED, None)
    # In place of what it cannot make sense of, Lean takes an axiom.
    assert set(faults_of(found)) == {LeanFault.ELABORATION, LeanFault.AXIOMS}
    failed = [check.name for check in lean_checks(found) if check.state is CheckState.FAILED]
    assert failed == [LeanFault.ELABORATION, LeanFault.AXIOMS]
    feedback = proof_feedback(candidate)
    assert feedback is not None
    told = feedback.told()
    assert "hp" in told
    assert "mismatch" in told
    assert "Write it another way" in told


async def test_a_placeholder_is_no_proof(lean: FileElaborator) -> None:
    found = (await judged(lean, "And.intro hq sorry")).verdict.outcome
    assert found.answer is None
    assert LeanFault.PLACEHOLDERS in faults_of(found)


def with_error(text: str, line: int) -> Candidate:
    outcome = Outcome(Status.FAILED, None, {"error": "no\n⊢ q", "line": str(line)})
    return Candidate(0, Completion("", None, 1, 1, "stop", 0), proof(text), Verdict(outcome))


def test_what_stands_before_the_first_error_is_kept() -> None:
    text = "by\n  constructor\n  have k : q := by\n    exact hp\n  exact k"
    begin = proof(text).given.spans.proof
    assert begin is not None
    kept = kept_proof(with_error(text, begin.line + 3))
    assert kept == "constructor\nhave k : q := by\n"
    feedback = proof_feedback(with_error(text, begin.line + 3))
    assert feedback is not None
    assert feedback.advice.startswith("Begin with the lines")
    # That goals are left is said of the proof as a whole, of which every line is good.
    assert kept_proof(with_error(text, begin.line)).endswith("exact k\n")
    assert kept_proof(with_error(text, begin.line + 1)) == ""
    assert kept_proof(with_error(text, begin.line - 1)) == ""
    assert kept_proof(with_error("And.intro hp hq", begin.line)) == ""


def test_a_candidate_is_kept_in_a_log_as_it_was() -> None:
    candidate = with_error("by\n  constructor", 4)
    assert candidate_from_json(candidate_to_json(candidate)) == candidate


def test_proofs_are_the_same_up_to_layout_and_comments() -> None:
    one = proof("by\n  constructor\n  exact hq")
    other = proof("by\n  constructor -- both\n  exact hq")
    assert one.digest == other.digest
    assert one.digest != proof("by\n  constructor\n  exact hp").digest
    changed = read_theorem(ASKED.text.replace("And q p", "And p q"))
    assert Proof(changed, one.given).digest != one.digest
