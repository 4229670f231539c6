"""What the wording of a sentence tells of its logic: whether it negates, names, generalises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from neurosym.formal.fol.spelling import irregular_singular, stem, words

__all__ = [
    "FORM_WORDS",
    "after_article",
    "alternates",
    "conditional_halves",
    "content_words",
    "denies",
    "equates",
    "has_condition",
    "has_plural_s",
    "is_general",
    "is_rule",
    "kind_names",
    "may_negate",
    "name_forms",
    "named_words",
    "parts_joined",
    "proper_names",
    "reflects",
    "speaks_of_existence",
    "subject_words",
    "uninflected",
]

_NEGATES = re.compile(
    r"\b(?:not|no|none|nobody|nothing|never|neither|nor|cannot|without|unless|except|only|either|"
    r"fail\w*|lack\w*|un\w+|non\w*|dis\w+|in\w{4,}|im\w{3,}|ir\w{3,})\b|n[’']t\b|-",
    re.IGNORECASE,
)
_ALTERNATES = re.compile(r"\b(?:or|either|unless)\b", re.IGNORECASE)
_DENIES = re.compile(r"[^,;]*\bneither\b[^,;]*\bnor\b[^,;]*", re.IGNORECASE)
_IF_THEN = re.compile(r"if\s+(.+?)(?:,?\s+then\s+|,\s+(?!then\b))([^,;]+)", re.IGNORECASE)
_SPLITS = re.compile(r"\bthen\b|,(?!\s+then\b)|\b(?:unless|because|since|when|whenever)\b", re.I)
"""Where a sentence may be cut; if it may be in several places, it is not."""
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
_OF_A_KIND = re.compile(
    r"\b(?:[Aa]n?|[Aa]ll|[Ee]very|[Ee]ach|[Nn]o|[Ss]ome|[Aa]ny) ([A-Z]\w*)(?= [a-z0-9])"
)
_REFLECTS = re.compile(
    r"\b(?:itself|themselves|himself|herself|oneself|each other|one another)\b", re.IGNORECASE
)
_JOINED = re.compile(
    r",|\b(?:and|or|nor|but|who|which|that|where|when|while|with)\b", re.IGNORECASE
)
_PREPOSITIONS = frozenset({"as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "with"})
"""Of these, the ones that may be part of a name all the same: LiveIn."""


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


def conditional_halves(sentence: str) -> tuple[str, str] | None:
    """What a sentence says before and after "then", if it is all one "if … then …"."""
    match = _IF_THEN.fullmatch(sentence)
    if match is None or equates(sentence) or len(_SPLITS.findall(sentence)) != 1:
        return None
    condition, consequence = match.groups()
    return condition, consequence


def equates(sentence: str) -> bool:
    """Whether a sentence has words for "if and only if"."""
    return _EQUATES.search(sentence) is not None


def has_condition(sentence: str) -> bool:
    """Whether a sentence has a word by which one thing may depend on another."""
    return _CONDITIONS.search(sentence) is not None


def speaks_of_existence(sentence: str) -> bool:
    """Whether a sentence has a word by which it may tell that there is something."""
    return _EXISTENCE.search(sentence) is not None


_NO_PRESENT = frozenset({
    "became", "began", "bought", "brought", "built", "came", "caught", "chose", "did", "drank",
    "drove", "fell", "felt", "fought", "found", "gave", "got", "grew", "held", "kept", "knew",
    "lay", "led", "left", "lost", "made", "met", "paid", "ran", "rose", "said", "sang", "sat",
    "saw", "sent", "sold", "spent", "spoke", "stood", "swam", "taught", "thought", "told", "took",
    "understood", "went", "won", "wore", "wrote", "also", "never", "always", "often",
})  # fmt: skip
"""Words behind a name that are no verbs in the present."""


def kind_names(sentence: str, proper: Sequence[str]) -> list[str]:
    """Proper names that are part of what a kind of thing is called: "a Yale student".

    Args:
        sentence: The sentence.
        proper: The proper names of the text it is from.
    """
    found = [name.lower() for name in _OF_A_KIND.findall(sentence)]
    return [name for name in found if name in proper]


def reflects(sentence: str) -> bool:
    """Whether a sentence may say that something does a thing to itself."""
    return _REFLECTS.search(sentence) is not None


def parts_joined(sentence: str) -> int:
    """How many words and commas of a sentence join what it says."""
    return len(_JOINED.findall(sentence))


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
            found |= dict.fromkeys(uninflected(word))
    return list(found) or ["it"]


def uninflected(word: str) -> Iterable[str]:
    """A word, and what it may be without its ending."""
    yield word
    if (singular := irregular_singular(word)) is not None:
        yield singular
    elif len(word) > 3 and has_plural_s(word):
        yield word[:-1]
        if word.endswith("ies"):
            yield word[:-3] + "y"
        elif word.endswith(("ses", "xes", "zes", "ches", "shes")):
            yield word[:-2]


def has_plural_s(word: str) -> bool:
    """Whether a word ends as plurals, and verbs of the third person, do."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def named_words(sentence: str, proper: Sequence[str]) -> list[str]:
    """The words by which a sentence names things: proper names, numbers, and what follows "the"."""
    found = [word for word in words(sentence) if word in proper or word.isdigit()]
    for match in re.finditer(
        r"\b(?:the|this|that)(?=((?:\s+[^\W_]+){1,3}))", sentence, re.IGNORECASE
    ):
        after = words(match[1])
        found += after_article(after) or [word for word in after[:1] if word not in FORM_WORDS]
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
        return after_article(tokens[1:4])
    return list(takewhile(proper.__contains__, tokens))


def after_article(words_after: Sequence[str]) -> list[str]:
    """What of the words after "the" names one thing: bald, eagle of "the bald eagle likes"."""
    found: list[str] = []
    for word in words_after:
        # A verb, or the plural of several things.
        if word in FORM_WORDS or not word.isalnum() or has_plural_s(word):
            break
        found.append(word)
    return found


def _is_plural(tokens: Sequence[str]) -> bool:
    """Whether a sentence begins with things in the plural: "Cats are …", "Plungers suck"."""
    verb = tokens[1] if len(tokens) > 1 else ""
    if verb == "are":
        return True
    # What looks like a plural may be a name, "Charles wrote …".
    is_present = verb.islower() and not verb.endswith(("s", "ed")) and verb not in _NO_PRESENT
    return has_plural_s(tokens[0]) and is_present and verb not in FORM_WORDS


def proper_names(sentences: Sequence[str]) -> list[str]:
    """Words that are always capitalised, but for a plural that only ever begins a sentence."""
    capital: dict[str, None] = {}
    small: set[str] = set()
    for sentence in sentences:
        tokens = re.findall(r"[^\W_]+", sentence)
        for place, token in enumerate(tokens):
            if token[0].islower() or (place == 0 and _is_plural(tokens)):
                small.update(map(stem, uninflected(token.lower())))
            elif token[0].isupper() and token.lower() not in FORM_WORDS:
                capital[token.lower()] = None
    return [word for word in capital if stem(word) not in small]
