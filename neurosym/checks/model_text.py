"""Checks of an optimization model against the text it is a translation of; no model of language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from neurosym.answers.mentions import Weight, find_mentions
from neurosym.answers.units import PERCENT, Unit
from neurosym.candidate import Check
from neurosym.checks.attribution import check_attribution
from neurosym.checks.model_parts import limits_of_row, literals
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed, undecided
from neurosym.checks.numbers import judge_mentions
from neurosym.checks.shares import check_shares
from neurosym.checks.strictness import check_strictness
from neurosym.formal.fol.spelling import stem, words
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Domain, Model
from neurosym.problem import Problem
from neurosym.translators.cues import asked_sense, compares, limits, numbers_of
from neurosym.translators.five_elements import description, read_sentences
from neurosym.translators.tables import read_data

__all__ = ["text_checks"]

_MAX_SHOWN = 6


def text_checks(problem: Problem, model: Model) -> tuple[Check, ...]:
    """Check what a model says against the text. Never raises, whatever they hold."""
    told = read_sentences(problem)
    text = " ".join(told)
    return (
        _numbers(text, model),
        _constants(problem, text, model),
        _sense(text, model),
        _directions(model),
        check_attribution(told, model),
        _units(problem, text, model),
        check_shares(model),
        check_strictness(model),
        _whole(text, model),
        _sentences(told, model),
    )


def _numbers_in(model: Model) -> frozenset[Fraction]:
    given = {abs(value) for item in model.parameters for value in item.values.values()}
    return literals(model) | given


def _numbers(text: str, model: Model) -> Check:
    """Whether every number of the text is in the model, in one of the forms it may take."""
    name = ModelCheckName.NUMBERS
    mentions = find_mentions(text)
    if all(item.weight is Weight.INCIDENTAL for item in mentions):
        return not_applicable(name, "the text holds no numbers")
    return judge_mentions(name, mentions, _numbers_in(model))


def _constants(problem: Problem, text: str, model: Model) -> Check:
    """Whether every number of the model is one that the text gives, or a table of it."""
    name = ModelCheckName.CONSTANTS
    given = {abs(number) for number in numbers_of(text)}
    for parameter in read_data(description(problem)).parameters:
        given |= {abs(value) for value in parameter.values.values()}
    for mention in find_mentions(text):
        given |= {abs(value) for value in (*mention.values, *mention.parts)}
    strange = sorted(_numbers_in(model) - given)
    if not strange:
        return passed(name)
    shown = ", ".join(f"{float(number):g}" for number in strange[:_MAX_SHOWN])
    return failed(name, f"not in the text: {shown}")


def _sense(text: str, model: Model) -> Check:
    name = ModelCheckName.SENSE
    asked = asked_sense(text)
    if asked is None:
        return not_applicable(name, "the text does not say")
    if asked is not model.objective.sense:
        return failed(name, f"the text asks to {asked}")
    return passed(name)


def _directions(model: Model) -> Check:
    """Whether limits are upper ones where their sentence has only words for those, or lower ones.

    A row tells its direction if its coefficients are of one sign and its limit is not 0.
    """
    name = ModelCheckName.DIRECTIONS
    decided = 0
    for is_upper, constraint in _one_sided(model):
        says_upper, says_lower = limits(constraint)
        if says_upper == says_lower:
            continue
        decided += 1
        if is_upper is not says_upper:
            meant = "an upper" if says_upper else "a lower"
            return failed(name, f"{constraint!r} speaks of {meant} limit")
    return passed(name) if decided else not_applicable(name, "no sentence says")


def _one_sided(model: Model) -> Iterator[tuple[bool, str]]:
    """Whether each limit is an upper one, and the sentence it is from."""
    instance = model.instance
    for row in range(instance.rows):
        source = model.constraints[int(instance.row_origin[row])].source
        lower, upper = limits_of_row(instance, row)
        if not source or not instance.entries(row) or (lower is None) == (upper is None):
            continue
        if lower or upper:  # a limit of 0 tells nothing
            yield lower is None, source


def _units(problem: Problem, text: str, model: Model) -> Check:
    """Whether numbers that multiply variables are measured in what their sum is compared with.

    "14 litres" times trips can be compared with 600 litres, but with no number of dollars. Only
    numbers that the text mentions with one and the same unit of measure are judged.
    """
    name = ModelCheckName.UNITS
    known = _measured(text)
    # What a table says has units of its own, in words that are not looked into.
    for parameter in read_data(description(problem)).parameters:
        for value in parameter.values.values():
            known.pop(abs(value), None)
    instance = model.instance
    decided = 0
    for row in range(instance.rows):
        sides = (instance.row_lower[row], instance.row_upper[row])
        compared = [known[abs(side)] for side in sides if abs(side) in known]
        summed = [known[abs(value)] for _, value in instance.entries(row) if abs(value) in known]
        for unit, limit in product(summed, compared):
            decided += 1
            if (unit.dims, unit.size) != (limit.dims, limit.size):
                claim = print_claim(model.constraints[int(instance.row_origin[row])].claim)
                return failed(name, f"{claim} compares {unit.name} with {limit.name}")
    return passed(name) if decided else not_applicable(name, "no units to compare")


def _measured(text: str) -> dict[Fraction, Unit]:
    """The unit of each number that the text never mentions with another or with none."""
    found: dict[Fraction, set[Unit | None]] = {}
    for mention in find_mentions(text):
        unit = mention.unit
        is_measure = unit is not None and not unit.is_noun and unit != PERCENT
        found.setdefault(mention.amount, set()).add(unit if is_measure else None)
    return {
        amount: unit
        for amount, units in found.items()
        if len(units) == 1 and amount > 1 and (unit := next(iter(units))) is not None
    }


_COUNTED = re.compile(r"\b(?:how many|number of|numbers of|many)\s+((?:\w+\s+){0,3}\w+)", re.I)


def _whole(text: str, model: Model) -> Check:
    """Whether what the text counts ("how many trips") is whole."""
    name = ModelCheckName.WHOLE
    counted = {stem(word) for match in _COUNTED.finditer(text) for word in words(match[1])}
    loose = [
        item.name
        for item in model.variables
        if item.domain is Domain.CONTINUOUS and counted & set(map(stem, words(item.name)))
    ]
    if loose:
        return failed(name, f"counted, but not whole: {', '.join(loose[:_MAX_SHOWN])}")
    return passed(name) if counted else not_applicable(name, "nothing is counted")


def _sentences(told: tuple[str, ...], model: Model) -> Check:
    """Whether every sentence with a number and a word of comparison has a constraint."""
    name = ModelCheckName.SENTENCES
    if all(item.sentence is None for item in model.constraints):
        return not_applicable(name, "the model does not say what comes from where")
    having = {item.sentence for item in model.constraints}
    without = [
        number
        for number, sentence in enumerate(told, start=1)
        if number not in having and compares(sentence) and _has_firm_number(sentence)
    ]
    if not without:
        return passed(name)
    return undecided(name, f"without a constraint: sentence {', '.join(map(str, without))}")


def _has_firm_number(sentence: str) -> bool:
    return any(item.weight is Weight.FIRM for item in find_mentions(sentence))
