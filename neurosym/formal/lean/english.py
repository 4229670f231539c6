"""Statements read back as words, by template: "for every natural number n, …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from neurosym.formal.fol.spelling import words
from neurosym.formal.lean.brackets import pair_brackets
from neurosym.formal.lean.lexer import Kind, Token
from neurosym.formal.lean.source import significant
from neurosym.formal.lean.theorem import Theorem

__all__ = ["KINDS", "RELATIONS", "Binder", "in_words", "read_binders"]

KINDS = {
    "Nat": ("natural number", "natural numbers"),
    "ℕ": ("natural number", "natural numbers"),
    "Int": ("integer", "integers"),
    "ℤ": ("integer", "integers"),
    "Rat": ("rational number", "rational numbers"),
    "ℚ": ("rational number", "rational numbers"),
    "Real": ("real number", "real numbers"),
    "ℝ": ("real number", "real numbers"),
    "Complex": ("complex number", "complex numbers"),
    "ℂ": ("complex number", "complex numbers"),
    "Prop": ("proposition", "propositions"),
    "Bool": ("truth value", "truth values"),
    "String": ("text", "texts"),
    "Type": ("type", "types"),
}
"""What one thing of a type is called, and several are."""
_RELATIONS = {
    "=": "equals",
    "≠": "does not equal",
    "!=": "does not equal",
    "==": "equals",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is at most",
    "<=": "is at most",
    "≥": "is at least",
    ">=": "is at least",
    "∣": "divides",
    "∤": "does not divide",
    "∈": "is in",
    "∉": "is not in",
    "⊆": "is a subset of",
    "⊂": "is a proper subset of",
    "≡": "is congruent to",
}
RELATIONS = frozenset(_RELATIONS)
"""Signs that make a proposition of two terms."""
_SIGNS = _RELATIONS | {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "divided by",
    "%": "modulo",
    "^": "to the power of",
    "∧": "and",
    "&&": "and",
    "∨": "or",
    "||": "or",
    "¬": "not",
    "!": "not",
    "→": "implies",
    "->": "implies",
    "↔": "if and only if",
    "∘": "after",
    "∪": "united with",
    "∩": "intersected with",
    "++": "followed by",
    "::": "before",
    "√": "the square root of",
    "∑": "the sum over",
    "∏": "the product over",
}
_LOGIC = frozenset("∧∨¬↔∃∀")
_OPENING, _CLOSING = frozenset("({[⦃⟨"), frozenset(")}]⦄⟩")
_QUANTIFIERS = {"∀": "all", "forall": "all", "∃": "some", "exists": "some", "Π": "all"}
_DEEPEST = 20
"""Parts within parts that are put into words."""
_SPACE_INSIDE = re.compile(r"(?<=[(\[{⟨]) | (?=[)\]}⟩,.])")


@dataclass(frozen=True, slots=True)
class Binder:
    """Some variables of a statement that are declared together.

    Attributes:
        names: Their names.
        kind: What they are: the tokens of their type; empty where none is given.
        bracket: The bracket around them, or none.
        relation: For ``∀ x ∈ s``: the sign, behind which ``kind`` stands; else empty.
    """

    names: tuple[str, ...]
    kind: tuple[Token, ...]
    bracket: str = ""
    relation: str = ""

    @property
    def is_hypothesis(self) -> bool:
        """Whether it assumes something, as far as one can see: only Lean knows what is a type."""
        signs = {token.text for token in self.kind}
        if self.bracket == "[" or self.relation:
            return False
        if signs & (RELATIONS | _LOGIC):
            return True
        return bool(self.names) and all(name.startswith("h") for name in self.names)


def in_words(theorem: Theorem) -> str:
    """What a theorem states, in controlled English. Signs that have no words stay."""
    said = [_declared(binder, "for every") for binder in read_binders(theorem.binders)]
    said.append(_Reading(significant(theorem.statement)).words())
    return _tidy(", ".join(said))


def read_binders(text: str) -> tuple[Binder, ...]:
    """The variables and hypotheses that stand before a statement's colon."""
    return tuple(_binders(significant(text)))


def _binders(tokens: Sequence[Token]) -> Iterator[Binder]:
    partner = pair_brackets(tokens).partner
    index = 0
    bare: list[Token] = []
    while index < len(tokens):
        token = tokens[index]
        if token.text in _OPENING and partner[index] > index:
            if bare:
                yield _binder(bare)
                bare = []
            yield _binder(tokens[index + 1 : partner[index]], token.text)
            index = partner[index] + 1
        else:
            bare.append(token)
            index += 1
    if bare:
        yield _binder(bare)


def _binder(tokens: Sequence[Token], bracket: str = "") -> Binder:
    """The variables in a bracket, or without one: ``x y : T``, ``x ∈ s``, or an instance."""
    for index, token in enumerate(tokens):
        if token.text == ":" or token.text in RELATIONS:
            kind = tuple(tokens[index + 1 :])
            default = next((i for i, item in enumerate(kind) if item.text == ":="), len(kind))
            names = tuple(item.text for item in tokens[:index])
            return Binder(names, kind[:default], bracket, token.text.strip(":"))
    if bracket == "[":
        return Binder((), tuple(tokens), bracket)
    return Binder(tuple(item.text for item in tokens), (), bracket)


