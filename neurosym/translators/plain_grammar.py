"""The part of a model's grammar that speaks of variables without indices.

It keeps a small model to what each sentence says. A limit stands with the sentence that gives it,
and a lower one is none from above; what is added up is what the text says in the limit's own words
of each thing ("at least 1200 g of protein" of "40 g of protein"); things are compared with each
other only where words compare them, with a multiple or a share of the total as the words have it;
and a number that the text says of one thing multiplies no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import (
    Clause,
    behind,
    clauses,
    measured_alike,
    said_of,
    things_named,
)
from neurosym.translators.cues import bounds_of, forms_of, is_stock, may_limit, numbers_of
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.logic_claims import LOGIC_RULES, logical_claims
from neurosym.translators.templates import find_multiple, relates, says_total, shares_of_total

__all__ = ["plain_rules"]

_NONLINEAR = re.compile(
    r"\b(?:squared?|square root|cubed?|cubic|product of|power of|exponential\w*|logarithm\w*|"
    r"quadratic\w*|inverse\w*|radius|volume|diameter|surface area)\b",
    re.IGNORECASE,
)
_EXACT = re.compile(r"\b(?:exactly|must|should|limit\w*|equal|total|only|cap)\b", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:each|every|per)\s+(?!day|week|month|year|hour|minute|night|season)|^\s*an?\b",
    re.IGNORECASE,
)
"""Words by which a limit is one of a single thing, which no variable stands for."""
_TIMES = re.compile(r"\s*times\b", re.IGNORECASE)
_MULTIPLES = frozenset({"twice", "double", "triple", "thrice", "half"})
_ANY = '(" <= " | " >= " | " = ")'
_ANY_PRODUCT = 'number " * " name'
_MAX_FREE = 3
"""Comparisons of a sentence at most that are not said in so many words."""


def plain_rules(sentences: Sequence[str], variables: Iterable[str] | None) -> list[str]:
    """GBNF rules ``sum``, and ``claims1`` and so on for each sentence that may claim something.

    With the variables known, a sentence has to claim what it says in so many words.

    Args:
        sentences: The description.
        variables: The names of the variables; ``None`` if they are not known yet.
    """
    known = None if variables is None else tuple(variables)
    return [*_Rules(tuple(sentences), known).all()]


@dataclass(frozen=True, slots=True)
class _Rules:
    sentences: tuple[str, ...]
    variables: tuple[str, ...] | None

    def all(self) -> Iterator[str]:
        text = " ".join(self.sentences)
        factor = 'name ("^" [23])? (" * " name)?' if _NONLINEAR.search(text) else "name"
        limits = bounds_of(text)
        scales = [number for number in _as_factors(text) if number not in limits]
        factors = self._factors(scales)
        yield 'sum ::= named ((" + " | " - ") term){0,11}'
        yield "term ::= number | named"
        yield f'named ::= product | {factor} | (({_shown(scales)}) " * ")? "(" inside ")"'
        yield 'inside ::= inner ((" + " | " - ") inner){1,7}'
        yield f"inner ::= product | {factor}"
        products = (f'({_shown(of)}) " * " {quoted(name)}' for name, of in factors.items())
        yield f"product ::= {any_of(products) or _ANY_PRODUCT}"
        logical = [list(logical_claims(sentence)) for sentence in self.sentences]
        if any(logical):
            yield from LOGIC_RULES
        for place, (sentence, claims) in enumerate(zip(self.sentences, logical, strict=True), 1):
            if may_limit(sentence):
                claims += self._claims(sentence, factors)
            if claims:
                yield f"claims{place} ::= {' '.join(claims)}"

    @property
    def _names(self) -> dict[str, str]:
        return {name: name for name in self.variables or ()}

    def _factors(self, numbers: Sequence[Fraction]) -> dict[str, list[Fraction]]:
        """Which of some numbers may multiply each variable; empty if these are not known."""
        owners = said_of(self.sentences, self._names)
        return {
            name: [n for n in numbers if n not in owners or name in owners[n]]
            for name in self.variables or ()
        }

    def _claims(self, sentence: str, factors: Mapping[str, Sequence[Fraction]]) -> Iterator[str]:
        """What a sentence claims, in the order of its words."""
        bounds = bounds_of(sentence)
        is_known = self.variables is not None
        for clause in clauses(sentence, self._names):
            for mention, limit in _limits(clause):
                left, is_clear = self._left(clause, mention, factors)
                if limit in bounds:
                    claim = f"({left}) {_sign(bounds[limit])} {quoted(print_number(limit))}"
                    yield _once(claim) if is_clear else _perhaps(claim)
                # What is said of one thing and limits nothing is what that takes or earns.
                elif _is_free(clause, mention):
                    stocks = is_stock(clause.text)
                    sign = '" <= "' if stocks else _ANY
                    claim = f"({left}) {sign} {quoted(print_number(limit))}"
                    yield _once(claim) if is_clear and stocks else _perhaps(claim)
        shares = [*shares_of_total(sentence, self._names)] if is_known else []
        for share in shares:
            yield _perhaps(self._share(sentence, share, bounds.get(share * 100)))
        multiple = find_multiple(sentence, self._names) if is_known else None
        if multiple is not None:
            right = quoted(f"{print_number(multiple.factor)} * {multiple.second}")
            claim = f"{quoted(multiple.first)} {_sign(multiple.is_upper)} {right}"
            yield _perhaps(claim) if multiple.is_upper is None else _once(claim)
        if relates(sentence) and multiple is None and not (shares and says_total(sentence)):
            yield f'((sum {_ANY} (sum | "0")) "\\n"){{0,{_MAX_FREE}}}'

    def _left(
        self, clause: Clause, mention: Mention, factors: Mapping[str, Sequence[Fraction]]
    ) -> tuple[str, bool]:
        """What a limit is of, and whether that is clear.

        The things of which the text says something in its words; or the thing that it counts, "at
        least 5 chairs"; or, which is not clear, any sum.
        """
        if _EACH.search(clause.text):
            return "sum", False
        counted = things_named(behind(clause.text, mention), self._names)
        if len(counted) == 1 and clause.named == counted:
            [name] = counted
            return f'{quoted(name)} | ({_shown(factors[name])}) " * " {quoted(name)}', True
        alike = measured_alike(self.sentences, self._names, clause.text, mention)
        if len(alike) == len(self._names) > 0:
            terms = (f'({_shown(of)}) " * " {quoted(name)}' for name, of in alike.items())
            return ' " + " '.join(terms), True
        return "sum", False

    def _share(self, sentence: str, share: Fraction, is_upper: bool | None) -> str:
        named = [
            clause.named
            for clause in clauses(sentence, self._names)
            if any(item.unit == PERCENT for item in clause.mentions)
        ]
        things = frozenset().union(*named)
        left = quoted(*things) if len(things) == 1 else "name"
        total = " + ".join(self.variables or ())
        return f"{left} {_sign(is_upper)} {quoted(f'{print_number(share)} * ({total})')}"


def _once(claim: str) -> str:
    return f'({claim}) "\\n"'


def _perhaps(claim: str) -> str:
    return f'(({claim}) "\\n")?'


def _sign(is_upper: bool | None) -> str:
    if is_upper is None:
        return _ANY
    return '" <= "' if is_upper else '" >= "'


def _limits(clause: Clause) -> Iterator[tuple[Mention, Fraction]]:
    """The numbers of a clause that may be limits: neither shares nor multiples."""
    for mention in clause.mentions:
        if mention.unit == PERCENT or _is_multiple(clause.text, mention):
            continue
        for number in forms_of(mention):
            yield mention, number


def _is_free(clause: Clause, mention: Mention) -> bool:
    """Whether a number that no word makes a limit may be one: no "two kinds", no "costs $8"."""
    is_exact = _EXACT.search(clause.text) is not None
    return mention.weight is Weight.FIRM and (is_exact or len(clause.owners) != 1)


def _is_multiple(text: str, mention: Mention) -> bool:
    return mention.text.lower() in _MULTIPLES or _TIMES.match(behind(text, mention)) is not None


def _as_factors(text: str) -> list[Fraction]:
    """The numbers of a text that may multiply something: of percentages, the shares alone."""
    mentions = find_mentions(text)
    plain = {mention.amount for mention in mentions if mention.unit != PERCENT}
    percents = {mention.amount for mention in mentions if mention.unit == PERCENT} - plain
    return [number for number in numbers_of(text) if number not in percents]


def _shown(numbers: Iterable[Fraction]) -> str:
    return alternatives(dict.fromkeys(map(print_number, numbers)))
