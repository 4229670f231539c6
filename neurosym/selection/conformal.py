"""Which answers to act on, with a bound on how many of them are wrong.

Conformal selection (Jin and Candès 2023, arXiv:2210.01408) turns scores of answers into p-values
against "this answer is wrong", and selects by the rule of Benjamini and Hochberg (1995), so that in
expectation at most a named part of what is selected is wrong (the false discovery rate). Of all
labelled answers, right ones included, a p-value is the part that is wrong and scored as high (the
clipped score of section 2.4), so that it knows how rare wrong answers are. The best of several
scores may be chosen on the same data if the choice for each answer treats that answer and the
labelled wrong ones alike (optimized conformal selection: Bai and Jin 2024, arXiv:2411.17983). It
holds if labelled and new problems are of one kind (exchangeable), so that right answers are as
frequent among both. What has no answer belongs to neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosym.errors import InputError, OptionError

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array, Marks, Numbers

__all__ = ["Selected", "check_rate", "select_answers"]


@dataclass(frozen=True, slots=True)
class Selected:
    """Which answers to act on.

    Attributes:
        chosen: Whether each is selected; answers.
        p_values: How often an answer would be wrong and scored as high; answers.
        scores: Which score was chosen for each; answers.
        level: The bound on the false discovery rate.
    """

    chosen: Marks
    p_values: Array
    scores: Numbers
    level: float


def check_rate(rate: float) -> None:
    """Refuse what is no bound on a rate.

    Raises:
        OptionError: It is not between 0 and 1.
    """
    if not 0 < rate < 1:
        raise OptionError(f"the level is {rate}", hint="Give a rate between 0 and 1, such as 0.1.")


def select_answers(
    wrong: Array, new: Array, level: float, *, labelled: int, seed: int | None = None
) -> Selected:
    """Select new answers so that in expectation at most a part of them is wrong.

    Args:
        wrong: Scores of labelled wrong answers, higher where more speaks for one; scores × wrong
            answers, or wrong answers if there is one score.
        new: The same of the new answers.
        level: The bound on the false discovery rate, in (0, 1).
        labelled: How many labelled answers there are, the right ones included.
        seed: Where answers take different scores, which of them stay is drawn by lot, as the bound
            asks for; ``None`` keeps those that stay under every lot, which are fewer.

    Raises:
        OptionError: The level is out of range.
        InputError: Scores are missing, or not numbers, or wrong and new answers differ in them, or
            more answers are wrong than labelled.
    """
    import numpy as np

    check_rate(level)
    wrong, new = np.atleast_2d(wrong), np.atleast_2d(new)
    if len(wrong) != len(new) or np.isnan(wrong).any() or np.isnan(new).any():
        raise InputError(
            "the scores of wrong and of new answers do not fit together",
            hint="Give each answer a number for each of the same scores.",
        )
    if wrong.shape[1] > labelled:
        raise InputError(
            f"{wrong.shape[1]} answers are wrong, of {labelled} labelled ones",
            hint="Count all labelled answers, the right and the wrong ones.",
        )
    above = _at_least(wrong, new)  # of the wrong answers, how many reach each new one's score
    answers = np.arange(new.shape[1])
    found = np.array([_beside(*row, labelled, level) for row in zip(new, above, strict=True)])
    chosen = found.argmax(axis=0).astype(np.intp)
    sizes = found[chosen, answers].astype(float)
    p_values = (above[chosen, answers] + 1) / (labelled + 1)
    first = p_values <= level * sizes / max(len(answers), 1)
    return Selected(first & _kept(first, sizes, seed), p_values, chosen, level)


def _at_least(wrong: Array, new: Array) -> Array:
    """For each score, how many wrong answers are scored as high as each new one."""
    import numpy as np

    counts = [
        len(below) - np.searchsorted(np.sort(below), row, side="left")
        for below, row in zip(wrong, new, strict=True)
    ]
    return np.array(counts, dtype=float)


def _beside(new: Array, above: Array, labelled: int, level: float) -> Numbers:
    """How many answers the rule of Benjamini and Hochberg selects, once for each of them.

    With that answer among the wrong ones, and itself selected in any case, what the others'
    p-values are is blind to which one of them it is; so are the numbers selected by them, and the
    score chosen by these. Others that are scored higher keep their p-values then, and the rest have
    one wrong answer more above them.

    Args:
        new: One score of each new answer.
        above: How many wrong answers are scored as high.
        labelled: How many labelled answers there are.
        level: The bound on the false discovery rate.
    """
    import numpy as np

    count = len(new)
    order = np.argsort(-new, kind="stable")
    ranks = np.arange(count) + 1
    p_kept, p_later = above[order] / (labelled + 1), (above[order] + 1) / (labelled + 1)
    # The answer comes first, so that those above it are one place further down.
    kept = np.where(p_kept <= level * (ranks + 1) / count, ranks + 1, 1)
    most_of_kept = np.concatenate([[1], np.maximum.accumulate(kept)])
    last_later = int(np.where(p_later <= level * ranks / count, ranks, 0).max(initial=0))
    higher = np.searchsorted(-new[order], -new, side="left")  # how many are scored higher
    found: Numbers = np.where(last_later > higher + 1, last_later, most_of_kept[higher])
    return found


def _kept(first: Marks, sizes: Array, seed: int | None) -> Marks:
    """Those that stay where they expect different numbers beside them (pruning).

    Each stays if at least as many stay as its own number, times a lot between 0 and 1, asks for.
    """
    import numpy as np

    lots = np.ones(len(sizes)) if seed is None else np.random.default_rng(seed).random(len(sizes))
    wanted = np.sort((lots * sizes)[first])
    most = np.flatnonzero(wanted <= np.arange(len(wanted)) + 1)
    kept: Marks = lots * sizes <= (most[-1] + 1 if len(most) else 0)
    return kept
