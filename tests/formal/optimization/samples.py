"""Models that the tests of formats share."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from neurosym.formal.optimization.expression import (
    Binding,
    Call,
    Comparison,
    Condition,
    Constant,
    Divide,
    Element,
    Expression,
    Function,
    IndexName,
    Piecewise,
    Power,
    Reference,
    Sum,
    add,
    multiply,
    negate,
)
from neurosym.formal.optimization.language.reader import read_model
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

from .strategies import ALL, Feature, models

__all__ = ["BOATS", "LINEAR_MODELS", "MODELS", "SHIPPING", "TRICKY", "WIDER_MODELS"]

BOATS = read_model(
    """var boats integer >= 0 "boats to rent"
var canoes integer >= 0 "canoes to rent"
minimize cost: 60 boats + 25.5 canoes unit "dollars"
seats @2: 10 boats + 8 canoes >= 300 "At least 300 tourists want to go."
few: canoes <= 1/3 * boats
""",
    name="boats",
)
SHIPPING = read_model(
    """set Markets = Oslo, Bergen, 'New York' "where we sell"
set Arcs = (a, b), (b, c)
param demand{Markets} = Oslo: 30, Bergen: 12.5, 'New York': 1/3 unit "tonnes" "what is asked for"
param rate = 70% "share"
param cost{Arcs} = (a, b): 3, (b, c): 4
var ship{m in Markets} integer >= 0 <= 90 unit "tonnes" "what is shipped there"
var flow{(i, j) in Arcs} >= 0 <= 2 * cost[i, j]
var open binary "whether we open"
minimize total: sum{m in Markets} 2.5 * ship[m] + sum{(i, j) in Arcs: i != j} cost[i, j] * \
flow[i, j] + piecewise(ship[Oslo], (0, 0), (40, 10), (90, 100)) unit "dollars"
enough{m in Markets} @3: ship[m] >= rate * demand[m] "Each market gets what it needs."
either @4: if ship[Oslo] > 20 then ship[Bergen] <= 10 "If Oslo gets more, Bergen gets less."
some: flow[a, b] + flow[b, c] >= 2
order{m in Markets: m != Oslo}: ship[m] < ship[Oslo]
pick: at_least 1 of (ship[Oslo] >= 30, open >= 1)
""",
    name="shipping",
)
TRICKY = (
    "x", "ship_out", "ship out", "größe", "if", "a%b&c", "α", "Ω", "<script>", "{b}", "lpSum",
    "\\", "#1", "m", "2", "10 %", "ſ", "s", "$", "for", "ship[a]", "print", '"',
)  # fmt: skip
"""Names that some format could stumble over."""

_ELEMENTS = ("Oslo", "New York", "2", "ship", "<b>", "a_b")
_NUMBERS = st.one_of(
    st.fractions(-20, 20, max_denominator=1),
    st.fractions(-9, 9, max_denominator=8),
    st.sampled_from([Fraction(1, 3), Fraction(-22, 7), Fraction(1, 10), Fraction(0)]),
)
_COMPARISONS = st.sampled_from(list(Comparison))
_WORDS = st.sampled_from(["", "what we ship", "50% & more", "<script>alert(1)</script>", "größte"])


@st.composite
def _expressions(draw: st.DrawFn, names: tuple[str, str, str], depth: int = 2) -> Expression:
    """Expressions of a scalar, of something over S, and of something over pairs P."""
    scalar, single, pair = names
    leaves = [
        Constant(draw(_NUMBERS)),
        Reference(scalar),
        Reference(single, (Element("Oslo"),)),
        Sum((Binding(("i",), "S"),), Reference(single, (IndexName("i"),))),
        Sum(
            (Binding(("i", "j"), "P"),),
            multiply(Constant(Fraction(2)), Reference(pair, (IndexName("i"), IndexName("j")))),
            (Condition(IndexName("i"), draw(_COMPARISONS), IndexName("j")),),
        ),
    ]
    if not depth:
        return draw(st.sampled_from(leaves))
    first = draw(_expressions(names, depth - 1))
    second = draw(_expressions(names, depth - 1))
    points = (
        (Fraction(0), Fraction(1, 3)),
        (Fraction(2), Fraction(-1)),
        (Fraction(5), Fraction(4)),
    )
    divided = first if isinstance(second, Constant) else Divide(first, second)
    made = [
        *leaves,
        add(first, second),
        add(first, negate(second)),
        multiply(first, second),
        negate(first),
        divided,
        Power(first, second),
        Call(Function.ABS, (first,)),
        Call(Function.SQRT, (first,)),
        Call(Function.MAX, (first, second)),
        Piecewise(first, points),
    ]
    return draw(st.sampled_from(made))


@st.composite
def _claims(draw: st.DrawFn, names: tuple[str, str, str]) -> Claim:
    def relation() -> Relation:
        return Relation(draw(_expressions(names)), draw(_COMPARISONS), draw(_expressions(names, 1)))

    match draw(st.integers(0, 5)):
        case 0:
            return Implies(relation(), relation())
        case 1:
            return AnyOf((relation(), relation()))
        case 2:
            sign = draw(st.sampled_from([Comparison.AT_MOST, Comparison.EQUAL]))
            return Count(sign, draw(st.integers(0, 2)), (relation(), relation()))
    return relation()


@st.composite
def _models(draw: st.DrawFn) -> Model:
    names = draw(st.lists(st.sampled_from(TRICKY), min_size=6, max_size=6, unique=True))
    variables = (names[0], names[1], names[2])
    domain = st.sampled_from(list(Domain))
    limit = st.one_of(st.none(), _NUMBERS.map(Constant))
    over = ((), (Binding(("k",), "S"),), (Binding(("k", "l"), "P"),))
    return Model(
        objective=Objective(
            draw(st.sampled_from(list(Sense))), draw(_expressions(variables)), meaning=draw(_WORDS)
        ),
        constraints=tuple(
            Constraint(
                f"rule {number}",
                draw(_claims(variables)),
                *draw(st.sampled_from([((), ()), (over[1], ()), (over[1], _NOT_OSLO)])),
                sentence=draw(st.one_of(st.none(), st.integers(1, 9))),
                source=draw(_WORDS),
            )
            for number in range(draw(st.integers(0, 3)))
        ),
        variables=tuple(
            Variable(name, sets, draw(domain), draw(limit), draw(limit), meaning=draw(_WORDS))
            for name, sets in zip(variables, over, strict=True)
        ),
        parameters=(
            Parameter(names[3], (), {(): draw(_NUMBERS)}, unit=draw(_WORDS)),
            Parameter(names[4], ("S",), {(e,): draw(_NUMBERS) for e in _ELEMENTS}),
            Parameter(names[5], ("P",), {pair: draw(_NUMBERS) for pair in _PAIRS}),
        ),
        sets=(
            IndexSet("S", tuple((name,) for name in _ELEMENTS), draw(_WORDS)),
            IndexSet("P", _PAIRS),
        ),
        name=draw(st.sampled_from(TRICKY)),
    )


_PAIRS = (("Oslo", "2"), ("2", "Oslo"), ("ship", "ship"))
_NOT_OSLO = (Condition(IndexName("k"), Comparison.DIFFERENT, Element("Oslo")),)

MODELS = st.one_of(_models(), models())
"""Models of any kind, which need not make sense."""


# ---------------------------------------------------------------- ones that PuLP can take


@st.composite
def _linear_models(draw: st.DrawFn) -> Model:
    x, y, z, rate, weight, low = draw(
        st.lists(st.sampled_from(TRICKY), min_size=6, max_size=6, unique=True)
    )
    small = st.fractions(-5, 5, max_denominator=3)
    k, over = IndexName("k"), (Binding(("k",), "S"),)
    pairs = (Binding(("i", "j"), "P"),)
    in_order = Condition(IndexName("i"), draw(_COMPARISONS), IndexName("j"))

    def side() -> Expression:
        terms: list[Expression] = [
            multiply(Constant(draw(small)), Reference(x)),
            multiply(Reference(weight, (k,)), Reference(y, (k,))),
            multiply(Constant(draw(small)), Reference(rate), Reference(y, (Element("Oslo"),))),
            Sum(pairs, Reference(z, (IndexName("i"), IndexName("j"))), (in_order,)),
            Sum((Binding(("k",), "S"),), add(Reference(y, (k,)), Constant(draw(small)))),
            Divide(Reference(x), Power(Constant(Fraction(2)), Constant(Fraction(2)))),
            multiply(Call(Function.MAX, (Reference(rate), Constant(draw(small)))), Reference(x)),
            Constant(draw(small)),
        ]
        return add(*draw(st.lists(st.sampled_from(terms), min_size=1, max_size=3)))

    def relation() -> Relation:
        return Relation(side(), draw(_COMPARISONS), Constant(draw(st.fractions(-9, 9))))

    def claim() -> Claim:
        match draw(st.integers(0, 6)):
            case 0:
                return Implies(relation(), relation())
            case 1:
                return AnyOf((relation(), relation()))
        return relation()

    domains = st.sampled_from([Domain.INTEGER, Domain.INTEGER, Domain.BINARY, Domain.CONTINUOUS])
    return Model(
        objective=Objective(
            draw(st.sampled_from(list(Sense))),
            add(Reference(x), Sum(over, multiply(Reference(weight, (k,)), Reference(y, (k,))))),
            name="goal",
        ),
        constraints=tuple(
            Constraint(f"rule {number}", claim(), over, draw(st.sampled_from([(), _NOT_OSLO])))
            for number in range(draw(st.integers(0, 3)))
        ),
        variables=(
            Variable(x, (), draw(domains), Constant(draw(small)), Constant(Fraction(7))),
            Variable(y, over, draw(domains), Constant(Fraction(-3)), Reference(low, (k,))),
            Variable(z, pairs, draw(domains), Constant(Fraction(0)), Constant(Fraction(4))),
        ),
        parameters=(
            Parameter(rate, (), {(): draw(small)}),
            Parameter(weight, ("S",), {(e,): draw(small) for e in _ELEMENTS}),
            Parameter(low, ("S",), {(e,): Fraction(3) for e in _ELEMENTS}),
        ),
        sets=(IndexSet("S", tuple((e,) for e in _ELEMENTS)), IndexSet("P", _PAIRS)),
        name=draw(st.sampled_from(TRICKY)),
    )


_EXPRESSIBLE = ALL - {
    Feature.PRODUCTS,
    Feature.QUOTIENTS,
    Feature.EXACT_FUNCTIONS,
    Feature.FUNCTIONS,
}
LINEAR_MODELS = _linear_models()
"""Linear models with bounds, with logic, over sets."""
WIDER_MODELS = models(_EXPRESSIBLE)
"""More kinds of models, many of them unbounded or not to be written out."""
