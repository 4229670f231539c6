"""JSON data and where in a document each part stands, for errors that say what to mend."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from neurosym.errors import InputError
from neurosym.formal.optimization.language.printer import print_number

__all__ = ["Place", "number_to_json", "read_json"]

_Word = TypeVar("_Word", bound=StrEnum)
_EXACT_INTEGER = 2**53
"""Whole numbers up to here are the same in every reader of JSON."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3}|/\d*[1-9]\d*)?", re.ASCII)
_MOST_DIGITS = 4000
"""Longest text that is read as a number; Python refuses ones a little longer."""


def number_to_json(value: Fraction) -> int | float | str:
    """A number as JSON: as a number if that is exact, else as text such as ``3/7``."""
    if value.denominator == 1:
        return value.numerator if abs(value) <= _EXACT_INTEGER else print_number(value)
    if abs(value) < _EXACT_INTEGER:
        near = float(value)
        if Fraction(repr(near)) == value:
            return near
    return print_number(value)


def read_json(text: str, what: str = "this", hint: str = "Mend the text there.") -> Any:
    """JSON data that people write, in which nothing is lost: numbers with a point are fractions.

    Args:
        text: The JSON.
        what: What it is, for errors.
        hint: What to do if it is no JSON.

    Raises:
        InputError: It is no JSON, holds a number that is too large or too long, or an object in it
            has a key twice.
    """
    try:
        return json.loads(text, parse_float=_exactly, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:  # a number too long for Python is one, too
        raise InputError(f"{what} is no JSON: {error}", hint=hint) from None


def _exactly(text: str) -> Fraction:
    # Before it is computed: the power of ten of a short text may fill the memory.
    if len(text) > _MOST_DIGITS or _NUMBER.fullmatch(text) is None:
        raise ValueError(f"the number {text[:20]} is too large, too small or too long")
    return Fraction(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(
                f"the key {key!r} stands twice in one object",
                hint="Give each key once; of two values only one would count.",
            )
        found[key] = value
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a document.

    Attributes:
        value: What stands there.
        path: Where: ``variables[2].domain``; empty for the whole.
    """

    value: Any
    path: str = ""

    def fault(self, problem: str, hint: str = "Mend the data there.") -> InputError:
        """The error that something is wrong there."""
        return InputError(f"{self.path or 'model'}: {problem}", hint=hint)

    def _wrong(self, wanted: str, hint: str = "Mend the data there.") -> InputError:
        shown = str(self.value) if isinstance(self.value, Fraction) else repr(self.value)
        if len(shown) > 40:
            shown = f"{shown[:37]}..."
        return self.fault(f"{shown} is not {wanted}", hint)

    @property
    def is_number(self) -> bool:
        """Whether a number stands there, not a text that says one."""
        return isinstance(self.value, int | float | Fraction) and not isinstance(self.value, bool)

    def members(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Place]:
        """The members of an object.

        Args:
            required: Keys that must be there.
            optional: Further keys that may be there.

        Raises:
            InputError: It is no object, lacks a key, or has one that means nothing.
        """
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        allowed = [*required, *optional]
        for key in self.value:
            if key not in allowed:
                near = get_close_matches(str(key), allowed, n=1)
                meant = f"Did you mean {near[0]}?" if near else f"Use {', '.join(allowed)}."
                raise self.fault(f"unknown key {key!r}", meant)
        for key in required:
            if key not in self.value:
                raise self.fault(f"the key {key!r} is missing", "Add it.")
        return {key: self._inside(key) for key in self.value}

    def items(self) -> list[Place]:
        """The items of an array.

        Raises:
            InputError: It is no array.
        """
        if not isinstance(self.value, list):
            raise self._wrong("an array")
        return [Place(item, f"{self.path}[{k}]") for k, item in enumerate(self.value)]

    def leaves(self) -> Iterator[tuple[tuple[str, ...], Place]]:
        """What stands in objects within this object, with the keys that lead there.

        Raises:
            InputError: It is no object.
        """
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        waiting: list[tuple[tuple[str, ...], Place]] = [((), self)]
        while waiting:
            key, place = waiting.pop()
            if isinstance(place.value, dict):
                inside = [((*key, str(k)), place._inside(k)) for k in place.value]
                waiting.extend(reversed(inside))
            else:
                yield key, place

    def _inside(self, key: Any) -> Place:
        plain = re.fullmatch(r"\w+", str(key))
        step = f".{key}" if plain else f"[{str(key)!r}]"
        return Place(self.value[key], f"{self.path}{step}".removeprefix("."))

    def text(self) -> str:
        """A text.

        Raises:
            InputError: It is something else.
        """
        if self.is_number:
            raise self._wrong("text", "Write it in quotes.")
        if not isinstance(self.value, str):
            raise self._wrong("text")
        return self.value

    def name(self) -> str:
        """A name.

        Raises:
            InputError: It is no text, or empty.
        """
        text = self.text()
        if not text:
            raise self.fault("a name is empty")
        return text

    def word(self, words: type[_Word]) -> _Word:
        """One of some words.

        Raises:
            InputError: It is something else.
        """
        try:
            return words(self.text())
        except ValueError:
            raise self._wrong(" or ".join(words)) from None

    def whole(self) -> int:
        """A whole number from 0.

        Raises:
            InputError: It is something else.
        """
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            raise self._wrong("a whole number from 0")
        return self.value

    def number(self) -> Fraction:
        """A number, or the text of one: ``"2.5"``, ``"3/7"``.

        Raises:
            InputError: It is something else.
        """
        if isinstance(self.value, int | Fraction) and self.is_number:
            return Fraction(self.value)
        text = repr(self.value) if isinstance(self.value, float) else self.value
        if not isinstance(text, str):
            raise self._wrong("a number")
        if len(text) > _MOST_DIGITS:
            raise self.fault("the number is too long")
        if _NUMBER.fullmatch(text) is None:  # not finite, or divided by zero
            raise self._wrong("a number")
        above, _, below = text.partition("/")
        return Fraction(above) / Fraction(below or 1)
