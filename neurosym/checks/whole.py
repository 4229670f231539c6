"""Whether what a text counts is whole in an optimization model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from neurosym.answers.units import parse_unit
from neurosym.candidate import Check
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.fol.spelling import stem, words
from neurosym.formal.optimization.model import Domain, Model

__all__ = ["check_whole"]

_COUNTED = re.compile(r"\b(?:how many|number of|numbers of|many)\s+((?:\w+\s+){0,3}\w+)", re.I)
_COUNTS_EACH = re.compile(r"\bhow many\s+((?:\w+\s+){0,3}?)(?:of\s+)?(?:each|every)\b", re.I)
_PARTIAL = frozenset(
    map(
        stem,
        ("unit", "portion", "serving", "helping", "dose", "share", "bushel", "barrel", "kilolitre",
         "watt", "kilowatt", "megawatt", "calorie", "joule", "cubic"),
    )
)  # fmt: skip
"""What there may be half of, though it is counted."""
_MAX_SHOWN = 6


def check_whole(text: str, model: Model) -> Check:
    """Check that what the text counts ("how many trips") is whole; amounts may be any number.

    "The number of acres of wheat" is an amount. Of "how many trips of each" it is not told which
    variables are trips, so only a model in which nothing is whole fails.
    """
    name = ModelCheckName.WHOLE
    counted = {stem(word) for said in _phrases(_COUNTED, text) for word in said}
    continuous = [item for item in model.variables if item.domain is Domain.CONTINUOUS]
    loose = [item.name for item in continuous if counted & set(map(stem, words(item.name)))]
    each = [*_phrases(_COUNTS_EACH, text)]
    if not loose and each and len(continuous) == len(model.variables):
        loose = [item.name for item in continuous if not _is_amount(words(item.unit))]
    if loose:
        return failed(name, f"counted, but not whole: {', '.join(loose[:_MAX_SHOWN])}")
    return passed(name) if counted or each else not_applicable(name, "nothing is counted")


def _phrases(pattern: re.Pattern[str], text: str) -> Iterator[Sequence[str]]:
    """What is counted, in words; what is measured is left out."""
    for match in pattern.finditer(text):
        said = words(match[1])
        if not _is_amount(said):
            yield said


def _is_amount(said: Sequence[str]) -> bool:
    """Whether a phrase begins with a unit of measure, perhaps behind another word."""
    for word in said[:2]:
        unit = parse_unit(word) if len(word) > 1 else None
        if stem(word) in _PARTIAL or (unit is not None and not unit.is_noun):
            return True
    return False
