"""Theorems of a data set in Lean, as its editions write them down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import FormulaError, InputError
from neurosym.formal.lean.theorem import Theorem, read_theorem

__all__ = ["Benchmark", "Corpus", "Edition", "Item", "read"]


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition of a data set calls its parts; dots lead into parts of parts.

    Attributes:
        id: A theorem's name.
        header: What its file begins with.
        statement: The theorem, with or without ``sorry`` at its end.
        informal: Its proof in words, if there is one.
    """

    id: str
    header: str
    statement: str
    informal: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A data set.

    Attributes:
        name: Its name.
        editions: Those that can be read.
        published: What others have reached, by the part of the set and by whom.
    """

    name: str
    editions: tuple[Edition, ...]
    published: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Item:
    """One theorem; its id is its own in the whole file."""

    id: str
    theorem: Theorem
    informal: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The theorems of a file, or of a part of it.

    Attributes:
        items: Those that could be read.
        unreadable: Why others could not be, by id; they count as not proved.
        split: Which part of the data set it is.
    """

    items: tuple[Item, ...]
    unreadable: Mapping[str, str]
    split: str


def read(
    path: Path,
    benchmark: Benchmark,
    split: str | None = None,
    skip: int = 0,
    take: int | None = None,
) -> Corpus:
    """Read a file of theorems, one JSON object a line.

    Args:
        path: The file.
        benchmark: The data set it is of.
        split: The part of the set to take; ``None`` takes all that is in the file, which is the
            part that the file is called after.
        skip: How many of these to leave out.
        take: How many of the rest to take; ``None`` is all.

    Raises:
        InputError: The file or a line cannot be read as the data set, or no theorem is left.
    """
    items: list[Item] = []
    unreadable: dict[str, str] = {}
    seen: Counter[str] = Counter()
    chosen = []
    for number, row in _rows(path):
        edition = _edition(row, benchmark, f"{path.name}, line {number}")
        name = str(_part(row, edition.id))
        seen[name] += 1
        if split is None or row.get("split") == split:
            chosen.append((f"{name}-{seen[name]}" if seen[name] > 1 else name, row, edition))
    for name, row, edition in chosen[skip:][:take]:
        text = f"{_part(row, edition.header)}\n\n{_completed(str(_part(row, edition.statement)))}\n"
        try:
            theorem = read_theorem(text).with_proof(None)
        except FormulaError as error:
            unreadable[name] = error.problem
        else:
            items.append(Item(name, theorem, str(_part(row, edition.informal) or "")))
    if not items:
        raise InputError(
            f"{path.name} has no theorem that is left to measure",
            hint="Give another --split, or skip fewer.",
        )
    return Corpus(tuple(items), unreadable, split or path.stem)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", hint="Give a JSONL file.") from error
    # Other line separators may stand inside a JSON text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(
                f"{path.name}, line {number}: {error}", hint="Give one JSON object a line."
            ) from error
        yield number, row if isinstance(row, dict) else {}


def _edition(row: Mapping[str, Any], benchmark: Benchmark, place: str) -> Edition:
    for edition in benchmark.editions:
        parts = (edition.id, edition.header, edition.statement)
        if all(isinstance(_part(row, part), str) for part in parts):
            return edition
    wanted = " or ".join(f"{item.header}, {item.statement}" for item in benchmark.editions)
    raise InputError(f"{place}: this is no theorem of {benchmark.name}", hint=f"Give {wanted}.")


def _part(row: Any, path: str) -> Any:
    for key in path.split("."):
        row = row.get(key) if isinstance(row, dict) else None
    return row


def _completed(statement: str) -> str:
    """A statement that ends in ``sorry``, whether or not the data end it so."""
    begun = statement.rstrip().removesuffix("sorry").rstrip()
    if begun.endswith((":= by", ":=")):
        return f"{begun} sorry"
    return f"{begun} := by sorry"
