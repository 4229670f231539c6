"""The part of a model's grammar that speaks of variables without indices.

It keeps a small model to what each sentence says. A limit stands with the sentence that gives it,
and a lower one is none from above; what is added up is what the text says in the limit's own words
of each thing ("at least 1200 g of protein" of "40 g of protein"); things are compared with each
other only where words compare them, with a multiple or a share of the total as the words have it;
and a number that the text says of one thing multiplies no other.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.formal.optimization.language.printer import print_number
from neurosym.formal.optimization.model import Sense
from neurosym.translators.attribution import Clause, clauses, said_in_order, said_of, things_in
from neurosym.translators.cues import (
    asked_sense,
    bounds_of,
    compares_exactly,
    demands_order,
    forms_of,
    is_stock,
    may_limit,
    numbers_of,
)
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.logic_claims import LOGIC_RULES, logical_claims
from neurosym.translators.measures import (
    behind,
    counts_all,
    counts_directly,
    counts_kinds,
    counts_shares,
    is_multiple,
    measured_alike,
    things_counted,
)
from neurosym.translators.templates import (
    adds_up,
    find_multiple,
    relates,
    says_total,
    shares_of_total,
)

__all__ = ["plain_rules"]

_NONLINEAR = re.compile(
    r"\b(?:squared?|square root|cubed?|cubic|product of|power of|exponential\w*|logarithm\w*|"
    r"quadratic\w*|inverse\w*|radius|volume|diameter|surface area)\b",
    re.IGNORECASE,
)
_EXACT = re.compile(
    r"\b(?:exactly|must|should|limit\w*|equal|total|only|cap|between|range\w*|from \S+ to)\b|"
    r"\[\s*\d",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\b(?:it|that|this) (?:is|are)\b|\bis(?: at)?\W*$", re.IGNORECASE)
"""How a limit is followed by that of another thing: "while for rafts it is 40"."""
_THERE = re.compile(r"\b(?:budget|available|in stock|on hand)\b", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:each|every|per)\s+(?!day|week|month|year|hour|minute|night|season)|"
    r"^\s*an?\b.*\b(?:can|could|may|works?)\b",
    re.IGNORECASE,
)
"""Words by which a limit is one of a single thing, which no variable stands for."""
_DIFFERS = re.compile(r"\W*(?:more|fewer|less)\b", re.IGNORECASE)
"""Behind a number, what makes it a difference: "at most 10 more boats than rafts"."""
_SUBTRACTS = re.compile(r"\b(?:minus|differences?|less|times|twice)\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"\b(?:total|combined|sum|altogether|together|across (?:all|both)|overall)\b", re.IGNORECASE
)
_NEEDS = re.compile(
    r"\b(?:needs?|requires?|demands?|wants?|wish\w*|must|should|has to|have to|"
    r"would like|(?:is|are) to)\b",
    re.IGNORECASE,
)
_MANY = 12
"""A number in words above this says how much, as a numeral does."""
_ANY = '(" <= " | " >= " | " = ")'
_COMPARISON = f'compared {_ANY} (compared | "0")'
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
class _Left:
    """What a limit is of.

    Attributes:
        sum: Rule of what is added up.
        is_clear: Whether the words of the limit say what that is.
        is_measured: Whether it is what the text says of each thing in those words.
    """

    sum: str
    is_clear: bool = False
    is_measured: bool = False


@dataclass(frozen=True, slots=True)
class _Rules:
    sentences: tuple[str, ...]
    variables: tuple[str, ...] | None

    def all(self) -> Iterator[str]:
        text = " ".join(self.sentences)
        factor = 'name ("^" [23])? (" * " name)?' if _NONLINEAR.search(text) else "name"
        limits = {*bounds_of(text), *self._free_limits()}
        scales = [number for number in _as_factors(self.sentences) if number not in limits]
        factors = self._factors(scales)
        multiples = [number for number in _multiples(self.sentences) if number not in scales]
        yield 'sum ::= named ((" + " | " - ") term){0,11}'
        yield "term ::= number | named"
        scaled = f'(({_shown(scales)}) " * ")? ' if scales else ""
        yield f'named ::= product | {factor} | {scaled}"(" inside ")"'
        if multiples:
            times = f'({_shown(multiples)}) " * " (name | "(" inside ")")'
            yield f"compared ::= sum | {times}"
        else:
            yield "compared ::= sum"
        yield 'inside ::= inner ((" + " | " - ") inner){1,7}'
        yield f"inner ::= product | {factor}"
        products = (f'({_shown(of)}) " * " {quoted(name)}' for name, of in factors.items() if of)
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
        owners = said_of(self.sentences, self._names) if self._tells_apart() else {}
        return {
            name: [n for n in numbers if n not in owners or name in owners[n]]
            for name in self.variables or ()
        }

    def _tells_apart(self) -> bool:
        """Whether the text says something of each variable alone, by the words of its name."""
        found = (
            clause.owners
            for sentence in self.sentences
            for clause in clauses(sentence, self._names)
            if len(clause.owners) == 1
        )
        return frozenset().union(*found) == self._names.keys()

    def _free_limits(self) -> Iterator[Fraction]:
        """The limits that are said in other words than "at least" and "at most"."""
        for sentence in self.sentences:
            listed = said_in_order(sentence, self._names)
            for clause in clauses(sentence, self._names):
                for mention in _limits(clause):
                    if _is_free(clause, mention, listed) and _is_asked(clause):
                        yield from forms_of(mention)

    def _claims(self, sentence: str, factors: Mapping[str, Sequence[Fraction]]) -> Iterator[str]:
        """What a sentence claims, in the order of its words."""
        bounds = bounds_of(sentence)
        listed = said_in_order(sentence, self._names)
        is_known = self.variables is not None
        demands = demands_order(sentence)
        is_claimed = False
        for clause in clauses(sentence, self._names):
            for mention in _limits(clause):
                left = self._left(sentence, clause, mention, factors)
                if (limit := mention.amount) in bounds:
                    claim = f"({left.sum}) {_sign(bounds[limit])} {quoted(print_number(limit))}"
                    is_compared = demands and left.sum == "sum"
                    if is_compared:
                        claim = f"{claim} | {_COMPARISON}"
                    is_sure = left.is_clear or is_compared
                    is_claimed |= is_sure
                    yield _once(claim) if is_sure else _perhaps(claim)
                # What is said of one thing and limits nothing is what that takes or earns.
                elif _is_free(clause, mention, listed):
                    sign = self._free_sign(clause.text)
                    claim = f"({left.sum}) {sign} ({_shown(forms_of(mention))})"
                    is_of_all = clause.owners in (frozenset(), self._names.keys())
                    is_sure = (left.is_measured and is_of_all) or (
                        left.is_clear and _is_asked(clause)
                    )
                    is_claimed |= is_sure
                    yield _once(claim) if is_sure else _perhaps(claim)
                elif bounds and _GOES_ON.search(clause.text):
                    yield _perhaps(f"({left.sum}) {_ANY} {quoted(print_number(limit))}")
        shares = [*shares_of_total(sentence, self._names)] if is_known else []
        for share in shares:
            yield self._share(sentence, share, bounds.get(share * 100))
        multiple = find_multiple(sentence, self._names) if is_known else None
        if multiple is not None:
            right = quoted(f"{print_number(multiple.factor)} * {multiple.second}")
            claim = f"{quoted(multiple.first)} {_sign(multiple.is_upper)} {right}"
            yield _perhaps(claim) if multiple.is_upper is None else _once(claim)
        if relates(sentence) and multiple is None and not (shares and says_total(sentence)):
            least = int(demands and not is_claimed)
            yield f'(({_COMPARISON}) "\\n"){{{least},{_MAX_FREE}}}'

    def _free_sign(self, clause: str) -> str:
        """Which way a limit goes that no word makes an upper or a lower one.

        What there is of something is never exceeded; what is needed is at least met where as
        little as possible is wanted, and the rest not exceeded where as much as possible is.
        """
        if is_stock(clause):
            return _sign(True)
        if compares_exactly(clause):
            return _ANY
        is_needed = _NEEDS.search(clause) is not None
        sense = asked_sense(" ".join(self.sentences))
        if is_needed and sense is Sense.MINIMIZE:
            return _sign(False)
        return _sign(True) if not is_needed and sense is Sense.MAXIMIZE else _ANY

    def _left(
        self,
        sentence: str,
        clause: Clause,
        mention: Mention,
        factors: Mapping[str, Sequence[Fraction]],
    ) -> _Left:
        """What a limit is of: things that it counts, what is said of them in its words, a total."""
        after = behind(clause.text, mention)
        if _EACH.search(clause.text) or _DIFFERS.match(after):
            return _Left("sum")
        return (
            self._counted(clause, after, factors)
            or self._measured(clause, mention)
            or self._total(sentence, after)
            or _Left("sum")
        )

    def _counted(
        self, clause: Clause, after: str, factors: Mapping[str, Sequence[Fraction]]
    ) -> _Left | None:
        """The thing that a limit counts, "at least 5 chairs", or all of them.

        "At most 20 seats" counts bar seats and window seats.
        """
        counted = things_counted(after, self._names)
        if len(counted) == 1 and clause.named == counted:
            [name] = counted
            if counts_directly(after, name) or not factors[name]:
                return _Left(quoted(name), is_clear=True)
            scaled = f'({_shown(factors[name])}) " * " {quoted(name)}'
            return _Left(f"{quoted(name)} | {scaled}", is_clear=True)
        listed = [name for name in self._names if name in clause.named]
        if len(listed) > 1 and any(counts_directly(after, name) for name in listed):
            return _Left(quoted(" + ".join(listed)), is_clear=True)
        if not clause.named and counts_all(after, self._names):
            return _Left(quoted(" + ".join(self._names)), is_clear=True)
        return None

    def _measured(self, clause: Clause, mention: Mention) -> _Left | None:
        """What the text says of the things in the words that a limit is measured in."""
        alike = measured_alike(self.sentences, self._names, clause.text, mention)
        if len(alike) == len(self._names) > 0:
            terms = (f'({_shown(of)}) " * " {quoted(name)}' for name, of in alike.items())
            added = ' " + " '.join(terms)
            if self._tells_apart():
                return _Left(added, is_clear=True, is_measured=True)
            return _Left(f"{added} | sum")
        return _Left("sum") if alike else None

    def _total(self, sentence: str, after: str) -> _Left | None:
        """All things, or those that the sentence names, if it speaks of their total."""
        parts = things_in(sentence, self._names) or tuple(self._names)
        is_total = _TOTAL.search(sentence) or counts_shares(after, self.sentences)
        if is_total and not _SUBTRACTS.search(sentence) and len(parts) > 1:
            return _Left(f"{quoted(' + '.join(parts))} | sum", is_clear=True)
        return None

    def _share(self, sentence: str, share: Fraction, is_upper: bool | None) -> str:
        named = [
            clause.named
            for clause in clauses(sentence, self._names)
            if any(item.unit == PERCENT for item in clause.mentions)
        ]
        things = frozenset().union(*named)
        left = quoted(*things) if len(things) == 1 else "name"
        total = " + ".join(self.variables or ())
        claim = f"{left} {_sign(is_upper)} {quoted(f'{print_number(share)} * ({total})')}"
        return _once(claim) if len(things) == 1 and is_upper is not None else _perhaps(claim)


def _once(claim: str) -> str:
    return f'({claim}) "\\n"'


def _perhaps(claim: str) -> str:
    return f'(({claim}) "\\n")?'


def _sign(is_upper: bool | None) -> str:
    if is_upper is None:
        return _ANY
    return '" <= "' if is_upper else '" >= "'


def _limits(clause: Clause) -> Iterator[Mention]:
    """The numbers of a clause that may be limits.

    That is no shares, no multiples, no counts of kinds, and no parts of names, "3-piece suits".
    """
    for mention in clause.mentions:
        text = clause.text
        is_part = mention.unit == PERCENT or behind(text, mention).startswith("-")
        if not (is_part or is_multiple(text, mention) or counts_kinds(text, mention)):
            yield mention


def _is_free(clause: Clause, mention: Mention, listed: Container[Fraction]) -> bool:
    """Whether a number that no word makes a limit may be one, and not what a thing takes or earns.

    Args:
        clause: Where the number is.
        mention: The number.
        listed: The numbers that a list of the sentence says of one thing each.
    """
    if mention.amount in listed:
        return False
    is_exact = _EXACT.search(clause.text) is not None or _THERE.search(clause.text) is not None
    is_firm = mention.weight is Weight.FIRM or mention.amount > _MANY
    return is_firm and (is_exact or len(clause.owners) != 1)


def _is_asked(clause: Clause) -> bool:
    """Whether a clause says what there is, or what is wanted."""
    return is_stock(clause.text) or _NEEDS.search(clause.text) is not None


def _as_factors(sentences: Iterable[str]) -> list[Fraction]:
    """The numbers of a text that may multiply something as what it takes or earns.

    Of percentages that is the shares alone. Multiples ("three times as many") compare things, "two
    kinds" counts them, and nobody writes 0 or, where it is not said, 1.
    """
    told = tuple(sentences)
    rates: set[Fraction] = set()
    others = {Fraction(0), Fraction(1)}
    for sentence in told:
        for mention in find_mentions(sentence):
            is_no_rate = (
                mention.unit == PERCENT
                or (is_multiple(sentence, mention) and not adds_up(sentence))
                or counts_kinds(sentence, mention)
            )
            (others if is_no_rate else rates).add(_amount(mention))
    text = " ".join(told)
    return [number for number in numbers_of(text) if number in rates or number not in others]


def _amount(mention: Mention) -> Fraction:
    """A number as it is plainly said; "twice" is 2."""
    return mention.amount or min(mention.values, default=Fraction(0))


def _multiples(sentences: Iterable[str]) -> list[Fraction]:
    """The numbers of times that things are compared by."""
    found = (
        _amount(mention)
        for sentence in sentences
        for mention in find_mentions(sentence)
        if is_multiple(sentence, mention)
    )
    return [*dict.fromkeys(found)]


def _shown(numbers: Iterable[Fraction]) -> str:
    return alternatives(dict.fromkeys(map(print_number, numbers)))
