"""The part of a model's grammar that speaks of variables without indices.

It keeps a small model to what each sentence says. A limit stands with the sentence that gives it,
and a lower one is none from above; what is added up is what the text says in the limit's own words
of each thing ("at least 1200 g of protein" of "40 g of protein"); things are compared with each
other only where words compare them, with a multiple or a share of the total as the words have it;
and a number that the text says of one thing multiplies no other. What a sentence spells out whole
is claimed as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.formal.optimization.expression import Comparison
from neurosym.formal.optimization.language.printer import print_number
from neurosym.formal.optimization.model import Sense
from neurosym.translators.attribution import (
    Clause,
    clauses,
    said_in_order,
    said_of,
    tells_apart,
    things_in,
)
from neurosym.translators.cues import (
    asked_sense,
    bounds_of,
    compares_exactly,
    demands_order,
    distributes,
    exact_numbers,
    forms_of,
    goes_on,
    is_stock,
    may_limit,
    numbers_of,
)
from neurosym.translators.gbnf import any_of, quoted
from neurosym.translators.limited import ANY_SUM, LimitReader, of_single, shown
from neurosym.translators.logic_claims import logic_rules, logical_claims
from neurosym.translators.measures import behind, counts_kinds, decided_measures, is_multiple
from neurosym.translators.said_limits import SaidLimit, said_limits
from neurosym.translators.templates import (
    Share,
    adds_up,
    find_multiple,
    relates,
    says_total,
    shares_of_total,
)
from neurosym.translators.things import called

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
_THERE = re.compile(r"\b(?:budget|available|in stock|on hand)\b", re.IGNORECASE)
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


@dataclass(frozen=True)
class _Rules:
    sentences: tuple[str, ...]
    variables: tuple[str, ...] | None

    def all(self) -> Iterator[str]:
        text = self._text
        factor = 'name ("^" [23])? (" * " name)?' if _NONLINEAR.search(text) else "name"
        limits = self._only_limits()
        count = len(self.variables or ())
        scales = [number for number in _as_factors(self._open, count) if number not in limits]
        factors = self._factors(scales)
        multiples = [number for number in _multiples(self._open) if number not in scales]
        yield 'sum ::= named ((" + " | " - ") named){0,11} ((" + " | " - ") number)?'
        scaled = f'(({shown(scales)}) " * ")? ' if scales else ""
        yield f'named ::= product | {factor} | {scaled}"(" inside ")"'
        if multiples:
            times = f'({shown(multiples)}) " * " (name | "(" inside ")")'
            yield f"compared ::= sum | {times}"
        else:
            yield "compared ::= sum"
        yield 'inside ::= inner ((" + " | " - ") inner){1,7}'
        yield f"inner ::= product | {factor}"
        products = (f'({shown(of)}) " * " {quoted(name)}' for name, of in factors.items() if of)
        yield f"product ::= {any_of(products) or _ANY_PRODUCT}"
        reader = LimitReader(self._open, self._names, factors, self._are_told_apart)
        logical = [list(logical_claims(sentence)) for sentence in self.sentences]
        if any(logical):
            yield from logic_rules("name")
        for place, (sentence, claims) in enumerate(zip(self.sentences, logical, strict=True), 1):
            if may_limit(sentence):
                claims += self._claims(sentence, reader)
            if claims:
                yield f"claims{place} ::= {' '.join(claims)}"

    @cached_property
    def _text(self) -> str:
        return " ".join(self.sentences)

    @cached_property
    def _measures(self) -> frozenset[str]:
        return decided_measures(self.sentences)

    def _said(self, sentence: str) -> tuple[SaidLimit, ...]:
        """The limits that a sentence spells out.

        A strict one is left open, since texts differ in whether such a limit may be met.
        """
        limits = said_limits(sentence, self._names, self._measures)
        return () if any(limit.comparison is Comparison.GREATER for limit in limits) else limits

    @cached_property
    def _open(self) -> tuple[str, ...]:
        """The sentences that do not spell out what they claim."""
        return tuple(text for text in self.sentences if not self._said(text))

    @cached_property
    def _sense(self) -> Sense | None:
        return asked_sense(self._text)

    @cached_property
    def _names(self) -> dict[str, str]:
        """The words for each variable, those first that the text names first."""
        return called(self._text, self.variables or ())

    @cached_property
    def _are_told_apart(self) -> bool:
        return tells_apart(self.sentences, self._names)

    def _factors(self, numbers: Sequence[Fraction]) -> dict[str, list[Fraction]]:
        """Which of some numbers may multiply each variable; empty if these are not known."""
        owners = said_of(self._open, self._names) if self._are_told_apart else {}
        free = set(numbers) - owners.keys() | {*_multiples(self._open)}
        return {
            name: [n for n in numbers if n in free or name in owners[n]]
            for name in self.variables or ()
        }

    def _only_limits(self) -> set[Fraction]:
        """The numbers that limit something wherever they stand, and so multiply nothing."""
        limits: set[Fraction] = set()
        others: set[Fraction] = set()
        for sentence in self.sentences:
            listed = said_in_order(sentence, self._names)
            plain = {limit.number for limit in self._said(sentence)}
            plain |= bounds_of(sentence).keys()
            for clause in clauses(sentence, self._names):
                free = {*_limits(clause)} if _is_asked(clause) else set()
                for mention in clause.mentions:
                    forms = {*forms_of(mention)}
                    is_free = mention in free and _is_free(clause, mention, listed)
                    limited = forms if is_free else plain & {mention.amount}
                    limits |= limited
                    others |= forms - limited
        return limits - others

    def _claims(self, sentence: str, reader: LimitReader) -> Iterator[str]:
        """What a sentence claims, in the order of its words."""
        if said := self._said(sentence):
            yield from (_once(quoted(str(limit))) for limit in said)
            return
        limits = [*self._limit_claims(sentence, reader)]
        yield from (_once(claim) if is_sure else _perhaps(claim) for claim, is_sure in limits)
        is_known = self.variables is not None
        shares = [*shares_of_total(sentence, self._names)] if is_known else []
        for share in shares:
            yield self._share(share)
        multiple = find_multiple(sentence, self._names) if is_known else None
        if multiple is not None:
            right = quoted(f"{print_number(multiple.factor)} * {multiple.second}")
            claim = f"{quoted(multiple.first)} {_sign(multiple.is_upper)} {right}"
            yield _perhaps(claim) if multiple.is_upper is None else _once(claim)
        elif relates(sentence) and not (shares and says_total(sentence)):
            least, most = self._comparisons(sentence, limits)
            if most:
                yield f'(({_COMPARISON}) "\\n"){{{least},{most}}}'

    def _comparisons(self, sentence: str, limits: Sequence[tuple[str, bool]]) -> tuple[int, int]:
        """How many comparisons of things a sentence makes beside its limits, at least and at most.

        One that demands an order makes one, if none of its limits may be that already.
        """
        is_demanded = demands_order(sentence)
        if not any(is_sure for _, is_sure in limits):
            return int(is_demanded), _MAX_FREE
        is_made = any(claim.endswith(_COMPARISON) for claim, _ in limits)
        is_left = is_demanded and not is_made and len(things_in(sentence, self._names)) > 1
        return int(is_left), int(is_left)

    def _limit_claims(self, sentence: str, reader: LimitReader) -> Iterator[tuple[str, bool]]:
        """Claims of a sentence that limit something by a number, and whether it surely states each.

        What is said in so many words ("at least") is, of things together. Other numbers are where
        they are measured as the text measures each thing, or are what there is, or is needed.
        """
        bounds = bounds_of(sentence)
        listed = said_in_order(sentence, self._names)
        is_known = self.variables is not None
        for clause in clauses(sentence, self._names):
            for mention in _limits(clause):
                left = reader.left(sentence, clause, mention)
                if (limit := mention.amount) in bounds:
                    claim = f"({left.sum}) {_sign(bounds[limit])} {quoted(print_number(limit))}"
                    if left == ANY_SUM and demands_order(sentence):
                        claim = f"{claim} | {_COMPARISON}"
                    yield claim, is_known and not of_single(clause)
                # What is said of one thing and limits nothing is what that takes or earns.
                elif _is_free(clause, mention, listed):
                    sign = self._free_sign(clause.text)
                    is_of_all = clause.owners in (frozenset(), self._names.keys())
                    is_sure = (left.is_measured and is_of_all) or (
                        left.is_clear and _is_asked(clause)
                    )
                    yield f"({left.sum}) {sign} ({shown(forms_of(mention))})", is_sure
                elif bounds and goes_on(clause.text):
                    ways = set(bounds.values())
                    sign = _sign(ways.pop() if len(ways) == 1 else None)
                    yield f"({left.sum}) {sign} {quoted(print_number(limit))}", left.is_clear

    def _free_sign(self, clause: str) -> str:
        """Which way a limit goes that no word makes an upper or a lower one.

        What there is of something is never exceeded, and what is distributed where little is
        wanted is so to its end; what is needed is at least met where as
        little as possible is wanted, and the rest not exceeded where as much as possible is.
        """
        if is_stock(clause):
            return _sign(True)
        if distributes(clause):
            return _sign(True) if self._sense is Sense.MAXIMIZE else '" = "'
        if compares_exactly(clause):
            return '" = "' if exact_numbers(clause) else _ANY
        is_needed = _NEEDS.search(clause) is not None
        if is_needed and self._sense is Sense.MINIMIZE:
            return _sign(False)
        return _sign(True) if not is_needed and self._sense is Sense.MAXIMIZE else _ANY

    def _share(self, share: Share) -> str:
        is_one = len(share.named) == 1
        left = quoted(*share.named) if is_one else "name"
        total = " + ".join(self.variables or ())
        right = quoted(f"{print_number(share.size)} * ({total})")
        claim = f"{left} {_sign(share.is_upper)} {right}"
        return _once(claim) if is_one and share.is_upper is not None else _perhaps(claim)


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
        after = behind(text, mention)
        is_share = mention.unit == PERCENT or (mention.amount < 1 and after.startswith("of "))
        if not (
            is_share
            or after.startswith("-")
            or is_multiple(text, mention)
            or counts_kinds(text, mention)
        ):
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
    """Whether a clause says what there is, or what is wanted, or what is distributed."""
    is_needed = _NEEDS.search(clause.text) is not None
    return is_needed or is_stock(clause.text) or distributes(clause.text)


def _as_factors(sentences: Iterable[str], count: int) -> list[Fraction]:
    """The numbers of a text that may multiply something as what it takes or earns.

    Of percentages that is the shares alone. Multiples ("three times as many") compare things, "two
    kinds" counts them, "all three" too, and nobody writes 0 or, where it is not said, 1.

    Args:
        sentences: The text.
        count: How many variables there are.
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
                or (mention.weight is Weight.LOOSE and mention.amount == count > 1)
            )
            (others if is_no_rate else rates).add(_amount(mention))
    text = " ".join(told)
    rates.discard(Fraction(0))
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
