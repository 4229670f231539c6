"""Limits of single things that a sentence lists: "boats [0, 15], rafts [5, 20]".

"At most 25 hours for boats, 15 for rafts" limits each thing by the number before it. As of sums,
all numbers of a sentence have to be limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from neurosym.answers.numerals import UNSIGNED, parse_number
from neurosym.translators.cues import limits
from neurosym.translators.said_sums import Token, TokenKind, tokens_of
from neurosym.translators.things import marks_of, named_by

__all__ = ["listed_bounds", "ranges"]

_RANGE = re.compile(
    rf"\[\s*(?P<low>{UNSIGNED})\s*(?:,|[-–]|to)\s*(?P<high>{UNSIGNED})\s*\]|"
    r"\b(?:rang\w+|bound\w*|lies?|stays?|(?:must|should|can|may) be)\s+(?:between|from)\s+"
    rf"(?P<from>{UNSIGNED})(?:\s+[^\W\d]+)?\s+(?:and|to)\s+(?P<to>{UNSIGNED})",
    re.IGNORECASE,
)


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
    sentence: str, names: Mapping[str, str]
) -> tuple[tuple[str, bool, Fraction], ...]:
    """Each thing of a list with its limit: whether an upper one, and the number.

    Args:
        sentence: The sentence.
        names: The words for each thing.

    Returns:
        Nothing unless there are two or more, and no other number.
    """
    marks, tokens = marks_of(names), tokens_of(sentence, names)
    places = [i for i, token in enumerate(tokens) if token.kind is TokenKind.NUMBER]
    if len(places) < 2:
        return ()
    is_upper, is_lower = limits(sentence[: tokens[places[0]].start])
    ahead = [token for token in tokens[: places[0]] if token.things]
    owners = [_thing([*words], marks) for words in _behind(tokens, places)]
    named = {own for own in owners if own is not None}
    if is_upper == is_lower or ahead or len(named) < len(places):
        return ()
    return tuple(
        (own, is_upper, tokens[place].number)
        for own, place in zip(owners, places, strict=True)
        if own is not None
    )


def _behind(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[Sequence[Token]]:
    """The words behind each number, up to the next one; of the last, as far as a list goes on."""
    for place, end in zip(places, [*places[1:], len(tokens)], strict=True):
        words = tokens[place + 1 : end]
        stop = next((i for i, word in enumerate(words) if word.kind is TokenKind.STOP), len(words))
        # A word between two numbers that ends sums says more than a list does.
        yield words[:stop] if end == len(tokens) or stop == len(words) else ()


def _thing(tokens: Sequence[Token], marks: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one thing that some words name."""
    stems = frozenset().union(*(token.stems for token in tokens))
    named = named_by(marks, stems, {""})
    return named.pop() if len(named) == 1 else None
