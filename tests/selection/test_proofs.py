"""What a prover's verdict is worth as a vote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurosym.candidate import Candidate, CheckState, Completion, Outcome, Verdict
from neurosym.checks.names import TheoryCheckName, failed, passed, undecided
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.theory import Repair, Theory
from neurosym.selection.ballots import features
from neurosym.selection.proofs import ProofState, proof_state
from neurosym.selection.weighted import CAUTIOUS_FACTORS, VerifierWeighted
from neurosym.status import Status
from tests.builders import candidate, labels

CLAIM = UNICODE.parse_theory("P(a)\n⊢ P(a)")
PUZZLE = UNICODE.parse_theory("Premises:\nP(a)\nOptions:\nA) P(a)\nB) P(b)")


def judged(
    status: Status, theory: Theory = CLAIM, *, answer: str | None = None, index: int = 0
) -> Candidate:
    completion = Completion("", None, 0, 1, "stop", index)
    return Candidate(index, completion, theory, Verdict(Outcome(status, answer)))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.PROVED, ProofState.PROVED),
        (Status.REFUTED, ProofState.PROVED),
        (Status.UNKNOWN, ProofState.COUNTERMODEL),
        (Status.CONTRADICTION, ProofState.CONTRADICTION),
        (Status.TIMEOUT, ProofState.TIMEOUT),
        (Status.OUT_OF_MEMORY, ProofState.TIMEOUT),
        (Status.MALFORMED, ProofState.MALFORMED),
        (Status.FAILED, ProofState.MALFORMED),
    ],
)
def test_the_state_of_a_claim(status: Status, state: ProofState) -> None:
    assert proof_state(judged(status)) is state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.SOLVED, ProofState.OPTION),
        (Status.UNKNOWN, ProofState.NO_OPTION),
        (Status.CONTRADICTION, ProofState.CONTRADICTION),
        (Status.TIMEOUT, ProofState.TIMEOUT),
        (Status.MALFORMED, ProofState.MALFORMED),
    ],
)
def test_the_state_of_options(status: Status, state: ProofState) -> None:
    assert proof_state(judged(status, PUZZLE)) is state


def test_a_proof_from_a_mended_theory_is_told_apart() -> None:
    mended = replace(CLAIM, repairs=(Repair("scope", ""),))
    assert proof_state(judged(Status.PROVED, mended)) is ProofState.REPAIRED
    assert proof_state(judged(Status.REFUTED, mended)) is ProofState.REPAIRED
    assert proof_state(judged(Status.UNKNOWN, mended)) is ProofState.COUNTERMODEL


@pytest.mark.parametrize(
    ("check", "state"),
    [
        (passed(TheoryCheckName.VOCABULARY), ProofState.COUNTERMODEL),
        (undecided(TheoryCheckName.VOCABULARY, ""), ProofState.COUNTERMODEL),
        (failed(TheoryCheckName.VOCABULARY, ""), ProofState.DISCONNECTED),
    ],
)
def test_no_proof_where_none_was_possible_is_told_apart(check: object, state: ProofState) -> None:
    item = judged(Status.UNKNOWN)
    item = replace(item, verdict=replace(item.verdict, checks=(check,)))  # type: ignore[arg-type]
    assert proof_state(item) is state


def test_programs_and_what_did_not_parse_have_no_state() -> None:
    assert proof_state(candidate(0, 60)) is None
    assert proof_state(replace(judged(Status.MALFORMED), formalization=None)) is None


def test_the_state_is_a_feature_beside_those_of_the_checks() -> None:
    item = judged(Status.PROVED)
    assert features(item) == ("proof=proved",)
    checked = candidate(0, 60, checks={"numbers": CheckState.PASSED})
    assert features(checked) == ("numbers=passed",)


def test_every_factor_of_a_proof_names_a_state() -> None:
    named = {name.removeprefix("proof=") for name in CAUTIOUS_FACTORS if name.startswith("proof=")}
    assert named <= {state.value for state in ProofState}


def test_one_proof_outweighs_one_failed_search_but_not_three() -> None:
    proved = judged(Status.PROVED, answer="True")
    searched = [judged(Status.UNKNOWN, answer="Uncertain", index=i) for i in (1, 2, 3)]
    vote = VerifierWeighted()
    few, many = [searched[0], proved], [proved, *searched]
    chosen = vote.select(few, labels(few)).candidate
    assert chosen is not None
    assert few[chosen].answer == "True"
    chosen = vote.select(many, labels(many)).candidate
    assert chosen is not None
    assert many[chosen].answer == "Uncertain"


@pytest.mark.parametrize("status", [Status.PROVED, Status.UNKNOWN, Status.SOLVED])
def test_a_repair_costs_whatever_was_found(status: Status) -> None:
    whole = judged(status, PUZZLE if status is Status.SOLVED else CLAIM)
    mended = replace(
        whole, verdict=replace(whole.verdict, checks=(failed(TheoryCheckName.REPAIRS, "case"),))
    )
    of_mended, of_whole = VerifierWeighted().select([mended, whole], [0, 0]).votes
    assert of_mended < of_whole
