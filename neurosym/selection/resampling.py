"""What resampling with an imperfect verifier can reach, and when more samples make it worse.

A verifier that accepts wrong answers, if rarely, puts a ceiling on sampling until one is accepted:
problems that the model rarely gets right end in a false acceptance (Stroebl, Kapoor and Narayanan
2024, arXiv:2411.17501, sections 2 and 4). Everything here follows from three things: how often the
verifier accepts right and wrong samples, and how probable right samples are. Each may differ from
problem to problem: a search for a proof accepts no right "Uncertain", however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any, Self

from neurosym.errors import InputError, OptionError
from neurosym.selection.reliability import wilson_by_groups

if TYPE_CHECKING:
    from neurosym.selection.arrays import Array

__all__ = [
    "Costs",
    "Judged",
    "Outlook",
    "Rate",
    "Reach",
    "Spread",
    "Verifier",
    "ceiling",
    "fit_difficulty",
    "fit_verifier",
    "seen_reach",
    "verifier_rates",
]

_POINTS = 32
"""Points of the numerical integration, for each of three probabilities."""
_ALIKE = 1e6
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """The samples of one problem, by whether they are right and whether the verifier took them.

    Attributes:
        right_accepted: Right samples that were accepted.
        right_refused: Right samples that were not.
        wrong_accepted: Wrong samples that were accepted.
        wrong_refused: Wrong samples that were not.
    """

    right_accepted: int = 0
    right_refused: int = 0
    wrong_accepted: int = 0
    wrong_refused: int = 0

    @property
    def samples(self) -> int:
        """All of them."""
        return self.right + self.wrong

    @property
    def right(self) -> int:
        """The right ones."""
        return self.right_accepted + self.right_refused

    @property
    def wrong(self) -> int:
        """The wrong ones."""
        return self.wrong_accepted + self.wrong_refused


@dataclass(frozen=True, slots=True)
class Rate:
    """A frequency with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, hits: Sequence[int], counts: Sequence[int]) -> Rate:
        """Of some samples of each problem; unknown, from 0 to 1, if there are none.

        Samples of one problem go together; see
        :func:`neurosym.selection.reliability.wilson_by_groups`.
        """
        if not sum(counts):
            return cls(0.5, 0.0, 1.0)
        return cls(sum(hits) / sum(counts), *wilson_by_groups(hits, counts))


@dataclass(frozen=True, slots=True)
class Spread:
    """How a probability is spread over problems: a Beta distribution.

    Attributes:
        alpha: Its first parameter.
        beta: Its second.
    """

    alpha: float
    beta: float

    @classmethod
    def at(cls, probability: float) -> Spread:
        """The same for all problems, or as good as that."""
        return cls(max(probability, _LEAST) * _ALIKE, max(1 - probability, _LEAST) * _ALIKE)

    @classmethod
    def of(cls, hits: Sequence[int], counts: Sequence[int]) -> Spread:
        """That under which hits of so many trials of each problem are likeliest.

        Without a trial nothing is known, so that all probabilities are alike probable.
        """
        import numpy as np
        from scipy.optimize import minimize
        from scipy.special import betaln

        won = np.array(hits, dtype=float)
        lost = np.array(counts, dtype=float) - won

        def loss(theta: Array) -> float:
            alpha, beta = np.exp(theta)
            return float(-(betaln(won + alpha, lost + beta) - betaln(alpha, beta)).sum())

        if not (won + lost).sum():
            return cls(1.0, 1.0)
        found = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-5, 7), (-5, 7)])
        alpha, beta = np.exp(found.x)
        return cls(float(alpha), float(beta))

    def points(self, count: int) -> Array:
        """Probabilities that stand for equal parts of all problems, each the middle of its part."""
        import numpy as np
        from scipy.stats import beta

        points: Array = beta.ppf((np.arange(count) + 0.5) / count, self.alpha, self.beta)
        return points


@dataclass(frozen=True, slots=True)
class Verifier:
    """How good a verifier is, which may be another thing on each problem.

    Attributes:
        true_positives: How often it accepts a right sample.
        false_positives: How often it accepts a wrong one.
    """

    true_positives: Spread
    false_positives: Spread


def fit_verifier(problems: Sequence[Judged]) -> Verifier:
    """A verifier's quality on labelled problems."""
    return Verifier(
        Spread.of([item.right_accepted for item in problems], [item.right for item in problems]),
        Spread.of([item.wrong_accepted for item in problems], [item.wrong for item in problems]),
    )


def verifier_rates(problems: Sequence[Judged]) -> tuple[Rate, Rate]:
    """How often right and wrong samples are accepted, over all samples of labelled problems."""
    return (
        Rate.of([item.right_accepted for item in problems], [item.right for item in problems]),
        Rate.of([item.wrong_accepted for item in problems], [item.wrong for item in problems]),
    )


def fit_difficulty(problems: Sequence[Judged]) -> Spread:
    """How probable right samples are on labelled problems.

    Raises:
        InputError: There are no samples.
    """
    counts = [item.samples for item in problems]
    if not sum(counts):
        raise InputError("there are no samples to learn from", hint="Give labelled runs.")
    return Spread.of([item.right for item in problems], counts)


def _acceptances(verifier: Verifier, difficulty: Spread) -> tuple[Array, Array]:
    """How probable it is that a sample is right and accepted, and wrong and accepted.

    Each pair stands for an equal part of all problems; how hard a problem is and how it is judged
    are taken to be independent.
    """
    import numpy as np

    right, true, false = np.meshgrid(
        difficulty.points(_POINTS),
        verifier.true_positives.points(_POINTS),
        verifier.false_positives.points(_POINTS),
    )
    return (right * true).ravel(), ((1 - right) * false).ravel()


