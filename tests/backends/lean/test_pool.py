"""Lean processes that are kept: they say what fresh ones say, and a bad file costs itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import psutil
import pytest

from neurosym.backends.lean.elaboration import LEAN_LIMITS, Elaboration, Ending
from neurosym.backends.lean.files import FileElaborator
from neurosym.backends.lean.messages import SORRY, Message
from neurosym.backends.lean.pool import LeanPool
from neurosym.backends.lean.toolchain import Toolchain
from neurosym.errors import BackendError, OptionError

HEADER = "prelude\nimport Tiny\n"
RIGHT = HEADER + "theorem t (a b : Prop) (h : And a b) : And b a := ⟨h.right, h.left⟩\n"
ENDLESS = f"{HEADER}theorem t : Eq 1 {'9' * 2_000_000} := Eq.refl 1\n"
"""A numeral that takes time in the square of its length."""


@pytest.fixture
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    made = LeanPool(toolchain)
    yield made
    await made.aclose()


def processes() -> set[int]:
    """Lean processes of this one."""
    found = psutil.Process().children(recursive=True)
    return {item.pid for item in found if item.name() == "lean"}


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        HEADER + "theorem é𝔸 (a b : Prop) : Or a b := (fun 𝔸 => Or.inl b) a\n",
        HEADER + "theorem t : False := sorry\n#print axioms t\n",
        HEADER + "theorem t (a : Prop) (h : a) : a := _\ntheorem u : True :=",
        HEADER + "theorem t : True := True.intro )\n#check True\n/- never closed",
        HEADER.replace("\n", "\r\n") + "theorem t : True := \r\n  False\r\n",
        "prelude\nimport Nothing\ntheorem t : True := True.intro\n",
        "theorem t : True := True.intro\n",
        "",
        HEADER,
        HEADER + "theorem t : True := True.intro -- \ud800\n",
    ],
)
async def test_it_says_what_a_fresh_process_says(
    lean: FileElaborator, pool: LeanPool, text: str
) -> None:
    fresh = await lean.elaborate(text)
    for _ in range(2):
        kept = await pool.elaborate(text)
        assert (kept.ending, kept.detail) == (fresh.ending, fresh.detail)
        assert kept.messages == known_kinds_only(fresh)


def known_kinds_only(found: Elaboration) -> tuple[Message, ...]:
    return tuple(item if item.kind == SORRY else replace(item, kind="") for item in found.messages)


async def test_results_come_in_order_and_nothing_is_left_of_the_file_before(
    pool: LeanPool,
) -> None:
    texts = [HEADER + f"#check x{k}\ntheorem x{k} : True := True.intro\n" for k in range(30)]
    found = await pool.elaborate_all([*texts, *texts])
    for k, item in enumerate(found):
        [error] = item.errors
        assert f"x{k % 30}" in error.text


async def test_a_file_that_takes_too_long_costs_itself_only(pool: LeanPool) -> None:
    await pool.elaborate(RIGHT)
    begun = time.monotonic()
    limits = replace(LEAN_LIMITS, seconds=2)
    found = await pool.elaborate_all([RIGHT, ENDLESS, RIGHT, RIGHT], limits)
    assert [item.ending for item in found] == [
        Ending.FINISHED, Ending.TIMEOUT, Ending.FINISHED, Ending.FINISHED,
    ]  # fmt: skip
    assert found[1].detail == "Lean took more than its 2 seconds"
    assert found[1].memory_bytes > 1 << 20
    assert time.monotonic() - begun < 10


async def test_a_worker_that_is_killed_costs_one_file_and_no_import(pool: LeanPool) -> None:
    await pool.elaborate(RIGHT)
    task = asyncio.create_task(pool.elaborate(ENDLESS))
    await asyncio.sleep(0.5)
    before = processes()
    assert len(before) == 2, "one that works and a spare"
    busy = max(before, key=lambda pid: psutil.Process(pid).cpu_times().user)
    psutil.Process(busy).kill()
    found = await task
    assert (found.ending, found.messages) == (Ending.CRASHED, ())
    assert "SIGKILL" in found.detail
    assert (await pool.elaborate(RIGHT)).ending is Ending.FINISHED
    assert processes() & before, "the spare was there already"


async def test_a_file_that_may_run_code_has_its_process_to_itself(pool: LeanPool) -> None:
    await pool.elaborate(RIGHT)
    before = processes()
    await pool.elaborate(HEADER + "#eval True\n")
    await pool.elaborate_all([RIGHT] * 4)
    gone = before - processes()
    assert len(gone) == 1


async def test_workers_are_replaced_and_headers_make_room_for_each_other(
    toolchain: Toolchain,
) -> None:
    pool = LeanPool(toolchain, workers=1, spares=1, files_per_worker=3)
    try:
        seen: set[int] = set()
        for k in range(12):
            other = f"prelude\nimport Tiny\n-- {k}\n" + RIGHT.removeprefix(HEADER)
            assert not (await pool.elaborate(RIGHT)).messages
            assert not (await pool.elaborate(other)).messages
            seen |= processes()
            assert len(processes()) <= 2
        assert len(seen) > 4
        for header in ("prelude\n", "prelude\nimport  Tiny\n", "prelude import Tiny\n"):
            await pool.elaborate(header + "#check Prop\n")
            assert len(processes()) <= 2
    finally:
        await pool.aclose()
    assert not processes()


async def test_a_pool_that_is_closed_says_so(toolchain: Toolchain) -> None:
    pool = LeanPool(toolchain)
    await pool.elaborate(RIGHT)
    task = asyncio.create_task(pool.elaborate(ENDLESS))
    await asyncio.sleep(0.3)
    await pool.aclose()
    await pool.aclose()
    with pytest.raises(BackendError):
        await task
    with pytest.raises(BackendError, match="closed"):
        await pool.elaborate(RIGHT)
    assert not processes()


def test_numbers_that_make_no_pool_are_refused(toolchain: Toolchain) -> None:
    for workers, spares, files in ((0, 1, 1), (1, -1, 1), (1, 1, 0)):
        with pytest.raises(OptionError):
            LeanPool(toolchain, workers=workers, spares=spares, files_per_worker=files)
