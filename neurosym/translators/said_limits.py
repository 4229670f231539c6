"""Limits that a sentence spells out whole: a sum of things, which way, and the number.

"Twice the rafts plus the boats must be at least 20", "there must be at least 5 more boats than
rafts", "the boats cannot exceed the rafts by more than 10", "the boats must be at least twice the
rafts", and what stands in symbols already, "(x - y <= 10)". Only sentences of which nothing is left
over are read: all their numbers are factors or the limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from neurosym.answers.numerals import parse_number
from neurosym.formal.optimization.expression import Comparison
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import PARTS
from neurosym.translators.cues import bounds_of, limits
from neurosym.translators.said_lists import listed_bounds, ranges
from neurosym.translators.said_sums import (
    Sum,
    Token,
    TokenKind,
    find_sum,
    stretches,
    tokens_of,
)
from neurosym.translators.things import marks_of, named_by

__all__ = ["SaidLimit", "said_limits"]

_WRITTEN = re.compile(
    r"\((?P<left>[^()=<>≤≥]+)(?P<sign><=|>=|≤|≥|=|<|>)\s*(?P<number>-?[0-9][0-9,.]*)\s*\)"
)
"""A limit in symbols that stands beside its words."""
_SIGNS = {
    "=": Comparison.EQUAL,
    **dict.fromkeys(("<=", "≤", "<"), Comparison.AT_MOST),
    **dict.fromkeys((">=", "≥", ">"), Comparison.AT_LEAST),
}
_COMPARES = re.compile(
    r"(?P<most>\bat most|\b(?:no|not) (?:more|greater|higher|larger) than|less than or equal to|"
    r"(?:\b(?:not|cannot|never)|n['’]t) (?:exceed|surpass|be (?:more|greater|higher|larger) than))|"
    r"(?P<least>\bat least|\bno (?:less|fewer|lower|smaller) than|greater than or equal to|"
    r"(?:\b(?:not|cannot|never)|n['’]t) be (?:less|fewer|lower|smaller) than)",
    re.IGNORECASE,
)
_EXACTLY = re.compile(r"\b(?:equals?|exactly)(?:\s+(?:to|equal))?\W*$", re.IGNORECASE)
_MORE = frozenset({"more", "greater", "higher", "larger"})
_LESS = frozenset({"less", "fewer", "lower", "smaller"})
_EXCEEDS = frozenset({"exceed", "exceeds", "exceeding"})
_MULTIPLES = frozenset({"twice", "double", "thrice", "triple", "quadruple"})
_NEAR = 4
"""Words between a number and "more" at most."""
_AHEAD = 80
"""Characters before a number that may say which way it limits."""
_NEGATIVE = re.compile(r"(?:^|\s)[-−–]$")


@dataclass(frozen=True, slots=True)
class SaidLimit:
    """A limit.

    Attributes:
        sum: What is limited.
        comparison: Which way.
        number: The number; 0 where two sums are compared.
    """

    sum: Sum
    comparison: Comparison
    number: Fraction

    def __str__(self) -> str:
        """In the modelling language."""
        return f"{self.sum} {self.comparison} {print_number(self.number)}"


def said_limits(
    sentence: str, names: Mapping[str, str], measures: frozenset[str] = frozenset()
) -> tuple[SaidLimit, ...]:
    """The limits of a sentence that it spells out whole; none where anything of it is left over.

    Args:
        sentence: The sentence.
        names: The words for each thing; where these do not tell all apart, nothing is read.
        measures: Stems of what things are decided in; see :func:`listed_bounds`.
    """
    if len(names) < 2 or not all(marks_of(names).values()):
        return ()
    if written := _written(sentence, names) or (*_listed(sentence, names, measures),):
        return written
    whole = _Said(sentence, names).limit()
    if whole is not None:
        return _either_way(whole)
    parts = [part for part in PARTS.split(sentence) if _numbers(tokens_of(part, names))]
    found = [_Said(part, names).limit() for part in parts if len(parts) > 1]
    if not all(found):
        return ()
    return tuple(each for item in found if item is not None for each in _either_way(item))


def _either_way(limit: SaidLimit) -> tuple[SaidLimit, ...]:
    """A limit, and that of the other side where the difference of two things is not exceeded."""
    if not limit.sum.is_difference or limit.comparison is not Comparison.AT_MOST:
        return (limit,)
    terms = {name: -factor for name, factor in reversed([*limit.sum.terms.items()])}
    return limit, replace(limit, sum=replace(limit.sum, terms=terms))


def _written(sentence: str, names: Mapping[str, str]) -> tuple[SaidLimit, ...]:
    """The one limit of a sentence that stands there in symbols."""
    matches = [*_WRITTEN.finditer(sentence)]
    if len(matches) != 1:
        return ()
    [match] = matches
    found = find_sum(tokens_of(match["left"], names), names)
    number = parse_number(match["number"].rstrip(".,"))
    if found is None or number is None:
        return ()
    return (SaidLimit(found[0], _SIGNS[match["sign"]], Fraction(number)),)


def _listed(
    sentence: str, names: Mapping[str, str], measures: frozenset[str]
) -> Iterator[SaidLimit]:
    """The limits of single things in a list."""
    for name, low, high in ranges(sentence, names):
        of = Sum({name: Fraction(1)})
        if low:
            yield SaidLimit(of, Comparison.AT_LEAST, low)
        yield SaidLimit(of, Comparison.AT_MOST, high)
    for added, is_upper, number in listed_bounds(sentence, names, measures):
        yield SaidLimit(Sum(dict.fromkeys(added, Fraction(1))), _comparison(is_upper), number)


def _numbers(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind is TokenKind.NUMBER]


class _Said:
    """The words of a sentence that may spell out one limit."""

    def __init__(self, sentence: str, names: Mapping[str, str]) -> None:
        self._text = sentence
        self._names = names
        self._tokens = tokens_of(sentence, names)
        marks = marks_of(names)
        sure = (named_by(marks, token.stems, {""}) for token in self._tokens if token.things)
        self._named = frozenset[str]().union(*sure)

    def limit(self) -> SaidLimit | None:
        """The limit, if there is one reading of all numbers."""
        if (compared := self._compared()) is not None:
            return compared
        bounds = bounds_of(self._text)
        found = []
        for place, token in enumerate(self._tokens):
            if token.kind is not TokenKind.NUMBER or self._is_multiple(place):
                continue
            is_upper = bounds.get(token.number)
            comparison = self._way(place) if is_upper is None else _comparison(is_upper)
            if comparison is not None:
                is_negative = _NEGATIVE.search(self._text[: token.start]) is not None
                number = -token.number if is_negative else token.number
                found += [SaidLimit(of, comparison, number) for of in self._sums(place)]
        return found[0] if len(found) == 1 else None

    def _compared(self) -> SaidLimit | None:
        """Two sums of which one is at most, or at least, the other."""
        matches = [*_COMPARES.finditer(self._text)]
        if len(matches) != 1:
            return None
        [match] = matches
        before = [token for token in self._tokens if token.end <= match.start()]
        after = [token for token in self._tokens if token.start >= match.end()]
        read = _difference(self._last(before), self._first(after), is_less=False)
        are_factors = all(
            self._is_multiple(place)
            for place, token in enumerate(self._tokens)
            if token.kind is TokenKind.NUMBER
        )
        if read is None or read[1] != len(_numbers(self._tokens)) or not are_factors:
            return None
        return SaidLimit(read[0], _comparison(match["most"] is not None), Fraction(0))

    def _is_multiple(self, place: int) -> bool:
        """Whether a number says how many times something: "twice", "3 times", "a third of"."""
        token, *following = self._tokens[place : place + 2]
        is_part = token.number < 1 and token.text.isalpha()
        return is_part or token.text in _MULTIPLES or any(i.text == "times" for i in following)

    def _way(self, place: int) -> Comparison | None:
        """Which way a number limits by the words before it, as far back as another number."""
        token = self._tokens[place]
        start = max((item.end for item in _numbers(self._tokens[:place])), default=0)
        text = self._text[max(start, token.start - _AHEAD) : token.start]
        is_upper, is_lower = limits(text)
        if is_upper == is_lower:
            is_exact = not is_upper and _EXACTLY.search(text)
            return Comparison.EQUAL if is_exact else None
        return _comparison(is_upper)

    def _sums(self, place: int) -> Iterator[Sum]:
        """What the number at a place limits, with all other numbers as factors."""
        difference = self._more_than(place) or self._exceeding(place)
        if difference is not None:
            read, used = difference
            if used == len(_numbers(self._tokens)) - 1:
                yield read
            return
        others = len(_numbers(self._tokens)) - 1
        for words in stretches([*self._tokens[:place], _STOP, *self._tokens[place + 1 :]]):
            found = find_sum(words, self._names)
            if found is not None and found[0].is_explicit and len(found[0].terms) > 1:
                read, start = found
                # A thing that is named beside the sum may be part of what is meant.
                are_all = self._named <= read.terms.keys()
                if len(_numbers(words[start:])) == others and are_all:
                    yield read

    def _more_than(self, place: int) -> tuple[Sum, int] | None:
        """The difference in "5 more boats than rafts", and how many numbers it has."""
        texts = [token.text for token in self._tokens]
        near = range(place + 1, min(place + 1 + _NEAR, len(texts)))
        more = next((i for i in near if texts[i] in _MORE | _LESS), None)
        if more is None or "than" not in texts[more:]:
            return None
        than = texts.index("than", more)
        inside = self._one(self._tokens[more + 1 : than])
        first = inside or self._last(self._tokens[:place])
        second = self._first(self._tokens[than + 1 :])
        return _difference(first, second, is_less=texts[more] in _LESS)

    def _exceeding(self, place: int) -> tuple[Sum, int] | None:
        """The difference in "boats exceed rafts by at most 5", and how many numbers it has."""
        texts = [token.text for token in self._tokens[:place]]
        verb = next((i for i, text in enumerate(texts) if text in _EXCEEDS), None)
        if verb is None or "by" not in texts[verb:]:
            return None
        first = self._last(self._tokens[:verb])
        second = self._one(self._tokens[verb + 1 : texts.index("by", verb)])
        return _difference(first, second, is_less=False)

    def _one(self, words: Sequence[Token]) -> tuple[Sum, int] | None:
        found = find_sum(words, self._names)
        return None if found is None else (found[0], len(_numbers(words[found[1] :])))

    def _last(self, words: Sequence[Token]) -> tuple[Sum, int] | None:
        """The last sum of some words."""
        named = [part for part in stretches(words) if any(token.things for token in part)]
        return self._one(named[-1]) if named else None

    def _first(self, words: Sequence[Token]) -> tuple[Sum, int] | None:
        """The sum that some words begin with."""
        for part in stretches(words):
            ends = [i for i, token in enumerate(part) if token.text == ","]
            for end in (*reversed(ends), len(part)) if ends else (len(part),):
                found = self._one(part[:end])
                if found is not None:
                    return found
            return self._one(part)
        return None


_STOP = Token(TokenKind.STOP, "", 0, 0)


def _comparison(is_upper: bool) -> Comparison:
    return Comparison.AT_MOST if is_upper else Comparison.AT_LEAST


def _difference(
    first: tuple[Sum, int] | None, second: tuple[Sum, int] | None, *, is_less: bool
) -> tuple[Sum, int] | None:
    if first is None or second is None:
        return None
    if is_less:
        first, second = second, first
    difference = first[0].minus(second[0])
    return None if difference is None else (difference, first[1] + second[1])
