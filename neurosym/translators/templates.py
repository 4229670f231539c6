"""Two kinds of constraints that a sentence's wording gives whole: shares of a total, and multiples.

"At least 40% of the trips are by canoe" compares the canoes with 0.4 times all trips, "a third of
them" with a third, and "twice as many boats as canoes" the boats with two times the canoes. The
kinds are NL4Opt's ratio and x-by constraints (Ramamonjison et al. 2023, arXiv:2303.08233, section
3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import dropwhile, takewhile

from neurosym.answers.mentions import find_mentions
from neurosym.answers.units import PERCENT, Unit
from neurosym.formal.fol.spelling import stem, words
from neurosym.translators.attribution import clauses
from neurosym.translators.cues import asks, bounds_of, limits
from neurosym.translators.things import things_named
from neurosym.translators.wording import FORM_WORDS

__all__ = [
    "TOTAL_WORDS",
    "Multiple",
    "Share",
    "adds_up",
    "find_multiple",
    "relates",
    "says_total",
    "shares_of_total",
]

_FRACTION = (
    r"(?<![\w/.])(?:(?:one\s+)?half|\d+/\d+|(?:an?|one|two|three|four)\s+"
    r"(?:thirds?|quarters?|fourths?|fifths?|tenths?))\b(?!\s+times)"
)
_VERB = (
    r"(?:must|should|shall|can|could|may|will|would|is|are|be|ha[sd]|have|needs?|to\s+be|using)\b"
)
_SHARE = re.compile(
    rf"(?:(?P<percent>\d+(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)|(?P<fraction>{_FRACTION}))\s+"
    rf"(?:of\s+(?P<whole>(?:(?!{_VERB})[^\W\d_]+[\s-]+){{0,4}}(?!{_VERB})[^\W\d_]+)|"
    r"(?:must|should|can|may|has to|have to)\b)",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;:]\s|\b(?:and|but|while|whereas)\b", re.IGNORECASE)
TOTAL_WORDS = frozenset({"total", "all", "overall", "whole", "entire", "combined"})
"""Words for the whole that things are parts of."""
_COUNTS = FORM_WORDS | {"number", "amount", "quantity", "count"}
_SAYS_TOTAL = re.compile(
    rf"(?:%|per ?cent|{_FRACTION})\s+(?:of\s+(?:the\s+)?(?:total|all|overall)|must|should|can|may|"
    r"ha(?:s|ve) to)\b",
    re.IGNORECASE,
)
_RELATES = re.compile(
    r"\b(?:than|as \w+ as|as (?:many|much|few|little)|times|twice|thrice|half|halves|double|triple|"
    r"ratio|proportion|fraction|per ?cent|equal|same|exceeds?|thirds?|quarter|fifth|"
    r"each other)\b|%",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|only (?:when|with|one)|either(?! (?:of|type|kind|way|one)\b)|neither|both|"
    r"whenever|depends?|together)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:whole numbers?|integers?|indivisib\w+)\b", re.IGNORECASE)
"""Words that say that things are counted, which depends on nothing."""
_PIECE = re.compile(r"\bfractions? of an?\b", re.IGNORECASE)
_FACTOR = (
    r"(?P<factor>twice|double|triple|thrice|\S+ times|half(?=\s+(?:as (?:many|much)|that|the "
    r"(?:number|amount)s?)\b))"
)
_MULTIPLE = re.compile(
    r"(?:(?P<low>at least)|(?P<high>at most|no more than|not more than|up to)|exactly)?\s*\b"
    rf"{_FACTOR}\b\s+(?:(?P<alike>as (?:many|much)|more)|the (?:number|amount)s? of)?\s*"
    r"(?P<first>[^,;.]*?)\s+(?:as|than|(?(alike)(?!)|of))\s+(?P<second>[^,;.]+)",
    re.IGNORECASE,
)


_ADDS = re.compile(r"\b(?:plus|minus|sum of|combined|added to|calculated)\b", re.IGNORECASE)
_OF_A_RATE = re.compile(r"\b(?:per|each|every|much|to \w+)\b", re.IGNORECASE)
"""What makes a multiple one of costs or times, not of how many there are."""

_IS_MULTIPLE = re.compile(
    r"(?P<first>[^,;.]*?)\b(?:must|should|has to|have to) be "
    r"(?:(?P<low>at least)|(?P<high>at most|no more than)|exactly)?\s*"
    rf"{_FACTOR}\b\s+"
    r"(?:as (?:many|much) as|the (?:number|amount)s? of|that of)\s+(?P<second>[^,;.]+)",
    re.IGNORECASE,
)


def relates(sentence: str) -> bool:
    """Whether a sentence has a word that compares things, or makes one depend on another.

    Where something is asked "if" only says what is known: "If a boat seats 4, how many …?"
    """
    said = _PIECE.sub(" ", sentence)
    if _RELATES.search(said) is not None:
        return True
    is_of_whole = _WHOLE.search(sentence) is not None
    return not (is_of_whole or asks(sentence)) and _CONDITION.search(said) is not None


def adds_up(sentence: str) -> bool:
    """Whether multiples in a sentence are added up: "twice the rafts plus 3 times the boats"."""
    return _ADDS.search(sentence) is not None


def says_total(sentence: str) -> bool:
    """Whether a share in a sentence is of a total in so many words."""
    return _SAYS_TOTAL.search(sentence) is not None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total that things have.

    Attributes:
        size: How much of the total, as a number below or equal to 1.
        named: The things that are named beside it.
        is_upper: Whether they have at most that; ``None`` if it is not said.
    """

    size: Fraction
    named: frozenset[str]
    is_upper: bool | None


