"""What the words behind a number say that it measures, or how many things it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

from neurosym.answers.mentions import Mention
from neurosym.answers.units import PERCENT
from neurosym.formal.fol.spelling import stem, words
from neurosym.translators.attribution import clauses, lists_in_order
from neurosym.translators.cues import (
    bounds_of,
    compares_exactly,
    distributes,
    goes_on,
    is_stock,
)
from neurosym.translators.things import marks_of, stems_of, things_named
from neurosym.translators.wording import FORM_WORDS

__all__ = [
    "behind",
    "counts_all",
    "counts_directly",
    "counts_kinds",
    "counts_shares",
    "decided_measures",
    "is_multiple",
    "measured_alike",
    "things_counted",
]

_PER = re.compile(r"\b(?:per|each|every|an?)\b", re.IGNORECASE)
"""Behind a number, what says of how much of a thing it is, not what it measures."""
_COUNTED = re.compile(
    r"\b(?:number|amount|quantity) of ([^\W\d_]+)(?: [^\W\d_]+)?\b", re.IGNORECASE
)
"""What is counted: "the number of guests must be at least 10"."""
_FOR = re.compile(
    r"\b(?:per|each|every|an?|for|to|from|by|with|on|in|at|so|that|who|which)\b", re.IGNORECASE
)
_DECIDED = re.compile(
    r"\b(?:each|every|per) (?:unit|dollar|hour|piece) of (?P<unit>[^\W\d_]+)|"
    r"\b(?:costs?|prices?|salar(?:y|ies)|wages?|profits?|revenues?|returns?) per "
    r"(?P<per>[^\W\d_]+)|"
    r"\beach (?P<each>[^\W\d_]+) (?:in|at|for|allocated|assigned|spent|hired|worked|invested)\b|"
    r"\b(?:allocat|distribut|divid|invest|assign)(?:e|es|ed|ing|ion|s)? "
    r"(?:(?:its|the|their|a|some|of|total|available|limited|different) )*(?P<what>[^\W\d_]+)",
    re.IGNORECASE,
)
_ALLOCATED = re.compile(r"\b(?:allocat|invest|assign)\w*", re.IGNORECASE)
_KINDS = re.compile(
    r"\W*(?:(?:different|distinct|other|possible|main)\s+)?(?:[a-z]+\s+)?"
    r"(?:types?|kinds?|sorts?|variet(?:y|ies)|ways?|methods?|options?|choices?|selections?)\b",
    re.IGNORECASE,
)
_UNIT = frozenset({"unit"})
_TIMES = re.compile(r"\s*times\b(?!\s+(?:an?|per|each|every)\b)", re.IGNORECASE)
"""Not how often: "checked 5 times a week"."""
_MULTIPLES = frozenset({"twice", "double", "triple", "thrice", "half"})
_MEASURE_WORDS = 4
"""Words behind a number that may say what it is measured in."""


def measured_alike(
    sentences: Iterable[str],
    names: Mapping[str, str],
    text: str,
    limit: Mention,
    *,
    closely: bool = False,
) -> Mapping[str, tuple[Fraction, ...]]:
    """For each thing, what the text says of it in the words that a limit is measured in.

    Of "at least 1200 g of protein" that is 40 for steaks of "each steak contains 900 calories and
    40 g of protein". Where several numbers share as many words with the limit, all of them.

    Args:
        sentences: The text.
        names: The words for each thing.
        text: The clause that the limit is in.
        limit: The limit.
        closely: Whether the words have to be right behind the number there.

    Returns:
        Empty where nothing is measured alike; things of which nothing is are left out.
    """
    marks = frozenset(mark for name in names.values() for mark in stems_of(name))
    wanted, core = _measure(text, limit) - marks, _measure(text, limit, core=True)
    best: dict[str, tuple[int, list[Fraction]]] = {}
    for sentence in sentences:
        bounds = bounds_of(sentence)
        for clause in clauses(sentence, names):
            is_limit = _says_limit(clause.text) or (bounds and goes_on(clause.text))
            if text == clause.text or lists_in_order(sentence) or is_limit:
                continue
            # What is said of no one or of several ("both take 3 hours") is said of all.
            owners = clause.owners if len(clause.owners) == 1 else names
            for mention in clause.mentions:
                words_shared = (_measure(clause.text, mention, core=closely) - marks) & wanted
                shared = len(core & words_shared - _UNIT) and len(words_shared)
                if not (shared and mention.amount) or mention.amount in bounds:
                    continue
                if counts_kinds(clause.text, mention) or is_multiple(clause.text, mention):
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


def behind(text: str, mention: Mention) -> str:
    """What stands behind a number in a text, up to a few words."""
    found = re.search(rf"(?<![\w.]){re.escape(mention.text)}(?![\d])", text)
    rest = text[found.end() :] if found else ""
    return " ".join(rest.split()[: _MEASURE_WORDS + 1])


def things_counted(after: str, names: Mapping[str, str]) -> set[str]:
    """The things that the words right behind a number name, by the last words of their names.

    "85 units of protein" counts no protein shakes.
    """
    marks, stems = marks_of(names), stems_of(after)
    return {name for name in things_named(after, names) if marks[name][-1] in stems}


def counts_directly(after: str, name: str) -> bool:
    """Whether the word right behind a number is of a thing's name: "10 steaks", not "10 g of"."""
    return _first_stem(after) in stems_of(name)


