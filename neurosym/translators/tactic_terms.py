"""Terms that may prove what is wanted, by the facts at hand: rules of a grammar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from neurosym.formal.lean.goals import Hypothesis, outermost, split_proposition
from neurosym.translators.gbnf import any_of
from neurosym.translators.tactic_facts import Fact, Surroundings

__all__ = ["Terms"]

_DEPTH = 3
"""Facts within facts, at most."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Writes proofs as GBNF. Variables are ``thing``, what nothing is known of ``argued``.

    Attributes:
        known: What is at hand.
    """

    known: Surroundings

    def proof(self, said: str, depth: int = _DEPTH) -> str | None:
        """A term that may prove something; ``None`` if nothing at hand does."""
        options = [*self._plain(said, depth), *self._compound(said, depth)]
        return any_of(dict.fromkeys(options)) or None

    def whole(self, fact: Fact, depth: int = _DEPTH) -> str:
        """A fact with all its arguments."""
        return "".join([fact.rule, *(f" {self._argument(fact, i, depth)}" for i in _places(fact))])

    def _argument(self, fact: Fact, place: int, depth: int) -> str:
        """An argument behind its space."""
        item = fact.arguments[place]
        if item.name and not self._is_proposition(item):
            return '" " thing'
        words = set(item.type.replace("(", " ").replace(")", " ").split())
        if words & fact.bound or depth < 1:
            return "argument"
        plain = any_of(dict.fromkeys(self._plain(item.type, depth - 1)))
        compound = any_of(dict.fromkeys(self._compound(item.type, depth - 1)))
        inside = [*([plain] if plain else []), *([f'"(" ({compound}) ")"'] if compound else [])]
        return f'" " ({any_of(inside)})' if inside else "argument"

    @staticmethod
    def _is_proposition(item: Hypothesis) -> bool:
        return outermost(item.type) != ""

    def _plain(self, said: str, depth: int) -> Iterator[str]:
        """Proofs that need no brackets."""
        for fact in self.known.proving(said):
            if not fact.arguments:
                yield fact.rule
        form, parts = outermost(said), split_proposition(said)
        if form == "=":
            yield '"rfl"'
        elif said == "True":
            yield '"trivial"'
        elif form == "∧" and depth:
            left, right = (self.proof(part, depth - 1) for part in parts)
            if left and right:
                yield f'"⟨" ({left}) ", " ({right}) "⟩"'
        elif form == "∃":
            yield "tuple"

    def _compound(self, said: str, depth: int) -> Iterator[str]:
        """Proofs that need brackets where they are arguments."""
        if not depth:
            return
        for fact in self.known.proving(said):
            if fact.arguments:
                yield self.whole(fact, depth - 1)
        if outermost(said) == "∨":
            for side, part in zip(("Or.inl", "Or.inr"), split_proposition(said), strict=True):
                plain = any_of(dict.fromkeys(self._plain(part, depth - 1)))
                compound = any_of(dict.fromkeys(self._compound(part, depth - 1)))
                if plain:
                    yield f'"{side} " ({plain})'
                if compound:
                    yield f'"{side} (" ({compound}) ")"'
        elif outermost(said) in ("→", "¬", "∀"):
            yield "lambda"


def _places(fact: Fact) -> range:
    return range(len(fact.arguments))
