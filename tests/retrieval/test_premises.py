"""What is accessible from where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from neurosym.backends.lean.messages import Position
from neurosym.errors import InputError
from neurosym.retrieval.premises import Corpus, Premise, SourceFile
from tests.retrieval.small import LISTS, LOGIC, NAT, OTHER, names, small_corpus


def file(path: str, *imports: str) -> SourceFile:
    place = Position(1, 0)
    return SourceFile(path, path, imports, (Premise(f"in {path}", "", path, place, place),))


def test_imported_files_count_whole_and_the_own_file_up_to_the_place(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    imported = {"and_comm", "Nat.add_comm", "Nat.mul_comm"}
    assert names(corpus, corpus.accessible(LISTS, Position(1, 0))) == imported
    assert names(corpus, corpus.accessible(LISTS, Position(6, 0))) == {
        *imported,
        "List.length_append",
    }
    assert names(corpus, corpus.accessible(LISTS, Position(99, 0))) == {
        *imported,
        "List.length_append",
        "List.reverse_reverse",
        "List.length_reverse",
    }
    assert names(corpus, corpus.accessible(OTHER, Position(1, 0))) == set()


def test_a_theorem_is_accessible_behind_its_last_character_only(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    assert "Nat.add_comm" not in names(corpus, corpus.accessible(NAT, Position(3, 0)))
    assert "Nat.add_comm" not in names(corpus, corpus.accessible(NAT, Position(5, 28)))
    assert "Nat.add_comm" in names(corpus, corpus.accessible(NAT, Position(5, 29)))


def test_a_new_file_sees_the_modules_it_imports_and_what_they_import(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    assert names(corpus, corpus.imported(["Lib.Nat"])) == {
        "and_comm",
        "Nat.add_comm",
        "Nat.mul_comm",
    }
    assert names(corpus, corpus.imported(["Logic", "Lib.Other"])) == {"and_comm", "Other.add_comm"}
    assert names(corpus, corpus.imported([])) == set()


def test_where_a_premise_ends_unknown_it_is_inaccessible_in_its_own_file() -> None:
    lost = Premise("lost", "", "A", None, None)
    corpus = Corpus([SourceFile("A", "A", (), (lost,)), file("B", "A")])
    assert names(corpus, corpus.accessible("A", Position(10**9, 0))) == set()
    assert names(corpus, corpus.accessible("B", Position(1, 0))) == {"lost", "in B"}


def test_files_may_come_in_any_order_and_more_than_a_byte_of_them() -> None:
    chain = [file(f"F{number}", *([f"F{number + 1}"] * (number < 19))) for number in range(20)]
    corpus = Corpus(chain)
    for number in range(20):
        mask = corpus.accessible(f"F{number}", Position(0, 0))
        assert np.flatnonzero(mask).tolist() == list(range(number + 1, 20))


def test_a_premise_is_located_by_a_position_in_it(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    place = corpus.locate(NAT, Position(7, 8))
    assert place is not None
    assert corpus.premises[place].name == "Nat.mul_comm"
    assert corpus.locate(NAT, Position(6, 0)) is None
    assert corpus.locate("Nowhere.lean", Position(1, 0)) is None


def test_an_empty_corpus_has_nothing() -> None:
    assert Corpus([]).imported([]).tolist() == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([file("A", "B"), file("B", "C"), file("C", "B")], r"([BC]) imports [BC] imports \1$"),
        ([file("A", "A")], "A imports A"),
        ([file("A"), file("B"), file("A")], "two files 'A'"),
        ([file("A", "Gone")], "A imports Gone, which the corpus has not"),
    ],
    ids=["circle", "itself", "twice", "missing"],
)
def test_files_that_fit_no_corpus_are_named(files: list[SourceFile], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Corpus(files)
    assert caught.value.hint


def test_files_and_modules_that_are_not_there_are_named(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    with pytest.raises(InputError, match=r"no file 'Gone\.lean'"):
        corpus.accessible("Gone.lean", Position(1, 0))
    with pytest.raises(InputError, match=r"no module 'Lib\.Gone'"):
        corpus.imported(["Logic", "Lib.Gone"])
    assert [known.path for known in corpus.files] == [LOGIC, NAT, LISTS, OTHER]
