"""Prose as a program: its steps are comments, its calculations are made anew, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from neurosym.answers.mentions import find_mentions
from neurosym.formal.optimization.formats.texts import one_line
from neurosym.formal.program import PROSE_ENTRY, Program
from neurosym.problem import Problem
from neurosym.translators.base import Malformed
from neurosym.translators.calculations import (
    Calculation,
    Operation,
    Term,
    amount,
    find_calculations,
    rounds_to,
)
from neurosym.translators.prose_tokens import Numeral

__all__ = ["Stated", "recomputed"]

Stated: TypeAlias = Numeral | bool | str
"""An answer as prose states it."""

_MAX_CALCULATIONS = 100
_MAX_COMMENT = 300
_MAX_QUOTED = 120
_MAX_ROUNDED = 6
_MAX_DIGITS = 20
_IMPORTS = (
    ("Fraction", "from fractions import Fraction"),
    ("ceil", "from math import ceil"),
    ("floor", "from math import floor"),
)
_SUM, _PRODUCT, _POWER, _CLOSED = range(4)


def recomputed(text: str, answer: Stated, problem: Problem) -> Program | Malformed:
    """A program that makes the calculations of a text anew, and returns the answer it states.

    It fails at the first calculation that is wrong, and says what that comes to. A number that an
    earlier calculation came to, and that the problem does not give, is taken from there, also where
    it was rounded; so is the answer. What then stands in the program as a number has another
    source, or none.

    Args:
        text: The prose.
        answer: The answer that it states.
        problem: What it solves.
    """
    mentions = find_mentions(f"{problem.context}\n{problem.question}")
    given = {abs(value) for item in mentions for value in (*item.values, *item.parts)}
    writer = _Writer(frozenset(given))
    for line in text.split("\n"):
        if line.strip():
            writer.step(line)
        if len(writer.results) > _MAX_CALCULATIONS:
            return Malformed(f"it holds more than {_MAX_CALCULATIONS} calculations")
    body = [*writer.lines, f"return {writer.returned(answer)}"]
    source = "".join(f"    {line}\n" for line in body)
    imports = "".join(f"{line}\n" for name, line in _IMPORTS if f"{name}(" in source)
    head = f"{imports}\n\n" if imports else ""
    return Program(f"{head}def {PROSE_ENTRY}():\n{source}", PROSE_ENTRY)


@dataclass(frozen=True, slots=True)
class _Code:
    """An expression in Python, how closely it holds together, and whether it is an integer."""

    text: str
    level: int = _CLOSED
    is_whole: bool = True

    def beside(self, level: int) -> str:
        """It, in brackets unless it holds together as closely as that."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True, slots=True)
class _Result:
    """What a calculation came to, by the name that it has in the program."""

    name: str
    value: Fraction
    is_whole: bool
    is_percent: bool


@dataclass
class _Writer:
    """Writes the program line by line.

    Attributes:
        given: The numbers of the problem.
        lines: What is written so far.
        results: What the calculations so far came to.
        formulas: How many formulas with unknowns there are so far.
    """

    given: frozenset[Fraction]
    lines: list[str] = field(default_factory=list)
    results: list[_Result] = field(default_factory=list)
    formulas: int = 0

    def step(self, text: str) -> None:
        """A step as a comment, its calculations, and the given numbers of its other formulas."""
        self.lines.append(f"# {one_line(text)[:_MAX_COMMENT]}")
        found, others = find_calculations(text)
        for calculation in found:
            self._calculate(calculation)
        known = {item.value: item for item in others if abs(item.value) in self.given}
        if known:
            self.formulas += 1
            name = f"formula{self.formulas}"
            numbers = "".join(f"{_number(item).text}, " for item in known.values())
            self.lines += [f"{name} = ({numbers.rstrip()})", f"assert {name}"]

    def _calculate(self, calculation: Calculation) -> None:
        value = amount(calculation.made)
        assert value is not None
        code = self._code(calculation.made)
        name = f"step{len(self.results) + 1}"
        self.lines.append(f"{name} = {code.text}")
        checks = " and ".join(_same(name, value, result) for result in calculation.results)
        fault = "" if calculation.is_right else f", {_fault(calculation, value)!r}"
        self.lines.append(f"assert {checks}{fault}")
        is_percent = any(isinstance(r, Numeral) and r.is_percent for r in calculation.results)
        self.results.append(_Result(name, value, code.is_whole, is_percent))

    def _code(self, term: Term) -> _Code:
        if isinstance(term, Numeral):
            source = None if abs(term.value) in self.given else self._source(term)
            return source or _number(term)
        return _operation(term.sign, self._code(term.left), self._code(term.right))

    def _source(self, number: Numeral) -> _Code | None:
        """What an earlier calculation came to, if a number is that, or is it rounded."""
        latest = self.results[::-1]
        for result in latest:
            if result.value == number.value:
                return _Code(result.name, is_whole=result.is_whole)
        return next((code for result in latest for code in _rounded(result, number)), None)

    def returned(self, answer: Stated) -> str:
        """The answer as an expression."""
        if not isinstance(answer, Numeral):
            return repr(answer)
        if answer.is_percent:
            number = Numeral(answer.value * 100, answer.places - 2)
            code, share = self._source(number), self._source(answer)
            if code is None and share is not None:
                code = _operation("*", share, _Code("100"))
            if code is None:
                return repr(f"{_decimal(number)}%")
            return f'f"{{{_plain(code, number)}}}%"'
        code = self._source(answer)
        return _decimal(answer) if code is None else _plain(code, answer)


