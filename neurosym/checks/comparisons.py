"""Whether things are compared with each other as their sentence compares them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from neurosym.candidate import Check
from neurosym.checks.model_parts import stated_rows, words_for
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.optimization.expression import Comparison
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Model
from neurosym.translators.cues import denies
from neurosym.translators.measures import decided_measures
from neurosym.translators.said_limits import SaidLimit, said_limits
from neurosym.translators.said_sums import Sum
from neurosym.translators.templates import find_multiple

__all__ = ["check_comparisons"]


def check_comparisons(sentences: Sequence[str], model: Model) -> Check:
    """Check rows that set some variables against others, where their sentence spells that out.

    Of "at least twice as many boats as canoes" the row is ``boats >= 2 * canoes``, of "at least 5
    more boats than canoes" ``boats >= canoes + 5``. One with the same factors and number that says
    something else is turned round; one with others may be about something else.

    Args:
        sentences: The text.
        model: A model of it.
    """
    name = ModelCheckName.COMPARISONS
    names = words_for(model)
    measures = decided_measures(sentences)
    instance = model.instance
    decided = False
    for row, constraint in stated_rows(model):
        found = [*_of_row(instance, row)]
        # Which way a sum of one sign is limited is a matter of directions.
        if not constraint.source or not any(least.compares for least in found):
            continue
        limits = _said(constraint.source, names, measures)
        said = [least for limit in limits for least in _of_limit(limit)]
        if any(least.is_as(other) for least in found for other in said):
            decided = True
        elif any(least.is_turned(other) for least in found for other in said):
            meant = ", ".join(map(str, limits))
            return failed(name, f"{print_claim(constraint.claim)} is turned round: {meant}")
    return passed(name) if decided else not_applicable(name, "no comparison is spelled out")


@dataclass(frozen=True, slots=True)
class _Least:
    """A sum that is at least some number, on such a scale that its smallest factor is 1.

    Attributes:
        terms: The factor of each variable.
        number: The number.
    """

    terms: Mapping[str, Fraction]
    number: Fraction

    @classmethod
    def of(cls, terms: Mapping[str, Fraction], number: Fraction, sign: int) -> _Least:
        """A sum that is at least a number, or of which that is so with all signs changed."""
        scale = sign / min(map(abs, terms.values()))
        return cls({name: scale * value for name, value in terms.items()}, scale * number)

    @property
    def compares(self) -> bool:
        """Whether it sets some variables against others."""
        return len({value > 0 for value in self.terms.values()}) > 1

    def is_as(self, other: _Least) -> bool:
        """Whether it says what another does, which may or may not leave its number out."""
        return self.terms == other.terms and abs(self.number - other.number) <= 1

    def is_turned(self, other: _Least) -> bool:
        """Whether it has the variables, factors and number of another, but says another thing."""
        return (
            self.terms.keys() == other.terms.keys()
            and sorted(map(abs, self.terms.values())) == sorted(map(abs, other.terms.values()))
            and abs(abs(self.number) - abs(other.number)) <= 1
        )


def _of_row(instance: Instance, row: int) -> Iterator[_Least]:
    terms = {
        instance.column_names[column]: Fraction(value) for column, value in instance.entries(row)
    }
    for side, sign in ((instance.row_lower[row], 1), (instance.row_upper[row], -1)):
        if terms and not math.isinf(side):
            yield _Least.of(terms, Fraction(side), sign)


def _of_limit(limit: SaidLimit) -> Iterator[_Least]:
    if limit.comparison is not Comparison.AT_MOST:
        yield _Least.of(limit.sum.terms, limit.number, 1)
    if limit.comparison in (Comparison.AT_MOST, Comparison.EQUAL):
        yield _Least.of(limit.sum.terms, limit.number, -1)


def _said(
    sentence: str, names: Mapping[str, str], measures: frozenset[str]
) -> tuple[SaidLimit, ...]:
    """What a sentence says of things together; "equal" where it does not say which way."""
    if limits := said_limits(sentence, names, measures):
        return limits
    multiple = find_multiple(sentence, names)
    if multiple is None:
        return ()
    way = Comparison.AT_MOST if multiple.is_upper else Comparison.AT_LEAST
    # What is denied ("cannot be ...") tells nothing of the way.
    is_open = multiple.is_upper is None or denies(sentence)
    terms = {multiple.first: Fraction(1), multiple.second: -multiple.factor}
    return (SaidLimit(Sum(terms), Comparison.EQUAL if is_open else way, Fraction(0)),)
