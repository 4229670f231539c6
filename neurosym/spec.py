"""Things as text: a name, and values in brackets where they are not the usual ones."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Container, Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from numbers import Real
from types import NoneType
from typing import Any, get_args, get_type_hints

from neurosym.errors import OptionError

__all__ = ["Form", "field_kinds", "fitting", "nearest", "written"]

_HUGE = 1e300
"""What is no longer a number that anybody could mean."""


class Form:
    """The text of a kind of thing, such as ``adaptive(max=16, stop=0.95)`` of a strategy.

    Args:
        kind: What such a thing is called, in the singular.
        example: One of them as text, for hints.
    """

    def __init__(self, kind: str, example: str) -> None:
        self._kind = kind
        self._how = f"Write it as name(key=value, …), such as {example}."

    def read(self, text: str) -> tuple[str, dict[str, Any]]:
        """The name and the values, as numbers, words, truth values or nothing.

        Raises:
            OptionError: The text has another form, or gives a value twice.
        """
        is_none = OptionError(f"{text[:60]!r} is no {self._kind}", hint=self._how)
        try:
            with warnings.catch_warnings(action="ignore"):  # of what Python would make of it
                node = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise is_none from error
        if isinstance(node, ast.Name):
            return node.id, {}
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
            raise is_none
        values: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise is_none
            if keyword.arg in values:
                raise OptionError(f"{text[:60]!r} gives {keyword.arg} twice", hint="Give it once.")
            values[keyword.arg] = self._literal(keyword.value)
        return node.func.id, values

    def _literal(self, node: ast.expr) -> Any:
        match node:
            case ast.Name(word):
                return word
            case ast.Constant(value):
                return value
            case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
                return -number
        shown = ast.unparse(node)[:60]
        raise OptionError(f"{shown!r} is no value of a {self._kind}", hint=self._how)

    def joined(
        self, text: str, values: Mapping[str, Any], beside: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The values of a text and those that were given beside it.

        Raises:
            OptionError: One is given both ways.
        """
        for key in beside:
            if key in values:
                raise OptionError(f"{key} is given in {text!r} and beside it", hint="Give it once.")
        return {**values, **beside}

    def fitted(
        self, name: str, kinds: Mapping[str, Any], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The values as what has that name takes them: words as choices, whole numbers as such.

        Args:
            name: The thing's.
            kinds: The type of each value that it takes.
            values: Those given.

        Raises:
            OptionError: It has no such value, or takes another type of it.
        """
        for key in values:
            if key not in kinds:
                near = "max" if key == "samples" and "max" in kinds else key
                raise OptionError(
                    f"the {self._kind} {name!r} has no {key}", hint=nearest(near, kinds, "values")
                )
        return {key: fitting(key, kinds[key], value) for key, value in values.items()}


@cache
def field_kinds(made_by: type[Any]) -> Mapping[str, Any]:
    """The type of each field of a dataclass."""
    hints = get_type_hints(made_by)
    return {item.name: hints[item.name] for item in fields(made_by)}


def written(name: str, made: Any, *, without: Container[str] = ()) -> str:
    """The text of a thing: its name, and the values that are not the usual ones.

    Args:
        name: The thing's.
        made: A dataclass that holds the values.
        without: Fields that are told by the name.
    """
    told = [
        f"{item.name}={value.value if isinstance(value, StrEnum) else repr(value)}"
        for item in fields(made)
        if item.name not in without and (value := getattr(made, item.name)) != item.default
    ]
    return f"{name}({', '.join(told)})" if told else name


def nearest(name: str, known: Iterable[str], of: str) -> str:
    """A hint that lists what is known, with what a name was probably meant as."""
    known = list(known)
    near = get_close_matches(name, known, n=1)
    listed = f"The {of} are {', '.join(known)}." if known else f"There are no {of}."
    return f"Did you mean {near[0]!r}? {listed}" if near else listed


def fitting(key: str, kind: Any, value: Any) -> Any:
    """A value as a type has it: a word as the choice that it names, 1 as 1.0 where that is wanted.

    Args:
        key: What the value is of, for messages.
        kind: The type, or several of which it may be one.
        value: The value.

    Raises:
        OptionError: It is of another type, or no number that anybody could mean.
    """
    choices = get_args(kind) or (kind,)
    for choice in choices:
        if choice is NoneType and value is None:
            return None
        if isinstance(choice, type) and issubclass(choice, StrEnum) and value in list(choice):
            return choice(value)
        if choice is float:
            if _is_number(value) and abs(value) < _HUGE:
                return float(value) + 0.0  # which makes 0 of -0
        elif choice is int:
            if _is_number(value) and hasattr(value, "__index__"):
                return operator.index(value)
        elif type(value) is choice:
            return value
    wanted = " or ".join(map(_wanted, choices))
    raise OptionError(f"{key} is {value!r}", hint=f"Give {wanted}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _wanted(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return "one of " + ", ".join(kind)
    words = {
        int: "a whole number",
        float: "a number",
        bool: "True or False",
        str: "a text in quotes",
    }
    return words.get(kind, "None")
