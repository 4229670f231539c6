"""Formulas and terms as SMT-LIB text, with symbols spelled as one wishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.signature import Enumeration, Range, Signature, sort_of
from neurosym.formal.fol.syntax import (
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
    Node,
    Not,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    Xor,
    free_variables,
    walk,
)
from neurosym.formal.grammar import MAX_CHARACTERS

__all__ = [
    "MEANT",
    "PLAIN",
    "RESERVED",
    "Spelling",
    "formula_text",
    "number_text",
    "symbol",
    "term_text",
]

# fmt: off
RESERVED = frozenset({
    "!", "_", "as", "BINARY", "DECIMAL", "exists", "HEXADECIMAL", "forall", "let", "match",
    "NUMERAL", "par", "STRING", "assert", "check-sat", "check-sat-assuming", "declare-const",
    "declare-datatype", "declare-datatypes", "declare-fun", "declare-sort", "define-const",
    "define-fun", "define-fun-rec", "define-funs-rec", "define-sort", "echo", "exit",
    "get-assertions", "get-assignment", "get-info", "get-model", "get-option", "get-proof",
    "get-unsat-assumptions", "get-unsat-core", "get-value", "pop", "push", "reset",
    "reset-assertions", "set-info", "set-logic", "set-option",
})
"""Words that have to be quoted to be symbols."""
MEANT = frozenset({
    "true", "false", "not", "and", "or", "xor", "=>", "=", "distinct", "ite", "+", "-", "*", "/",
    "<", "<=", ">", ">=", "count",
})
"""Symbols that mean something themselves, quoted or not."""
# fmt: on

_SIMPLE = re.compile(r"[A-Za-z~!@$%^&*_+=<>.?/-][A-Za-z0-9~!@$%^&*_+=<>.?/-]*")
_UNQUOTABLE = re.compile(r"[|\\\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@lru_cache(maxsize=4096)
def symbol(name: str) -> str:
    """A name as a symbol, between bars where it needs them.

    Raises:
        InexpressibleError: It holds a bar, a backslash or a control character, or already means
            something.
    """
    if name in MEANT:
        raise InexpressibleError(
            f"SMT-LIB gives {name!r} a meaning of its own", hint="Give the symbol another name."
        )
    if _SIMPLE.fullmatch(name) and name not in RESERVED:
        return name
    found = _UNQUOTABLE.search(name)
    if found is not None:
        raise InexpressibleError(
            f"no SMT-LIB symbol can hold the character {found[0]!r} of {name!r}",
            hint="Give the symbol another name.",
        )
    return f"|{name}|"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How names are spelled, and what is known of sorts.

    Attributes:
        function: Spells functions, constants and members of enumerations.
        predicate: Spells predicates.
        variable: Spells bound variables; they are spelled apart where two texts would be one.
        sort: Spells sorts.
        guard: Spells the predicate on whole numbers that tells the members of a range.
        rank: Spells the function that gives the place of a member in its enumeration.
        signature: Where given, quantifiers over ranges are guarded, counts are sums over the
            members of their sorts, and members of enumerations are compared by rank.
    """

    function: Callable[[str], str] = symbol
    predicate: Callable[[str], str] = symbol
    variable: Callable[[str], str] = symbol
    sort: Callable[[str], str] = symbol
    guard: Callable[[str], str] = lambda sort: symbol(f"is-{sort}")
    rank: Callable[[str], str] = lambda sort: symbol(f"rank-{sort}")
    signature: Signature | None = None


PLAIN = Spelling()
"""Every name by itself, and nothing known of sorts; read back by the SMT-LIB dialect."""


def formula_text(formula: Formula, spelling: Spelling = PLAIN) -> str:
    """A formula as SMT-LIB writes it.

    Raises:
        InexpressibleError: A name cannot be spelled, or what is counted is not listed.
    """
    return _Printer(spelling, formula).formula(formula, {})


def term_text(term: Term, spelling: Spelling = PLAIN) -> str:
    """A term as SMT-LIB writes it.

    Raises:
        InexpressibleError: A name cannot be spelled, or what is counted is not listed.
    """
    return _Printer(spelling, term).term(term, {})


