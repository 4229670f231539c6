"""Premises for the states of a proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosym.backends.lean.tactics import ProofState
from neurosym.errors import InputError, OptionError
from neurosym.formal.lean.theorem import Theorem, read_theorem
from neurosym.retrieval.bm25 import BM25Index
from neurosym.retrieval.dense import DenseIndex
from neurosym.retrieval.premises import Corpus
from neurosym.retrieval.retriever import PremiseRetriever, read_premises
from neurosym.strategies.model_proposer import Retriever
from tests.retrieval.small import FILES, WordHashes, names, premise, small_corpus, write_corpus

STATE = ProofState("x", ("n m : ℕ\n⊢ n + m = m + n", "⊢ a ∧ b ↔ b ∧ a"))
DUMP = [
    {"module": "Init", "imports": []},
    {"module": "Lib", "imports": ["Init"]},
    {"name": "Nat.add_comm", "type": "n + m = m + n", "module": "Init"},
    {"name": "Lib.and_comm", "type": "a ∧ b ↔ b ∧ a", "module": "Lib"},
]


def importing(*lines: str) -> Theorem:
    header = "".join(f"{line}\n" for line in lines)
    return read_theorem(f"{header}\ntheorem t (n m : ℕ) : n + m = m + n := by sorry\n")


def retriever(corpus: Corpus, k: int = 8) -> PremiseRetriever:
    return PremiseRetriever(BM25Index(corpus), k=k)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return small_corpus(tmp_path)


async def test_those_that_fit_the_first_goal_come_first(corpus: Corpus) -> None:
    found: Retriever = retriever(corpus)
    got = await found.retrieve(importing("import Lib.List"), STATE)
    assert got[0].name == "Nat.add_comm"
    assert len(got) <= 8
    [best] = await retriever(corpus, k=1).retrieve(importing("import Lib.List"), STATE)
    assert best == got[0]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["import Logic"], {"and_comm"}),
        (["import Logic", "import Lib.Other"], {"and_comm", "Other.add_comm"}),
        (["import Lib.Nat"], {"and_comm", "Nat.add_comm", "Nat.mul_comm"}),
        (["prelude", "public import Logic"], {"and_comm"}),
        ([], set()),
    ],
)
def test_a_theorem_may_use_what_it_imports(
    corpus: Corpus, lines: list[str], wanted: set[str]
) -> None:
    found = retriever(corpus)
    mask = found.accessible(importing(*lines))
    assert names(corpus, mask) == wanted
    assert found.accessible(importing(*lines)) is mask, "it is worked out once"


async def test_nothing_else_is_found(corpus: Corpus) -> None:
    # Only that of another module shares a word with the goal.
    state = ProofState("x", ("⊢ reverse",))
    assert await retriever(corpus).retrieve(importing("import Lib.Nat"), state) == []
    assert await retriever(corpus).retrieve(importing("import Lib.List"), state) != []


def test_an_import_that_the_corpus_has_not_is_named(corpus: Corpus) -> None:
    with pytest.raises(InputError, match="no module 'Mathlib'"):
        retriever(corpus).accessible(importing("import Mathlib"))


def test_what_is_imported_without_a_word_may_be_used_as_well(tmp_path: Path) -> None:
    path = tmp_path / "premises.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in DUMP))
    corpus = read_premises(path)
    found = retriever(corpus)
    assert names(corpus, found.accessible(importing())) == {"Nat.add_comm"}
    assert names(corpus, found.accessible(importing("prelude"))) == set()


def test_the_two_sorts_of_files_are_told_apart(tmp_path: Path) -> None:
    dojo = read_premises(write_corpus(tmp_path))
    assert [file.path for file in dojo.files] == [file["path"] for file in FILES]
    for lines in (DUMP, DUMP[::-1]):
        path = tmp_path / "any name"
        path.write_text("\n" + "".join(json.dumps(line) + "\n" for line in lines))
        assert {file.module for file in read_premises(path).files} == {"Init", "Lib"}


@pytest.mark.parametrize("text", ["", "\n", '{"name": "x"}\n', "theorem t : True\n", "[]\n"])
def test_a_file_that_holds_no_premises_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(InputError, match=str(path)):
        read_premises(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_premises(tmp_path / "none")


def test_at_least_one_is_asked_for(corpus: Corpus) -> None:
    with pytest.raises(OptionError):
        retriever(corpus, k=0)


async def test_its_identity_tells_apart_what_finds_other_premises(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    more = [*FILES[:-1], {**FILES[-1], "premises": [premise("x", "theorem x : n = m", 1, 2)]}]
    unlike = [*FILES[:-1], {**FILES[-1], "imports": ["Logic.lean"]}]
    dense = await DenseIndex.build(corpus, WordHashes())
    found = [
        retriever(corpus),
        retriever(corpus, k=3),
        PremiseRetriever(dense, name=WordHashes().identity),
        *(retriever(small_corpus_of(tmp_path, files)) for files in (more, unlike)),
    ]
    assert len({item.identity for item in found}) == len(found)
    assert retriever(small_corpus(tmp_path)).identity == found[0].identity


def small_corpus_of(folder: Path, files: list[dict[str, object]]) -> Corpus:
    return read_premises(write_corpus(folder, files))
