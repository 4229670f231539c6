"""Sorts and symbols: what may stand where, declared or inferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from neurosym.errors import SortError
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    ENTITY,
    INTEGER,
    REAL,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    Formula,
    Less,
    LessEqual,
    Node,
    Number,
    Term,
    Variable,
    bound_by,
    children,
    rebuild,
)

__all__ = ["Enumeration", "Range", "Signature", "SortKind", "SymbolType", "settle", "sort_of"]


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


def settle(
    formulas: Iterable[Formula], declared: Signature | None = None
) -> tuple[tuple[Formula, ...], Signature]:
    """Give every symbol of some formulas a sort, so that all fit together.

    What is declared stays; what is not is inferred from where it stands, and is ``Entity`` where
    nothing says otherwise. A numeral that stands among things, as in ``OlderThan(x, 1980)`` with
    ``x`` an ``Entity``, is taken for the name of one.

    Returns:
        The formulas, such numerals made constants, and the signature that they fit.

    Raises:
        SortError: They do not fit together, or a symbol has two numbers of arguments.
    """
    formulas = tuple(formulas)
    inference = _Inference(declared or Signature())
    for formula in formulas:
        inference.visit(formula)
    signature = inference.conclude()
    if inference.has_named_numerals:
        formulas = tuple(_name_numerals(formula, signature) for formula in formulas)
        return settle(formulas, declared)  # the numerals have become constants with a type
    return formulas, signature


_NUMERIC = frozenset({INTEGER, REAL})


def _check_sorts(sorts: Mapping[str, SortKind]) -> None:
    seen: set[str] = set()
    for sort, kind in sorts.items():
        if sort in _NUMERIC or sort == BOOLEAN:
            raise SortError(f"the sort {sort} is built in", hint="Give the sort another name.")
        if kind is None:
            continue
        members = kind.members if isinstance(kind, Enumeration) else tuple(map(str, kind.values))
        if not members:
            raise SortError(
                f"the sort {sort} has no members", hint="List its members, or leave the list out."
            )
        # The same number may be in several ranges, but a name stands for one thing.
        before = seen if isinstance(kind, Enumeration) else set()
        for name in members:
            if name in before:
                raise SortError(
                    f"{name}, a member of {sort}, is listed twice",
                    hint="List each member once, in one sort.",
                )
            before.add(name)


class _Slot:
    """A place whose sort is to be found; places that must agree share one root."""

    __slots__ = ("has_number", "is_compared", "parent", "sort", "what")

    def __init__(self, what: str, sort: str | None = None) -> None:
        self.what = what
        self.sort = sort
        self.parent: _Slot | None = None
        self.is_compared = False
        self.has_number = False

    def root(self) -> _Slot:
        slot = self
        while slot.parent is not None:
            slot = slot.parent
        return slot


class _Inference:
    def __init__(self, declared: Signature) -> None:
        _check_sorts(declared.sorts)
        self.declared = declared
        self.members = declared.members()
        self.numeric = _NUMERIC | {
            name for name, kind in declared.sorts.items() if isinstance(kind, Range)
        }
        self.known = {ENTITY, BOOLEAN, *_NUMERIC, *declared.sorts}
        self.functions: dict[str, list[_Slot]] = {}
        self.predicates: dict[str, list[_Slot]] = {}
        self.variables: dict[str, _Slot] = {}
        self.numerals: list[_Slot] = []
        self.sums: list[_Slot] = []

    @property
    def has_named_numerals(self) -> bool:
        return any(slot.root().sort == ENTITY for slot in self.numerals)

    def visit(self, node: Node) -> None:
        for variable in bound_by(node):
            self._variable(variable)
        match node:
            case Atom(predicate=name, args=args):
                slots = self._symbol(self.predicates, self.declared.predicates, name, args)
                self._fill(slots, args)
            case Equals(left=left, right=right):
                self._relate(self._term(left), self._term(right))
            case Less(left=left, right=right) | LessEqual(left=left, right=right):
                slot = self._relate(self._term(left), self._term(right))
                slot.is_compared = True
            case Distinct(terms=terms):
                first, *rest = map(self._term, terms)
                for slot in rest:
                    self._relate(first, slot)
            case _:
                for child in children(node):
                    self.visit(child)

    def _term(self, term: Node) -> _Slot:
        match term:
            case Variable():
                return self._variable(term)
            case Number(value=value):
                slot = _Slot(f"the number {value}")
                slot.has_number = True
                self.numerals.append(slot)
                if value.denominator != 1:
                    slot.sort = REAL
                return slot
            case Arithmetic(left=left, right=right):
                slot = self._relate(self._term(left), self._term(right))
                slot.is_compared = True
                self.sums.append(slot)
                return slot
            case Count(body=body):
                for variable in bound_by(term):
                    self._variable(variable)
                self.visit(body)
                return _Slot("a count", INTEGER)
            case Apply(function=name, args=args):
                if not args and name in self.members:
                    return _Slot(name, self.members[name])
                slots = self._symbol(self.functions, self.declared.functions, name, args, 1)
                self._fill(slots[1:], args)
                return slots[0]
            case _:
                raise SortError(
                    f"{type(term).__name__} stands where a thing or number belongs",
                    hint="Give a term there.",
                )

    def _variable(self, variable: Variable) -> _Slot:
        if variable.sort not in self.known:
            raise SortError(
                f"{variable.name} is of sort {variable.sort!r}, which is not declared",
                hint=f"Declare the sort {variable.sort}.",
            )
        return self.variables.setdefault(
            variable.sort, _Slot(f"a variable of sort {variable.sort}", variable.sort)
        )

    def _symbol(
        self,
        table: dict[str, list[_Slot]],
        declared: Mapping[str, SymbolType],
        name: str,
        args: tuple[Term, ...],
        results: int = 0,
    ) -> list[_Slot]:
        slots = table.get(name)
        if slots is None:
            slots = self._new_symbol(declared.get(name), name, len(args), results)
            table[name] = slots
        if len(slots) - results != len(args):
            raise SortError(
                f"{name} is used with {len(args)} and with {len(slots) - results} arguments",
                hint="Give it the same number everywhere.",
            )
        return slots

    def _new_symbol(
        self, declared: SymbolType | None, name: str, arity: int, results: int
    ) -> list[_Slot]:
        sorts: list[str | None]
        if declared is None:
            sorts = [None] * (arity + results)
        else:
            sorts = [*([declared.result] if results else []), *declared.args]
        for sort in sorts:
            if sort is not None and sort not in self.known:
                raise SortError(
                    f"{name} is declared over sort {sort!r}, which is not declared",
                    hint=f"Declare the sort {sort}.",
                )
        return [
            _Slot(name if i < results else f"argument {i - results + 1} of {name}", sort)
            for i, sort in enumerate(sorts)
        ]

    def _fill(self, slots: list[_Slot], args: tuple[Term, ...]) -> None:
        for slot, arg in zip(slots, args, strict=True):
            self._relate(slot, self._term(arg))

    def _relate(self, first: _Slot, second: _Slot) -> _Slot:
        a, b = first.root(), second.root()
        if a is b:
            return a
        if a.sort is None or b.sort is None:
            # A number leaves the sort of its place open until all places have been seen.
            b.parent = a
            a.sort = a.sort or b.sort
            a.is_compared |= b.is_compared
            a.has_number |= b.has_number
            return a
        if a.sort != b.sort and not {a.sort, b.sort} <= self.numeric:
            raise SortError(
                f"{first.what} ({a.sort}) and {second.what} ({b.sort}) are of different sorts",
                hint="Put things of one sort there.",
            )
        # Two kinds of numbers may be compared and stay what they are.
        return b if b.sort == REAL else a

    def conclude(self) -> Signature:
        for slot in self.numerals:
            self._check_numeric(slot, {None, ENTITY})  # among things a numeral is a name
        for slot in self.sums:
            self._check_numeric(slot, {None})
        for slot in self.variables.values():
            self._sort(slot)  # what is compared may be no symbol's argument
        functions = {
            name: self._found(slots[1:], slots[0]) for name, slots in self.functions.items()
        }
        predicates = {name: self._found(slots, None) for name, slots in self.predicates.items()}
        return Signature(
            sorts=dict(self.declared.sorts),
            functions={**self.declared.functions, **functions},
            predicates={**self.declared.predicates, **predicates},
        )

    def _check_numeric(self, slot: _Slot, others: set[str | None]) -> None:
        sort = slot.root().sort
        if sort not in self.numeric and sort not in others:
            raise SortError(
                f"{slot.what} stands where something of sort {sort!r} belongs",
                hint="Put a member of the sort there, or declare it with numbers.",
            )

    def _found(self, args: list[_Slot], result: _Slot | None) -> SymbolType:
        return SymbolType(
            tuple(map(self._sort, args)), BOOLEAN if result is None else self._sort(result)
        )

    def _sort(self, slot: _Slot) -> str:
        root = slot.root()
        if root.sort is None:
            return INTEGER if root.is_compared or root.has_number else ENTITY
        kind = self.declared.sorts.get(root.sort)
        if root.is_compared and root.sort not in self.numeric and not isinstance(kind, Enumeration):
            raise SortError(
                f"{root.what} ({root.sort}) is compared or calculated with, but is no number",
                hint="Compare numbers, or members of one list.",
            )
        return root.sort


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


def _name_numerals(node: Node, signature: Signature) -> Any:
    """Make constants of the numerals that stand for things."""

    def change(item: Term, sort: str) -> Term:
        if isinstance(item, Number) and sort == ENTITY:
            return Apply(str(item.value))
        named: Term = _name_numerals(item, signature)
        return named

    match node:
        case Atom(predicate=name, args=args) if args:
            return Atom(name, tuple(map(change, args, signature.predicates[name].args)))
        case Apply(function=name, args=args) if args:
            return Apply(name, tuple(map(change, args, signature.functions[name].args)))
        case Equals(left=left, right=right):
            return Equals(
                change(left, sort_of(right, signature)), change(right, sort_of(left, signature))
            )
        case Distinct(terms=terms):
            sorts = {sort_of(term, signature) for term in terms}
            sort = ENTITY if ENTITY in sorts else INTEGER
            return Distinct(tuple(change(term, sort) for term in terms))
    return rebuild(node, lambda child: _name_numerals(child, signature))
