"""Whether a program uses the numbers of the question, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations

from neurosym.answers.mentions import Mention, Weight, find_mentions
from neurosym.candidate import Check
from neurosym.checks.literals import analyse
from neurosym.checks.names import (
    CheckName,
    ModelCheckName,
    failed,
    not_applicable,
    passed,
    undecided,
)
from neurosym.formal.program import Program
from neurosym.problem import Problem

__all__ = ["check_constants", "check_numbers", "judge_mentions"]

_MAX_SHOWN = 8
_MAX_DERIVED_FROM = 40  # pairs of mentions grow with the square


def check_numbers(problem: Problem, program: Program) -> Check:
    """Whether every number of the question can influence the answer.

    Passed if every number is used, in one of the forms it may take (15% as 15, 0.15, 0.85 or 1.15),
    or a comment in the program calls it irrelevant. Failed if a numeral is not used: a variable
    that never reaches the answer doesn't count. Undecided if only looser ones are left: number
    words, years, clock times. Ones, ordinals and numbers in names ("Grade 4") are not asked for.
    Not applicable if there are no others.
    """
    name = CheckName.NUMBERS
    mentions = find_mentions(f"{problem.context}\n{problem.question}")
    if all(mention.weight is Weight.INCIDENTAL for mention in mentions):
        return not_applicable(name, "the question holds no numbers")
    numbers = analyse(program)
    if numbers is None:
        return undecided(name, "the program can't be analysed")
    excused = _called_irrelevant(program.source)
    return judge_mentions(
        name, [item for item in mentions if not item.values & excused], numbers.live
    )


def judge_mentions(
    name: CheckName | ModelCheckName, mentions: Iterable[Mention], used: frozenset[Fraction]
) -> Check:
    """Whether mentioned numbers are among those that are used.

    Failed if a numeral is not, undecided if only looser ones are left.
    """
    unused = [
        mention
        for mention in mentions
        if mention.weight is not Weight.INCIDENTAL and not mention.used_in(used)
    ]
    if not unused:
        return passed(name)
    firm = [mention for mention in unused if mention.weight is Weight.FIRM]
    if firm:
        return failed(name, f"not used: {_shown(firm)}")
    return undecided(name, f"perhaps not needed, and not used: {_shown(unused)}")


def _shown(mentions: list[Mention]) -> str:
    texts = list(dict.fromkeys(mention.text.strip()[:40] for mention in mentions))
    return ", ".join(texts[:_MAX_SHOWN]) + (", …" if len(texts) > _MAX_SHOWN else "")


_IRRELEVANT = re.compile(
    r"irrelevant|not\s+(?:needed|used|relevant|necessary)|unused|unneeded|ignor|distract"
    r"|does(?:n't|\s+not)\s+matter",
    re.IGNORECASE,
)
_NUMERAL_IN_COMMENT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def _called_irrelevant(source: str) -> frozenset[Fraction]:
    """Find the numbers on lines whose comment says that they don't matter."""
    found = set()
    for line in source.split("\n"):
        _, mark, comment = line.partition("#")
        if mark and _IRRELEVANT.search(comment):
            for match in _NUMERAL_IN_COMMENT.finditer(line[:500]):
                found.add(Fraction(match[0].replace(",", "")))
    return frozenset(found)


# What one may know without being told: units, the calendar, clock and angles, percentages.
_KNOWN = frozenset(
    Fraction(number)
    for number in (
        *(0, 1, 2, 3, 4, 7, 8, 10, 12, 14, 16, 20, 24, 25, 28, 29, 30, 31, 32, 36, 48, 50, 52, 60),
        *(90, 100, 128, 144, 168, 180, 360, 365, 366, 1000, 1440, 1760, 2000, 3600, 5280, 10000),
        *(86400, 1000000),
        *("0.5", "0.25", "0.75", "0.1", "0.01", "0.05", "0.001", "1.5", "2.54", "3.14"),
        *("3.1416", "3.14159", "1.609", "1.60934", "0.621", "0.621371", "2.2", "2.2046"),
    )
)
_SMALL = 10


def check_constants(problem: Problem, program: Program) -> Check:
    """Whether every number of the program has a source.

    A source is the question, a known conversion (60 minutes), or one operation on two of these.
    Undecided where the only others are integers up to 10, which may have been counted ("Tom, Ann
    and Bob"). Failed otherwise: such a number was made up, or worked out outside the program.
    """
    name = CheckName.CONSTANTS
    numbers = analyse(program)
    if numbers is None:
        return undecided(name, "the program can't be analysed")
    literals = {abs(number) for number in numbers.literals}
    if not literals:
        return not_applicable(name, "the program holds no numbers")
    unexplained = literals - _KNOWN
    if unexplained:
        mentions = find_mentions(f"{problem.context}\n{problem.question}")
        given = {abs(value) for mention in mentions for value in (*mention.values, *mention.parts)}
        unexplained -= given
        unexplained -= set(_derived(mentions)) if unexplained else set()
    if not unexplained:
        return passed(name)
    large = {number for number in unexplained if number.denominator > 1 or number > _SMALL}
    shown = ", ".join(_plain(number) for number in sorted(large or unexplained)[:_MAX_SHOWN])
    if large:
        return failed(name, f"neither in the question nor a known conversion: {shown}")
    return undecided(name, f"not in the question, but small enough to be counted: {shown}")


def _derived(mentions: tuple[Mention, ...]) -> Iterator[Fraction]:
    """Yield what one operation on two mentioned or known numbers gives."""
    values = [min(mention.values) for mention in mentions[:_MAX_DERIVED_FROM] if mention.values]
    for a, b in combinations(values, 2):
        yield from (a + b, abs(a - b), a * b)
        if a and b:
            yield from (a / b, b / a)
    for mention in mentions[:_MAX_DERIVED_FROM]:
        for value in mention.values:
            for known in (1, 7, 12, 24, 60, 100):
                yield from (value + known, abs(value - known), value * known, value / known)


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"
