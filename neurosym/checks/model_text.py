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
from neurosym.checks.comparisons import check_comparisons
from neurosym.checks.given import check_given
from neurosym.checks.model_numbers import check_model_constants, check_model_numbers
from neurosym.checks.model_parts import limits_of_row, stated_rows, words_for
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed, undecided
from neurosym.checks.shares import check_shares
from neurosym.checks.strictness import check_strictness
from neurosym.checks.whole import check_whole
from neurosym.formal.fol.spelling import stem, words
from neurosym.formal.optimization.language.printer import print_claim, print_number
from neurosym.formal.optimization.model import Model
from neurosym.problem import Problem
from neurosym.translators.attribution import clauses
from neurosym.translators.cues import (
    asked_sense,
    bounds_of,
    compares,
    exact_numbers,
    has_goal,
    limits,
)
from neurosym.translators.five_elements import description, read_sentences
from neurosym.translators.tables import Data, read_data

__all__ = ["text_checks"]


def text_checks(problem: Problem, model: Model) -> tuple[Check, ...]:
    """Check what a model says against the text. Never raises, whatever they hold."""
    told = read_sentences(problem)
    text = " ".join(told)
    data = read_data(description(problem))
    return (
        check_given(told),
        check_model_numbers(told, model),
        check_model_constants(told, data, model),
        _sense(text, model),
        _directions(model),
        check_attribution(told, model),
        _units(text, data, model),
        check_shares(model),
        check_comparisons(told, model),
        check_strictness(model),
        check_whole(text, model),
        _sentences(told, model),
    )


def _sense(text: str, model: Model) -> Check:
    name = ModelCheckName.SENSE
    asked = asked_sense(text)
    if asked is None:
        if not has_goal(text):
            return failed(name, "nothing in the text says what is to be best")
        return not_applicable(name, "the text does not say")
    if asked is not model.objective.sense:
        return failed(name, f"the text asks to {asked}")
    return passed(name)


def _directions(model: Model) -> Check:
    """Whether limits are upper ones where their sentence says so of them, or lower ones.

    It does if it says so of the number, or has words for one of the two only, which are not said
    of another number. A row tells its direction if its coefficients are of one sign and its limit
    is not 0. Where a sentence says "exactly", one limit may do, since nobody would want more, or
    less: a person should look.
    """
    name = ModelCheckName.DIRECTIONS
    decided = 0
    loose = ""
    one_sided = [*_one_sided(model)]
    for is_upper, limit, sentence in one_sided:
        if limit in exact_numbers(sentence) and (not is_upper, limit, sentence) not in one_sided:
            loose = f"{sentence!r} says exactly {print_number(limit)}"
        says_upper = _says_upper(sentence, limit)
        if says_upper is None:
            continue
        decided += 1
        if is_upper is not says_upper:
            meant = "an upper" if says_upper else "a lower"
            return failed(name, f"{sentence!r} speaks of {meant} limit")
    if loose:
        return undecided(name, loose)
    return passed(name) if decided else not_applicable(name, "no sentence says")


def _says_upper(sentence: str, limit: Fraction) -> bool | None:
    """Whether a sentence makes a number an upper limit; ``None`` if that is not clear."""
    bounds = bounds_of(sentence)
    if limit in bounds:
        return bounds[limit]
    # Words that are said of another number are in another part of the sentence.
    parts = clauses(sentence, {}) if bounds else ()
    near = [part.text for part in parts if any(item.amount == limit for item in part.mentions)]
    says_upper, says_lower = limits(near[0] if len(near) == 1 else sentence)
    return None if says_upper is says_lower else says_upper


def _one_sided(model: Model) -> Iterator[tuple[bool, Fraction, str]]:
    """Whether each limit is an upper one, the limit, and the sentence it is from."""
    instance = model.instance
    for row, constraint in stated_rows(model):
        source = constraint.source
        lower, upper = limits_of_row(instance, row)
        if not source or not instance.entries(row) or (lower is None) == (upper is None):
            continue
        if limit := lower or upper:  # a limit of 0 tells nothing
            yield lower is None, limit, source


def _units(text: str, data: Data, model: Model) -> Check:
    """Whether numbers that multiply variables are measured in what their sum is compared with.

    "14 litres" times trips can be compared with 600 litres, but with no number of dollars. Only
    numbers that the text mentions with one and the same unit of measure are judged.
    """
    name = ModelCheckName.UNITS
    known = _measured(text)
    counts = _counted(text, model) - known.keys()
    # What a table says has units of its own, in words that are not looked into.
    for parameter in data.parameters:
        for value in parameter.values.values():
            known.pop(abs(value), None)
    instance = model.instance
    decided = 0
    for row, constraint in stated_rows(model):
        sides = (instance.row_lower[row], instance.row_upper[row])
        compared = [known[abs(side)] for side in sides if abs(side) in known]
        summed = [known[abs(value)] for _, value in instance.entries(row) if abs(value) in known]
        if summed and any(abs(side) in counts for side in sides):
            claim = print_claim(constraint.claim)
            return failed(name, f"{claim} compares {summed[0].name} with a number of things")
        for unit, limit in product(summed, compared):
            decided += 1
            if (unit.dims, unit.size) != (limit.dims, limit.size):
                claim = print_claim(constraint.claim)
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


def _counted(text: str, model: Model) -> frozenset[Fraction]:
    """The numbers that the text never mentions but as so many of what is decided, or items."""
    things = _ITEMS.union(*(map(stem, words(said)) for said in words_for(model).values()))
    found: dict[Fraction, set[bool]] = {}
    for mention in _COUNT.finditer(text):
        found.setdefault(Fraction(mention["number"].replace(",", "")), set()).add(
            mention["money"] is None and stem((mention["noun"] or "").lower()) in things
        )
    return frozenset(number for number, counted in found.items() if counted == {True})


_ITEMS = frozenset({"item", "piece", "product", "thing"})
_COUNT = re.compile(
    r"(?<![\w.,])(?P<money>[$€£]\s?)?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)"
    r"(?:\s(?:more |total |whole |such )?(?P<noun>[A-Za-z]+))?"
)


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
