"""The E prover decides claims with a proof of its own, and agrees with Z3."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.backends.base import Limits
from neurosym.backends.eprover import EBackend
from neurosym.backends.z3.backend import Z3Backend
from neurosym.errors import BackendError
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Statement
from neurosym.status import Status
from tests.backends.helpers import is_alive, wait_until
from tests.backends.theories import BURNSIDE, ENDLESS, MONADIC, decided, read

SLOW = BURNSIDE + ENDLESS + "⊢ R(a, b)"


@pytest.fixture(scope="module")
def eprover() -> Iterator[EBackend]:
    backend = EBackend(workers=2)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Backend]:
    backend = Z3Backend(workers=1)
    yield backend
    backend.close()


@pytest.mark.parametrize(
    ("text", "status", "answer", "used"),
    [
        ("R(b)\n∀x (P(x) → Q(x))\nP(a)\n⊢ Q(a)", Status.PROVED, "True", "2 3"),
        ("R(b)\n∀x (P(x) → Q(x))\nP(a)\n⊢ ¬Q(a)", Status.REFUTED, "False", "2 3"),
        ("∀x (P(x) → Q(x))\nP(a)\n⊢ Q(b)", Status.UNKNOWN, "Uncertain", None),
        ("R(b)\nP(a)\n¬P(a)\n⊢ Q(b)", Status.CONTRADICTION, None, "2 3"),
        ("P(a)\n¬P(a)\n⊢ P(a)", Status.CONTRADICTION, None, "1 2"),
        ("R(b)\n⊢ P(a) ∨ ¬P(a)", Status.PROVED, "True", None),
        ("f(a) = b\nP(b)\n⊢ P(f(a))", Status.PROVED, "True", "1 2"),
        ("distinct(a, b, c)\n∀x (x = a ∨ x = b)\n⊢ P(a)", Status.CONTRADICTION, None, "1 2"),
        ("P ⊕ Q\nP\n⊢ ¬Q", Status.PROVED, "True", "1 2"),
        ('"bald eagle"(rex)\n⊢ ∃x "bald eagle"(x)', Status.PROVED, "True", "1"),
    ],
)
def test_each_outcome_and_what_it_rests_on(
    eprover: EBackend, text: str, status: Status, answer: str | None, used: str | None
) -> None:
    outcome = decided(eprover, text)
    assert (outcome.status, outcome.answer) == (status, answer)
    assert outcome.evidence.get("used") == used
    assert ("proof" in outcome.evidence) == (status is not Status.UNKNOWN)
    assert outcome.seconds > 0


def test_the_proof_names_the_premises_and_ends_in_a_contradiction(eprover: EBackend) -> None:
    proof = decided(eprover, "∀x (P(x) → Q(x))\nP(a)\n⊢ Q(a)").evidence["proof"]
    assert "premise_1" in proof
    assert "premise_2" in proof
    assert "$false" in proof.splitlines()[-1]
    assert "SZS" not in proof


def test_a_proof_from_premises_that_may_contradict_each_other_says_so(eprover: EBackend) -> None:
    assert "consistency" not in decided(eprover, "P(a)\n⊢ P(a)").evidence
    unsure = decided(eprover, f"P(a)\n{ENDLESS}⊢ P(a)", seconds=1)
    assert unsure.status is Status.PROVED
    assert unsure.evidence["consistency"] == "it is not known whether the premises can all hold"


def test_the_time_limit_holds(eprover: EBackend) -> None:
    begun = time.monotonic()
    outcome = decided(eprover, SLOW, seconds=1)
    assert outcome.status is Status.TIMEOUT
    assert outcome.answer is None
    assert "E found no proof in time" in outcome.evidence["error"]
    assert time.monotonic() - begun < 5


def test_the_memory_limit_holds(eprover: EBackend) -> None:
    begun = time.monotonic()
    outcome = decided(eprover, SLOW, seconds=40, memory_bytes=16 << 20)
    assert outcome.status is Status.TIMEOUT
    assert time.monotonic() - begun < 35


# ------------------------------------------------------------------- what E is told


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("age(bob) > 3\n⊢ age(bob) > 2", "logic without sorts has no comparisons of numbers"),
        ("Declarations:\nsort D = {m, t}\nPremises:\nP(m)\nConclusion:\n#{d:D | P(d)} = 1",
         "logic without sorts has no counts"),
        ("Premises:\nP(a)\nOptions:\nA) must P(a)", "E decides claims; there is none"),
        ("P(a)", "E decides claims; there is none"),
    ],
)  # fmt: skip
def test_what_e_cannot_be_told_is_malformed(eprover: EBackend, text: str, error: str) -> None:
    outcome = decided(eprover, text)
    assert (outcome.status, outcome.answer) == (Status.MALFORMED, None)
    assert error in outcome.evidence["error"]


_SORTED = """\
Declarations:
sort Day = {mon, tue, wed}
sort Person
boss : Person
busy : Person × Day -> Bool
Premises:
"""


@pytest.mark.parametrize(
    ("premises", "claim", "status"),
    [
        ("busy(boss, mon)\nbusy(boss, tue)\nbusy(boss, wed)", "∀d:Day busy(boss, d)",
         Status.PROVED),
        ("busy(boss, mon)\nbusy(boss, tue)", "∀d:Day busy(boss, d)", Status.UNKNOWN),
        ("∀p:Person ∀d:Day busy(p, d)", "¬∃d:Day busy(boss, d)", Status.REFUTED),
        ("¬busy(boss, mon)", "mon ≠ tue", Status.PROVED),
        ("¬busy(boss, mon)", "∃p:Person ∃d:Day ¬busy(p, d)", Status.PROVED),
        ("mon = tue", "busy(boss, mon)", Status.CONTRADICTION),
    ],
)  # fmt: skip
def test_sorts_are_understood_by_both_provers(
    eprover: EBackend, z3: Z3Backend, premises: str, claim: str, status: Status
) -> None:
    text = f"{_SORTED}{premises}\nConclusion:\n{claim}"
    for backend in (eprover, z3):
        assert decided(backend, text).status is status
    used = decided(eprover, text).evidence.get("used", "")
    assert set(used.split()) <= {str(n + 1) for n in range(premises.count("\n") + 1)}, (
        "what sorts became is no premise"
    )


@settings(max_examples=40)
@given(premises=st.lists(MONADIC, max_size=4), claim=MONADIC)
def test_e_and_z3_agree(
    eprover: EBackend, z3: Z3Backend, premises: list[Formula], claim: Formula
) -> None:
    theory = make_theory(map(Statement, premises), Statement(claim))
    assert decided(eprover, theory).status is decided(z3, theory).status


def test_five_thousand_premises_are_decided(eprover: EBackend) -> None:
    many = "\n".join(f"P(c{i}) ∧ R{i}(c{i})" for i in range(5000))
    outcome = decided(eprover, f"{many}\n∀x (P(x) → Q(x))\n⊢ Q(c77)", seconds=30)
    assert (outcome.status, outcome.evidence["used"]) == (Status.PROVED, "78 5001")


# ------------------------------------------------------------------- life


async def test_closing_ends_what_runs_and_what_waits_its_turn() -> None:
    backend = EBackend(workers=1)
    tasks = [asyncio.create_task(backend.run(read(SLOW), Limits(seconds=60))) for _ in range(3)]
    assert await asyncio.to_thread(wait_until, lambda: len(backend._running) == 1)
    [process] = backend._running
    begun = time.monotonic()
    await backend.aclose()
    assert time.monotonic() - begun < 5
    for task in tasks:
        with pytest.raises(BackendError, match="the backend is closed"):
            await task
    assert not is_alive(process.pid)
    await backend.aclose()
    with pytest.raises(BackendError, match="the backend is closed"):
        await backend.run(read("P(a)\n⊢ P(a)"), Limits())


async def test_cancelling_who_waits_leaves_the_backend_serving() -> None:
    backend = EBackend(workers=2)
    task = asyncio.create_task(backend.run(read(SLOW), Limits(seconds=1)))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await backend.run(read("P(a)\n⊢ P(a)"), Limits())).status is Status.PROVED
    await backend.aclose()
