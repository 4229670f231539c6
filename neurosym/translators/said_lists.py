"""Limits of single things that a sentence lists: "boats [0, 15], rafts [5, 20]".

"At most 25 hours for boats, 15 for rafts" limits each thing by the number before it, and "boats
must get at least 5" by the one behind. As of sums, all numbers of a sentence have to be limits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from neurosym.answers.numerals import UNSIGNED, parse_number
from neurosym.translators.cues import limits
from neurosym.translators.said_sums import Token, TokenKind
from neurosym.translators.statements import Statement

__all__ = ["listed_bounds", "ranges"]

_Limited: TypeAlias = list[list[tuple[str, ...]]]
"""For each number of a sentence the things that it limits, or those that it limits together."""
_RANGE = re.compile(
    rf"\[\s*(?P<low>{UNSIGNED})\s*(?:,|[-–]|to)\s*(?P<high>{UNSIGNED})\s*\]|"
    r"\b(?:rang\w+|bound\w*|lies?|stays?|(?:must|should|can|may) be)\s+(?:between|from)\s+"
    rf"(?P<from>{UNSIGNED})(?:\s+[^\W\d]+)?\s+(?:and|to)\s+(?P<to>{UNSIGNED})",
    re.IGNORECASE,
)
_RECKONS = (TokenKind.PLUS, TokenKind.MINUS, TokenKind.DIFFERENCE)
_OTHERWISE = re.compile(r"times|twice|thrice|double|triple|quadruple|half|by|than|or")
"""Words by which a number is one of several together, or of a comparison."""
_LIMITS = re.compile(
    r"\b(?:more|less|fewer|greater|lower|higher) than\b(?! or\b)|\bor (?:more|less|fewer)\b|"
    r"\b(?:less|greater|more) than or equal\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:needs?|requires?|demands?|available|budget|capacity|on hand|in stock|within|below|under|"
    r"above)\b",
    re.IGNORECASE,
)
"""Words by which a number may be a limit, and may be what a thing takes or has."""
_OF_ONE = re.compile(r"^\W*(?:an?|one|any)\s", re.IGNORECASE)
_DEMANDS = re.compile(
    r"\b(?:must|should|has to|have to|needs to|wants|cannot|can ?not|may not)\b", re.IGNORECASE
)
_LIMIT_WORD = re.compile(r"exceeds?|surpass|least|most|than")
_FOR_EACH = re.compile(r"each|every|per")
_NEAR = 4
"""Words between a number and "each" at most."""


def ranges(statement: Statement) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """Each thing of a statement with the least and the most that it may be.

    Returns:
        Nothing unless each range stands behind its thing and there is no other number.
    """
    tokens = statement.tokens
    found: list[tuple[str, Fraction, Fraction]] = []
    end = 0
    for match in _RANGE.finditer(statement.text):
        before = [token for token in tokens if end <= token.start < match.start()]
        named = statement.named_in(before)
        low, high = (
            parse_number(match[a] or match[b]) for a, b in (("low", "from"), ("high", "to"))
        )
        if len(named) != 1 or low is None or high is None or low > high:
            return ()
        found.append((named[0], Fraction(low), Fraction(high)))
        end = match.end()
    is_of_each = any(_FOR_EACH.fullmatch(token.text) for token in tokens)
    if not found or is_of_each or statement.says_rate(tokens):
        return ()
    are_all = len(statement.places) == 2 * len(found)
    are_once = sorted(statement.named) == sorted({own for own, _, _ in found})
    is_counted = all(map(statement.counts, statement.places[1::2]))
    is_multiple = any(token.text == "times" for token in tokens)
    return tuple(found) if are_all and are_once and is_counted and not is_multiple else ()


def listed_bounds(statement: Statement) -> tuple[tuple[tuple[str, ...], bool, Fraction], ...]:
    """Things with a limit each, or several that have one together: whether an upper one, and which.

    Returns:
        Nothing unless all numbers of the statement are such limits.
    """
    return _Listed(statement).bounds()


class _Listed:
    """A statement that may list limits."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._tokens = statement.tokens
        self._places = statement.places

    def bounds(self) -> tuple[tuple[tuple[str, ...], bool, Fraction], ...]:
        """The limits, in the order of the words."""
        statement = self._statement
        signs = self._signs() if self._places and self._may_list() else None
        if signs is None:
            return ()
        limited = self._each() or self._behind() or self._before()
        named = [name for of in limited for some in of for name in some]
        # A thing that is named beside them may be part of what is meant.
        if not named or sorted(named) != sorted(statement.named):
            return ()
        every = [some for of in limited for some in of]
        if len(set(every)) < len(every) or not all(map(statement.counts, self._places)):
            return ()
        return tuple(
            (some, is_upper, self._tokens[place].number)
            for of, is_upper, place in zip(limited, signs, self._places, strict=True)
            for some in of
        )

    def _may_list(self) -> bool:
        """Whether nothing speaks against it: no reckoning, no rate, nothing of a single thing."""
        text = self._statement.text
        # "No more than", "or more" and the like are limits, and nothing else.
        limited = [match.span() for match in _LIMITS.finditer(text)]
        told = [
            token
            for token in self._tokens
            if not any(start <= token.start < end for start, end in limited)
        ]
        is_reckoned = any(
            token.kind in _RECKONS or _OTHERWISE.fullmatch(token.text) for token in told
        )
        is_of_one = _OF_ONE.search(text) is not None and _DEMANDS.search(text) is None
        return not (is_reckoned or is_of_one or self._statement.says_rate(self._tokens))

    def _signs(self) -> list[bool] | None:
        """Whether each number is an upper limit, by the words before it or else as the last one."""
        text = self._statement.text
        found: list[bool] = []
        start = 0
        for place, words in zip(self._places, self._windows(), strict=True):
            token = self._tokens[place]
            if self._statement.is_below_zero(place):
                return None
            is_upper, is_lower = limits(_VAGUE.sub(" ", text[start : token.start]))
            is_told = is_upper != is_lower
            goes_on = bool(found) and not is_upper and self._statement.frames(words)
            if not (is_told or goes_on):
                return None
            found.append(is_upper if is_told else found[-1])
            start = token.end
        return found

    def _each(self) -> _Limited:
        """The things of "boats and rafts can have up to 50 each"."""
        found: _Limited = []
        for place, words in zip(self._places, self._windows(), strict=True):
            after = self._tokens[place + 1 : place + 1 + _NEAR]
            if not any(token.text == "each" for token in after) or not self._statement.leads(words):
                return []
            found.append([(name,) for name in self._statement.named_in(words)])
        return found

    def _behind(self) -> _Limited:
        """The thing behind each number: "at most 5 boats and 7 rafts"."""
        if any(token.things for token in self._windows()[0]) or self._is_for_each():
            return []
        ends = [*self._places[1:], len(self._tokens)]
        spans = zip(self._places, ends, strict=True)
        return self._together([self._tokens[place + 1 : end] for place, end in spans])

    def _before(self) -> _Limited:
        """The thing before each number: "boats must get at least 5, rafts at least 7"."""
        after = self._tokens[self._places[-1] + 1 :]
        windows = self._windows()
        if any(token.things for token in after) or self._is_for_each():
            return []
        # "Cannot exceed the rafts and 20" compares with a thing.
        if any(_LIMIT_WORD.fullmatch(a.text) for words in windows for a in _ahead_of_thing(words)):
            return []
        return self._together(windows) if all(map(self._statement.leads, windows)) else []

    def _together(self, windows: Sequence[Sequence[Token]]) -> _Limited:
        """The one thing of each stretch of words, or all of one that speaks of their total."""
        found: _Limited = []
        for words in windows:
            named = tuple(self._statement.named_in(words))
            is_total = any(token.kind is TokenKind.TOTAL for token in words)
            is_clear = len(named) > 1 if is_total else len(named) == 1
            if not is_clear or len(set(named)) < len(named):
                return []
            if is_total and not self._totals_things(words):
                return []
            found.append([named])
        return found

    def _totals_things(self, words: Sequence[Token]) -> bool:
        """Whether a total is of the things: not "the total number of guests of"."""
        start = next(i for i, word in enumerate(words) if word.kind is TokenKind.TOTAL)
        end = next((i for i, word in enumerate(words) if i > start and word.things), len(words))
        return self._statement.frames(words[start:end])

    def _is_for_each(self) -> bool:
        return any(_FOR_EACH.fullmatch(token.text) for token in self._tokens)

    def _windows(self) -> list[Sequence[Token]]:
        """What stands before each number, back to the last one."""
        starts = [0, *(place + 1 for place in self._places)]
        return [self._tokens[a:b] for a, b in zip(starts, self._places, strict=False)]


def _ahead_of_thing(words: Sequence[Token]) -> Sequence[Token]:
    """What stands before the last thing of some words."""
    return words[: max((i for i, word in enumerate(words) if word.things), default=0)]
