"""Two provers on one theory: agreement is noted, contradiction is an error."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.crosscheck import CrossCheck
from neurosym.backends.eprover import EBackend
from neurosym.backends.z3.backend import Z3Backend
from neurosym.candidate import Outcome
from neurosym.errors import DisagreementError
from neurosym.formal.fol.theory import Theory
from neurosym.status import Status
from tests.backends.theories import ENDLESS, decided, read


@dataclass
class Fixed:
    """Says the same of every theory, right or wrong."""

    outcome: Outcome
    closed: int = 0

    async def run(self, formalization: Theory, limits: Limits) -> Outcome:
        return self.outcome

    async def aclose(self) -> None:
        self.closed += 1


@pytest.fixture(scope="module")
def both() -> Iterator[CrossCheck]:
    backend = CrossCheck(Z3Backend(workers=1), EBackend(workers=2))
    yield backend
    asyncio.run(backend.aclose())


PROVED = "∀x (P(x) → Q(x))\nP(a)\n⊢ Q(a)"


def test_what_both_find_has_the_evidence_of_both(both: CrossCheck) -> None:
    outcome = decided(both, PROVED)
    assert (outcome.status, outcome.answer) == (Status.PROVED, "True")
    assert outcome.evidence["cross-check"] == "both provers agree"
    assert outcome.evidence["reason"] == "the claim follows from premises 1 and 2"
    assert "$false" in outcome.evidence["proof"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("P(a)\n⊢ ¬P(a)", Status.REFUTED),
        ("P(a)\n⊢ Q(a)", Status.UNKNOWN),
        ("P(a)\n¬P(a)\n⊢ Q(a)", Status.CONTRADICTION),
    ],
)
def test_they_agree_on_every_outcome(both: CrossCheck, text: str, status: Status) -> None:
    outcome = decided(both, text)
    assert outcome.status is status
    assert outcome.evidence["cross-check"] == "both provers agree"


def test_what_one_cannot_decide_rests_on_the_other(both: CrossCheck) -> None:
    outcome = decided(both, "age(bob) > 3\n⊢ age(bob) > 2")
    assert outcome.status is Status.PROVED
    assert outcome.evidence["cross-check"].startswith("not decided by the second prover: ")
    timeout = Fixed(Outcome(Status.TIMEOUT))
    outcome = decided(CrossCheck(timeout, EBackend(workers=2)), PROVED)
    assert outcome.status is Status.PROVED
    assert outcome.evidence["cross-check"] == "not decided by the first prover: timeout"


def test_what_neither_decides_is_not_decided(both: CrossCheck) -> None:
    outcome = decided(both, ENDLESS + "⊢ R(a, b)", seconds=1)
    assert outcome.status is Status.TIMEOUT
    assert "not decided by the second prover" in outcome.evidence["cross-check"]


@pytest.mark.parametrize("wrong", [Status.REFUTED, Status.UNKNOWN])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_prover_that_is_wrong_is_found_out(wrong: Status, is_first: bool) -> None:
    z3, liar = Z3Backend(workers=1), Fixed(Outcome(wrong, "False"))
    backend = CrossCheck(liar, z3) if is_first else CrossCheck(z3, liar)
    with pytest.raises(DisagreementError, match="two provers disagree") as caught:
        decided(backend, PROVED)
    assert {wrong.value, "proved"} <= set(str(caught.value).replace(",", " ").split())
    asyncio.run(backend.aclose())


@pytest.mark.parametrize("status", [Status.PROVED, Status.REFUTED])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_proof_from_premises_that_contradict_each_other_is_no_disagreement(
    status: Status, is_first: bool
) -> None:
    # One prover ran out of time in the other direction, and everything follows from these.
    unsure = {"used": "1", "consistency": "it is not known"}
    z3, half = Z3Backend(workers=1), Fixed(Outcome(status, "True", unsure))
    backend = CrossCheck(half, z3) if is_first else CrossCheck(z3, half)
    outcome = decided(backend, "P(a)\n¬P(a)\n⊢ Q(a)")
    assert (outcome.status, outcome.answer) == (Status.CONTRADICTION, None)
    assert outcome.evidence["used"] == "1 2"
    asyncio.run(backend.aclose())


@pytest.mark.parametrize("is_first", [True, False])
def test_a_prover_that_knows_premises_to_be_consistent_that_are_not_is_found_out(
    is_first: bool,
) -> None:
    z3, liar = Z3Backend(workers=1), Fixed(Outcome(Status.PROVED, "True"))
    backend = CrossCheck(liar, z3) if is_first else CrossCheck(z3, liar)
    with pytest.raises(DisagreementError, match="two provers disagree"):
        decided(backend, "P(a)\n¬P(a)\n⊢ Q(a)")
    asyncio.run(backend.aclose())


def test_that_the_premises_can_hold_is_known_if_one_prover_knows_it() -> None:
    z3, unsure = Z3Backend(workers=1), Fixed(Outcome(Status.PROVED, "True", {"consistency": "?"}))
    for backend in (CrossCheck(unsure, z3), CrossCheck(z3, unsure)):
        assert "consistency" not in decided(backend, PROVED).evidence
    asyncio.run(z3.aclose())


async def test_closing_closes_both_and_may_be_repeated() -> None:
    first, second = Fixed(Outcome(Status.TIMEOUT)), Fixed(Outcome(Status.TIMEOUT))
    backend = CrossCheck(first, second)
    assert (await backend.run(read(PROVED), Limits())).status is Status.TIMEOUT
    await backend.aclose()
    await backend.aclose()
    assert (first.closed, second.closed) == (2, 2)
