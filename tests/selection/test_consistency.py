"""Votes weighted by the probabilities of samples."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from neurosym.candidate import Candidate
from neurosym.selection.ballots import Ballots
from neurosym.selection.consistency import PerplexityConsistency, ReasoningPruning
from neurosym.selection.majority import Majority
from tests.builders import candidate, labels


def sampled(*samples: tuple[int | None, float], texts: str = "") -> list[Candidate]:
    """Candidates by answer and probability of a token; ``texts`` has a letter for each text."""
    return [
        candidate(i, answer, logprobs=(log(p), log(p)), text=texts[i] if texts else None)
        for i, (answer, p) in enumerate(samples)
    ]


def test_a_probable_sample_outweighs_two_improbable_ones() -> None:
    votes = sampled((1, 0.2), (1, 0.3), (2, 0.9))
    selection = PerplexityConsistency().select(votes, labels(votes))
    assert Majority().select(votes, labels(votes)).label == 0
    assert selection.label == 1
    assert selection.weights == pytest.approx((0.5, 0.9))
    assert selection.share == pytest.approx(0.9 / 1.4)


def test_the_same_text_is_counted_once() -> None:
    votes = sampled((1, 0.6), (1, 0.6), (1, 0.6), (2, 0.9), texts="aaab")
    assert PerplexityConsistency().select(votes, labels(votes)).weights == pytest.approx((0.6, 0.9))


def test_without_probabilities_samples_are_counted() -> None:
    votes = [candidate(0, 1), candidate(1, 2), *sampled((0, 0.5), (0, 0.5), (2, 0.9))[2:]]
    assert PerplexityConsistency().select(votes, labels(votes)).weights == (1.0, 2.0)


@pytest.mark.parametrize("rule", [PerplexityConsistency(), ReasoningPruning()])
def test_impossible_samples_are_counted_too(rule: PerplexityConsistency | ReasoningPruning) -> None:
    votes = [candidate(i, i % 2, logprobs=(-np.inf,)) for i in range(5)]
    assert rule.select(votes, labels(votes)).label == 0


def test_improbable_samples_are_left_out_together() -> None:
    """Ten guesses agree, but the four samples that the model was sure of say something else."""
    low = [(1, 0.20 + 0.005 * i) for i in range(10)]
    high = [(2, 0.85 + 0.01 * i) for i in range(2)]
    votes = sampled(*low, *high)
    assert PerplexityConsistency().select(votes, labels(votes)).label == 0
    selection = ReasoningPruning().select(votes, labels(votes))
    assert selection.weights == pytest.approx((0.0, 1.71))
    assert selection.share == 1.0


def test_three_different_samples_are_too_few_to_tell_apart() -> None:
    votes = sampled((1, 0.1), (1, 0.1), (2, 0.8), (2, 0.9))
    assert ReasoningPruning().select(votes, labels(votes)).weights == pytest.approx((0.2, 1.7))


def test_problems_of_different_sizes_are_counted_together_as_each_alone() -> None:
    random = np.random.default_rng(0)
    problems = []
    for count in (1, 5, 30, 12, 0):
        drawn = zip(random.integers(0, 3, count), random.beta(8, 2, count), strict=True)
        votes = sampled(*((int(answer), float(p)) for answer, p in drawn))
        problems.append((votes, labels(votes)))
    for rule in (PerplexityConsistency(), ReasoningPruning(), Majority()):
        together = rule.choose(Ballots.of(problems))
        for k, (votes, classes) in enumerate(problems):
            alone = rule.select(votes, classes)
            here = together.selection(k, len(votes), max(classes, default=-1) + 1)
            assert (here.candidate, here.label) == (alone.candidate, alone.label)
            assert here.votes == pytest.approx(alone.votes)
            assert here.share == pytest.approx(alone.share)


def converged(rule: PerplexityConsistency | Majority, samples: int) -> float:
    """Mean squared error of a rule's estimate of how probable an answer is, at some samples.

    A model writes one of 200 texts, each with its probability; half of them give the answer.
    """
    random = np.random.default_rng(1)
    errors = []
    for _ in range(200):
        probabilities = random.dirichlet(np.full(200, 0.05))
        drawn = random.choice(200, samples, p=probabilities)
        votes = [
            candidate(i, int(text) % 2, text=str(text),
                      logprobs=(log(max(probabilities[text], 1e-300)),))
            for i, text in enumerate(drawn)
        ]  # fmt: skip
        classes = [int(text) % 2 for text in drawn]
        weights = rule.weights(Ballots.of([(votes, classes)]))[0]
        estimate = weights[np.array(classes) == 0].sum()
        estimate /= 1 if isinstance(rule, PerplexityConsistency) else samples
        errors.append((estimate - probabilities[::2].sum()) ** 2)
    return float(np.mean(errors))


def test_probabilities_added_up_converge_faster_than_counts() -> None:
    """Section 3.2: the error of counts falls as 1/n, that of sums exponentially."""
    few, many = 8, 64
    by_sum = converged(PerplexityConsistency(), few) / converged(PerplexityConsistency(), many)
    by_count = converged(Majority(), few) / converged(Majority(), many)
    assert by_count == pytest.approx(many / few, rel=0.5)
    assert by_sum > 2 * by_count


def test_a_weight_is_the_geometric_mean_of_the_tokens_probabilities() -> None:
    votes = [candidate(0, 1, logprobs=(log(0.9), log(0.4)))]
    assert PerplexityConsistency().select(votes, [0]).votes == pytest.approx(
        (exp((log(0.9) + log(0.4)) / 2),)
    )


def test_samples_without_an_answer_leave_answers_in_the_vote() -> None:
    votes = sampled(*[(1, 0.30 + i / 100) for i in range(3)], (2, 0.29),
                    *[(None, 0.90 + i / 100) for i in range(4)])  # fmt: skip
    assert ReasoningPruning().select(votes, labels(votes)).label == 0
    unlikely = [candidate(i, 1, logprobs=(-25.0,)) for i in range(3)]
    assert PerplexityConsistency().select(unlikely, labels(unlikely)).label == 0


def test_a_sample_of_no_tokens_and_no_answer_is_no_hindrance() -> None:
    votes = [*sampled((1, 0.2), (1, 0.3), (2, 0.9)), candidate(3, None, logprobs=())]
    assert PerplexityConsistency().select(votes, labels(votes)).weights == pytest.approx((0.5, 0.9))


def test_many_equal_probabilities_are_one_component() -> None:
    votes = sampled(*[(1, 0.1)] * 5, (2, 0.5), (2, 0.6), (2, 0.7), (2, 0.9))
    assert ReasoningPruning().select(votes, labels(votes)).weights == pytest.approx((0.0, 2.7))
    same = sampled(*[(1, 0.5)] * 5, (2, 0.5))
    assert ReasoningPruning().select(same, labels(same)).weights == pytest.approx((2.5, 0.5))


def test_a_text_in_two_routes_counts_in_both_whatever_the_order() -> None:
    both = [
        candidate(i, 1, text="x", variant=i, logprobs=(log(p),)) for i, p in ((0, 0.9), (1, 0.2))
    ]
    for votes in (both, both[::-1]):
        assert PerplexityConsistency().select(votes, labels(votes)).weights == pytest.approx((1.1,))
