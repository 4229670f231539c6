"""Terms that may prove what is wanted, by the facts at hand: rules of a grammar."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from neurosym.formal.lean.goals import Hypothesis, outermost, split_proposition
from neurosym.translators.gbnf import any_of
from neurosym.translators.tactic_facts import Fact, Surroundings

__all__ = ["Terms"]

_DEPTH = 3
"""Facts within facts, at most."""


class _Form(StrEnum):
    """How a proof is written."""

    PLAIN = "plain"
    """It needs no brackets where it is an argument."""
    COMPOUND = "compound"


class Terms:
    """Writes proofs as GBNF. Variables are ``thing``, what nothing is known of ``argument``.

    Each proposition has rules of its own, so that a grammar grows with what is at hand and not with
    all ways to combine it.

    Attributes:
        rules: The rules so far, by their names.
    """

    def __init__(self, known: Surroundings) -> None:
        self._known = known
        self._found: dict[tuple[_Form, str, int], str] = {}
        self.rules: dict[str, str] = {}

    def proof(self, said: str, depth: int = _DEPTH) -> str:
        """Rules of terms that may prove something; empty if nothing at hand does."""
        return any_of(filter(None, (self._rule(form, said, depth) for form in _Form)))

    def whole(self, fact: Fact, depth: int = _DEPTH) -> str:
        """A fact with all its arguments."""
        arguments = (self._argument(fact, item, depth) for item in fact.arguments)
        return " ".join([fact.rule, *arguments])

    def _rule(self, form: _Form, said: str, depth: int) -> str:
        """The name of a rule, empty if there is nothing to write."""
        key = (form, said, depth)
        if key not in self._found:
            write = self._plain if form is _Form.PLAIN else self._compound
            options = dict.fromkeys(write(said, depth))
            self._found[key] = ""
            if options:
                self._found[key] = name = f"{form}{len(self.rules) + 1}"
                self.rules[name] = any_of(options)
        return self._found[key]

    def _argument(self, fact: Fact, item: Hypothesis, depth: int) -> str:
        """An argument behind its space."""
        if item.name and not outermost(item.type):
            return '" " thing'
        words = set(item.type.replace("(", " ").replace(")", " ").split())
        if words & fact.bound or depth < 1:
            return "argument"
        proof = self._bracketed(item.type, depth - 1)
        return f'" " ({proof})' if proof else "argument"

    def _bracketed(self, said: str, depth: int) -> str:
        """A proof that may be an argument."""
        compound = self._rule(_Form.COMPOUND, said, depth)
        options = (self._rule(_Form.PLAIN, said, depth), compound and f'"(" {compound} ")"')
        return any_of(filter(None, options))

    def _plain(self, said: str, depth: int) -> Iterator[str]:
        for fact in self._known.proving(said):
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
        if not depth:
            return
        for fact in self._known.proving(said):
            if fact.arguments:
                yield self.whole(fact, depth - 1)
        if outermost(said) == "∨":
            for side, part in zip(("Or.inl", "Or.inr"), split_proposition(said), strict=True):
                if proof := self._bracketed(part, depth - 1):
                    yield f'"{side} " ({proof})'
        elif outermost(said) in ("→", "¬", "∀"):
            yield "lambda"
