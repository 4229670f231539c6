"""The numbers a question mentions, and the values each may appear as in a program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache

from neurosym.answers.numerals import (
    NUMBER_WORDS,
    SCALES,
    UNSIGNED,
    parse_number,
    words_to_number,
)
from neurosym.answers.units import PERCENT, Dimension, Unit, factors, parse_unit

__all__ = ["MAX_QUESTION", "Mention", "Weight", "find_mentions", "mention_of_words"]

MAX_QUESTION = 20_000
"""Characters of a question that are searched; what comes after them is ignored."""
_MAX_NUMERAL = 30  # longer digit strings are serial numbers, not quantities


class Weight(Enum):
    """How surely a solution needs a number."""

    FIRM = auto()
    """A numeral that says how much or how many."""
    LOOSE = auto()
    """Often said in passing: number words, years, clock times."""
    INCIDENTAL = auto()
    """Not expected in a program: a one, which multiplying leaves out, an ordinal, a name."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a question.

    Attributes:
        text: As written, for messages.
        values: What it may be in a program: 15% is 15, 0.15, 0.85 or 1.15. Empty where it isn't
            one number.
        parts: Values that together stand for it, such as 3 and 4 for 3/4; empty where there are
            none.
        weight: Whether a program is expected to use it.
        unit: The unit written with it, if known.
        amount: A numeral's plain value.
    """

    text: str
    values: frozenset[Fraction]
    parts: frozenset[Fraction] = frozenset()
    weight: Weight = Weight.FIRM
    unit: Unit | None = None
    amount: Fraction = Fraction(0)

    def used_in(self, numbers: frozenset[Fraction]) -> bool:
        """Whether these numbers hold it or all its parts."""
        return bool(self.values & numbers) or bool(self.parts and self.parts <= numbers)


_NUMBER = re.compile(
    rf"""
    (?<![\w.,])                       # neither "B2" nor the middle of a number
    (?:
      (?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?![0-9:])
    | (?P<currency>[$€£¥₹¢]\s?)?
      (?:(?P<whole>[0-9]{{1,6}})\s(?=[0-9]+/[0-9]))?   # of a mixed number
      (?P<number>{UNSIGNED})
      (?:/(?P<under>[0-9]{{1,9}})(?![0-9/]))?
    )
    (?P<ordinal>(?:st|nd|rd|ths?)(?![a-z]))?
    (?P<tail>\s?%|\s?[$€£¥₹¢](?![0-9])|[\s-]?[A-Za-z°]+\.?(?:\s(?:feet|foot|inch|meter|yard|mile)\w*)?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)  # a number in running text, with what stands right before and after it

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_MONTH_BEFORE = re.compile(rf"{_MONTH}\s+$", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    r"(?:[A-Za-z]-|\b(?:no\.?|number|room|grade|page|chapter|level|route|highway|flight|model)\s+#?|#)$",
    re.IGNORECASE,
)
# One letter after a number is a unit only where nothing separates them: "5m", but "5 a day".
_FRACTION_WORDS = {
    "half": (1, 2),
    "halves": (1, 2),
    "third": (1, 3),
    "thirds": (1, 3),
    "quarter": (1, 4),
    "quarters": (1, 4),
    "fourth": (1, 4),
    "fourths": (1, 4),
    "fifth": (1, 5),
    "fifths": (1, 5),
    "sixth": (1, 6),
    "sixths": (1, 6),
    "seventh": (1, 7),
    "sevenths": (1, 7),
    "eighth": (1, 8),
    "eighths": (1, 8),
    "ninth": (1, 9),
    "ninths": (1, 9),
    "tenth": (1, 10),
    "tenths": (1, 10),
}
# These name a place in an order unless something makes them a part: "a third", "two thirds".
_ORDINALS = frozenset(
    word for word in _FRACTION_WORDS if word not in ("half", "halves", "quarter", "quarters")
)
_MULTIPLES = {
    "twice": 2,
    "double": 2,
    "doubled": 2,
    "doubles": 2,
    "thrice": 3,
    "triple": 3,
    "tripled": 3,
    "triples": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "dozen": 12,
    "dozens": 12,
}
_WORD = re.compile(r"[A-Za-z]+")
# "5 million" is one number, which the numeral stands for.
_SCALES = SCALES | {"k": 1000, "dozens": 12}
_SCALE_OF_NUMERAL = re.compile(rf"(?<=[0-9])[\s-]?(?:{'|'.join(_SCALES)})\b", re.IGNORECASE)