def number_text(value: Fraction) -> str:
    """An exact number: a numeral, a decimal, or a quotient of numerals."""
    if value < 0:
        return f"(- {number_text(-value)})"
    if value.denominator == 1:
        return str(value.numerator)
    places = _decimal_places(value.denominator)
    if places is None:
        return f"(/ {value.numerator} {value.denominator})"
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _decimal_places(denominator: int) -> int | None:
    """How many digits a decimal needs after its point, ``None`` where more than 30."""
    return next((n for n in range(1, 31) if 10**n % denominator == 0), None)


_Scope: TypeAlias = Mapping[Variable, str]
_INFIX: dict[type, str] = {Implies: "=>", Xor: "xor", Equals: "=", Less: "<", LessEqual: "<="}


class _Printer:
    def __init__(self, spelling: Spelling, node: Node) -> None:
        self.spelling = spelling
        self.signature = spelling.signature
        self.taken = set(_symbols(node, spelling))

    def formula(self, node: Formula, scope: _Scope) -> str:
        match node:
            case Atom(predicate=name, args=args):
                return self._application(self.spelling.predicate(name), args, scope)
            case Not(body=body):
                return f"(not {self.formula(body, scope)})"
            case And(parts=parts) | Or(parts=parts):
                head = "and" if isinstance(node, And) else "or"
                return f"({head} {' '.join([self.formula(part, scope) for part in parts])})"
            case ForAll() | Exists():
                return self._quantified(node, scope)
            case Iff(left=left, right=right):
                return self._iff(left, right, scope)
            case Implies(left=first, right=second) | Xor(left=first, right=second):
                head = _INFIX[type(node)]
                return f"({head} {self.formula(first, scope)} {self.formula(second, scope)})"
            case Equals(left=one, right=other):
                return f"(= {self.term(one, scope)} {self.term(other, scope)})"
            case Less(left=one, right=other) | LessEqual(left=one, right=other):
                head = _INFIX[type(node)]
                return f"({head} {self._compared(one, other, scope)})"
            case Distinct(terms=terms):
                return f"(distinct {' '.join([self.term(term, scope) for term in terms])})"
            case Truth(value=value):
                return "true" if value else "false"

    def term(self, node: Term, scope: _Scope) -> str:
        match node:
            case Variable(name=name):
                return scope.get(node) or self.spelling.variable(name)
            case Apply(function=name, args=args):
                return self._application(self.spelling.function(name), args, scope)
            case Number(value=value):
                return number_text(value)
            case Arithmetic(operator=operator, left=left, right=right):
                return f"({operator} {self.term(left, scope)} {self.term(right, scope)})"
            case Count():
                return self._count(node, scope)

    def _application(self, head: str, args: tuple[Term, ...], scope: _Scope) -> str:
        if not args:
            return head
        return f"({head} {' '.join([self.term(arg, scope) for arg in args])})"

    def _iff(self, left: Formula, right: Formula, scope: _Scope) -> str:
        if self.signature is None and isinstance(left, Atom) and isinstance(right, Atom):
            # Nothing else would tell that the two are no terms.
            head = f"(as {self.spelling.predicate(left.predicate)} Bool)"
            text = self._application(head, left.args, scope)
        else:
            text = self.formula(left, scope)
        return f"(= {text} {self.formula(right, scope)})"

    def _compared(self, left: Term, right: Term, scope: _Scope) -> str:
        texts = [self.term(left, scope), self.term(right, scope)]
        if self.signature is not None:
            sorts = [sort_of(left, self.signature), sort_of(right, self.signature)]
            listed = [isinstance(self.signature.sorts.get(sort), Enumeration) for sort in sorts]
            if any(listed):
                if not all(listed):
                    raise InexpressibleError(
                        f"a member of a list is compared with a number: {' and '.join(texts)}",
                        hint="Compare members of one list, or numbers.",
                    )
                ranks = map(self.spelling.rank, sorts)
                texts = [f"({rank} {text})" for rank, text in zip(ranks, texts, strict=True)]
        return " ".join(texts)

    def _quantified(self, node: ForAll | Exists, scope: _Scope) -> str:
        variable = node.variable
        text, inner = self._bind(variable, node, scope)
        body = self.formula(node.body, inner)
        head, link = ("forall", "=>") if isinstance(node, ForAll) else ("exists", "and")
        if self._is_range(variable.sort):
            body = f"({link} ({self.spelling.guard(variable.sort)} {text}) {body})"
        return f"({head} (({text} {self.spelling.sort(variable.sort)})) {body})"

    def _bind(
        self, variable: Variable, binder: ForAll | Exists | Count, scope: _Scope
    ) -> tuple[str, _Scope]:
        """Spell a variable so that its text hides no symbol and no outer variable of the body."""
        text = plain = self.spelling.variable(variable.name)
        number = 0
        while text in self.taken or self._hides(text, variable, binder, scope):
            number += 1
            text = f"{plain[:-1]}_{number}|" if plain[0] == "|" else f"{plain}_{number}"
        return text, {**scope, variable: text}

    def _hides(
        self, text: str, variable: Variable, binder: ForAll | Exists | Count, scope: _Scope
    ) -> bool:
        others = [key for key, value in scope.items() if value == text and key != variable]
        return bool(others) and not free_variables(binder.body).keys().isdisjoint(others)

    def _is_range(self, sort: str) -> bool:
        return self.signature is not None and isinstance(self.signature.sorts.get(sort), Range)

    def _count(self, node: Count, scope: _Scope) -> str:
        names: list[str] = []
        for variable in node.variables:
            text, scope = self._bind(variable, node, scope)
            names.append(text)
        body = self.formula(node.body, scope)
        if self.signature is None:
            sorts = [self.spelling.sort(variable.sort) for variable in node.variables]
            bound = " ".join(f"({n} {sort})" for n, sort in zip(names, sorts, strict=True))
            return f"(count ({bound}) {body})"
        guards = [
            f"({self.spelling.guard(variable.sort)} {text})"
            for variable, text in zip(node.variables, names, strict=True)
            if self._is_range(variable.sort)
        ]
        if guards:  # says of which range the numbers are
            body = f"(and {' '.join(guards)} {body})"
        members = [self._members(variable.sort) for variable in node.variables]
        return _sum_of_cases(names, members, body)

    def _members(self, sort: str) -> list[str]:
        kind = None if self.signature is None else self.signature.sorts.get(sort)
        if isinstance(kind, Enumeration):
            return list(map(self.spelling.function, kind.members))
        if isinstance(kind, Range):
            return [number_text(Fraction(value)) for value in kind.values]
        raise InexpressibleError(
            f"what is counted is of sort {sort}, whose members are not listed",
            hint=f"List the members of {sort}.",
        )


