"""Dumps of an environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.backends.lean.messages import Position
from neurosym.errors import InputError
from neurosym.retrieval.environment import DUMP_PROGRAM, read_environment
from tests.retrieval.small import names

LINES: list[dict[str, Any]] = [
    {"name": "B.two", "type": "2 = 2", "module": "Lib.B", "line": 7, "last_line": 9},
    {"module": "Lib.A", "imports": []},
    {"module": "Lib.B", "imports": ["Lib.A"]},
    {"name": "A.one", "type": "1 = 1", "module": "Lib.A", "kind": "theorem"},
    {"name": "B.three", "type": "3 = 3", "module": "Lib.B", "line": 11},
]


def write(folder: Path, lines: list[dict[str, Any]]) -> Path:
    path = folder / "premises.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_modules_and_lines_say_what_is_accessible(tmp_path: Path) -> None:
    corpus = read_environment(write(tmp_path, LINES))
    assert names(corpus, corpus.accessible("Lib.A", Position(999, 0))) == set()
    assert names(corpus, corpus.accessible("Lib.B", Position(9, 50))) == {"A.one"}
    assert names(corpus, corpus.accessible("Lib.B", Position(11, 0))) == {"A.one", "B.two"}
    assert names(corpus, corpus.accessible("Lib.B", Position(12, 0))) == {
        "A.one",
        "B.two",
        "B.three",
    }
    assert names(corpus, corpus.imported(["Lib.A"])) == {"A.one"}
    [one] = [premise for premise in corpus.premises if premise.name == "A.one"]
    assert (one.statement, one.kind, one.start) == ("1 = 1", "theorem", None)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"name": "a", "type": "b"}, 'line 6: there is no text under "module"'),
        ({"name": "a", "module": "Lib.A"}, 'line 6: there is no text under "type"'),
        ({"module": "Lib.C", "imports": "Lib.A"}, 'line 6: there is no list under "imports"'),
        ({"name": "a", "type": "b", "module": "Gone"}, "line 6: no line tells what"),
        ({"name": "a", "type": "b", "module": "Lib.A", "line": True}, 'integer under "line"'),
        ({**LINES[0], "last_line": 6}, "line 6: it ends before it begins"),
        ({"module": "Lib.C", "imports": ["Gone"]}, r"Lib\.C imports Gone"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_environment(write(tmp_path, [*LINES, line]))


def test_the_program_writes_the_fields_that_are_read() -> None:
    for field in ("module", "imports", "name", "type", "kind", "line", "last_line"):
        assert f'("{field}", ' in DUMP_PROGRAM
