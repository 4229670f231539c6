"""Whether a share of a total is taken of the total, for the right thing, and the right way."""

from __future__ import annotations

from fractions import Fraction

from neurosym.candidate import Check
from neurosym.checks.model_parts import stated_rows, words_for
from neurosym.checks.names import ModelCheckName, failed, not_applicable, passed
from neurosym.formal.fol.spelling import words
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Model
from neurosym.translators.cues import denies
from neurosym.translators.templates import TOTAL_WORDS, Share, says_total, shares_of_total

__all__ = ["check_shares"]


def check_shares(model: Model) -> Check:
    """Check rows that compare part of a total with a percentage or a fraction of it.

    Of "at least 30% of the trips are by canoe" the row is ``canoes >= 0.3 * (boats + canoes)``;
    ``canoes >= 0.3 * boats`` is a share of the boats, and with ``boats`` on the left it is one for
    the boats. A share of something that only some of the variables are named after ("30% of the
    number of boats") is what it says, and is not judged; of what a sentence denies ("must not be
    canoes") it is not judged whose share it is.
    """
    name = ModelCheckName.SHARES
    if any(_is_total(item.name, item.meaning) for item in model.variables):
        return not_applicable(name, "a variable stands for a total")
    names = words_for(model)
    instance = model.instance
    decided = False
    for row, constraint in stated_rows(model):
        for share in shares_of_total(constraint.source, names):
            if not _is_of(instance, row, share.size):
                continue
            decided = True
            wrong = _what_is_wrong(instance, row, share, constraint.source)
            if wrong:
                return failed(name, f"{print_claim(constraint.claim)} {wrong}")
    return passed(name) if decided else not_applicable(name, "no share of a total")


def _is_total(name: str, meaning: str) -> bool:
    return not TOTAL_WORDS.isdisjoint(words(f"{name} {meaning}"))


def _is_of(instance: Instance, row: int, share: Fraction) -> bool:
    """Whether a homogeneous row takes that share of something."""
    sizes = {abs(value) for _, value in instance.entries(row)}
    sides = {instance.row_lower[row], instance.row_upper[row]}
    is_long = len(instance.entries(row)) > 1
    return is_long and 0 in sides and share in sizes and sizes <= {1, share, 1 - share}


def _what_is_wrong(instance: Instance, row: int, share: Share, sentence: str) -> str:
    """What a row that takes a share has wrong of it; empty if nothing."""
    percent = f"{float(share.size * 100):g}%"
    values = {instance.column_names[column]: value for column, value in instance.entries(row)}
    if 1 in map(abs, values.values()):
        # "A third of the number for boats" may be one of a part, "of all" is not.
        if values.keys() <= share.named and not says_total(sentence):
            return ""
        return f"takes {percent} of a part, not of the total"
    if len(share.named) != 1 or denies(sentence):
        return ""
    [thing] = share.named
    # What has a share stands against all the others, which have what is left of the whole.
    others = {value for name, value in values.items() if name != thing}
    if thing in values and others != {-share.size * (1 if values[thing] > 0 else -1)}:
        return f"takes {percent} for another than {thing}"
    lower, upper = instance.row_lower[row], instance.row_upper[row]
    if thing not in values or lower == upper or share.is_upper is None:
        return ""
    if ((upper == 0) is (values[thing] > 0)) is not share.is_upper:
        return (
            f"is the other way round: {thing} are at {'most' if share.is_upper else 'least'} that"
        )
    return ""
