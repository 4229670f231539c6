"""Premises by the words they share with a goal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from neurosym.backends.lean.messages import Position
from neurosym.errors import InputError, OptionError
from neurosym.retrieval.bm25 import BM25Index, tokenize
from neurosym.retrieval.premises import Corpus, Premise, SourceFile
from tests.retrieval.small import LISTS, OTHER, found, small_corpus


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("MulAction.one_smul", "mul action one smul"),
        ("HTTPServer isUnit", "http server is unit"),
        ("h₁ : x2 ≤ ⌊-y⌋", "h₁ : x 2 ≤ ⌊ - y ⌋"),
        ("(a, b) := ⟨_, {c}⟩", "a b := c"),
        ("inst✝ «my name» ℕ →ₗ[R] M", "inst my name ℕ → ₗ r m"),
        ("a ++ b ∈ s ∪ tᶜ", "a ++ b ∈ s ∪ tᶜ"),
        ("", ""),
    ],
)
def test_identifiers_fall_apart_and_signs_are_kept(text: str, tokens: str) -> None:
    assert tokenize(text) == tokens.split()


async def test_the_premise_that_shares_the_rare_words_comes_first(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = BM25Index(corpus)
    everything = np.ones(len(corpus.premises), np.bool_)
    results = await index.search("⊢ a.reverse.length = b.length", 3, everything)
    assert found(results)[0] == "List.length_reverse"
    assert [scored.score for scored in results] == sorted(
        (scored.score for scored in results), reverse=True
    )
    assert all(corpus.premises[scored.place] is scored.premise for scored in results)


async def test_what_is_not_accessible_takes_no_place(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = BM25Index(corpus)
    goal = "n m : ℕ\n⊢ n + m = m + n"
    from_lists = corpus.accessible(LISTS, Position(1, 0))
    everything = np.ones(len(corpus.premises), np.bool_)
    assert set(found(await index.search(goal, 2, everything))) == {
        "Nat.add_comm",
        "Other.add_comm",
    }
    assert found(await index.search(goal, 2, from_lists)) == ["Nat.add_comm", "Nat.mul_comm"]
    assert await index.search(goal, 2, corpus.accessible(OTHER, Position(1, 0))) == []


async def test_a_word_counts_as_often_as_the_goal_has_it(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = BM25Index(corpus)
    everything = np.ones(len(corpus.premises), np.bool_)
    [once] = await index.search("mul", 9, everything)
    [thrice] = await index.search("mul mul Mul", 9, everything)
    assert thrice.score == pytest.approx(3 * once.score)


async def test_what_shares_no_word_is_not_found(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = BM25Index(corpus)
    everything = np.ones(len(corpus.premises), np.bool_)
    assert await index.search("Topology.Compact", 9, everything) == []
    assert await index.search("", 9, everything) == []
    assert found(await index.search("mul", 9, everything)) == ["Nat.mul_comm"]


async def test_equals_come_in_the_order_of_the_corpus() -> None:
    alike = tuple(Premise("same", "1 = 1", "A", None, None) for _ in range(5))
    other = Premise("other", "2 = 2", "A", None, None)
    index = BM25Index(Corpus([SourceFile("A", "A", (), (other, *alike))]))
    mask = index.corpus.imported(["A"])
    assert [scored.place for scored in await index.search("same", 3, mask)] == [1, 2, 3]
    mask[2] = False
    assert [scored.place for scored in await index.search("same", 3, mask)] == [1, 3, 4]


@pytest.mark.parametrize("premises", [(), (Premise("", "()", "A", None, None),)])
async def test_a_corpus_without_words_has_nothing(premises: tuple[Premise, ...]) -> None:
    index = BM25Index(Corpus([SourceFile("A", "A", (), premises)]))
    assert await index.search("goal", 3, index.corpus.imported(["A"])) == []


async def test_impossible_searches_are_refused(tmp_path: Path) -> None:
    index = BM25Index(small_corpus(tmp_path))
    with pytest.raises(OptionError, match="k is 0"):
        await index.search("goal", 0, np.ones(7, np.bool_))
    with pytest.raises(InputError, match="another corpus"):
        await index.search("goal", 1, np.ones(6, np.bool_))
    with pytest.raises(InputError, match="another corpus"):
        await index.search("goal", 1, np.ones(7))  # type: ignore[arg-type]
