"""Sums of things that a text spells out: "twice the rafts plus half the boats".

Read word by word: a number before a thing multiplies it, "plus" and "minus" join, "the difference
between" subtracts. "And" adds up only where a word says that there is a sum ("combined"). Whatever
is left over, a number with no thing or a thing that is named twice, makes the words no sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction

from neurosym.answers.mentions import mention_of_words
from neurosym.answers.numerals import NUMBER_WORDS, UNSIGNED, parse_number
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.things import marks_of, named_by, stems_of

__all__ = ["Sum", "Token", "TokenKind", "find_sum", "stretches", "tokens_of"]

_TOKEN = re.compile(
    rf"(?P<number>(?<![\w.])(?:[0-9]+/[0-9]+|{UNSIGNED}))|"
    r"(?P<word>[^\W\d_]+(?:_?\{?\d{1,2}\}?(?!\w))?)|"
    r"(?P<minus>(?<=\s)[-−–](?=\s))|(?P<plus>\+)|(?P<mark>[,;:%])"
)
_STOPS = re.compile(
    r"must|should|cannot|can|could|shall|may|might|will|would|needs?|ha[sd]|have|is|are|was|were|be|"
    r"been|being|exceed(?:s|ing)?|at|not?|never|requires?|takes?|costs|uses?|earns?|contains?|"
    r"yields?|produces?|gives?|than|as|if|when|whenever|each|every|per|either|or|while|whereas|but|"
    r"because|since|due|so|which|who|percent|ratio|proportion|respectively"
)
"""Words that end a sum."""
_ALONG = frozenset({"along", "together", "combined"})
"""They add with "with" behind them."""
_TOTALS = frozenset({"total", "sum", "combined", "combination", "together", "altogether"})
_ALL_OF = frozenset({"all", "the", "these", "those", "across", "between", "of"})
_DIFFERENCES = frozenset({"difference", "differences"})
_BEHIND = frozenset({("factor", "of"), ("multiplied", "by")})
"""Words by which a number multiplies the thing before it."""


class TokenKind(Enum):
    """What a word is in a sum."""

    THING = auto()
    NUMBER = auto()
    PLUS = auto()
    MINUS = auto()
    AND = auto()
    """It adds up, lists, or joins the words of one name."""
    TOTAL = auto()
    DIFFERENCE = auto()
    STOP = auto()
    WORD = auto()
    """It says nothing about the sum."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a text.

    Attributes:
        kind: What it is.
        text: As written, in small letters.
        start: Where it begins.
        end: Where it ends.
        number: The number, of one.
        things: The things whose names have the word, of one.
        stems: The stems of the word, of one that is in a thing's name.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    number: Fraction = Fraction(0)
    things: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sum:
    """Things with their factors, in the order of the words.

    Attributes:
        terms: The factor of each thing.
        is_explicit: Whether a word says how to reckon; a thing alone, or two that are joined by
            nothing but "and", are no reckoning.
        is_difference: Whether it is the difference of two things as they are, of which nothing
            says that one is the greater.
    """

    terms: Mapping[str, Fraction]
    is_explicit: bool = False
    is_difference: bool = False

    def minus(self, other: Sum) -> Sum | None:
        """The difference of two sums; ``None`` if they have a thing in common."""
        if self.terms.keys() & other.terms.keys():
            return None
        taken = {name: -factor for name, factor in other.terms.items()}
        return Sum({**self.terms, **taken}, is_explicit=True)

    def __str__(self) -> str:
        """In the modelling language."""
        text = ""
        for name, factor in self.terms.items():
            size = abs(factor)
            term = name if size == 1 else f"{print_number(size)} * {name}"
            sign = " - " if factor < 0 else " + "
            text += f"{sign}{term}" if text else f"{'-' if factor < 0 else ''}{term}"
        return text


