"""How names are spelt: identifiers made of any words, and what is left of one without inflection.

Pure functions of one name. Whether two names mean one symbol is for the reader of a whole theory
to decide: equal stems say only that it may be so.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["irregular_singular", "plain_name", "stem", "words"]

_SPOKEN = {"+": "plus", "#": "sharp", "%": "percent", "&": "and", "$": "dollar", "@": "at"}
"""Signs that tell names apart, such as C++ and C#; other signs only part words."""
_APOSTROPHES = re.compile(r"['’‘`ʼ]")
_GAP = re.compile(r"[^\w]+")
_WORD = re.compile(
    r"[^\W\d_]+?(?=[^\W\d_a-z][a-z])"  # up to a capital that begins a word: XMLFile, isKind
    r"|[^\W\d_]+?(?<=[a-z])(?=[A-Z])"  # up to capitals after small letters: livesInUS
    r"|[^\W\d_]+|\d+"
)
_VOWELS = frozenset("aeiouy")
_IRREGULAR_PLURALS = {
    "calves": "calf", "children": "child", "elves": "elf", "feet": "foot", "geese": "goose",
    "halves": "half", "hooves": "hoof", "knives": "knife", "leaves": "leaf", "lives": "life",
    "loaves": "loaf", "mice": "mouse", "oxen": "ox", "people": "person", "scarves": "scarf",
    "shelves": "shelf", "teeth": "tooth", "thieves": "thief", "wives": "wife", "wolves": "wolf",
}  # fmt: skip
"""Plurals that no rule makes, with their singulars."""
_NO_PLURALS = frozenset(
    {"abdomen", "acumen", "amen", "omen", "regimen", "semen", "specimen", "stamen", "yemen"}
)
"""Words that end like the plural of one in -man, and are none."""
_SHORT = 3
"""Words of so few letters are not inflected, as far as a rule can tell: bus, gas, is, red."""


def plain_name(text: str) -> str:
    """An identifier made of any text: ``bald eagle`` becomes ``bald_eagle``, ``1PM`` ``_1PM``.

    Letters keep their case. Two texts may give one name; who needs them apart has to look. A text
    without any letter or digit gives ``_``.
    """
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    for sign, word in _SPOKEN.items():
        text = text.replace(sign, f" {word} ")
    # Some characters count as part of a word without being allowed in an identifier: ⒈, ①.
    allowed = "".join(
        char if char.isspace() or f"_{char}".isidentifier() else " "
        for char in unicodedata.normalize("NFKC", text)
    )
    name = _GAP.sub("_", allowed.strip())
    return name if name.isidentifier() else f"_{name}"


# Kept, since the formulas of one problem name the same things many times.
@lru_cache(maxsize=1 << 14)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters: ``BaldEagle_2`` gives ``bald``, ``eagle``, ``2``."""
    return tuple(match.casefold() for match in _WORD.findall(name))


@lru_cache(maxsize=1 << 14)
def stem(name: str) -> str:
    """What the inflected forms of a name have in common; the same for each, and no word itself.

    Case, the marks between words, plural and third person ``-s`` and ``-ing`` are left out, so
    that ``Study``, ``studies`` and ``Studying`` agree, and ``bald_eagle`` and ``BaldEagle``, but
    not ``Bus`` and ``Bu`` or ``Jane`` and ``Jan``. ``-ed`` stays, since a passive turns the
    arguments round: ``Admired(x, y)`` may be said of whom others admire.
    """
    parts = words(name)
    return "".join(map(_stem_of_word, parts)) if parts else name.casefold()


def irregular_singular(word: str) -> str | None:
    """The singular of a word in small letters that is a plural no rule makes, or ``None``."""
    if word.endswith("men") and word not in _NO_PLURALS:
        return f"{word[:-3]}man"
    return _IRREGULAR_PLURALS.get(word)


def _stem_of_word(word: str) -> str:
    word = irregular_singular(word) or word
    if word.endswith("ing"):
        word = _without_ing(word)
    elif word.endswith("s"):
        word = _without_s(word)
    if len(word) > _SHORT and word.endswith(("se", "xe", "ze", "che", "she", "oe")):
        # After these, -es may be the ending or -s: buses and houses, churches and aches.
        word = word[:-1]
    if len(word) > _SHORT and word.endswith("ie"):
        word = word[:-1]
    if len(word) >= _SHORT and word.endswith("y") and word[-2] not in _VOWELS:
        word = word[:-1] + "i"
    return word


def _without_s(word: str) -> str:
    if word in {"goes", "does"}:
        return word[:-2]
    if len(word) <= _SHORT or word.endswith(("ss", "us", "is")):
        return word
    return word[:-1]


def _without_ing(word: str) -> str:
    base = word[:-3]
    if len(base) < _SHORT or not _VOWELS & set(base):
        return word  # king, spring, being: no ending, or too little is left to tell
    last, before = base[-1], base[-2]
    if last == before and last not in "lsze":
        return base[:-1]  # running
    if last in "vcu":
        return base + "e"  # loving, dancing, arguing: no word ends so
    syllables = len(re.findall(r"[aeiouy]+", base))
    if syllables == 1 and last not in "wxy" and last not in _VOWELS and before in _VOWELS:
        # A short word doubles its last letter if it has no e: hoping is of hope, hopping of hop.
        return base + "e" if base[-3] not in _VOWELS else base
    return base
