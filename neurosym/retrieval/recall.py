"""How many of the premises that proofs use an index finds.

Recall and mean reciprocal rank as in Yang et al., LeanDojo (2023, arXiv:2306.15626), section 6:
over the states of proofs whose next tactic names premises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from neurosym.errors import InputError, OptionError
from neurosym.retrieval.index import PremiseIndex
from neurosym.retrieval.leandojo import TracedTactic, TracedTheorem
from neurosym.retrieval.premises import Corpus, Mask

__all__ = ["Recall", "measure_recall"]


@dataclass(frozen=True, slots=True)
class Recall:
    """How well an index finds the premises that tactics use.

    Attributes:
        at: For each k the share of a tactic's premises that are among the first k found, as the
            mean over tactics.
        mrr: The mean over tactics of 1 / the rank of the first premise found that is used; 0
            where none is found.
        states: The tactics that this is of: those that use a premise of the corpus.
        unlocated: Uses of premises that the corpus has not. They count nowhere.
        inaccessible: Tactics' premises that their theorems have no access to, as far as the corpus
            tells. They count as not found.
    """

    at: Mapping[int, float]
    mrr: float
    states: int
    unlocated: int
    inaccessible: int


async def measure_recall(
    index: PremiseIndex,
    theorems: Iterable[TracedTheorem],
    *,
    ks: Collection[int] = (1, 10),
    depth: int = 100,
) -> Recall:
    """Search for each state of each proof, and compare with the premises of its next tactic.

    Args:
        index: What finds premises.
        theorems: Theorems of files of the index's corpus.
        ks: For how many premises to tell the recall.
        depth: Premises to find for a state; one that is used and comes later has no rank.

    Raises:
        OptionError: No k is given, one is less than 1, or more than ``depth``.
        InputError: A theorem's file is not in the corpus, or no tactic uses a premise of it.
        EngineError: A model that the index asks could not be run.
    """
    if not ks or min(ks) < 1 or max(ks) > depth:
        raise OptionError(
            f"ks are {sorted(ks)} and depth is {depth}", hint="Give ks from 1 up to depth."
        )
    shares: dict[int, list[float]] = {k: [] for k in sorted(set(ks))}
    reciprocals: list[float] = []
    unlocated = inaccessible = 0
    for theorem in theorems:
        accessible = index.corpus.accessible(theorem.path, theorem.start)
        for tactic in theorem.tactics:
            used, missing = _used(index.corpus, tactic)
            unlocated += missing
            if not used:
                continue
            inaccessible += sum(1 for place in used if not accessible[place])
            hits = await _hits(index, tactic, used, depth, accessible)
            for k, of_k in shares.items():
                of_k.append(sum(hits[:k]) / len(used))
            reciprocals.append(1 / (hits.index(True) + 1) if True in hits else 0.0)
    if not reciprocals:
        raise InputError(
            "no tactic of these theorems uses a premise of the corpus",
            hint="Take theorems and corpus of one release of the data.",
        )
    states = len(reciprocals)
    at = {k: sum(of_k) / states for k, of_k in shares.items()}
    return Recall(at, sum(reciprocals) / states, states, unlocated, inaccessible)


async def _hits(
    index: PremiseIndex, tactic: TracedTactic, used: set[int], depth: int, accessible: Mask
) -> list[bool]:
    """For each premise found, whether the tactic uses it."""
    found = await index.search(tactic.state_before, depth, accessible)
    return [scored.place in used for scored in found]


def _used(corpus: Corpus, tactic: TracedTactic) -> tuple[set[int], int]:
    """Places of the premises that a tactic uses, and how many the corpus has not."""
    places = [corpus.locate(premise.path, premise.position) for premise in tactic.used]
    return {place for place in places if place is not None}, places.count(None)
