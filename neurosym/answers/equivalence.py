"""Grouping answers that are the same, and scoring them against a reference."""

from __future__ import annotations

import asyncio
import json
import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol, TypeGuard

from neurosym.answers.compare import (
    SCORING_TOLERANCE,
    Number,
    compare,
    is_number,
    numbers_same,
)
from neurosym.answers.normal import plain
from neurosym.answers.options import read_options
from neurosym.answers.reading import Choice, Interval, Quantity, Reading, read
from neurosym.answers.units import PERCENT
from neurosym.backends.base import Limits
from neurosym.backends.pool import Call
from neurosym.candidate import Outcome
from neurosym.status import Status
from neurosym.values import Value, ValueTooLargeError, encode

__all__ = ["Equivalence", "Runner"]

_TARGET = "neurosym.answers.symbolic:equal"
_LIMITS = Limits(seconds=3.0, cpu_seconds=3)
_CACHE_SIZE = 10_000


class Runner(Protocol):
    """Runs one of neurosym's functions in a worker that can be killed; a ``Pool`` is one."""

    async def run(self, job: Call, limits: Limits) -> Outcome:
        """Run the call and say what it returned."""
        ...


class Equivalence:
    """Decides when two answers are the same (the rules are in :mod:`.compare`).

    What arithmetic can decide is decided here, in microseconds. Mathematics in text goes to a
    worker; a comparison that fails or runs out of time there counts as not shown equal.

    Attributes:
        worker_calls: Comparisons sent to a worker.
        undecided: Those of them that failed or timed out.
    """

    def __init__(self, runner: Runner, limits: Limits = _LIMITS) -> None:
        self._runner = runner
        self._limits = limits
        self._cache: dict[str, bool] = {}
        self.worker_calls = 0
        self.undecided = 0

    async def same(self, a: Value, b: Value) -> bool:
        """Whether two answers are the same. ``None`` and NaN, no answer, are the same as nothing.

        Symmetric, not transitive: "12 km" and "12 miles" are both the same as 12.

        Raises:
            BackendError: The worker pool broke.
        """
        return await self._same(read(a), read(b))

    async def _same(self, a: Reading, b: Reading) -> bool:
        shown = compare(a, b)
        return await self._same_by_worker(a, b) if shown is None else shown

    async def _same_by_worker(self, a: Reading, b: Reading) -> bool:
        operands = _operand(a), _operand(b)
        try:
            keys = sorted(json.dumps(encode(operand), sort_keys=True) for operand in operands)
        except (TypeError, ValueError, ValueTooLargeError):
            return False
        key = "\n".join(keys)
        found = self._cache.get(key)
        if found is None:
            self.worker_calls += 1
            outcome = await self._runner.run(Call(_TARGET, operands), self._limits)
            if outcome.status is not Status.SOLVED:
                self.undecided += 1
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            # Kept even if it timed out, so that one run treats equal pairs equally.
            found = outcome.status is Status.SOLVED and outcome.answer is True
            self._cache[key] = found
        return found

    async def group(self, values: Sequence[Value]) -> tuple[int, ...]:
        """Sort answers into classes: one label for each, from 0 in the order first seen.

        No answer gets -1. Each class is represented by the first answer in it, and a later one
        joins only if it is the same as a representative, so tolerances don't add up along a chain
        of near values. Of several, a number joins the nearest. A class that began with a bare
        number takes the first unit a member brings: after 12 and "12 km", "12 miles" is another.

        Numbers alone cost n log n comparisons and no worker.

        Raises:
            BackendError: The worker pool broke.
        """
        classes = _Classes()
        labels = []
        for value in values:
            reading = read(value)
            label = classes.find(reading)
            if label is None:
                label = await self._find_other(classes, reading)
            labels.append(classes.add(reading) if label is None else label)
        return tuple(labels)

    async def _find_other(self, classes: _Classes, reading: Reading) -> int | None:
        """Find the first class whose representative is the same, algebra included."""
        unsure = []
        for label in classes.candidates(reading):
            shown = compare(classes.representatives[label], reading)
            if shown:
                classes.refine(label, reading)
                return label
            if shown is None:
                unsure.append(label)
        answers = await asyncio.gather(
            *(self._same_by_worker(classes.representatives[label], reading) for label in unsure)
        )
        return next((label for label, same in zip(unsure, answers, strict=True) if same), None)

    async def matches(self, answer: Value, gold: Value, choices: Sequence[str] = ()) -> bool:
        """Whether an answer is right, for scoring.

        Numbers may be off by less than 1e-3, PAL's rule, so that scores compare with published
        ones; for a gold below 1 that is no integer only the tolerance of :meth:`same` holds, since
        1e-3 may be all there is of it.

        With choices ("A) 12", or bare texts, which get letters in order), an answer is right if it
        is the gold's letter or the same as the gold's option. Failing any such option, a number is
        right if the gold's is the only option it rounds to, at the digits printed there. The gold
        may be a letter or an option's content.

        Raises:
            BackendError: The worker pool broke.
        """
        reading = read(answer)
        if reading is None:
            return False
        if choices:
            return await self._matches_choice(reading, read(gold), choices)
        return await self._scored_same(reading, read(gold))

    async def _scored_same(self, answer: Reading, gold: Reading) -> bool:
        if is_number(answer) and is_number(gold) and _within_scoring(answer, gold):
            return True
        return await self._same(answer, gold)

    async def _matches_choice(self, answer: Reading, gold: Reading, choices: Sequence[str]) -> bool:
        options = read_options(choices)
        wanted = await self._options_of(gold, options)
        given = await self._options_of(answer, options)
        if not given:
            rounded = [option for option in options if _rounds_to(answer, option.text)]
            given = {rounded[0].letter} if len(rounded) == 1 else set()
        return bool(wanted & given)

    async def _options_of(self, reading: Reading, options: Sequence[Choice]) -> set[str]:
        """Find the letters of the options that an answer names or equals."""
        letters = {option.letter for option in options}
        if isinstance(reading, Choice) and reading.letter in letters:
            return {reading.letter}
        if isinstance(reading, str) and reading.upper() in letters:
            return {reading.upper()}
        return {
            option.letter
            for option in options
            if await self._scored_same(reading, read(option.text))
        }


