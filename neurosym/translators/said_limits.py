"""Limits that a sentence spells out whole: a sum of things, which way, and the number.

"Twice the rafts plus the boats must be at least 20", "there must be 5 more boats than rafts at
least", "the boats cannot exceed the rafts by more than 10", and what stands in symbols already,
"(x - y <= 10)". Only sentences of which nothing is left over are read: all their numbers are
factors or the limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.numerals import parse_number
from neurosym.translators.cues import bounds_of, limits
from neurosym.translators.said_sums import (
    Sum,
    Token,
    TokenKind,
    find_sum,
    stretches,
    tokens_of,
)
from neurosym.translators.things import marks_of

__all__ = ["SaidLimit", "said_limits"]

_PARTS = re.compile(r";|\b(?:while|whereas|but)\b", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\((?P<left>[^()=<>≤≥]+)(?P<sign><=|>=|≤|≥|=|<|>)\s*(?P<number>-?[0-9][0-9,.]*)\s*\)"
)
"""A limit in symbols that stands beside its words."""
_MORE = frozenset({"more", "greater", "higher", "larger"})
_LESS = frozenset({"less", "fewer", "lower", "smaller"})
_EXCEEDS = frozenset({"exceed", "exceeds", "exceeding"})
_MULTIPLES = frozenset({"twice", "double", "thrice", "triple", "half"})
_NEAR = 4
"""Words between a number and "more" at most."""
_AHEAD = 40
"""Characters before a number that may say which way it limits."""
_NEGATIVE = re.compile(r"[-−–]$")


@dataclass(frozen=True, slots=True)
class SaidLimit:
    """A limit.

    Attributes:
        sum: What is limited.
        is_upper: Whether from above; ``None`` says that it is exactly the number.
        number: The number.
    """

    sum: Sum
    is_upper: bool | None
    number: Fraction


def said_limits(sentence: str, names: Mapping[str, str]) -> tuple[SaidLimit, ...]:
    """The limits of a sentence that it spells out whole; none where anything of it is left over.

    Args:
        sentence: The sentence.
        names: The words for each thing; where these do not tell all apart, nothing is read.
    """
    if len(names) < 2 or not all(marks_of(names).values()):
        return ()
    written = _written(sentence, names)
    if written is not None:
        return (written,)
    whole = _Said(sentence, names).limit()
    if whole is not None:
        return (whole,)
    parts = [part for part in _PARTS.split(sentence) if _numbers(tokens_of(part, names))]
    found = [_Said(part, names).limit() for part in parts if len(parts) > 1]
    return tuple(item for item in found if item is not None) if all(found) else ()


def _written(sentence: str, names: Mapping[str, str]) -> SaidLimit | None:
    """The one limit of a sentence that stands there in symbols."""
    matches = [*_WRITTEN.finditer(sentence)]
    if len(matches) != 1:
        return None
    [match] = matches
    found = find_sum(tokens_of(match["left"], names))
    number = parse_number(match["number"].rstrip(".,"))
    if found is None or number is None:
        return None
    is_upper = None if match["sign"] == "=" else match["sign"] in ("<=", "≤", "<")
    return SaidLimit(found[0], is_upper, Fraction(number))


def _numbers(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind is TokenKind.NUMBER]


class _Said:
    """The words of a sentence that may spell out one limit."""

    def __init__(self, sentence: str, names: Mapping[str, str]) -> None:
        self._text = sentence
        self._tokens = tokens_of(sentence, names)

    def limit(self) -> SaidLimit | None:
        """The limit, if there is one reading of all numbers."""
        bounds = bounds_of(self._text)
        found = []
        for place, token in enumerate(self._tokens):
            if token.kind is not TokenKind.NUMBER or self._is_no_limit(place):
                continue
            is_upper = bounds.get(token.number)
            if is_upper is None:
                is_upper = self._way(place)
            if is_upper is not None:
                found += [SaidLimit(of, is_upper, token.number) for of in self._sums(place)]
        return found[0] if len(found) == 1 else None

    def _is_no_limit(self, place: int) -> bool:
        """Whether a number says how many times something, or is below zero."""
        token, *following = self._tokens[place : place + 2]
        is_multiple = token.text in _MULTIPLES or any(item.text == "times" for item in following)
        return is_multiple or _NEGATIVE.search(self._text[: token.start]) is not None

    def _way(self, place: int) -> bool | None:
        """Which way a number limits by the words before it, as far back as another number."""
        token = self._tokens[place]
        start = max((item.end for item in _numbers(self._tokens[:place])), default=0)
        is_upper, is_lower = limits(self._text[max(start, token.start - _AHEAD) : token.start])
        return None if is_upper == is_lower else is_upper

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
            found = find_sum(words)
            if found is not None and found[0].is_explicit and len(found[0].terms) > 1:
                read, start = found
                if len(_numbers(words[start:])) == others:
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

    @staticmethod
    def _one(words: Sequence[Token]) -> tuple[Sum, int] | None:
        found = find_sum(words)
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


def _difference(
    first: tuple[Sum, int] | None, second: tuple[Sum, int] | None, *, is_less: bool
) -> tuple[Sum, int] | None:
    if first is None or second is None:
        return None
    if is_less:
        first, second = second, first
    difference = first[0].minus(second[0])
    return None if difference is None else (difference, first[1] + second[1])
