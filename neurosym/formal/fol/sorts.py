"""Sorts, the types of symbols, and signatures, which hold both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.formal.fol.syntax import (
    INTEGER,
    REAL,
    Apply,
    Arithmetic,
    Count,
    Number,
    Term,
    Variable,
)

__all__ = ["Enumeration", "Range", "Signature", "SortKind", "SymbolType", "sort_of"]


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A sort with exactly these members, all different, in this order."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A sort of exactly these whole numbers, in ascending order."""

    values: tuple[int, ...]


SortKind: TypeAlias = Enumeration | Range | None
"""What is known of a sort's members; ``None`` for a sort of things that are not listed."""


@dataclass(frozen=True, slots=True)
class SymbolType:
    """Sorts of a symbol's arguments and of its value; ``Bool`` for a predicate."""

    args: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The sorts and symbols of a theory.

    Attributes:
        sorts: Sorts besides the built-in ``Entity``, ``Int``, ``Real`` and ``Bool``.
        functions: Functions and constants by name. The members of enumerations are not among them.
        predicates: Predicates by name. A predicate may share its name with a function.
    """

    sorts: Mapping[str, SortKind] = field(default_factory=dict)
    functions: Mapping[str, SymbolType] = field(default_factory=dict)
    predicates: Mapping[str, SymbolType] = field(default_factory=dict)

    def members(self) -> dict[str, str]:
        """The sort of each member of an enumeration, by its name."""
        return {
            name: sort
            for sort, kind in self.sorts.items()
            if isinstance(kind, Enumeration)
            for name in kind.members
        }


def sort_of(term: Term, signature: Signature) -> str:
    """The sort of a term of a settled formula."""
    match term:
        case Variable(sort=sort):
            return sort
        case Number(value=value):
            return INTEGER if value.denominator == 1 else REAL
        case Arithmetic(left=left, right=right):
            sorts = {sort_of(left, signature), sort_of(right, signature)}
            return REAL if REAL in sorts else INTEGER
        case Count():
            return INTEGER
        case Apply(function=name):
            known = signature.functions.get(name)
            return known.result if known is not None else signature.members()[name]
