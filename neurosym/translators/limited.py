"""What a limit in a sentence is a limit of: things, what they take, or their total."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from neurosym.answers.mentions import Mention
from neurosym.formal.fol.spelling import words
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import PARTS, Clause, things_in
from neurosym.translators.cues import distributes, says_rate
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.measures import (
    behind,
    counts_all,
    counts_directly,
    counts_shares,
    decided_measures,
    measured_alike,
    things_counted,
)
from neurosym.translators.things import stems_of

__all__ = ["ANY_SUM", "Left", "LimitReader", "of_single", "shown"]

_EACH = re.compile(
    r"\b(?:each|every|per)\s+(?!day|week|month|year|hour|minute|night|season)|"
    r"^\s*an?\b.*\b(?:can|could|may|works?)\b",
    re.IGNORECASE,
)
"""Words by which a limit is one of a single thing, which no variable stands for."""
_DIFFERS = re.compile(r"\W*(?:more|fewer|less)\b", re.IGNORECASE)
"""Behind a number, what makes it a difference: "at most 10 more boats than rafts"."""
_SUBTRACTS = re.compile(r"\b(?:minus|differences?|less(?!\s+than)|times|twice)\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"\b(?:total|combined|sum|altogether|together|across (?:all|both)|overall)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Left:
    """What a limit is of.

    Attributes:
        sum: Rule of what is added up.
        is_clear: Whether the words of the limit say what that is.
        is_measured: Whether it is what the text says of each thing in those words.
    """

    sum: str
    is_clear: bool = False
    is_measured: bool = False


ANY_SUM = Left("sum")
"""Nothing tells what a limit is of."""


@dataclass(frozen=True)
class LimitReader:
    """Tells what limits are of.

    Attributes:
        sentences: The text.
        names: The words for each variable.
        factors: The numbers that may multiply each.
        are_told_apart: Whether the text says something of each variable alone.
    """

    sentences: Sequence[str]
    names: Mapping[str, str]
    factors: Mapping[str, Sequence[Fraction]]
    are_told_apart: bool

    @cached_property
    def _decided(self) -> frozenset[str]:
        return decided_measures(self.sentences)

    def left(self, sentence: str, clause: Clause, mention: Mention) -> Left:
        """What a limit is of: things that it counts, what is said of them in its words, a total.

        Args:
            sentence: What states the limit.
            clause: The part of it with the limit.
            mention: The limit.
        """
        after = behind(clause.text, mention)
        if of_single(clause) or _DIFFERS.match(after):
            return ANY_SUM
        before = clause.text.partition(mention.text)[0]
        return (
            self._counted(clause, after)
            or (None if self._is_decided(before) else self._measured(sentence, clause, mention))
            or self._total(sentence, clause, mention)
            or self._named(sentence, clause)
            or ANY_SUM
        )

    def _counted(self, clause: Clause, after: str) -> Left | None:
        """The thing that a limit counts, "at least 5 chairs", or all of them.

        "At most 20 seats" counts bar seats and window seats.
        """
        counted = things_counted(after, self.names)
        if len(counted) == 1 and clause.named == counted:
            [name] = counted
            is_direct = counts_directly(after, name)
            return Left(quoted(name) if is_direct else self._of_one(name), is_clear=True)
        listed = [name for name in self.names if name in clause.named]
        if len(listed) > 1 and any(counts_directly(after, name) for name in listed):
            return Left(quoted(" + ".join(listed)), is_clear=True)
        if not clause.named and counts_all(after, self.names):
            return Left(quoted(" + ".join(self.names)), is_clear=True)
        return None

    def _of_one(self, name: str) -> str:
        """A variable, or what it takes."""
        factors = self.factors[name]
        scaled = [f'({shown(factors)}) " * " {quoted(name)}'] if factors else []
        return any_of([quoted(name), *scaled])

    def _measured(self, sentence: str, clause: Clause, mention: Mention) -> Left | None:
        """What the text says of the things in the words that a limit is measured in.

        Where none stand behind it, those of the whole sentence may.
        """
        is_bare = not any(word.isalpha() for word in words(behind(clause.text, mention)))
        said = sentence if is_bare else clause.text
        alike = measured_alike(self.sentences, self.names, said, mention, closely=is_bare)
        named = things_in(_part(sentence, mention), self.names)
        if 1 < len(named) < len(self.names):
            alike = {name: of for name, of in alike.items() if name in named}
            if len(alike) == len(named):
                terms = (f'({shown(of)}) " * " {quoted(name)}' for name, of in alike.items())
                return Left(' " + " '.join(terms), is_clear=True)
        if not alike:
            return None
        if len(alike) < len(self.names):
            return ANY_SUM
        terms = (f'({shown(of)}) " * " {quoted(name)}' for name, of in alike.items())
        added = ' " + " '.join(terms)
        if not self.are_told_apart:
            return Left(f"{added} | sum")
        return Left(added, is_clear=True, is_measured=True)

    def _total(self, sentence: str, clause: Clause, mention: Mention) -> Left | None:
        """All things, or those that the sentence names, if it speaks of their total.

        A total cost, weight or time is one of what things take, too.
        """
        sentence = _part(sentence, mention)
        if _SUBTRACTS.search(sentence):
            return None
        before = clause.text.partition(mention.text)[0]
        parts = things_in(sentence, self.names)
        is_total = (
            _TOTAL.search(sentence.partition(mention.text)[0])
            or _TOTAL.search(clause.text)
            or distributes(clause.text)
        )
        behind_it = things_in(sentence.partition(mention.text)[2], self.names)
        if is_total and len(parts) != 1:
            added = parts or tuple(self.names)
        elif len(behind_it) > 1 and behind_it == parts and self._counts_decided(clause, mention):
            added = parts  # "at least 40 trucks for routes A and B"
        elif not clause.named and counts_shares(behind(clause.text, mention), self.sentences):
            added = tuple(self.names)
        else:
            return None
        if len(added) < 2:
            return None
        total = quoted(" + ".join(added))
        is_counted = self._is_decided(before) or not says_rate(before)
        is_plain = self.are_told_apart and is_counted
        return Left(total if is_plain else f"{total} | sum", is_clear=True)

    def _named(self, sentence: str, clause: Clause) -> Left | None:
        """The one thing that the clause of a limit names, or what that takes, or any sum."""
        joins = _TOTAL.search(sentence) or _SUBTRACTS.search(sentence)
        is_joined = joins is not None and len(things_in(sentence, self.names)) > 1
        if len(clause.named) != 1 or is_joined:
            return None
        [name] = clause.named
        if self._decided and (self._is_decided(clause.text) or not says_rate(clause.text)):
            return Left(quoted(name), is_clear=True)
        return Left(f"{self._of_one(name)} | sum", is_clear=True)

    def _counts_decided(self, clause: Clause, mention: Mention) -> bool:
        """Whether a limit is the only number of its clause, and counts what is distributed."""
        measure = " ".join(behind(clause.text, mention).split()[:3])
        return len(clause.mentions) == 1 and self._is_decided(measure)

    def _is_decided(self, text: str) -> bool:
        """Whether words are about what the things get of something that is distributed."""
        return not self._decided.isdisjoint(stems_of(text))


def _part(sentence: str, mention: Mention) -> str:
    """The statement of a sentence that a number stands in."""
    return next((part for part in PARTS.split(sentence) if mention.text in part), sentence)


def of_single(clause: Clause) -> bool:
    """Whether a limit is one of a single thing: "each van carries at most 9 crates"."""
    return _EACH.search(clause.text) is not None


def shown(numbers: Iterable[Fraction]) -> str:
    """One of several numbers, as the modelling language writes them."""
    return alternatives(dict.fromkeys(map(print_number, numbers)))
