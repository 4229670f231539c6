"""Whether a model multiplies each thing by what the text says of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from neurosym.candidate import Check
from neurosym.checks.model_parts import literals, words_for
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.model import Model
from neurosym.translators.attribution import said_of

__all__ = ["check_attribution"]


def check_attribution(sentences: Iterable[str], model: Model) -> Check:
    """Check the numbers that multiply or limit a variable; those up to 1 are mostly shares.

    Variables with indices are not judged.

    Args:
        sentences: The text.
        model: A model of it.
    """
    name = ModelCheckName.ATTRIBUTION
    scalars = words_for(model)
    owners = said_of(sentences, scalars)
    written = literals(model)
    decided = False
    for variable, number in _numbers_of(model.instance, frozenset(scalars)):
        # What was computed, such as 8 of (20 - 12), is said of nothing.
        if number not in owners or number not in written:
            continue
        decided = True
        if variable not in owners[number]:
            meant = ", ".join(sorted(owners[number]))
            return failed(name, f"{float(number):g} is said of {meant}, not of {variable}")
    return passed(name) if decided else not_applicable(name, "no number is said of one variable")


def _numbers_of(instance: Instance, scalars: frozenset[str]) -> Iterator[tuple[str, Fraction]]:
    names: Sequence[str] = instance.column_names
    numbers = [*enumerate(instance.cost.tolist())]
    numbers += [*enumerate(instance.lower.tolist()), *enumerate(instance.upper.tolist())]
    for row in range(instance.rows):
        entries = instance.entries(row)
        numbers += entries
        if [abs(value) for _, value in entries] == [1]:
            sides = (instance.row_lower[row], instance.row_upper[row])
            numbers += [(entries[0][0], side) for side in sides]
    for column, value in numbers:
        if column >= instance.auxiliary or math.isinf(value):
            continue
        if names[column] in scalars and abs(value) > 1:
            yield names[column], abs(Fraction(value))
