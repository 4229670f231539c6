"""The data that LeanDojo extracts: its corpus of premises, and theorems with the premises they use.

The corpus is a file ``corpus.jsonl`` with one source file a line; theorems are in JSON lists such
as ``random/val.json``. See Yang et al., LeanDojo (2023, arXiv:2306.15626), section 4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.backends.lean.messages import Position
from neurosym.retrieval.premises import Corpus, Premise, SourceFile
from neurosym.retrieval.records import Record, read_array, read_lines

__all__ = ["TracedTactic", "TracedTheorem", "UsedPremise", "read_corpus", "read_theorems"]

_PACKAGE = re.compile(r"^(?:\.lake|lake-packages)/(?:packages/)?[^/]+/(?:src/lean/)?")
"""What stands before the path of a file that comes from a package or from Lean itself."""


@dataclass(frozen=True, slots=True)
class UsedPremise:
    """A premise that a tactic names.

    Attributes:
        name: Its full name.
        path: The file it is declared in.
        position: Where its name stands in that declaration.
    """

    name: str
    path: str
    position: Position


@dataclass(frozen=True, slots=True)
class TracedTactic:
    """A tactic of a proof.

    Attributes:
        tactic: Its text.
        state_before: The goals it was applied to, as Lean prints them.
        state_after: The goals it left.
        used: The premises it names, in order; one may come more than once.
    """

    tactic: str
    state_before: str
    state_after: str
    used: tuple[UsedPremise, ...]


@dataclass(frozen=True, slots=True)
class TracedTheorem:
    """A theorem with its proof.

    Attributes:
        name: Its full name.
        path: The file it stands in.
        start: Where it begins.
        tactics: Those of its proof; none where it has no proof by tactics.
    """

    name: str
    path: str
    start: Position
    tactics: tuple[TracedTactic, ...]


def read_corpus(path: Path) -> Corpus:
    """Read ``corpus.jsonl``.

    Declarations that LeanDojo could not name or whose text it lost are left out, as ReProver does.

    Raises:
        InputError: The file cannot be read, a line is none of a corpus, or see
            :class:`neurosym.retrieval.premises.Corpus`.
    """
    return Corpus(map(_file, read_lines(path)))


def read_theorems(path: Path) -> list[TracedTheorem]:
    """Read a list of theorems, such as ``random/val.json``.

    Raises:
        InputError: The file cannot be read, or is no such list.
    """
    return [_theorem(record) for record in read_array(path, "theorem")]


def _file(record: Record) -> SourceFile:
    path = record.text("path")
    module = _PACKAGE.sub("", path).removesuffix(".lean").replace("/", ".")
    premises = (_premise(item, path) for item in record.records("premises"))
    known = tuple(premise for premise in premises if premise is not None)
    return SourceFile(path, module, record.texts("imports"), known)


def _premise(record: Record, path: str) -> Premise | None:
    if record.data.get("full_name") is None:
        return None
    name, code = record.text("full_name"), record.text("code")
    start, end = _position(record, "start"), _position(record, "end")
    if end < start:
        raise record.fault("it ends before it begins")
    # Names that were made up for anonymous declarations, and lists of names of mutual ones.
    if not code or "user__.n" in name or (name.startswith("[") and name.endswith("]")):
        return None
    return Premise(name, code, path, start, end, record.text("kind", ""))


def _theorem(record: Record) -> TracedTheorem:
    return TracedTheorem(
        record.text("full_name"),
        record.text("file_path"),
        _position(record, "start"),
        tuple(map(_tactic, record.records("traced_tactics"))),
    )


def _tactic(record: Record) -> TracedTactic:
    annotated = record.items("annotated_tactic")
    if len(annotated) != 2 or not isinstance(annotated[1], list):
        raise record.fault('under "annotated_tactic" there is no text with a list of premises')
    return TracedTactic(
        record.text("tactic"),
        record.text("state_before"),
        record.text("state_after"),
        tuple(_used(item, record, number) for number, item in enumerate(annotated[1], 1)),
    )


def _used(data: Any, tactic: Record, number: int) -> UsedPremise:
    record = Record.of(data, f"{tactic.place}, premise {number}")
    return UsedPremise(
        record.text("full_name"), record.text("def_path"), _position(record, "def_pos")
    )


def _position(record: Record, name: str) -> Position:
    """A pair of line and column, both of which LeanDojo counts from 1."""
    line, column = record.pair(name)
    return Position(line, column - 1)
