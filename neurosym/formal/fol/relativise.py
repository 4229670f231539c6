"""Theories without sorts: each sort becomes a predicate that guards its quantifiers.

For provers that know one sort, and one role of each name. The result has the same consequences,
and is satisfiable if and only if the theory is. Enumerations and ranges are closed by axioms; the
numbers of ranges become constants. Counts of things that are not listed are said by quantifiers
(see :mod:`neurosym.formal.fol.counting`). What needs arithmetic has no such form.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from neurosym.errors import InexpressibleError
from neurosym.formal.fol.counting import without_counts
from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.rewriting import rewritten
from neurosym.formal.fol.sorts import Enumeration, Range, Signature, SymbolType
from neurosym.formal.fol.syntax import (
    ENTITY,
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
    Implies,
    Less,
    LessEqual,
    Number,
    Or,
    Term,
    Truth,
    Variable,
    rebuild,
    walk,
)
from neurosym.formal.fol.theory import Statement, Theory

__all__ = ["relativise"]


def relativise(theory: Theory) -> Theory:
    """The theory with no sort but ``Entity``, and no predicate named like a thing or function.

    Itself if it has neither, nor counts that can be said otherwise. What is known of sorts comes
    before its premises: that each has something in it, which members it has, and of which sorts
    the values of functions are.

    Raises:
        InexpressibleError: It has arithmetic, comparisons, counts or the sorts of numbers.
    """
    theory = _with_one_role(without_counts(theory))
    for formula in theory.formulas:
        _check(formula)
    tables = (theory.signature.functions, theory.signature.predicates)
    used = {sort for table in tables for kind in table.values() for sort in kind.args}
    used |= {kind.result for kind in theory.signature.functions.values()}
    if numeric := used & {INTEGER, REAL}:
        raise _without(f"symbols of the sort {min(numeric)}")
    if not theory.signature.sorts:
        return theory
    world = _World(theory)
    declared = Signature(
        functions={name: _untyped(kind) for name, kind in theory.signature.functions.items()},
        predicates={name: _untyped(kind) for name, kind in theory.signature.predicates.items()},
    )
    axioms = map(Statement, world.axioms(theory.signature))
    plain = rewritten(theory, world.guarded)
    return make_theory(
        [*axioms, *plain.premises], plain.claim, plain.options, declared=declared,
        source=theory.source, repairs=theory.repairs,
    )  # fmt: skip


def _with_one_role(theory: Theory) -> Theory:
    """The theory with other names for predicates that share theirs; itself if there are none.

    In TPTP a name is one symbol: taken for a predicate and a constant, it would be neither.
    """
    signature = theory.signature
    taken = {*signature.functions, *signature.members()}
    both = taken & signature.predicates.keys()
    if not both:
        return theory
    taken |= signature.predicates.keys()
    names: dict[str, str] = {}
    for name in sorted(both):
        names[name] = _fresh(name, taken)
        taken.add(names[name])

    def change(node: Any) -> Any:
        node = rebuild(node, change)
        if isinstance(node, Atom) and node.predicate in names:
            return Atom(names[node.predicate], node.args)
        return node

    predicates = {names.get(name, name): kind for name, kind in signature.predicates.items()}
    return replace(rewritten(theory, change), signature=replace(signature, predicates=predicates))


class _World:
    """The predicates that stand for sorts, and the constants that stand for numbers."""

    def __init__(self, theory: Theory) -> None:
        signature = theory.signature
        self.ranges = {k for k, kind in signature.sorts.items() if isinstance(kind, Range)}
        taken = {*signature.functions, *signature.predicates, *signature.members()}
        self.guards: dict[str, str] = {}
        for sort in (ENTITY, *signature.sorts):
            self.guards[sort] = _fresh(sort, taken)
            taken.add(self.guards[sort])
        values = {
            Fraction(value)
            for kind in signature.sorts.values()
            if isinstance(kind, Range)
            for value in kind.values
        }
        for formula in theory.formulas:
            values |= {item.value for item in walk(formula) if isinstance(item, Number)}
        self.numbers: dict[Fraction, str] = {}
        for value in sorted(values):
            self.numbers[value] = _fresh(str(value), taken)
            taken.add(self.numbers[value])

    def guard(self, term: Term, sort: str) -> Formula:
        return Atom(self.guards[sort], (term,))

    def guarded(self, node: Any) -> Any:
        """A formula or term with guards in place of sorts."""
        match node:
            case Variable(name=name):
                return Variable(name)
            case Number(value=value):
                return Apply(self.numbers[value])
            case ForAll(variable=variable, body=body):
                plain = Variable(variable.name)
                condition = self.guard(plain, variable.sort)
                return ForAll(plain, Implies(condition, self.guarded(body)))
            case Exists(variable=variable, body=body):
                plain = Variable(variable.name)
                condition = self.guard(plain, variable.sort)
                return Exists(plain, And((condition, self.guarded(body))))
        return rebuild(node, self.guarded)

    def axioms(self, signature: Signature) -> Iterator[Formula]:
        """What has to be said of sorts where they are predicates."""
        x = Variable("x")
        if len(self.numbers) > 1:
            yield Distinct(tuple(map(Apply, self.numbers.values())))
        yield Exists(x, self.guard(x, ENTITY))
        for sort, kind in signature.sorts.items():
            if kind is None:
                yield Exists(x, self.guard(x, sort))
                continue
            names = kind.members if isinstance(kind, Enumeration) else self._names(kind)
            members = tuple(map(Apply, names))
            for member in members:
                yield self.guard(member, sort)
            yield ForAll(x, Implies(self.guard(x, sort), _one_of(x, members)))
            if isinstance(kind, Enumeration) and len(members) > 1:
                yield Distinct(members)
        for name, symbol in signature.functions.items():
            yield self._typing(name, symbol)

    def _names(self, kind: Range) -> tuple[str, ...]:
        return tuple([self.numbers[Fraction(value)] for value in kind.values])

    def _typing(self, name: str, symbol: SymbolType) -> Formula:
        variables = tuple(Variable(f"x{i}") for i, _ in enumerate(symbol.args, 1))
        formula = self.guard(Apply(name, variables), symbol.result)
        for variable, sort in reversed(list(zip(variables, symbol.args, strict=True))):
            # Numbers may be outside of their range; of them a function has some value, too.
            if sort not in self.ranges:
                formula = Implies(self.guard(variable, sort), formula)
            formula = ForAll(variable, formula)
        return formula


def _one_of(variable: Variable, members: tuple[Apply, ...]) -> Formula:
    tests = tuple([Equals(variable, member) for member in members])
    if len(tests) > 1:
        return Or(tests)
    return tests[0] if tests else Truth(False)


def _untyped(symbol: SymbolType) -> SymbolType:
    result = ENTITY if symbol.result != "Bool" else symbol.result
    return SymbolType((ENTITY,) * len(symbol.args), result)


def _fresh(name: str, taken: Container[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _check(formula: Formula) -> None:
    for item in walk(formula):
        match item:
            case Less() | LessEqual():
                raise _without("comparisons of numbers")
            case Arithmetic():
                raise _without("arithmetic")
            case Count():
                raise _without("counts")
            case ForAll(variable=Variable(sort=sort)) | Exists(variable=Variable(sort=sort)):
                if sort in (INTEGER, REAL):
                    raise _without(f"variables of the sort {sort}")


def _without(what: str) -> InexpressibleError:
    return InexpressibleError(
        f"logic without sorts has no {what}", hint="Use the SMT-LIB dialect for this theory."
    )
