"""Whether a program converts units where the question makes it."""

from __future__ import annotations

import re
from fractions import Fraction

from neurosym.answers.mentions import MAX_QUESTION, Mention, find_mentions
from neurosym.answers.reading import Quantity, read
from neurosym.answers.units import Unit, factors, parse_unit
from neurosym.candidate import Check, CheckState, Outcome
from neurosym.checks.literals import analyse
from neurosym.checks.names import CheckName, failed, not_applicable, passed, undecided
from neurosym.checks.question import asked_sentence, words_of
from neurosym.formal.program import Program
from neurosym.problem import Problem

__all__ = ["asked_unit", "check_units"]

# "a" and "each" only before units of time: "5 pages a minute".
_RATE = re.compile(
    r"\b(?:per|an?|each|every)\s+(second|minute|hour|day|week|month|year|ounce|pound|gram|kilogram"
    r"|inch|foot|yard|meter|mile|kilometer|liter|gallon)\b|/\s?(second|minute|hour|day|week|month"
    r"|year|ounce|oz|pound|lb|gram|kilogram|kg|inch|foot|ft|yard|meter|mile|kilometer|km|liter)\b",
    re.IGNORECASE,
)
_FILLERS = frozenset({"more", "fewer", "less", "total", "full", "whole", "additional", "extra"})


def asked_unit(problem: Problem) -> Unit | None:
    """Find the unit the answer is wanted in: "how many hours", "in cents", "what percentage"."""
    words = words_of(asked_sentence(problem))
    for place, word in enumerate(words[:-2]):
        if word == "how" and words[place + 1] == "many":
            rest = [word for word in words[place + 2 : place + 6] if word not in _FILLERS]
            return _leading_unit(rest)
    if len(words) > 1 and words[-2] == "in":
        return parse_unit(words[-1])
    return None


def _leading_unit(words: list[str]) -> Unit | None:
    for length in (3, 2, 1):
        # One letter is an article or a name rather than a unit, in words.
        if len(words) >= length and len(words[0]) > 1:
            unit = parse_unit(" ".join(words[:length]))
            if unit is not None:
                return unit
    return None


def check_units(problem: Problem, program: Program, outcome: Outcome) -> Check:
    """Whether the answer is brought into the unit asked for, and rates meet their durations.

    The first applies where the question gives quantities of the dimension asked for. If all are in
    other units, the program must hold a factor that converts (60 for minutes into hours, its
    inverse, or factors that multiply to it) or the converted quantity itself: passed or failed. If
    the asked unit is among those given, that the factor is there passes, and its absence decides
    nothing. An answer that states its own unit must be of the dimension asked for.

    The second applies where something happens per day, say, and goes on for weeks, and neither unit
    has a partner in the question: then a factor between the two must be there.
    """
    mentions = find_mentions(f"{problem.context}\n{problem.question}")
    asked = _check_asked(problem, program, outcome, mentions)
    if asked.state in (CheckState.FAILED, CheckState.UNDECIDED):
        return asked
    rates = _check_rates(problem, program, mentions)
    return asked if rates is None or rates.state is asked.state else rates


def _check_asked(
    problem: Problem, program: Program, outcome: Outcome, mentions: tuple[Mention, ...]
) -> Check:
    name = CheckName.UNITS
    asked = asked_unit(problem)
    if asked is None:
        return not_applicable(name, "the question names no unit for the answer")
    answer = read(outcome.answer)
    if isinstance(answer, Quantity) and not answer.unit.is_noun:
        if answer.unit.dims == asked.dims:
            return passed(name, f"the answer is in {answer.unit.name}")
        return failed(name, f"asked for {asked.name}, answered in {answer.unit.name}")
    given = _given_units(problem, mentions)
    others = {unit for unit in given if unit != asked and factors(unit, asked)}
    if not others:
        return not_applicable(name, "there is nothing to convert")
    numbers = analyse(program)
    if numbers is None:
        return undecided(name, "the program can't be analysed")
    if any(_converted(unit, asked, mentions, numbers.live) for unit in others):
        return passed(name)
    pairs = ", ".join(sorted(f"{unit.name} to {asked.name}" for unit in others))
    if asked in given:
        return undecided(name, f"no factor for {pairs}, which may not be needed")
    return failed(name, f"no factor for {pairs}")


_TIME_NAMES = ("second", "minute", "hour", "day", "week", "month", "year")
_TIMES = f"({'|'.join(_TIME_NAMES)})"
# How often something happens, and how long it goes on: "20 pages a day", "for 2 weeks". A duration
# that is itself per something ("for 2 hours a day") is part of a rate.
_OFTEN = re.compile(rf"\b(?:per|an?|each|every)\s+{_TIMES}\b(?!\s+(?:and|or)\b)", re.IGNORECASE)
_LASTS = re.compile(
    r"\b(?:for|in|after|over|during|within)\s+(?:(?:the|next|last|past|all|about|these)\s+){0,2}"
    rf"[\w-]+\s+{_TIMES}s\b(?!\s+(?:an?|per|each|every|old|later|ago)\b)",
    re.IGNORECASE,
)


def _check_rates(problem: Problem, program: Program, mentions: tuple[Mention, ...]) -> Check | None:
    """Look for a rate and a duration that do not fit together; ``None`` where there are none."""
    text = f"{problem.context}\n{problem.question}"[:MAX_QUESTION]
    rates, durations = (
        {unit for match in pattern.finditer(text) if (unit := parse_unit(match[1])) is not None}
        for pattern in (_OFTEN, _LASTS)
    )
    amounts = {mention.unit for mention in mentions}
    pairs = {
        (duration, rate)
        for duration in durations - rates
        for rate in rates - amounts - durations
        if factors(duration, rate) and _goes_on(duration, rate)
    }
    numbers = analyse(program) if pairs else None
    if numbers is None:
        return None
    if any(_converted(duration, rate, mentions, numbers.live) for duration, rate in pairs):
        return passed(CheckName.UNITS)
    shown = ", ".join(sorted(f"{one.name} to {other.name}" for one, other in pairs))
    return failed(CheckName.UNITS, f"no factor for {shown}")


def _goes_on(duration: Unit, rate: Unit) -> bool:
    """Whether what happens per one unit may go on for some of the other.

    "For 30 minutes" beside "every day" says how long each time takes; beside "per hour" it may not.
    """
    longer = _TIME_NAMES.index(duration.name) > _TIME_NAMES.index(rate.name)
    return longer or rate.name in ("minute", "hour")


def _given_units(problem: Problem, mentions: tuple[Mention, ...]) -> set[Unit]:
    given = {mention.unit for mention in mentions if mention.unit is not None}
    for match in _RATE.finditer(f"{problem.context}\n{problem.question}"[:MAX_QUESTION]):
        unit = parse_unit(match[1] or match[2])
        if unit is not None:
            given.add(unit)
    return given


def _converted(
    unit: Unit, asked: Unit, mentions: tuple[Mention, ...], numbers: frozenset[Fraction]
) -> bool:
    wanted = factors(unit, asked)
    if wanted & numbers:
        return True
    # The amount itself, not the other values it may have: those are conversions of it already.
    if any(
        mention.unit == unit and mention.amount * factor in numbers
        for mention in mentions
        for factor in wanted
    ):
        return True
    # 1440 may be there as 24 * 60, in one place or in two.
    return any(a and not numbers.isdisjoint((f / a, a / f)) for a in numbers for f in wanted)
