"""JSON files of premises and traces, read with the place of every fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurosym.errors import InputError

__all__ = ["Record", "read_array", "read_lines"]

_HINT = "Mend it, or make the file anew."


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object.

    Attributes:
        data: Its fields.
        place: Where it stands, for messages.
    """

    data: dict[str, Any]
    place: str

    @classmethod
    def of(cls, data: Any, place: str) -> Record:
        """Data as a record.

        Raises:
            InputError: It is no JSON object.
        """
        if not isinstance(data, dict):
            raise InputError(f"{place}: it is not a JSON object", hint=_HINT)
        return cls(data, place)

    def fault(self, problem: str) -> InputError:
        """The error that says what is wrong with the record, and where it is."""
        return InputError(f"{self.place}: {problem}", hint=_HINT)

    def text(self, name: str, default: str | None = None) -> str:
        """The text of a field.

        Args:
            name: The field.
            default: Its text where the record has none; ``None`` if it must have one.

        Raises:
            InputError: It is no text.
        """
        found = self.data.get(name, default)
        if not isinstance(found, str):
            raise self.fault(f'there is no text under "{name}"')
        return found

    def items(self, name: str) -> list[Any]:
        """The list of a field.

        Raises:
            InputError: It is no list.
        """
        found = self.data.get(name)
        if not isinstance(found, list):
            raise self.fault(f'there is no list under "{name}"')
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a field.

        Raises:
            InputError: It is no list of texts.
        """
        found = self.items(name)
        if not all(isinstance(item, str) for item in found):
            raise self.fault(f'not everything under "{name}" is text')
        return tuple(found)

    def records(self, name: str) -> list[Record]:
        """The objects of a field.

        Raises:
            InputError: It is no list of objects.
        """
        return [
            Record.of(item, f"{self.place}, {name} {number}")
            for number, item in enumerate(self.items(name), 1)
        ]

    def number(self, name: str) -> int | None:
        """The positive integer of a field; ``None`` where the record has none.

        Raises:
            InputError: It is something else.
        """
        found = self.data.get(name)
        if found is not None and not _is_positive(found):
            raise self.fault(f'there is no positive integer under "{name}"')
        return found

    def pair(self, name: str) -> tuple[int, int]:
        """The two positive integers of a field.

        Raises:
            InputError: It is something else.
        """
        found = self.items(name)
        if len(found) != 2 or not all(map(_is_positive, found)):
            raise self.fault(f'there is no pair of positive integers under "{name}"')
        return found[0], found[1]


def read_lines(path: Path) -> Iterator[Record]:
    """The objects of a file that has one on each line; blank lines are passed.

    Raises:
        InputError: The file cannot be read, or a line is no JSON object.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    place = f"{path}, line {number}"
                    yield Record.of(_parse(line, place), place)
    except OSError as error:
        raise _unreadable(path, error) from error


def read_array(path: Path, noun: str) -> Iterator[Record]:
    """The objects of a file that is one JSON list of them.

    Args:
        path: The file. It is read whole.
        noun: What one of them is called in messages.

    Raises:
        InputError: The file cannot be read, or is no such list.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    data = _parse(content, str(path))
    if not isinstance(data, list):
        raise InputError(f"{path}: it is not a JSON list", hint=_HINT)
    for number, item in enumerate(data, 1):
        yield Record.of(item, f"{path}, {noun} {number}")


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be read: {error.strerror}", hint="Name a readable file.")


def _parse(content: bytes, place: str) -> Any:
    try:
        return json.loads(content)
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: it is not UTF-8 text", hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: it is not JSON: {error}", hint=_HINT) from error


def _is_positive(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