def _declared(binder: Binder, one: str, depth: int = 0) -> str:
    """A declaration in words, behind "for every" or "there is"."""
    kind = _Reading(binder.kind, depth).words() if binder.kind else ""
    if binder.bracket == "[" and (not binder.names or binder.kind):
        return f"where {kind}"
    if binder.is_hypothesis:
        return f"supposing {kind}"
    several = len(binder.names) > 1
    names = " and ".join(binder.names)
    begin = {"for every": "for all", "there is": "there are"}.get(one, one) if several else one
    if binder.relation:
        return f"{begin} {names} that {_RELATIONS[binder.relation]} {kind}"
    if not kind:
        return f"{begin} {names}"
    called = _called(binder.kind, several=several)
    article = "" if several or begin == "for every" else f"{_article(called)} "
    return f"{begin} {article}{called} {names}" if called else f"{begin} {names} of type {kind}"


def _article(noun: str) -> str:
    return "" if not noun else "an" if noun[0] in "aeiou" else "a"


def _called(kind: Sequence[Token], *, several: bool) -> str:
    """What things of a type are called; empty where there is no word."""
    texts = [token.text for token in kind]
    if len(texts) == 1 and texts[0] in KINDS:
        return KINDS[texts[0]][several]
    if len(texts) == 2 and texts[0] in ("List", "Set", "Array", "Finset"):
        noun = texts[0].lower() + ("s" if several else "")
        return f"{noun} of {KINDS[texts[1]][1] if texts[1] in KINDS else texts[1]}"
    arrows = [index for index, text in enumerate(texts) if text in ("→", "->")]
    if len(arrows) == 1 and 0 < arrows[0] < len(texts) - 1:
        sides = (kind[: arrows[0]], kind[arrows[0] + 1 :])
        domain, range_ = (_called(side, several=True) or _Reading(side).words() for side in sides)
        return f"function{'s' if several else ''} from {domain} to {range_}"
    return ""


class _Reading:
    """The words of some tokens, one after the other.

    Args:
        tokens: The tokens.
        depth: How many readings this one is a part of.
    """

    def __init__(self, tokens: Sequence[Token], depth: int = 0) -> None:
        self._tokens = tokens
        self._depth = depth
        self._brackets = pair_brackets(tokens)

    def words(self) -> str:
        said: list[str] = []
        index = 0
        while index < len(self._tokens):
            piece, index = self._next(index)
            said.append(piece)
        return _tidy(" ".join(said))

    def _next(self, index: int) -> tuple[str, int]:
        """What the token at a place says, with those that belong to it, and what is next."""
        token = self._tokens[index]
        if self._depth > _DEEPEST:
            return token.text, index + 1
        if token.text in _QUANTIFIERS and (comma := self._comma(index)) is not None:
            return self._quantified(index, comma), comma + 1
        if token.kind is Kind.IDENTIFIER:
            stop = self._atom(index + 1)
            if _is_predicate(token.text) and stop > index + 1 and self._atom(stop) == stop:
                about = _Reading(self._tokens[index + 1 : stop], self._depth + 1).words()
                return f"{about} is {_spoken(token.text)}", stop
            return _spoken(token.text), index + 1
        return _SIGNS.get(token.text, token.text), index + 1

    def _comma(self, index: int) -> int | None:
        """The comma behind the variables of a quantifier."""
        depth = self._brackets.depth
        return next(
            (
                i
                for i in range(index + 1, len(self._tokens))
                if self._tokens[i].text == "," and depth[i] == depth[index]
            ),
            None,
        )

    def _quantified(self, index: int, comma: int) -> str:
        begin, deeper = index + 1, self._depth + 1
        is_unique = self._tokens[begin].text == "!"
        binders = _binders(self._tokens[begin + is_unique : comma])
        if _QUANTIFIERS[self._tokens[index].text] == "all":
            return ", ".join(_declared(binder, "for every", deeper) for binder in binders) + ","
        one = "there is exactly one" if is_unique else "there is"
        said = " and ".join(_declared(binder, one, deeper) for binder in binders)
        return (said.replace("one a ", "one ").replace("one an ", "one ")) + " such that"

    def _atom(self, index: int) -> int:
        """Where the argument ends that begins at a place; there, if none does."""
        if index >= len(self._tokens):
            return index
        token, partner = self._tokens[index], self._brackets.partner[index]
        if token.text in _OPENING and partner > index:
            return partner + 1
        is_argument = (
            token.kind in (Kind.IDENTIFIER, Kind.NUMBER) and token.text not in _QUANTIFIERS
        )
        return index + 1 if is_argument else index


def _is_predicate(name: str) -> bool:
    """Whether a name begins like those of predicates and types do, and is no type's."""
    last = name.rpartition(".")[2]
    return last[:1].isupper() and len(last) > 1 and last not in KINDS


def _spoken(name: str) -> str:
    """A name as words: ``Nat.Coprime`` is coprime, and ``xs.length`` length of xs."""
    if name in KINDS:
        return KINDS[name][1]
    parts = name.split(".")
    if parts[0][:1].isupper() and len(parts) > 1:
        parts = parts[-1:]
    return " of ".join(" ".join(words(part)) if len(part) > 1 else part for part in reversed(parts))


def _tidy(text: str) -> str:
    return _SPACE_INSIDE.sub("", text)
