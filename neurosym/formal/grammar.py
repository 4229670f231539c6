"""Grammars in lark: how they are loaded, how texts are parsed, how errors name their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from neurosym.errors import FormulaError

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "check_length",
    "first_token",
    "load_grammar",
    "parse_tree",
    "place",
]

MAX_DEPTH = 150
"""Deepest nesting of what is read; readers and printers recurse."""
MAX_CHARACTERS = 1_000_000
"""Longest text that is read."""


@cache
def load_grammar(package: str, *names: str, start: str = "start") -> Any:
    """A LALR parser for the named files of a package's ``grammars/``, read as one; made once."""
    from lark import Lark

    folder = resources.files(package) / "grammars"
    text = "\n".join((folder / f"{name}.lark").read_text(encoding="utf-8") for name in names)
    return Lark(text, parser="lalr", lexer="contextual", start=start, maybe_placeholders=False)


def parse_tree(parser: Any, text: str, words: Mapping[str, str]) -> Any:
    """The tree of a text.

    Args:
        parser: Made by :func:`load_grammar`.
        text: What to parse.
        words: How to name a terminal in an error, by its name in the grammar; a terminal that is
            not among them is not named.

    Raises:
        FormulaError: The text does not follow the grammar, or is too long or nested too deeply.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

    check_length(text)
    try:
        tree = parser.parse(text)
    except UnexpectedToken as error:
        expected = _in_words(_acceptable(parser, text, error), words)
        if error.token.type == "$END":
            line, column = place(text, len(text.rstrip()))
            raise FormulaError(
                "the text ends too early", text=text, line=line, column=column, expected=expected
            ) from None
        raise FormulaError(
            f"unexpected {str(error.token)!r}", text=text,
            line=error.line, column=error.column, expected=expected,
        ) from None  # fmt: skip
    except UnexpectedCharacters as error:
        raise FormulaError(
            f"unexpected character {error.char!r}", text=text,
            line=error.line, column=error.column, expected=_in_words(error.allowed or (), words),
        ) from None  # fmt: skip
    except UnexpectedEOF:
        line, column = place(text, len(text))
        raise FormulaError("the text ends too early", text=text, line=line, column=column) from None
    _check_depth(tree, text)
    return tree


def check_length(text: str) -> None:
    """Refuse what is too long to be read.

    Raises:
        FormulaError: It is longer than :data:`MAX_CHARACTERS`.
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            f"the text is {len(text)} characters long", text="", line=1, column=1,
            hint=f"Give at most {MAX_CHARACTERS}.",
        )  # fmt: skip


def _acceptable(parser: Any, text: str, error: Any) -> Iterable[str]:
    """The terminals that could have stood at an error.

    The parser that failed has closed whatever may end before the token that it refused, and so has
    forgotten what else might have gone on there; one that stops short of it has not.
    """
    end = len(text) if error.token.type == "$END" else error.token.start_pos
    before = parser.parse_interactive(text[:end])
    before.exhaust_lexer()
    found: Iterable[str] = before.accepts()
    return found


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset into a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _in_words(terminals: Iterable[str], words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({words[name] for name in terminals if name in words}))


def _check_depth(tree: Any, text: str) -> None:
    waiting: list[tuple[Any, int]] = [(tree, 1)]
    while waiting:
        item, level = waiting.pop()
        inside = getattr(item, "children", None)
        if inside is None:
            continue
        if level > MAX_DEPTH:
            first = first_token(item)
            raise FormulaError(
                f"the formula is nested more than {MAX_DEPTH} deep", text=text,
                line=getattr(first, "line", 1), column=getattr(first, "column", 1),
                hint="Split it into several formulas.",
            )  # fmt: skip
        waiting.extend((child, level + 1) for child in inside)


def first_token(tree: Any) -> Any:
    """The first token of a tree or token, to name its place by; ``None`` where there is none."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if not hasattr(item, "children"):
            return item
        waiting.extend(reversed(item.children))
    return None
