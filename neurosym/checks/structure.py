"""How a formula is put together, against the sentence that it stands for.

Words alone cannot tell "all men are mortal" from "all mortals are men". Only what a sentence shows
plainly is judged: where it begins as a rule or tells of something that there is, which side of a
rule its words are on, and in which order two things are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from neurosym.formal.fol.spelling import stem, words
from neurosym.formal.fol.syntax import Apply, Atom, Exists, ForAll, Formula, Iff, Implies, Not, walk
from neurosym.translators.wording import FORM_WORDS, conditional_halves, equates

__all__ = ["misplaced", "stems_of"]

_OF_ALL = re.compile(r"(?:all|every|each|everyone|everything|everybody)\b", re.IGNORECASE)
_OF_SOME = re.compile(
    r"(?:some|someone|something|somebody|at least one|there (?:is|are|exists?) (?:an?|some))\b",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(
    r"\b(?:if|only|unless|when(?:ever)?|by|either|or|and|who|that|which|whose|where|not|no|n't|is|are"
    r"|was|were|than)\b|n[’']t\b",
    re.IGNORECASE,
)
"""Words of sentences in which the second thing may be the one that acts, or that say more."""
_TURNS = re.compile(r"\b(?:only|unless|except|no|none|not)\b|n[’']t\b", re.IGNORECASE)
"""Words that turn a rule round, or deny a side of it."""


def stems_of(text: str) -> list[str]:
    """The stems of a text's words of substance, in their order."""
    return [stem(word) for word in words(text) if word not in FORM_WORDS and len(word) > 1]


def misplaced(sentence: str, formula: Formula) -> str:
    """What is in another place in a formula than its sentence has it, in words; empty if nothing.

    Args:
        sentence: In plain words.
        formula: What is said to mean the same.
    """
    return (
        _wrong_quantifier(sentence, formula)
        or _turned_rule(sentence, formula)
        or _turned_things(sentence, formula)
    )


def _wrong_quantifier(sentence: str, formula: Formula) -> str:
    nodes = list(walk(formula))
    general = any(isinstance(node, ForAll) for node in nodes)
    special = any(isinstance(node, Exists) for node in nodes)
    denied = any(isinstance(node, Not) for node in nodes)
    if _OF_ALL.match(sentence) and special and not general and not denied:
        return "what is said of all is said of something only"
    if _OF_SOME.match(sentence) and general and not special and not denied:
        return "what is said of something is said of all"
    return ""


def _turned_rule(sentence: str, formula: Formula) -> str:
    rule = formula
    while isinstance(rule, ForAll):
        rule = rule.body
    if not isinstance(rule, Implies) or _TURNS.search(sentence) or equates(sentence):
        return ""
    nested = [*walk(rule.left), *walk(rule.right)]
    if any(isinstance(node, Implies | Iff) for node in nested):
        return ""
    before, after = _sides(sentence)
    left, right = _names(rule.left), _names(rule.right)
    if before and after and before <= right - left and after <= left - right:
        return "the rule is turned round"
    return ""


def _sides(sentence: str) -> tuple[set[str], set[str]]:
    """Words that can only be what a rule starts from, and what it comes to."""
    halves = conditional_halves(sentence)
    if halves is not None:
        before, after = (set(stems_of(half)) for half in halves)
    elif _OF_ALL.match(sentence):
        found = stems_of(sentence)
        before, after = set(found[:1]), set(found[-1:])
    else:
        return set(), set()
    return before - after, after - before


def _names(formula: Formula) -> set[str]:
    return {part for name in _said(formula) for part in stems_of(name)}


def _said(formula: Formula) -> Iterator[str]:
    for node in walk(formula):
        match node:
            case Atom(predicate=name) | Apply(function=name):
                yield name
            case _:
                pass


def _turned_things(sentence: str, formula: Formula) -> str:
    if not isinstance(formula, Atom) or _OTHER_ORDER.search(sentence):
        return ""
    said = stems_of(sentence)
    things = [
        stems_of(term.function)
        for term in formula.args
        if isinstance(term, Apply) and not term.args
    ]
    places = [said.index(thing[0]) for thing in things if thing and said.count(thing[0]) == 1]
    if len(places) == len(things) == len(formula.args) and places != sorted(places):
        return f"the things that {formula.predicate} is said of are in another order"
    return ""
