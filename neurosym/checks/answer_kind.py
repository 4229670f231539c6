"""Whether the answer is of the kind the question asks for."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from fractions import Fraction

from neurosym.answers.compare import Number, compare, is_number
from neurosym.answers.mentions import MAX_QUESTION
from neurosym.answers.options import read_options
from neurosym.answers.reading import Quantity, Reading, read
from neurosym.answers.units import Dimension, Unit, parse_unit
from neurosym.candidate import Check, Outcome
from neurosym.checks.names import CheckName, failed, not_applicable, passed, undecided
from neurosym.checks.question import asked_sentence, words_of
from neurosym.problem import Kind, Problem

__all__ = ["AnswerKind", "check_answer_kind", "infer_kind"]


class AnswerKind(StrEnum):
    """What kind of answer a question asks for."""

    COUNT = "count"
    """A non-negative integer."""
    MONEY = "money"
    """A non-negative amount in whole cents."""
    PERCENT = "percentage"
    """A number of percent."""
    YES_NO = "yes or no"
    CHOICE = "choice"
    """One of the options given."""
    MEASURE = "measure"
    """A non-negative number: a duration, length, weight, age, average, …"""
    FREE = "free"
    """Anything: nothing is expected of it."""


_MONEY_WORDS = frozenset(
    {"money", "cost", "costs", "price", "pay", "pays", "paid", "spend", "spends", "spent", "earn"}
    | {"earns", "earned", "profit", "salary", "wage", "wages", "dollars", "cents", "bill", "$", "€"}
    | {"£", "¥", "₹", "¢", "dollar", "owe", "owes", "budget", "fee", "fees", "revenue", "income"}
    | {"rent", "tip", "savings", "worth", "expense", "expenses", "donate", "refund", "debt"}
)
_RATIO_WORDS = frozenset({"average", "mean", "median", "per", "ratio", "rate", "fraction"})
_EXTENTS = frozenset(
    {"old", "long", "far", "tall", "fast", "heavy", "big", "deep", "wide", "high", "large", "thick"}
    | {"longer", "farther", "further", "taller", "faster", "heavier", "bigger", "deeper", "wider"}
    | {"higher", "larger", "thicker", "older", "younger", "shorter", "slower", "lighter", "smaller"}
    | {"time", "weight", "water", "distance", "area", "space", "milk", "juice", "paint", "gas"}
)
# Words that end the noun after "how many".
_PHRASE_END = frozenset(
    {"do", "does", "did", "is", "are", "was", "were", "will", "would", "can", "could", "has"}
    | {"have", "had", "should", "must", "in", "on", "at", "for", "to", "from", "with", "if", "when"}
    | {"he", "she", "it", "they", "we", "you", "i", "there", "left", "remain", "than", "that"}
)
_SIGNED = re.compile(
    r"\b(?:temperatures?|degrees|celsius|fahrenheit|below|negative|loss|losses|lose|lost|net|debt"
    r"|overdrawn|overdraft|deficit|changed?|sea level|elevation|balance|coordinate|integer)\b",
    re.IGNORECASE,
)
_YES_NO_START = frozenset(
    {"is", "are", "was", "were", "does", "do", "did", "can", "could", "will", "would", "has"}
    | {"have", "had", "should", "must"}
)


def infer_kind(problem: Problem) -> AnswerKind:
    """Infer what kind of answer is asked for, from the sentence that asks.

    Cautious: what isn't clear is :attr:`AnswerKind.FREE`.
    """
    if problem.choices:
        return AnswerKind.CHOICE
    if problem.kind is not Kind.MATH:
        return AnswerKind.FREE
    words = words_of(asked_sentence(problem))
    for place, word in enumerate(words[:-1]):
        if word == "how":
            return _how(words[place + 1 :], problem)
        if word in ("what", "what's", "which", "find", "calculate", "compute", "determine"):
            return _what(words[place + 1 :])
    return _yes_no(words)


def _how(words: list[str], problem: Problem) -> AnswerKind:
    first = words[0]
    if first == "many":
        return _how_many(words[1:])
    if first == "much":
        if len(words) > 1 and (words[1] in _EXTENTS or _unit_in(words[1:3], money=False)):
            return AnswerKind.MEASURE
        in_money = not _MONEY_WORDS.isdisjoint(words) or _SYMBOL.search(
            problem.question[:MAX_QUESTION]
        )
        # In a question about money, "how much does she have left" asks for money; but "how much
        # water" names something else.
        if in_money and _follows_directly(words[1:]):
            return _money(words)
        return AnswerKind.MEASURE
    return AnswerKind.MEASURE if first in _EXTENTS else AnswerKind.FREE


_SYMBOL = re.compile(r"[$€£¥₹¢]|\b(?:dollars?|cents?|euros?)\b", re.IGNORECASE)
_MONEY_OR_NOTHING = _PHRASE_END | _MONEY_WORDS | {"more", "less", "change", "total", "of", "extra"}


def _follows_directly(words: list[str]) -> bool:
    return not words or words[0] in _MONEY_OR_NOTHING


def _money(words: list[str]) -> AnswerKind:
    # Averages and prices per piece need not come out in whole cents.
    return AnswerKind.MEASURE if _RATIO_WORDS & set(words) else AnswerKind.MONEY


def _how_many(words: list[str]) -> AnswerKind:
    phrase: list[str] = []
    for word in words:
        if word in _PHRASE_END:
            break
        phrase.append(word)
    if {"percent", "percentage", "%"} & set(phrase):
        return AnswerKind.PERCENT
    if {"dollars", "dollar", "cents", "euros"} & set(phrase):
        return _money(words)
    # "how many times as old", and parts and averages, need not be whole.
    if phrase[:1] == ["times"] and {"as", "more", "larger", "longer", "than"} & set(words):
        return AnswerKind.MEASURE
    if not _RATIO_WORDS.isdisjoint(words) or _unit_in(phrase[:4]):
        return AnswerKind.MEASURE
    return AnswerKind.COUNT


def _unit_in(words: list[str], *, money: bool = True) -> bool:
    units = [parse_unit(word) for word in words if len(word) > 1 and word != "in"]
    return any(unit is not None and (money or not unit.is_money) for unit in units)


def _what(words: list[str]) -> AnswerKind:
    """Read "what is the total number of …", "find the price of …"."""
    head = words[:6]
    if {"percent", "percentage", "%"} & set(head):
        return AnswerKind.PERCENT
    if not _RATIO_WORDS.isdisjoint(head):
        return AnswerKind.MEASURE
    if "number" in head and "of" in words:
        after = words[words.index("of", 0) + 1 :]
        return AnswerKind.MEASURE if _unit_in(after[:4]) else AnswerKind.COUNT
    if {"cost", "price", "profit", "salary", "revenue", "bill"} & set(head):
        return _money(words)
    if _EXTENTS & set(head) or {"age", "height", "length", "width", "perimeter", "speed"} & set(
        head
    ):
        return AnswerKind.MEASURE
    return AnswerKind.FREE


def _yes_no(words: list[str]) -> AnswerKind:
    """Read "Is it …?", unless it offers alternatives or is a polite request."""
    asked = bool(words) and words[0] in _YES_NO_START and words[1:2] != ["you"]
    return AnswerKind.YES_NO if asked and "or" not in words else AnswerKind.FREE


def check_answer_kind(problem: Problem, outcome: Outcome) -> Check:
    """Whether the answer is of the kind asked for (see :class:`AnswerKind`)."""
    name = CheckName.ANSWER_KIND
    kind = infer_kind(problem)
    answer = read(outcome.answer)
    if answer is None:
        return not_applicable(name, "there is no answer")
    if kind is AnswerKind.FREE:
        return not_applicable(name, "the question doesn't say what kind of answer it wants")
    if kind is AnswerKind.YES_NO:
        return passed(name) if isinstance(answer, bool) else failed(name, "not a yes or no")
    if kind is AnswerKind.CHOICE:
        return _check_choice(answer, problem.choices)
    return _check_number(kind, answer, problem)


def _check_choice(answer: Reading, choices: tuple[str, ...]) -> Check:
    name = CheckName.ANSWER_KIND
    unsure = False
    for option in read_options(choices):
        same = compare(answer, option), compare(answer, read(option.text))
        if True in same:
            return passed(name)
        unsure = unsure or None in same
    if unsure or is_number(answer):  # a number may still round to an option
        return undecided(name, "equals no option as it stands")
    return failed(name, "none of the options")


def _check_number(kind: AnswerKind, answer: Reading, problem: Problem) -> Check:
    name = CheckName.ANSWER_KIND
    number = answer.number if isinstance(answer, Quantity) else answer
    if not is_number(number):
        if isinstance(number, str) and _MATHEMATICS.search(number):
            return undecided(name, f"{_named(kind)} was asked for; this is an expression")
        return failed(name, f"{_named(kind)} was asked for; this is no number")
    if isinstance(number, float) and math.isinf(number):
        return failed(name, "infinite")
    if isinstance(answer, Quantity) and not _unit_fits(kind, answer.unit):
        return failed(name, f"{_named(kind)} was asked for; the answer is in {answer.unit.name}")
    return _check_size(kind, number, problem)


_MATHEMATICS = re.compile(r"[0-9\\]")


def _named(kind: AnswerKind) -> str:
    return "an amount of money" if kind is AnswerKind.MONEY else f"a {kind}"


def _unit_fits(kind: AnswerKind, unit: Unit) -> bool:
    if kind is AnswerKind.MONEY:
        return unit.is_money or unit.is_noun
    if kind is AnswerKind.PERCENT:
        return unit.dims == ((Dimension.RATIO, 1),) or unit.is_noun
    return not (kind is AnswerKind.COUNT and unit.is_money)


def _check_size(kind: AnswerKind, number: Number, problem: Problem) -> Check:
    name = CheckName.ANSWER_KIND
    if number < 0:
        if _SIGNED.search(problem.question[:MAX_QUESTION]):
            return undecided(name, f"negative, for {_named(kind)}")
        return failed(name, f"{_named(kind)} can't be negative")
    if kind is AnswerKind.COUNT and not _whole(number):
        return failed(name, "a count has to be a whole number")
    if kind is AnswerKind.MONEY and not _whole(number, 100):
        return failed(name, "an amount of money has no fractions of a cent")
    if kind is AnswerKind.PERCENT and 0 < number < 1:
        return undecided(name, "less than one percent, or a part that was not made a percentage")
    return passed(name)


def _whole(number: Number, scale: int = 1) -> bool:
    """Whether ``scale`` times the number is an integer, rounding noise of floats forgiven."""
    if isinstance(number, int):
        return True
    scaled = Fraction(number) * scale
    return abs(scaled - round(scaled)) <= max(Fraction(1, 10**6), abs(scaled) / 10**12)
