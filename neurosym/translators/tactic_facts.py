"""What a goal has at hand for a tactic: things, and facts with what may be taken of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from neurosym.formal.lean.goals import (
    Goal,
    Hypothesis,
    arguments,
    conclusion,
    outermost,
    split_proposition,
)
from neurosym.translators.gbnf import quoted

__all__ = ["Fact", "Surroundings", "may_conclude", "surroundings"]

_DAGGER = "✝"
_UNIVERSES = ("Type", "Sort")
_CONSTANT = frozenset({"True", "False"})
_DATA = frozenset({
    "Nat", "Int", "Rat", "Real", "Bool", "List", "Array", "String", "Char", "Fin", "Option",
    "Finset", "Set", "Multiset", "Unit", "ℕ", "ℤ", "ℚ", "ℝ", "ℂ", "Complex", "Prod", "Sum", "Sigma",
    "Fintype", "Polynomial", "Matrix", "Function",
})  # fmt: skip
"""Types of things, by the names that they begin with."""
_HEAD = re.compile(r"[(@]*([^\W\d][\w.'₀-₉✝]*)")
_DEPTH = 3
_MOST = 40
"""Hypotheses that are used, and things, the last ones: there are goals with thousands."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A hypothesis, or what is taken of one.

    Attributes:
        rule: GBNF of how it is written, without arguments.
        type: What it proves.
        name: The hypothesis.
        arguments: What it takes.
        is_named: Whether it is the hypothesis itself.
        given: Variables of what it is taken of, which has arguments in its rule.
    """

    rule: str
    type: str
    name: str
    arguments: tuple[Hypothesis, ...]
    is_named: bool = False
    given: frozenset[str] = frozenset()

    @property
    def bound(self) -> frozenset[str]:
        """The variables that it is said of all values of."""
        return self.given | _names(self.arguments)

    @property
    def concludes(self) -> str:
        """What it proves with its arguments; of ``¬p`` and ``a ≠ b`` that is ``False``."""
        said = conclusion(self.type)
        return "False" if outermost(said) in ("¬", "≠") else said


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is to be proved, and what is at hand for it.

    Attributes:
        target: What is to be proved.
        facts: What is known.
        propositions: Variables for propositions.
        predicates: Variables for what is said of things.
        things: Variables for things, functions among them.
        functions: Variables for functions.
        counted: Variables of types that have several forms.
        is_natural: Whether natural numbers are spoken of.
        has_hidden: Whether something has no name that can be written.
    """

    target: str
    facts: tuple[Fact, ...]
    propositions: tuple[str, ...]
    predicates: tuple[str, ...]
    things: tuple[str, ...]
    functions: tuple[str, ...]
    counted: tuple[str, ...]
    is_natural: bool
    has_hidden: bool

    def proving(self, said: str) -> tuple[Fact, ...]:
        """The facts that may conclude something."""
        return tuple(fact for fact in self.facts if may_conclude(fact, said))

    def is_atom(self, proposition: str) -> bool:
        """Whether a proposition is a variable, or said by one, and so never unfolds."""
        return _head(proposition) in {*self.propositions, *self.predicates, *_CONSTANT}


def surroundings(goal: Goal) -> Surroundings:
    """What a goal has at hand. Of hypotheses with one name only the last can be written."""
    last = {item.name: item for item in goal.hypotheses if _DAGGER not in item.name}
    named = tuple(last.values())
    propositions = tuple(item.name for item in named if item.type == "Prop")
    predicates = tuple(item.name for item in named if conclusion(item.type) == "Prop" != item.type)
    sorts = {item.name for item in named if item.type.startswith(_UNIVERSES)}
    said = {*propositions, *predicates, *_CONSTANT}
    proofs = [item for item in named if _proves(item, said, sorts)]
    told = {*said, *sorts, *(item.name for item in proofs)}
    things = [item for item in named if item.name not in told][-_MOST:]
    texts = (goal.target, *(item.type for item in goal.hypotheses))
    return Surroundings(
        target=goal.target,
        facts=tuple(fact for item in proofs[-_MOST:] for fact in _facts(item)),
        propositions=propositions,
        predicates=predicates,
        things=tuple(item.name for item in things),
        functions=tuple(item.name for item in things if "→" in item.type),
        counted=tuple(item.name for item in things if _head(item.type) in _DATA),
        is_natural=any(re.search(r"\bNat\b|ℕ|\d", text) for text in texts),
        has_hidden=any(_DAGGER in item.name for item in goal.hypotheses),
    )