class _Classes:
    """The classes found so far, with an index that finds numbers without trying each."""

    def __init__(self) -> None:
        self.representatives: list[Reading] = []
        self._others: list[int] = []  # labels of classes that are not numbers
        self._labels: dict[Number, int] = {}
        # Integers compare exactly with each other but not with inexact numbers, so the nearest of
        # each kind has to be found.
        self._integers: list[Number] = []
        self._inexact: list[Number] = []

    def find(self, reading: Reading) -> int | None:
        """Look up the class of a missing answer or of a number; ``None`` if not found."""
        if reading is None:
            return -1
        if not _is_finite_number(reading):
            return None
        if reading in self._labels:
            return self._labels[reading]
        lists = (self._inexact,) if isinstance(reading, int) else (self._inexact, self._integers)
        near = [
            number
            for numbers in lists
            for number in _neighbours(numbers, reading)
            if numbers_same(number, reading)
        ]
        if not near:
            return None
        nearest = min(near, key=lambda number: (abs(number - reading), self._labels[number]))
        return self._labels[nearest]

    def candidates(self, reading: Reading) -> Sequence[int]:
        """Labels of the classes a reading that :meth:`find` didn't place may be in."""
        return self._others if _is_finite_number(reading) else range(len(self.representatives))

    def add(self, reading: Reading) -> int:
        """Begin a class and return its label."""
        label = len(self.representatives)
        self.representatives.append(reading)
        if _is_finite_number(reading):
            self._labels[reading] = label
            numbers = self._integers if isinstance(reading, int) else self._inexact
            numbers.insert(bisect_left(numbers, reading), reading)
        else:
            self._others.append(label)
        return label

    def refine(self, label: int, member: Reading) -> None:
        """Let a class of a bare number take a member's unit."""
        # Not the percent sign: through it, 45 would become the same as 0.45.
        if (
            is_number(self.representatives[label])
            and isinstance(member, Quantity)
            and member.unit != PERCENT
        ):
            self.representatives[label] = member


def _is_finite_number(reading: Reading) -> TypeGuard[Number]:
    return is_number(reading) and reading not in (math.inf, -math.inf)


def _neighbours(numbers: list[Number], number: Number) -> list[Number]:
    place = bisect_left(numbers, number)
    return numbers[max(place - 1, 0) : place + 1]


def _operand(reading: Reading) -> Value:
    """Give what the worker needs of a reading: bare mathematics."""
    if isinstance(reading, Quantity):
        return reading.number
    if isinstance(reading, Interval):
        return str(plain(reading)).replace("inf", "\\infty")
    return plain(reading)


def _within_scoring(answer: Number, gold: Number) -> bool:
    if isinstance(answer, int) and isinstance(gold, int):
        return answer == gold
    if not isinstance(gold, int) and -1 < gold < 1:
        return False
    try:
        return abs(float(answer) - float(gold)) < SCORING_TOLERANCE
    except OverflowError:
        return False


_PRINTED = re.compile(r"[^0-9.+-]{0,4}(-?[0-9][0-9,]{0,30})(?:\.([0-9]{1,30}))?(?![0-9/])")


def _rounds_to(answer: Reading, option: str) -> bool:
    """Whether a number, rounded to the digits an option is printed with, is that option."""
    number = answer.number if isinstance(answer, Quantity) else answer
    match = _PRINTED.match(option)
    if match is None or not _is_finite_number(number):
        return False
    printed = Fraction(f"{match[1].replace(',', '')}.{match[2] or 0}")
    half = Fraction(1, 2 * 10 ** len(match[2] or ""))
    return abs(Fraction(number) - printed) <= half
