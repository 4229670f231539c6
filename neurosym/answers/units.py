"""Units of measure: one table for comparing answers and for checking programs.

A table of some fifty rows covers what word problems use. Unit libraries know thousands more, but
importing pint alone takes 0.5 s and 19 MB, more than all of ``import neurosym`` may, and none
reads plain words such as "3 hours later". Sizes are exact: the international yard and pound
(1959), the US gallon (231 cubic inches).

Calendar months have no fixed length, so months and years form a dimension of their own;
:func:`factors` still knows the usual conversions to days and weeks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

__all__ = ["PERCENT", "Dimension", "Unit", "factors", "noun_unit", "parse_unit", "singular"]


class Dimension(StrEnum):
    """What a unit measures. Units of one dimension convert into each other."""

    LENGTH = "length"
    MASS = "mass"
    TIME = "time"
    CALENDAR = "calendar"
    ANGLE = "angle"
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"
    DOLLARS = "dollars"
    EUROS = "euros"
    STERLING = "sterling"
    YEN = "yen"
    RUPEES = "rupees"
    RATIO = "ratio"


_MONEY = frozenset(
    {
        Dimension.DOLLARS,
        Dimension.EUROS,
        Dimension.STERLING,
        Dimension.YEN,
        Dimension.RUPEES,
    }
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        name: Its canonical name, which :func:`parse_unit` reads back.
        size: How many base units one of it is (meter, gram, second, month, dollar, …).
        dims: Its dimensions with their exponents, sorted: speed is length 1, time -1. A noun that
            is no unit ("apple") is a dimension of its own.
    """

    name: str
    size: Fraction
    dims: tuple[tuple[str, int], ...]

    @property
    def is_money(self) -> bool:
        """Whether it is a currency."""
        return len(self.dims) == 1 and self.dims[0][0] in _MONEY and self.dims[0][1] == 1

    @property
    def is_noun(self) -> bool:
        """Whether it only names the things counted."""
        return self.dims[0][0].startswith(_NOUN)


_NOUN = "noun "

# Names of a unit (the canonical one first), its size, the dimension, its exponent.
_ROWS: tuple[tuple[str, str, Dimension, int], ...] = (
    ("meter metre m", "1", Dimension.LENGTH, 1),
    ("kilometer kilometre km", "1000", Dimension.LENGTH, 1),
    ("centimeter centimetre cm", "1/100", Dimension.LENGTH, 1),
    ("millimeter millimetre mm", "1/1000", Dimension.LENGTH, 1),
    ("inch in", "254/10000", Dimension.LENGTH, 1),
    ("foot feet ft", "3048/10000", Dimension.LENGTH, 1),
    ("yard yd", "9144/10000", Dimension.LENGTH, 1),
    ("mile mi", "1609344/1000", Dimension.LENGTH, 1),
    ("acre", "40468564224/10000000", Dimension.LENGTH, 2),
    ("hectare ha", "10000", Dimension.LENGTH, 2),
    ("liter litre l", "1/1000", Dimension.LENGTH, 3),
    ("milliliter millilitre ml cc", "1/1000000", Dimension.LENGTH, 3),
    ("gallon gal", "3785411784/1000000000000", Dimension.LENGTH, 3),
    ("quart qt", "3785411784/4000000000000", Dimension.LENGTH, 3),
    ("pint pt", "3785411784/8000000000000", Dimension.LENGTH, 3),
    ("cup", "3785411784/16000000000000", Dimension.LENGTH, 3),
    ("fluid-ounce", "3785411784/128000000000000", Dimension.LENGTH, 3),
    ("tablespoon tbsp", "3785411784/256000000000000", Dimension.LENGTH, 3),
    ("teaspoon tsp", "3785411784/768000000000000", Dimension.LENGTH, 3),
    ("gram gramme g gm", "1", Dimension.MASS, 1),
    ("kilogram kilo kg", "1000", Dimension.MASS, 1),
    ("milligram mg", "1/1000", Dimension.MASS, 1),
    ("tonne", "1000000", Dimension.MASS, 1),
    ("ounce oz", "45359237/1600000", Dimension.MASS, 1),
    ("pound lb", "45359237/100000", Dimension.MASS, 1),
    ("ton", "45359237/50", Dimension.MASS, 1),
    ("second sec s", "1", Dimension.TIME, 1),
    ("minute min", "60", Dimension.TIME, 1),
    ("hour hr h", "3600", Dimension.TIME, 1),
    ("day", "86400", Dimension.TIME, 1),
    ("week wk", "604800", Dimension.TIME, 1),
    ("fortnight", "1209600", Dimension.TIME, 1),
    ("month", "1", Dimension.CALENDAR, 1),
    ("year yr", "12", Dimension.CALENDAR, 1),
    ("decade", "120", Dimension.CALENDAR, 1),
    ("century", "1200", Dimension.CALENDAR, 1),
    ("degree ° deg ^\\circ ^{\\circ}", "1", Dimension.ANGLE, 1),
    ("celsius °c", "1", Dimension.CELSIUS, 1),
    ("fahrenheit °f", "1", Dimension.FAHRENHEIT, 1),
    ("dollar $ usd buck", "1", Dimension.DOLLARS, 1),
    ("cent ¢", "1/100", Dimension.DOLLARS, 1),
    ("euro € eur", "1", Dimension.EUROS, 1),
    ("sterling £ gbp", "1", Dimension.STERLING, 1),
    ("yen ¥ jpy", "1", Dimension.YEN, 1),
    ("rupee ₹ rs inr", "1", Dimension.RUPEES, 1),
    ("% percent percentage pct", "1/100", Dimension.RATIO, 1),
)

