"""What a dead child left, read on the pool's side. Every byte of it may be an attack.

The zygote says how the child ended, which is the truth. The result file is what the child says; a
program shares the child's memory, so it can write there whatever it likes. Hence nothing is taken
from it that a program could not have had by returning it or raising it.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from neurosym.backends.base import Limits
from neurosym.backends.sandbox import wire
from neurosym.backends.sandbox.child import MAX_ERROR, MAX_RESULT, MAX_TRACEBACK
from neurosym.status import Status
from neurosym.values import MAX_ITEMS, MAX_TEXT, Value, decode, encode

__all__ = ["Report", "Result", "how_it_ended", "ran_out_of_cpu", "read_report"]

_CLAIMS = frozenset({Status.SOLVED, Status.FAILED, Status.OUT_OF_MEMORY})
"""How a program can end by itself. Anything else is for others to say."""
_MAX_PARTS = 9 * MAX_ITEMS
"""Parts of JSON data that make one value of the most items, all of them long fractions."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a child says it found: a status, and an answer or what went wrong."""

    status: Status
    answer: Value = None
    error: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How a child ended and what it left.

    Attributes:
        confined: Whether it had put on its layers before it got its job.
        exit: Its exit code, negative for a signal.
        timed_out: Whether the zygote killed it at its time limit.
        seconds: Wall time from getting its job to its death.
        cpu_seconds: Processor time.
        memory_bytes: Peak resident memory.
        stdout: What it printed, cut at the limit.
        stderr: The same of standard error.
        result: What it says it found, ``None`` where it left nothing that can be read.
    """

    confined: bool
    exit: int
    timed_out: bool
    seconds: float
    cpu_seconds: float
    memory_bytes: int
    stdout: str
    stderr: str
    result: Result | None


def read_report(message: dict[str, Any], files: Sequence[int], output_bytes: int) -> Report:
    """Read a zygote's message and the memory files that came with it, and close those.

    Args:
        message: How the child ended.
        files: Its standard output, standard error, and result.
        output_bytes: How much to keep of each of the first two.
    """
    try:
        stdout, stderr, result = files
        token = message["token"]
        return Report(
            **{name: found for name, found in message.items() if name not in ("id", "token")},
            stdout=_text(stdout, output_bytes),
            stderr=_text(stderr, output_bytes),
            result=_result(result, token),
        )
    finally:
        for fd in files:
            os.close(fd)


def _text(fd: int, limit: int) -> str:
    size = os.fstat(fd).st_size
    text = wire.read_file(fd, limit).decode(errors="replace")
    return text if size <= limit else f"{text}… ({size} bytes in all)"


def _result(fd: int, token: str) -> Result | None:
    data = wire.read_file(fd, MAX_RESULT + 1)
    if len(data) > MAX_RESULT:
        return None
    try:
        found = json.loads(data)
        if not isinstance(found, dict) or found.pop("token", None) != token:
            return None
        status = Status(found["status"])
        if status not in _CLAIMS:
            return None
        if status is Status.SOLVED:
            return Result(status, _answer(found["answer"]))
        error, traceback = (_printable(found.get(name, "")) for name in ("error", "traceback"))
        return Result(status, None, error[:MAX_ERROR], traceback[:MAX_TRACEBACK])
    except Exception:  # of any kind: the program chose every byte of this
        return None


def _answer(data: Any) -> Value:
    """Decode an answer that could have been encoded, and nothing else.

    Raises:
        TypeError: It could not, or it is over one of the caps.
        ValueError: The same.
    """
    # Before anything is made of them: the arithmetic of huge fractions takes very long.
    for count, part in enumerate(_parts(data)):
        if count > _MAX_PARTS or (isinstance(part, str) and len(part) > MAX_TEXT):
            raise ValueError("it is too large")
    answer = decode(data)
    written = encode(answer)
    json.dumps(written, ensure_ascii=False).encode()  # halves of surrogate pairs are no text
    return answer


def _parts(data: Any) -> Iterator[Any]:
    """All that JSON data consists of, keys included."""
    yield data
    if isinstance(data, dict):
        for key, item in data.items():
            yield key
            yield from _parts(item)
    elif isinstance(data, list):
        for item in data:
            yield from _parts(item)


def _printable(text: object) -> str:
    return text.encode(errors="replace").decode() if isinstance(text, str) else ""


def ran_out_of_cpu(report: Report, limits: Limits) -> bool:
    """Whether a child was ended since its processor time was over."""
    # The signal can be ignored; what kills it a second later looks like any other kill.
    is_over = report.exit == -signal.SIGKILL and report.cpu_seconds >= limits.cpu_seconds
    return report.exit == -signal.SIGXCPU or is_over


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code < 0:
        known = {number.value: number.name for number in signal.Signals}
        return f"the program was killed by {known.get(-code, f'signal {-code}')}"
    if code > 0:
        return f"the program ended its process with code {code}"
    return "the program left a result that is no answer"
