"""Hypothesis strategies for closed, well-sorted formulas and for theories.

Names come from pools that share no name, so that a constant is never spelled like a bound variable;
what is drawn keeps that for names of any other strategy too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from neurosym.formal.fol.dialects.base import make_theory
from neurosym.formal.fol.signature import Enumeration, Range, Signature, SortKind, SymbolType
from neurosym.formal.fol.syntax import (
    BOOLEAN,
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
from neurosym.formal.fol.theory import Option, OptionTest, Statement, Theory

__all__ = ["ALL", "DEFAULT_NAMES", "Feature", "Names", "formulas", "theories"]


class Feature(Enum):
    """What formulas may contain beyond atoms over constants, connectives and quantifiers."""

    EQUALITY = auto()
    FUNCTIONS = auto()
    ARITHMETIC = auto()
    """Integers, decimal fractions, ``+ - *``, ``<`` and ``≤``, numeric constants and functions."""
    FRACTIONS = auto()
    """Besides, fractions such as 1/3 that no decimal spells; only together with ARITHMETIC."""
    SORTS = auto()
    """Variables of named sorts, and with ARITHMETIC of ``Int`` and ``Real``."""
    COUNT = auto()
    DISTINCT = auto()
    XOR = auto()
    TRUTH = auto()


ALL = frozenset(Feature)


@dataclass(frozen=True)
class Names:
    """Where names come from; each strategy has to offer at least ten."""

    predicates: SearchStrategy[str]
    functions: SearchStrategy[str]
    constants: SearchStrategy[str]
    variables: SearchStrategy[str]
    sorts: SearchStrategy[str]


def _pool(names: str) -> SearchStrategy[str]:
    return st.sampled_from(names.split())


DEFAULT_NAMES = Names(
    predicates=_pool("Cold Likes Rain Happy Knows Tall old_friend P Q R1 Between Sees"),
    functions=_pool("father price age motherOf f g h1 size_of weight owner colour_of"),
    constants=_pool("bob fred rex a b c1 alice mary_ann chess u2 Anne n limit"),
    variables=_pool("x y z x1 y2 w v s t z3"),
    sorts=_pool("people things lockers Color houses Animal days seats D1 songs"),
)


@dataclass
class _World:
    """Symbols that formulas are drawn over."""

    features: frozenset[Feature]
    variables: list[str]
    are_listed: bool
    sorts: dict[str, SortKind] = field(default_factory=dict)
    functions: dict[str, SymbolType] = field(default_factory=dict)
    predicates: dict[str, SymbolType] = field(default_factory=dict)
    counts: int = 0
    """How many counts are being drawn, each within the one before."""

    @property
    def numeric(self) -> list[str]:
        return [INTEGER, REAL] if Feature.ARITHMETIC in self.features else []

    @property
    def bindable(self) -> list[str]:
        numeric = self.numeric if Feature.SORTS in self.features else []
        return [ENTITY, *self.sorts, *numeric]

    @property
    def countable(self) -> list[str]:
        if self.counts >= 2:  # written out, counts within counts grow beyond all bounds
            return []
        return (
            [name for name, kind in self.sorts.items() if kind]
            if self.are_listed
            else self.bindable
        )

    @property
    def places(self) -> list[str]:
        return [ENTITY, *self.sorts, *self.numeric]


Scope = dict[str, Variable]


def formulas(
    features: frozenset[Feature] = ALL, names: Names = DEFAULT_NAMES, *, max_depth: int = 4
) -> SearchStrategy[Formula]:
    """Closed well-sorted formulas; sorts other than the built-in ones have no listed members."""

    @st.composite
    def closed(draw: DrawFn) -> Formula:
        world = _draw_world(draw, features, names, are_listed=False)
        return _formula(draw, world, {}, max_depth)

    return closed()


def theories(
    features: frozenset[Feature] = ALL,
    names: Names = DEFAULT_NAMES,
    *,
    max_depth: int = 3,
    has_options: bool = True,
    sentences: SearchStrategy[str] = st.sampled_from(  # noqa: B008 - strategies do not change
        ["", "", "Bob is cold.", "All things (some old) are; cold!", "Ünïcode → ∀x"]
    ),
) -> SearchStrategy[Theory]:
    """Settled theories that declare all their sorts and symbols.

    Sorts may have no members listed, a list of members, or a range; counted is over the latter two.
    """

    @st.composite
    def theory(draw: DrawFn) -> Theory:
        world = _draw_world(draw, features, names, are_listed=True)

        def formula() -> Formula:
            return _formula(draw, world, {}, draw(st.integers(0, max_depth)))

        def statement() -> Statement:
            return Statement(formula(), draw(sentences))

        premises = [statement() for _ in range(draw(st.integers(0, 3)))]
        asks = draw(st.sampled_from(["claim", "nothing", *(["options"] if has_options else [])]))
        claim = statement() if asks == "claim" else None
        labels = "ABCDE"[: draw(st.integers(1, 4))] if asks == "options" else ""
        options = [
            Option(label, formula(), draw(st.sampled_from(OptionTest)), draw(sentences))
            for label in labels
        ]
        declared = Signature(world.sorts, world.functions, world.predicates)
        return make_theory(premises, claim, options, declared=declared)

    return theory()


def _draw_world(
    draw: DrawFn, features: frozenset[Feature], names: Names, *, are_listed: bool
) -> _World:
    used: set[str] = {ENTITY, INTEGER, REAL, BOOLEAN}

    def fresh(strategy: SearchStrategy[str]) -> str:
        name = draw(strategy.filter(lambda name: name not in used))
        used.add(name)
        return name

    variables = [fresh(names.variables) for _ in range(draw(st.integers(1, 3)))]
    world = _World(features, variables, are_listed)
    if Feature.SORTS in features:
        for sort in [fresh(names.sorts) for _ in range(draw(st.integers(1, 2)))]:
            kinds = ["things", "members", *(["range"] if world.numeric else [])]
            kind = draw(st.sampled_from(kinds)) if are_listed else "things"
            if kind == "members":
                count = draw(st.integers(1, 3))
                world.sorts[sort] = Enumeration(tuple(fresh(names.constants) for _ in range(count)))
            elif kind == "range":
                values = draw(st.sets(st.integers(-2, 5), min_size=1, max_size=4))
                world.sorts[sort] = Range(tuple(sorted(values)))
            else:
                world.sorts[sort] = None
    place = st.sampled_from(world.places)
    for sort in world.places:
        world.functions[fresh(names.constants)] = SymbolType((), sort)
    if Feature.FUNCTIONS in features:
        for _ in range(draw(st.integers(1, 2))):
            args = tuple(draw(st.lists(place, min_size=1, max_size=2)))
            world.functions[fresh(names.functions)] = SymbolType(args, draw(place))
    for _ in range(draw(st.integers(1, 3))):
        args = tuple(draw(st.lists(place, max_size=2)))
        world.predicates[fresh(names.predicates)] = SymbolType(args, BOOLEAN)
    return world


def _formula(draw: DrawFn, world: _World, scope: Scope, depth: int) -> Formula:
    if depth == 0:
        return _basic(draw, world, scope)
    kinds = ["basic", "not", "and", "or", "implies", "iff", *["forall", "exists"] * 2]
    if Feature.XOR in world.features:
        kinds.append("xor")

    def inner(scope: Scope = scope) -> Formula:
        return _formula(draw, world, scope, draw(st.integers(max(0, depth - 2), depth - 1)))

    match draw(st.sampled_from(kinds)):
        case "not":
            return Not(inner())
        case "and":
            return And(tuple(inner() for _ in range(draw(st.integers(2, 4)))))
        case "or":
            return Or(tuple(inner() for _ in range(draw(st.integers(2, 4)))))
        case "implies":
            return Implies(inner(), inner())
        case "iff":
            return Iff(inner(), inner())
        case "xor":
            return Xor(inner(), inner())
        case "forall" | "exists" as kind:
            variable = _binder(draw, world, world.bindable)
            body = inner({**scope, variable.name: variable})
            return ForAll(variable, body) if kind == "forall" else Exists(variable, body)
    return _basic(draw, world, scope)


def _binder(draw: DrawFn, world: _World, sorts: list[str]) -> Variable:
    return Variable(draw(st.sampled_from(world.variables)), draw(st.sampled_from(sorts)))


def _basic(draw: DrawFn, world: _World, scope: Scope) -> Formula:
    kinds = ["atom", "atom"]
    features = set(world.features)
    if not world.countable:
        features.discard(Feature.COUNT)
    for feature, kind in (
        (Feature.EQUALITY, "equals"),
        (Feature.DISTINCT, "distinct"),
        (Feature.TRUTH, "truth"),
        (Feature.COUNT, "count"),
        (Feature.ARITHMETIC, "compare"),
    ):
        if feature in features:
            kinds.append(kind)

    def term(sort: str) -> Term:
        return _term(draw, world, scope, sort, 2)

    match draw(st.sampled_from(kinds)):
        case "equals":
            sort = draw(st.sampled_from(world.places))
            return Equals(term(sort), term(sort))
        case "distinct":
            sort = draw(st.sampled_from(world.places))
            return Distinct(tuple(term(sort) for _ in range(draw(st.integers(2, 4)))))
        case "truth":
            return Truth(draw(st.booleans()))
        case "count":
            return Equals(_count(draw, world, scope), Number(Fraction(draw(st.integers(0, 9)))))
        case "compare":
            sort = draw(st.sampled_from(world.numeric))
            make: Any = draw(st.sampled_from([Less, LessEqual]))
            compared: Formula = make(term(sort), term(sort))
            return compared
    name, symbol = draw(st.sampled_from(list(world.predicates.items())))
    return Atom(name, tuple(map(term, symbol.args)))


def _term(draw: DrawFn, world: _World, scope: Scope, sort: str, depth: int) -> Term:
    listed = world.sorts.get(sort)
    bound = [variable for variable in scope.values() if variable.sort == sort]
    simple: list[Term] = [*bound * 4]
    simple += [
        Apply(name) for name, kind in world.functions.items() if kind == SymbolType((), sort)
    ]
    if isinstance(listed, Enumeration):
        simple += map(Apply, listed.members)
    elif isinstance(listed, Range):
        simple += [Number(Fraction(value)) for value in listed.values]
    kinds = ["simple", "simple"]
    if sort in (INTEGER, REAL):
        kinds += ["number", *(["arithmetic"] if depth else [])]
    if depth and sort == INTEGER and Feature.COUNT in world.features and world.countable:
        kinds.append("count")
    functions = [
        (name, kind) for name, kind in world.functions.items() if kind.args and kind.result == sort
    ]
    if depth and functions:
        kinds.append("function")
    match draw(st.sampled_from(kinds)):
        case "number":
            return Number(_number(draw, world, sort))
        case "arithmetic":
            left, right = (_term(draw, world, scope, sort, depth - 1) for _ in range(2))
            return Arithmetic(draw(st.sampled_from(["+", "-", "*"])), left, right)
        case "count":
            return _count(draw, world, scope)
        case "function":
            name, kind = draw(st.sampled_from(functions))
            return Apply(
                name, tuple(_term(draw, world, scope, place, depth - 1) for place in kind.args)
            )
    return draw(st.sampled_from(simple))


def _number(draw: DrawFn, world: _World, sort: str) -> Fraction:
    whole = draw(st.integers(-12, 100))
    if sort == INTEGER:
        return Fraction(whole)
    parts = [1, 2, 10, *([3, 7] if Feature.FRACTIONS in world.features else [])]
    return Fraction(whole, draw(st.sampled_from(parts)))


def _count(draw: DrawFn, world: _World, scope: Scope) -> Count:
    first = _binder(draw, world, world.countable)
    variables: tuple[Variable, ...] = (first,)
    if draw(st.booleans()):
        second = _binder(draw, world, world.countable)
        if second.name != first.name:
            variables = (first, second)
    inner = {**scope, **{variable.name: variable for variable in variables}}
    world.counts += 1
    body = _formula(draw, world, inner, draw(st.integers(0, 1)))
    world.counts -= 1
    return Count(variables, body)
