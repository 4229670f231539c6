"""What the wording of a sentence tells of its logic: whether it negates, names, generalises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from neurosym.formal.fol.spelling import IRREGULAR_PLURALS, stem, words

__all__ = [
    "FORM_WORDS",
    "Predication",
    "Use",
    "alternates",
    "content_words",
    "denies",
    "equates",
    "has_condition",
    "is_general",
    "is_rule",
    "joined_names",
    "may_negate",
    "name_forms",
    "named_words",
    "object_words",
    "predications",
    "proper_names",
    "speaks_of_existence",
    "subject_words",
]

_NEGATES = re.compile(
    r"\b(?:not|no|none|nobody|nothing|never|neither|nor|cannot|without|unless|except|only|either|"
    r"fail\w*|lack\w*|un\w+|non\w*|dis\w+|in\w{4,}|im\w{3,}|ir\w{3,})\b|n[’']t\b|-",
    re.IGNORECASE,
)
_ALTERNATES = re.compile(r"\b(?:or|either|unless)\b", re.IGNORECASE)
_DENIES = re.compile(r"[^,;]*\bneither\b[^,;]*\bnor\b[^,;]*", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|but|or|who|that|which|whose)\b", re.IGNORECASE)
_EQUATES = re.compile(r"\b(?:if and only if|exactly|same|equivalent|just in case)\b", re.IGNORECASE)
_CONDITIONS = re.compile(
    r"\b(?:if|unless|when|whenever|only|then|implies|means|provided|because|since|either)\b",
    re.IGNORECASE,
)
_CONJUNCTIONS = frozenset({"if", "when", "whenever", "unless", "either", "because", "since"})
"""Words that a condition may begin with, and a sentence with it."""
_GENERAL = re.compile(
    r"^an?\b|\b(?:all|any|anybody|anyone|anything|each|every|everybody|everyone|everything|nobody|none|"
    r"no one|nothing|some|somebody|someone|something|there (?:is|are|exists?)|things|people|those "
    r"(?:who|that)|whoever|whatever|no)\b",
    re.IGNORECASE,
)
"""Words by which a sentence speaks of everything, or of something."""
_RULE = re.compile(r"(?:all|any|each|every|everything|everyone|if|no|nobody|none|nothing)\b", re.I)
"""What a rule for everything begins with."""
_EXISTENCE = re.compile(
    r"\b(?:some|there|exists?|at least|an?|one of|has|have|another|several|few|many|most)\b",
    re.IGNORECASE,
)
_FORM = (
    "a all also an and any anyone anything are as be been being both but by can could did do does "
    "each either else every everybody everyone everything for from had has have he her him his if "
    "in into is it its least more most must neither no nobody none nor not nothing of on one only "
    "or she should so some somebody someone something than that the their them then there they "
    "thing things this those to was we were what when whenever which who whom whose will with "
    "would you your people person"
)
FORM_WORDS = frozenset(_FORM.split())
"""Words that a formula says by its form."""
_PREPOSITIONS = frozenset({"as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "with"})
"""Of these, the ones that may be part of a name all the same: LiveIn."""
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
_CLAUSE_ENDS = frozenset({"then", "and", "or", "but", "if", "when", ",", ";", ":"})


def may_negate(sentence: str) -> bool:
    """Whether a sentence has a word by which its formula may come to negate something."""
    return _NEGATES.search(sentence) is not None


def alternates(sentence: str) -> bool:
    """Whether a sentence has a word for "or"."""
    return _ALTERNATES.search(sentence) is not None


def denies(sentence: str, proper: Sequence[str]) -> bool:
    """Whether a sentence says "neither … nor" of one thing that it names, and nothing else."""
    is_simple = not (has_condition(sentence) or _JOINS.search(sentence))
    is_of_one = bool(subject_words(sentence, proper)) and not is_rule(sentence)
    return is_simple and is_of_one and _DENIES.fullmatch(sentence) is not None


def equates(sentence: str) -> bool:
    """Whether a sentence has words for "if and only if"."""
    return _EQUATES.search(sentence) is not None


def has_condition(sentence: str) -> bool:
    """Whether a sentence has a word by which one thing may depend on another."""
    return _CONDITIONS.search(sentence) is not None


def speaks_of_existence(sentence: str) -> bool:
    """Whether a sentence has a word by which it may tell that there is something."""
    return _EXISTENCE.search(sentence) is not None


def is_rule(sentence: str) -> bool:
    """Whether a sentence begins as a rule for everything does."""
    return _RULE.match(sentence) is not None


def is_general(sentence: str, proper: Sequence[str]) -> bool:
    """Whether a sentence speaks of everything or something, or at least of nothing by name.

    Args:
        sentence: The sentence.
        proper: The proper names of the text it is from.
    """
    return not named_words(sentence, proper) or _GENERAL.search(sentence) is not None


def content_words(sentence: str) -> list[str]:
    """The words of substance, in small letters, in the order of the text; never none."""
    found = [word for word in words(sentence) if word not in FORM_WORDS]
    return list(dict.fromkeys(found)) or ["it"]


def name_forms(sentence: str) -> list[str]:
    """The words that a sentence's names may be made of, as they are and uninflected."""
    found: dict[str, None] = {}
    for word in words(sentence):
        if word not in FORM_WORDS or word in _PREPOSITIONS:
            found |= dict.fromkeys(_uninflected(word))
    return list(found) or ["it"]


