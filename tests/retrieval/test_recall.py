"""Recall and mean reciprocal rank, worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from neurosym.backends.lean.messages import Position
from neurosym.errors import InputError, OptionError
from neurosym.retrieval.bm25 import BM25Index
from neurosym.retrieval.index import Scored
from neurosym.retrieval.leandojo import TracedTactic, TracedTheorem, UsedPremise
from neurosym.retrieval.premises import Corpus, Mask
from neurosym.retrieval.recall import measure_recall
from tests.retrieval.small import LISTS, LOGIC, NAT, OTHER, small_corpus

AND = UsedPremise("and_comm", LOGIC, Position(1, 8))
ADD = UsedPremise("Nat.add_comm", NAT, Position(3, 8))
MUL = UsedPremise("Nat.mul_comm", NAT, Position(7, 8))
APPEND = UsedPremise("List.length_append", LISTS, Position(2, 8))
HIDDEN = UsedPremise("Other.add_comm", OTHER, Position(1, 8))
GONE = UsedPremise("Nat.gone", NAT, Position(100, 8))


@dataclass
class InOrder:
    """Finds the accessible premises in the order of the corpus, whatever the goal."""

    corpus: Corpus

    async def search(self, query: str, k: int, accessible: Mask) -> list[Scored]:
        premises = enumerate(self.corpus.premises)
        return [Scored(i, item, -i) for i, item in premises if accessible[i]][:k]


def theorem(*uses: tuple[UsedPremise, ...], state: str = "⊢ True") -> TracedTheorem:
    tactics = tuple(TracedTactic("simp", state, "no goals", used) for used in uses)
    return TracedTheorem("List.foo", LISTS, Position(5, 0), tactics)


async def test_recall_is_the_mean_over_states_of_the_share_that_is_found(tmp_path: Path) -> None:
    # From there and_comm, Nat.add_comm, Nat.mul_comm and List.length_append are found, in order.
    index = InOrder(small_corpus(tmp_path))
    theorems = [theorem((AND, MUL), (MUL,), ()), theorem((APPEND, ADD, ADD), (GONE,))]
    found = await measure_recall(index, theorems, ks=(3, 1, 4))
    # Of the first k: {and, mul} 1/2, 1, 1; {mul} 0, 1, 1; {append, add} 0, 1/2, 1.
    assert found.at == {
        1: pytest.approx((1 / 2 + 0 + 0) / 3),
        3: pytest.approx((1 + 1 + 1 / 2) / 3),
        4: pytest.approx(1),
    }
    assert found.mrr == pytest.approx((1 + 1 / 3 + 1 / 2) / 3)
    assert (found.states, found.unlocated, found.inaccessible) == (3, 1, 0)


async def test_what_is_used_and_cannot_be_found_counts_as_not_found(tmp_path: Path) -> None:
    index = InOrder(small_corpus(tmp_path))
    found = await measure_recall(index, [theorem((HIDDEN,), (HIDDEN, AND))], ks=(4,))
    assert found.at == {4: pytest.approx((0 + 1 / 2) / 2)}
    assert found.mrr == pytest.approx((0 + 1) / 2)
    assert found.inaccessible == 2


async def test_beyond_the_depth_there_is_no_rank(tmp_path: Path) -> None:
    index = InOrder(small_corpus(tmp_path))
    found = await measure_recall(index, [theorem((MUL,))], ks=(2,), depth=2)
    assert (found.at, found.mrr) == ({2: 0}, 0)


async def test_an_index_of_words_is_measured_the_same_each_time(tmp_path: Path) -> None:
    index = BM25Index(small_corpus(tmp_path))
    theorems = [theorem((ADD,), state="n m : ℕ\n⊢ n + m = m + n"), theorem((ADD,), state="⊢ a * b")]
    found = await measure_recall(index, theorems, ks=(1,))
    # The goal with "*" has Nat.mul_comm first, and Nat.add_comm does not come before it.
    assert found.at[1] == 0.5
    assert 0.5 <= found.mrr < 1
    assert await measure_recall(index, theorems, ks=(1,)) == found


async def test_what_cannot_be_measured_is_refused(tmp_path: Path) -> None:
    index = InOrder(small_corpus(tmp_path))
    with pytest.raises(InputError, match="no tactic of these theorems"):
        await measure_recall(index, [theorem((), (GONE,))])
    with pytest.raises(InputError, match=r"no file 'Gone\.lean'"):
        await measure_recall(index, [TracedTheorem("a", "Gone.lean", Position(1, 0), ())])
    for ks in ((), (0, 1), (101,)):
        with pytest.raises(OptionError, match="depth is 100"):
            await measure_recall(index, [theorem((ADD,))], ks=ks)
