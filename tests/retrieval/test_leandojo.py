"""LeanDojo's files are read, and their faults named with the place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.backends.lean.messages import Position
from neurosym.errors import InputError
from neurosym.retrieval.leandojo import UsedPremise, read_corpus, read_theorems
from tests.retrieval.small import FILES, NAT, premise, write_corpus

TACTIC: dict[str, Any] = {
    "tactic": "rw [Nat.add_comm]",
    "annotated_tactic": [
        "rw [<a>Nat.add_comm</a>]",
        [
            {
                "full_name": "Nat.add_comm",
                "def_path": NAT,
                "def_pos": [3, 9],
                "def_end_pos": [3, 17],
            }
        ],
    ],
    "state_before": "n : ℕ\n⊢ n + 1 = 1 + n",
    "state_after": "no goals",
}
THEOREM: dict[str, Any] = {
    "url": "https://example.org/lib",
    "commit": "0" * 40,
    "file_path": "Lib/List.lean",
    "full_name": "List.foo",
    "start": [9, 1],
    "end": [12, 8],
    "traced_tactics": [TACTIC],
}


def test_a_premise_has_its_place_counted_as_lean_does(tmp_path: Path) -> None:
    corpus = read_corpus(write_corpus(tmp_path))
    first = corpus.premises[1]
    assert (first.name, first.path, first.kind) == ("Nat.add_comm", NAT, "commanddeclaration")
    assert (first.start, first.end) == (Position(3, 0), Position(5, 29))
    assert first.statement == "theorem add_comm (n m : ℕ) : n + m = m + n"


def test_modules_are_named_without_the_folders_of_packages(tmp_path: Path) -> None:
    paths = {
        "Mathlib/Order/Basic.lean": "Mathlib.Order.Basic",
        ".lake/packages/lean4/src/lean/Init/Core.lean": "Init.Core",
        ".lake/packages/batteries/Batteries/Data.lean": "Batteries.Data",
        "lake-packages/std/Std.lean": "Std",
    }
    files = [{"path": path, "imports": [], "premises": []} for path in paths]
    corpus = read_corpus(write_corpus(tmp_path, files))
    assert [file.module for file in corpus.files] == list(paths.values())


def test_declarations_without_a_name_or_text_are_left_out(tmp_path: Path) -> None:
    bad = [
        premise("user__.n1", "instance : Foo", 1, 1),
        premise("[A, B]", "mutual", 2, 2),
        premise("lost", "", 3, 3),
        {**premise("", "instance : Foo", 4, 4), "full_name": None},
        premise("kept", "theorem kept : True", 5, 5),
    ]
    corpus = read_corpus(write_corpus(tmp_path, [{"path": "A", "imports": [], "premises": bad}]))
    assert [known.name for known in corpus.premises] == ["kept"]


def test_blank_lines_are_passed(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n" + json.dumps(FILES[0]) + "\n\n")
    assert len(read_corpus(path).premises) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: it is not JSON"),
        ("[1]", "line 2: it is not a JSON object"),
        ('"\xff"', "line 2: it is not UTF-8 text"),
        ("[" * 100_000, "line 2: it is not JSON"),
        ('{"imports": [], "premises": []}', 'line 2: there is no text under "path"'),
        ('{"path": "A", "premises": []}', 'line 2: there is no list under "imports"'),
        ('{"path": "A", "imports": [1], "premises": []}', 'not everything under "imports"'),
        ('{"path": "A", "imports": [], "premises": [3]}', "line 2, premises 1: it is not a JSON"),
        (
            json.dumps({**FILES[0], "premises": [{**premise("a", "b", 1, 2), "end": [0, 1]}]}),
            'line 2, premises 1: there is no pair of positive integers under "end"',
        ),
        (
            json.dumps({**FILES[0], "premises": [premise("a", "b", 3, 2)]}),
            "line 2, premises 1: it ends before it begins",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(json.dumps(FILES[0]).encode() + b"\n" + line.encode("latin-1") + b"\n")
    with pytest.raises(InputError, match=message) as caught:
        read_corpus(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_theorems_come_with_the_premises_their_tactics_use(tmp_path: Path) -> None:
    path = tmp_path / "val.json"
    path.write_text(json.dumps([THEOREM, {**THEOREM, "traced_tactics": []}]))
    [theorem, bare] = read_theorems(path)
    assert (theorem.name, theorem.path, theorem.start) == (
        "List.foo",
        "Lib/List.lean",
        Position(9, 0),
    )
    [tactic] = theorem.tactics
    assert tactic.state_before.endswith("⊢ n + 1 = 1 + n")
    assert tactic.used == (UsedPremise("Nat.add_comm", NAT, Position(3, 8)),)
    assert bare.tactics == ()


def broken(**changes: Any) -> str:
    return json.dumps([THEOREM, {**THEOREM, "traced_tactics": [{**TACTIC, **changes}]}])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "it is not a JSON list"),
        ("[{]", "it is not JSON"),
        ("[{}]", 'theorem 1: there is no text under "full_name"'),
        (broken(tactic=None), 'theorem 2, traced_tactics 1: there is no text under "tactic"'),
        (broken(annotated_tactic=["rfl"]), "theorem 2, traced_tactics 1: under .annotated_tactic"),
        (
            broken(annotated_tactic=["x", [{"full_name": "a"}]]),
            'theorem 2, traced_tactics 1, premise 1: there is no text under "def_path"',
        ),
    ],
)
def test_bad_theorems_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "val.json"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_theorems(path)


@pytest.mark.parametrize("read", [read_corpus, read_theorems])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, read: Any) -> None:
    with pytest.raises(InputError, match=r"gone\.json cannot be read"):
        read(tmp_path / "gone.json")
