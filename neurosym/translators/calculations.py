"""Calculations that are written out in prose, such as "6 rows × 14 = 84 tulips".

Only what is read for sure is called wrong. Words stand for units and for unknowns alike, so
"2 pens + 3 = 13" may be an equation: what may mean something else, and does not come out, is no
calculation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise
from typing import TypeAlias

from neurosym.answers.numerals import SCALES
from neurosym.answers.units import PERCENT, Unit, parse_unit, singular
from neurosym.translators.prose_tokens import Mark, Numeral, Token, plain_signs, read_tokens

__all__ = ["Calculation", "Operation", "Term", "amount", "find_calculations", "rounds_to"]

_MAX_BITS = 1000
_MAX_POWER = 64
_MAX_DEPTH = 20
_MAX_TOKENS = 200
_NEAR = 50
_BULLET = re.compile(r"\A\s*(?:[-*•]|(?:step\s+)?[0-9]{1,2}[.):])\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """Two terms and what is done with them: ``+``, ``-``, ``*``, ``/`` or ``**``."""

    sign: str
    left: Term
    right: Term


Term: TypeAlias = Numeral | Operation


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculation with what it is said to come to.

    Attributes:
        text: The whole as it is written.
        made: What is calculated.
        made_text: How that is written.
        results: What it is said to come to, perhaps in several steps.
        is_right: Whether it comes to all of these, as far as their digits tell.
    """

    text: str
    made: Operation
    made_text: str
    results: tuple[Term, ...]
    is_right: bool


def find_calculations(line: str) -> tuple[list[Calculation], list[Numeral]]:
    """The calculations in a line of prose, and the other numbers of its formulas.

    What has a sign of equality and unknowns, or cannot be read for sure, is a formula.
    """
    line = plain_signs(_BULLET.sub("", line, count=1))
    tokens = read_tokens(line)
    found = [item for part in _segments(tokens) for item in _in_run(part, line)]
    used = {token for _, part in found for token in part}
    others: list[Numeral] = []
    for clause in _clauses(tokens):
        is_formula = any(item.mark is Mark.EQUAL and not item.is_doubtful for item in clause)
        if is_formula and used.isdisjoint(clause):
            others += [item.number for item in clause if item.number is not None]
    return [item for item, _ in found], others


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    for is_break, clause in groupby(tokens, lambda token: token.mark is Mark.BREAK):
        if not is_break:
            yield list(clause)


def amount(term: Term) -> Fraction | None:
    """What a term comes to, exactly; ``None`` if it is too large, or nothing at all."""
    if isinstance(term, Numeral):
        return term.value
    a, b = amount(term.left), amount(term.right)
    if a is None or b is None:
        return None
    result: Fraction | None = None
    match term.sign:
        case "+":
            result = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case "/" if b:
            result = a / b
        case "**" if b.denominator == 1 and 0 <= b <= _MAX_POWER and _bits(a) * b <= _MAX_BITS:
            result = a**b.numerator
    return result if result is not None and _bits(result) <= _MAX_BITS else None


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def rounds_to(value: Fraction, written: Numeral) -> bool:
    """Whether a value is a number as it is written, rounded or cut off behind its last digit."""
    unit = Fraction(1, 10**written.places)
    difference = value - written.value
    if 2 * abs(difference) <= unit:
        return True
    is_towards_zero = difference > 0 if value > 0 else difference < 0
    return is_towards_zero and abs(difference) < unit


@dataclass(frozen=True, slots=True)
class _Side:
    """What stands between two signs of equality.

    Attributes:
        tokens: Its parts.
        term: What it says; ``None`` if it is no calculation or number.
        is_doubtful: Whether what joins it to the side before may mean something else.
    """

    tokens: tuple[Token, ...]
    term: Term | None
    is_doubtful: bool


_Read: TypeAlias = tuple[Calculation, tuple[Token, ...]]


def _segments(tokens: Sequence[Token]) -> Iterator[list[_Side]]:
    """Sides in a row that are all known, and joined by signs of equality."""
    segment: list[Token] = []
    before: Token | None = None
    for token in (*tokens, Token(Mark.BREAK, "", 0, 0)):
        if token.mark not in (Mark.WORD, Mark.BREAK):
            segment.append(token)
            continue
        # A dash before a word is one of punctuation, unless the word is an unknown.
        if segment and segment[-1].text == "-" and len(token.text) > 1:
            segment.pop()
        if 0 < len(segment) <= _MAX_TOKENS and _is_known(segment, before):
            yield from _runs(segment)
        segment, before = [], token