def tokens_of(text: str, names: Mapping[str, str]) -> tuple[Token, ...]:
    """The words, numbers and signs of a text that sums are made of.

    Args:
        text: The text.
        names: The words for each thing; those count that not all have.
    """
    matches = [*_TOKEN.finditer(text)]
    words = [match[0].casefold() for match in matches]
    marks = marks_of(names)
    own = [frozenset(stems_of(said)) for said in names.values()]
    found: list[Token] = []
    index = 0
    while index < len(matches):
        is_name = _is_of_name(words, index, own)
        number, end = (None, index + 1) if is_name else _number_at(matches, words, index)
        if number is not None and _goes_on(text, matches, end, marks):
            found.append(Token(TokenKind.STOP, words[index], *matches[index].span()))
        elif number is not None and not _counts_things(words, index, end, number, len(names)):
            span = matches[index].start(), matches[end - 1].end()
            found.append(Token(TokenKind.NUMBER, text[slice(*span)].lower(), *span, number))
        else:
            match = matches[index]
            end = index + 1
            stems = _stems(match, is_first=index == 0)
            things = frozenset(name for name, own in marks.items() if stems.intersection(own))
            kind = TokenKind.THING if things else _kind(match, words[index + 1 : index + 2])
            span = match.span()
            found.append(Token(kind, words[index], *span, things=things, stems=stems))
        index = end
    return tuple(found)


def _number_at(
    matches: Sequence[re.Match[str]], words: list[str], index: int
) -> tuple[Fraction | None, int]:
    """The number that begins at a word, and the index of the word behind it."""
    if matches[index]["number"]:
        value = parse_number(words[index])
        return (None if value is None else Fraction(value)), index + 1
    if not matches[index]["word"]:
        return None, index + 1
    mention, end = mention_of_words(words, index)
    if mention is None:
        return None, index + 1
    number = mention.amount or min(mention.values)
    if words[end : end + 2] == ["and", "a"]:  # two and a half
        part, after = mention_of_words(words, end + 2) if end + 2 < len(words) else (None, end)
        if part is not None and 0 < part.amount < 1:
            return number + part.amount, after
    return number, end


def _is_of_name(words: Sequence[str], index: int, own: Iterable[frozenset[str]]) -> bool:
    """Whether a word and the next one are of one name: the "double" of double decker buses."""
    pair = [frozenset(stems_of(word)) for word in words[index : index + 2]]
    return len(pair) == 2 and any(pair[0] & of and pair[1] & of for of in own)


