"""What expressions are measured in, and where quantities of different units meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import mul

from neurosym.answers.units import PERCENT, Unit, noun_unit, parse_unit, singular
from neurosym.formal.optimization.expression import (
    MINUS_ONE,
    ONE,
    Add,
    Call,
    Constant,
    Divide,
    Expression,
    Function,
    Multiply,
    Power,
    Reference,
    Sum,
    parts,
)

__all__ = ["Measure", "UnitClashError", "measure_of", "parse_measure"]


class UnitClashError(Exception):
    """Quantities that are added or compared are measured in different units."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A product of powers of units.

    Attributes:
        size: How many base units it is.
        dims: Their dimensions with exponents; things that are counted are one of their own.
        names: The units as they are shown, with exponents.
    """

    size: Fraction
    dims: Mapping[str, int]
    names: Mapping[str, int]

    def __str__(self) -> str:
        above, below = (
            " ".join(
                name if abs(power) == 1 else f"{name}^{abs(power)}"
                for name, power in self.names.items()
                if power * sign > 0
            )
            for sign in (1, -1)
        )
        return f"{above or '1'}{'/' + below if below else ''}"

    def __mul__(self, other: Measure) -> Measure:
        return Measure(
            self.size * other.size,
            _added(self.dims, other.dims),
            _added(self.names, other.names),
        )

    def power(self, exponent: int) -> Measure:
        """The same to a whole power."""
        dims, names = (
            {key: value * exponent for key, value in item.items() if exponent}
            for item in (self.dims, self.names)
        )
        return Measure(self.size**exponent, dims, names)

    def is_same(self, other: Measure) -> bool:
        """Whether a number of the one is as many of the other."""
        return self.dims == other.dims and self.size == other.size


_NUMBER = Measure(Fraction(1), {}, {})
_MAX_POWER = 9
"""Greatest power of a unit that anybody means."""


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    total = Counter(one)
    total.update(other)
    return {key: value for key, value in total.items() if value}


# ---------------------------------------------------------------- of expressions


def measure_of(expression: Expression, units: Mapping[str, str]) -> Measure | None:
    """What an expression is measured in.

    Args:
        expression: Of parameters and variables.
        units: Their units by their names, in words.

    Returns:
        ``None`` if it is unknown, as of bare numbers: there may be 10 passengers a trip.

    Raises:
        UnitClashError: Different units meet in it.
    """
    match expression:
        case Reference(name):
            return parse_measure(units.get(name, ""))
        case Multiply(factors):
            return _product(factors, units)
        case Divide(numerator, denominator):
            above, below = (measure_of(part, units) for part in (numerator, denominator))
            return None if above is None or below is None else above * below.power(-1)
        case Add(terms):
            return _agreed("added", [measure_of(term, units) for term in terms])
        case Call(Function.ABS | Function.MIN | Function.MAX, arguments):
            return _agreed("compared", [measure_of(item, units) for item in arguments])
        case Sum(_, term):
            return measure_of(term, units)
        case Power(base, Constant(value)) if value.denominator == 1 and abs(value) <= _MAX_POWER:
            found = measure_of(base, units)
            return None if found is None else found.power(int(value))
    for part in parts(expression):
        measure_of(part, units)
    return None


def _product(factors: Iterable[Expression], units: Mapping[str, str]) -> Measure | None:
    # A factor of 1 or -1 is a sign, while another number may be of any unit.
    inside = [factor for factor in factors if factor not in (ONE, MINUS_ONE)]
    found = [measure_of(factor, units) for factor in inside]
    known = [measure for measure in found if measure is not None]
    return reduce(mul, known) if known and len(known) == len(found) else None


def _agreed(how: str, several: Iterable[Measure | None]) -> Measure | None:
    """The one unit that all have that are known."""
    known = [measure for measure in several if measure is not None]
    for measure in known[1:]:
        if not measure.is_same(known[0]):
            raise UnitClashError(f"{known[0]} and {measure} are {how}")
    return known[0] if known else None


# ---------------------------------------------------------------- of words


def parse_measure(text: str) -> Measure | None:
    """Read a unit: "dollars per trip", "kg / m^2", "machine hours"; ``None`` if there is none."""
    above, *below = _PER.split(text.strip().casefold())
    found = [_named(above), *(_named(part).power(-1) for part in below)]
    return reduce(mul, found) if text.strip() else None


def _named(text: str) -> Measure:
    """A product of units, by their names side by side."""
    text = _OF.sub("", text.strip("() "))
    if (unit := parse_unit(text)) is not None:
        return _of_unit(unit)
    words = [word for word in _BETWEEN.split(text) if word and word not in _NO_UNITS]
    return reduce(mul, map(_word, words), _NUMBER)


def _word(word: str) -> Measure:
    if (scale := _SCALES.get(singular(word))) is not None:
        return Measure(Fraction(scale), {}, {singular(word): 1})
    if match := _POWER.fullmatch(word):
        return _word(match[1]).power(int(match[2]))
    return _of_unit(parse_unit(word) or noun_unit(word))


def _of_unit(unit: Unit) -> Measure:
    if unit.dims == PERCENT.dims:
        return _NUMBER  # 0.3 and 30 % are both written as shares
    name, _, power = unit.name.partition("^")
    return Measure(unit.size, dict(unit.dims), {name: int(power or 1)})


_PER = re.compile(r"\s*/\s*|(?:^|\s+)(?:per|an?)\s+")
_BETWEEN = re.compile(r"[\s*·-]+")
_POWER = re.compile(r"(\D+?)\^?(\d)")
_OF = re.compile(r"(?<!thousands)(?<!millions)(?<!hundreds) of .*")
"""What a quantity is of makes it no other unit: "kg of flour"."""
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6}
_NO_UNITS = frozenset(
    {"1", "and", "dimensionless", "each", "fraction", "in", "none", "of", "ratio", "the"}
)
