"""Whether "twice as many boats as canoes" is said the right way round."""

from __future__ import annotations

from fractions import Fraction

from neurosym.candidate import Check
from neurosym.checks.model_parts import stated_rows, words_for
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Model
from neurosym.translators.cues import denies
from neurosym.translators.templates import Multiple, find_multiple

__all__ = ["check_multiples"]


def check_multiples(model: Model) -> Check:
    """Check rows that compare one variable with a multiple of another, as their sentences do.

    Of "at least twice as many boats as canoes" the row is ``boats >= 2 * canoes``. What a sentence
    denies ("cannot be ...") tells nothing of the direction.
    """
    name = ModelCheckName.MULTIPLES
    names = words_for(model)
    instance = model.instance
    decided = False
    for row, constraint in stated_rows(model):
        multiple = find_multiple(constraint.source, names) if constraint.source else None
        if multiple is None:
            continue
        wrong = _what_is_wrong(instance, row, multiple, constraint.source)
        if wrong:
            return failed(name, f"{print_claim(constraint.claim)} {wrong}")
        decided |= wrong is not None
    return passed(name) if decided else not_applicable(name, "no multiple of a variable")


def _what_is_wrong(instance: Instance, row: int, multiple: Multiple, said: str) -> str | None:
    """What a row has wrong of a multiple, empty if nothing; ``None`` if it is about another."""
    values = {instance.column_names[column]: value for column, value in instance.entries(row)}
    lower, upper = instance.row_lower[row], instance.row_upper[row]
    if values.keys() != {multiple.first, multiple.second} or 0 not in (lower, upper):
        return None
    one, other = (Fraction(values[name]) for name in (multiple.first, multiple.second))
    factor = float(multiple.factor)
    if -one / other == multiple.factor != 1:
        return f"takes {factor:g} times {multiple.first}, not {multiple.second}"
    if -other / one != multiple.factor:
        return None
    is_upper = (upper == 0) is (one > 0)
    if multiple.is_upper is None or lower == upper or denies(said):
        return ""
    if is_upper is not multiple.is_upper:
        meant = "most" if multiple.is_upper else "least"
        return f"is the other way round: {multiple.first} are at {meant} {factor:g} times that"
    return ""
