"""What an S-expression is, before it is known what it says; and what a theory has declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, TypeAlias

from neurosym.formal.fol.dialects.smtlib_printer import RESERVED
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SortKind, SymbolType
from neurosym.formal.fol.syntax import INTEGER, REAL
from neurosym.formal.fol.theory import Repair

__all__ = [
    "Declared",
    "Macro",
    "args_of",
    "cases_of",
    "inside_of",
    "integer_of",
    "name_of",
    "tokens_of",
    "word_of",
]


@dataclass(frozen=True, slots=True)
class Macro:
    """A name that is short for an expression.

    Attributes:
        parameters: Names in the expression that arguments are put in for.
        body: The expression.
        is_formula: Whether it is a formula; a term otherwise.
    """

    parameters: tuple[str, ...]
    body: Any
    is_formula: bool


@dataclass
class Declared:
    """What a theory has declared so far.

    Attributes:
        aliases: Every sort that may be written, with the sort that it stands for.
        sorts: What is known of the members of each sort.
        functions: Functions and constants.
        predicates: Predicates.
        members: The enumeration of each of its members.
        guards: The range of each predicate that tells its members.
        ranks: The functions that give places in an enumeration.
        macros: What is short for an expression, guards and ranks included.
        repairs: The changes that were needed; ``None`` in strict reading.
    """

    aliases: dict[str, str] = field(default_factory=lambda: {INTEGER: INTEGER, REAL: REAL})
    sorts: dict[str, SortKind] = field(default_factory=dict)
    functions: dict[str, SymbolType] = field(default_factory=dict)
    predicates: dict[str, SymbolType] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    guards: dict[str, str] = field(default_factory=dict)
    ranks: set[str] = field(default_factory=set)
    macros: dict[str, Macro] = field(default_factory=dict)
    repairs: list[Repair] | None = None

    def copy(self) -> Declared:
        """The same, to be added to alone; repairs stay shared."""
        return replace(
            self, aliases={**self.aliases}, sorts={**self.sorts}, functions={**self.functions},
            predicates={**self.predicates}, members={**self.members}, guards={**self.guards},
            ranks={*self.ranks}, macros={**self.macros},
        )  # fmt: skip

    def signature(self) -> Signature:
        """The sorts and symbols."""
        return Signature(self.sorts, self.functions, self.predicates)

    def repair(self, kind: str, detail: str) -> bool:
        """Note a change if changes are allowed, once."""
        if self.repairs is None:
            return False
        repair = Repair(kind, detail)
        if repair not in self.repairs:
            self.repairs.append(repair)
        return True


def name_of(item: Any) -> str | None:
    """The name that a symbol spells; ``None`` for what is no symbol."""
    kind = getattr(item, "type", "")
    if kind == "SYMBOL":
        return str(item)
    return str(item[1:-1]) if kind == "QUOTED" else None


def word_of(item: Any) -> str:
    """What a symbol, or the one at the head of a list, says; empty for a quoted reserved word."""
    if hasattr(item, "children"):
        if len(item.children) < 2 or hasattr(item.children[1], "children"):
            return ""
        item = item.children[1]
    name = name_of(item) or ""
    return "" if item.type == "QUOTED" and name in RESERVED else name


def inside_of(item: Any) -> list[Any]:
    """What stands in a list; nothing for what is none."""
    inside: list[Any] = item.children[1:] if hasattr(item, "children") else []
    return inside


def args_of(item: Any) -> list[Any]:
    """What stands in a list after its head."""
    inside: list[Any] = item.children[2:] if hasattr(item, "children") else []
    return inside


def tokens_of(item: Any) -> Iterator[Any]:
    """The symbols and all else that an item is made of."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        waiting.extend(getattr(part, "children", ()))
        if not hasattr(part, "children"):
            yield part


def integer_of(item: Any) -> int | None:
    """The whole number that an item spells, such as ``(- 3)``."""
    if getattr(item, "type", "") == "NUMERAL":
        return int(item)
    args = args_of(item)
    if word_of(item) == "-" and len(args) == 1 and getattr(args[0], "type", "") == "NUMERAL":
        return -int(args[0])
    return None


_Case: TypeAlias = tuple[list[str], list[Any], Any]


def cases_of(args: list[Any], declared: Declared) -> tuple[list[tuple[str, str]], Any] | None:
    """What is counted by terms ``(ite (let ((x red)) φ) 1 0)`` over all members of some sorts.

    Returns:
        The variables with their sorts, and φ; ``None`` where the terms are not of this kind.
    """
    cases: list[_Case] = []
    for arg in args:
        case = _case(arg)
        if case is None or (cases and (case[0], case[2]) != (cases[0][0], cases[0][2])):
            return None
        cases.append(case)
    names, _, body = cases[0]
    rows = [[_value(value, declared) for value in case[1]] for case in cases]
    guards = _guards(body, names, declared)
    bindings: list[tuple[str, str]] = []
    columns: list[tuple[object, ...]] = []
    for name, value in zip(names, rows[0], strict=True):
        sort = guards.get(name) if isinstance(value, int) else declared.members.get(str(value))
        kind = declared.sorts.get(sort or "")
        if sort is None or kind is None:
            return None
        bindings.append((name, sort))
        columns.append(kind.members if isinstance(kind, Enumeration) else kind.values)
    if rows != [list(row) for row in product(*columns)]:
        return None
    guarded = sum(isinstance(declared.sorts[sort], Range) for _, sort in bindings)
    if guarded:
        if len(body.children) != guarded + 3:
            return None
        body = body.children[-1]
    return bindings, body


def _case(item: Any) -> _Case | None:
    """Names, values and body of ``(ite (let ((x red)) φ) 1 0)``."""
    args = args_of(item)
    if word_of(item) != "ite" or len(args) != 3 or args[1:] != ["1", "0"]:
        return None
    inside = args_of(args[0])
    if word_of(args[0]) != "let" or len(inside) != 2:
        return None
    names, values = [], []
    for pair in inside_of(inside[0]):
        parts = inside_of(pair)
        name = name_of(parts[0]) if len(parts) == 2 else None
        if name is None:
            return None
        names.append(name)
        values.append(parts[1])
    return (names, values, inside[1]) if names else None


def _value(item: Any, declared: Declared) -> object:
    name = name_of(item)
    return name if name in declared.members else integer_of(item)


def _guards(body: Any, names: list[str], declared: Declared) -> dict[str, str]:
    """The ranges that a body says first that variables are in."""
    found: dict[str, str] = {}
    for part in args_of(body) if word_of(body) == "and" else []:
        sort, args = declared.guards.get(word_of(part)), args_of(part)
        name = name_of(args[0]) if len(args) == 1 else None
        if sort is None or name is None or name not in names or name in found:
            break
        found[name] = sort
    return found
