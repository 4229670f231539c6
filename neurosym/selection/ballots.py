"""What is known of samples when they vote, as arrays: many problems are counted at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from neurosym.candidate import Candidate, CheckState
from neurosym.selection.proofs import is_pooled, proof_state
from neurosym.values import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurosym.selection.arrays import Array, Marks, Numbers

__all__ = ["Ballots", "features", "sample_places"]


def features(candidate: Candidate) -> tuple[str, ...]:
    """The states of a candidate's checks and of its proof, as the names of their factors."""
    states = [_named(check.name, check.state) for check in candidate.verdict.checks]
    if (proof := proof_state(candidate)) is not None:
        states.append(f"proof={proof.value}")
    return tuple(states)


@lru_cache(maxsize=1024)
def _named(name: str, state: CheckState) -> str:
    return f"{name}={state.value}"


def sample_places(candidates: Sequence[Candidate]) -> list[int]:
    """The place of the sample that each candidate is, or was written again from.

    What is put together of several samples is of none of them, and has its own.
    """
    found = list(range(len(candidates)))
    again = [i for i, item in enumerate(candidates) if item.parent is not None]
    if not again:
        return found
    place = {item.index: i for i, item in enumerate(candidates)}
    for i in sorted(again, key=lambda i: candidates[i].index):
        parent = candidates[i].parent
        if parent in place and not is_pooled(candidates[i]):
            found[i] = found[place[parent]]
    return found


