"""A grammar for the next tactic: what a goal lets one write at all.

It keeps a small model to what is at hand: new names that hide none, steps that fit the form of the
target, hypotheses whose conclusions may be the target, with as many arguments as they take, and
case splits into the cases that there are. What it lets through need not prove anything; Lean says
that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from neurosym.formal.lean.goals import (
    arguments,
    bound,
    outermost,
    read_goal,
    split_proposition,
)
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.tactic_facts import Surroundings, surroundings
from neurosym.translators.tactic_terms import Terms

__all__ = ["tactic_grammar"]

_SPLIT = frozenset({"∧", "∨", "∃", "↔"})
_OF_NATURALS = (
    "Nat.add_comm", "Nat.add_assoc", "Nat.add_zero", "Nat.zero_add", "Nat.add_succ", "Nat.succ_add",
    "Nat.mul_comm", "Nat.mul_assoc", "Nat.mul_zero", "Nat.zero_mul", "Nat.mul_one", "Nat.one_mul",
    "Nat.mul_succ", "Nat.succ_mul", "Nat.mul_add", "Nat.add_mul",
)  # fmt: skip
"""Equations about natural numbers that every Lean has."""


def tactic_grammar(goal: str, premises: Iterable[str] = (), *, is_open: bool = False) -> str | None:
    """GBNF for one tactic that a goal lets one write.

    Args:
        goal: What is to be proved first, as Lean shows it.
        premises: Names of premises that may be used beside the hypotheses.
        is_open: Whether any other word may begin a tactic too, as libraries have their own.

    Returns:
        ``None`` for what is no goal.
    """
    read = read_goal(goal)
    if read is None:
        return None
    known = surroundings(read)
    taken = {item.name for item in read.hypotheses}
    return _Rules(known, tuple(dict.fromkeys(premises)), is_open, frozenset(taken)).text()


class _Names:
    """New names, each given once: what a model calls things would only tell equal steps apart."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)

    def __call__(self, wanted: str = "") -> str:
        """A name that nothing has: what is wanted, if it is free, or else one with a number."""
        base = wanted if wanted.isidentifier() else "h"
        names = (base, *(f"{base}{number}" for number in range(1, 10_000)))
        name = next(name for name in names if name not in self.taken)
        self.taken.add(name)
        return name