@dataclass(frozen=True, slots=True)
class Costs:
    """What an end is worth: a right answer 1, the others less.

    Attributes:
        wrong: Cost of a wrong answer.
        none: Cost of an abstention.

    Raises:
        OptionError: One of them is negative or infinite.
    """

    wrong: float = 1.0
    none: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("wrong", self.wrong), ("none", self.none)):
            if not 0 <= value < math.inf:
                raise OptionError(f"the cost of {name} is {value}", hint="Give 0 or more.")


@dataclass(frozen=True, slots=True)
class Reach:
    """What sampling until the verifier accepts comes to, at each number of samples from 0 on.

    Attributes:
        right: Part of all problems that ends in a right answer.
        wrong: Part that ends in a wrong one.
    """

    right: Array
    wrong: Array

    @classmethod
    def predicted(cls, verifier: Verifier, difficulty: Spread, most: int) -> Reach:
        """What a verifier of some quality makes of problems of some difficulty.

        Args:
            verifier: The verifier; of one problem, samples are judged independently of each other.
            difficulty: How probable right samples are.
            most: Most samples of a problem.
        """
        import numpy as np

        hit, miss = _acceptances(verifier, difficulty)
        right, wrong = np.zeros(most + 1), np.zeros(most + 1)
        undecided = np.ones_like(hit)  # the chance that no sample was accepted so far
        for number in range(1, most + 1):
            right[number] = right[number - 1] + (undecided * hit).mean()
            wrong[number] = wrong[number - 1] + (undecided * miss).mean()
            undecided *= 1 - hit - miss
        return cls(right, wrong)

    @property
    def none(self) -> Array:
        """Part of all problems that ends without an answer."""
        return 1 - self.right - self.wrong

    @property
    def precision(self) -> Array:
        """Part of the answers that is right; NaN at 0 samples."""
        import numpy as np

        answered = self.right + self.wrong
        return np.divide(
            self.right, answered, out=np.full_like(answered, np.nan), where=answered > 0
        )

    def utility(self, costs: Costs) -> Array:
        """What it is worth at some costs, at each number of samples."""
        return self.right - costs.wrong * self.wrong - costs.none * self.none

    def best_number(self, costs: Costs) -> int:
        """The number of samples after which more make it no better; 0 if none is worth drawing."""
        import numpy as np

        return int(np.argmax(self.utility(costs).round(12)))


def ceiling(verifier: Verifier, difficulty: Spread) -> float:
    """The part of all problems that any number of samples ends in a right answer."""
    import numpy as np

    hit, miss = _acceptances(verifier, difficulty)
    ends = np.divide(hit, hit + miss, out=np.zeros_like(hit), where=hit + miss > 0)
    return float(ends.mean())


@dataclass(frozen=True, slots=True)
class Outlook:
    """What labelled problems say of sampling until the verifier accepts.

    Attributes:
        verifier: How good the verifier is.
        difficulty: How probable right samples are.
        accepts_right: How often it accepts a right sample, over all of them.
        accepts_wrong: How often it accepts a wrong one.
    """

    verifier: Verifier
    difficulty: Spread
    accepts_right: Rate
    accepts_wrong: Rate

    @classmethod
    def of(cls, problems: Sequence[Judged]) -> Self:
        """What the samples of labelled problems say.

        Raises:
            InputError: There are no samples.
        """
        return cls(fit_verifier(problems), fit_difficulty(problems), *verifier_rates(problems))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The outlook whose fields were written as JSON.

        Raises:
            KeyError: A field is missing.
            TypeError: They are not its fields.
        """
        verifier = data["verifier"]
        return cls(
            Verifier(Spread(**verifier["true_positives"]), Spread(**verifier["false_positives"])),
            Spread(**data["difficulty"]),
            Rate(**data["accepts_right"]),
            Rate(**data["accepts_wrong"]),
        )

    @property
    def ceiling(self) -> float:
        """The part of all problems that any number of samples ends in a right answer."""
        return ceiling(self.verifier, self.difficulty)

    def reach(self, most: int) -> Reach:
        """What it comes to at each number of samples up to a number."""
        return Reach.predicted(self.verifier, self.difficulty, most)


def seen_reach(problems: Sequence[Judged], most: int) -> Reach:
    """What sampling until the verifier accepts came to, over all orders of the samples there are.

    Args:
        problems: Their samples.
        most: Most samples of a problem; where it has fewer, all of them are drawn.

    Raises:
        InputError: There are no problems.
    """
    import numpy as np

    if not problems:
        raise InputError("there are no problems to count", hint="Give labelled runs.")
    right, wrong = np.zeros(most + 1), np.zeros(most + 1)
    for item in problems:
        accepted = item.right_accepted + item.wrong_accepted
        if not accepted:
            continue
        refused = item.samples - accepted
        # None of the first k of n is accepted in C(refused, k) of C(n, k) choices.
        missed = [
            comb(refused, min(k, item.samples)) / comb(item.samples, min(k, item.samples))
            for k in range(most + 1)
        ]
        within = 1 - np.array(missed)
        right += within * item.right_accepted / accepted
        wrong += within * item.wrong_accepted / accepted
    return Reach(right / len(problems), wrong / len(problems))