@dataclass(frozen=True, slots=True)
class Ballots:
    """Candidates of several problems. Every array is problems × candidates, padded at the end.

    There is a column at least, so that what is greatest in a row can always be asked for.

    Attributes:
        labels: Class of equal answers of each, from 0; -1 without an answer, and for padding.
        is_there: Whether there is a candidate, and no padding.
        is_drawn: Whether a model wrote it, and it is not put together of several.
        samples: Which sample it is, or was written again from; see :func:`sample_places`.
        logprobs: Its mean log-probability a token; NaN where unknown.
        texts: A number for what the model wrote; within a problem, the same for the same text.
        variants: The wording that it was asked by.
        ways: What samples that can check each other differ in: the route, or else the wording.
        states: Which of ``features`` it has.
        features: Names of check states that occur together; see :func:`features`.
        answers: The answer of each class of each problem, for rules that look into answers.
    """

    labels: Numbers
    is_there: Marks
    is_drawn: Marks
    samples: Numbers
    logprobs: Array
    texts: Numbers
    variants: Numbers
    ways: Numbers
    states: Numbers
    features: tuple[tuple[str, ...], ...] = ((),)
    answers: tuple[tuple[Value, ...], ...] = ()

    @classmethod
    def of(cls, problems: Sequence[tuple[Sequence[Candidate], Sequence[int]]]) -> Ballots:
        """The candidates of each problem, with the class of equal answers of each."""
        import numpy as np

        shape = (len(problems), max([1, *(len(found) for found, _ in problems)]))
        labels = np.full(shape, -1, dtype=np.intp)
        is_there, is_drawn = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        logprobs = np.full(shape, np.nan)
        samples, texts, variants, ways, states = np.zeros((5, *shape), dtype=np.intp)
        known: dict[tuple[str, ...], int] = {(): 0}
        answers = []
        for row, (candidates, classes) in enumerate(problems):
            n = len(candidates)
            numbers: dict[str, int] = {}
            labels[row, :n] = classes
            is_there[row, :n] = True
            is_drawn[row, :n] = [not is_pooled(item) for item in candidates]
            samples[row, :n] = sample_places(candidates)
            texts[row, :n] = [
                numbers.setdefault(item.completion.text, len(numbers)) for item in candidates
            ]
            means = [item.completion.mean_logprob for item in candidates]
            logprobs[row, :n] = [np.nan if mean is None else mean for mean in means]
            variants[row, :n] = [item.variant for item in candidates]
            ways[row, :n] = [item.way for item in candidates]
            states[row, :n] = [known.setdefault(features(item), len(known)) for item in candidates]
            first = {label: i for i, label in reversed(list(enumerate(classes))) if label >= 0}
            answers.append(tuple(candidates[first[label]].answer for label in sorted(first)))
        return cls(
            labels=labels,
            is_there=is_there,
            is_drawn=is_drawn,
            samples=samples,
            logprobs=logprobs,
            texts=texts,
            variants=variants,
            ways=ways,
            states=states,
            features=tuple(known),
            answers=tuple(answers),
        )

    def take(self, columns: Numbers) -> Ballots:
        """Some candidates of each problem, in an order of their own.

        Args:
            columns: Their places, -1 for padding; problems × how many are taken. Classes of equal
                answers keep their numbers.
        """
        import numpy as np

        taken = self._each(lambda part: np.take_along_axis(part, columns, axis=1))
        is_taken = columns >= 0
        return replace(
            taken,
            labels=np.where(is_taken, taken.labels, -1),
            is_there=taken.is_there & is_taken,
            is_drawn=taken.is_drawn & is_taken,
        )

    def only(self, rows: Sequence[int]) -> Ballots:
        """The candidates of some problems."""
        at = list(rows)
        answers = tuple(self.answers[row] for row in at)
        return replace(self._each(lambda part: part[at]), answers=answers)

    def _each(self, changed: Callable[[NDArray[Any]], NDArray[Any]]) -> Ballots:
        return replace(
            self,
            labels=changed(self.labels),
            is_there=changed(self.is_there),
            is_drawn=changed(self.is_drawn),
            samples=changed(self.samples),
            logprobs=changed(self.logprobs),
            texts=changed(self.texts),
            variants=changed(self.variants),
            ways=changed(self.ways),
            states=changed(self.states),
        )

    @property
    def without_failures(self) -> Ballots:
        """The same, as if each check that failed had passed."""
        failed, passed = f"={CheckState.FAILED.value}", f"={CheckState.PASSED.value}"
        features = [
            tuple(
                name.removesuffix(failed) + passed if name.endswith(failed) else name
                for name in names
            )
            for names in self.features
        ]
        return replace(self, features=tuple(features))

    @property
    def likelihoods(self) -> Array:
        """Mean log-probabilities, in which an unknown one is the worst."""
        import numpy as np

        return np.where(np.isnan(self.logprobs), -np.inf, self.logprobs)

    @property
    def classes(self) -> int:
        """Most classes of equal answers of one problem, those of samples left out included."""
        return max(1, int(self.labels.max(initial=-1)) + 1, *map(len, self.answers))

    def distinct(self) -> Marks:
        """The samples, but of those with one text, answer and wording the likeliest alone.

        Which of them it is then depends on no order.
        """
        kinds = self.variants, self.labels + 1, self.texts
        return _foremost(self.is_drawn, kinds, [self.likelihoods])

    def once(self, weights: Array) -> Marks:
        """The candidates, but of each sample and what it was written again as, one an answer.

        That is the heaviest, and of equals the likeliest. A sample so counts an answer once,
        however often the model stands by it when told that it is wrong. One that gives several
        answers counts each: the check that had it written again may err as well as the model, so
        the first answer is not taken back, and what a check says against it is in its weight. None
        is an answer like others here.

        Args:
            weights: Of each candidate; problems × candidates.
        """
        import numpy as np

        places = np.where(self.is_there, self.samples, -1 - np.arange(self.samples.shape[1]))
        # Most often nothing was written again.
        is_again = (np.diff(np.sort(places, axis=1), axis=1) == 0).any(axis=1)
        found = self.is_there.copy()
        kinds = self.samples[is_again], self.labels[is_again] + 1
        ranks = [weights[is_again], self.likelihoods[is_again]]
        found[is_again] = _foremost(found[is_again], kinds, ranks)
        return found


def _foremost(among: Marks, kinds: Sequence[Numbers], ranks: Sequence[Array]) -> Marks:
    """Of the marked that are of one kind, the one that ranks highest.

    Args:
        among: Which are marked; problems × candidates.
        kinds: Those of a problem in which all of these are the same are of one kind.
        ranks: Which is higher, by the first of these in which they differ, and then by place.
    """
    import numpy as np

    keys = np.broadcast_to(np.arange(len(among))[:, None], among.shape)
    for part in kinds:
        keys = keys * (int(part.max(initial=0)) + 1) + part
    keys = np.where(among, keys, -1).ravel()
    order = np.lexsort((*(-rank.ravel() for rank in reversed(ranks)), keys))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = np.diff(keys[order]) != 0
    chosen = np.zeros(len(order), dtype=bool)
    chosen[order[is_first]] = True
    return among & chosen.reshape(among.shape)
