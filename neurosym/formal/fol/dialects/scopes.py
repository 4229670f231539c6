"""What is declared where an expression of a program stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.errors import FormulaError
from neurosym.formal.fol.signature import Enumeration, SortKind, SymbolType
from neurosym.formal.fol.syntax import INTEGER, Apply, Formula, Term, Variable

__all__ = ["Cases", "Environment", "Numbered", "Scope"]

Environment: TypeAlias = Mapping[str, Variable]
Cases: TypeAlias = list[tuple[tuple[Formula, ...], Term]]
"""What a term is under which conditions; one case without conditions unless it holds ``abs``."""


class Numbered(Exception):
    """Numbers are compared or calculated with members of a list: raised for the reader to decide.

    Attributes:
        sort: The list.
        error: What is wrong if it has no numbers.
    """

    def __init__(self, sort: str, error: FormulaError) -> None:
        super().__init__(sort)
        self.sort = sort
        self.error = error


@dataclass(slots=True)
class Scope:
    """What is declared.

    Attributes:
        sorts: Sorts and their members.
        members: What each member of a list is: itself, or its number.
        origins: The sorts of the members that are numbers.
        functions: Functions and constants.
        predicates: Predicates.
        is_open: Whether names may be used that are not declared.
    """

    sorts: dict[str, SortKind] = field(default_factory=dict)
    members: dict[str, Term] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    functions: dict[str, SymbolType] = field(default_factory=dict)
    predicates: dict[str, SymbolType] = field(default_factory=dict)
    is_open: bool = False

    def sort_of(self, term: Term) -> str | None:
        """The sort of a term, ``None`` where nothing says it."""
        match term:
            case Variable(sort=sort):
                return sort
            case Apply(function=name, args=()) if name in self.members:
                return next(
                    sort
                    for sort, kind in self.sorts.items()
                    if isinstance(kind, Enumeration) and name in kind.members
                )
            case Apply(function=name):
                known = self.functions.get(name)
                return known.result if known else None
            case _:
                return INTEGER

    def is_list(self, sort: str | None) -> bool:
        """Whether the members of a sort are names."""
        return isinstance(self.sorts.get(sort or ""), Enumeration)
