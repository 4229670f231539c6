"""Whether a share of a total is taken of the total, and not of what is left of it."""

from __future__ import annotations

from fractions import Fraction

from neurosym.candidate import Check
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.fol.spelling import words
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Model
from neurosym.translators.templates import TOTAL_WORDS, shares_of_total

__all__ = ["check_shares"]


def check_shares(model: Model) -> Check:
    """Check rows that compare part of a total with a percentage.

    Of "at least 30% of the trips are by canoe" the row is ``canoes >= 0.3 * (boats + canoes)``;
    ``canoes >= 0.3 * boats`` is a share of the boats. A share of something that only some of the
    variables are named after ("30% of the number of boats") is what it says, and is not judged.
    """
    name = ModelCheckName.SHARES
    if any(_is_total(item.name, item.meaning) for item in model.variables):
        return not_applicable(name, "a variable stands for a total")
    names = {item.name: item.name for item in model.variables}
    instance = model.instance
    decided = False
    for row in range(instance.rows):
        constraint = model.constraints[int(instance.row_origin[row])]
        for share in shares_of_total(constraint.source, names):
            is_of_total = _takes_share(instance, row, share)
            if is_of_total is None:
                continue
            decided = True
            if not is_of_total:
                percent = f"{float(share * 100):g}%"
                claim = print_claim(constraint.claim)
                return failed(name, f"{claim} takes {percent} of a part, not of the total")
    return passed(name) if decided else not_applicable(name, "no share of a total")


def _is_total(name: str, meaning: str) -> bool:
    return not TOTAL_WORDS.isdisjoint(words(f"{name} {meaning}"))


def _takes_share(instance: Instance, row: int, share: Fraction) -> bool | None:
    """Whether a homogeneous row takes a share of a sum that holds what it is compared with.

    ``None`` if the row has nothing to do with that share.
    """
    entries = [value for _, value in instance.entries(row)]
    sides = {instance.row_lower[row], instance.row_upper[row]}
    if 0 not in sides or len(entries) < 2:
        return None
    sizes = {abs(value) for value in entries}
    if share not in sizes or not sizes <= {1, share, 1 - share}:
        return None
    return 1 not in sizes