@lru_cache(maxsize=512)  # checks look at the same sentences again and again
def find_mentions(text: str) -> tuple[Mention, ...]:
    """Find the numbers of a question: numerals first, then dates, then words, each in order."""
    text = _PER_CENT.sub("percent", text[:MAX_QUESTION])
    names = _recurring_names(text)
    dates = [_date(match) for match in _DATE.finditer(text)]
    return (*_numerals(_DATE.sub(" ", text), names), *dates, *_words(text))


_PER_CENT = re.compile(r"\bper[\s-]cent\b", re.IGNORECASE)
_NAMED = re.compile(r"\b[A-Z][^\W\d_]+ [0-9]{1,6}(?![\w%]|[.,/:-][0-9])")
"""A capitalised word and a number: "Model 3000", but also "gave Tom 5"."""
_STOPS = ("", ".", "?", "!", ":", ";", "\n", '"', "(")


def _recurring_names(text: str) -> frozenset[str]:
    """Words with a number that are said again and again, as names are and amounts are not.

    One that only begins sentences has its capital from these: "Each 5 boxes".
    """
    matches = [*_NAMED.finditer(text)]
    found = Counter(match[0] for match in matches)
    inside = {
        match[0]
        for match in matches
        if text[max(0, match.start() - 9) : match.start()].rstrip(" ")[-1:] not in _STOPS
    }
    return frozenset(name for name, times in found.items() if times > 1 and name in inside)


def _numerals(text: str, names: Container[str]) -> Iterator[Mention]:
    last: Mention | None = None
    end = 0
    for match in _NUMBER.finditer(text):
        if match["hour"]:
            if last is not None:
                yield last
                last = None
            yield _clock(match)
            continue
        if len(match["number"]) > _MAX_NUMERAL or (number := _value(match)) is None:
            continue
        mention = _numeral(text, match, number)
        word = _LAST_WORD.search(text[max(match.start() - _MAX_NUMERAL, 0) : match.start()])
        is_named = word is not None and f"{word[0]}{match['number']}" in names
        if is_named and mention.unit is None:
            mention = replace(mention, weight=Weight.INCIDENTAL)
        if last is not None and _JOINED.fullmatch(text[end : match.start()][:_MAX_GAP]):
            last, mention = _join(last, mention)
        if last is not None:
            yield last
        last, end = mention, match.end()
    if last is not None:
        yield last


_LAST_WORD = re.compile(r"[^\W\d_]+ $")
_MAX_GAP = 8
_JOINED = re.compile(r"\s*(?:,|and)?\s*")


def _join(one: Mention, other: Mention) -> tuple[Mention, Mention]:
    """Let "2 hours and 20 minutes" also be 140 minutes, if their units fit together."""
    if one.unit is None or other.unit is None or one.unit.dims != other.unit.dims:
        return one, other
    if one.unit == other.unit:
        return one, other
    ratio = one.unit.size / other.unit.size
    total = one.amount * ratio + other.amount
    sums = frozenset({total, total / ratio})
    return replace(one, values=one.values | sums), replace(other, values=other.values | sums)


_DATE = re.compile(
    r"(?<![\w./-])(?:[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{4})"
    r"(?![\w/-])"
)


def _date(match: re.Match[str]) -> Mention:
    numbers = {Fraction(digits) for digits in re.findall("[0-9]+", match[0])}
    return Mention(match[0], frozenset(), frozenset(numbers - {Fraction(1)}), Weight.LOOSE)


