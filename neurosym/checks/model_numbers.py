"""Whether an optimization model has the numbers of its text, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.answers.units import PERCENT
from neurosym.candidate import Check
from neurosym.checks.model_parts import bends, literals
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed, undecided
from neurosym.checks.numbers import judge_mentions
from neurosym.checks.strictness import beside_strict_limits
from neurosym.checks.worked_out import worked_out
from neurosym.formal.optimization.model import Model
from neurosym.translators.cues import numbers_of
from neurosym.translators.tables import Data

__all__ = ["check_model_constants", "check_model_numbers"]

_MAX_SHOWN = 6


def check_model_numbers(told: Sequence[str], model: Model) -> Check:
    """Whether every number of the text is in the model, in one of the forms it may take.

    Undecided if those that are not may have been worked into numbers that are.

    Args:
        told: The sentences of the text.
        model: A model of it.
    """
    name = ModelCheckName.NUMBERS
    mentions = _mentions(told)
    if all(item.weight is Weight.INCIDENTAL for item in mentions):
        return not_applicable(name, "the text holds no numbers")
    used = _numbers_in(model)
    check = judge_mentions(name, mentions, used)
    unused = {item for item in _firm(mentions) if not item.used_in(used)}
    if not unused:
        return check
    # Whoever writes x for 1 * x has worked out a one.
    merged = {item for _, some in worked_out(told, used | {Fraction(1)}) for item in some}
    left = [item for item in mentions if item not in unused or item.text not in _texts(merged)]
    if any(item in unused for item in left):
        return judge_mentions(name, left, used)
    return undecided(name, f"perhaps worked into others: {', '.join(sorted(_texts(unused)))}")


def check_model_constants(told: Sequence[str], data: Data, model: Model) -> Check:
    """Whether every number of the model is one that the text gives, or a table of it.

    Undecided if the others can be worked out of these, some of which then are not in the model.

    Args:
        told: The sentences of the text.
        data: Its tables.
        model: A model of it.
    """
    name = ModelCheckName.CONSTANTS
    given = {abs(number) for number in numbers_of(" ".join(told))}
    for parameter in data.parameters:
        given |= {abs(value) for value in parameter.values.values()}
    written = literals(model) | _given(model)
    for mention in _mentions(told):
        given |= {abs(value) for value in (*_forms(mention, written), *mention.parts)}
    pieces = [*bends(model)]
    starts = {bend.start for bend in pieces}
    # A slope may be said, or what it leads to; where the last piece ends is up to the modeller.
    slopes = {bend.slope for bend in pieces if bend.rise not in given}
    ends = {bend.end for bend in pieces} - starts
    strange = (written | starts | slopes) - given - ends
    if not strange:
        return passed(name)
    used = _numbers_in(model)
    derived = {
        value
        for value, some in worked_out(told, frozenset(strange))
        if not all(item.used_in(used) for item in some)
    }
    if strange == derived:
        return undecided(name, f"perhaps worked out: {_shown(strange)}")
    return failed(name, f"not in the text: {_shown(strange - derived)}")


def _mentions(told: Iterable[str]) -> list[Mention]:
    """The numbers of a text; of strict limits, also the last whole numbers that they leave."""
    text = " ".join(told)
    beside = beside_strict_limits(text)
    return [
        replace(item, values=item.values | {beside[item.amount]}) if item.amount in beside else item
        for item in find_mentions(text)
    ]


def _forms(mention: Mention, written: frozenset[Fraction]) -> frozenset[Fraction]:
    """What a mention may be in a model; what is written as it stands is not converted as well."""
    is_measure = mention.unit is not None and mention.unit != PERCENT
    if is_measure and mention.amount in mention.values & written:
        return frozenset({mention.amount})
    return mention.values


def _numbers_in(model: Model) -> frozenset[Fraction]:
    """All numbers of a model, without their signs; also those of the pieces of a curve."""
    pieces = {
        number for bend in bends(model) for number in (bend.start, bend.end, bend.slope, bend.rise)
    }
    return literals(model) | _given(model) | pieces


def _given(model: Model) -> frozenset[Fraction]:
    return frozenset(abs(value) for item in model.parameters for value in item.values.values())


def _firm(mentions: Iterable[Mention]) -> list[Mention]:
    return [item for item in mentions if item.weight is Weight.FIRM]


def _texts(mentions: Iterable[Mention]) -> set[str]:
    return {item.text for item in mentions}


def _shown(numbers: Iterable[Fraction]) -> str:
    return ", ".join(f"{float(number):g}" for number in sorted(numbers)[:_MAX_SHOWN])
