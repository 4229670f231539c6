"""An append-only log from which a killed run goes on where it stopped.

One JSON object a line in ``DIR/log.jsonl``. The first line holds what the run depends on; each
further line holds one finished piece of work under its key. A line is written by one system call,
so a process killed in the middle of it leaves at most one torn line, at the end, which the next
start cuts off and says so.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from neurosym.errors import RunLogError

__all__ = ["SOLUTION", "RunLog", "WorkKey", "begun_with", "read_run"]

SOLUTION = "solution"
"""The stage whose record ends the work on a problem."""

_FORMAT = 3
_LOG = logging.getLogger("neurosym")


@dataclass(frozen=True, slots=True)
class WorkKey:
    """Names one finished piece of work.

    Attributes:
        problem: The problem's digest.
        stage: ``"sample"``, ``"candidate"``, ``"solution"``, … with whatever tells them apart.
        index: Place among the work of that stage.
    """

    problem: str
    stage: str
    index: int = 0


class RunLog:
    """The log of one run. Only one process may hold it; its threads may share it.

    Args:
        folder: The run directory; made if it is not there.
        depends_on: All that the results depend on: model digest, strategy, seed, versions.
            A log begun with anything else is refused, so that results are never mixed.

    Raises:
        RunLogError: The directory cannot be used, belongs to another run, or is in use.
    """

    def __init__(self, folder: Path, depends_on: Mapping[str, Any]) -> None:
        self.path = folder / "log.jsonl"
        self.repaired_bytes = 0
        """Bytes of a torn last line that were cut off at the start."""
        self._offsets: dict[str, dict[tuple[str, int], int]] = {}
        self._turn = threading.Lock()
        # What JSON makes of it is what a later start will read back and compare.
        header: dict[str, Any] = json.loads(json.dumps(dict(depends_on)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise RunLogError(
                f"the run directory {folder} cannot be used: {error.strerror}",
                hint="Name a directory that you may write to.",
            ) from error
        try:
            self._lock()
            self._read(header)
        except BaseException:
            os.close(self._fd)
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunLogError(
                f"another process is writing to {self.path}",
                hint="Wait for it to end, or name another run directory.",
            ) from error
        except OSError as error:
            raise RunLogError(
                f"{self.path} cannot be locked: {error.strerror}",
                hint="Name a run directory on a local disk.",
            ) from error

    def _read(self, header: dict[str, Any]) -> None:
        end = 0
        number = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    break
                self._index(number, line, end, header)
                end += len(line)
        size = os.fstat(self._fd).st_size
        if size > end:
            os.ftruncate(self._fd, end)
            self.repaired_bytes = size - end
            _LOG.warning(
                "%s ended in a torn line of %d bytes, which was cut off; its work is done again",
                self.path,
                self.repaired_bytes,
            )
        self._end = end
        if end == 0:
            self._append({"neurosym": _FORMAT, "depends_on": header})

    def _index(self, number: int, line: bytes, offset: int, header: dict[str, Any]) -> None:
        try:
            record = json.loads(line)
            if number == 1:
                _check_format(self.path, record)
                self._compare(record["depends_on"], header)
                return
            key = record["key"]
            self._remember(WorkKey(key[0], key[1], key[2]), offset)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise RunLogError(
                f"line {number} of {self.path} is damaged",
                hint="Name another run directory, or remove that line to redo its work.",
            ) from error

    def _compare(self, found: Mapping[str, Any], header: Mapping[str, Any]) -> None:
        changed = sorted(
            name for name in found.keys() | header.keys() if found.get(name) != header.get(name)
        )
        if changed:
            name, was, now = _difference(changed[0], found, header)
            raise RunLogError(
                f"{self.path} belongs to a run with another {', '.join(changed)} "
                f"({name} was {was!r}, is {now!r})",
                hint="Name another run directory, or start with the settings of that run.",
            )

    def get(self, key: WorkKey) -> Any | None:
        """The data stored under a key, ``None`` if that work is not done."""
        with self._turn:
            offset = self._offsets.get(key.problem, {}).get((key.stage, key.index))
            return None if offset is None else json.loads(self._line_at(offset))["data"]

    def _line_at(self, offset: int) -> bytes:
        self._check_open()
        line = bytearray()
        while not line.endswith(b"\n"):
            chunk = os.pread(self._fd, 65536, offset + len(line))
            if not chunk:
                raise RunLogError(
                    f"{self.path} was cut by another program while it was in use",
                    hint="Start the same command again; what is still there is not done again.",
                )
            end = chunk.find(b"\n")
            line += chunk if end < 0 else chunk[: end + 1]
        return bytes(line)

    def put(self, key: WorkKey, data: Any) -> None:
        """Store finished work. The line is handed to the system whole before this returns.

        Raises:
            RunLogError: It could not be written, because the disk is full for example. What was
                written before is kept.
        """
        record = {"key": [key.problem, key.stage, key.index], "data": data}
        with self._turn:
            self._check_open()
            offset = self._end
            self._append(record)
            self._remember(key, offset)

    def _check_open(self) -> None:
        if self._fd < 0:
            raise RunLogError(f"{self.path} is closed", hint="Make a new solver.")

    def _remember(self, key: WorkKey, offset: int) -> None:
        # Nothing before a solution is asked for again, so memory stays flat over many problems.
        if key.stage == SOLUTION or key.problem not in self._offsets:
            self._offsets[key.problem] = {}
        self._offsets[key.problem][key.stage, key.index] = offset

    def _append(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        written = 0
        try:
            while written < len(line):
                written += os.write(self._fd, line[written:])
        except OSError as error:
            os.ftruncate(self._fd, self._end)
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            raise RunLogError(
                f"{self.path} cannot be written: {error.strerror}",
                hint=(
                    "Free some disk space and start the same command again; it goes on from here."
                    if full
                    else "Start the same command again once the disk can be written."
                ),
            ) from error
        self._end += len(line)

    def close(self) -> None:
        """Write everything to the disk and let go of the directory. Safe to call twice."""
        with self._turn:
            if self._fd >= 0:
                os.fsync(self._fd)
                os.close(self._fd)
                self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _check_format(path: Path, header: Mapping[str, Any]) -> None:
    if header["neurosym"] != _FORMAT:
        raise RunLogError(
            f"{path} was written by another version of neurosym",
            hint="Name another run directory, or use that version.",
        )


def _difference(
    name: str, found: Mapping[str, Any], header: Mapping[str, Any]
) -> tuple[str, Any, Any]:
    """The first thing below a name that differs, with what it was and what it is."""
    was, now = found.get(name), header.get(name)
    if not (isinstance(was, Mapping) and isinstance(now, Mapping)):
        return name, was, now
    inner = next(key for key in sorted(was.keys() | now.keys()) if was.get(key) != now.get(key))
    path, was, now = _difference(inner, was, now)
    return f"{name}, {path}", was, now


def _header(path: Path, line: bytes) -> dict[str, Any]:
    """What a run depends on, by the first line of its log."""
    try:
        header = json.loads(line)
        _check_format(path, header)
        depends_on: dict[str, Any] = header["depends_on"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, 1) from error
    return depends_on


def _damaged(path: Path, number: int) -> RunLogError:
    return RunLogError(f"line {number} of {path} is damaged", hint="Name another run directory.")


def _unreadable(path: Path, error: OSError) -> RunLogError:
    return RunLogError(f"{path} cannot be read: {error.strerror}", hint="Name a run directory.")


def begun_with(folder: Path) -> dict[str, Any] | None:
    """What a run depends on, without taking hold of it; ``None`` where none has begun.

    Raises:
        RunLogError: Its log cannot be read, or is damaged.
    """
    path = folder / "log.jsonl"
    try:
        with path.open("rb") as file:
            line = file.readline()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    return _header(path, line) if line.endswith(b"\n") else None


def read_run(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a run depends on, and its solutions' data, without taking hold of the run.

    The solutions are found under the digests of their problems.

    A torn last line, which a run in progress or a killed one may have, is passed over.

    Raises:
        RunLogError: There is no log, or it is damaged.
    """
    path = folder / "log.jsonl"
    solutions = {}
    number = 1
    try:
        with path.open("rb") as file:
            depends_on = _header(path, file.readline())
            for line in file:
                number += 1
                if line.endswith(b"\n"):
                    record = json.loads(line)
                    problem, stage, _ = record["key"]
                    if stage == SOLUTION:
                        solutions[problem] = record["data"]
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise _damaged(path, number) from error
    return depends_on, solutions