def counts_all(after: str, names: Mapping[str, str]) -> bool:
    """Whether the word right behind a number is in the names of all of several things."""
    stems = [stems_of(said) for said in names.values()]
    first = _first_stem(after)
    are_told_apart = all(marks_of(names).values())
    return len(stems) > 1 and are_told_apart and all(first in of_one for of_one in stems)


def counts_shares(after: str, sentences: Iterable[str]) -> bool:
    """Whether a number is one of what things are made or done by.

    Of "180 acres", where "each acre of corn earns $40", every acre is one of some thing.
    """
    first = _first_stem(after)
    return first not in ("", *_UNIT) and any(
        first == _first_stem(" ".join(text.split()[:2]))
        for sentence in sentences
        for text in _PER.split(sentence)[1:]
    )


def counts_kinds(text: str, mention: Mention) -> bool:
    """Whether a number counts alternatives ("two kinds of", "these two"): no limit, no measure."""
    these = re.search(rf"\b(?:these|those) {re.escape(mention.text)}\b", text, re.IGNORECASE)
    return these is not None or _KINDS.match(behind(text, mention)) is not None


def decided_measures(sentences: Iterable[str]) -> frozenset[str]:
    """The stems of what a text has distributed: of "allocate its budget" that of budgets.

    How much of it each thing gets is what is decided, so that limits in its words are of the things
    as they are, not of what they take.
    """
    text = " ".join(sentences)
    said = (match[match.lastgroup or 0].lower() for match in _DECIDED.finditer(text))
    found = frozenset(stem(word) for word in said if word not in FORM_WORDS)
    given = (stem(match[0].lower()) for match in _ALLOCATED.finditer(text))
    return found.union(given) if found else found


def is_multiple(text: str, mention: Mention) -> bool:
    """Whether a number says how many times something: "twice", "3 times"."""
    return mention.text.lower() in _MULTIPLES or _TIMES.match(behind(text, mention)) is not None


def _says_limit(clause: str) -> bool:
    """Whether the numbers of a clause are what there is or has to be, not what a thing takes."""
    return is_stock(clause) or compares_exactly(clause) or distributes(clause)


def _first_stem(after: str) -> str:
    """The stem of the first word that says something, empty if there is none."""
    alike = (word for word in words(after) if len(word) > 1 and word.isalpha())
    said = (word for word in alike if word not in FORM_WORDS)
    return stem(next(said, ""))


@lru_cache(maxsize=1 << 14)
def _measure(text: str, mention: Mention, *, core: bool = False) -> frozenset[str]:
    """The stems of the words behind a number, and of its unit; else what is counted before it.

    Args:
        text: The text.
        mention: The number.
        core: Whether to leave out what it is for: "100 stairs for visitors to use".
    """
    measures = (_FOR if core else _PER).split(behind(text, mention))[0]
    if not any(word.isalpha() for word in words(measures)):
        counted = _COUNTED.search(text.partition(mention.text)[0])
        measures = counted[1] if counted else ""
    said = [word for word in words(measures) if word not in FORM_WORDS]
    unit = mention.unit
    units = {stem(unit.name)} if unit is not None and unit != PERCENT else set()
    return frozenset({stem(word) for word in said[:_MEASURE_WORDS] if word.isalpha()} | units)
