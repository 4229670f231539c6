"""Processes of Z3: killed in time, replaced, shared by those who ask the same."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.z3 import backend as module
from neurosym.backends.z3.backend import Z3Backend
from neurosym.backends.z3.decide import Finding
from neurosym.backends.z3.lowering import lower
from neurosym.backends.z3.process import Z3Process, Z3Timeout
from neurosym.errors import BackendError
from neurosym.status import Status
from tests.backends.helpers import is_alive, wait_until
from tests.backends.theories import BURNSIDE, STUBBORN, decided, read

EASY = "∀x (P(x) → Q(x))\nP(a)\n⊢ Q(a)"
SLOW = BURNSIDE + "⊢ ∀x ∀y (h(h(x, y), y) = c)"


@pytest.fixture
def z3() -> Iterator[Z3Backend]:
    backend = Z3Backend(workers=1)
    yield backend
    backend.close()


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The digests of the scripts that are really decided."""
    seen: list[str] = []
    really = module.decide

    def decide(process, script, tests, seconds) -> Finding:  # type: ignore[no-untyped-def]  # noqa: ANN001
        seen.append(script.digest)
        return really(process, script, tests, seconds)

    monkeypatch.setattr(module, "decide", decide)
    return seen


def pids(backend: Z3Backend) -> set[int]:
    return {process._process.pid for process in [*backend._idle, *backend._busy]}


# ------------------------------------------------------------------- solved once


def test_theories_that_are_equal_up_to_renaming_are_solved_once(
    z3: Z3Backend, decisions: list[str]
) -> None:
    first = decided(z3, "∀x (Man(x) → Mortal(x))\nMan(socrates)\n⊢ Mortal(socrates)")
    second = decided(z3, "∀y (Gorp(y) → Sour(y)) ::: Gorps are sour.\nGorp(polly)\n⊢ Sour(polly)")
    assert first.status is second.status is Status.PROVED
    assert len(decisions) == 1
    unknown = [decided(z3, f"{p}(bob)\n⊢ {q}(bob)") for p, q in (("P", "Q"), ("Tall", "Kind"))]
    assert len(decisions) == 2
    assert ["true: " + name for name in ("P(bob)", "Tall(bob)")] == [
        outcome.evidence["countermodel"].splitlines()[1] for outcome in unknown
    ], "each in its own names"


@pytest.mark.parametrize(
    "other",
    [
        "∀x (P(x) → Q(x))\nP(a)\n⊢ Q(b)",
        "∀x (P(x) → Q(x))\nP(a)\n⊢ P(a)",
        "∀x (P(x) → Q(x))\nP(a)\nQ(a)",
        "∀x (Q(x) → P(x))\nP(a)\n⊢ Q(a)",
        "P(a)\n∀x (P(x) → Q(x))\n⊢ Q(a)",
    ],
)
def test_what_differs_in_more_than_names_is_another_theory(other: str) -> None:
    assert lower(read(other)).digest != lower(read(EASY)).digest


def test_members_keep_their_order_when_they_are_renamed() -> None:
    text = "Declarations:\nsort D = {{{}}}\nPremises:\nlate > {}\nConclusion:\nlate = {}"
    one = lower(read(text.format("mon, tue, wed", "tue", "wed")))
    same = lower(read(text.format("art, bees, cars", "bees", "cars")))
    other = lower(read(text.format("mon, tue, wed", "wed", "tue")))
    assert one.digest == same.digest != other.digest


def test_other_limits_or_tests_are_another_question(z3: Z3Backend, decisions: list[str]) -> None:
    decided(z3, EASY, seconds=3)
    decided(z3, EASY, seconds=4)
    for test in ("must", "could"):
        decided(z3, f"Premises:\nP(a)\nOptions:\nA) {test} Q(a)")
    assert len(decisions) == 4


async def test_one_process_serves_theory_after_theory(z3: Z3Backend) -> None:
    found = [await z3.run(read(f"P(a{i}) ∧ R{i}\n⊢ ¬P(b) ∨ R{i}"), Limits()) for i in range(5)]
    assert {outcome.status for outcome in found} == {Status.PROVED}
    assert len(pids(z3)) == 1


