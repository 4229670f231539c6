"""A sentence as one statement about things: its words and numbers, and what they are said of.

Only plain statements are read: nothing conditional, denied or in percent, nothing of what things
cost or take, and no thing that is left over. What is not plain is left to the model of language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from neurosym.formal.fol.spelling import stem
from neurosym.translators.cues import denies, says_rate
from neurosym.translators.said_sums import Token, TokenKind, tokens_of
from neurosym.translators.things import marks_of, named_by, stems_of

__all__ = ["Statement"]

_NOT_PLAIN = re.compile(
    r"%|\bper ?cent\b|\b(?:if|unless|when|whenever|instead|otherwise|nor|penalty)\b", re.IGNORECASE
)
_FRAME = frozenset(
    re.findall(
        r"\w+",
        "must should shall can cannot could may will would has have had to be is are was not no "
        "never more less fewer greater lower higher larger smaller than at least most up till "
        "exceed exceeds surpass surpasses need needs require requires get gets receive receives "
        "a an the minimum maximum max min limit limited limits bound bounds upper allowable "
        "allowed total of for in on it its t s always only or equal also each both and number "
        "amount combined by with while whereas but",
    )
)
"""Words by which a statement about how many there are is made, and none about what they take."""
_FILLERS = frozenset(re.findall(r"\w+", "of for from to in on at into with the a an be is are by"))
_SINGLE = frozenset({"a", "an", "one", "each", "every", "per"})
_UNITS = frozenset({"unit", "units"})
_MONEY = frozenset(map(stem, ("fund", "budget", "invest", "investment", "dollar", "money")))
_CURRENCIES = ("$", "€", "£")
_LETTER = re.compile(r"[^\W\d_]_?\d{0,2}")
_MINUS = re.compile(r"(?:^|\s)[-−–]$")
_MOST_TOKENS = 250
_MOST_NUMBERS = 12


@dataclass(frozen=True)
class Statement:
    """A sentence, or a part of one.

    Attributes:
        text: The words.
        names: The words for each thing.
        measures: Stems of what things are decided in, as the hours that are allocated.
    """

    text: str
    names: Mapping[str, str]
    measures: frozenset[str] = frozenset()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words, numbers and signs."""
        return tokens_of(self.text, self.names)

    @cached_property
    def places(self) -> list[int]:
        """Where its numbers stand among the tokens."""
        return [i for i, token in enumerate(self.tokens) if token.kind is TokenKind.NUMBER]

    @cached_property
    def is_plain(self) -> bool:
        """Whether it says of some things, without conditions or denials, how many there are."""
        if _NOT_PLAIN.search(self.text) or denies(self.text):
            return False
        return len(self.tokens) <= _MOST_TOKENS and len(self.places) <= _MOST_NUMBERS

    @cached_property
    def named(self) -> list[str]:
        """The things that it surely names, each as often as it does."""
        return self.named_in(self.tokens)

    def named_in(self, tokens: Iterable[Token]) -> list[str]:
        """The things that some of its words surely name, each as often as they do."""
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

    @cached_property
    def is_of_single(self) -> bool:
        """Whether it speaks of one of a kind: "a boat", "each boat"."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return any(after.things and before.text in _SINGLE for before, after in pairs)

    def says_rate(self, tokens: Iterable[Token]) -> bool:
        """Whether some words speak of what things take or earn, and not of what is decided."""
        return any(
            word.text != "times" and says_rate(word.text) and self.measures.isdisjoint(word.stems)
            for word in tokens
            if word.kind in (TokenKind.WORD, TokenKind.STOP)
        )

    def frames(self, tokens: Iterable[Token]) -> bool:
        """Whether some words do no more than state a limit of how many there are."""
        return all(
            word.text in _FRAME or word.text in _UNITS or self.is_measure(word)
            for word in tokens
            if word.kind in (TokenKind.WORD, TokenKind.STOP)
        )

    def leads(self, words: Sequence[Token]) -> bool:
        """Whether what stands behind the last thing of some words only states a limit of it."""
        last = max((i for i, word in enumerate(words) if word.things), default=len(words))
        return self.frames(words[last + 1 :])

    def is_below_zero(self, place: int) -> bool:
        """Whether the number at a place has a minus of its own."""
        return _MINUS.search(self.text[: self.tokens[place].start]) is not None

    def counts(self, place: int) -> bool:
        """Whether the number at a place counts things, or what they are decided in.

        That is what stands behind it, up to the thing or the end of what is said of it.
        """
        if self._is_money(place):
            return not self.measures.isdisjoint(_MONEY)
        words: list[Token] = []
        for word in self.tokens[place + 1 :]:
            if word.things:
                # The word right before a letter says what kind it is of: "on route X".
                if words and _LETTER.fullmatch(word.text):
                    words.pop()
                return all(map(self._is_of_it, words))
            if word.kind is not TokenKind.WORD:
                break
            words.append(word)
        return all(map(self._is_of_it, words)) and not self._counts_units_of_none(words)

    def counts_more(self, place: int | None, words: Iterable[Token]) -> bool:
        """Whether a difference counts so, by its number, if there is one, and words behind it."""
        if place is not None and self._is_money(place):
            return not self.measures.isdisjoint(_MONEY)
        return all(map(self._is_of_it, takewhile(lambda word: not word.things, words)))

    def is_measure(self, word: Token) -> bool:
        """Whether a word is of all things' names, or what things are decided in."""
        return not word.stems.isdisjoint(self._shared | self.measures)

    def _is_money(self, place: int) -> bool:
        return self.text[: self.tokens[place].start].endswith(_CURRENCIES)

    def _is_of_it(self, word: Token) -> bool:
        return word.text in _FILLERS or word.text in _UNITS or self.is_measure(word)

    def _counts_units_of_none(self, words: Sequence[Token]) -> bool:
        return not self.measures and any(word.text in _UNITS for word in words)

    @cached_property
    def _marks(self) -> dict[str, tuple[str, ...]]:
        return marks_of(self.names)

    @cached_property
    def _shared(self) -> frozenset[str]:
        return frozenset.intersection(*(frozenset(stems_of(n)) for n in self.names.values()))
