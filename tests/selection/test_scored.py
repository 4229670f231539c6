"""Best of n."""

from __future__ import annotations

from neurosym.candidate import CheckState
from neurosym.selection.consistency import PerplexityConsistency
from neurosym.selection.scored import BestOfN
from neurosym.selection.weighted import VerifierWeighted
from tests.builders import candidate, labels


def test_the_best_sample_wins_against_any_number_of_others() -> None:
    failed = {"answer kind": CheckState.FAILED}
    votes = [candidate(i, 1, checks=failed) for i in range(6)] + [
        candidate(6, 2),
        candidate(7, None),
    ]
    assert VerifierWeighted().select(votes, labels(votes)).label == 0, "6 quarters against 1"
    selection = BestOfN().select(votes, labels(votes))
    assert selection.candidate == 6
    assert selection.share == 1 / 8, "of all samples one agrees with it"
    assert selection.weights == (6.0, 1.0)


def test_any_vote_may_be_the_scorer() -> None:
    votes = [candidate(0, 1, logprobs=(-1.0,)), candidate(1, 1, logprobs=(-0.9,)),
             candidate(2, 2, logprobs=(-0.2,))]  # fmt: skip
    assert BestOfN(PerplexityConsistency()).select(votes, labels(votes)).candidate == 2


def test_of_equal_scores_the_likelier_sample_wins_and_then_the_first() -> None:
    votes = [candidate(0, 1, logprobs=(-1.0,)), candidate(1, 2, logprobs=(-0.5,))]
    assert BestOfN().select(votes, labels(votes)).candidate == 1
    votes = [candidate(0, 1), candidate(1, 2)]
    assert BestOfN().select(votes, labels(votes)).candidate == 0
