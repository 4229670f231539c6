"""Problems from a file: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from neurosym.answers.options import split_options
from neurosym.errors import ProblemError
from neurosym.kinds import detect_kind
from neurosym.problem import Kind, Problem
from neurosym.values import Value, decode

__all__ = ["BadLine", "LabelledProblem", "count_problems", "parse_problem", "read_problems"]

MAX_LINE_BYTES = 10 * 2**20
"""A longer line is refused before it is read into memory whole."""
_CHUNK_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no problem: its number from 1, and what is wrong with it."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class LabelledProblem:
    """A problem, and the JSON data that came with it as its answer, ``None`` where none did."""

    problem: Problem
    data: Any

    @property
    def answer(self) -> Value:
        """The right answer.

        Raises:
            ProblemError: The data is no answer.
        """
        try:
            return decode(self.data)
        except ValueError as error:
            raise ProblemError(
                f"the answer of problem {self.problem.id!r} cannot be read: {error}",
                hint="Give a number, a text, or a list of such.",
            ) from error


def read_problems(path: Path) -> Iterator[LabelledProblem | BadLine]:
    """Read a JSONL file lazily. A bad line is named and the rest goes on; blank lines are passed.

    Raises:
        ProblemError: The file cannot be opened, is a pipe, or no text at all.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise ProblemError(
            f"{path} cannot be read: {error.strerror}", hint="Name a readable JSONL file."
        ) from error
    with file:
        if not file.seekable():  # it is read twice
            raise ProblemError(
                f"{path} is a pipe", hint="Give it on standard input: neurosym solve - < PIPE."
            )
        # Binary data has NUL bytes early on; UTF-8 text has none.
        if b"\x00" in file.read(8192):
            raise ProblemError(
                f"{path} is a binary file, not JSONL",
                hint='Give a text file with one {"question": "…"} object a line.',
            )
        file.seek(0)
        for number, line in _lines(file):
            if len(line) > MAX_LINE_BYTES:
                yield BadLine(number, f"the line is longer than {MAX_LINE_BYTES} bytes")
            else:
                yield _read_line(line, number)


def count_problems(path: Path) -> int:
    """The lines of a file that are not blank, so as many as :func:`read_problems` yields.

    Raises:
        ProblemError: As :func:`read_problems`.
    """
    next(read_problems(path), None)
    with path.open("rb") as file:
        return sum(1 for _ in _lines(file))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank with their numbers; of one that is too long, only the beginning."""
    number = 0
    # Lines end at "\n" alone: other line separators may stand inside a JSON text.
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line


def _read_line(line: bytes, number: int) -> LabelledProblem | BadLine:
    try:
        data = json.loads(line)
    except UnicodeDecodeError:
        return BadLine(number, "it is not UTF-8 text")
    except json.JSONDecodeError as error:
        return BadLine(number, f"it is not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return BadLine(number, "its JSON is nested too deeply")
    except ValueError:
        return BadLine(number, "it holds a number of more digits than Python reads")
    try:
        problem = parse_problem(data, default_id=f"line-{number}")
    except ProblemError as error:
        return BadLine(number, str(error))
    return LabelledProblem(problem, data.get("answer"))


_KNOWN_AS = {"milp": "optimization", "lp": "optimization", "lean": "theorem"}
"""Other names of kinds, as collections have them."""


def parse_problem(data: Any, *, default_id: str) -> Problem:
    """One problem from JSON data.

    Its fields are ``question``, and optionally ``id``, ``kind``, ``context`` and ``choices`` (also
    found in ``extra``, or at the end of the question). A kind that is not given is found (see
    :mod:`neurosym.kinds`).

    Raises:
        ProblemError: A field is missing or has the wrong type.
    """
    if not isinstance(data, dict):
        raise ProblemError("it is not a JSON object", hint='Give {"question": "…"}.')
    data = {name: item for name, item in data.items() if item is not None}
    question = data.get("question")
    if not isinstance(question, str):
        raise ProblemError('it has no text under "question"', hint='Give {"question": "…"}.')
    extra = data.get("extra")
    choices = data.get("choices", extra.get("choices") if isinstance(extra, dict) else None)
    if choices is None:
        question, choices = split_options(question)
    if not isinstance(choices, list | tuple) or not all(isinstance(c, str) for c in choices):
        raise ProblemError('"choices" is not a list of texts', hint='Give ["A) 1", "B) 2"].')
    kind = data.get("kind", detect_kind(question, choices))
    kind = _KNOWN_AS.get(kind, kind) if isinstance(kind, str) else kind
    if kind not in list(Kind):
        raise ProblemError(f"unknown kind {kind!r}", hint=f"Kinds are {', '.join(Kind)}.")
    context = data.get("context", "")
    if not isinstance(context, str):
        raise ProblemError('"context" is not a text', hint="Give a text, or leave it out.")
    return Problem(
        id=str(data.get("id", default_id)),
        question=question,
        kind=Kind(kind),
        choices=tuple(choices),
        context=context,
    )
