"""The part of a model's grammar that speaks of variables without indices.

It keeps a small model to what the text says: a number that the text says of one thing multiplies no
other, and what it calls a lower limit is none from above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import said_of
from neurosym.translators.cues import bounds_of, numbers_of
from neurosym.translators.gbnf import alternatives, any_of, quoted

__all__ = ["plain_rules"]

_NONLINEAR = re.compile(
    r"\b(?:squared?|square root|cubed?|cubic|product of|power of|exponential\w*|logarithm\w*|"
    r"quadratic\w*|inverse\w*|radius|volume|diameter|surface area)\b",
    re.IGNORECASE,
)


def plain_rules(sentences: Sequence[str], variables: Iterable[str] | None) -> list[str]:
    """GBNF rules ``claim`` and ``sum``.

    Args:
        sentences: The description.
        variables: The names of the variables; ``None`` if they are not known yet.
    """
    text = " ".join(sentences)
    numbers = numbers_of(text)
    products = _products(sentences, variables, numbers)
    factor = 'name ("^" [23])? (" * " name)?' if _NONLINEAR.search(text) else "name"
    return [
        f"claim ::= sum ({any_of(_sides(text, numbers))})",
        'sum ::= named ((" + " | " - ") term){0,11}',
        "term ::= number | named",
        f'named ::= product | {factor} | (number " * ")? "(" inside ")"',
        'inside ::= inner ((" + " | " - ") inner){0,7}',
        f"inner ::= number | product | {factor}",
        f"product ::= {any_of(products)}",
    ]


def _sides(text: str, numbers: Sequence[Fraction]) -> Iterator[str]:
    """What a claim may go on with behind its first sum: another one, or a number as its limit."""
    bounds = bounds_of(text)
    yield '(" <= " | " >= " | " = ") sum'
    for sign, side in ((" >= ", False), (" <= ", True)):
        limits = [print_number(number) for number in numbers if bounds.get(number) is side]
        if limits:
            yield f"{quoted(sign)} ({alternatives(dict.fromkeys(limits))})"
    free = [print_number(number) for number in numbers if number not in bounds]
    if free:
        yield f'(" <= " | " >= " | " = ") ({alternatives(dict.fromkeys(free))})'


def _products(
    sentences: Sequence[str], variables: Iterable[str] | None, numbers: Sequence[Fraction]
) -> Iterator[str]:
    """Numbers with the names that they may multiply."""
    if variables is None:
        yield 'number " * " name'
        return
    names = [*variables]
    owners = said_of(sentences, {name: name for name in names})
    for name in names:
        fitting = [n for n in numbers if n not in owners or name in owners[n]]
        shown = alternatives(dict.fromkeys(map(print_number, fitting)))
        yield f'({shown}) " * " {quoted(name)}'