def _clock(match: re.Match[str]) -> Mention:
    hour, minute = Fraction(match["hour"]), Fraction(match["minute"])
    values = {
        start * scale + minute * scale / 60 for start in (hour, hour + 12) for scale in (1, 60)
    }
    text = f"{match['hour']}:{match['minute']}"
    parts = frozenset({hour, minute} - {Fraction(0)})
    return Mention(text, frozenset(values), parts, Weight.LOOSE)


def _value(match: re.Match[str]) -> Fraction | None:
    number = parse_number(match["number"])
    if number is None or (match["under"] and not int(match["under"])):
        return None
    value = Fraction(number)
    if match["under"]:
        value /= int(match["under"])
    return value + int(match["whole"] or 0)


def _numeral(text: str, match: re.Match[str], value: Fraction) -> Mention:
    unit, scale = _tail(match)
    written = [match["whole"], match["number"].replace(",", ""), match["under"]]
    parts = frozenset(Fraction(text) for text in written if text) if match["under"] else frozenset()
    before = text[max(match.start() - 12, 0) : match.start()]
    weight = Weight.FIRM
    if value == 1 or (match["ordinal"] and not match["under"]) or _NAME_BEFORE.search(before):
        weight = Weight.INCIDENTAL
    elif (
        value == 0
        or (unit == PERCENT and value == 100)
        or _MONTH_BEFORE.search(before)
        or _is_year(match, unit)
    ):
        weight = Weight.LOOSE
    end = match.end("under") if match["under"] else match.end("number")
    shown = text[match.start() : end] + ("%" if unit == PERCENT else "")
    values = _alternatives(value, unit, part=bool(match["under"])) | {value * scale}
    return Mention(shown, frozenset(values), parts - {Fraction(1)}, weight, unit, value)


def _tail(match: re.Match[str]) -> tuple[Unit | None, int]:
    """Find the unit written with a number, and a scale such as "million" (1 if there is none)."""
    unit = parse_unit(match["currency"]) if match["currency"] else None
    tail = (match["tail"] or "").lstrip(" -").casefold()
    if scale := _SCALES.get(tail.rstrip(".")):
        return unit or parse_unit(tail), scale
    words = tail.split()
    separate = (match["tail"] or "").startswith((" ", "\n"))
    if unit is None and words and not (separate and words[0].rstrip(".") in ("in", *_LETTERS)):
        unit = parse_unit(tail) or parse_unit(words[0])
    return unit, 1


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _is_year(match: re.Match[str], unit: Unit | None) -> bool:
    digits = match["number"]
    bare = not (match["currency"] or match["under"] or unit)
    # "1995 apples" names what is counted; "in 1995," and "1995 to" don't.
    counted = re.fullmatch(r"\s[a-z]{3,}s\.?", match["tail"] or "")
    return bare and not counted and len(digits) == 4 and digits[:2] in ("18", "19", "20")


def _alternatives(value: Fraction, unit: Unit | None, *, part: bool) -> set[Fraction]:
    """Give the numbers that a program may have in place of a value."""
    values = {value}
    if unit == PERCENT:
        rate = value / 100
        values |= (
            {rate, 1 - rate, 1 + rate, 100 - value, 100 + value, Fraction(1) / rate}
            if (rate)
            else {rate}
        )
    elif value and (part or value < 1):
        values |= {1 - value, 1 + value, 1 / value, 100 * value}
    if unit is not None:
        values |= {value * factor for factor in _usual_factors(unit)}
    return values


def _usual_factors(unit: Unit) -> set[Fraction]:
    """Factors into the other units in which a program may state a quantity."""
    found: set[Fraction] = set()
    for name in _RESTATED.get(unit.dims[0][0], ()) if len(unit.dims) == 1 else ():
        other = parse_unit(name)
        if other is not None and other.dims == unit.dims:
            found |= {factor for factor in factors(unit, other) if unit.size / other.size == factor}
    return found