def may_conclude(fact: Fact, target: str) -> bool:
    """Whether what a fact proves may be a target, with some values of its own variables.

    Definitions that unfold, and what is computed, are thought of for numbers alone.
    """
    return _fits(fact.concludes, target, fact.bound)


def _fits(pattern: str, target: str, free: frozenset[str]) -> bool:
    """Whether a proposition may be another, its free variables being anything."""
    form = outermost(pattern)
    if not form and _head(pattern) in free:
        return True
    if form != outermost(target):
        return False
    if form in ("∧", "∨", "→", "↔"):
        pairs = zip(split_proposition(pattern), split_proposition(target), strict=False)
        return all(_fits(part, other, free) for part, other in pairs)
    if form == "¬":
        [denied], [other] = arguments(pattern), arguments(target)
        return _fits(denied.type, other.type, free)
    if form:  # a relation, of which either side may be computed, or what is bound may be renamed
        return form in ("∀", "∃") or bool(free) or _is_of_numbers(target) or _same(pattern, target)
    if _head(pattern) != _head(target):
        return False
    return bool(free) or _same(pattern, target)


def _same(text: str, other: str) -> bool:
    return text.split() == other.split()


def _is_of_numbers(text: str) -> bool:
    return re.search(r"\d", text) is not None


def _names(items: Iterable[Hypothesis]) -> frozenset[str]:
    return frozenset(item.name for item in items if item.name)


def _head(text: str) -> str:
    match = _HEAD.match(text)
    return match[1] if match else ""


def _proves(item: Hypothesis, said: set[Any], sorts: set[str]) -> bool:
    """Whether a hypothesis is a proof, and no thing."""
    last = conclusion(item.type)
    if outermost(last) or _head(last) in said:
        return True
    head = _head(last)
    is_sort = head in {"Prop", *_UNIVERSES, *_DATA, *sorts} or head.split(".")[0] in _DATA
    return not is_sort and item.name.startswith("h")


def _facts(item: Hypothesis) -> Iterator[Fact]:
    taken = arguments(item.type)
    yield Fact(quoted(item.name), item.type, item.name, taken, is_named=True)
    inner = conclusion(item.type)
    if inner == item.type:
        yield from _parts(quoted(item.name), item.type, item.name, frozenset(), _DEPTH)
    elif outermost(inner) in ("∧", "↔", "="):
        applied = f'"({item.name}" argument{{{len(taken)}}} ")"'
        yield from _parts(applied, inner, item.name, _names(taken), _DEPTH)


def _parts(rule: str, said: str, name: str, given: frozenset[str], depth: int) -> Iterator[Fact]:
    """What may be taken of a conjunction, an equivalence or an equation."""
    form, parts = outermost(said), split_proposition(said)
    if len(parts) != 2 or not depth:
        return
    left, right = parts
    if form == "∧":
        for side, part in (('(".left" | ".1")', left), ('(".right" | ".2")', right)):
            taken = f"{rule} {side}"
            yield Fact(taken, part, name, arguments(part), given=given)
            yield from _parts(taken, part, name, given, depth - 1)
    elif form == "↔":
        there, back = f"({left}) → ({right})", f"({right}) → ({left})"
        yield Fact(f'{rule} ".mp"', there, name, arguments(there), given=given)
        yield Fact(f'{rule} ".mpr"', back, name, arguments(back), given=given)
    elif form == "=":
        yield Fact(f'{rule} ".symm"', f"{right} = {left}", name, (), given=given)
