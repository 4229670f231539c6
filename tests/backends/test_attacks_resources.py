"""Programs that try to use up the machine, or to hold on to their place in the pool."""

from __future__ import annotations

import asyncio
import time

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.pool import RunProgram
from neurosym.status import Status
from tests.backends.helpers import Sandbox

ENDLESS = {
    "a loop": "while True: pass",
    "a loop that catches everything": """
        while True:
            try:
                while True: pass
            except BaseException:
                pass""",
    "a loop in C": "import itertools; sum(itertools.count())",
    "a huge power": "return 9**9**9",
    "a power of a power": "return 10**10**8 % 7",
    "a search in C": "return (1 << 10**9) in range(10**30)  or max(iter(int, 1))",
    "a regular expression": "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
    "a sort that never compares": """
        class Slow:
            def __lt__(self, other):
                while True: pass
        sorted([Slow(), Slow()])""",
    "sleep": "import time; time.sleep(1000)",
    "a read that blocks": "import select; select.select([], [], [])",
    "a futex nobody wakes": "import threading; threading.Event().wait()",
    "ignored signals": """
        import signal
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True: pass""",
    "blocked signals": """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True: pass""",
    "symbolic work": "from sympy import factorint; return factorint(2**1277 - 1)",
    "a slow answer": """
        class Slow(dict):
            pass
        import fractions, sympy
        class Endless(sympy.Expr):
            def __eq__(self, other):
                while True: pass
            __hash__ = None
        Endless.__module__ = 'sympy'
        return Endless()""",
}  # fmt: skip


def function(body: str) -> str:
    """A program of one function."""
    lines = body.splitlines() if "\n" in body else [f"        {body}"]
    return "def solution():\n" + "\n".join(line[4:] for line in lines)


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_has_no_end_is_ended_at_its_time_limit(attacked: Sandbox, body: str) -> None:
    outcome = attacked.run(function(body), seconds=0.5)
    assert outcome.status is Status.TIMEOUT
    assert outcome.evidence["error"] == "the program took more than its 0.5 seconds"
    assert 0.5 <= outcome.seconds < 3


def test_ignoring_the_signal_of_the_processor_limit_gains_one_second(attacked: Sandbox) -> None:
    outcome = attacked.run(function(ENDLESS["ignored signals"]), seconds=60, cpu_seconds=1)
    assert outcome.status is Status.TIMEOUT
    assert outcome.evidence["error"].endswith("1 seconds of processor time")


HUNGRY = {
    "one block": "return len(bytearray(10**11))",
    "many lists": "x = []\n        while True: x.append([0] * 10_000)",
    "a doubling text": "x = 'a'\n        while True: x += x",
    "a list kept by a module": "import sys; sys.x = []\n        while True: sys.x.append([0] * 99)",
    "small objects": "x = []\n        while True: x.append({})",
    "a comprehension": "return [[i] * 1000 for i in range(10**9)]",
    "numpy": "import numpy; return float(numpy.ones((10**5, 10**5)).sum())",
}


@pytest.mark.parametrize("body", HUNGRY.values(), ids=HUNGRY.keys())
def test_what_takes_too_much_memory_is_stopped(attacked: Sandbox, body: str) -> None:
    outcome = attacked.run(function("\n        " + body), memory_bytes=64 * 2**20)
    assert outcome.status in {Status.OUT_OF_MEMORY, Status.FAILED}
    if outcome.status is Status.FAILED:  # NumPy raises an error of its own kind
        assert "MemoryError" in outcome.evidence["error"]
    assert outcome.memory_bytes < 250 * 2**20


def test_memory_that_no_file_or_object_shows_is_limited_too(attacked: Sandbox) -> None:
    outcome = attacked.run("""
        import mmap
        def solution():
            maps = []
            while True:
                maps.append(mmap.mmap(-1, 2**24))
                maps[-1].write(bytes(2**24))
    """)
    assert outcome.status in {Status.OUT_OF_MEMORY, Status.FAILED}
    assert outcome.memory_bytes < 400 * 2**20


@pytest.mark.parametrize(
    "body",
    ["return str(10**5000)", "return str(10**10**6)", "return f'{1 << 10**8}'",
     "return int('9' * 10**6)", "return 10**10**6", "return [10**99_000] * 100",
     "return 'a' * 10**7", "return ['a'] * 10**6", "return {str(i): i for i in range(10**5)}"],
)  # fmt: skip
def test_a_huge_number_or_text_is_no_answer(attacked: Sandbox, body: str) -> None:
    outcome = attacked.run(function(body))
    assert outcome.status is Status.FAILED
    assert outcome.answer is None
    assert "too large" in outcome.evidence["error"] or "digits" in outcome.evidence["error"]


BOTTOMLESS = {
    "calls": """
        f = lambda: f()
        f()""",
    "a deep list": """
        x = []
        for _ in range(10**5): x = [x]
        return x""",
    "a list in itself": """
        x = []
        x.append(x)
        return x""",
    "brackets": """
        return eval('(' * 10**5 + ')' * 10**5)""",
    "signs": """
        return eval('-' * 10**5 + '1')""",
    "attributes": """
        class A:
            def __getattr__(self, name): return getattr(self, name)
        return A().x""",
}


