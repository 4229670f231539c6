"""How words name the things that a model decides about."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache

from neurosym.formal.fol.spelling import stem, words

__all__ = ["called", "marks_of", "named_by", "stems_of", "things_named"]

_CAPITAL = re.compile(
    r"(?<=[_$])[A-Z](?![^\W_])|(?<=[^\W_]\s)[A-HJ-Z](?![^\W_])|(?<=[,;:]\s)[B-HJ-Z](?![^\W_])|"
    r"^\W*[B-HJ-Z](?![^\W_])|^[A-Z]$"
)
"""A single capital that is a name; one that begins a sentence may be an article."""
_SMALL = re.compile(r"(?<![^\W_])[b-hj-z](?![^\W_'’])")
"""A small letter that may be a name; no article."""
_NUMBERED = re.compile(r"(?<![^\W_])([A-Za-z])_?\{?(\d{1,2})\}?(?![^\W_])")
"""A letter with a number that is a name, "x_1" or "P2"."""
_LETTER = re.compile(r"[^\W\d_]\d{0,2}")
"""The mark of a letter."""
_WORD = re.compile(r"[^\W_]+(?:_?\{?\d{1,2}\}?)?")
_CALLED = re.compile(
    r"((?:(?!(?:and|or|the|of|for|in|to)\b)[^\W\d_]{3,}\s+)?[^\W\d_]{3,})\s*\(\s*"
    r"(?:(?:represented|denoted|given) by|called|say)?\s*"
    r"([A-Za-z](?:_?\{?\d{1,2}\}?)?)\s*\)"
)
"""A thing and its letter: "residential property (represented by x)"."""


def called(text: str, names: Iterable[str]) -> dict[str, str]:
    """The words for each name: its own, and what the text says that stands for it.

    A letter goes by the thing that it is said to stand for, "residential property (x)", and a thing
    by its letter. Those that the text names first come first.
    """
    said = {_letter(match[2]): match[1] for match in _CALLED.finditer(text)}
    letters: dict[str, list[str]] = {}
    for letter, thing in said.items():
        if stems := stems_of(thing):
            letters.setdefault(stems[-1], []).append(letter)
    found = {}
    for name in names:
        own = stems_of(name)
        more = [letter for mark in own for letter in letters.get(mark, ())]
        is_letter = _letter(name) in said
        words = [said[_letter(name)], name] if is_letter else [name, *more[:1]]
        found[name] = " ".join(words)
    marks = marks_of(found)
    places: dict[str, int] = {}
    for match in _WORD.finditer(text):
        for mark in stems_of(match[0]):
            places.setdefault(mark, match.start())

    def place(name: str) -> int:
        return min((places[mark] for mark in marks[name] if mark in places), default=len(text))

    return {name: found[name] for name in sorted(found, key=place)}


def _letter(name: str) -> str:
    """A letter in one spelling: "X_1" and "x{1}" are the same, "X" and "x" too."""
    return re.sub(r"[_{}]", "", name).upper()


def things_named(text: str, names: Mapping[str, str]) -> set[str]:
    """The things that a few words name best.

    Args:
        text: The words.
        names: The words for each thing; those count that not all have.
    """
    marks = marks_of(names)
    return named_by(marks, frozenset(stems_of(text)), set()) if all(marks.values()) else set()


def marks_of(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The stems by which each thing can be told from the others, in the order of its words."""
    stems = {name: stems_of(said) for name, said in names.items()}
    shared = set.intersection(*map(set, stems.values())) if len(names) > 1 else set()
    return {name: tuple(s for s in found if s not in shared) for name, found in stems.items()}


@lru_cache(maxsize=1 << 14)
def stems_of(text: str) -> tuple[str, ...]:
    """Stems of words; of single letters, which may be articles, the capitals as they are.

    Letters with numbers are names, too.
    """
    long = (stem(word) for word in words(text) if len(word) > 1 and word.isalpha())
    letters = (match[0][-1] for match in (*_CAPITAL.finditer(text), *_SMALL.finditer(text)))
    numbered = (f"{match[1].lower()}{match[2]}" for match in _NUMBERED.finditer(text))
    return tuple(dict.fromkeys((*long, *letters, *numbered)))


def named_by(
    marks: Mapping[str, tuple[str, ...]], stems: Container[str], last: set[str]
) -> set[str]:
    """The things that a clause names best, by the share of their words that it has.

    A thing's last word names it, and its letter. Others do so only where nothing was named before,
    since "tons of fish" does not name fish farming.
    """
    scores: dict[str, float] = {}
    surely = False
    for name, own in marks.items():
        there = [mark in stems for mark in own]
        heads = any(there[-2:] if _LETTER.fullmatch(own[-1]) else there[-1:])
        if heads or 2 * sum(there) >= len(own):
            scores[name] = sum(there) / len(own)
            surely |= heads or all(there)
    if not scores or (last and not surely):
        return set()
    best = max(scores.values())
    return {name for name, score in scores.items() if score == best}
