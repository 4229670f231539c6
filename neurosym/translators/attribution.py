"""Which of several things a text says each of its numbers of.

"Snowmobiles carry 150 packages while sleds carry 125" says 150 of snowmobiles and 125 of sleds, and
a model that multiplies sleds by 150 does not say what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.mentions import Mention, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.formal.fol.spelling import stem, words
from neurosym.translators.cues import bounds_of, is_stock
from neurosym.translators.wording import FORM_WORDS

__all__ = [
    "Clause",
    "behind",
    "clauses",
    "counts_all",
    "counts_directly",
    "counts_kinds",
    "counts_shares",
    "measured_alike",
    "said_in_order",
    "said_of",
    "things_counted",
    "things_named",
]

_CLAUSE = re.compile(
    r"((?<!\d),|,(?!\d)|[;:()]|\b(?:and|but|while|whilst|whereas|however|or)\b)", re.IGNORECASE
)
_JOINS = frozenset({"and", "or"})
_MAX_ITEM = 3
"""Words of a thing in a list, at most."""
_CAPITAL = re.compile(
    r"(?<=_)[A-Z](?![^\W_])|(?<=[^\W_]\s)[A-HJ-Z](?![^\W_])|^\W*[B-HJ-Z](?![^\W_])"
)
"""A single capital that is a name; one that begins a sentence may be an article."""
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
_PER = re.compile(r"\b(?:per|each|every|an?)\b", re.IGNORECASE)
"""Behind a number, what says of how much of a thing it is, not what it measures."""
_KINDS = re.compile(
    r"\W*(?:(?:different|distinct|other|possible)\s+)?"
    r"(?:types?|kinds?|sorts?|variet(?:y|ies)|ways?|methods?|options?|choices?|selections?)\b",
    re.IGNORECASE,
)
_UNIT = frozenset({"unit"})
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
    and shares, are left out: nothing is known of them.

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
        said = _said_in_order if _LISTS.search(sentence) else _said_in_clauses
        for mention, owners in said(sentence, names):
            if mention.unit == PERCENT or not mention.amount:
                continue
            if len(owners) == 1:
                found.setdefault(mention.amount, set()).update(owners)
            else:
                unclear.add(mention.amount)
    return {number: frozenset(of) for number, of in found.items() if number not in unclear}


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
        owners = [thing for thing, _ in things]
        numbers = [place for _, place in mentions]
        is_clear = len(set(owners)) == len(owners) == len(mentions) > 0 and (
            things[-1][1] < numbers[0] or numbers[-1] < things[0][1]
        )
        is_of_one = len(things) == 1 and _BEGINS_LIST.match(text) is not None
        for place, (mention, _) in enumerate(mentions):
            if is_of_one and things[0][1] < numbers[0]:
                yield mention, frozenset(owners)
            else:
                yield mention, frozenset({owners[place]}) if is_clear else frozenset()


def said_in_order(sentence: str, names: Mapping[str, str]) -> frozenset[Fraction]:
    """The numbers that a list with "respectively" says of one thing each."""
    if not _LISTS.search(sentence):
        return frozenset()
    said = _said_in_order(sentence, names)
    return frozenset(mention.amount for mention, owners in said if len(owners) == 1)


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
    for part in re.finditer(r"(?:(?!\b(?:and|or)\b)[^\d,;])+", text):
        named = things_named(part[0], names)
        if len(named) == 1 and named != {last}:
            [last] = named
            yield last, part.start()


def clauses(sentence: str, names: Mapping[str, str]) -> Iterator[Clause]:
    """The parts of a sentence that have numbers, in order.

    Args:
        sentence: The sentence.
        names: The words for each thing; where these do not tell all apart, nothing is named.
    """
    marks = _marks(names)
    last: set[str] = set()
    waiting: set[str] = set()
    pieces = _CLAUSE.split(_ABBREVIATES.sub(r"\1", sentence))
    parts = [*zip(pieces[::2], [*pieces[1::2], ""], [*pieces[2::2], ""], strict=True)]
    for text, sign, following in parts:
        mentions = find_mentions(text)
        if all(marks.values()):
            waiting |= _named(marks, frozenset(_stems(text)), last)
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
        _named(marks, frozenset(_stems(" ".join(some))), set())
        for some in (text.split()[-_MAX_ITEM:], following.split()[:_MAX_ITEM])
    )
    return begins if ends and begins else set()


def measured_alike(
    sentences: Iterable[str], names: Mapping[str, str], text: str, limit: Mention
) -> Mapping[str, tuple[Fraction, ...]]:
    """For each thing, what the text says of it in the words that a limit is measured in.

    Of "at least 1200 g of protein" that is 40 for steaks of "each steak contains 900 calories and
    40 g of protein". Where several numbers share as many words with the limit, all of them.

    Args:
        sentences: The text.
        names: The words for each thing.
        text: The clause that the limit is in.
        limit: The limit.

    Returns:
        Empty where nothing is measured alike; things of which nothing is are left out.
    """
    marks = frozenset(mark for name in names.values() for mark in _stems(name))
    wanted = _measure(text, limit) - marks
    best: dict[str, tuple[int, list[Fraction]]] = {}
    for sentence in sentences:
        bounds = bounds_of(sentence)
        for clause in clauses(sentence, names):
            if text == clause.text or _LISTS.search(sentence) or is_stock(clause.text):
                continue
            # What is said of no one or of several ("both take 3 hours") is said of all.
            owners = clause.owners if len(clause.owners) == 1 else names
            for mention in clause.mentions:
                words_shared = (_measure(clause.text, mention) - marks) & wanted
                shared = len(words_shared - _UNIT) and len(words_shared)
                if not (shared and mention.amount) or mention.amount in bounds:
                    continue
                if counts_kinds(clause.text, mention):
                    continue
                for owner in owners:
                    most, numbers = best.get(owner, (0, []))
                    if shared > most:
                        best[owner] = (shared, [mention.amount])
                    elif shared == most:
                        numbers.append(mention.amount)
    return {
        name: tuple(dict.fromkeys(filter(None, best[name][1]))) for name in names if name in best
    }


_MEASURE_WORDS = 4
"""Words behind a number that may say what it is measured in."""


def behind(text: str, mention: Mention) -> str:
    """What stands behind a number in a text, up to a few words."""
    found = re.search(rf"(?<![\w.]){re.escape(mention.text)}(?![\d])", text)
    rest = text[found.end() :] if found else ""
    return " ".join(rest.split()[: _MEASURE_WORDS + 1])


def counts_directly(after: str, name: str) -> bool:
    """Whether the word right behind a number is of a thing's name: "10 steaks", not "10 g of"."""
    return _first_stem(after) in _stems(name)


