"""Theories as SMT-LIB scripts in a normal form: what Z3 is given, the same up to renaming."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from neurosym.errors import InexpressibleError, SortError
from neurosym.formal.fol.counting import MAX_COUNTED, without_counts
from neurosym.formal.fol.places import may_leave
from neurosym.formal.fol.sorts import Enumeration, Range, Signature, SymbolType, sort_of
from neurosym.formal.fol.syntax import (
    BOOLEAN,
    INTEGER,
    REAL,
    And,
    Apply,
    Arithmetic,
    Atom,
    Count,
    Distinct,
    Equals,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Less,
    LessEqual,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Theory

__all__ = ["MAX_SCRIPT", "Script", "lower"]

MAX_SCRIPT = 4_000_000
"""Characters of the longest script; quantifiers over listed things multiply what they are about."""
_STRICT = "(set-option :int-real-coercions false)"
"""Z3 is to refuse what it would convert by itself: a real number by cutting off its fraction."""


@dataclass(frozen=True, slots=True)
class Script:
    """A theory as Z3 is given it.

    Sorts, symbols and members are renamed in the order of their first appearance, so that theories
    that differ in names only have one script, and one digest.

    Attributes:
        declarations: Declarations, and axioms that hold of them.
        premises: The premises' formulas.
        claim: The claim's formula, ``None`` where there is none.
        options: The options' formulas.
        names: The theory's name of each renamed function and predicate.
        members: Each name of an enumeration's member, by its renamed one.
        functions: Types of the functions that occur, in renamed names and sorts.
        predicates: Types of the predicates likewise.
        domains: Renamed members, or numbers, of each finite sort, by its name in the types.
    """

    declarations: tuple[str, ...]
    premises: tuple[str, ...]
    claim: str | None
    options: tuple[str, ...]
    names: Mapping[str, str]
    members: Mapping[str, str]
    functions: Mapping[str, SymbolType]
    predicates: Mapping[str, SymbolType]
    domains: Mapping[str, tuple[str, ...]]

    @property
    def open_sorts(self) -> tuple[str, ...]:
        """The sorts whose members are not listed, by their renamed names."""
        opened = (line.split() for line in self.declarations if line.startswith("(declare-sort "))
        return tuple(words[1] for words in opened)

    @property
    def digest(self) -> str:
        """Hexadecimal digits that stand for the script: equal for theories equal up to renaming."""
        parts = [*self.declarations, "|", *self.premises, "|", self.claim or "", "|", *self.options]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def lower(theory: Theory) -> Script:
    """The script of a theory.

    Quantifiers over listed sorts become conjunctions and disjunctions, counts become sums; those of
    things that are not listed are said by quantifiers, if they are compared with small numbers.

    Raises:
        SortError: The theory counts other things that are not listed, calculates other than
            linearly, or has real numbers where whole ones belong.
        InexpressibleError: The script would be longer than :data:`MAX_SCRIPT`.
    """
    theory = without_counts(theory)
    lowering = _Lowering(theory.signature)
    premises = tuple(lowering.formula(item.formula, {}) for item in theory.premises)
    claim = None if theory.claim is None else lowering.formula(theory.claim.formula, {})
    options = tuple(lowering.formula(item.formula, {}) for item in theory.options)
    return Script(
        declarations=lowering.declarations(),
        premises=premises,
        claim=claim,
        options=options,
        names={new: old for (_, old), new in lowering.symbols.items()},
        members={new: old for old, new in lowering.members.items()},
        functions=lowering.functions,
        predicates=lowering.predicates,
        domains=lowering.domains,
    )


_Scope = Mapping[Variable, str]


class _Lowering:
    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.member_sorts = signature.members()
        self.sorts: dict[str, str] = {INTEGER: INTEGER, REAL: REAL, BOOLEAN: BOOLEAN}
        self.symbols: dict[tuple[str, str], str] = {}
        self.functions: dict[str, SymbolType] = {}
        self.predicates: dict[str, SymbolType] = {}
        self.members: dict[str, str] = {}
        self.domains: dict[str, tuple[str, ...]] = {}
        self.ordered: dict[str, None] = {}
        self.strays: dict[str, set[int]] = {}
        """Of functions into ranges, the places whose arguments may be outside of their range."""
        self.depth = 0
        self.size = 0

    # ------------------------------------------------------------ names

    def sort(self, name: str) -> str:
        new = self.sorts.get(name)
        if new is None:
            new = self.sorts[name] = f"S{len(self.sorts)}"
            kind = self.signature.sorts.get(name)
            if isinstance(kind, Enumeration):
                members = tuple(f"{new}m{i}" for i in range(len(kind.members)))
                self.members |= dict(zip(kind.members, members, strict=True))
                self.domains[new] = members
            elif isinstance(kind, Range):
                self.domains[new] = tuple(map(_integer, kind.values))
        return new

    def symbol(self, kind: str, name: str) -> str:
        new = self.symbols.get((kind, name))
        if new is None:
            new = self.symbols[kind, name] = f"{kind}{len(self.symbols)}"
            table = self.signature.functions if kind == "f" else self.signature.predicates
            own = self.functions if kind == "f" else self.predicates
            given = table[name]
            own[new] = SymbolType(tuple(map(self.sort, given.args)), self.sort(given.result))
        return new

    def is_range(self, sort: str) -> bool:
        return isinstance(self.signature.sorts.get(sort), Range)

    # ------------------------------------------------------------ formulas

    def formula(self, node: Formula, scope: _Scope) -> str:
        text = self._formula(node, scope)
        self.size += len(text)
        if self.size > MAX_SCRIPT:
            raise InexpressibleError(
                "the theory says too much about too many things to be written out",
                hint="Use shorter lists, or fewer quantifiers and counts inside each other.",
            )
        return text

    def _formula(self, node: Formula, scope: _Scope) -> str:
        match node:
            case Atom(predicate=name, args=args):
                return self._applied("p", name, args, scope)
            case Not(body=body):
                return f"(not {self.formula(body, scope)})"
            case And(parts=parts) | Or(parts=parts):
                inside = " ".join([self.formula(part, scope) for part in parts])
                return f"({'and' if isinstance(node, And) else 'or'} {inside})"
            case Implies(left=left, right=right) | Iff(left=left, right=right):
                sign = "=>" if isinstance(node, Implies) else "="
                return f"({sign} {self.formula(left, scope)} {self.formula(right, scope)})"
            case Xor(left=left, right=right):
                return f"(xor {self.formula(left, scope)} {self.formula(right, scope)})"
            case ForAll(variable=variable, body=body) | Exists(variable=variable, body=body):
                return self._quantified(node, variable, body, scope)
            case _:
                return self._relation(node, scope)

    def _relation(self, node: Formula, scope: _Scope) -> str:
        match node:
            case Equals(left=left, right=right):
                return f"(= {self._alike((left, right), scope)})"
            case Less(left=left, right=right):
                return f"(< {self._measures(left, right, scope)})"
            case LessEqual(left=left, right=right):
                return f"(<= {self._measures(left, right, scope)})"
            case Distinct(terms=terms):
                return f"(distinct {self._alike(terms, scope)})"
            case Truth(value=value):
                return "true" if value else "false"
        raise AssertionError(node)

    def _measures(self, left: Term, right: Term, scope: _Scope) -> str:
        """Two terms to be compared: of listed things, their places in the list."""
        sort = sort_of(left, self.signature)
        if not isinstance(self.signature.sorts.get(sort), Enumeration):
            return self._alike((left, right), scope)
        new = self.sort(sort)
        self.ordered[new] = None
        return " ".join([f"(order{new} {self.term(term, scope)})" for term in (left, right)])

    def _alike(self, terms: tuple[Term, ...], scope: _Scope) -> str:
        """Terms of one sort, all of them real numbers if one is."""
        place = REAL if any(map(self._is_real, terms)) else ""
        return " ".join([self.placed(term, place, scope) for term in terms])

    def _quantified(
        self, node: ForAll | Exists, variable: Variable, body: Formula, scope: _Scope
    ) -> str:
        sort = self.sort(variable.sort)
        domain = self.domains.get(sort)
        if domain is None:
            name = f"x{self.depth}"
            self.depth += 1
            inside = self.formula(body, {**scope, variable: name})
            self.depth -= 1
            sign = "forall" if isinstance(node, ForAll) else "exists"
            return f"({sign} (({name} {sort})) {inside})"
        parts = [self.formula(body, {**scope, variable: value}) for value in domain]
        if len(parts) == 1:
            return parts[0]
        return f"({'and' if isinstance(node, ForAll) else 'or'} {' '.join(parts)})"

    # ------------------------------------------------------------ terms

    def placed(self, term: Term, place: str, scope: _Scope) -> str:
        """A term as something of the sort of its place: a whole number there becomes real."""
        is_real = self._is_real(term)
        if place == REAL and not is_real:
            if isinstance(term, Number):
                return _real(term.value)
            return f"(to_real {self.term(term, scope)})"
        if is_real and place not in (REAL, ""):
            raise SortError(
                "a real number stands where a whole one belongs",
                hint="Put a whole number there, or let the symbol be of real numbers.",
            )
        return self.term(term, scope)

    def _is_real(self, term: Term) -> bool:
        if isinstance(term, Apply):  # the members of lists, of which there may be many, are none
            kind = self.signature.functions.get(term.function)
            return kind is not None and kind.result == REAL
        return sort_of(term, self.signature) == REAL

    def term(self, node: Term, scope: _Scope) -> str:
        match node:
            case Variable():
                return scope[node]
            case Apply(function=name, args=args):
                if not args and name in self.member_sorts:
                    self.sort(self.member_sorts[name])
                    return self.members[name]
                return self._applied("f", name, args, scope)
            case Number(value=value):
                return _integer(value.numerator) if value.denominator == 1 else _real(value)
            case Arithmetic(operator=sign, left=left, right=right):
                if sign == "*" and not (_is_constant(left) or _is_constant(right)):
                    raise SortError(
                        "two unknown numbers are multiplied",
                        hint="Say it linearly: multiply by numbers only.",
                    )
                return f"({sign} {self._alike((left, right), scope)})"
            case Count(variables=variables, body=body):
                return self._count(variables, body, scope)

    def _count(self, variables: tuple[Variable, ...], body: Formula, scope: _Scope) -> str:
        domains = []
        for variable in variables:
            domain = self.domains.get(self.sort(variable.sort))
            if domain is None:
                raise SortError(
                    f"things of sort {variable.sort!r} are counted, but they are not listed",
                    hint="List the members of the sort, or compare their count with a number "
                    f"up to {MAX_COUNTED}.",
                )
            domains.append(domain)
        parts = []
        for values in product(*domains):
            inner = {**scope, **dict(zip(variables, values, strict=True))}
            parts.append(f"(ite {self.formula(body, inner)} 1 0)")
        return f"(+ {' '.join(parts)})" if len(parts) > 1 else parts[0]

    def _applied(self, kind: str, name: str, args: tuple[Term, ...], scope: _Scope) -> str:
        new = self.symbol(kind, name)
        if not args:
            return new
        table = self.signature.functions if kind == "f" else self.signature.predicates
        given = table[name]
        if self.is_range(given.result):
            for place, (arg, sort) in enumerate(zip(args, given.args, strict=True)):
                if may_leave(arg, sort, self.signature):
                    self.strays.setdefault(new, set()).add(place)
        texts = [self.placed(*pair, scope) for pair in zip(args, given.args, strict=True)]
        return f"({new} {' '.join(texts)})"

    # ------------------------------------------------------------ declarations

    def declarations(self) -> tuple[str, ...]:
        return (_STRICT, *self._sorts(), *self._symbols(), *self._axioms())

    def _sorts(self) -> Iterator[str]:
        for old, new in self.sorts.items():
            if old in (INTEGER, REAL, BOOLEAN):
                continue
            if self.is_range(old):
                yield f"(define-sort {new} () Int)"
            elif new in self.domains:
                members = " ".join(f"({name})" for name in self.domains[new])
                yield f"(declare-datatypes (({new} 0)) (({members})))"
            else:
                yield f"(declare-sort {new} 0)"
        for new in self.ordered:
            *others, last = enumerate(self.domains[new])
            text = str(last[0])
            for place, member in reversed(others):
                text = f"(ite (= x {member}) {place} {text})"
            yield f"(define-fun order{new} ((x {new})) Int {text})"

    def _symbols(self) -> Iterator[str]:
        for name, kind in {**self.functions, **self.predicates}.items():
            yield f"(declare-fun {name} ({' '.join(kind.args)}) {kind.result})"

    def _axioms(self) -> Iterator[str]:
        """What the values of functions into a range are."""
        ranges = {self.sorts[sort] for sort in self.sorts if self.is_range(sort)}
        for name, kind in self.functions.items():
            if kind.result not in ranges:
                continue
            values = self.domains[kind.result]
            strays = sorted(self.strays.get(name, ()))
            bound = " ".join([f"(y{place} Int)" for place in strays])
            for args in self._arguments(kind.args, strays):
                text = _among(f"({name} {' '.join(args)})" if args else name, values)
                yield f"(assert (forall ({bound}) {text}))" if bound else f"(assert {text})"

    def _arguments(self, sorts: Iterable[str], strays: Sequence[int]) -> Iterator[tuple[str, ...]]:
        """All arguments of these sorts, where each is listed; a variable for any whole number."""
        domains = [
            (f"y{place}",) if place in strays else self.domains.get(sort)
            for place, sort in enumerate(sorts)
        ]
        if any(domain is None for domain in domains):
            raise SortError(
                "a function of things that are not listed has values in a list of numbers",
                hint="List the members of the sort, or let its values be any whole numbers.",
            )
        return product(*(domain for domain in domains if domain is not None))


def _among(term: str, values: tuple[str, ...]) -> str:
    numbers = [int(value.strip("()- ")) * (-1 if "-" in value else 1) for value in values]
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"(and (<= {values[0]} {term}) (<= {term} {values[-1]}))"
    return f"(or {' '.join(f'(= {term} {value})' for value in values)})"


def _integer(value: int) -> str:
    return str(value) if value >= 0 else f"(- {-value})"


def _real(value: Fraction) -> str:
    size = f"{abs(value.numerator)}.0"
    if value.denominator != 1:
        size = f"(/ {size} {value.denominator}.0)"
    return size if value >= 0 else f"(- {size})"


def _is_constant(term: Term) -> bool:
    """Whether a term is a number whatever the symbols mean."""
    if isinstance(term, Arithmetic):
        return _is_constant(term.left) and _is_constant(term.right)
    return isinstance(term, Number)
