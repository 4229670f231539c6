"""Who does what to whom in a sentence, as far as its wording tells for sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from neurosym.formal.fol.spelling import stem
from neurosym.translators.wording import FORM_WORDS, after_article, has_plural_s, uninflected

__all__ = ["Predication", "Use", "joined_names", "object_words", "predications"]

_BEFORE_BARE_VERBS = frozenset(
    {"not", "t", "they", "we", "you", "who", "that", "to", "people", "things", "do", "does", "did"}
)
"""Words that a verb without an ending may follow: they like."""
_AUXILIARIES = frozenset({"not", "t", "do", "does", "did", "don", "doesn", "didn"})
_OPEN_SUBJECTS = frozenset(
    {"someone", "something", "somebody", "anyone", "anything", "anybody", "everyone"}
    | {"everything", "everybody", "who"}
)
"""Words for whatever a variable stands for."""
_JOINS_NAMES = frozenset({"and", "or", "nor", ","})
_SINGULAR = frozenset({"is", "was", "does", "has"})
_CLAUSE_ENDS = frozenset({"then", "and", "or", "but", "if", "when", ",", ";", ":"})


@dataclass(frozen=True, slots=True)
class Use:
    """One place in a sentence where a verb or an adjective stands, and what it is said of.

    Attributes:
        subject: The words of the name that it is said of; empty if it is said of no name.
        is_open: Whether it is said of someone or something: what a variable stands for.
        object: The words of the name to whom it is done; empty for an adjective.
    """

    subject: tuple[str, ...]
    is_open: bool
    object: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predication:
    """A verb or an adjective of which a sentence always tells what it is said of.

    Attributes:
        forms: The word as it is and uninflected.
        uses: Where it stands.
    """

    forms: tuple[str, ...]
    uses: tuple[Use, ...]


def predications(sentence: str, proper: Sequence[str]) -> list[Predication]:
    """The verbs and adjectives whose arguments the sentence names wherever they stand in it.

    A verb is followed by a name ("chases the cat"), an adjective follows one and is all that is
    said there ("if the cat is young").

    Args:
        sentence: The sentence.
        proper: The proper names of the text it is from.
    """
    tokens = _tokens(sentence)
    mentions = [*_mentions(tokens, proper)]
    ends = {mention.end: mention.name for mention in mentions}
    forms: dict[str, dict[str, None]] = {}
    uses: dict[str, list[Use]] = {}

    def note(word: str, use: Use) -> None:
        forms.setdefault(stem(word), {}).update(dict.fromkeys(uninflected(word)))
        uses.setdefault(stem(word), []).append(use)

    for mention in mentions:
        if mention.follows_verb:
            verb = mention.begin - 1
            before = verb
            while before > 0 and tokens[before - 1] in _AUXILIARIES:
                before -= 1
            subject = ends.get(before, ())
            is_open = before > 0 and tokens[before - 1] in _OPEN_SUBJECTS
            note(tokens[verb], Use(subject, is_open, mention.name))
        elif adjective := _adjective(tokens[mention.end :]):
            note(adjective, Use(mention.name, is_open=False, object=()))
    said = [stem(word) for word in tokens]
    joined = {
        name
        for one, other in pairwise(mentions)
        if _are_joined(tokens, one, other)
        for name in (one.name, other.name)
    }
    return [
        Predication(tuple(forms[key]), tuple(dict.fromkeys(found)))
        for key, found in uses.items()
        if said.count(key) == len(found)
        # Of "Anne or Bob" it is not said what is so of each.
        and not any(joined & {use.subject, use.object} for use in found)
    ]


def joined_names(sentence: str, proper: Sequence[str]) -> int:
    """How many names stand right after another one and "and", "or" or a comma.

    Of "Anne, Bob and Carol are tall" there are two, and so two more things to say.
    """
    tokens = _tokens(sentence)
    return sum(_are_joined(tokens, *pair) for pair in pairwise(_mentions(tokens, proper)))


def _are_joined(tokens: Sequence[str], one: _Mention, other: _Mention) -> bool:
    """Whether two names stand side by side: Anne and Bob, Anne, Bob.

    "Needs Anne and Bob is tall" goes on with another clause: of two that are joined by "and", more
    than one does something.
    """
    between = tokens[one.end : other.begin]
    if between == ["and"] and other.end < len(tokens):
        after = tokens[other.end]
        if after in _SINGULAR or (has_plural_s(after) and after not in FORM_WORDS):
            return False
    return all(token in _JOINS_NAMES for token in between)


def _adjective(after: Sequence[str]) -> str:
    """The adjective of "is young", "is not young", if nothing more is said there."""
    rest = list(after)
    if rest[:1] and rest[0] in ("is", "was"):
        rest = rest[2:] if rest[1:2] == ["not"] else rest[1:]
        ends = len(rest) < 2 or rest[1] in _CLAUSE_ENDS
        if rest and ends and rest[0] not in FORM_WORDS and rest[0].isalpha():
            return rest[0]
    return ""


def object_words(sentence: str, proper: Sequence[str]) -> list[str]:
    """The names of things to which something is done in a sentence, and which do nothing in it.

    Such a thing only ever follows a verb: the mouse of "if something chases the mouse then it is
    kind". In a sentence with "he" or "she" a proper name is none of them, since it may be meant.

    Args:
        sentence: The sentence.
        proper: The proper names of the text it is from.
    """
    tokens = _tokens(sentence)
    meant = set(proper) if {"he", "she"} & set(tokens) else set()
    acts: set[str] = set()
    suffers: dict[str, None] = {}
    for mention in _mentions(tokens, proper):
        if mention.follows_verb:
            suffers |= dict.fromkeys(mention.name)
        else:
            acts.update(mention.name)
    return [word for word in suffers if word not in acts and word not in meant]


def _tokens(sentence: str) -> list[str]:
    return [token.lower() for token in re.findall(r"[^\W_]+|[,;:]", sentence)]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name of a thing: its words, where it and its article stand, and whether after a verb."""

    name: tuple[str, ...]
    begin: int
    end: int
    follows_verb: bool


