"""Solver processes: killed in time, replaced, shared by many who ask."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import neurosym
from neurosym.backends.base import Limits
from neurosym.backends.optimization.backend import OptimizationBackend
from neurosym.backends.optimization.findings import FINDINGS, Findings
from neurosym.backends.optimization.solvers import SolverName
from neurosym.backends.optimization.task import Answer, Ending, Task, task_of
from neurosym.backends.optimization.workers import Workers
from neurosym.candidate import Outcome
from neurosym.errors import BackendError
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.model import Model
from neurosym.status import Status
from tests.backends.helpers import is_alive, wait_until

HIGHS, CBC, SCIP, CPSAT = SolverName
EASY = read_model("var x integer >= 0 <= 9\nmaximize x\na: 2 x <= 11")


def market_split(rows: int, columns: int, seed: int = 1) -> Model:
    """Equations in binary columns that are hard for every solver (Cornuéjols and Dawande 1998)."""
    choose = random.Random(seed)
    lines = [f"var x{k} binary" for k in range(columns)]
    lines += [f"var off{r} >= 0 <= 99999" for r in range(rows)]
    lines += ["minimize " + " + ".join(f"off{r}" for r in range(rows))]
    for r in range(rows):
        weights = [choose.randrange(100) for _ in range(columns)]
        total = " + ".join(f"{w} x{k}" for k, w in enumerate(weights))
        half = sum(weights) // 2
        lines += [f"up{r}: {total} - off{r} <= {half}", f"down{r}: {total} + off{r} >= {half}"]
    return read_model("\n".join(lines))


HARD = market_split(5, 40)


@pytest.fixture
def workers() -> Iterator[Workers]:
    started = Workers(workers=1)
    yield started
    started.close()


def task(model: Model = EASY, seconds: float = 20) -> Task:
    return task_of(model.instance, seconds=seconds)


def solved(workers: Workers, item: Task, solver: SolverName = HIGHS) -> Answer:
    return asyncio.run(workers.solve(solver, item))


def pids(workers: Workers) -> set[int]:
    return {worker.process.pid for worker in [*workers._idle, *workers._busy]}


async def until_busy(workers: Workers) -> int:
    """The process that solves, once it does."""
    assert await asyncio.to_thread(wait_until, lambda: len(workers._busy) == 1)
    await asyncio.sleep(0.3)
    [pid] = pids(workers)
    return pid


# ------------------------------------------------------------------- processes


def test_one_process_serves_task_after_task(workers: Workers) -> None:
    found = [solved(workers, task(), solver) for solver in (*SolverName, HIGHS)]
    assert [answer.objective for answer in found] == [5.0] * 5
    assert len(pids(workers)) == 1


async def test_a_solver_that_is_killed_costs_one_task(workers: Workers) -> None:
    running = asyncio.create_task(workers.solve(HIGHS, task(HARD)))
    pid = await until_busy(workers)
    begun = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    answer = await running
    assert time.monotonic() - begun < 3
    assert (answer.ending, answer.message) == (Ending.FAILED, "the solver died")
    after = await workers.solve(HIGHS, task())
    assert (after.ending, after.objective) == (Ending.OPTIMAL, 5.0)
    assert pid not in pids(workers)
    assert not is_alive(pid)


def test_a_process_that_died_while_it_waited_is_replaced(workers: Workers) -> None:
    assert solved(workers, task()).ending is Ending.OPTIMAL
    [pid] = pids(workers)
    os.kill(pid, signal.SIGKILL)
    assert solved(workers, task()).ending is Ending.OPTIMAL
    assert pid not in pids(workers)


def test_a_process_that_dies_as_it_is_given_a_task_is_replaced(workers: Workers) -> None:
    assert solved(workers, task()).ending is Ending.OPTIMAL
    [pid] = pids(workers)
    os.kill(pid, signal.SIGSTOP)  # alive, but it will never begin
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    assert solved(workers, task()).ending is Ending.OPTIMAL
    assert pid not in pids(workers)


def test_what_a_solver_raises_is_its_answer(workers: Workers) -> None:
    nonsense = replace(task(), nonlinear=[[0.0, 1.0, ["no such function", ["column", 0]]]])
    answer = solved(workers, nonsense, SCIP)
    assert answer.ending is Ending.FAILED
    assert "no such function" in answer.message
    assert solved(workers, task()).ending is Ending.OPTIMAL


def test_a_task_that_cannot_be_read_costs_one_task(workers: Workers) -> None:
    damaged = replace(task(), indices=np.array([10**6]))
    assert solved(workers, damaged).ending is Ending.FAILED
    assert solved(workers, task()).ending is Ending.OPTIMAL


# ------------------------------------------------------------------- limits


@pytest.mark.parametrize("solver", [HIGHS, CBC, SCIP])
def test_a_task_over_its_time_is_a_limit_and_the_pool_serves_on(
    workers: Workers, solver: SolverName
) -> None:
    solved(workers, task(), solver)
    begun = time.monotonic()
    answer = solved(workers, task(HARD, seconds=1), solver)
    assert answer.ending is Ending.LIMIT
    assert time.monotonic() - begun < 5
    assert solved(workers, task(), solver).objective == 5.0


def test_cp_sat_keeps_to_its_time(workers: Workers) -> None:
    whole = market_split(5, 40).instance
    held = replace(whole, integer=np.ones(whole.columns, dtype=np.bool_))
    begun = time.monotonic()
    answer = solved(workers, task_of(held, seconds=1), CPSAT)
    assert answer.ending is Ending.LIMIT
    assert time.monotonic() - begun < 8


def test_a_solver_that_does_not_keep_to_its_time_is_killed(workers: Workers) -> None:
    solved(workers, task())
    [pid] = pids(workers)
    os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    answer = solved(workers, task(seconds=1))
    assert (answer.ending, answer.message) == (Ending.LIMIT, "it overran its time and was killed")
    assert time.monotonic() - begun < 4
    assert wait_until(lambda: not is_alive(pid))
    assert solved(workers, task()).objective == 5.0


def test_a_backend_that_runs_out_of_time_says_so_and_has_what_was_found() -> None:
    backend = OptimizationBackend(workers=1)
    try:
        begun = time.monotonic()
        outcome = asyncio.run(backend.run(HARD, Limits(seconds=2)))
        assert time.monotonic() - begun < 8
        assert outcome.status is Status.TIMEOUT
        assert outcome.answer is None
        assert "HiGHS" in outcome.evidence["error"]
        after = asyncio.run(backend.run(EASY, Limits(seconds=20)))
        assert (after.status, after.answer) == (Status.SOLVED, 5)
    finally:
        backend.close()


# ------------------------------------------------------------------- many who ask


async def test_twenty_at_once_get_each_their_own_answer() -> None:
    backend = OptimizationBackend(workers=2)
    models = [
        read_model(
            f"var x >= 0 <= 1\nvar n integer >= 0 <= {k}\nmaximize n + x / 3\na: n + x <= {k}.5"
        )
        for k in range(20)
    ]
    wanted = [Fraction(k) + Fraction(1, 6) for k in range(20)]

    async def all_of(order: list[int]) -> dict[int, Outcome]:
        outcomes = await asyncio.gather(
            *(backend.run(models[k], Limits(seconds=60)) for k in order)
        )
        return dict(zip(order, outcomes, strict=True))

    first = await all_of([*range(20)])
    shuffled = random.Random(3).sample(range(20), 20)
    second = await all_of(shuffled)
    assert [first[k].answer for k in range(20)] == wanted
    for k in range(20):
        one, other = (
            Findings.from_json(outcome.evidence[FINDINGS]) for outcome in (first[k], second[k])
        )
        assert replace(one, seconds=0) == replace(other, seconds=0)
    assert len(pids(backend._workers)) <= 2
    await backend.aclose()


def test_several_event_loops_ask_at_once() -> None:
    workers = Workers(workers=2)

    async def everyone() -> list[Answer]:
        return list(
            await asyncio.gather(*(asyncio.to_thread(solved, workers, task()) for _ in range(6)))
        )

    assert [answer.objective for answer in asyncio.run(everyone())] == [5.0] * 6
    workers.close()


async def test_cancelling_one_who_waits_leaves_the_pool_serving(workers: Workers) -> None:
    running = asyncio.create_task(workers.solve(HIGHS, task(HARD, seconds=1)))
    await until_busy(workers)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await workers.solve(HIGHS, task())).objective == 5.0


# ------------------------------------------------------------------- the end


async def test_closing_ends_what_runs_and_what_waits_its_turn() -> None:
    workers = Workers(workers=1)
    tasks = [asyncio.create_task(workers.solve(HIGHS, task(HARD, seconds=60))) for _ in range(3)]
    pid = await until_busy(workers)
    begun = time.monotonic()
    await asyncio.to_thread(workers.close)
    for each in tasks:
        with pytest.raises(BackendError, match="the backend is closed"):
            await each
    assert time.monotonic() - begun < 5
    assert not is_alive(pid)


async def test_a_closed_backend_refuses_and_closes_again() -> None:
    backend = OptimizationBackend(workers=1)
    assert (await backend.run(EASY, Limits(seconds=20))).answer == 5
    [pid] = pids(backend._workers)
    await backend.aclose()
    await backend.aclose()
    backend.close()
    assert not is_alive(pid)
    with pytest.raises(BackendError, match="the backend is closed") as caught:
        await backend.run(EASY, Limits())
    assert caught.value.hint


def test_a_backend_that_was_never_used_starts_nothing_and_closes() -> None:
    backend = OptimizationBackend()
    assert not pids(backend._workers)
    backend.close()
    assert not pids(backend._workers)


def test_a_package_that_only_this_process_finds_is_found(tmp_path: Path) -> None:
    """As where it is run from a folder without being installed."""
    root = Path(neurosym.__file__).parent.parent
    (tmp_path / "neurosym").symlink_to(root / "neurosym")
    code = (
        "import asyncio, sys\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "from neurosym.backends.optimization.backend import OptimizationBackend\n"
        "from neurosym.backends.base import Limits\n"
        "from neurosym.formal.optimization.language.reader import read_model\n"
        "backend = OptimizationBackend()\n"
        "model = read_model('var x >= 0 <= 3\\nmaximize x')\n"
        "print(asyncio.run(backend.run(model, Limits())).status)\n"
        "[worker] = backend._workers._idle\n"
        "print(worker.process.args[-1])\n"
        "backend.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, cwd="/"
    )
    assert done.stdout.startswith("solved\n"), done.stderr
    assert f"sys.path.insert(0, {str(tmp_path)!r})" in done.stdout


# ------------------------------------------------------------------- the end of the parent

_PARENT = """
import asyncio
from neurosym.backends.optimization.workers import Workers
from tests.backends.optimization.test_workers import HARD, SolverName, task