@pytest.mark.parametrize("limit", ["pass", "import sys; sys.setrecursionlimit(10**9)"])
@pytest.mark.parametrize("body", BOTTOMLESS.values(), ids=BOTTOMLESS.keys())
def test_recursion_without_end_ends(attacked: Sandbox, body: str, limit: str) -> None:
    outcome = attacked.run(function(f"\n        {limit}{body}"), seconds=1)
    assert outcome.status in {Status.FAILED, Status.OUT_OF_MEMORY, Status.TIMEOUT}


def test_endless_output_is_cut(attacked: Sandbox) -> None:
    for stream in ("stdout", "stderr"):
        outcome = attacked.run(
            f"""
            import sys
            def solution():
                while True:
                    sys.{stream}.write("x" * 10_000)
            """,
            seconds=2,
            output_bytes=1000,
        )
        assert outcome.status is Status.FAILED
        assert "File too large" in outcome.evidence["error"]
        assert outcome.evidence[stream].startswith("x" * 1000)
        assert len(outcome.evidence[stream]) < 1100
        assert "1048576 bytes in all" in outcome.evidence[stream]


@pytest.mark.parametrize("fd", [1, 2, 3])
def test_memory_files_cannot_be_made_to_grow(attacked: Sandbox, fd: int) -> None:
    found = attacked.answer(f"""
        import mmap, os, resource
        def solution():
            refused = 0
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            for grow in (
                lambda: os.ftruncate({fd}, 2**40),
                lambda: os.pwrite({fd}, b"x", 2**32),
                lambda: os.pwritev({fd}, [b"x"], 2**32),
                lambda: os.posix_fallocate({fd}, 0, 2**32),
                lambda: mmap.mmap({fd}, 2**24),
            ):
                try:
                    grow()
                except (OSError, ValueError):
                    refused += 1
            return refused, hard
    """)
    assert found == (5, 2**20)


def test_its_folder_holds_a_few_megabytes_and_files_and_is_gone_with_it(attacked: Sandbox) -> None:
    bytes_held, files_held, largest = attacked.answer(  # type: ignore[misc]
        """
        import os
        def fill(size, name):
            held = 0
            for i in range(5000):
                try:
                    with open(f"{name}{i}", "wb") as file:
                        file.write(bytes(size))
                    held += 1
                except OSError:
                    break
            return held
        def solution():
            try:
                with open("big", "wb") as file:
                    for _ in range(100):
                        file.write(bytes(2**16))
            except OSError:
                pass
            largest = os.path.getsize("big")
            os.remove("big")
            held = fill(2**19, "f")
            for name in os.listdir("."):
                os.remove(name)
            return held * 2**19, fill(0, "e"), largest
        """
    )
    assert 4 * 2**20 < bytes_held <= 8 * 2**20
    assert files_held < 1024
    assert largest <= 2**20
    assert attacked.answer("import os\ndef solution(): return os.listdir('.')") == ()


def test_open_files_run_out_only_for_itself(attacked: Sandbox) -> None:
    opened = attacked.answer("""
        import os
        def solution():
            opened = []
            try:
                while True:
                    opened.append(os.open("x", os.O_CREAT))
            except OSError:
                return len(opened)
    """)
    assert opened < 64  # type: ignore[operator]


LINGERING = {
    "a finalizer": """
        class Slow:
            def __del__(self):
                import time
                time.sleep(60)
        global kept
        kept = Slow()""",
    "an exit handler": "import atexit, time; atexit.register(time.sleep, 60)",
    "an exit handler of threading": """
        import threading, time
        threading._register_atexit(time.sleep, 60)""",
    "a weak reference's callback": """
        import time, weakref
        class A: pass
        global kept
        kept = A()
        weakref.finalize(kept, time.sleep, 60)""",
}


@pytest.mark.parametrize("body", LINGERING.values(), ids=LINGERING.keys())
def test_nothing_runs_after_the_answer(attacked: Sandbox, body: str) -> None:
    lines = body if "\n" in body else f"\n        {body}"
    outcome = attacked.run(function(f"{lines}\n        return 1"), seconds=4)
    assert (outcome.status, outcome.answer) == (Status.SOLVED, 1)
    assert outcome.seconds < 3


def test_many_attackers_at_once_do_not_keep_an_honest_program_waiting(sandbox: Sandbox) -> None:
    async def both() -> float:
        bombs = [
            asyncio.create_task(sandbox.pool.run(RunProgram(function(body)), Limits(seconds=3)))
            for body in ("import time; time.sleep(60)",) * 3
        ]
        await asyncio.sleep(0.1)
        begin = time.monotonic()
        outcome = await sandbox.pool.run(RunProgram(function("return 1")), Limits())
        taken = time.monotonic() - begin
        assert outcome.answer == 1
        assert {(await bomb).status for bomb in bombs} == {Status.TIMEOUT}
        return taken

    assert asyncio.run(both()) < 2
