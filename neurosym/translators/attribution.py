"""Which of several things a text says each of its numbers of.

"Snowmobiles carry 150 packages while sleds carry 125" says 150 of snowmobiles and 125 of sleds, and
a model that multiplies sleds by 150 does not say what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.translators.cues import bounds_of
from neurosym.translators.things import marks_of, named_by, stems_of, things_named

__all__ = [
    "PARTS",
    "Clause",
    "clauses",
    "lists_in_order",
    "said_in_order",
    "said_of",
    "tells_apart",
    "things_in",
]

_CLAUSE = re.compile(
    r"((?<!\d),|,(?!\d)|[;:()]|\b(?:and|but|while|whilst|whereas|however|or)\b)", re.IGNORECASE
)
PARTS = re.compile(r";|\b(?:while|whereas|but)\b", re.IGNORECASE)
"""What stands between statements that have limits of their own."""
_JOINS = frozenset({"and", "or"})
_MAX_ITEM = 3
"""Words of a thing in a list, at most."""
_ALIKE = re.compile(
    r"\b(?:takes?|needs?|costs?|requires?|uses?|earns?|has|have) "
    r"(?:the same|as (?:much|many|long))\b",
    re.IGNORECASE,
)
_BEGINS_LIST = re.compile(
    r"\W*(?:(?:and|but|while|whereas)\b)?(?:(?!\b(?:and|or)\b)[^\d,;])+\d", re.IGNORECASE
)
"""The beginning of what "respectively" ends, up to a number, without a list."""
_ABBREVIATES = re.compile(r"\((\w{1,5})\)")
"""A short name in brackets: "5 atomic units (au) of tin" is one piece."""
_BY_THE_WAY = re.compile(
    r",\s*(?:on the other hand|however|in turn|by contrast|in contrast|likewise|similarly),\s*",
    re.IGNORECASE,
)
"""What stands between a thing and what is said of it, and says nothing."""
_LISTS = re.compile(r"\brespectively\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that has numbers.

    Attributes:
        text: The part.
        mentions: Its numbers.
        named: The things that it, or a part before it without a number, names best.
        owners: Those, or else the ones named last in the sentence.
    """

    text: str
    mentions: tuple[Mention, ...]
    named: frozenset[str]
    owners: frozenset[str]


def said_of(
    sentences: Iterable[str], names: Mapping[str, str]
) -> Mapping[Fraction, frozenset[str]]:
    """For each number that is said of some of the things only, those things.

    A number belongs to the one thing that its clause names, or else the last clause before it in
    its sentence that has a number too. Numbers that stand anywhere beside several things or none,
    shares, and how many things there are, are left out: nothing is known of them.

    Args:
        sentences: The text.
        names: The words for each thing; those count that not all have.
    """
    told = tuple(sentences)
    if any(_ALIKE.search(sentence) for sentence in told):
        return {}  # what is said of one thing is said of another, too
    found: dict[Fraction, set[str]] = {}
    unclear: set[Fraction] = set()
    for sentence in told:
        said = _said_in_order if lists_in_order(sentence) else _said_in_clauses
        bounds = bounds_of(sentence)
        for mention, owners in said(sentence, names):
            counts_things = mention.weight is Weight.LOOSE and mention.amount == len(names) > 1
            if mention.unit == PERCENT or not mention.amount or counts_things:
                continue
            if len(owners) == 1:
                found.setdefault(mention.amount, set()).update(owners)
            elif mention.amount not in bounds:  # a limit of several is said of none
                unclear.add(mention.amount)
    return {number: frozenset(of) for number, of in found.items() if number not in unclear}


def lists_in_order(sentence: str) -> bool:
    """Whether a sentence has numbers for a list of things, by "respectively"."""
    return _LISTS.search(sentence) is not None


def tells_apart(sentences: Iterable[str], names: Mapping[str, str]) -> bool:
    """Whether a text says something of each thing alone: by its name, or its place in a list."""
    found: set[str] = set()
    for sentence in sentences:
        owners = [clause.owners for clause in clauses(sentence, names)]
        if lists_in_order(sentence):
            owners += [of for _, of in _said_in_order(sentence, names)]
        found.update(*(of for of in owners if len(of) == 1))
    return found == names.keys()


def said_in_order(sentence: str, names: Mapping[str, str]) -> frozenset[Fraction]:
    """The numbers that a list with "respectively" says of one thing each."""
    if not lists_in_order(sentence):
        return frozenset()
    said = _said_in_order(sentence, names)
    return frozenset(mention.amount for mention, owners in said if len(owners) == 1)


