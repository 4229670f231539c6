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
from neurosym.formal.fol.dialects.tptp import TPTP
from neurosym.formal.fol.repairs import mend_theory
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Equals,
    Exists,
    ForAll,
    Formula,
    Implies,
    Not,
    Or,
    Variable,
)
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
    assert outcome.evidence["error"] == "E found no proof: it ran out of time"
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


# ------------------------------------------------------------------- names in several roles


_ROLES = ("P", "q", "a")
"""Names of predicates, of one and of two things, of propositions and of constants alike."""
_CONSTANTS = st.sampled_from(_ROLES).map(Apply)


def _with_roles(variables: tuple[Variable, ...]) -> st.SearchStrategy[Formula]:
    term = _CONSTANTS | st.sampled_from(variables) if variables else _CONSTANTS
    atom = st.builds(Atom, st.sampled_from(_ROLES), st.lists(term, max_size=2).map(tuple))
    literal: st.SearchStrategy[Formula] = atom | atom.map(Not) | st.builds(Equals, term, term)
    pair = st.tuples(literal, literal)
    return literal | pair.map(And) | pair.map(Or) | st.builds(Implies, literal, literal)


_ANY_ROLE = _with_roles(()) | st.builds(
    lambda make, body: make(Variable("x"), body),
    st.sampled_from([ForAll, Exists]), _with_roles((Variable("x"),)),
)  # fmt: skip


@settings(max_examples=60)
@given(premises=st.lists(_ANY_ROLE, min_size=1, max_size=4), claim=_ANY_ROLE)
def test_e_and_z3_agree_where_names_have_several_roles_and_arities(
    eprover: EBackend, z3: Z3Backend, premises: list[Formula], claim: Formula
) -> None:
    theory = mend_theory(map(Statement, premises), Statement(claim))
    found = {decided(prover, theory, seconds=2).status for prover in (eprover, z3)}
    assert len(found - {Status.TIMEOUT}) <= 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("∀x (Rock(x) → Heavy(x))\nRock(stone)\nLikes(ann, Rock)\n"
         "⊢ Heavy(stone) ∧ Likes(ann, Rock)", Status.PROVED),
        ("P(P)\n⊢ P(P)", Status.PROVED),
        ("P(P)\n⊢ P(P_)", Status.UNKNOWN),
        ("P_(a)\nP(P)\n⊢ P(a)", Status.UNKNOWN),
        ("f ∧ G(f)\n⊢ f", Status.PROVED),
        ("Declarations:\nsort D = {m, t}\nm : D -> Bool\nPremises:\nm(m)\nm(t)\nConclusion:\n"
         "∀d:D m(d)", Status.PROVED),
    ],
)  # fmt: skip
def test_a_name_may_be_a_predicate_and_a_thing_or_function(
    eprover: EBackend, z3: Z3Backend, text: str, status: Status
) -> None:
    assert [decided(prover, text).status for prover in (eprover, z3)] == [status, status]


# ------------------------------------------------------------------- ranges and counts


_RANGES = """\
Declarations:
sort Seat = {1, 2}
sort Row = {2, 3}
sort Col = {red, blue}
of : Seat -> Col
next : Seat -> Seat
row : Row
free : Seat -> Bool
Premises:
"""


@pytest.mark.parametrize(
    ("premises", "claim", "status"),
    [
        ("row = 3", "of(row) = red ∨ of(row) = blue", Status.PROVED),
        ("row = 3", "of(row) = red", Status.UNKNOWN),
        ("row = 3", "next(row) = 1 ∨ next(row) = 2", Status.PROVED),
        ("row = 3", "next(row) = 3", Status.REFUTED),
        ("next(row) = row", "row = 2", Status.PROVED),
        ("∀s:Seat free(s)", "free(row)", Status.UNKNOWN),
        ("∀s:Seat free(s)\nrow ≠ 3", "free(row)", Status.PROVED),
    ],
)
def test_what_leaves_its_range_means_the_same_to_both_and_in_print(
    eprover: EBackend, z3: Z3Backend, premises: str, claim: str, status: Status
) -> None:
    theory = read(f"{_RANGES}{premises}\nConclusion:\n{claim}")
    printed = TPTP.parse_theory(TPTP.print_theory(theory))
    assert decided(eprover, theory).status is status
    assert [decided(z3, item).status for item in (theory, printed)] == [status, status]


@pytest.mark.parametrize(
    ("premises", "claim", "status"),
    [
        ("#{x | P(x)} ≤ 1\nP(a)\nP(b)", "a = b", Status.PROVED),
        ("#{x | P(x)} ≤ 2\nP(a)\nP(b)", "a = b", Status.UNKNOWN),
        ("#{x | P(x)} = 2\n#{x | P(x)} < 2", "Q(a)", Status.CONTRADICTION),
        ("∀x (P(x) → x = a ∨ x = b)", "#{x | P(x)} ≤ 2", Status.PROVED),
        ("∀x (P(x) → x = a ∨ x = b)", "#{x | P(x)} ≥ 3", Status.REFUTED),
        ("Q(P)\n#{x | Q(x)} = 1", "∃x ¬(#{y | x = y} = 1)", Status.REFUTED),
    ],
)
def test_counts_of_what_is_not_listed_mean_the_same_to_both(
    eprover: EBackend, z3: Z3Backend, premises: str, claim: str, status: Status
) -> None:
    text = f"{premises}\n⊢ {claim}"
    assert [decided(prover, text).status for prover in (eprover, z3)] == [status, status]


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
