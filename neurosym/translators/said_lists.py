"""Limits of single things that a sentence lists: "boats [0, 15], rafts [5, 20]".

"At most 25 hours for boats, 15 for rafts" limits each thing by the number before it, and "boats
need at least 5" by the one behind. As of sums, all numbers of a sentence have to be limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import takewhile
from typing import TypeAlias

from neurosym.answers.numerals import UNSIGNED, parse_number
from neurosym.formal.fol.spelling import stem
from neurosym.translators.cues import limits, says_rate
from neurosym.translators.said_sums import Token, TokenKind, tokens_of
from neurosym.translators.things import marks_of, named_by, stems_of
from neurosym.translators.wording import FORM_WORDS

__all__ = ["listed_bounds", "ranges"]

_RANGE = re.compile(
    rf"\[\s*(?P<low>{UNSIGNED})\s*(?:,|[-–]|to)\s*(?P<high>{UNSIGNED})\s*\]|"
    r"\b(?:rang\w+|bound\w*|lies?|stays?|(?:must|should|can|may) be)\s+(?:between|from)\s+"
    rf"(?P<from>{UNSIGNED})(?:\s+[^\W\d]+)?\s+(?:and|to)\s+(?P<to>{UNSIGNED})",
    re.IGNORECASE,
)
_Limited: TypeAlias = list[list[tuple[str, ...]]]
"""For each number of a sentence the things that it limits, or those that it limits together."""
_RECKONS = (TokenKind.PLUS, TokenKind.MINUS, TokenKind.DIFFERENCE)
_OTHERWISE = re.compile(
    r"times|twice|thrice|double|triple|quadruple|half|by|than|or|takes?|costs?|uses?|contains?|"
    r"earns?|yields?|produces?|gives?|carr(?:y|ies)|holds?|provides?|makes?|seats?|serves?|percent|%"
)
"""Words by which a number may be one of what a thing takes or gives, or of several together."""
_LIMITS = re.compile(
    r"\b(?:more|less|fewer|greater|lower|higher) than\b(?! or\b)|\bor (?:more|less|fewer)\b|"
    r"\b(?:less|greater|more) than or equal\b",
    re.IGNORECASE,
)
_FOR_EACH = re.compile(r"each|every|per")
_UNITS = frozenset({"unit", "units"})
_CURRENCIES = ("$", "€", "£")
_COUNTS = frozenset({"number", "amount", "quantity", "count"})
_MONEY = frozenset(map(stem, ("fund", "budget", "invest", "investment", "dollar", "money")))
_NEAR = 4
"""Words between a number and "each" at most."""


def ranges(sentence: str, names: Mapping[str, str]) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """Each thing of a sentence with the least and the most that it may be.

    Args:
        sentence: The sentence.
        names: The words for each thing.

    Returns:
        Nothing unless each range stands behind its thing and there is no other number.
    """
    marks, tokens = marks_of(names), tokens_of(sentence, names)
    found: list[tuple[str, Fraction, Fraction]] = []
    end = 0
    for match in _RANGE.finditer(sentence):
        before = [token for token in tokens if end <= token.start < match.start()]
        own = _thing(before, marks)
        low, high = (
            parse_number(match[a] or match[b]) for a, b in (("low", "from"), ("high", "to"))
        )
        if own is None or low is None or high is None or low > high:
            return ()
        found.append((own, Fraction(low), Fraction(high)))
        end = match.end()
    count = sum(token.kind is TokenKind.NUMBER for token in tokens)
    are_all = count == 2 * len(found) == 2 * len({own for own, _, _ in found})
    return tuple(found) if are_all else ()


def listed_bounds(
    sentence: str, names: Mapping[str, str], measures: frozenset[str] = frozenset()
) -> tuple[tuple[tuple[str, ...], bool, Fraction], ...]:
    """Things with a limit each, or several that have one together: whether an upper one, and which.

    Args:
        sentence: The sentence.
        names: The words for each thing.
        measures: Stems of what things are decided in, as the hours that are allocated. A number of
            anything else may be one of what a thing takes.

    Returns:
        Nothing unless all numbers of the sentence are such limits.
    """
    return _Listed(sentence, names, measures).bounds()


class _Listed:
    """A sentence that may list limits, with its numbers and what stands between them."""

    def __init__(self, sentence: str, names: Mapping[str, str], measures: frozenset[str]) -> None:
        self._text = sentence
        self._marks = marks_of(names)
        self._measures = measures
        self._shared = frozenset.intersection(*(frozenset(stems_of(n)) for n in names.values()))
        self._tokens = tokens_of(sentence, names)
        # "No more than", "or more" and the like are limits, and nothing else.
        limited = [match.span() for match in _LIMITS.finditer(sentence)]
        self._told = [
            token
            for token in self._tokens
            if not any(start <= token.start < end for start, end in limited)
        ]
        self._places = [i for i, t in enumerate(self._tokens) if t.kind is TokenKind.NUMBER]

    def bounds(self) -> tuple[tuple[tuple[str, ...], bool, Fraction], ...]:
        is_reckoned = any(
            token.kind in _RECKONS or _OTHERWISE.fullmatch(token.text) for token in self._told
        )
        signs = self._signs()
        if not self._places or is_reckoned or signs is None:
            return ()
        limited = self._each() or self._behind() or self._before()
        named = [name for of in limited for some in of for name in some]
        # A thing that is named beside them may be part of what is meant.
        if not named or sorted(named) != sorted(self._named(self._tokens)):
            return ()
        every = [some for of in limited for some in of]
        if len(set(every)) < len(every) or not all(map(self._counts, self._places)):
            return ()
        return tuple(
            (some, is_upper, self._tokens[place].number)
            for of, is_upper, place in zip(limited, signs, self._places, strict=True)
            for some in of
        )

    def _signs(self) -> list[bool] | None:
        """Whether each number is an upper limit, by the words before it or else as the last one."""
        found: list[bool] = []
        start = 0
        for place in self._places:
            token = self._tokens[place]
            is_upper, is_lower = limits(self._text[start : token.start])
            if is_upper == is_lower and (is_upper or not found):
                return None
            found.append(is_upper or (not is_lower and found[-1]))
            start = token.end
        return found

    def _counts(self, place: int) -> bool:
        """Whether a number counts what is decided: the thing itself, or what it is decided in."""
        token = self._tokens[place]
        if self._text[: token.start].endswith(_CURRENCIES):
            return not self._measures.isdisjoint(_MONEY)
        words = [*takewhile(lambda word: word.kind is TokenKind.WORD, self._tokens[place + 1 :])]
        is_named = place + 1 + len(words) < len(self._tokens) and bool(
            self._tokens[place + 1 + len(words)].things
        )
        # The word right before a thing says what kind it is of: "on route X".
        said = words[:-1] if is_named else words[:1]
        return all(self._is_measure(word) for word in said)

    def _is_measure(self, word: Token) -> bool:
        is_known = not word.stems.isdisjoint(self._shared | self._measures)
        return is_known or word.text in FORM_WORDS or word.text in _UNITS

    def _each(self) -> _Limited:
        """The things of "boats and rafts can have up to 50 each"."""
        found: _Limited = []
        for place, words in zip(self._places, self._windows(), strict=True):
            after = self._tokens[place + 1 : place + 1 + _NEAR]
            if not any(token.text == "each" for token in after):
                return []
            found.append([(name,) for name in self._named(words)])
        return found

    def _behind(self) -> _Limited:
        """The thing behind each number: "at most 5 boats and 7 rafts"."""
        if any(token.things for token in self._windows()[0]) or self._is_for_each():
            return []
        ends = [*self._places[1:], len(self._tokens)]
        spans = zip(self._places, ends, strict=True)
        return self._together([self._tokens[place + 1 : end] for place, end in spans])

    def _before(self) -> _Limited:
        """The thing before each number: "boats need at least 5, rafts at least 7"."""
        after = self._tokens[self._places[-1] + 1 :]
        if any(token.things for token in after) or self._is_for_each():
            return []
        return self._together(self._windows())

    def _together(self, windows: Sequence[Sequence[Token]]) -> _Limited:
        """The one thing of each stretch of words, or all of one that speaks of their total."""
        found: _Limited = []
        for words in windows:
            named = tuple(self._named(words))
            is_total = any(token.kind is TokenKind.TOTAL for token in words)
            is_rate = is_total and (any(map(self._is_rate, words)) or self._totals_else(words))
            is_clear = len(named) > 1 if is_total else len(named) == 1
            if is_rate or not is_clear or len(set(named)) < len(named):
                return []
            found.append([named])
        return found

    def _totals_else(self, words: Sequence[Token]) -> bool:
        """Whether a total is of something else than the things: "the total number of guests"."""
        start = next(i for i, word in enumerate(words) if word.kind is TokenKind.TOTAL)
        said = takewhile(lambda word: not word.things, words[start + 1 :])
        of = (word for word in said if word.kind is TokenKind.WORD and word.text not in _COUNTS)
        first = next((word for word in of if word.text not in FORM_WORDS), None)
        return first is not None and not self._is_measure(first)

    def _is_rate(self, word: Token) -> bool:
        return says_rate(word.text) and self._measures.isdisjoint(word.stems)

    def _is_for_each(self) -> bool:
        return any(_FOR_EACH.fullmatch(token.text) for token in self._tokens)

    def _windows(self) -> list[Sequence[Token]]:
        """What stands before each number, back to the last one."""
        starts = [0, *(place + 1 for place in self._places)]
        return [self._tokens[a:b] for a, b in zip(starts, self._places, strict=False)]

    def _named(self, tokens: Sequence[Token]) -> list[str]:
        """The things that some words surely name, each as often as they do."""
        found: list[str] = []
        run: list[Token] = []
        for token in [*tokens, None]:
            if token is not None and token.things:
                run.append(token)
            elif run:
                stems = frozenset[str]().union(*(item.stems for item in run))
                found += named_by(self._marks, stems, {""})
                run = []
        return found


def _thing(tokens: Sequence[Token], marks: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one thing that some words name."""
    stems = frozenset().union(*(token.stems for token in tokens))
    named = named_by(marks, stems, {""})
    return named.pop() if len(named) == 1 else None
