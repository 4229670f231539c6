"""The pool: what outcomes say, and that nothing hangs or leaks whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.sandbox import descendants, shared_memory
from neurosym.backends.base import Limits
from neurosym.backends.pool import Call, Pool, RunProgram
from neurosym.candidate import Outcome
from neurosym.errors import BackendError
from neurosym.status import Status
from tests.backends.helpers import (
    ANSWER,
    Sandbox,
    is_alive,
    open_files,
    wait_until,
)

SLEEP = "import time\ndef solution():\n    time.sleep({})\n    return 1"
ROOT = str(Path(__file__).parents[2])


# ------------------------------------------------------------------- outcomes


def test_an_answer_comes_with_time_memory_and_no_evidence(sandbox: Sandbox) -> None:
    outcome = sandbox.run(ANSWER)
    assert outcome == Outcome(Status.SOLVED, 42, {}, outcome.seconds, outcome.memory_bytes)
    assert 0 < outcome.seconds < 5
    assert 2**20 < outcome.memory_bytes < 2**28


def test_what_was_printed_is_evidence(sandbox: Sandbox) -> None:
    outcome = sandbox.run("""
        import sys
        print("first")
        def solution():
            print("second: π", flush=True)
            print("warning", file=sys.stderr)
            sys.stdout.buffer.write(b"\\xff")
            return 1
    """)
    assert outcome.evidence == {"stdout": "first\nsecond: π\n�", "stderr": "warning\n"}


def test_printed_text_is_cut_at_the_limit(sandbox: Sandbox) -> None:
    outcome = sandbox.run("print('ab' * 100)\ndef solution(): return 1", output_bytes=5)
    assert outcome.evidence["stdout"] == "ababa… (201 bytes in all)"


def test_an_error_names_its_line_and_the_way_there(sandbox: Sandbox) -> None:
    outcome = sandbox.run("""
        def helper(x):
            return 1 / x

        def solution():
            return helper(0)
    """)
    assert outcome.status is Status.FAILED
    assert outcome.evidence == {
        "error": "line 3: ZeroDivisionError: division by zero",
        "traceback": "line 6 in solution\nline 3 in helper\n",
    }


def test_an_error_in_a_library_is_placed_where_the_program_called_it(sandbox: Sandbox) -> None:
    outcome = sandbox.run("import json\ndef solution():\n    return json.loads('{')")
    assert outcome.evidence["error"].startswith("line 3: JSONDecodeError: ")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("def solution(:", "line 1: SyntaxError: "),
        ("x = 1\n  y = 2", "line 2: IndentationError: "),
        ("\0", "SyntaxError: source code string cannot contain null bytes"),
        ("x = 1", "NameError: the program defines no function 'solution'"),
        ("solution = 1", "NameError: the program defines no function 'solution'"),
        ("def solution(x): return x", "TypeError: solution() missing 1 required"),
        ("def solution(): return object()", "TypeError: object is not plain data"),
        ("def solution(): yield 1", "TypeError: generator is not plain data"),
        ("async def solution(): return 1", "TypeError: coroutine is not plain data"),
        ("import nothing_of_this_name", "line 1: ModuleNotFoundError"),
        ("def solution(): raise Exception('a\\nb')", "line 1: Exception: a"),
        ("def solution(): raise Exception", "line 1: Exception: "),
        ("def solution(): raise Exception('x' * 9999)", "line 1: Exception: xxx"),
    ],
)
def test_what_cannot_be_run_fails_with_a_line_that_says_why(
    sandbox: Sandbox, source: str, error: str
) -> None:
    outcome = sandbox.run(source)
    assert outcome.status is Status.FAILED
    assert error in outcome.evidence["error"]
    assert len(outcome.evidence["error"]) <= 500
    assert "\n" not in outcome.evidence["error"]


def test_a_program_that_is_too_long_is_malformed(sandbox: Sandbox) -> None:
    outcome = sandbox.run("#" * 200_001)
    assert outcome.status is Status.MALFORMED
    assert sandbox.run("#" * 199_000 + "\n" + ANSWER).answer == 42


def test_a_program_may_be_any_text(sandbox: Sandbox) -> None:
    assert sandbox.answer("def solution(): return 'naïve 🦊'") == "naïve 🦊"
    assert sandbox.run("def solution(): return '\ud800'").status is Status.FAILED


def test_another_function_can_be_the_entry(sandbox: Sandbox) -> None:
    job = RunProgram("def other(): return 3", entry="other")
    assert asyncio.run(sandbox.pool.run(job, Limits())).answer == 3


def test_answers_of_sympy_and_numpy_come_as_plain_data(sandbox: Sandbox) -> None:
    found = sandbox.answer("""
        import numpy, sympy
        from decimal import Decimal
        from fractions import Fraction
        x = sympy.Symbol("x")
        def solution():
            return [sympy.Rational(1, 3), sympy.Integer(2), sympy.sqrt(2), x + 1, sympy.true,
                    numpy.int64(3), numpy.float64(0.5), numpy.array([1, 2]), Decimal("12.50"),
                    {sympy.Integer(1): 2}, 2 + 0j, (1, 2), {3, 4}, None, sympy.FiniteSet(1, 2),
                    Decimal("0.1000000000000000000001")]
    """)
    from fractions import Fraction

    assert found == (
        Fraction(1, 3), 2, "sqrt(2)", "x + 1", True, 3, 0.5, (1, 2), 12.5, {"1": 2},
        2.0, (1, 2), frozenset({3, 4}), None, frozenset({1, 2}),
        Fraction("0.1000000000000000000001"),
    )  # fmt: skip


def test_programs_do_the_same_every_time(sandbox: Sandbox) -> None:
    source = """
        import random, numpy
        def solution():
            return [random.random(), float(numpy.random.rand()), list({"a", "b", "c", "d"})]
    """
    assert len({str(sandbox.answer(source)) for _ in range(6)}) == 1


def test_a_small_file_limit_does_not_cut_answers(sandbox: Sandbox) -> None:
    assert sandbox.answer("def solution(): return 'x' * 50_000", file_bytes=10) == "x" * 50_000
    source = "def solution():\n    with open('f', 'w') as file: file.write('x' * 11)"
    outcome = sandbox.run(source, file_bytes=10)
    assert "File too large" in outcome.evidence["error"]


@pytest.mark.parametrize("early", [True, False], ids=["before it is sent", "while it runs"])
def test_where_no_file_can_be_opened_a_job_ends_with_an_error_and_the_pool_lives(
    sandbox: Sandbox, early: bool
) -> None:
    assert sandbox.answer(ANSWER) == 42
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def run() -> None:
        job = RunProgram(ANSWER if early else SLEEP.format(0.5))
        work = asyncio.ensure_future(sandbox.pool.run(job, Limits()))
        if not early:
            await asyncio.sleep(0.2)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
            with pytest.raises(BackendError, match="Too many open files") as caught:
                await work
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert "ulimit" in caught.value.hint

    asyncio.run(run())
    assert sandbox.answer(ANSWER) == 42


# ------------------------------------------------------------------- calls


def test_own_functions_are_called_in_isolation(sandbox: Sandbox) -> None:
    equal = "neurosym.answers.symbolic:equal"
    assert sandbox.call(equal, "\\frac{1}{2}", "1/2").answer is True
    assert sandbox.call(equal, "x + x", "3*x").answer is False


def test_endless_input_of_a_call_is_ended(sandbox: Sandbox) -> None:
    outcome = sandbox.call("neurosym.answers.symbolic:equal", "9**9**9**9", "1", seconds=0.5)
    assert outcome.status is Status.TIMEOUT


def test_hostile_input_of_a_call_gets_nowhere(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("1")
    for text in (f"open('{secret}').read()", "__import__('os').system('true')", "exit()"):
        outcome = sandbox.call("neurosym.answers.symbolic:equal", text, "1")
        assert outcome.answer in {None, False}


@pytest.mark.parametrize("target", ["os:getcwd", "builtins:exec", "neurosymevil:f", ":f", ""])
def test_only_own_functions_can_be_called(sandbox: Sandbox, target: str) -> None:
    outcome = sandbox.call(target)
    assert outcome.status is Status.FAILED
    assert "is not a module of neurosym" in outcome.evidence["error"]


# ------------------------------------------------------------------- life and death


def run_in(pool: Pool, source: str, **limits: float) -> Outcome:
    return Sandbox(pool).run(source, **limits)


@pytest.fixture
def pool() -> object:
    with contextlib.closing(Pool(workers=1)) as pool:
        yield pool


def _kill_zygotes(pool: Pool, wait: float = 0.0) -> None:
    time.sleep(wait)
    for pid in Sandbox(pool).zygotes():
        os.kill(pid, signal.SIGKILL)


def test_jobs_of_a_zygote_that_is_killed_run_again(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    with ThreadPoolExecutor(8) as threads:
        jobs = [threads.submit(run_in, pool, SLEEP.format(0.7)) for _ in range(8)]
        _kill_zygotes(pool, 0.3)
        assert [job.result(20).answer for job in jobs] == [1] * 8


def test_a_job_whose_zygote_is_killed_twice_is_an_error_and_the_pool_recovers(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    with ThreadPoolExecutor() as threads:
        job = threads.submit(run_in, pool, SLEEP.format(30), seconds=60)
        first = Sandbox(pool).zygotes()
        _kill_zygotes(pool, 0.3)
        assert wait_until(lambda: Sandbox(pool).zygotes() not in ([], first))
        _kill_zygotes(pool, 0.3)
        with pytest.raises(BackendError, match="broke twice"):
            job.result(20)
    assert run_in(pool, ANSWER).answer == 42


def test_the_inner_process_of_a_zygote_can_be_killed_as_well(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    for pid in descendants(Sandbox(pool).zygotes()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert run_in(pool, ANSWER).answer == 42


def test_waiting_children_that_are_killed_cost_nothing(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    [outer] = Sandbox(pool).zygotes()
    [inner] = [pid for pid in _children(outer) if _parent(pid) == outer]
    assert wait_until(lambda: len(_children(inner)) == 2)
    waiting = _children(inner)
    for pid in waiting:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not any(map(is_alive, waiting)))
    for _ in range(3):
        assert run_in(pool, ANSWER).answer == 42
    assert Sandbox(pool).zygotes() == [outer]


def test_children_that_are_killed_while_they_put_on_their_layers_cost_nothing(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    [outer] = Sandbox(pool).zygotes()
    [inner] = [pid for pid in _children(outer) if _parent(pid) == outer]
    for _ in range(30):
        assert wait_until(lambda: len(_children(inner)) > 0)
        waiting = _children(inner)  # the last has often only just been forked
        for pid in waiting:
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda waiting=waiting: not any(map(is_alive, waiting)))
        assert run_in(pool, ANSWER).answer == 42
    assert Sandbox(pool).zygotes() == [outer]


def test_a_child_that_dies_before_it_reads_its_job_does_not_break_its_zygote(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    before = Sandbox(pool).zygotes()
    for seconds in (1e-9, 1e-6, 1e-4, 2e-4, 5e-4, 1e-3):
        for _ in range(5):
            assert run_in(pool, ANSWER, seconds=seconds).status in {Status.TIMEOUT, Status.SOLVED}
    assert run_in(pool, ANSWER).answer == 42
    assert Sandbox(pool).zygotes() == before


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _children(pid: int) -> set[int]:
    return descendants([pid]) - {pid}


def test_closing_ends_running_and_waiting_jobs(pool: Pool) -> None:
    assert run_in(pool, ANSWER).answer == 42
    started = Sandbox(pool).zygotes()
    everything = descendants(started)
    with ThreadPoolExecutor(12) as threads:
        jobs = [threads.submit(run_in, pool, SLEEP.format(50), seconds=60) for _ in range(12)]
        time.sleep(0.3)
        everything |= descendants(started)
        begin = time.monotonic()
        pool.close()
        for job in jobs:
            with pytest.raises(BackendError, match="closed"):
                job.result(10)
        assert time.monotonic() - begin < 5
    assert wait_until(lambda: not any(map(is_alive, everything)))


def test_a_closed_pool_says_so_and_may_be_closed_again(pool: Pool) -> None:
    pool.close()
    pool.close()
    with pytest.raises(BackendError, match="closed"):
        run_in(pool, ANSWER)


def test_closing_while_it_starts_leaves_nothing(pool: Pool) -> None:
    others = _children(os.getpid())
    with ThreadPoolExecutor() as threads:
        job = threads.submit(run_in, pool, ANSWER)
        time.sleep(0.2)
        pool.close()
        with contextlib.suppress(BackendError):
            job.result(20)
    assert Sandbox(pool).zygotes() == []
    assert wait_until(lambda: not any(map(is_alive, _children(os.getpid()) - others)))


def test_a_cancelled_task_does_not_disturb_others(pool: Pool) -> None:
    async def both() -> Outcome:
        slow = [
            asyncio.create_task(pool.run(RunProgram(SLEEP.format(3)), Limits())) for _ in range(9)
        ]
        await asyncio.sleep(0.5)
        for task in slow:
            task.cancel()
        results = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        return await pool.run(RunProgram(ANSWER), Limits())

    assert asyncio.run(both()).answer == 42


def test_threads_and_event_loops_share_a_pool(pool: Pool) -> None:
    async def several(name: int) -> list[object]:
        jobs = [RunProgram(f"def solution(): return {name * 100 + i}") for i in range(10)]
        return [outcome.answer for outcome in await asyncio.gather(
            *(pool.run(job, Limits()) for job in jobs))]  # fmt: skip

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda name: asyncio.run(several(name)), range(4)))
    assert found == [[name * 100 + i for i in range(10)] for name in range(4)]


def test_large_jobs_and_large_answers_at_once_do_not_block_each_other() -> None:
    source = f"# {'x' * 190_000}\ndef solution():\n    print('y' * 10**6)\n    return 'z' * 99_000"
    with contextlib.closing(Pool(workers=2)) as pool, ThreadPoolExecutor(24) as threads:
        jobs = [
            threads.submit(run_in, pool, source, output_bytes=10**6, file_bytes=2 * 10**6)
            for _ in range(48)
        ]
        assert {len(job.result(60).answer) for job in jobs} == {99_000}  # type: ignore[arg-type]


OWNER = """
import asyncio, sys
from neurosym.backends.base import Limits
from neurosym.backends.pool import Pool, RunProgram
async def main():
    pool = Pool(workers=2)
    await pool.run(RunProgram("def solution(): return 1"), Limits())
    limits = Limits(seconds=60, cpu_seconds=60)
    jobs = [asyncio.create_task(pool.run(RunProgram(sys.argv[1]), limits)) for _ in range(8)]
    await asyncio.sleep(0.5)
    print("ready", flush=True)
    await asyncio.gather(*jobs)
