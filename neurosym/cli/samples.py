"""``neurosym samples``: records of samples as JSON lines, and back."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path

from neurosym.cli.arguments import write_text
from neurosym.engines.record import Record
from neurosym.errors import InputError, RecordError

__all__ = ["run_export", "run_import"]


def run_export(record: Path, out: Path) -> None:
    """Write the samples of a record.

    Raises:
        RecordError: It is none.
        InputError: The file cannot be written.
    """
    lines: list[str] = []
    drawn: Counter[bool] = Counter()
    with closing(Record(record, must_exist=True)) as kept:
        for data in kept.export():
            lines.append(json.dumps(data))
            drawn["completion" in data] += 1
    write_text(out, "".join(f"{line}\n" for line in lines), "OUT")
    print(f"{_counted(drawn)} written to {out}")


def run_import(lines: Path, record: Path) -> None:
    """Add the samples of a file to a record.

    Raises:
        InputError: The file cannot be read.
        RecordError: A line is no sample, or the record cannot be used. What stands before that line
            has been added.
    """
    try:
        texts = lines.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{lines} cannot be read: {error}", hint="Name a file that export wrote."
        ) from error
    drawn: Counter[bool] = Counter()
    with closing(Record(record)) as kept:
        for number, text in enumerate(texts, start=1):
            if not text.strip():
                continue
            try:
                data = json.loads(text)
                kept.take(data)
            except (RecordError, ValueError, RecursionError) as error:
                raise RecordError(
                    f"line {number} of {lines}: {error}", hint="Give what export has written."
                ) from error
            drawn["completion" in data] += 1
    print(f"{_counted(drawn)} are in {record}")


def _counted(drawn: Counter[bool]) -> str:
    return f"{drawn[True]} samples and {drawn[False]} lengths of prompts"
