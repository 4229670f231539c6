"""Whether a text gives numbers for what it speaks of.

"Each cake needs some flour" leaves a hole that no translation fills: what a model says of flour is
made up, and a model without flour is of another problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import Dimension
from neurosym.candidate import Check
from neurosym.checks.names import ModelCheckName, failed, passed
from neurosym.formal.fol.spelling import stem
from neurosym.translators.wording import content_words

__all__ = ["check_given"]

_HOW_MUCH = (
    r"(?:some|several|a few|certain|limited|unknown|an? (?:certain|limited|fixed|given|unknown)"
    r"(?: (?:amount|number|quantity|supply|sum))?)"
)
_END = r"(?= (?:and|or|but|to|for|from|in|on|at|with|which|that|each|per)\b|[.;:,?!]|$)"
_UNMEASURED = (
    re.compile(
        r"\b(?:needs?|takes?|requires?|uses?|has|have|costs?|earns?|yields?)(?: only| also| about)?"
        rf" (?P<told>{_HOW_MUCH}(?: of)? (?P<what>[^.;:,?!]+?)){_END}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<told>(?:the|an?|his|her|its|their|our) (?P<what>[^.;:,?!]+?) (?:is|are) "
        r"(?:also |both |all |very )?(?:limited|unknown|not (?:known|given|specified)))\b"
        r"(?! (?:to|by)\b)",
        re.IGNORECASE,
    ),
)
"""What is needed or had, or is scarce, without a word of how much."""
_ANNOUNCING = frozenset(
    {
        *("amount", "capacity", "condition", "constraint", "factor", "limit", "limitation"),
        *("material", "number", "quantity", "requirement", "resource", "specification"),
        *("supply", "type"),
    }
)
"""Words for what other sentences name, one by one, with the numbers of each."""
_MONEY = frozenset({Dimension.DOLLARS, Dimension.EUROS, Dimension.STERLING})
_MEASURES = {
    **dict.fromkeys(("money", "budget", "capital", "fund", "investment", "cost", "cash"), _MONEY),
    **dict.fromkeys(("time", "labor", "labour", "work"), frozenset({Dimension.TIME})),
    **dict.fromkeys(("space", "land", "area", "distance"), frozenset({Dimension.LENGTH})),
    "weight": frozenset({Dimension.MASS}),
}
"""What numbers with units may be of without its name."""


def check_given(told: Sequence[str]) -> Check:
    """Whether what a text says is needed or scarce has a number in some sentence.

    Args:
        told: The sentences of the text.
    """
    name = ModelCheckName.GIVEN
    unmeasured = list(_unmeasured(told))
    if not unmeasured:
        return passed(name)
    numbered = [(_stems(sentence), found) for sentence in told if (found := _numbers(sentence))]
    for said, things in unmeasured:
        if not any(_measures(found, stems, things) for stems, found in numbered):
            return failed(name, f"no number in the text says how much: {said!r}")
    return passed(name)


def _unmeasured(told: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """What is said without a number, and the stems of what it is said of."""
    for sentence in told:
        for pattern in _UNMEASURED:
            for match in pattern.finditer(sentence):
                things = _stems(match["what"])
                if things and not things & _ANNOUNCING and not _numbers(match["told"]):
                    yield match["told"], things


def _measures(found: Sequence[Mention], stems: frozenset[str], things: frozenset[str]) -> bool:
    """Whether the numbers of a sentence may be of some things."""
    if stems & things:
        return True
    wanted = {dimension for thing in things for dimension in _MEASURES.get(thing, ())}
    return any(
        dimension in wanted
        for item in found
        if item.unit is not None
        for dimension, _ in item.unit.dims
    )


def _numbers(sentence: str) -> list[Mention]:
    return [item for item in find_mentions(sentence) if item.weight is not Weight.INCIDENTAL]


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(text)))
