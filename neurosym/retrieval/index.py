"""What all indexes of premises have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from neurosym.errors import InputError, OptionError
from neurosym.retrieval.premises import Corpus, Mask, Premise

__all__ = ["PremiseIndex", "Scored", "best", "candidates"]

Number = TypeVar("Number", np.float32, np.float64)


@dataclass(frozen=True, slots=True)
class Scored:
    """A premise that was found.

    Attributes:
        place: Its place among the premises of the corpus.
        premise: The premise.
        score: How well it fits; more is better, and only scores of one search compare.
    """

    place: int
    premise: Premise
    score: float


class PremiseIndex(Protocol):
    """Finds premises that fit a goal. Searches may be made concurrently."""

    @property
    def corpus(self) -> Corpus:
        """The premises it searches."""
        ...

    async def search(self, query: str, k: int, accessible: Mask) -> list[Scored]:
        """The accessible premises that fit best, best first; of equals, the first of the corpus.

        Args:
            query: What to look for, such as a goal as Lean prints it.
            k: How many to find at most.
            accessible: Among which; see :meth:`neurosym.retrieval.premises.Corpus.accessible`.

        Raises:
            OptionError: ``k`` is less than 1.
            InputError: The mask is none of this corpus.
            EngineError: A model that the index asks could not be run.
        """
        ...


def candidates(corpus: Corpus, k: int, accessible: Mask) -> NDArray[np.intp]:
    """The places of the premises among which to search.

    Raises:
        OptionError: ``k`` is less than 1.
        InputError: The mask is none of this corpus.
    """
    if k < 1:
        raise OptionError(f"k is {k}", hint="Ask for at least one premise.")
    if accessible.dtype != np.bool_ or accessible.shape != (len(corpus.premises),):
        raise InputError(
            "the mask of accessible premises is of another corpus",
            hint="Take one of Corpus.accessible or Corpus.imported of the index's corpus.",
        )
    return np.flatnonzero(accessible)


def best(corpus: Corpus, places: NDArray[np.intp], scores: NDArray[Number], k: int) -> list[Scored]:
    """The best ``k`` of some premises, best first; of equals, the first of the corpus.

    Args:
        corpus: What the premises are of.
        places: Their places there, ascending.
        scores: Their scores.
        k: How many to give at most.
    """
    if k < len(scores):
        # Those that tie with the last one stay in, for the stable sort to choose among them.
        chosen = scores >= np.partition(scores, len(scores) - k)[len(scores) - k]
        places, scores = places[chosen], scores[chosen]
    order = np.argsort(-scores, kind="stable")[:k]
    return [Scored(int(places[i]), corpus.premises[places[i]], float(scores[i])) for i in order]
