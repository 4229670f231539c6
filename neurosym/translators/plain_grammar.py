"""The part of a model's grammar that speaks of variables without indices.

It keeps a small model to what each sentence says. A limit stands with the sentence that gives it,
and a lower one is none from above; things are compared with each other only where words compare
them, with a multiple or a share of the total as the words have it; and a number that the text says
of one thing multiplies no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.answers.mentions import find_mentions
from neurosym.answers.units import PERCENT
from neurosym.formal.optimization.language.printer import print_number
from neurosym.translators.attribution import said_of
from neurosym.translators.cues import bounds_of, forms_of, may_limit, numbers_of
from neurosym.translators.gbnf import alternatives, any_of, quoted
from neurosym.translators.templates import find_multiple, relates, shares_of_total

__all__ = ["plain_rules"]

_NONLINEAR = re.compile(
    r"\b(?:squared?|square root|cubed?|cubic|product of|power of|exponential\w*|logarithm\w*|"
    r"quadratic\w*|inverse\w*|radius|volume|diameter|surface area)\b",
    re.IGNORECASE,
)
_ANY = '(" <= " | " >= " | " = ")'


def plain_rules(sentences: Sequence[str], variables: Iterable[str] | None) -> list[str]:
    """GBNF rules ``sum``, and ``claim1`` and so on for each sentence that may claim something.

    Args:
        sentences: The description.
        variables: The names of the variables; ``None`` if they are not known yet.
    """
    return _Rules(tuple(sentences), None if variables is None else tuple(variables)).all()


@dataclass(frozen=True, slots=True)
class _Rules:
    sentences: tuple[str, ...]
    variables: tuple[str, ...] | None

    def all(self) -> list[str]:
        text = " ".join(self.sentences)
        factor = 'name ("^" [23])? (" * " name)?' if _NONLINEAR.search(text) else "name"
        return [
            'sum ::= named ((" + " | " - ") term){0,11}',
            "term ::= number | named",
            f'named ::= product | {factor} | (number " * ")? "(" inside ")"',
            'inside ::= inner ((" + " | " - ") inner){0,7}',
            f"inner ::= number | product | {factor}",
            f"product ::= {any_of(self._products())}",
            *self._claim_rules(),
        ]

    def _claim_rules(self) -> Iterator[str]:
        for place, sentence in enumerate(self.sentences, start=1):
            if may_limit(sentence) and (claims := any_of(self._claims(sentence))):
                yield f"claim{place} ::= {claims}"

    def _products(self) -> Iterator[str]:
        """Numbers with the names that they may multiply."""
        if self.variables is None:
            yield 'number " * " name'
            return
        owners = said_of(self.sentences, self._names)
        numbers = _as_factors(self.sentences)
        for name in self.variables:
            fitting = [n for n in numbers if n not in owners or name in owners[n]]
            yield f'({_shown(fitting)}) " * " {quoted(name)}'

    @property
    def _names(self) -> dict[str, str]:
        return {name: name for name in self.variables or ()}

    def _claims(self, sentence: str) -> Iterator[str]:
        """What a sentence may claim: a limit that it gives, or how things compare."""
        bounds = bounds_of(sentence)
        shares = [*shares_of_total(sentence, self._names)] if self.variables else []
        for share in shares:
            yield self._share(share, bounds.get(share * 100))
        limits = [
            number
            for mention in find_mentions(sentence)
            if mention.unit != PERCENT
            for number in forms_of(mention)
        ]
        for sign, side in ((" >= ", False), (" <= ", True)):
            if known := [limit for limit in limits if bounds.get(limit) is side]:
                yield f"sum {quoted(sign)} ({_shown(known)})"
        if free := [limit for limit in limits if limit not in bounds]:
            yield f"sum {_ANY} ({_shown(free)})"
        if not relates(sentence):
            return
        multiple = find_multiple(sentence, self._names) if self.variables else None
        if multiple is not None:
            factor = print_number(multiple.factor)
            right = quoted(f"{factor} * {multiple.second}")
            yield f"{quoted(multiple.first)} {_sign(multiple.is_upper)} {right}"
        elif not shares:
            yield f'sum {_ANY} (sum | "0")'

    def _share(self, share: Fraction, is_upper: bool | None) -> str:
        total = " + ".join(self.variables or ())
        right = quoted(f"{print_number(share)} * ({total})")
        return f"name {_sign(is_upper)} {right}"


def _sign(is_upper: bool | None) -> str:
    if is_upper is None:
        return _ANY
    return '" <= "' if is_upper else '" >= "'


def _as_factors(sentences: Sequence[str]) -> list[Fraction]:
    """The numbers of a text that may multiply something: of percentages, the shares alone."""
    text = " ".join(sentences)
    mentions = find_mentions(text)
    plain = {mention.amount for mention in mentions if mention.unit != PERCENT}
    percents = {mention.amount for mention in mentions if mention.unit == PERCENT} - plain
    return [number for number in numbers_of(text) if number not in percents]


def _shown(numbers: Iterable[Fraction]) -> str:
    return alternatives(dict.fromkeys(map(print_number, numbers)))
