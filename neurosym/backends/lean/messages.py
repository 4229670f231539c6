"""What Lean says of a file, as values: ``lean --json`` prints one message a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

__all__ = [
    "SORRY",
    "Message",
    "Position",
    "Severity",
    "in_order",
    "kind_by_words",
    "read_messages",
]

SORRY = "hasSorry"
"""The kind of the warning that a proof is missing."""
_SAYS_SORRY = re.compile(r"declaration uses ['`]sorry['`]")
_ANONYMOUS = "[anonymous]"
"""The kind of messages that have none."""


class Severity(StrEnum):
    """How grave a message is."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file.

    Attributes:
        line: From 1.
        column: From 0, in characters.
    """

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column + 1}"


@dataclass(frozen=True, slots=True)
class Message:
    """Something that Lean says.

    Attributes:
        severity: How grave it is.
        text: In Lean's words; of an error, often with the goals that are left.
        start: Where it begins; ``None`` where Lean does not say.
        end: Where it ends; ``None`` where Lean does not say.
        kind: Lean's name for this sort of message, such as ``"hasSorry"``; empty if it has none.
    """

    severity: Severity
    text: str
    start: Position | None = None
    end: Position | None = None
    kind: str = ""

    def moved(self, lines: int) -> Message:
        """The message, that many lines further down."""
        return replace(
            self,
            start=self.start and Position(self.start.line + lines, self.start.column),
            end=self.end and Position(self.end.line + lines, self.end.column),
        )

    def __str__(self) -> str:
        place = "" if self.start is None else f"{self.start}: "
        return f"{place}{self.text}"


def read_messages(output: str) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """The messages in what Lean printed, and the lines that are none, both in order of the file.

    Never raises: a file may print what it likes, and a process that is killed leaves half a line.
    """
    found: list[Message] = []
    rest: list[str] = []
    for line in output.split("\n"):
        message = _message(line)
        if message is not None:
            found.append(message)
        elif line.strip():
            rest.append(line)
    return in_order(found), tuple(rest)


def in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Messages in the order of the file; Lean says them as they come."""
    first = Position(0, 0)  # of what is about the file as a whole
    return tuple(sorted(messages, key=lambda item: item.start or first))


def kind_by_words(text: str) -> str:
    """The kind of a message where only its words are told: :data:`SORRY`, or none."""
    return SORRY if _SAYS_SORRY.fullmatch(text) else ""


def _message(line: str) -> Message | None:
    if not line.startswith("{"):
        return None
    try:
        values = json.loads(line)
        kind = str(values.get("kind") or "")
        return Message(
            severity=Severity(values["severity"]),
            text=str(values["data"]),
            start=_position(values.get("pos")),
            end=_position(values.get("endPos")),
            kind="" if kind == _ANONYMOUS else kind,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _position(value: Any) -> Position | None:
    return None if value is None else Position(int(value["line"]), int(value["column"]))
