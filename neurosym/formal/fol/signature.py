"""Which symbol is of which sort: declared, or inferred from where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from neurosym.errors import SortError
from neurosym.formal.fol.places import check_numbers, misplaced, name_of
from neurosym.formal.fol.sorts import (
    Enumeration,
    Range,
    Signature,
    SortKind,
    SymbolType,
    sort_of,
)
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


def settle(
    formulas: Iterable[Formula], declared: Signature | None = None
) -> tuple[tuple[Formula, ...], Signature]:
    """Give every symbol of some formulas a sort, so that all fit together.

    What is declared stays; what is not is inferred from where it stands, whatever the order of the
    formulas, and is ``Entity`` where nothing says otherwise. A whole number may stand for a real
    one, never the other way round, and no numeral outside of a range may stand where the range
    belongs; a term that is calculated may leave it (see
    :func:`neurosym.formal.fol.places.may_leave`). A numeral that stands among things, as in
    ``OlderThan(x, 1980)`` with ``x`` an ``Entity``, is taken for the name of one.

    Returns:
        The formulas, such numerals made constants, and the signature that they fit.

    Raises:
        SortError: They do not fit together, or a symbol has two numbers of arguments. It says of
            which formula, by its number from 1 and in unicode logic.
    """
    formulas = tuple(formulas)
    inference = _Inference(formulas, declared or Signature())
    signature = inference.signature()
    if inference.has_named_numerals:
        formulas = tuple(_name_numerals(formula, signature) for formula in formulas)
        return settle(formulas, declared)  # the numerals have become constants with a type
    check_numbers(formulas, signature)
    return formulas, signature


_NUMBERS = frozenset({INTEGER, REAL})


def _check_sorts(sorts: Mapping[str, SortKind]) -> None:
    seen: set[str] = set()
    for sort, kind in sorts.items():
        if sort in _NUMBERS or sort == BOOLEAN:
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
    """A term or a place for one, whose sort is fixed or open.

    Open slots that have to agree share one root, and what stands there is of one sort, but for
    kinds of numbers.

    Attributes:
        what: What it is called in errors.
        sort: Its sort if that is fixed.
        at: Number of the formula in which it is first found.
        value: The number that it is, if it is a numeral.
        sorts: Of a root, what is known of the sort: none, one, or both of ``Int`` and ``Real``.
        has_number: Of a root, whether one of its slots is a numeral.
        compared: Of a root, number of the first formula that compares it or calculates with it; 0
            if none does.
        needed: The kinds of numbers that belong where it stands.
        met: The kinds of numbers that it is filled with or said to be equal to; ``numbers`` are the
            numerals among them.
    """

    def __init__(
        self, what: str, sort: str | None, at: int, sorts: frozenset[str], value: Fraction | None
    ) -> None:
        self.what = what
        self.sort = sort
        self.at = at
        self.value = value
        self.sorts = sorts
        self.has_number = value is not None
        self.compared = 0
        self.needed: set[str] = set()
        self.met: set[str] = set()
        self.numbers: set[Fraction] = set()
        self.parent: _Slot | None = None

    def root(self) -> _Slot:
        slot = self
        while slot.parent is not None:
            if slot.parent.parent is not None:  # the way is half as long the next time
                slot.parent = slot.parent.parent
            slot = slot.parent
        return slot


class _Inference:
    def __init__(self, formulas: tuple[Formula, ...], declared: Signature) -> None:
        _check_sorts(declared.sorts)
        self.formulas = formulas
        self.declared = declared
        self.members = declared.members()
        self.ranges = {k: set(v.values) for k, v in declared.sorts.items() if isinstance(v, Range)}
        self.numeric = _NUMBERS | self.ranges.keys()
        self.known = {ENTITY, BOOLEAN, *_NUMBERS, *declared.sorts}
        self.functions: dict[str, list[_Slot]] = {}
        self.predicates: dict[str, list[_Slot]] = {}
        self.variables: dict[str, _Slot] = {}
        self.numerals: list[_Slot] = []
        self.sums: list[_Slot] = []
        self.number = 0
        for self.number, formula in enumerate(formulas, 1):
            self._visit(formula)

    @property
    def has_named_numerals(self) -> bool:
        return any(slot.root().sorts == {ENTITY} for slot in self.numerals)

    def _fault(
        self, problem: str, *, expected: str = "", hint: str, number: int | None = None
    ) -> SortError:
        number = number or self.number
        formula = self.formulas[number - 1]
        return misplaced(problem, formula, number, expected=expected, hint=hint)

    # ------------------------------------------------------------ what stands where

    def _visit(self, node: Node) -> None:
        for variable in bound_by(node):
            self._variable(variable)
        match node:
            case Atom(predicate=name, args=args):
                slots = self._symbol(self.predicates, self.declared.predicates, name, args)
                self._fill(slots, args)
            case Equals(left=left, right=right):
                self._same(self._term(left), self._term(right))
            case Less(left=left, right=right) | LessEqual(left=left, right=right):
                self._measure(self._term(left), self._term(right))
            case Distinct(terms=terms):
                first, *rest = map(self._term, terms)
                for slot in rest:
                    self._same(first, slot)
            case _:
                for child in children(node):
                    self._visit(child)

    def _term(self, term: Node) -> _Slot:
        match term:
            case Variable():
                return self._variable(term)
            case Number(value=value):
                sort = None if value.denominator == 1 else REAL
                slot = self._slot(name_of(term), sort, value)
                self.numerals.append(slot)
                return slot
            case Arithmetic(left=left, right=right):
                slot = self._slot(name_of(term))
                for side in (left, right):
                    self._measure(slot, self._term(side))
                self.sums.append(slot)
                return slot
            case Count(body=body):
                for variable in bound_by(term):
                    self._variable(variable)
                self._visit(body)
                return self._slot(name_of(term), INTEGER)
            case Apply(function=name, args=args):
                if not args and name in self.members:
                    return self._slot(name, self.members[name])
                slots = self._symbol(self.functions, self.declared.functions, name, args, 1)
                self._fill(slots[1:], args)
                return slots[0]
            case _:
                raise self._fault(
                    f"{type(term).__name__} stands where a thing or number belongs",
                    hint="Give a term there.",
                )

    def _slot(self, what: str, sort: str | None = None, value: Fraction | None = None) -> _Slot:
        sorts = () if sort is None else (INTEGER if sort in self.ranges else sort,)
        return _Slot(what, sort, self.number, frozenset(sorts), value)

    def _variable(self, variable: Variable) -> _Slot:
        if variable.sort not in self.known:
            raise self._fault(
                f"{variable.name} is of sort {variable.sort!r}, which is not declared",
                hint=f"Declare the sort {variable.sort}.",
            )
        slot = self.variables.get(variable.sort)
        if slot is None:
            what = f"a variable of sort {variable.sort}"
            slot = self.variables[variable.sort] = self._slot(what, variable.sort)
        return slot

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
            raise self._fault(
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
            self._slot(name if i < results else f"argument {i - results + 1} of {name}", sort)
            for i, sort in enumerate(sorts)
        ]

    # ------------------------------------------------------------ what has to agree

    def _fill(self, slots: list[_Slot], args: tuple[Term, ...]) -> None:
        for place, arg in zip(slots, args, strict=True):
            slot = self._term(arg)
            self._same(place, slot)
            if place.sort in self.numeric:
                slot.needed.add(place.sort)

    def _same(self, first: _Slot, second: _Slot) -> None:
        self._relate(first, second)
        for one, other in ((first, second), (second, first)):
            if other.value is not None:
                one.numbers.add(other.value)
            elif other.sort in self.numeric:
                one.met.add(other.sort)

    def _measure(self, first: _Slot, second: _Slot) -> None:
        """Numbers that are compared or calculated with: neither is in the other's range for it."""
        self._relate(first, second)
        for slot in (first, second):
            root = slot.root()
            root.compared = root.compared or self.number

    def _relate(self, first: _Slot, second: _Slot) -> None:
        a, b = first.root(), second.root()
        sorts = a.sorts | b.sorts
        if len(sorts) > 1 and not sorts <= _NUMBERS:
            one, other = (slot.sort or min(slot.root().sorts) for slot in (first, second))
            raise self._fault(
                f"{first.what} ({one}) and {second.what} ({other}) are of different sorts",
                expected=f"something of sort {one}",
                hint="Put things of one sort there.",
            )
        for root in (a, b):
            if root.sort is None:  # what is fixed stays as it is
                root.sorts = sorts
        if a is not b and a.sort is None and b.sort is None:
            b.parent = a
            a.compared = a.compared or b.compared
            a.has_number |= b.has_number

    # ------------------------------------------------------------ what follows

    def signature(self) -> Signature:
        for slot in self.numerals:
            self._check_numeric(slot, {ENTITY})  # among things a numeral is a name
            self._sort(slot)
        for slot in self.sums:
            self._check_numeric(slot, set())
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

    def _check_numeric(self, slot: _Slot, others: set[str]) -> None:
        wrong = slot.root().sorts - _NUMBERS - others
        if wrong:
            raise self._fault(
                f"{slot.what} stands where something of sort {min(wrong)!r} belongs",
                hint="Put a member of the sort there, or declare it with numbers.",
                number=slot.at,
            )

    def _found(self, args: list[_Slot], result: _Slot | None) -> SymbolType:
        return SymbolType(
            tuple(map(self._sort, args)), BOOLEAN if result is None else self._sort(result)
        )

    def _sort(self, slot: _Slot) -> str:
        root = slot.root()
        if slot.sort is None and root.sorts <= _NUMBERS:
            return self._inferred(slot, root)
        sort = slot.sort or min(root.sorts)
        kind = self.declared.sorts.get(sort)
        if root.compared and sort not in self.numeric and not isinstance(kind, Enumeration):
            raise self._fault(
                f"{slot.what} ({sort}) is compared or calculated with, but is no number",
                expected="a number, or a member of a list",
                hint="Compare numbers, or members of one list.",
                number=root.compared,
            )
        return sort

    def _inferred(self, slot: _Slot, root: _Slot) -> str:
        """The sort that belongs where it stands; else the least of all that it meets."""
        if not (root.sorts or root.compared or root.has_number):
            return ENTITY
        if slot.needed:
            ranges = slot.needed & self.ranges.keys()
            least = ranges or slot.needed & {INTEGER} or {REAL}
            return min(least) if len(least) == 1 else INTEGER
        if REAL in root.sorts:
            return REAL
        ranges = {
            sort for sort in slot.met & self.ranges.keys() if slot.numbers <= self.ranges[sort]
        }
        return min(ranges) if ranges == slot.met and len(ranges) == 1 else INTEGER


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