def _plain(code: _Code, number: Numeral) -> str:
    """An expression that is a number of Python's own, and no fraction."""
    if code.is_whole:
        return code.text
    return f"{'int' if number.value.denominator == 1 else 'float'}({code.text})"


def _rounded(result: _Result, number: Numeral) -> Iterator[_Code]:
    """A result as a number, if it is that when it is rounded, or made of a percentage."""
    value, wanted = result.value, number.value
    if result.is_percent or number.is_percent:
        if value * 100 == wanted:
            yield _Code(f"{result.name} * 100", _PRODUCT, result.is_whole)
        if value == wanted * 100:
            yield _Code(f"Fraction({result.name}, 100)", is_whole=False)
    if value.denominator == 1:
        return
    if wanted.denominator > 1:
        if number.places <= _MAX_ROUNDED and round(value, number.places) == wanted:
            yield _Code(f"round({result.name}, {number.places})", is_whole=False)
        return
    for name, function in (("round", round), ("ceil", ceil), ("floor", floor)):
        if function(value) == wanted:
            yield _Code(f"{name}({result.name})")


def _operation(sign: str, left: _Code, right: _Code) -> _Code:
    is_whole = left.is_whole and right.is_whole
    match sign:
        case "/":
            return _Code(f"Fraction({left.text}, {right.text})", is_whole=False)
        case "**":
            text = f"{left.beside(_CLOSED)} ** {right.beside(_CLOSED)}"
            return _Code(text, _POWER, is_whole)
        case "*":
            text = f"{left.beside(_PRODUCT)} * {right.beside(_POWER)}"
            return _Code(text, _PRODUCT, is_whole)
    return _Code(f"{left.text} {sign} {right.beside(_PRODUCT)}", _SUM, is_whole)


def _number(number: Numeral) -> _Code:
    """A number as it is written, exactly."""
    if number.is_percent:
        hundredfold = _number(Numeral(number.value * 100, number.places - 2))
        return _operation("/", hundredfold, _Code("100"))
    if number.value.denominator == 1:
        return _Code(str(number.value), _SUM if number.value < 0 else _CLOSED)
    text = _decimal(number)
    return _Code(text if text.startswith("Fraction") else f'Fraction("{text}")', is_whole=False)


def _decimal(number: Numeral) -> str:
    """A number in digits, or as a fraction where these have no end."""
    value = number.value
    if value.denominator == 1:
        return str(value.numerator)
    digits = value * 10**number.places
    if digits.denominator > 1 or number.places > _MAX_DIGITS:
        return f"Fraction({value.numerator}, {value.denominator})"
    sign, text = "-" if value < 0 else "", str(abs(digits.numerator)).zfill(number.places + 1)
    return f"{sign}{text[: -number.places]}.{text[-number.places :]}"


def _same(name: str, value: Fraction, said: Term) -> str:
    """That a result is what it is said to be, as far as the digits tell."""
    if isinstance(said, Operation):
        return f"{name} == {_constant(said).beside(_SUM)}"
    number = _number(said)
    if value == said.value:
        return f"{name} == {number.text}"
    scale = 10**said.places
    if rounds_to(value, said) and 2 * abs(value - said.value) * scale > 1:
        return f"int({name} * {scale}) == {said.value * scale}"
    return f"abs({name} - {number.beside(_PRODUCT)}) <= Fraction(1, {2 * scale})"


def _constant(term: Term) -> _Code:
    if isinstance(term, Numeral):
        return _number(term)
    return _operation(term.sign, _constant(term.left), _constant(term.right))


def _fault(calculation: Calculation, value: Fraction) -> str:
    quoted, made = calculation.text[:_MAX_QUOTED], calculation.made_text[:_MAX_QUOTED]
    return f'"{quoted}" is wrong: {made} comes to {_shown(value)}'


def _shown(value: Fraction) -> str:
    near = round(value, _MAX_ROUNDED)
    text = _decimal(Numeral(near, _MAX_ROUNDED))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if near == value else f"about {text}"
