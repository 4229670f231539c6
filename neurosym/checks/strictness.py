"""Whether "more than 40" leaves 40 out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from neurosym.answers.mentions import Weight, find_mentions
from neurosym.candidate import Check
from neurosym.checks.model_parts import limits_of_row, stated_rows
from neurosym.checks.names import ModelCheckName, not_applicable, passed, undecided
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.printer import print_claim
from neurosym.formal.optimization.model import Model
from neurosym.translators.cues import bounds_of

__all__ = ["beside_strict_limits", "check_strictness"]

_STRICTLY = re.compile(
    r"(?<!no )(?<!not )\b(?P<words>(?:more|greater|larger|higher|fewer|less|smaller|lower)"
    r" than|above|below)\s+(?!or\b)(?=(?P<rest>[^,;.]*(?:[.,]\d+[^,;.]*)*))",
    re.IGNORECASE,
)
_LOWER = re.compile(r"more|greater|larger|higher|above", re.IGNORECASE)


def check_strictness(model: Model) -> Check:
    """Check limits of sums that are whole: of "fewer than 40 trips" the row is ``trips <= 39``.

    Many texts say "more than" of a limit that may be met, so a row that allows the limit itself is
    undecided, never failed: a person should look. Limits of sums that may be fractions are not
    judged, since no solver tells them from strict ones.
    """
    name = ModelCheckName.STRICTNESS
    instance = model.instance
    decided = False
    for row, constraint in stated_rows(model):
        if not _is_whole(instance, row):
            continue
        lower, upper = limits_of_row(instance, row)
        for words, limit in _strict_limits(constraint.source):
            # Of "cannot make more than 40" the row is an upper one, which is as it should be.
            side = lower if _LOWER.match(words) else upper
            if limit == side:
                claim = print_claim(constraint.claim)
                said = f"{words.lower()} {float(limit):g}"
                return undecided(name, f"{said!r} leaves it out, and {claim} allows it")
            decided |= side is not None and abs(side - limit) == 1
    return passed(name) if decided else not_applicable(name, "no strict limit of a whole sum")


def beside_strict_limits(text: str) -> Mapping[Fraction, Fraction]:
    """For each whole number that a text leaves out as a limit, the last one that it allows.

    Of "more than 40" that is 41, and of "cannot be more than 40" nothing, for 40 is allowed.
    """
    bounds = bounds_of(text)
    found: dict[Fraction, Fraction] = {}
    for words, limit in _strict_limits(text):
        is_lower = _LOWER.match(words) is not None
        if limit.denominator == 1 and bounds.get(limit, not is_lower) is not is_lower:
            found[limit] = limit + (1 if is_lower else -1)
    return found


def _strict_limits(sentence: str) -> Iterator[tuple[str, Fraction]]:
    for match in _STRICTLY.finditer(sentence):
        for mention in find_mentions(match["rest"])[:1]:
            # Only a number that follows at once is the limit: "more than 40", not "more than the
            # 40 boats carry".
            if mention.weight is Weight.FIRM and match["rest"].startswith(mention.text):
                yield match["words"], mention.amount


def _is_whole(instance: Instance, row: int) -> bool:
    """Whether a row sums whole numbers of whole variables."""
    return all(
        instance.integer[column] and value == int(value) for column, value in instance.entries(row)
    )
