"""Limits that a sentence spells out whole: a sum of things, which way, and the number.

"Twice the rafts plus the boats must be at least 20", "there must be at least 5 more boats than
rafts", "the boats cannot exceed the rafts by more than 10", "the boats must be at least twice the
rafts", "there must be more boats than rafts", and what stands in symbols already, "(x - y <= 10)".
Only sentences of which nothing is left over are read: all their numbers are factors or the limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import chain

from neurosym.answers.numerals import parse_number
from neurosym.formal.optimization.expression import Comparison
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import PARTS
from neurosym.translators.cues import bounds_of, demands_order, denies, limits
from neurosym.translators.said_lists import listed_bounds, ranges
from neurosym.translators.said_sums import Sum, Token, TokenKind, find_sum, stretches, tokens_of
from neurosym.translators.statements import Statement
from neurosym.translators.things import marks_of

__all__ = ["SaidLimit", "said_limits"]

_WRITTEN = re.compile(
    r"\((?P<left>[^()=<>≤≥]+)(?P<sign><=|>=|≤|≥|=)\s*(?P<number>-?[0-9][0-9,.]*)\s*\)"
)
"""A limit in symbols that stands beside its words."""
_SIGNS = {
    "=": Comparison.EQUAL,
    **dict.fromkeys(("<=", "≤"), Comparison.AT_MOST),
    **dict.fromkeys((">=", "≥"), Comparison.AT_LEAST),
}
_COMPARES = re.compile(
    r"(?P<most>\bat most|\b(?:no|not) (?:more|greater|higher|larger) than|less than or equal to|"
    r"(?:\b(?:not|cannot|never)|n['’]t) (?:exceed|surpass|be (?:more|greater|higher|larger) than))|"
    r"(?P<least>\bat least|\bno (?:less|fewer|lower|smaller) than|greater than or equal to|"
    r"(?:\b(?:not|cannot|never)|n['’]t) be (?:less|fewer|lower|smaller) than)",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\bratio\s+(?:of|between)\s+(?P<first>[^,;.]+?)\s+(?:to|and)\s+(?P<second>[^,;.]+?)\s+"
    r"(?:must|should|shall|cannot|can|may|ha[sd]|have|needs?|is)\b",
    re.IGNORECASE,
)
_IS_TO = re.compile(r"\s*(?:to|:)\s*", re.IGNORECASE)
"""What stands between the numbers of a ratio."""
_EXACTLY = re.compile(r"\b(?:equals?|exactly)(?:\s+(?:to|equal))?\W*$", re.IGNORECASE)
_MORE = frozenset({"more", "greater", "higher", "larger"})
_LESS = frozenset({"less", "fewer", "lower", "smaller"})
_EXCEED = frozenset({"exceed", "exceeds"})
_EXCEEDS = _EXCEED | {"exceeding"}
_MULTIPLES = frozenset({"twice", "double", "thrice", "triple", "quadruple"})
_DEMANDS = re.compile(
    r"\b(?:must|should|shall|cannot|can ?not|may|ha(?:s|ve) to|needs?|requires?|is|are|be)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)
_TAKES = re.compile(r"takes?|costs|needs?|requires?|weighs?|uses?")
"""Words by which a sum may be of what a bundle of things takes."""
_LONGEST = 2000
"""Characters of the longest sentence that is read."""
_NEAR = 4
"""Words between a number and "more" at most."""
_AHEAD = 80
"""Characters before a number that may say which way it limits."""


@dataclass(frozen=True, slots=True)
class SaidLimit:
    """A limit.

    Attributes:
        sum: What is limited.
        comparison: Which way; "greater" of "more boats than rafts", if one takes it as it is said.
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
        measures: Stems of what things are decided in, as the hours that are allocated.
    """
    return _said_limits(sentence, tuple(names.items()), measures)


# Kept, since what a sentence says decides which numbers of the others may be factors.
@lru_cache(maxsize=1 << 12)
def _said_limits(
    sentence: str, names: tuple[tuple[str, str], ...], measures: frozenset[str]
) -> tuple[SaidLimit, ...]:
    things = dict(names)
    if len(sentence) > _LONGEST or len(names) < 2 or not all(marks_of(things).values()):
        return ()
    whole = Statement(sentence, things, measures)
    if not whole.is_plain:
        return ()
    found = _written(whole) or (*_listed(whole),) or _either_way(_Said(whole).limit())
    if found:
        return found
    parts = (Statement(part, things, measures) for part in PARTS.split(sentence))
    each = [_either_way(_Said(part).limit()) for part in parts if part.places]
    return tuple(chain(*each)) if len(each) > 1 and all(each) else ()


def _either_way(limit: SaidLimit | None) -> tuple[SaidLimit, ...]:
    """A limit, and that of the other side where the difference of two things is not exceeded."""
    if limit is None:
        return ()
    if not limit.sum.is_difference or limit.comparison is not Comparison.AT_MOST:
        return (limit,)
    terms = {name: -factor for name, factor in reversed([*limit.sum.terms.items()])}
    return limit, replace(limit, sum=replace(limit.sum, terms=terms))


def _written(statement: Statement) -> tuple[SaidLimit, ...]:
    """The one limit of a sentence that stands there in symbols, if its words say no more."""
    matches = [*_WRITTEN.finditer(statement.text)]
    is_of_rates = statement.is_of_single or statement.says_rate(statement.tokens)
    if len(matches) != 1 or is_of_rates:
        return ()
    [match] = matches
    inside = tokens_of(match["left"], statement.names)
    found = find_sum(inside, statement.names)
    number = parse_number(match["number"].rstrip(".,"))
    if found is None or found[1] > 0 or number is None:
        return ()
    known = {abs(Fraction(number)), *(token.number for token in inside)}
    numbers = {statement.tokens[place].number for place in statement.places}
    is_all = set(statement.named) <= found[0].terms.keys() and numbers <= known
    return (SaidLimit(found[0], _SIGNS[match["sign"]], Fraction(number)),) if is_all else ()


def _listed(statement: Statement) -> Iterator[SaidLimit]:
    """The limits of single things in a list."""
    for name, low, high in ranges(statement):
        of = Sum({name: Fraction(1)})
        if low:
            yield SaidLimit(of, Comparison.AT_LEAST, low)
        yield SaidLimit(of, Comparison.AT_MOST, high)
    for added, is_upper, number in listed_bounds(statement):
        yield SaidLimit(Sum(dict.fromkeys(added, Fraction(1))), _comparison(is_upper), number)


@dataclass(frozen=True, slots=True)
class _Part:
    """A sum that some words of a statement are.

    Attributes:
        sum: The sum.
        words: The words.
    """

    sum: Sum
    words: Sequence[Token]

    @property
    def numbers(self) -> int:
        """How many numbers it has."""
        return sum(token.kind is TokenKind.NUMBER for token in self.words)


class _Said:
    """A statement that may spell out one limit."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._text = statement.text
        self._tokens = statement.tokens
        self._places = statement.places

    def limit(self) -> SaidLimit | None:
        """The limit, if there is one reading of all numbers."""
        if not _DEMANDS.search(self._text):
            return None
        if (compared := self._compared() or self._ordered() or self._ratio()) is not None:
            return compared
        bounds = bounds_of(self._text)
        found = []
        for place in self._places:
            if self._is_multiple(place):
                continue
            token = self._tokens[place]
            is_upper = bounds.get(token.number)
            comparison = self._way(place) if is_upper is None else _comparison(is_upper)
            if comparison is not None:
                is_negative = self._statement.is_below_zero(place)
                number = -token.number if is_negative else token.number
                found += [SaidLimit(of, comparison, number) for of in self._sums(place)]
        return found[0] if len(found) == 1 else None

    def _compared(self) -> SaidLimit | None:
        """Two sums of which one is at most, or at least, the other."""
        matches = [*_COMPARES.finditer(self._text)]
        if len(matches) != 1 or not all(map(self._is_multiple, self._places)):
            return None
        [match] = matches
        before = [token for token in self._tokens if token.end <= match.start()]
        after = [token for token in self._tokens if token.start >= match.end()]
        read = self._difference(before, after)
        if read is None or not self._statement.leads(before):
            return None
        return SaidLimit(read, _comparison(match["most"] is not None), Fraction(0))

    def _ordered(self) -> SaidLimit | None:
        """Two sums of which one is more, or less, than the other, as the sentence demands."""
        texts = [token.text for token in self._tokens]
        places = [
            place
            for place, text in enumerate(texts)
            if text in _EXCEED or (text in _MORE | _LESS and "than" in texts[place:])
        ]
        if len(places) != 1 or not all(map(self._is_multiple, self._places)):
            return None
        [more] = places
        ahead = self._text[: self._tokens[more].start]
        if denies(ahead) or not demands_order(self._text):
            return None
        difference = self._surplus(more)
        return (
            None if difference is None else SaidLimit(difference, Comparison.GREATER, Fraction(0))
        )

    def _ratio(self) -> SaidLimit | None:
        """Two sums of which one is at least, or at most, so many times the other, as a ratio."""
        match = _RATIO.search(self._text)
        if match is None or not (factor := self._quotient(match.end())):
            return None
        spans = (range(*match.span(part)) for part in ("first", "second"))
        first, second = (self._one([t for t in self._tokens if t.start in of]) for of in spans)
        way = self._way(self._places[0])
        if first is None or second is None or way is None:
            return None
        if self._statement.says_rate([*first.words, *second.words]):
            return None
        multiple = Sum({name: factor * times for name, times in second.sum.terms.items()})
        difference = first.sum.minus(multiple)
        if difference is None or not {*self._statement.named} <= difference.terms.keys():
            return None
        return SaidLimit(difference, way, Fraction(0))

    def _quotient(self, start: int) -> Fraction | None:
        """The number that all numbers of a statement are together, "3 to 2", from a place on."""
        numbers = [self._tokens[place] for place in self._places]
        if not numbers or numbers[0].start < start or len(numbers) > 2:
            return None
        if len(numbers) == 1:
            return numbers[0].number
        one, other = numbers
        is_ratio = other.number and _IS_TO.fullmatch(self._text[one.end : other.start])
        return one.number / other.number if is_ratio else None

    def _is_multiple(self, place: int) -> bool:
        """Whether a number says how many times something: "twice", "3 times", "a third of"."""
        token, *following = self._tokens[place : place + 2]
        is_part = token.number < 1 and token.text.isalpha()
        return is_part or token.text in _MULTIPLES or any(i.text == "times" for i in following)

    def _way(self, place: int) -> Comparison | None:
        """Which way a number limits by the words before it, as far back as another number."""
        token = self._tokens[place]
        last = max((item for item in self._places if item < place), default=None)
        start = 0 if last is None else self._tokens[last].end
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
            yield difference
            return
        if any(_TAKES.fullmatch(token.text) for token in self._tokens):
            return
        for words in stretches([*self._tokens[:place], _STOP, *self._tokens[place + 1 :]]):
            read = self._one(words)
            if read is None or not read.sum.is_explicit or len(read.sum.terms) < 2:
                continue
            # What a difference is of is no matter only if it is of how many there are.
            is_rate = read.sum.is_difference and self._statement.says_rate(read.words)
            if not is_rate and self._is_all([read], place):
                yield read.sum

    def _more_than(self, place: int) -> Sum | None:
        """The difference in "5 more boats than rafts"."""
        near = range(place + 1, min(place + 1 + _NEAR, len(self._tokens)))
        more = next((i for i in near if self._tokens[i].text in _MORE | _LESS), None)
        if more is None:
            return None
        is_counted = self._statement.counts_more(place, self._tokens[place + 1 : more])
        return self._surplus(more, place) if is_counted else None

    def _surplus(self, more: int, place: int | None = None) -> Sum | None:
        """How much the greater of two sums is more than the other.

        Args:
            more: Where "more", "less" or "exceed" stands.
            place: Of the number that says how much, if there is one.
        """
        texts = [token.text for token in self._tokens]
        is_verb = texts[more] in _EXCEED
        if not is_verb and "than" not in texts[more:]:
            return None
        than = more if is_verb else texts.index("than", more)
        inside = self._tokens[more + 1 : than]
        ahead = self._tokens[: more if place is None else place]
        first = inside if any(token.things for token in inside) else ahead
        is_counted = self._statement.counts_more(place, inside)
        if not is_counted or not (first is inside or self._statement.leads(ahead)):
            return None
        behind = self._tokens[than + 1 :]
        if texts[more] in _LESS:
            return self._difference(behind, first, place, is_turned=True)
        return self._difference(first, behind, place)

    def _exceeding(self, place: int) -> Sum | None:
        """The difference in "boats exceed rafts by at most 5"."""
        texts = [token.text for token in self._tokens[:place]]
        verb = next((i for i, text in enumerate(texts) if text in _EXCEEDS), None)
        if verb is None or "by" not in texts[verb:] or not self._statement.counts(place):
            return None
        by = texts.index("by", verb)
        ahead = self._tokens[:verb]
        if not (self._statement.leads(ahead) and self._statement.frames(self._tokens[by:place])):
            return None
        return self._difference(ahead, self._tokens[verb + 1 : by], place)

    def _difference(
        self,
        before: Sequence[Token],
        after: Sequence[Token],
        place: int | None = None,
        *,
        is_turned: bool = False,
    ) -> Sum | None:
        """The sum that some words end with less the one that others begin with.

        Args:
            before: The words before the comparison; if turned, those behind it.
            after: Those behind it, or before it.
            place: Of the number that is the limit, if there is one.
            is_turned: Whether it is told the other way round.
        """
        ends, begins = (self._first, self._last) if is_turned else (self._last, self._first)
        first, second = ends(before), begins(after)
        if first is None or second is None or not self._is_all([first, second], place):
            return None
        is_of_rates = self._statement.says_rate([*first.words, *second.words])
        if is_of_rates or self._statement.is_of_single:
            return None
        return first.sum.minus(second.sum)

    def _is_all(self, parts: Sequence[_Part], place: int | None) -> bool:
        """Whether some sums have all numbers but the limit, and all things that are named."""
        others = len(self._places) - (place is not None)
        things = {name for part in parts for name in part.sum.terms}
        return sum(part.numbers for part in parts) == others and {*self._statement.named} <= things

    def _one(self, words: Sequence[Token]) -> _Part | None:
        found = find_sum(words, self._statement.names)
        return None if found is None else _Part(found[0], words[found[1] :])

    def _last(self, words: Sequence[Token]) -> _Part | None:
        """The last sum of some words."""
        named = [part for part in stretches(words) if any(token.things for token in part)]
        return self._one(named[-1]) if named else None

    def _first(self, words: Sequence[Token]) -> _Part | None:
        """The sum that some words begin with."""
        part = next(iter(stretches(words)), ())
        ends = [i for i, token in enumerate(part) if token.text == ","]
        for end in (*reversed(ends), len(part)):
            found = self._one(part[:end])
            if found is not None:
                return found
        return None


_STOP = Token(TokenKind.STOP, "", 0, 0)


def _comparison(is_upper: bool) -> Comparison:
    return Comparison.AT_MOST if is_upper else Comparison.AT_LEAST