def _mentions(tokens: Sequence[str], proper: Sequence[str]) -> Iterator[_Mention]:
    place = 0
    while place < len(tokens):
        is_article = tokens[place] in ("the", "this")
        begin = place + is_article
        if is_article:
            name = after_article(tokens[begin : begin + 3])
        else:
            name = list(takewhile(proper.__contains__, tokens[begin:]))
        end = begin + len(name)
        if name:
            is_verb = place >= 2 and _is_verb(tokens, place - 1, proper)
            yield _Mention(tuple(name), place, end, is_verb)
        place = end if name else place + 1


def _is_verb(tokens: Sequence[str], place: int, proper: Sequence[str]) -> bool:
    """Whether the word at a place looks like a verb with an object to follow.

    A verb has a subject right before it: a name, or a word for whoever it is, perhaps with "does
    not" between them; or another verb and "and".
    """
    word, before = tokens[place], tokens[place - 1]
    if word in FORM_WORDS or not word.isalpha() or len(word) < 3:
        return False
    if before in _BEFORE_BARE_VERBS:
        return True
    if not has_plural_s(word):
        return False
    if before in _OPEN_SUBJECTS or before in ("it", "he", "she", "and", "or"):
        return True
    is_named = before in proper or _ends_name(tokens[:place])
    return is_named and before not in FORM_WORDS


def _ends_name(tokens: Sequence[str]) -> bool:
    """Whether the last of some words end a name that begins with "the": the bald eagle."""
    for count in range(1, 4):
        begin = len(tokens) - count
        if begin > 0 and tokens[begin - 1] in ("the", "this"):
            return len(after_article(tokens[begin:])) == count
    return False