def _sum_of_cases(names: list[str], members: list[list[str]], body: str) -> str:
    """How often the body holds, as ``(+ (ite (let ((x red)) φ) 1 0) …)``."""
    cases = 1
    for texts in members:
        cases *= len(texts)
    if cases * len(body) > MAX_CHARACTERS:
        raise InexpressibleError(
            f"a count over {cases} cases is too long to write down",
            hint="Count over fewer variables or smaller sorts.",
        )
    terms = []
    for values in product(*members):
        bound = " ".join(f"({n} {value})" for n, value in zip(names, values, strict=True))
        terms.append(f"(ite (let ({bound}) {body}) 1 0)")
    if not terms:
        return "0"
    return terms[0] if len(terms) == 1 else f"(+ {' '.join(terms)})"


def _symbols(node: Node, spelling: Spelling) -> Iterator[str]:
    """The texts of all symbols that the text of a formula may hold."""
    names: set[tuple[Callable[[str], str], str]] = set()
    for item in walk(node):
        if isinstance(item, Apply):
            names.add((spelling.function, item.function))
        elif isinstance(item, Atom):
            names.add((spelling.predicate, item.predicate))
    if spelling.signature is not None:
        for sort, kind in spelling.signature.sorts.items():
            if isinstance(kind, Enumeration):
                names.add((spelling.rank, sort))
                names.update((spelling.function, member) for member in kind.members)
            elif isinstance(kind, Range):
                names.add((spelling.guard, sort))
    for spell, name in names:
        yield spell(name)