asyncio.run(main())
"""


@pytest.mark.parametrize("work", ["while True: pass", "import time; time.sleep(60)"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_process_that_owns_the_pool(work: str, number: int) -> None:
    command = [sys.executable, "-c", OWNER, f"def solution():\n    {work}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": ROOT}
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        everything = descendants([owner.pid])
        assert len(everything) > 8
        owner.send_signal(number)
    assert wait_until(lambda: not any(map(is_alive, everything)))


# ------------------------------------------------------------------- leaks


def test_nothing_grows_over_two_thousand_programs() -> None:
    with contextlib.closing(Pool(workers=2)) as pool:
        _run_many(pool, 200)
        before = _size(pool)
        _run_many(pool, 2000)
        after = _size(pool)
    assert after[0] == before[0], "open files"
    assert after[1] < before[1] + 8 * 2**20, "memory of the pool's processes"
    assert after[2] <= before[2], "threads"


def _run_many(pool: Pool, count: int) -> None:
    async def many() -> None:
        room = asyncio.Semaphore(8)

        async def one(i: int) -> None:
            # Every tenth fails, so that the ways of failing are covered as well.
            source = f"def solution(): return {i} {'/ 0' if i % 10 == 0 else ''}"
            async with room:
                await pool.run(RunProgram(source), Limits())

        await asyncio.gather(*map(one, range(count)))

    asyncio.run(many())


def _size(pool: Pool) -> tuple[list[int], int, int]:
    time.sleep(1.0)  # children end, others get ready
    zygotes = Sandbox(pool).zygotes()
    # The zygotes themselves: outer and inner process. Children come and go.
    lasting = [pid for pid in sorted(descendants(zygotes)) if _children(pid)]
    files = [open_files(os.getpid()), *(open_files(pid) for pid in lasting)]
    return files, shared_memory(lasting), threading.active_count()


def test_a_default_pool_takes_less_than_400_megabytes() -> None:
    with contextlib.closing(Pool()) as pool:
        _run_many(pool, 50)
        asyncio.run(pool.run(Call("neurosym.answers.symbolic:equal", ("1", "2")), Limits()))
        time.sleep(0.5)
        groups = (pool._programs, pool._calls)
        pids = descendants(zygote.pid for group in groups for zygote in group._zygotes)
        assert len(pids) >= 3 * (pool.workers + 1)
        assert shared_memory(pids) < 400 * 2**20


def test_descriptors_with_high_numbers_do_not_reach_programs() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 6000:
        pytest.skip("too few descriptors are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (6000, hard))
    held = []
    try:
        held = [os.open(os.devnull, os.O_RDONLY) for _ in range(5000)]
        with contextlib.closing(Pool(workers=1)) as pool:
            found = run_in(
                pool,
                """
                import os
                def solution():
                    found = []
                    for fd in range(8000):
                        try:
                            os.fstat(fd)
                            found.append(fd)
                        except OSError:
                            pass
                    return found
                """,
            )
        assert found.answer == (0, 1, 2, 3)
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
