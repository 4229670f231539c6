"""What tells one infix dialect from another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["Notation", "Spelling"]


@dataclass(frozen=True)
class Spelling:
    """How an infix dialect writes what has a place in the syntax.

    A construct the dialect lacks is ``""``; it is then said with others where that is possible.

    Attributes:
        iff: Equivalence; the other connectives likewise.
        quantifier: Format of a quantifier with ``{sign}``, ``{variable}`` (with its sort) and
            ``{body}``.
        sorted_variable: Format of a variable of a named sort, with ``{name}`` and ``{sort}``.
        count: Format of a count, with ``{variables}`` and ``{body}``.
        distinct: Word for all-different.
        fraction: Format of a fraction, with ``{n}`` and ``{d}``.
        name: Writes a name, or raises :class:`InexpressibleError`.
        quoted_name: Writes the name of a constant that would otherwise be read as a variable.
        read_name: The name that a NAME token stands for.
    """

    iff: str
    implies: str
    xor: str
    or_: str
    and_: str
    not_: str
    for_all: str
    exists: str
    equals: str
    unequal: str
    less: str
    less_equal: str
    plus: str
    minus: str
    times: str
    true: str
    false: str
    quantifier: str
    sorted_variable: str
    count: str
    distinct: str
    fraction: str
    name: Callable[[str], str]
    quoted_name: Callable[[str], str]
    read_name: Callable[[str], str]


@dataclass(frozen=True)
class Notation:
    """How an infix dialect is read and written.

    Attributes:
        name: The dialect's name.
        grammars: The grammar files that together are its grammar.
        spelling: How it is printed.
        words: Names of terminals in errors.
        free: Names that are variables where no quantifier binds them. A closed formula has none.
        implies_to_left: Whether ``a → b → c`` is ``(a → b) → c``.
    """

    name: str
    grammars: tuple[str, ...]
    spelling: Spelling
    words: Mapping[str, str] = field(repr=False)
    free: re.Pattern[str]
    implies_to_left: bool = False

    def __hash__(self) -> int:
        return hash(self.name)
