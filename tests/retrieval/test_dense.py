"""Premises by the nearness of their embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from neurosym.backends.lean.messages import Position
from neurosym.errors import EngineError, InputError, OptionError
from neurosym.retrieval import dense
from neurosym.retrieval.dense import DenseIndex
from neurosym.retrieval.leandojo import read_corpus
from neurosym.retrieval.premises import Corpus, Premise, SourceFile
from tests.retrieval.small import FILES, LISTS, WordHashes, found, small_corpus, write_corpus

GOAL = "n m : ℕ\n⊢ n + m = m + n"


async def test_the_nearest_accessible_premises_are_found(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = await DenseIndex.build(corpus, WordHashes(), batch=3)
    everything = np.ones(len(corpus.premises), np.bool_)
    first = found(await index.search(GOAL, 2, everything))
    assert set(first) == {"Nat.add_comm", "Other.add_comm"}
    mask = corpus.accessible(LISTS, Position(1, 0))
    assert found(await index.search(GOAL, 2, mask)) == ["Nat.add_comm", "Nat.mul_comm"]
    assert len(await index.search(GOAL, 99, mask)) == 3
    assert await index.search(GOAL, 1, ~everything) == []


async def test_scores_are_cosines(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = await DenseIndex.build(corpus, WordHashes())
    mask = np.ones(len(corpus.premises), np.bool_)
    results = await index.search(corpus.premises[2].text, 99, mask)
    assert (results[0].place, results[0].score) == (2, pytest.approx(1, abs=1e-5))
    assert all(0 <= scored.score < 1 for scored in results[1:])


async def test_parts_do_not_show_in_what_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = small_corpus(tmp_path)
    index = await DenseIndex.build(corpus, WordHashes())
    mask = np.ones(len(corpus.premises), np.bool_)
    whole = await index.search(GOAL, 5, mask)
    monkeypatch.setattr(dense, "_ROWS", 2)
    assert found(await index.search(GOAL, 5, mask)) == found(whole)


async def test_premises_are_embedded_in_batches(tmp_path: Path) -> None:
    embedder = WordHashes()
    await DenseIndex.build(small_corpus(tmp_path), embedder, batch=3)
    assert embedder.batches == [3, 3, 1]
    with pytest.raises(OptionError, match="batch is 0"):
        await DenseIndex.build(small_corpus(tmp_path), embedder, batch=0)


async def test_a_text_without_a_vector_is_near_to_nothing() -> None:
    premises = (Premise("", "()", "A", None, None), Premise("a", "a", "A", None, None))
    corpus = Corpus([SourceFile("A", "A", (), premises)])
    index = await DenseIndex.build(corpus, WordHashes())
    [first, last] = await index.search("a", 2, corpus.imported(["A"]))
    assert (first.place, last.place, last.score) == (1, 0, 0)


async def test_an_empty_corpus_has_nothing(tmp_path: Path) -> None:
    corpus = Corpus([])
    index = await DenseIndex.build(corpus, WordHashes())
    index.save(tmp_path / "index.npz")
    again = DenseIndex.load(tmp_path / "index.npz", corpus, WordHashes())
    assert await again.search(GOAL, 3, corpus.imported([])) == []


async def test_what_was_saved_finds_the_same_without_embedding_again(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    path = tmp_path / "index.npz"
    index = await DenseIndex.build(corpus, WordHashes())
    index.save(path)
    embedder = WordHashes()
    loaded = DenseIndex.load(path, small_corpus(tmp_path), embedder)
    assert embedder.batches == []
    mask = np.ones(len(corpus.premises), np.bool_)
    assert await loaded.search(GOAL, 9, mask) == await index.search(GOAL, 9, mask)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["corpus.jsonl", "index.npz"]


async def test_an_index_of_other_premises_or_another_embedder_is_refused(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    path = tmp_path / "index.npz"
    (await DenseIndex.build(corpus, WordHashes())).save(path)
    with pytest.raises(InputError, match="another corpus or with another embedder"):
        DenseIndex.load(path, corpus, WordHashes(identity="newer"))
    [first, *rest] = FILES
    [premise] = first["premises"]
    changed = {**first, "premises": [{**premise, "code": "theorem and_comm : b ∧ a ↔ a ∧ b"}]}
    other = read_corpus(write_corpus(tmp_path, [changed, *rest]))
    with pytest.raises(InputError, match="another corpus or with another embedder"):
        DenseIndex.load(path, other, WordHashes())


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
async def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no index"):
        DenseIndex.load(path, small_corpus(tmp_path), WordHashes())


async def test_an_index_that_lacks_parts_is_refused(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    whole = tmp_path / "whole.npz"
    (await DenseIndex.build(corpus, WordHashes())).save(whole)
    with np.load(whole) as found_there:
        digest, vectors = found_there["digest"], found_there["vectors"]
    path = tmp_path / "index.npz"
    np.savez(path, vectors=vectors)
    with pytest.raises(InputError, match="is no index"):
        DenseIndex.load(path, corpus, WordHashes())
    np.savez(path, digest=digest, vectors=vectors[1:])
    with pytest.raises(InputError, match="is damaged"):
        DenseIndex.load(path, corpus, WordHashes())
    with path.open("wb") as file:
        np.save(file, vectors)
    with pytest.raises(InputError, match="is no index"):
        DenseIndex.load(path, corpus, WordHashes())


async def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    index = await DenseIndex.build(corpus, WordHashes())
    with pytest.raises(InputError, match="cannot be read"):
        DenseIndex.load(tmp_path / "gone.npz", corpus, WordHashes())
    with pytest.raises(InputError, match="cannot be written"):
        index.save(tmp_path / "gone" / "index.npz")


class Broken(WordHashes):
    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = await super().embed(texts)
        vectors[0, 0] = np.nan
        return vectors


class Short(WordHashes):
    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return (await super().embed(texts))[1:]


@pytest.mark.parametrize("embedder", [Broken(), Short()])
async def test_what_is_no_vector_is_refused(tmp_path: Path, embedder: WordHashes) -> None:
    with pytest.raises(EngineError, match="no vectors for 7 texts"):
        await DenseIndex.build(small_corpus(tmp_path), embedder)


async def test_vectors_of_other_lengths_are_refused(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    embedder = WordHashes()
    index = await DenseIndex.build(corpus, embedder)
    embedder.size = 32
    with pytest.raises(EngineError, match="another length"):
        await index.search(GOAL, 1, np.ones(len(corpus.premises), np.bool_))
