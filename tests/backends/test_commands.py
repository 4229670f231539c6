"""Programs other than Python's own runs: what they may do in the sandbox, and what they may not."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.backends.base import Limits
from neurosym.backends.commands import CommandPool
from neurosym.backends.sandbox.report import Report
from neurosym.errors import BackendError

PROGRAM = os.path.realpath(sys.executable)
"""An interpreter is a program that can try anything."""
LIMITS = Limits(seconds=20, cpu_seconds=20, memory_bytes=512 << 20)


@pytest.fixture(scope="module")
def commands() -> Iterator[CommandPool]:
    pool = CommandPool(PROGRAM, [str(Path(PROGRAM).parent)], environment={"GIVEN": "yes"})
    yield pool
    pool.close()


async def tried(pool: CommandPool, source: str, text: str = "", limits: Limits = LIMITS) -> Report:
    return await pool.run(["-I", "-c", textwrap.dedent(source)], text, limits)


async def test_text_goes_in_and_comes_out(commands: CommandPool) -> None:
    report = await tried(
        commands,
        """
        import os, sys
        print(sys.stdin.read()[::-1], os.environ["GIVEN"], sorted(os.environ))
        print("told", file=sys.stderr)
        sys.exit(3)
        """,
        "añ" * 3,
    )
    assert (report.exit, report.timed_out) == (3, False)
    assert report.stdout == "ñañaña yes ['GIVEN', 'HOME', 'LC_ALL']\n"
    assert report.stderr == "told\n"


async def test_a_long_input_is_read_whole(commands: CommandPool) -> None:
    report = await tried(commands, "import sys; print(len(sys.stdin.read()))", "x" * 5_000_000)
    assert report.stdout == "5000000\n"


async def test_it_knows_where_it_lies(commands: CommandPool) -> None:
    report = await tried(
        commands,
        "import os; print(*(os.readlink(f'/proc/{n}/exe') for n in ('self', os.getpid())))",
    )
    assert report.stdout == f"{PROGRAM} {PROGRAM}\n"


async def test_it_may_have_threads(commands: CommandPool) -> None:
    report = await tried(
        commands,
        """
        import threading
        found = []
        threads = [threading.Thread(target=found.append, args=(i,)) for i in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(sum(found))
        """,
    )
    assert report.stdout == "190\n"


@pytest.mark.parametrize(
    "attack",
    [
        "import os; os.fork()",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])",
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "open('/etc/passwd').read()",
        "import os; os.listdir('/home')",
        "open('/dev/urandom', 'wb')",
        "import sys; open(sys.executable, 'ab')",
        "import os; os.kill(1, 9)",
        "import os; os.mkdir('/proc/1')",
        "import os; open('/box/../evil', 'w')",
        "import os; os.setuid(0)",
        "import ctypes, os; l = ctypes.CDLL(None, use_errno=True)\n"
        "if l.ptrace(16, os.getppid(), 0, 0) < 0: raise OSError(ctypes.get_errno())",
        "import ctypes, os; l = ctypes.CDLL(None, use_errno=True)\n"
        "if l.unshare(0x10000000) < 0: raise OSError(ctypes.get_errno())",
    ],
)
async def test_it_reaches_nothing_of_others(commands: CommandPool, attack: str) -> None:
    report = await tried(commands, f"{attack}\nprint('done')")
    assert report.exit == 1, report
    assert "Error" in report.stderr
    assert "done" not in report.stdout


async def test_its_own_folder_ends_with_it(commands: CommandPool) -> None:
    wrote = await tried(commands, "open('left', 'w').write('x'); print(open('left').read())")
    assert wrote.stdout == "x\n"
    looked = await tried(commands, "import os; print(os.listdir('.'))")
    assert looked.stdout == "[]\n"


async def test_it_is_killed_at_its_limit(commands: CommandPool) -> None:
    limits = Limits(seconds=1, cpu_seconds=20, memory_bytes=LIMITS.memory_bytes)
    report = await tried(commands, "while True: pass", limits=limits)
    assert (report.timed_out, report.exit) == (True, -signal.SIGKILL)
    assert report.seconds < 10


async def test_memory_and_output_are_limited(commands: CommandPool) -> None:
    report = await tried(commands, "x = bytearray(2 << 30); print(len(x))")
    assert "MemoryError" in report.stderr
    report = await tried(commands, "print('x' * 200_000)")
    assert len(report.stdout) < LIMITS.output_bytes + 100


async def test_a_program_that_is_not_there_is_broken_machinery() -> None:
    pool = CommandPool("/no/such/program", [])
    with pytest.raises(BackendError, match="/no/such/program cannot be started"):
        await pool.run([], "", LIMITS)
    await pool.aclose()
    with pytest.raises(BackendError, match="closed"):
        await pool.run([], "", LIMITS)


async def test_a_program_can_be_talked_to(commands: CommandPool) -> None:
    source = "import sys\nfor line in sys.stdin: print(line.strip()[::-1])"
    talk = commands.converse(["-I", "-u", "-c", source], LIMITS)
    for word in (b"abc\n", b"de\n"):
        assert talk.say(word, 5)
        heard = b""
        while not heard.endswith(b"\n"):
            heard += talk.hear(10) or b""
        assert heard == word.strip()[::-1] + b"\n"
    assert talk.hear(0.05) is None, "it waits for more"
    report = talk.end()
    assert (report.exit, report.confined, report.stdout) == (-signal.SIGKILL, True, "")


async def test_a_program_that_ends_by_itself_ends_the_conversation(commands: CommandPool) -> None:
    talk = commands.converse(["-I", "-c", "import sys; sys.exit('enough')"], LIMITS)
    assert talk.hear(10) == b""
    assert not talk.say(b"more" * 100_000, 1)
    report = talk.end()
    assert (report.exit, report.stderr) == (1, "enough\n")


async def test_a_program_that_does_not_listen_is_killed(commands: CommandPool) -> None:
    talk = commands.converse(["-I", "-c", "while True: pass"], LIMITS)
    assert not talk.say(b"x" * 10_000_000, 0.3)
    assert talk.end().exit == -signal.SIGKILL


async def test_a_conversation_has_its_limits(commands: CommandPool) -> None:
    talk = commands.converse(["-I", "-c", "while True: pass"], replace(LIMITS, seconds=0.3))
    assert talk.hear(10) == b""
    assert talk.end().timed_out


async def test_who_is_talked_to_can_neither_listen_elsewhere_nor_connect(
    commands: CommandPool,
) -> None:
    source = """
    import socket
    unix, stream = socket.AF_UNIX, socket.SOCK_STREAM
    for attempt in (
        lambda: socket.socket(socket.AF_INET, stream),
        lambda: socket.socketpair(),
        lambda: socket.send_fds(socket.socket(unix, stream, fileno=0), [b"x"], [1]),
    ):
        try:
            attempt()
            print("done")
        except OSError as error:
            print(error.errno)
    """
    talk = commands.converse(["-I", "-c", textwrap.dedent(source)], LIMITS)
    heard = b""
    while more := talk.hear(10):
        heard += more
    talk.end()
    assert b"done" not in heard
    assert heard.count(b"1\n") == 3


def test_a_program_that_is_not_there_is_named_in_a_conversation() -> None:
    pool = CommandPool("/no/such/program", [])
    try:
        talk = pool.converse([], LIMITS)
        assert talk.hear(10) == b""
        with pytest.raises(BackendError, match="/no/such/program cannot be started"):
            talk.end()
    finally:
        pool.close()


def test_a_pool_that_closes_ends_its_conversations() -> None:
    pool = CommandPool(PROGRAM, [str(Path(PROGRAM).parent)])
    talk = pool.converse(["-I", "-c", "while True: pass"], LIMITS)
    pool.close()
    assert talk.hear(10) == b""
    with pytest.raises(BackendError):
        talk.end()