def _is_known(segment: Sequence[Token], before: Token | None) -> bool:
    """Whether a segment has no operation with something unknown on one side."""
    first, last = segment[0], segment[-1]
    if last.mark is Mark.SIGN:
        return False
    if first.mark is not Mark.SIGN:
        return True
    is_free = before is None or before.mark is Mark.BREAK
    return first.text == "-" and is_free and len(segment) > 1 and first.end == segment[1].start


def _runs(segment: Sequence[Token]) -> Iterator[list[_Side]]:
    run: list[_Side] = []
    part: list[Token] = []
    is_doubtful = False
    for token in (*segment, None):
        if token is not None and token.mark is not Mark.EQUAL:
            part.append(token)
            continue
        term = _Parser(part).read()
        if term is not None:
            run.append(_Side(tuple(part), term, is_doubtful))
        elif run:
            yield run
            run = []
        part, is_doubtful = [], token is not None and token.is_doubtful
    if run:
        yield run


class _Parser:
    """Reads a term: signs bind as everywhere, those of one rank from the left."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = list(tokens)
        self._at = 0
        self._depth = 0

    def read(self) -> Term | None:
        """The whole as one term; ``None`` if it is none."""
        term = self._sum()
        return term if self._at == len(self._tokens) else None

    def _next(self, *texts: str) -> str:
        """The sign that comes next, if it is one of some, which is then passed."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is None or token.mark is not Mark.SIGN or token.text not in texts:
            return ""
        self._at += 1
        return token.text

    def _sum(self) -> Term | None:
        term = self._product()
        while term is not None and (sign := self._next("+", "-")):
            right = self._product()
            term = None if right is None else Operation(sign, term, right)
        return term

    def _product(self) -> Term | None:
        term = self._signed()
        while term is not None and (sign := self._next("*", "/") or self._implied()):
            right = self._signed()
            term = None if right is None else Operation(sign, term, right)
        return term

    def _implied(self) -> str:
        """That something is multiplied with what stands right behind it: 3 (4 + 5)."""
        is_over = self._at == len(self._tokens)
        return "" if is_over or self._tokens[self._at].mark is not Mark.OPEN else "*"

    def _signed(self) -> Term | None:
        if not self._next("-"):
            return self._power()
        term = self._power()
        if isinstance(term, Numeral):
            return replace(term, value=-term.value)
        return None if term is None else Operation("-", Numeral(Fraction(0)), term)

    def _power(self) -> Term | None:
        term = self._atom()
        if term is not None and self._next("**"):
            right = self._signed()
            return None if right is None else Operation("**", term, right)
        return term

    def _atom(self) -> Term | None:
        if self._at == len(self._tokens):
            return None
        token = self._tokens[self._at]
        self._at += 1
        if token.number is not None:
            return token.number
        if token.mark is not Mark.OPEN or self._depth == _MAX_DEPTH:
            return None
        self._depth += 1
        term = self._sum()
        self._depth -= 1
        is_closed = self._at < len(self._tokens) and self._tokens[self._at].mark is Mark.CLOSE
        self._at += 1
        return term if is_closed else None


def _in_run(run: Sequence[_Side], line: str) -> Iterator[_Read]:
    """The calculations of a run of sides that are said to be equal."""
    made = next((i for i, side in enumerate(run) if isinstance(side.term, Operation)), None)
    if made is None or len(run) < 2:
        return
    term = run[made].term
    value = None if term is None else amount(term)
    if value is None:
        return
    results = [_as_said(value, term, side.term) for side in run]
    wrong = next((i for i, result in enumerate(results) if result is None), None)
    if wrong is None:
        yield _read(run, made, results, line)
        return
    if wrong < made:
        # "2 hours 30 minutes = 2 * 60 + 30": what a calculation stands for may have other parts.
        yield from _in_run(run[made:], line)
        return
    first = _first_number(run[wrong].term)
    if first is not None and _as_said(value, term, first) is not None:
        # "16 - 3 = 13 - 4 = 9" goes on from what it came to.
        begun = _Side(run[wrong].tokens[:1], first, is_doubtful=False)
        yield _read([*run[:wrong], begun], made, [*results[:wrong], first], line)
        yield from _in_run(run[wrong:], line)
        return
    doubtful = next((i for i, side in enumerate(run) if i and side.is_doubtful), None)
    if doubtful is not None:
        yield from _in_run(run[:doubtful], line)
        yield from _in_run([replace(run[doubtful], is_doubtful=False), *run[doubtful + 1 :]], line)
    elif _is_sure(run, value):
        yield _read(run, made, [side.term for side in run], line, is_right=False)
    elif wrong > made + 1:
        yield from _in_run(run[:wrong], line)