def counts_all(after: str, names: Mapping[str, str]) -> bool:
    """Whether the word right behind a number is in the names of all of several things."""
    stems = [_stems(said) for said in names.values()]
    first = _first_stem(after)
    are_told_apart = all(_marks(names).values())
    return len(stems) > 1 and are_told_apart and all(first in of_one for of_one in stems)


def counts_shares(after: str, sentences: Iterable[str]) -> bool:
    """Whether a number is one of what things are made or done by.

    Of "180 acres", where "each acre of corn earns $40", every acre is one of some thing.
    """
    first = _first_stem(after)
    return bool(first) and any(
        first == _first_stem(" ".join(text.split()[:2]))
        for sentence in sentences
        for text in _PER.split(sentence)[1:]
    )


def _first_stem(after: str) -> str:
    """The stem of the first word that says something, empty if there is none."""
    said = (word for word in words(after) if word not in FORM_WORDS and word.isalpha())
    return stem(next(said, ""))


def counts_kinds(text: str, mention: Mention) -> bool:
    """Whether a number is one of alternatives ("two kinds of"), which limits and measures none."""
    return _KINDS.match(behind(text, mention)) is not None


def _measure(text: str, mention: Mention) -> frozenset[str]:
    """The stems of the words behind a number, and of its unit."""
    measures = _PER.split(behind(text, mention))[0]
    said = [word for word in words(measures) if word not in FORM_WORDS]
    unit = mention.unit
    units = {stem(unit.name)} if unit is not None and unit != PERCENT else set()
    return frozenset({stem(word) for word in said[:_MEASURE_WORDS] if word.isalpha()} | units)


def things_named(text: str, names: Mapping[str, str]) -> set[str]:
    """The things that a few words name best.

    Args:
        text: The words.
        names: The words for each thing; those count that not all have.
    """
    marks = _marks(names)
    return _named(marks, frozenset(_stems(text)), set()) if all(marks.values()) else set()


def things_counted(after: str, names: Mapping[str, str]) -> set[str]:
    """The things that the words right behind a number name, by the last words of their names.

    "85 units of protein" counts no protein shakes.
    """
    marks, stems = _marks(names), _stems(after)
    return {name for name in things_named(after, names) if marks[name][-1] in stems}


def _marks(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The stems by which each thing can be told from the others, in the order of its words."""
    stems = {name: _stems(said) for name, said in names.items()}
    shared = set.intersection(*map(set, stems.values())) if len(names) > 1 else set()
    return {name: tuple(s for s in found if s not in shared) for name, found in stems.items()}


def _stems(text: str) -> tuple[str, ...]:
    """Stems of words; of single letters, which may be articles, the capitals as they are."""
    long = (stem(word) for word in words(text) if len(word) > 1 and word.isalpha())
    return (*dict.fromkeys(long), *dict.fromkeys(match[0][-1] for match in _CAPITAL.finditer(text)))


def _named(marks: Mapping[str, tuple[str, ...]], stems: Container[str], last: set[str]) -> set[str]:
    """The things that a clause names best, by the share of their words that it has.

    A thing's last word names it. Others do so only where nothing was named before, since "tons of
    fish" does not name fish farming.
    """
    scores: dict[str, float] = {}
    surely = False
    for name, own in marks.items():
        there = [mark in stems for mark in own]
        if there[-1] or 2 * sum(there) >= len(own):
            scores[name] = sum(there) / len(own)
            surely |= there[-1] or all(there)
    if not scores or (last and not surely):
        return set()
    best = max(scores.values())
    return {name for name, score in scores.items() if score == best}