def test_several_event_loops_ask_at_once() -> None:
    with_two = Z3Backend(workers=2)

    async def ask(i: int) -> Status:
        return (await with_two.run(read(EASY.replace("P", f"P{i}")), Limits())).status

    async def everyone() -> list[Status]:
        return list(
            await asyncio.gather(*(asyncio.to_thread(asyncio.run, ask(i)) for i in range(8)))
        )

    assert asyncio.run(everyone()) == [Status.PROVED] * 8
    with_two.close()


# ------------------------------------------------------------------- limits


@pytest.mark.parametrize("text", [SLOW, STUBBORN], ids=["slow", "stubborn"])
@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_the_time_limit_holds_and_the_pool_serves_on(
    z3: Z3Backend, text: str, seconds: float
) -> None:
    begun = time.monotonic()
    outcome = decided(z3, text, seconds=seconds)
    assert outcome.status is Status.TIMEOUT
    assert time.monotonic() - begun < seconds + 2
    assert decided(z3, EASY).status is Status.PROVED


def test_a_process_that_was_killed_is_replaced(z3: Z3Backend) -> None:
    assert decided(z3, EASY).status is Status.PROVED
    [before] = pids(z3)
    os.kill(before, signal.SIGSTOP)  # it no longer keeps its own time limit
    begun = time.monotonic()
    assert decided(z3, "P(a)\n⊢ P(a)", seconds=1).status is Status.TIMEOUT
    assert time.monotonic() - begun < 5
    assert wait_until(lambda: not is_alive(before))
    assert decided(z3, EASY.replace("Q", "R ∧ Q")).status is Status.PROVED
    [after] = pids(z3)
    assert after != before


def test_a_process_that_died_by_itself_is_replaced(z3: Z3Backend) -> None:
    assert decided(z3, EASY).status is Status.PROVED
    for process in z3._idle:
        process.kill()
    assert decided(z3, "P(a)\n⊢ P(a)").status is Status.PROVED


def test_the_memory_limit_holds_and_the_pool_serves_on(z3: Z3Backend) -> None:
    begun = time.monotonic()
    outcome = decided(z3, SLOW, seconds=60, memory_bytes=16 << 20)
    assert outcome.status is Status.TIMEOUT
    assert time.monotonic() - begun < 15, "it ran out of memory long before it ran out of time"
    assert decided(z3, EASY, memory_bytes=64 << 20).status is Status.PROVED


def test_a_process_says_when_it_does_not_understand() -> None:
    process = Z3Process(256 << 20)
    with pytest.raises(BackendError, match="z3 says"):
        process.ask("(assert nonsense)", 5)
    process.kill()
    process.kill()
    assert not process.alive
    with pytest.raises(Z3Timeout):
        process.ask("(check-sat)", 5)


# ------------------------------------------------------------------- several who wait


async def test_cancelling_one_who_waits_does_not_cancel_the_other(
    z3: Z3Backend, decisions: list[str]
) -> None:
    theory = read(SLOW)
    limits = Limits(seconds=2)
    first, second = (asyncio.create_task(z3.run(theory, limits)) for _ in range(2))
    await asyncio.sleep(0.3)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await second).status is Status.TIMEOUT
    assert len(decisions) == 1


async def test_cancelling_all_who_wait_leaves_the_pool_serving(z3: Z3Backend) -> None:
    task = asyncio.create_task(z3.run(read(SLOW), Limits(seconds=1)))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await z3.run(read(EASY), Limits())).status is Status.PROVED


async def test_closing_ends_what_runs_and_what_waits_its_turn() -> None:
    backend = Z3Backend(workers=1)
    tasks = [asyncio.create_task(backend.run(read(SLOW), Limits(seconds=60 + i))) for i in range(3)]
    assert await asyncio.to_thread(wait_until, lambda: len(backend._busy) == 1)
    [pid] = pids(backend)
    begun = time.monotonic()
    await backend.aclose()
    assert time.monotonic() - begun < 5
    for task in tasks:
        with pytest.raises(BackendError, match="the backend is closed"):
            await task
    assert not is_alive(pid)


async def test_a_closed_backend_refuses_and_closes_again() -> None:
    backend = Z3Backend(workers=1)
    assert (await backend.run(read(EASY), Limits())).status is Status.PROVED
    [pid] = pids(backend)
    await backend.aclose()
    await backend.aclose()
    assert not is_alive(pid)
    with pytest.raises(BackendError, match="the backend is closed") as caught:
        await backend.run(read(EASY), Limits())
    assert caught.value.hint
