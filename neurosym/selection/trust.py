"""Which answers of a run to act on, by a run like it whose answers are known.

See :mod:`neurosym.selection.conformal`. An answer is scored in several ways, of which the one that
finds most is taken: its confidence, its share of the vote, and its lead over the next answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurosym.errors import InputError
from neurosym.selection.conformal import select_answers
from neurosym.solution import Selection, Solution

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = ["SCORES", "Trusted", "answer_scores", "trust_answers"]

SCORES = ("confidence", "share", "margin")
"""What answers are scored by."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """An answer, and whether to act on it.

    Attributes:
        solution: It has an answer.
        p_value: How often an answer would be wrong and scored as high.
        score: The name of the score that was taken.
        is_chosen: Whether to act on it.
    """

    solution: Solution
    p_value: float
    score: str
    is_chosen: bool


def trust_answers(
    labelled: Sequence[tuple[Solution, bool]], new: Sequence[Solution], rate: float
) -> list[Trusted]:
    """Choose answers so that in expectation at most a part of those chosen is wrong.

    Args:
        labelled: Solutions of problems like the new ones, and whether each is right.
        new: The solutions to choose among. Abstentions are passed over, here as there.
        rate: The bound on the false discovery rate, in (0, 1).

    Returns:
        The answers, those first that most speaks for.

    Raises:
        InputError: There are no labelled answers, or no new ones to choose among.
        OptionError: The rate is out of range.
    """
    answered = [item for item in new if item.abstention is None]
    known = [(item, is_right) for item, is_right in labelled if item.abstention is None]
    if not known:
        raise InputError(
            "there are no labelled answers, so that nothing says how wrong ones are scored",
            hint="Label more problems, or easier ones.",
        )
    if not answered:
        raise InputError("the run has no answers to choose among", hint="Name another run.")
    wrong = [item for item, is_right in known if not is_right]
    found = select_answers(_scores(wrong), _scores(answered), rate, labelled=len(known))
    told = [
        Trusted(item, float(p), SCORES[int(score)], bool(chosen))
        for item, p, score, chosen in zip(
            answered, found.p_values, found.scores, found.chosen, strict=True
        )
    ]
    return sorted(told, key=lambda item: (not item.is_chosen, item.p_value))


def _scores(solutions: Sequence[Solution]) -> Array:
    return answer_scores([(item.selection, item.confidence) for item in solutions])


def answer_scores(chosen: Sequence[tuple[Selection, float]]) -> Array:
    """What speaks for answers, by each of :data:`SCORES`; scores × answers.

    Args:
        chosen: What a vote chose for each problem, and its confidence.
    """
    import numpy as np

    scores = np.array([[sure, item.share, item.margin] for item, sure in chosen])
    return scores.reshape(-1, len(SCORES)).T
