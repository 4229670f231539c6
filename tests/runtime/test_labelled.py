"""Which answers of a solution are right."""

from __future__ import annotations

from neurosym.answers.equivalence import Equivalence
from neurosym.backends.base import Limits
from neurosym.backends.pool import Call
from neurosym.candidate import Outcome
from neurosym.runtime.labelled import label_vote
from neurosym.solution import Selection, Solution
from tests.builders import candidate


class NoRunner:
    """For comparisons that need no worker."""

    async def run(self, job: Call, limits: Limits) -> Outcome:
        raise AssertionError(f"{job} was sent to a worker")


async def test_all_classes_that_the_right_answer_is_in_are_right() -> None:
    answers = (0.45, 45, 46, None, 45)
    candidates = tuple(candidate(i, answer) for i, answer in enumerate(answers))
    labels = (0, 1, 2, -1, 1)
    solution = Solution("p", 45, None, 0.5, Selection(1, 1), labels, candidates)
    vote = await label_vote(solution, "45%", (), Equivalence(NoRunner()))
    assert vote.right == {0, 1}
    assert vote.labels == labels
