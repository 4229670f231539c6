"""Theories for tests of provers, and worlds read back from what a prover says of them."""

from __future__ import annotations

import asyncio
import re

from hypothesis import strategies as st

from neurosym.backends.base import Backend, Limits
from neurosym.candidate import Outcome
from neurosym.formal.fol.dialects.infix import UNICODE
from neurosym.formal.fol.syntax import (
    And,
    Apply,
    Atom,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Variable,
    Xor,
)
from neurosym.formal.fol.theory import Theory
from tests.formal.fol.worlds import World

BURNSIDE = """\
∀x ∀y ∀w (f(x, f(y, w)) = f(f(x, y), w))
∀x (f(c, x) = x)
∀x (f(g(x), x) = c)
∀x (f(x, f(x, x)) = c)
∀x ∀y (h(x, y) = f(x, f(y, f(g(x), g(y)))))
"""
"""Groups of exponent three, of which provers find facts for hours."""
ENDLESS = "∀x ∃y R(x, y)\n∀x ∀y ∀w (R(x, y) ∧ R(y, w) → R(x, w))\n∀x ¬R(x, x)\n"
"""An order without an end, which holds in no finite world."""
STUBBORN = (
    f"Premises:\n{BURNSIDE}{ENDLESS}∀x R(x, k(x))\nOptions:\nA) must ∃x R(a, x)\nB) could R(a, b)\n"
)
"""Options that are not decided in any reasonable time."""


def read(text: str) -> Theory:
    return UNICODE.parse_theory(text)


def decided(backend: Backend[Theory], theory: str | Theory, **limits: float) -> Outcome:
    """What a backend says of a theory, given as unicode logic or read."""
    theory = read(theory) if isinstance(theory, str) else theory
    return asyncio.run(backend.run(theory, Limits(**limits)))  # type: ignore[arg-type]


# ------------------------------------------------------------------- theories by chance


_X = Variable("x")
_PREDICATES = ("P", "Q")
_CONSTANTS = ("a", "b")


def _over(variables: tuple[Variable, ...]) -> st.SearchStrategy[Formula]:
    """Formulas over two monadic predicates, two things and a proposition."""
    terms = st.sampled_from([*map(Apply, _CONSTANTS), *variables * 2])
    atoms = st.builds(lambda name, term: Atom(name, (term,)), st.sampled_from(_PREDICATES), terms)

    def larger(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        two = st.tuples(inner, inner)
        return st.one_of(
            inner.map(Not),
            two.map(And),
            two.map(Or),
            *(two.map(lambda pair, make=make: make(*pair)) for make in (Implies, Iff, Xor)),
        )

    return st.recursive(atoms | st.just(Atom("R")), larger, max_leaves=3)


_QUANTIFIED = st.builds(
    lambda make, body: make(_X, body), st.sampled_from([ForAll, Exists]), _over((_X,))
)
MONADIC: st.SearchStrategy[Formula] = _over(()) | _QUANTIFIED | _QUANTIFIED.map(Not)
"""Closed monadic formulas without equality: those with a model have one of four things."""
ENOUGH = 2 ** len(_PREDICATES)


# ------------------------------------------------------------------- worlds


def world_of(countermodel: str) -> World:
    """The world that the evidence ``countermodel`` describes."""
    sections = dict(line.split(": ", 1) for line in countermodel.splitlines()[:-1])
    assert countermodel.endswith("\neverything else is false")
    functions: dict[tuple[str, ...], str] = {}
    things = []
    for names in map(_names, _split(sections.get("things", ""))):
        things.append(names[0])
        functions |= {(name,): names[0] for name in names}
    facts = set()
    for fact in _split(sections["true"]):
        call, _, value = fact.partition(" = ")
        if value:
            functions[_call(call)] = value
        elif fact != "nothing that the theory speaks of":
            facts.add(_call(call))
    return World(things, functions, frozenset(facts))


def _names(thing: str) -> list[str]:
    return thing.split(" = ")


def _split(text: str) -> list[str]:
    """Parts between commas outside brackets."""
    parts = re.split(r", (?![^()]*\))", text)
    return [part for part in parts if part]


def _call(text: str) -> tuple[str, ...]:
    name, _, inside = text.partition("(")
    return (name, *(inside.removesuffix(")").split(", ") if inside else ()))