def _uninflected(word: str) -> Iterable[str]:
    yield word
    if word in IRREGULAR_PLURALS:
        yield IRREGULAR_PLURALS[word]
    elif len(word) > 3 and _has_plural_s(word):
        yield word[:-1]
        if word.endswith("ies"):
            yield word[:-3] + "y"
        elif word.endswith(("ses", "xes", "zes", "ches", "shes")):
            yield word[:-2]


def _has_plural_s(word: str) -> bool:
    """Whether a word ends as plurals, and verbs of the third person, do."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def named_words(sentence: str, proper: Sequence[str]) -> list[str]:
    """The words by which a sentence names things: proper names, numbers, and what follows "the"."""
    found = [word for word in words(sentence) if word in proper or word.isdigit()]
    for match in re.finditer(
        r"\b(?:the|this|that)(?=((?:\s+[^\W_]+){1,3}))", sentence, re.IGNORECASE
    ):
        after = words(match[1])
        found += _after_article(after) or [word for word in after[:1] if word not in FORM_WORDS]
    return list(dict.fromkeys(found))


def subject_words(sentence: str, proper: Sequence[str]) -> list[str]:
    """The name of the one thing that a sentence, or the condition it begins with, is about.

    None if it is about nothing that it names, or about several things.

    Args:
        sentence: The sentence.
        proper: The proper names of the text it is from.
    """
    tokens = [token.lower() for token in re.findall(r"[^\W_]+", sentence)]
    if tokens and tokens[0] in _CONJUNCTIONS:
        del tokens[0]
    if tokens[:1] and tokens[0] in ("the", "this", "that"):
        return _after_article(tokens[1:4])
    return list(takewhile(proper.__contains__, tokens))


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
        forms.setdefault(stem(word), {}).update(dict.fromkeys(_uninflected(word)))
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
    """Whether two names stand side by side: Anne and Bob, Anne, Bob."""
    return all(token in _JOINS_NAMES for token in tokens[one.end : other.begin])


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
            name = _after_article(tokens[begin : begin + 3])
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
    if not _has_plural_s(word):
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
            return len(_after_article(tokens[begin:])) == count
    return False


def _after_article(words_after: Sequence[str]) -> list[str]:
    """What of the words after "the" names one thing: bald, eagle of "the bald eagle likes"."""
    found: list[str] = []
    for word in words_after:
        # A verb, or the plural of several things.
        if word in FORM_WORDS or not word.isalnum() or _has_plural_s(word):
            break
        found.append(word)
    return found


def proper_names(sentences: Sequence[str]) -> list[str]:
    """Words that are always capitalised, but for a plural that only ever begins a sentence."""
    capital: dict[str, None] = {}
    small: set[str] = set()
    for sentence in sentences:
        tokens = re.findall(r"[^\W_]+", sentence)
        for place, token in enumerate(tokens):
            is_plural_subject = place == 0 and tokens[1:2] == ["are"]
            if token[0].islower() or is_plural_subject:
                small.update(map(stem, _uninflected(token.lower())))
            elif token[0].isupper() and token.lower() not in FORM_WORDS:
                capital[token.lower()] = None
    return [word for word in capital if stem(word) not in small]
