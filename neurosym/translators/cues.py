"""What the wording of a sentence tells of an optimization model: limits, directions, counts.

The cue phrases of constraint kinds are those of NL4Opt (Ramamonjison et al. 2023,
arXiv:2303.08233, section 3) and of everyday wording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

from neurosym.answers.mentions import Mention, find_mentions
from neurosym.answers.numerals import NUMBER_WORDS, UNSIGNED
from neurosym.answers.units import PERCENT
from neurosym.formal.optimization.model import Sense

__all__ = [
    "asked_sense",
    "asks",
    "bounds_of",
    "compares",
    "compares_exactly",
    "demands_order",
    "denies",
    "distributes",
    "exact_numbers",
    "forms_of",
    "goes_on",
    "has_goal",
    "is_stock",
    "limits",
    "may_limit",
    "numbers_of",
    "says_rate",
]

_AT_MOST = (
    r"at most|no more than|not more than|no (?:greater|larger|higher|longer) than|cannot exceed|"
    r"can ?not be (?:more|greater|larger|higher) than|not exceed(?:ing)?|never exceed|up to|"
    r"max(?:imum)?\b|limit(?:ed)? (?:to|of)|no (?:\w+ )?exceeds?|less than or equal|"
    r"within|cap(?:ped)? (?:at|of)|available|"
    r"only (?:has|have)|has only|have only|upper (?:bound|limit)|on hand|in stock|budget|capacity|"
    r"fewer than|less than|below|under"
)
_MEASURES = "|".join(("the", "an?", "as", "its", "half", "twice", *NUMBER_WORDS))
"""Words by which "at least" has something to be compared with."""
_AIMED_LOW = (
    rf"at (?:the )?least (?:(?!(?:{_MEASURES})\b)[a-z]+ ){{0,2}}?"
    r"(?:costs?|expenses?|expenditure|price|time|effort|distance|waste)\b"
)
"""Of what is wanted to be low, "at least" is no limit: "ship all at least total cost"."""
_AT_LEAST = (
    rf"(?!{_AIMED_LOW})at least|no (?:less|fewer|lower) than|not (?:less|fewer) than|"
    r"(?:a )?minimum of|minimum\b|"
    r"cannot be (?:less|fewer|lower) than|must be (?:more|greater) than|greater than or equal|"
    r"more than or equal|at the very least|or more\b|lower (?:bound|limit)|must exceed|"
    r"should exceed|needs? to exceed|requires? at least|(?<!no )(?<!not )(?:more|greater|larger|"
    r"higher) than|above|exceeds?\b(?<!not exceed)|needs?\b|requires?\b|demand"
)
_EXACTLY = (
    r"exactly|equal(?:s|ed)?\b(?! or)|the same (?:number|amount)|must total|in total|sums? to|"
    r"adds? up to|precisely|twice|half|double|triple|times as (?:many|much)|ratio"
)
_COMPARES = re.compile(f"{_AT_MOST}|{_AT_LEAST}|{_EXACTLY}|between|must|should", re.IGNORECASE)
_UPPER = re.compile(rf"\b(?:{_AT_MOST})", re.IGNORECASE)
_LOWER = re.compile(rf"\b(?:{_AT_LEAST})", re.IGNORECASE)

_MAXIMIZE = re.compile(
    r"\bmaxim(?:i[sz]\w*|um|al)|"
    r"\b(?:most|greatest|highest|largest|biggest)\b(?<!at most)|"
    r"\bas (?:many|much|large|high|great) (?:\w+ ){0,3}as possible",
    re.IGNORECASE,
)
_MINIMIZE = re.compile(
    r"\bminim(?:i[sz]\w*|um|al)|"
    r"\b(?:least|lowest|smallest|fewest|cheapest|shortest|quickest)\b(?<!at least)|"
    rf"\b{_AIMED_LOW}|"
    r"\bas (?:few|little|small|low|short|cheap(?:ly)?|quickly) (?:\w+ ){0,3}as "
    r"possible",
    re.IGNORECASE,
)
_MORE = re.compile(r"\bto (?:increase|boost)\b", re.IGNORECASE)
_LESS = re.compile(r"\bto (?:decrease|reduce|lower)\b", re.IGNORECASE)
"""Of the sentence that asks; elsewhere they may tell of anything."""
_CALLS_FOR = re.compile(r"\b(maximi[sz]|minimi[sz])", re.IGNORECASE)


def asked_sense(text: str) -> Sense | None:
    """Whether a description asks for the most or the least of something; ``None`` if unclear.

    "Maximize" and "minimize" say so, above all the last of them; otherwise the last sentence may,
    by "the lowest cost" or "as many as possible".
    """
    calls = _CALLS_FOR.findall(text)
    if calls:
        return Sense.MAXIMIZE if calls[-1].lower().startswith("max") else Sense.MINIMIZE
    sentences = re.split(r"(?<=[.?!])\s+|\n", text.rstrip())
    more, less = _MORE.search(sentences[-1]), _LESS.search(sentences[-1])
    if (more is None) != (less is None):
        return Sense.MAXIMIZE if more is not None else Sense.MINIMIZE
    for sentence in reversed(sentences):
        most, least = _MAXIMIZE.search(sentence), _MINIMIZE.search(sentence)
        if (most is None) != (least is None):
            return Sense.MAXIMIZE if most is not None else Sense.MINIMIZE
    return None


_GOAL = re.compile(
    r"\b(?:best|better|optimal|optimum|optimi[sz]\w*|cheap\w*|ideal)\b", re.IGNORECASE
)


def has_goal(text: str) -> bool:
    """Whether a description has any word for what is to be best."""
    patterns = (_MAXIMIZE, _MINIMIZE, _MORE, _LESS, _GOAL)
    return any(pattern.search(text) for pattern in patterns)


def compares(sentence: str) -> bool:
    """Whether a sentence has any word by which it may state a constraint."""
    return _COMPARES.search(sentence) is not None


_ASKS = re.compile(
    r"\?\s*$|^\W*(?:how|what|which|find|determine|formulate|calculate|help|decide)\b|"
    r"\bmaximi[sz]|\bminimi[sz]",
    re.IGNORECASE,
)


_EXACT = re.compile(_EXACTLY, re.IGNORECASE)
_DEMANDS_ORDER = re.compile(
    r"\b(?:must|should|needs? to|has to|have to|can ?not|at least|at most|no more|wants?|"
    r"would like|prefers?|decides?)\b.*?"
    r"\b(?:(?:than|exceeds?)\b(?!\s+[$€£]?(?:\d|(?:" + "|".join(NUMBER_WORDS) + r")\b))|"
    r"as (?:many|much|few|little)\b|twice\b|times\b)",
    re.IGNORECASE,
)


def compares_exactly(clause: str) -> bool:
    """Whether a clause has words for an amount that is neither exceeded nor missed."""
    return _EXACT.search(clause) is not None


_IS_EXACTLY = re.compile(
    rf"\b(?:exactly|(?<!or )equals?(?: to)?|precisely)\s+[$€£]?({UNSIGNED})(?![\d.,/]*\d)",
    re.IGNORECASE,
)


def exact_numbers(text: str) -> frozenset[Fraction]:
    """The numbers that a text says are neither exceeded nor missed: "exactly 40"."""
    return frozenset(Fraction(item.replace(",", "")) for item in _IS_EXACTLY.findall(text))


_GOES_ON = re.compile(r"\b(?:it|that|this) (?:is|are)\b|\bis(?: at)?\W*$", re.IGNORECASE)


def goes_on(clause: str) -> bool:
    """Whether a limit is followed here by that of another thing: "while for rafts it is 40"."""
    return _GOES_ON.search(clause) is not None


def asks(sentence: str) -> bool:
    """Whether a sentence asks for the decision, and so states what is known at most."""
    return _ASKS.search(sentence) is not None


def demands_order(sentence: str) -> bool:
    """Whether a sentence demands that one thing be more than, or as many as, another."""
    return _DEMANDS_ORDER.search(sentence) is not None and not asks(sentence)


def may_limit(sentence: str) -> bool:
    """Whether a sentence may state a constraint: it gives a number, or compares without asking.

    "How many should be made to lower the cost?" compares nothing.
    """
    return bool(find_mentions(sentence)) or (compares(sentence) and not asks(sentence))


_LOW_BEFORE = (
    r"at least|(?:a )?minimum (?:\w+ ){0,8}?(?:of|is|at|being)|(?:more|greater) than|exceeds?|"
    r"no (?:less|fewer|lower) than"
)
_HIGH_BEFORE = (
    r"at most|(?:a )?maximum (?:\w+ ){0,8}?(?:of|is|at|being)|up to|(?:less|fewer) than(?! or)|"
    r"(?:limited|restricted|capped) to|(?:a )?limit of"
)
_GAP = r"(?:\s+[^\W\d]+){0,2}?\s+[$€£]?"
_AFTER = r"(?:\s+[^\W\d]+){0,3}?\s+or "
_BOUND = re.compile(
    rf"(?:(?P<high>{_HIGH_BEFORE})|(?P<low>{_LOW_BEFORE})){_GAP}(?P<bounded>{UNSIGNED})"
    rf"(?![\d.,/]*\d)(?!\s+times)|"
    rf"(?P<number>{UNSIGNED}){_AFTER}(?:(?P<more>more)|less|fewer)\b",
    re.IGNORECASE,
)


_FURTHER = re.compile(
    rf"(?:\s+(?!(?:is|are|must|can|be|has|have|needs?|will|may)\b)[^\W\d]+(?:['’]s)?){{1,5}}?,?\s+and"
    rf"\s+[$€£]?(?P<number>{UNSIGNED})(?![\d.,]*\d)(?!\s*%)(?!\s+(?:times|percent))"
    r"(?![^.,;]*\b(?:is|are)\b)",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"\b(?:available|there (?:is|are)|has|have|had|only|budget|in stock|on hand|capacity|supply)\b",
    re.IGNORECASE,
)


def is_stock(clause: str) -> bool:
    """Whether a number in a clause is what there is of something, which limits it from above."""
    return _STOCK.search(clause) is not None and _LOWER.search(clause) is None


_DISTRIBUTES = re.compile(
    r"\b(?:allocat|distribut|divid|invest|split)\w*\b.*\b(?:between|among|across)\b", re.IGNORECASE
)


def distributes(clause: str) -> bool:
    """Whether a clause says what is to be distributed: "the allocation of $900 between"."""
    return _DISTRIBUTES.search(clause) is not None


_RATES = re.compile(
    r"\b(?:costs?|prices?|expens\w+|expenditures?|spen[dt]\w*|profits?|revenues?|earnings|returns?|"
    r"weights?|times?|hours|minutes|scores?|effort|effect\w*|impact|output|usage|use|consum\w+|"
    r"points|distance|capacity|workload)\b",
    re.IGNORECASE,
)


def says_rate(text: str) -> bool:
    """Whether words may be for what things take or earn, of which there may be a total."""
    return _RATES.search(text) is not None


_COMPARATIVE = re.compile(r"(?:more|greater|less|fewer) than|exceeds?", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|cannot|never|no|nor|neither|without|unable)\b|n['’]t\b", re.I)
_NO_MORE = re.compile(
    r"(?:\b(?:no|(?<!need )not|cannot|never)|(?<!need)n['’]t)(?:\s+\w+)?\s+"
    r"(?:(?P<few>less|fewer|lower|smaller|shorter)\s+than|"
    r"(?:more|greater|higher|larger|longer)\s+than|exceed\w*|surpass\w*)\b",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(r"[.,;:]\s|\b(?:and|but|while|whereas)\b", re.IGNORECASE)


def denies(sentence: str) -> bool:
    """Whether a sentence says what is not so; "no more than" and the like are limits instead."""
    return _NEGATION.search(_NO_MORE.sub("", sentence)) is not None


def _is_negated(text: str, match: re.Match[str]) -> bool:
    """Whether a comparison stands behind a "not" in its clause: "cannot make more than 40"."""
    words = match["high"] or match["low"] or ""
    if not _COMPARATIVE.fullmatch(words):
        return False
    before = _CLAUSE_START.split(text[max(0, match.start() - 80) : match.start()])[-1]
    return _NEGATION.search(before) is not None


@lru_cache(maxsize=1 << 12)
def bounds_of(text: str) -> Mapping[Fraction, bool]:
    """The numbers that a text gives as limits in so many words, and whether as upper ones.

    "At least 40" and "40 or more" are lower limits, "at most 40" an upper one; numbers that stand
    in both, or somewhere else without such words, are left out.
    """
    found: dict[Fraction, set[bool]] = {}
    taken: list[Fraction] = []
    for match in _BOUND.finditer(text):
        numbers = [match["bounded"] or match["number"]]
        is_upper = bool(match["high"]) or not (match["low"] or match["more"])
        if _is_negated(text, match):
            is_upper = not is_upper
        end = match.end()
        # "At least 8 boats and 5 canoes" gives two.
        while match["bounded"] and (further := _FURTHER.match(text, end)):
            numbers.append(further["number"])
            end = further.end()
        for number in numbers:
            taken.append(Fraction(number.replace(",", "")))
            found.setdefault(taken[-1], set()).add(is_upper)
    elsewhere = Counter(mention.amount for mention in find_mentions(text))
    elsewhere.subtract(taken)
    return {
        number: is_upper
        for number, sides in found.items()
        if len(sides) == 1 and elsewhere[number] <= 0
        for is_upper in sides
    }


def limits(sentence: str) -> tuple[bool, bool]:
    """Whether a sentence has words for an upper limit, and for a lower one.

    "Cannot make more than" is an upper one, as "no more than" is.
    """
    denied = [match["few"] is not None for match in _NO_MORE.finditer(sentence)]
    rest = _NO_MORE.sub(" ", sentence)
    is_upper = _UPPER.search(rest) is not None or not all(denied)
    return is_upper, _LOWER.search(rest) is not None or any(denied)


_CONVERSIONS = (
    (("hour", "minute"), (60,)),
    (("minute", "second"), (60,)),
    (("day", "hour"), (24,)),
    (("week", "day"), (7,)),
    (("year", "month"), (12,)),
    (("year", "week"), (52,)),
    (("cent", "dollar"), (100,)),
    (("gram", "kg"), (1000,)),
    (("gram", "kilogram"), (1000,)),
    (("foot", "inch"), (12,)),
    (("feet", "inch"), (12,)),
    (("dozen",), (12,)),
)
"""Numbers that a text brings with it by the units it names."""


def numbers_of(text: str) -> list[Fraction]:
    """The numbers that a model of a text may hold, in the order of the text.

    Those it mentions, percentages also as shares and what is left of the whole, fractions and
    "twice" as what they are; 0 and 1; what its units convert by.
    """
    found: dict[Fraction, None] = {}
    for mention in find_mentions(text):
        found |= dict.fromkeys(forms_of(mention))
    lowered = text.lower()
    for words, factors in _CONVERSIONS:
        if all(word in lowered for word in words):
            found |= dict.fromkeys(map(Fraction, factors))
    return [*(found | dict.fromkeys(map(Fraction, (0, 1))))]


def forms_of(mention: Mention) -> Iterable[Fraction]:
    """A mentioned number as a model may hold it: plain, scaled, or as a share and what is left."""
    value = mention.amount
    if not value:
        return sorted(mention.values)[:2]
    if mention.unit == PERCENT:
        rate = value / 100
        return (rate, 1 - rate, 1 + rate, value)
    scaled = (value * scale for scale in (12, 1000, 1_000_000, 1_000_000_000))
    return (value, *(number for number in scaled if number in mention.values))