# The calendar's customary conversions, which are not exact: how many of the first in the second.
_CUSTOMARY: dict[tuple[str, str], tuple[int, ...]] = {
    ("day", "year"): (365, 366, 360),
    ("week", "year"): (52,),
    ("day", "month"): (28, 29, 30, 31),
    ("week", "month"): (4,),
}


def _table() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for names, size, dimension, exponent in _ROWS:
        canonical, *others = names.split()
        unit = Unit(canonical, Fraction(size), ((dimension, exponent),))
        table.update(dict.fromkeys([canonical, *others], unit))
    table["fluid ounce"] = table["fl oz"] = table["fluid-ounce"]
    table["degree celsius"] = table["celsius"]
    table["degree fahrenheit"] = table["fahrenheit"]
    table["metric ton"] = table["tonne"]
    table["mph"] = _quotient(table["mile"], table["hour"])
    table["kph"] = table["kmh"] = _quotient(table["kilometer"], table["hour"])
    return table


def _quotient(over: Unit, under: Unit) -> Unit:
    dims = dict(over.dims)
    for dimension, exponent in under.dims:
        dims[dimension] = dims.get(dimension, 0) - exponent
    name = f"{over.name}/{under.name}"
    kept = tuple(sorted((key, value) for key, value in dims.items() if value))
    return Unit(name, over.size / under.size, kept)


def _power(unit: Unit, exponent: int) -> Unit:
    dims = tuple((dimension, power * exponent) for dimension, power in unit.dims)
    return Unit(f"{unit.name}^{exponent}", unit.size**exponent, dims)


_UNITS = _table()
PERCENT = _UNITS["%"]
"""The percent sign as a unit."""

_MAX_UNIT_TEXT = 60
_PER = re.compile(r"\s*/\s*|\s+per\s+|\s+an?\s+(?=hour\b|minute\b|second\b|day\b|week\b)")
_POWER_BEFORE = re.compile(r"(square|sq|cubic|cu)\.?\s+(\S.*)")
# A digit alone must touch the unit: "in3" is a cubic inch, "1 in 3" a chance.
_POWER_AFTER = re.compile(
    r"(\D*[^\W\d])(?:\s*\^\s*\{?([23])\}?|([23])|\s*([²³])|\s+(squared|cubed))"
)
_EXPONENTS = {
    "square": 2,
    "sq": 2,
    "cubic": 3,
    "cu": 3,
    "squared": 2,
    "cubed": 3,
    "2": 2,
    "3": 3,
    "²": 2,
    "³": 3,
}


def singular(noun: str) -> str:
    """Give the singular of a regular English plural; other words come back unchanged.

    Applying it twice changes nothing more.
    """
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    if noun.endswith("s") and len(noun) > 2 and not noun.endswith(("ss", "us", "is")):
        return noun[:-1]
    return noun


def parse_unit(text: str) -> Unit | None:
    """Read a unit: "km", "miles per hour", "square feet", "cm^3", "%"; ``None`` if it is none."""
    if len(text) > _MAX_UNIT_TEXT:
        return None
    text = text.strip().casefold()
    parts = _PER.split(text)
    if len(parts) == 2 and all(parts):
        over, under = (_parse_power(part) for part in parts)
        return _quotient(over, under) if over and under and over.dims != under.dims else None
    return _parse_power(text) if len(parts) == 1 else None


def _parse_power(text: str) -> Unit | None:
    plain = _lookup(text)
    if plain is not None:
        return plain
    if match := _POWER_BEFORE.fullmatch(text):
        word, base = match.groups()
    elif match := _POWER_AFTER.fullmatch(text):
        base, word = match[1], next(filter(None, match.groups()[1:]))
    else:
        return None
    unit = _lookup(base)
    # Only a length has a square that people use; "dollars squared" is a mistake.
    if unit is None or unit.dims != ((Dimension.LENGTH, 1),):
        return None
    return _power(unit, _EXPONENTS[word])


def _lookup(name: str) -> Unit | None:
    name = name.strip().rstrip(".")
    if name in ("inches", "feet"):  # irregular, or regular only for words the rule must not touch
        name = "inch" if name == "inches" else "foot"
    found = _UNITS.get(name) or _UNITS.get(singular(name))
    if found is None and " " in name:
        first, _, last = name.partition(" ")
        found = _UNITS.get(f"{singular(first)} {singular(last.strip())}")
    return found


def noun_unit(noun: str) -> Unit:
    """Make the things counted ("apples") a unit of their own dimension."""
    name = singular(noun.casefold())
    return Unit(name, Fraction(1), ((_NOUN + name, 1),))


def factors(one: Unit, other: Unit) -> frozenset[Fraction]:
    """Find the factors that may convert between two units, in either direction.

    Empty where they are not of one dimension, with one exception: days and weeks against months
    and years give the customary factors (365 days a year, 4 weeks a month, …).
    """
    if one.dims == other.dims:
        ratio = one.size / other.size
        return frozenset({ratio, 1 / ratio})
    names = (one.name, other.name)
    counts = _CUSTOMARY.get(names) or _CUSTOMARY.get(names[::-1]) or ()
    return frozenset(Fraction(count) for count in counts) | frozenset(
        Fraction(1, count) for count in counts
    )