def _goes_on(
    text: str, matches: Sequence[re.Match[str]], end: int, marks: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether letters that name no thing stick to a number: "5k"."""
    last = matches[end - 1]
    if not last["number"] or not text[last.end() : last.end() + 1].isalpha():
        return False
    stems = frozenset(stems_of(matches[end][0])) if end < len(matches) else frozenset[str]()
    return all(stems.isdisjoint(of) for of in marks.values())


def _counts_things(
    words: Sequence[str], index: int, end: int, number: Fraction, count: int
) -> bool:
    """Whether a number in words says how many things there are: "all three"."""
    is_count = number == count > 1 and words[index] in NUMBER_WORDS
    before = words[index - 1] if index else ""
    return is_count and before in _ALL_OF and "times" not in words[end : end + 1]


def _stems(match: re.Match[str], *, is_first: bool) -> frozenset[str]:
    if not match["word"] or (is_first and match[0] == "A"):  # it is an article
        return frozenset()
    return frozenset(stems_of(match[0]))


def _kind(match: re.Match[str], following: Sequence[str]) -> TokenKind:
    word = match[0].casefold()
    if match["number"]:  # no number that can be read
        return TokenKind.STOP
    if match["minus"] or word == "minus":
        return TokenKind.MINUS
    if match["plus"] or word == "plus" or (word in _ALONG and [*following] == ["with"]):
        return TokenKind.PLUS
    if word in ("and", ","):
        return TokenKind.AND
    if match["mark"] or _STOPS.fullmatch(word):
        return TokenKind.STOP
    if word in _TOTALS:
        return TokenKind.TOTAL
    return TokenKind.DIFFERENCE if word in _DIFFERENCES else TokenKind.WORD


def find_sum(tokens: Sequence[Token], names: Mapping[str, str]) -> tuple[Sum, int] | None:
    """The longest sum that some words end with, and at which of them it begins.

    What stands before a comma may be no part of it: "For balance, twice the rafts plus the boats".

    Args:
        tokens: Words without any that ends a sum.
        names: The words for each thing.

    Returns:
        ``None`` if they end with no sum.
    """
    starts = [0, *(i + 1 for i, token in enumerate(tokens) if token.text == ",")]
    for start in starts:
        found = _Reading(names).read(tokens[start:])
        if found is not None:
            return found, start
    return None


class _Reading:
    """What was read of a sum so far."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._marks = marks_of(names)
        self._terms: list[tuple[Token, Fraction]] = []
        """The things of a term are all that its words may name."""
        self._sign = 1
        self._factor: Fraction | None = None
        self._joined: TokenKind | None = None
        """What stood between the last thing and the present word; nothing is not the same as
        words that say nothing."""
        self._is_total = self._is_difference = self._is_explicit = False
        self._ands = 0

    def read(self, tokens: Sequence[Token]) -> Sum | None:
        """The sum that all of some words are, or ``None``."""
        for place, token in enumerate(tokens):
            before = tuple(item.text for item in tokens[max(place - 2, 0) : place])
            if not self._take(token, before):
                return None
        return self._whole()

    def _take(self, token: Token, before: tuple[str, ...]) -> bool:
        """Go on by a word; whether there still is a sum."""
        match token.kind:
            case TokenKind.NUMBER:
                return self._number(token.number, before)
            case TokenKind.THING:
                return self._thing(token)
            case TokenKind.PLUS | TokenKind.MINUS | TokenKind.AND:
                return self._join(token.kind)
            case TokenKind.TOTAL:
                self._is_total = True
                return self._factor is None  # "twice the total of" multiplies more than one
            case TokenKind.DIFFERENCE:
                self._is_difference = self._is_explicit = True
                return not self._terms and self._factor is None
            case TokenKind.STOP:
                return False
            case TokenKind.WORD:
                return True

    def _number(self, number: Fraction, before: tuple[str, ...]) -> bool:
        self._is_explicit = True
        if before in _BEHIND and self._terms and self._joined is None:
            thing, factor = self._terms[-1]
            self._terms[-1] = (thing, factor * number)
            return abs(factor) == 1
        if self._factor is not None:
            return False
        self._factor = number
        return True

    def _thing(self, token: Token) -> bool:
        if self._terms and self._factor is None and self._joined in (None, TokenKind.AND):
            last, factor = self._terms[-1]
            if same := last.things & token.things:  # another word of its name
                self._terms[-1] = (
                    replace(last, things=same, stems=last.stems | token.stems),
                    factor,
                )
                self._ands -= self._joined is TokenKind.AND
                self._joined = None
                return True
        if self._terms and self._joined is None:
            return False
        self._terms.append((token, self._sign * (self._factor or Fraction(1))))
        self._sign, self._factor, self._joined = 1, None, None
        return self._terms[-1][1] != 0

    def _join(self, kind: TokenKind) -> bool:
        if kind is TokenKind.AND:
            if self._terms and self._joined is None:
                self._ands += 1
                self._joined = kind
            return self._factor is None
        self._is_explicit = True
        if self._factor is not None or not self._terms:
            return False
        if self._joined is TokenKind.AND:  # ", minus"
            self._ands -= 1
        self._joined = kind
        self._sign = -1 if kind is TokenKind.MINUS else 1
        return True

    def _whole(self) -> Sum | None:
        if self._joined is TokenKind.AND:  # a comma behind it
            self._ands -= 1
            self._joined = None
        is_whole = self._factor is None and self._joined is None and self._terms
        # Only what surely names a thing does: "the logging company" is no logging truck.
        named = [named_by(self._marks, thing.stems, {""}) for thing, _ in self._terms]
        if not is_whole or any(len(things) != 1 for things in named):
            return None
        terms = {
            name: factor
            for things, (_, factor) in zip(named, self._terms, strict=True)
            for name in things
        }
        if len(terms) < len(named):
            return None
        if self._is_difference:
            # Of more than two nobody can tell what is subtracted.
            if len(terms) != 2 or self._ands != 1:
                return None
            [one, other] = terms
            are_plain = all(factor == 1 for factor in terms.values())
            difference = {one: terms[one], other: -terms[other]}
            return Sum(difference, is_explicit=True, is_difference=are_plain)
        if self._ands and not self._is_total:
            return None
        return Sum(terms, self._is_explicit)


def stretches(tokens: Iterable[Token]) -> Iterator[tuple[Token, ...]]:
    """The words between those that end a sum, in order."""
    found: list[Token] = []
    for token in tokens:
        if token.kind is not TokenKind.STOP:
            found.append(token)
        elif found:
            yield tuple(found)
            found = []
    if found:
        yield tuple(found)