def shares_of_total(sentence: str, names: Mapping[str, str]) -> Iterator[Share]:
    """The shares that a sentence takes of something all things are part of.

    A share of something that only some of the things are named after ("30% of the number of
    boats") is what it says, and is none.

    Args:
        sentence: The sentence.
        names: The words for each thing.
    """
    for match in _SHARE.finditer(sentence):
        said = words(match["whole"] or "total")
        after = dropwhile(_COUNTS.__contains__, said)
        whole = [*takewhile(lambda word: word not in FORM_WORDS, after)]
        if not TOTAL_WORDS.intersection(said[:2]):  # the total, all the boats
            stems = set(map(stem, whole))
            named = [bool(stems & set(map(stem, words(phrase)))) for phrase in names.values()]
            if any(named) and not all(named):
                continue
        if match["percent"]:
            percent = Fraction(match["percent"])
            is_upper = bounds_of(sentence).get(percent)
            yield Share(percent / 100, _beside(sentence, names, percent, PERCENT), is_upper)
        elif mentions := find_mentions(match["fraction"]):
            size = mentions[0].amount
            before = _PAUSE.split(sentence[: match.start()])[-1]
            is_upper, is_lower = limits(before)
            way = None if is_upper is is_lower else is_upper
            yield Share(size, _beside(sentence, names, size), way)


def _beside(
    sentence: str, names: Mapping[str, str], amount: Fraction, unit: Unit | None = None
) -> frozenset[str]:
    """The things that a sentence names beside a number."""
    return frozenset().union(
        *(
            clause.named
            for clause in clauses(sentence, names)
            if any(m.unit == unit and m.amount == amount for m in clause.mentions)
        )
    )


@dataclass(frozen=True, slots=True)
class Multiple:
    """One thing is compared with a multiple of another.

    Attributes:
        first: The one.
        factor: How many times the other.
        second: The other.
        is_upper: Whether the first is at most that; ``None`` if it is not said.
    """

    first: str
    factor: Fraction
    second: str
    is_upper: bool | None


def find_multiple(sentence: str, names: Mapping[str, str]) -> Multiple | None:
    """The first comparison with a multiple in a sentence; ``None`` where it is not clear."""
    if adds_up(sentence):
        return None
    match = _IS_MULTIPLE.search(sentence)
    if match is None:
        match = _MULTIPLE.search(sentence)
        if match is None or _OF_A_RATE.search(match[0]):
            return None
    first = things_named(match["first"], names)
    second = things_named(match["second"], names)
    factors = [mention.amount or min(mention.values) for mention in find_mentions(match["factor"])]
    if len(first) != 1 or len(second) != 1 or first == second or len(factors) != 1:
        return None
    is_upper = None if not (match["low"] or match["high"]) else bool(match["high"])
    return Multiple(first.pop(), factors[0], second.pop(), is_upper)