workers = Workers(workers=1)

async def main():
    running = asyncio.create_task(workers.solve(SolverName({solver!r}), task(HARD, seconds=60)))
    while not workers._busy:
        await asyncio.sleep(0.05)
    [worker] = workers._busy
    print(worker.process.pid, flush=True)
    await running

asyncio.run(main())
"""


def members(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, _, in_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(in_group) == group and state != "Z":
                found.append(int(folder.name))
    return found


@pytest.mark.parametrize(("solver", "processes"), [(HIGHS, 1), (SCIP, 1), (CPSAT, 1), (CBC, 2)])
@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGKILL])
def test_a_solver_and_what_it_started_end_with_their_parent(
    solver: SolverName, processes: int, signal_number: signal.Signals
) -> None:
    model = [sys.executable, "-c", _PARENT.format(solver=solver.value)]
    root = str(Path(neurosym.__file__).parent.parent)
    parent = subprocess.Popen(model, stdout=subprocess.PIPE, cwd=root, text=True)
    try:
        assert parent.stdout is not None
        group = int(parent.stdout.readline())
        assert wait_until(lambda: len(members(group)) >= processes)
        time.sleep(1)  # now it is at work
        assert parent.poll() is None
        parent.send_signal(signal_number)
        parent.wait(10)
        assert wait_until(lambda: not members(group)), "nobody is left to stop it"
    finally:
        parent.kill()
        parent.wait()
        if parent.stdout is not None:
            parent.stdout.close()