def _read(
    run: Sequence[_Side],
    made: int,
    results: Sequence[Term | None],
    line: str,
    is_right: bool = True,
) -> _Read:
    tokens = tuple(token for side in run for token in side.tokens)
    own = run[made].tokens
    term = run[made].term
    assert isinstance(term, Operation)
    said = (result for i, result in enumerate(results) if i != made and result is not None)
    calculation = Calculation(
        text=line[tokens[0].start : tokens[-1].end],
        made=term,
        made_text=line[own[0].start : own[-1].end],
        results=tuple(said),
        is_right=is_right,
    )
    return calculation, tokens


def _as_said(value: Fraction, made: Term | None, said: Term | None) -> Term | None:
    """What a value is said to come to, if it does; a percent sign may be left out, or put in."""
    if isinstance(said, Operation):
        return said if amount(said) == value else None
    if said is None or rounds_to(value, said):
        return said
    if said.is_percent:
        other = Numeral(said.value * 100, said.places - 2)
    elif any(number.is_percent for number in _numbers(made)):
        other = Numeral(said.value / 100, said.places + 2, True)
    else:
        return None
    return other if rounds_to(value, other) else None


def _numbers(term: Term | None) -> Iterator[Numeral]:
    waiting = [term]
    while waiting:
        match waiting.pop():
            case Operation(left=left, right=right):
                waiting += [right, left]
            case Numeral() as number:
                yield number


def _first_number(term: Term | None) -> Numeral | None:
    while isinstance(term, Operation):
        term = term.left
    return term


def _is_sure(run: Sequence[_Side], value: Fraction) -> bool:
    """Whether nothing of a run may mean something else than it is taken for."""
    numbers = [number for side in run for number in _numbers(side.term)]
    words = {singular(word) for number in numbers for word in number.unit.split()}
    if words & SCALES.keys() or any(token.is_doubtful for side in run for token in side.tokens):
        return False
    return (
        not any(_is_implied(side.tokens) for side in run)
        and not _have_other_sizes([number.unit for number in numbers])
        and all(_adds_like_things(side.term) for side in run)
        and not any(_is_near(side.term, value) for side in run)
    )


def _is_implied(tokens: Sequence[Token]) -> bool:
    ends = (Mark.NUMBER, Mark.CLOSE)
    return any(one.mark in ends and other.mark is Mark.OPEN for one, other in pairwise(tokens))


def _have_other_sizes(units: Sequence[str]) -> bool:
    """Whether some units measure the same, such as minutes and hours."""
    known = {unit for text in units if (unit := _unit(text)) is not None and unit != PERCENT}
    return len({unit.dims for unit in known}) < len(known)


def _unit(text: str) -> Unit | None:
    return parse_unit(text) or parse_unit(text.rpartition(" ")[2]) if text else None


def _adds_like_things(term: Term | None) -> bool:
    """Whether all that is added up says what it counts, the same, or nothing of it does."""
    if not isinstance(term, Operation):
        return True
    added: list[Term] = [term]
    while isinstance(added[-1], Operation) and added[-1].sign in "+-":
        added[-1:] = [added[-1].right, added[-1].left]
    units = {item.unit for item in added if isinstance(item, Numeral)}
    others = [item for item in added if isinstance(item, Operation)]
    is_mixed = len(units) > 1 or ("%" in units and bool(others))
    inner = others if len(added) > 1 else [term.left, term.right]
    return not is_mixed and all(map(_adds_like_things, inner))


def _is_near(term: Term | None, value: Fraction) -> bool:
    """Whether another calculation comes to nearly the same, as with rounded numbers it does."""
    found = amount(term) if isinstance(term, Operation) else None
    return found is not None and found != value and abs(found - value) * _NEAR < abs(value)