@dataclass(frozen=True)
class _Rules:
    known: Surroundings
    premises: tuple[str, ...]
    is_open: bool
    taken: frozenset[str]

    def text(self) -> str:
        rules = [f"root ::= {any_of(dict.fromkeys(self._tactics()))}", *self._terms()]
        rules += [f"{name} ::= {rule}" for name, rule in self.terms.rules.items()]
        return "\n".join(rules) + "\n"

    @property
    def target(self) -> str:
        return self.known.target

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.known)

    # ------------------------------------------------------------ tactics

    def _tactics(self) -> Iterator[str]:
        form = outermost(self.target)
        if form in ("∀", "→", "¬", "≠"):
            # Nothing is lost by taking all that there is to take.
            new = _Names(self.taken)
            names = (new(item.name) for item in arguments(self.target))
            yield quoted(" ".join(["intro", *names]))
        else:
            yield from self._for_form(form)
            yield from self._by_facts()
        yield from self._with_hypotheses()
        for premise in map(quoted, self.premises):
            yield f'("exact " | "apply ") {premise} argument{{0,4}}'
        if self.is_open:
            yield r'[a-z] [a-z_0-9!?]{1,15} (" " [^\n]{1,80})?'

    def _for_form(self, form: str) -> Iterator[str]:
        """Steps for the form of the target, which is not an implication."""
        if not form and not self.known.is_atom(self.target):  # it may unfold into anything
            yield '"intro " new | "constructor" | "left" | "right" | "exact " tuple'
        if form in ("∧", "↔"):
            yield '"constructor"'
        elif form == "∨":
            yield '"left" | "right"'
        elif form == "∃":
            yield '"exists " thing | "refine ⟨" item (", " item){0,2} ", ?_⟩"'
        elif form == "=":
            yield '"symm" | "exact congrArg" argument{2}'
        if self._equations:
            at = ' (" at " proof)?' if self.known.facts else ""
            yield f'("rw" | "simp") " [" rule (", " rule){{0,2}} "]"{at}'

    def _by_facts(self) -> Iterator[str]:
        """Steps by what is at hand and may conclude the target."""
        if proof := self.terms.proof(self.target):
            yield f'"exact " ({proof})'
        for fact in self.known.proving(self.target):
            if fact.arguments:
                yield f'"apply " {fact.rule}'
        if self.target != "False" and self.known.proving("False"):
            yield '"exfalso"'
        if self.known.is_natural:
            yield '"exact Nat.succ.inj" argument | "exact Nat.succ_ne_zero _"'

    def _with_hypotheses(self) -> Iterator[str]:
        """Steps that take hypotheses apart, or add some."""
        if self.known.propositions:
            new = _Names(self.taken)
            yield f'"rcases Classical.em " said {quoted(f" with {new()} | {new()}")}'
        for fact in self.known.facts:
            said = fact.concludes
            if fact.is_named and outermost(said) in _SPLIT and split_proposition(said):
                cases = quoted(f" with {_pattern(said, _Names(self.taken))}")
                yield f'"rcases " {self.terms.whole(fact)} {cases}'
            elif fact.arguments and said != "False":
                yield f'"have " new " := " {self.terms.whole(fact)}'
        if self.known.counted:
            yield f'("induction " | "cases ") ({alternatives(self.known.counted)})'
        if self.known.has_hidden:
            new = _Names(self.taken)
            yield f'"rename_i {new("n")}" (" {new()}" (" {new()}")?)?'

    @cached_property
    def _equations(self) -> tuple[str, ...]:
        """What may be rewritten by."""
        equal = (
            fact.name
            for fact in self.known.facts
            if fact.is_named and outermost(fact.concludes) in ("=", "↔")
        )
        return (*equal, *self.premises, *(_OF_NATURALS if self.known.is_natural else ()))

    # ------------------------------------------------------------ terms

    def _terms(self) -> Iterator[str]:
        facts = self.known.facts
        yield f"new ::= {quoted(_Names(self.taken)())}"
        if facts:
            yield f"proof ::= {alternatives(fact.name for fact in facts if fact.is_named)}"
        # As deep as that, since a small model goes on and on.
        for depth, inner in ((1, "things2"), (2, "things3"), (3, "")):
            yield f"things{depth} ::= {any_of(self._things(inner))}"
        yield "thing ::= things1"
        yield f"said ::= {any_of(self._saying())}"
        bare = [fact.rule for fact in facts]
        given = [f"{fact.rule} inner{{{len(fact.arguments)}}}" for fact in facts if fact.arguments]
        made = ['("Or.inl" | "Or.inr" | "Eq.symm" | "congrArg Nat.succ") inner']
        yield f"""inner ::= " " ({any_of(["thing", *bare, '"rfl"'])})"""
        yield f"argued ::= {any_of(['thing', *bare, quoted('rfl'), *given, *made])}"
        bracketed = f'"(" ({any_of([*given, *made, "lambda"])}) ")"'
        yield f"""argument ::= " " ({any_of(["thing", *bare, '"rfl" | tuple', bracketed])})"""
        yield 'tuple ::= "⟨" item (", " item){1,3} "⟩"'
        yield f"item ::= {any_of(['argued', *self._applied('things2')])}"
        yield 'lambda ::= "fun " new " => " (argued | new inner{0,2})'
        if self._equations:
            yield f'rule ::= "← "? ({alternatives(self._equations)}) (" " thing){{0,2}}'

    def _things(self, inner: str) -> Iterator[str]:
        """Things, and what is made of those inside."""
        yield '"_"'
        yield from map(quoted, (*self.known.things, *self.known.propositions))
        if self.known.is_natural:
            yield '[0-9] [0-9]? | "Nat.succ"'
        if inner:
            yield from (f'"(" {applied} ")"' for applied in self._applied(inner))

    def _applied(self, inner: str) -> Iterator[str]:
        """Things made of things."""
        if self.known.functions:
            yield f'({alternatives(self.known.functions)}) (" " {inner}){{1,2}}'
        if self.known.is_natural:
            yield f'{inner} (" + " | " * ") {inner}'

    def _saying(self) -> Iterator[str]:
        yield from map(quoted, self.known.propositions)
        for name in self.known.predicates:
            yield f'"({name}" (" " thing){{1,2}} ")"'
        if not (self.known.propositions or self.known.predicates):
            yield '"True"'


def _pattern(said: str, new: _Names) -> str:
    """How what is said is taken apart: into as many cases and parts as it has."""
    form, parts = outermost(said), split_proposition(said)
    if form not in _SPLIT or not parts:
        return new()
    if form == "∃":
        names = [new(item.name) for item in bound(said) if item.name]
        return f"⟨{', '.join([*names, _pattern(parts[0], new)])}⟩"
    left, right = (_pattern(part, new) for part in parts)
    return f"{left} | {right}" if form == "∨" else f"⟨{left}, {right}⟩"
