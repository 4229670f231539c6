"""Random statements with what they mean in small worlds, and tactics tried at random."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from neurosym.backends.lean.tactics import ProofState
from tests.backends.lean.small_prover import SmallProver
from tests.backends.lean.small_prover.helpers import SHORT

__all__ = ["Formula", "numbers", "propositional", "quantified", "wander"]

World = Mapping[str, object]
_HYPOTHESES = re.compile(r"^([^:⊢]+) : ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Formula:
    """A statement and its meaning.

    Attributes:
        text: As Lean writes it.
        holds: Whether it holds in a world, which says what its names are.
    """

    text: str
    holds: Callable[[World], bool]


@dataclass(frozen=True, slots=True)
class _Thing:
    text: str
    value: Callable[[World], int]


def _joined(sign: str, one: Formula, other: Formula) -> Formula:
    rules: dict[str, Callable[[bool, bool], bool]] = {
        "∧": lambda a, b: a and b,
        "∨": lambda a, b: a or b,
        "→": lambda a, b: not a or b,
        "↔": lambda a, b: a == b,
    }
    rule = rules[sign]
    return Formula(
        f"({one.text}) {sign} ({other.text})",
        lambda world: rule(one.holds(world), other.holds(world)),
    )


def _negated(one: Formula) -> Formula:
    return Formula(f"¬({one.text})", lambda world: not one.holds(world))


def _compound(rng: random.Random, depth: int, smaller: Callable[[int], Formula]) -> Formula:
    sign = rng.choice("∧∨→→→↔¬")
    if sign == "¬":
        return _negated(smaller(depth - 1))
    return _joined(sign, smaller(depth - 1), smaller(depth - 1))


# ---------------------------------------------------------------- propositions


def propositional(rng: random.Random, depth: int) -> Formula:
    """A formula of ``p``, ``q`` and ``r``."""
    if depth and rng.random() < 0.85:
        return _compound(rng, depth, lambda depth: propositional(rng, depth))
    name = rng.choice(["p", "q", "r", "p", "q", "r", "True", "False"])
    if name in ("True", "False"):
        return Formula(name, lambda world: name == "True")
    return Formula(name, lambda world: bool(world[name]))


# ---------------------------------------------------------------- things, properties and a function


def quantified(rng: random.Random, depth: int, bound: tuple[str, ...] = ()) -> Formula:
    """A formula of ``P``, ``R``, ``f``, ``a`` and ``b``.

    A world gives the size of the domain, the values of ``a`` and ``b``, and tables for the others.
    """
    if depth and rng.random() < 0.35:
        name = "xyz"[len(bound) % 3]
        body = quantified(rng, depth - 1, (*bound, name))
        return _bound(rng.choice("∀∃"), name, body)
    if depth and rng.random() < 0.75:
        return _compound(rng, depth, lambda depth: quantified(rng, depth, bound))
    one, other = _thing(rng, bound), _thing(rng, bound)
    match rng.choice("PPRR="):
        case "P":
            return Formula(f"P {one.text}", lambda w: _table(w, "P")[one.value(w)])
        case "R":
            return Formula(
                f"R {one.text} {other.text}",
                lambda w: _table(w, "R")[one.value(w) * _size(w) + other.value(w)],
            )
    return Formula(f"{one.text} = {other.text}", lambda w: one.value(w) == other.value(w))


def _size(world: World) -> int:
    size = world["size"]
    assert isinstance(size, int)
    return size


def _table(world: World, name: str) -> Sequence[bool]:
    table = world[name]
    assert isinstance(table, tuple)
    return table


def _number(world: World, name: str) -> int:
    value = world[name]
    assert isinstance(value, int)
    return value


def _thing(rng: random.Random, bound: Sequence[str]) -> _Thing:
    name = rng.choice([*bound, *bound, "a", "b"])
    if rng.random() < 0.2:
        return _Thing(f"(f {name})", lambda w: _table(w, "f")[_number(w, name)])
    return _Thing(name, lambda w: _number(w, name))


def _bound(sign: str, name: str, body: Formula) -> Formula:
    join = all if sign == "∀" else any
    return Formula(
        f"{sign} {name} : α, ({body.text})",
        lambda world: join(body.holds({**world, name: i}) for i in range(_size(world))),
    )


def _worlds() -> Iterator[World]:
    for size in (1, 2):
        things, truths = range(size), (False, True)
        yield from (
            {"size": size, "P": p, "R": r, "f": f, "a": a, "b": b}
            for p in itertools.product(truths, repeat=size)
            for r in itertools.product(truths, repeat=size * size)
            for f in itertools.product(things, repeat=size)
            for a in things
            for b in things
        )


WORLDS = tuple(_worlds())
"""All worlds of one thing or two."""


# ---------------------------------------------------------------- natural numbers


def numbers(rng: random.Random, depth: int) -> Formula:
    """An equation of numbers ``n`` and ``m``, maybe from another or negated."""
    equation = _equation(rng, depth)
    if rng.random() < 0.3:
        equation = _negated(equation)
    if rng.random() < 0.5:
        return _joined("→", _equation(rng, depth), equation)
    return equation


def _equation(rng: random.Random, depth: int) -> Formula:
    one, other = _sum(rng, depth), _sum(rng, depth)
    return Formula(f"{one.text} = {other.text}", lambda w: one.value(w) == other.value(w))


def _sum(rng: random.Random, depth: int) -> _Thing:
    if not depth or rng.random() < 0.3:
        name = rng.choice(["n", "m", "0", "1", "2"])
        if name.isdigit():
            return _Thing(name, lambda w: int(name))
        return _Thing(name, lambda w: _number(w, name))
    one = _sum(rng, depth - 1)
    if rng.random() < 0.3:
        return _Thing(f"(Nat.succ {one.text})", lambda w: one.value(w) + 1)
    other = _sum(rng, depth - 1)
    if rng.random() < 0.3:
        return _Thing(f"({one.text} * {other.text})", lambda w: one.value(w) * other.value(w))
    return _Thing(f"({one.text} + {other.text})", lambda w: one.value(w) + other.value(w))


# ---------------------------------------------------------------- wandering


_CLOSING = ("assumption", "contradiction", "rfl", "trivial")
_BLIND = (
    "constructor", "intro h", "intro k", "intro ⟨x, h⟩", "intros", "left", "right", "exfalso",
    "symm", "rcases Classical.em p with h | k", "induction n", "induction m", "cases n", "exists a",
    "exists b", "refine ⟨f a, ?_⟩", "rw [Nat.add_succ]", "apply Exists.intro", "rename_i u v",
    "apply Nat.succ.inj", "refine Eq.trans ?_ ?_", "apply congrArg", "exact ⟨_, rfl⟩",
)  # fmt: skip
_NAMED = (
    "exact {0}", "apply {0}", "cases {0}", "rcases {0} with ⟨x, h⟩", "rcases {0} with h | k",
    "exact {0} {1}", "exact {0} {1} {2}", "exact ⟨{0}, {1}⟩", "exact {0}.1", "exact {0}.2 {1}",
    "exact {0}.mp {1}", "exact absurd {0} {1}", "rw [{0}]", "rw [← {0}]", "rw [{0}] at {1}",
    "have h := {0} {1}", "have k := {0}.symm", "exact {0}.trans {1}", "specialize {0} {1}",
    "exact Or.inl {0}", "exact fun x => {0} {1}", "exact congrArg Nat.succ {0}", "subst {0}",
    "refine {0} ?_", "refine ⟨{0}, ?_⟩", "revert {0}", "exact {0}.elim {1} {2}", "apply {0}.mpr",
    "exact congrArg f {0}", "exact Nat.succ.inj {0}", "obtain ⟨x, h⟩ := {0} {1}", "clear {0}",
    "exact ⟨{0}, fun _ => {1}⟩", "have h : p := {0} {1}", "exact propext {0}",
)  # fmt: skip


async def wander(
    rng: random.Random, prover: SmallProver, start: ProofState, tries: int
) -> ProofState:
    """Try tactics at random, each on what the last that applied left.

    Args:
        rng: Chance.
        prover: The prover.
        start: Where to begin.
        tries: How many tactics are tried at most.

    Returns:
        The last state.
    """
    state = start
    for _ in range(tries):
        if state.is_proved:
            break
        before = state
        for tactic in (rng.choice(_CLOSING), _tactic(rng, state)):
            found = await prover.run(state, tactic, SHORT)
            if isinstance(found, ProofState):
                state = found
                break
        if len(state.goals) > 6 or sum(map(len, state.goals)) > 3_000:
            state = before
    return state


def _tactic(rng: random.Random, state: ProofState) -> str:
    names = [
        name
        for group in _HYPOTHESES.findall(state.goals[0])
        for name in group.split()
        if name not in ("p", "q", "r", "α", "P", "R") and "✝" not in name
    ]
    if not names or rng.random() < 0.4:
        return rng.choice(_BLIND)
    return rng.choice(_NAMED).format(*(rng.choice(names) for _ in range(3)))