_RESTATED: dict[str, tuple[str, ...]] = {
    Dimension.TIME: ("second", "minute", "hour", "day"),
    Dimension.CALENDAR: ("month", "year"),
    Dimension.DOLLARS: ("cent", "dollar"),
    Dimension.LENGTH: ("inch", "foot", "meter", "centimeter", "kilometer"),
    Dimension.MASS: ("gram", "kilogram", "ounce"),
}


def _words(text: str) -> Iterator[Mention]:
    text = _SCALE_OF_NUMERAL.sub("", text)
    words = [match[0].casefold() for match in _WORD.finditer(text)]
    scaled: tuple[int, Fraction] | None = None
    index = 0
    while index < len(words):
        mention, end = mention_of_words(words, index)
        if mention is not None:
            products = [scaled[1]] if scaled is not None and scaled[0] == index else []
            scaled = _scaled(words, end, mention.amount)
            products += [] if scaled is None else [scaled[1]]
            yield replace(mention, values=mention.values.union(products))
        index = end


def _scaled(words: list[str], index: int, amount: Fraction) -> tuple[int, Fraction] | None:
    """Where the scale that an amount is of stands, and what they come to: "half a dozen" is 6."""
    while words[index : index + 1] and words[index] in ("a", "of"):
        index += 1
    scale = SCALES.get(words[index]) if index < len(words) else None
    return (index, amount * scale) if scale and amount else None


def mention_of_words(words: list[str], index: int) -> tuple[Mention | None, int]:
    """What number words from a place on say, and where they end; nothing if it is just a one.

    Args:
        words: The words of a text, in small letters.
        index: Where they begin.
    """
    end = index + _number_run(words, index)
    value = words_to_number(words[index:end])
    if value is None:
        return _special_word(words, index), index + 1
    following = words[end] if end < len(words) else ""
    if following in _FRACTION_WORDS:
        return _fraction_word(f"{words[index]} {following}", value, following), end + 1
    if value <= 1:
        return None, end
    unit = parse_unit(following) if len(following) > 2 else None
    values = frozenset(_alternatives(Fraction(value), unit, part=False))
    shown = " ".join(words[index:end])
    return Mention(shown, values, frozenset(), Weight.LOOSE, unit, Fraction(value)), end


def _number_run(words: list[str], start: int) -> int:
    """How many words from here on make one number."""
    end = start
    for stop in range(start + 1, min(start + 8, len(words)) + 1):
        if words[stop - 1] not in _NUMBER_VOCABULARY:
            break
        if words_to_number(words[start:stop]) is not None:
            end = stop
    return end - start


# "Two dozen" is told apart: programs calculate with 2 and 12.
_NUMBER_VOCABULARY = (frozenset(NUMBER_WORDS) | frozenset(SCALES) | {"and"}) - {"dozen"}


def _special_word(words: list[str], index: int) -> Mention | None:
    word = words[index]
    if word in _MULTIPLES:
        return Mention(word, frozenset({Fraction(_MULTIPLES[word])}), weight=Weight.LOOSE)
    before = words[index - 1] if index else ""
    if word not in _FRACTION_WORDS or (word in _ORDINALS and before not in ("a", "an")):
        return None
    # "half an hour", "a quarter of a mile"
    rest = [word for word in words[index + 1 : index + 4] if word not in ("a", "an", "of")]
    unit = parse_unit(rest[0]) if rest and len(rest[0]) > 2 else None
    return _fraction_word(word, 1, word, unit)


def _fraction_word(text: str, count: int, word: str, unit: Unit | None = None) -> Mention:
    over, under = _FRACTION_WORDS[word]
    value = Fraction(count * over, under)
    values = _alternatives(value, unit, part=True) | ({Fraction(under)} if count == 1 else set())
    parts = frozenset({Fraction(count), Fraction(under)}) - {Fraction(1)}
    return Mention(text, frozenset(values), parts, Weight.LOOSE, unit, value)
