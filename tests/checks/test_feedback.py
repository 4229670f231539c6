"""What a model is told of what is wrong with its translation, and how much of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.backends.optimization.findings import FINDINGS, MODEL, Findings
from neurosym.backends.optimization.task import Ending
from neurosym.candidate import Candidate, Check, CheckState, Completion, Outcome, Verdict
from neurosym.checks.feedback import (
    Feedback,
    Tell,
    logic_feedback,
    model_feedback,
    program_feedback,
)
from neurosym.checks.names import ModelCheckName, TheoryCheckName, failed
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.theory import Theory
from neurosym.status import Status
from tests.builders import candidate

FEEDBACK = Feedback(
    ("It has a hole.", "It is blue."), "Do it again.", "Use tar.", "Water runs through."
)


@pytest.mark.parametrize(
    ("tell", "told"),
    [
        (Tell.VERDICT, "This is wrong.\nDo it again."),
        (Tell.FIRST, "It has a hole.\nUse tar.\nDo it again."),
        (Tell.ALL, "It has a hole.\nIt is blue.\nUse tar.\nDo it again."),
        (Tell.EXAMPLE, "It has a hole.\nIt is blue.\nWater runs through.\nUse tar.\nDo it again."),
    ],
)
def test_how_much_is_told(tell: Tell, told: str) -> None:
    assert FEEDBACK.told(tell) == told


def test_where_no_example_is_known_all_faults_are_told() -> None:
    assert Feedback(("It is blue.",)).told(Tell.EXAMPLE) == "It is blue.\nWrite it all again."


def judged(status: Status, theory: Theory | None = None, **evidence: str) -> Candidate:
    outcome = Outcome(status, None, evidence)
    return Candidate(0, Completion("", None, 0, 1, "stop", 0), theory, Verdict(outcome))


def test_a_program_is_told_how_it_ended_and_which_checks_fail() -> None:
    assert program_feedback(candidate(0, 5)) is None
    failing = candidate(0, 5, checks={"numbers": CheckState.FAILED, "units": CheckState.PASSED})
    found = program_feedback(failing)
    assert found is not None
    assert [fault.startswith("The check of numbers fails") for fault in found.faults] == [True]
    found = program_feedback(judged(Status.FAILED, error="ZeroDivisionError: division by zero"))
    assert found is not None
    assert "division by zero" in found.told(Tell.FIRST)
    assert "division" not in found.told(Tell.VERDICT)
    found = program_feedback(judged(Status.MALFORMED, error="there is no function"))
    assert found is not None
    assert "cannot be read: there is no function" in found.told()


def test_a_theory_comes_with_a_world_in_which_its_claim_fails() -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ Q(a)")
    check = failed(TheoryCheckName.VOCABULARY, "the claim's Q never occurs in a premise")
    item = judged(Status.UNKNOWN, theory, countermodel="P(a), not Q(a)")
    item = Candidate(0, item.completion, theory, Verdict(item.verdict.outcome, (check,)))
    found = logic_feedback(item)
    assert found is not None
    assert "not Q(a)" in found.told(Tell.EXAMPLE)
    assert "not Q(a)" not in found.told(Tell.ALL)
    assert "never occurs" in found.told(Tell.FIRST)
    assert found.told(Tell.VERDICT) == "This is wrong.\nWrite it all again."
    assert logic_feedback(judged(Status.PROVED, theory)) is None


def test_a_world_in_which_a_claim_fails_is_told_alone_where_examples_are() -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ Q(a)")
    found = logic_feedback(judged(Status.UNKNOWN, theory, countermodel="P(a), not Q(a)"))
    assert found is not None
    assert "not Q(a)" in found.told(Tell.EXAMPLE)
    assert [found.told(tell) for tell in (Tell.VERDICT, Tell.FIRST, Tell.ALL)] == [""] * 3
    assert logic_feedback(judged(Status.REFUTED, theory, countermodel="P(a)")) is None


def test_all_faults_of_a_theory_are_told() -> None:
    theory = UNICODE.parse_theory("P(a)\n⊢ Q(a)")
    checks = (
        failed(TheoryCheckName.VOCABULARY, "the claim's Q never occurs in a premise"),
        failed(TheoryCheckName.BACK_TRANSLATION, "P(a) is no cat"),
    )
    verdict = Verdict(Outcome(Status.UNKNOWN), checks)
    found = logic_feedback(Candidate(0, judged(Status.UNKNOWN).completion, theory, verdict))
    assert found is not None
    assert "no cat" in found.told()
    assert "no cat" not in found.told(Tell.FIRST)


def test_of_a_long_error_the_end_is_told() -> None:
    found = program_feedback(judged(Status.MALFORMED, error="x" * 9000 + "the end"))
    assert found is not None
    assert found.told().count("x") < 2100
    assert "the end" in found.told()
    found = program_feedback(judged(Status.TIMEOUT))
    assert found is not None
    assert "timeout" in found.told()


def test_a_model_that_cannot_be_met_is_told_which_lines_conflict() -> None:
    found = model_feedback(judged(Status.INFEASIBLE, reason="lines 2 and 3 conflict"))
    assert found is not None
    assert "lines 2 and 3 conflict" in found.told()
    assert model_feedback(judged(Status.SOLVED)) is None


CARTS = """var carts integer >= 0
var vans integer >= 0
trips: carts + vans <= 20
maximize weight: 3*carts + 9*vans
"""


def solved(status: Status, *checks: Check, reason: str = "", **values: object) -> Candidate:
    """A candidate of which a solver found something."""
    findings = Findings(reason="", solver="", **values)  # type: ignore[arg-type]
    evidence = {FINDINGS: findings.to_json(), MODEL: CARTS, "reason": reason}
    verdict = Verdict(Outcome(status, None, evidence), checks)
    return Candidate(0, judged(status).completion, None, verdict)


WRONG_WAY = failed(ModelCheckName.SENSE, "it asks for the least")


@pytest.mark.parametrize(
    ("values", "decided"),
    [((0, 20), "vans = 20"), ((5, 15), "carts = 5\nvans = 15"), ((0, 0), "0 of everything")],
)
def test_a_wrong_model_comes_with_what_it_decides(values: tuple[int, ...], decided: str) -> None:
    exact = tuple(map(Fraction, values))
    feedback = model_feedback(solved(Status.SOLVED, WRONG_WAY, ending=Ending.OPTIMAL, values=exact))
    assert feedback is not None
    assert f"this is decided:\n{decided}\n" in feedback.told(Tell.EXAMPLE)
    assert "decided" not in feedback.told(Tell.ALL)


def test_a_model_without_a_bound_comes_with_what_makes_it_better_and_better() -> None:
    step = (Fraction(0), Fraction(1))
    feedback = model_feedback(
        solved(
            Status.UNBOUNDED, reason="a limit is missing", ending=Ending.UNBOUNDED, direction=step
        )
    )
    assert feedback is not None
    assert "again and again:\nvans = 1\n" in feedback.told(Tell.EXAMPLE)
    assert "again and again" not in feedback.told()


def test_a_model_that_nothing_speaks_against_is_told_nothing() -> None:
    values = (Fraction(0), Fraction(20))
    assert model_feedback(solved(Status.SOLVED, ending=Ending.OPTIMAL, values=values)) is None


def test_of_a_large_decision_a_part_is_told() -> None:
    text = "".join(f"var x{i} >= 0\n" for i in range(50)) + "minimize cost: x1"
    findings = Findings(Ending.OPTIMAL, "", "", values=(Fraction(1),) * 50)
    evidence = {FINDINGS: findings.to_json(), MODEL: text}
    verdict = Verdict(Outcome(Status.SOLVED, None, evidence), (WRONG_WAY,))
    feedback = model_feedback(Candidate(0, judged(Status.SOLVED).completion, None, verdict))
    assert feedback is not None
    assert feedback.example.count("=") == 20
    assert feedback.example.endswith("\n…")
