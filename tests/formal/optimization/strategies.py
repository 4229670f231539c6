"""Hypothesis strategies for models in the five elements.

Names of things, of elements and of indices come from pools that share no name. Every index that is
drawn is in its set, so that what is drawn can be written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from neurosym.formal.optimization.expression import (
    ONE,
    Binding,
    Call,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Function,
    Index,
    IndexName,
    Piecewise,
    Power,
    Reference,
    Sum,
    add,
    multiply,
    negate,
)
from neurosym.formal.optimization.model import (
    AnyOf,
    Claim,
    Constraint,
    Count,
    Domain,
    Implies,
    IndexSet,
    Model,
    Objective,
    Parameter,
    Relation,
    Sense,
    Variable,
)

__all__ = ["ALL", "Feature", "models"]


class Feature(Enum):
    """What models may contain beyond linear relations that are not strict."""

    PRODUCTS = auto()
    """Products and powers of variables."""
    QUOTIENTS = auto()
    """Quotients and powers whose lower part, or base, may be anything at all, 0 too."""
    EXACT_FUNCTIONS = auto()
    """Least, greatest and absolute values."""
    FUNCTIONS = auto()
    LOGIC = auto()
    STRICT = auto()
    PIECEWISE = auto()
    THIRDS = auto()
    """Numbers that no floating-point number is."""
    ODD_NAMES = auto()
    """Names that stand in quotes."""
    WORDS = auto()
    """Meanings, units and sentences."""


ALL = frozenset(Feature)

_NAMES = ["x", "ship", "y1", "Größe", "settle", "maximal", "e5", "integers", "cost_2"]
_ODD_NAMES = ["set", "max", "two words", "3rd", 'a "b"', "a#b", "in", "x[1]", "-", "unit", "1.5"]
_ELEMENTS = ["Oslo", "b", "1", "2", "2.5", "10", "Wien_Süd"]
_ODD_ELEMENTS = ["New York", "if", "b-b", "1e5", "-3", "set"]
_INDICES = ["i", "j", "k", "t", "p"]
_ODD_INDICES = ["my index", "sum"]

_Bound: TypeAlias = tuple[Binding, ...]


@dataclass(frozen=True)
class _World:
    """What is declared, and which bindings are open."""

    features: frozenset[Feature]
    sets: Sequence[IndexSet] = ()
    parameters: Sequence[Parameter] = ()
    variables: Sequence[Variable] = ()
    bound: _Bound = field(default=())

    def opened(self, bindings: _Bound) -> _World:
        """The world in which these bindings are open too."""
        names = {name for binding in bindings for name in binding.names}
        outer = tuple(item for item in self.bound if not names & {*item.names})
        return replace(self, bound=(*outer, *bindings))

    def set_of(self, name: str) -> IndexSet:
        return next(item for item in self.sets if item.name == name)

    def pool(self, plain: list[str], odd: list[str]) -> list[str]:
        return plain + odd if Feature.ODD_NAMES in self.features else plain


@st.composite
def models(draw: DrawFn, features: frozenset[Feature] = ALL, constraints: int = 4) -> Model:
    """Models whose parts fit together, with up to so many constraints."""
    world = _World(features)
    names = iter(draw(st.permutations(world.pool(_NAMES, _ODD_NAMES))))
    for _ in range(draw(st.integers(0, 2))):
        item = draw(_sets(world, next(names)))
        world = replace(world, sets=(*world.sets, item))
    for _ in range(draw(st.integers(0, 2))):
        parameter = draw(_parameters(world, next(names)))
        world = replace(world, parameters=(*world.parameters, parameter))
    declared = [draw(_variables(world, next(names))) for _ in range(draw(st.integers(1, 2)))]
    world = replace(world, variables=tuple(declared))
    objective = Objective(
        draw(st.sampled_from(Sense)), draw(_expressions(world)),
        draw(st.sampled_from(["objective", next(names)])), draw(_words(world)), draw(_words(world)),
    )  # fmt: skip
    numbers = range(draw(st.integers(0, constraints)))
    return Model(
        objective,
        tuple(draw(_constraints(world, f"c{number}")) for number in numbers),
        world.variables,  # type: ignore[arg-type]
        world.parameters,  # type: ignore[arg-type]
        world.sets,  # type: ignore[arg-type]
    )


def _words(world: _World) -> SearchStrategy[str]:
    if Feature.WORDS not in world.features:
        return st.just("")
    return st.text(alphabet="az ß'#%.,;:{}@1\\", max_size=8)


def _numbers(world: _World, *, least: int = -9) -> SearchStrategy[Fraction]:
    parts = [1, 1, 2, 4, *([3, 7, 10] if Feature.THIRDS in world.features else [])]
    return st.builds(Fraction, st.integers(least, 20), st.sampled_from(parts))


# ---------------------------------------------------------------- declarations


@st.composite
def _sets(draw: DrawFn, world: _World, name: str) -> IndexSet:
    labels = st.sampled_from(world.pool(_ELEMENTS, _ODD_ELEMENTS))
    width = draw(st.sampled_from([1, 1, 2]))
    element = st.tuples(*[labels] * width)
    elements = draw(st.lists(element, min_size=1, max_size=3, unique=True))
    return IndexSet(name, tuple(elements), draw(_words(world)))


def _over(world: _World) -> SearchStrategy[list[str]]:
    names = [item.name for item in world.sets]
    return st.lists(st.sampled_from(names), max_size=2) if names else st.just([])


@st.composite
def _parameters(draw: DrawFn, world: _World, name: str) -> Parameter:
    over = tuple(draw(_over(world)))
    keys = [
        tuple(part for element in combination for part in element)
        for combination in product(*(world.set_of(item).elements for item in over))
    ]
    values = {key: draw(_numbers(world)) for key in keys}
    return Parameter(name, over, values, draw(_words(world)), draw(_words(world)))


@st.composite
def _bindings(draw: DrawFn, world: _World, over: Sequence[str]) -> _Bound:
    free = iter(draw(st.permutations(world.pool(_INDICES, _ODD_INDICES))))
    return tuple(
        Binding(tuple(next(free) for _ in range(world.set_of(name).width)), name) for name in over
    )


@st.composite
def _variables(draw: DrawFn, world: _World, name: str) -> Variable:
    over = draw(_bindings(world, draw(_over(world))))
    # A bound is of numbers and parameters; no variable is declared yet in this world.
    inner = world.opened(over)
    lower, upper = (draw(st.none() | _linear(inner, depth=1)) for _ in range(2))
    domain = draw(st.sampled_from(Domain))
    return Variable(name, over, domain, lower, upper, draw(_words(world)), draw(_words(world)))


# ---------------------------------------------------------------- constraints


@st.composite
def _constraints(draw: DrawFn, world: _World, name: str) -> Constraint:
    over = draw(_bindings(world, draw(_over(world))))
    inner = world.opened(over)
    conditions = draw(_conditions(inner, over))
    sentence = None
    if Feature.WORDS in world.features:
        sentence = draw(st.none() | st.integers(0, 30))
    return Constraint(name, draw(_claims(inner)), over, conditions, sentence, draw(_words(world)))


@st.composite
def _claims(draw: DrawFn, world: _World) -> Claim:
    kinds = ["relation", "relation"]
    if Feature.LOGIC in world.features:
        kinds += ["implies", "any", "count"]
    match draw(st.sampled_from(kinds)):
        case "implies":
            return Implies(draw(_relations(world)), draw(_relations(world)))
        case "any":
            return AnyOf(tuple(draw(st.lists(_relations(world), min_size=2, max_size=3))))
        case "count":
            inside = tuple(draw(st.lists(_relations(world), min_size=1, max_size=3)))
            counts = [Comparison.AT_MOST, Comparison.AT_LEAST, Comparison.EQUAL]
            number = draw(st.integers(0, len(inside)))
            return Count(draw(st.sampled_from(counts)), number, inside)
    return draw(_relations(world))


def _relations(world: _World) -> SearchStrategy[Relation]:
    signs = [Comparison.AT_MOST, Comparison.EQUAL, Comparison.AT_LEAST]
    if Feature.STRICT in world.features:
        signs = [*Comparison]
    return st.builds(Relation, _expressions(world), st.sampled_from(signs), _expressions(world))


@st.composite
def _conditions(draw: DrawFn, world: _World, bindings: _Bound) -> tuple[Condition, ...]:
    names = [(name, item) for item in bindings for name in item.names]
    found = []
    for _ in range(draw(st.integers(0, 2)) if names else 0):
        name, binding = draw(st.sampled_from(names))
        if len(binding.names) > 1:  # what a tuple is made of has no order of its own
            signs, others = [Comparison.EQUAL, Comparison.DIFFERENT], [n for n, _ in names]
        else:
            signs, others = [*Comparison], [n for n, item in names if item.over == binding.over]
        place = binding.names.index(name)
        labels = [element[place] for element in world.set_of(binding.over).elements]
        sides: list[Index] = [*map(IndexName, others), *map(Element, labels)]
        right = draw(st.sampled_from(sides))
        found.append(Condition(IndexName(name), draw(st.sampled_from(signs)), right))
    return tuple(found)


# ---------------------------------------------------------------- expressions


def _expressions(world: _World) -> SearchStrategy[Expression]:
    if world.features & {Feature.PRODUCTS, Feature.QUOTIENTS, Feature.FUNCTIONS}:
        return _any(world, depth=2)
    return _linear(world, depth=2)


@st.composite
def _references(draw: DrawFn, world: _World, *, variables: bool) -> Expression:
    """A parameter, or variable, at elements that it is declared for; else a number."""
    declared: list[tuple[str, Sequence[str]]] = [(p.name, p.over) for p in world.parameters]
    if variables:
        declared = [(v.name, [item.over for item in v.over]) for v in world.variables]
    if not declared:
        return Constant(draw(_numbers(world)))
    name, over = draw(st.sampled_from(declared))
    indices: list[Index] = []
    for item in over:
        ways: list[Sequence[Index]] = [
            [IndexName(part) for part in binding.names]
            for binding in world.bound
            if binding.over == item
        ]
        ways += [[*map(Element, element)] for element in world.set_of(item).elements]
        indices += draw(st.sampled_from(ways))
    return Reference(name, tuple(indices))


@st.composite
def _plain_numbers(draw: DrawFn, world: _World) -> Expression:
    """A number, a parameter, or an index whose elements are numbers."""
    found = [draw(_references(world, variables=False)), Constant(draw(_numbers(world)))]
    for binding in world.bound:
        elements = world.set_of(binding.over).elements
        if len(binding.names) == 1 and all(label.isdigit() for (label,) in elements):
            found.append(Reference(binding.names[0]))
    return draw(st.sampled_from(found))


@st.composite
def _linear(draw: DrawFn, world: _World, depth: int) -> Expression:
    kinds = ["number", "variable", "variable"]
    if depth:
        kinds += ["add", "scale", "negate", "sum", "sum"]
        kinds += ["piecewise"] if Feature.PIECEWISE in world.features else []
    match draw(st.sampled_from(kinds)):
        case "number":
            return draw(_plain_numbers(world))
        case "add":
            return add(*draw(st.lists(_linear(world, depth - 1), min_size=2, max_size=3)))
        case "scale":
            factors = [draw(_plain_numbers(world)), draw(_linear(world, depth - 1))]
            return multiply(*draw(st.permutations(factors)))
        case "negate":
            return negate(draw(_linear(world, depth - 1)))
        case "sum":
            return draw(_sums(world, depth - 1, linear=True))
        case "piecewise":
            return Piecewise(draw(_linear(world, depth - 1)), draw(_points(world)))
    return draw(_references(world, variables=bool(world.variables)))


@st.composite
def _any(draw: DrawFn, world: _World, depth: int) -> Expression:
    """Any expression; what is not allowed is drawn linear."""
    features = world.features
    if depth and Feature.PRODUCTS in features and draw(st.booleans()):
        factors = [draw(_any(world, depth - 1)) for _ in range(2)]
        exponent = Constant(Fraction(draw(st.integers(0, 3))))
        ways = [multiply(*factors), add(*factors), Power(factors[0], exponent)]
        return draw(st.sampled_from([*ways, draw(_sums(world, depth - 1, linear=False))]))
    if depth and Feature.QUOTIENTS in features and draw(st.booleans()):
        above, below = draw(_any(world, depth - 1)), draw(_any(world, depth - 1))
        return draw(st.sampled_from([_quotient(above, below), Power(above, below)]))
    if depth and features & {Feature.FUNCTIONS, Feature.EXACT_FUNCTIONS} and draw(st.booleans()):
        return draw(_calls(world, depth - 1))
    return draw(_linear(world, depth))


def _quotient(above: Expression, below: Expression) -> Expression:
    """A quotient as it is read: of a number, the product with its inverse."""
    if isinstance(below, Constant) and below.value:
        return multiply(Constant(1 / below.value), above)
    return Divide(above, below)


@st.composite
def _calls(draw: DrawFn, world: _World, depth: int) -> Expression:
    several = [Function.MIN, Function.MAX]
    single = [*Function] if Feature.FUNCTIONS in world.features else [Function.ABS, *several]
    if draw(st.booleans()):
        return Call(draw(st.sampled_from(single)), (draw(_any(world, depth)),))
    arguments = draw(st.lists(_any(world, depth), min_size=2, max_size=3))
    return Call(draw(st.sampled_from(several)), tuple(arguments))


@st.composite
def _sums(draw: DrawFn, world: _World, depth: int, *, linear: bool) -> Expression:
    over = draw(_over(world))
    if not over:
        return ONE
    bindings = draw(_bindings(world, over))
    inner = world.opened(bindings)
    conditions = draw(_conditions(inner, bindings))
    term = draw(_linear(inner, depth) if linear else _any(inner, depth))
    return Sum(bindings, term, conditions)


@st.composite
def _points(draw: DrawFn, world: _World) -> tuple[tuple[Fraction, Fraction], ...]:
    first = draw(st.lists(_numbers(world), min_size=2, max_size=4, unique=True))
    return tuple((x, draw(_numbers(world))) for x in sorted(first))
