"""The contract of every dialect, and what their readers share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Protocol, runtime_checkable

from neurosym.errors import FormulaError
from neurosym.formal.fol.signature import Signature, settle
from neurosym.formal.fol.syntax import Formula
from neurosym.formal.fol.theory import Option, Repair, Statement, Theory

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "Dialect",
    "check_length",
    "first_token",
    "load_grammar",
    "make_theory",
    "parse_tree",
    "place",
]

MAX_DEPTH = 150
"""Deepest nesting of a formula that is read; readers and printers recurse."""
MAX_CHARACTERS = 1_000_000
"""Longest text that is read."""


@runtime_checkable
class Dialect(Protocol):
    """A way of writing formulas and theories down. Pure."""

    @property
    def name(self) -> str:
        """Names the dialect in options."""
        ...

    def parse_formula(self, text: str) -> Formula:
        """Read one formula without free variables.

        Raises:
            FormulaError: The text does not follow the grammar, or is nested too deeply.
        """
        ...

    def print_formula(self, formula: Formula) -> str:
        """Write one formula.

        Raises:
            InexpressibleError: The dialect has no way to say it.
        """
        ...

    def parse_theory(self, text: str, *, tolerant: bool = False) -> Theory:
        """Read a theory.

        Args:
            text: The theory.
            tolerant: Read what a model meant where it did not quite follow the dialect. Each
                change this takes is in ``Theory.repairs``; what follows the dialect is read as in
                strict reading, without repairs.

        Raises:
            FormulaError: The text does not follow the grammar.
            SortError: Formulas do not fit together.
        """
        ...

    def print_theory(self, theory: Theory) -> str:
        """Write a theory.

        Raises:
            InexpressibleError: The dialect has no way to say it.
        """
        ...


def make_theory(
    premises: Iterable[Statement],
    claim: Statement | None = None,
    options: Iterable[Option] = (),
    *,
    declared: Signature | None = None,
    source: str = "",
    repairs: tuple[Repair, ...] = (),
) -> Theory:
    """A theory whose formulas fit its signature.

    Raises:
        SortError: They do not fit together.
    """
    premises, options = tuple(premises), tuple(options)
    theory = Theory(premises, claim, options, Signature(), source, repairs)
    formulas, signature = settle(theory.formulas, declared)
    found = iter(formulas)
    return Theory(
        premises=tuple(Statement(next(found), item.sentence) for item in premises),
        claim=None if claim is None else Statement(next(found), claim.sentence),
        options=tuple(
            Option(item.label, next(found), item.test, item.sentence) for item in options
        ),
        signature=signature,
        source=source,
        repairs=repairs,
    )


@cache
def load_grammar(*names: str, start: str = "start") -> Any:
    """A LALR parser for the named files of ``grammars/``, read as one; made once."""
    from lark import Lark

    folder = resources.files(__package__) / "grammars"
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