def things_in(sentence: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The things that the words of a sentence name, one after another."""
    return tuple(dict.fromkeys(thing for thing, _ in _things_in_order(sentence, names)))


def clauses(sentence: str, names: Mapping[str, str]) -> tuple[Clause, ...]:
    """The parts of a sentence that have numbers, in order.

    Args:
        sentence: The sentence.
        names: The words for each thing; where these do not tell all apart, nothing is named.
    """
    return _clauses(sentence, tuple(names.items()))


# Kept, since every limit of a text is held against all that the text says of its things.
@lru_cache(maxsize=1 << 12)
def _clauses(sentence: str, names: tuple[tuple[str, str], ...]) -> tuple[Clause, ...]:
    return tuple(_split(sentence, marks_of(dict(names))))


def _split(sentence: str, marks: Mapping[str, tuple[str, ...]]) -> Iterator[Clause]:
    last: set[str] = set()
    waiting: set[str] = set()
    pieces = _CLAUSE.split(_BY_THE_WAY.sub(" ", _ABBREVIATES.sub(r"\1", sentence)))
    parts = [*zip(pieces[::2], [*pieces[1::2], ""], [*pieces[2::2], ""], strict=True)]
    for text, sign, following in parts:
        mentions = find_mentions(text)
        if all(marks.values()):
            waiting |= named_by(marks, frozenset(stems_of(text)), last)
        if not mentions:
            # "Chairs, stools and tables take 3 hours" names chairs before the number; what is no
            # part of a list says something of its own.
            if sign.lower() not in _JOINS and len(text.split()) > _MAX_ITEM:
                last, waiting = waiting or last, set()
            continue
        if sign.lower() in _JOINS and all(marks.values()):
            waiting |= _listed(marks, text, following)
        named, last, waiting = waiting, waiting or last, set()
        yield Clause(text, mentions, frozenset(named), frozenset(last))


def _listed(marks: Mapping[str, tuple[str, ...]], text: str, following: str) -> set[str]:
    """The things that go on a list a clause ends with: canoes in "40 boats or canoes"."""
    if find_mentions(following):
        return set()
    ends, begins = (
        named_by(marks, frozenset(stems_of(" ".join(some))), set())
        for some in (text.split()[-_MAX_ITEM:], following.split()[:_MAX_ITEM])
    )
    return begins if ends and begins else set()


def _said_in_clauses(
    sentence: str, names: Mapping[str, str]
) -> Iterator[tuple[Mention, frozenset[str]]]:
    for clause in clauses(sentence, names):
        for mention in clause.mentions:
            yield mention, clause.owners


def _said_in_order(
    sentence: str, names: Mapping[str, str]
) -> Iterator[tuple[Mention, frozenset[str]]]:
    """The numbers of lists with "respectively", each with the thing at its place, if it is clear.

    "Boats and canoes seat 4 and 2 respectively" has as many things as numbers, first all of these
    and then all of those; "a boat has 4 and 2 seats and oars respectively" begins with its one
    thing, right before the numbers.
    """
    for text in _LISTS.split(sentence):
        mentions = [*_in_order(text)]
        things = [*_things_in_order(text, names)]
        numbers = [place for _, place in mentions]
        if not things and len(mentions) == len(names) > 1:
            things = [(thing, -1) for thing in names]
        owners = [thing for thing, _ in things]
        is_clear = len(set(owners)) == len(owners) == len(mentions) > 0 and (
            things[-1][1] < numbers[0] or numbers[-1] < things[0][1]
        )
        if is_clear:
            yield from (
                (mention, frozenset({of}))
                for (mention, _), of in zip(mentions, owners, strict=True)
            )
        elif len(things) == 1 and _BEGINS_LIST.match(text) and things[0][1] < numbers[0]:
            yield from ((mention, frozenset(owners)) for mention, _ in mentions)
        else:
            yield from _said_one_by_one(text, names, [mention for mention, _ in mentions])


def _said_one_by_one(
    text: str, names: Mapping[str, str], mentions: Iterable[Mention]
) -> Iterator[tuple[Mention, frozenset[str]]]:
    """The numbers of a list each with its thing beside it: "costs 8 for X and 9 for Y"."""
    parts = clauses(text, names)
    named = [next(iter(part.named)) for part in parts if len(part.named) == 1]
    if len(set(named)) == len(parts) and all(len(part.mentions) == 1 for part in parts):
        for part in parts:
            yield part.mentions[0], part.named
    else:
        yield from ((mention, frozenset()) for mention in mentions)


def _in_order(text: str) -> Iterator[tuple[Mention, int]]:
    """The numbers of a text in its order, and where each stands."""
    found = {
        match.start(): mention
        for mention in find_mentions(text)
        for match in re.finditer(rf"(?<![\w.,]){re.escape(mention.text)}(?!\w|[.,]?\d)", text)
    }
    yield from ((found[place], place) for place in sorted(found))


def _things_in_order(text: str, names: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The things that the words of a text name, in its order, and where each stands."""
    last = ""
    for part in re.finditer(r"(?:(?!\b(?:and|or)\b)(?:[^\d,;]|(?<=[A-Za-z_])\d))+", text):
        named = things_named(part[0], names)
        if len(named) == 1 and named != {last}:
            [last] = named
            yield last, part.start()
